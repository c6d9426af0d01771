-- title: Connections in a steady rhythm
-- why: The spread of the pauses between connections of one host to one address, small against
-- their mean: beacons, and every updater.
WITH pauses AS (
  SELECT src_endpoint_ip AS host, dst_endpoint_ip AS destination, dst_endpoint_port AS port, time,
         (time - lag(time) OVER (PARTITION BY src_endpoint_ip, dst_endpoint_ip, dst_endpoint_port ORDER BY time)) / 1e6 AS pause
  FROM network_activity WHERE time IS NOT NULL)
SELECT host, destination, port, count(*) AS connections, round(avg(pause)) AS seconds,
       round(stddev(pause) / avg(pause), 3) AS spread, utc(min(time)) AS first, utc(max(time)) AS last
FROM pauses WHERE pause > 0 GROUP BY host, destination, port
HAVING count(*) >= 20 AND avg(pause) >= 5 AND stddev(pause) / avg(pause) < 0.3
ORDER BY spread
