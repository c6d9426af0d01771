-- title: Log-ins at night and at weekends
-- why: Between 22 and 5 o'clock UTC, or on Saturday and Sunday: adapt the hours to where people
-- work.
SELECT user_name AS account, device_hostname AS host, src_endpoint_ip AS address, count(*) AS logons,
       utc(min(time)) AS first, utc(max(time)) AS last
FROM authentication
WHERE status = 'Success' AND user_name NOT LIKE '%$' AND user_name IS NOT NULL
  AND (hour(utc(time)) >= 22 OR hour(utc(time)) < 5 OR isodow(utc(time)) >= 6)
GROUP BY ALL ORDER BY logons DESC, account
