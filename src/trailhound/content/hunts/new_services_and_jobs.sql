-- title: Services, drivers and scheduled jobs, the rarest first
-- why: Persistence that survives a restart; what one host alone has deserves a look.
SELECT kind, name, command, count(*) AS events, count(DISTINCT host) AS hosts, any_value(host) AS host,
       utc(min(time)) AS first, utc(max(time)) AS last
FROM (
  SELECT 'service' AS kind, service_name AS name, service_cmd_line AS command, device_hostname AS host, time
  FROM service_activity
  UNION ALL
  SELECT 'scheduled job', job_name, job_cmd_line, device_hostname, time FROM scheduled_job_activity)
GROUP BY kind, name, command ORDER BY hosts, events, first, name
