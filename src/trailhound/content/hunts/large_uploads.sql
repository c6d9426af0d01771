-- title: Much data out to one address
-- why: Sums of bytes by host and destination, the largest first. Backups and cloud storage are the
-- usual innocent ones.
SELECT src_endpoint_ip AS host, dst_endpoint_ip AS destination, dst_endpoint_port AS port,
       sum(traffic_bytes_out) AS bytes_out, count(*) AS connections,
       utc(min(time)) AS first, utc(max(time)) AS last
FROM network_activity
WHERE traffic_bytes_out IS NOT NULL
  AND NOT regexp_matches(dst_endpoint_ip, '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|127\.|fe80|fd)')
GROUP BY ALL HAVING sum(traffic_bytes_out) >= 10000000 ORDER BY bytes_out DESC
