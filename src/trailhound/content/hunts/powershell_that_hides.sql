-- title: PowerShell that hides what it does
-- why: Encoded commands, downloads, reflection, long single words; what is run once comes first.
SELECT left(text, 300) AS text, count(*) AS times, count(DISTINCT host) AS hosts,
       any_value(host) AS host, any_value(who) AS who, utc(min(time)) AS first
FROM (
  SELECT time, device_hostname AS host, actor_user_name AS who, process_cmd_line AS text FROM process_activity
  UNION ALL
  SELECT time, device_hostname, actor_user_name, script_content FROM script_activity)
WHERE regexp_matches(lower(text),
  ' -e(nc|ncodedcommand|c)? +[a-z0-9+/=]{40}|frombase64string|downloadstring|downloadfile|invoke-expression|\biex\b|reflection\.assembly')
GROUP BY left(text, 300) ORDER BY times, hosts, first
