-- title: Archives that were made, and tools that make them
-- why: What is packed is about to leave.
SELECT utc(time) AS time, device_hostname AS host, actor_user_name AS who, file_path AS what, NULL AS command
FROM file_activity
WHERE regexp_matches(lower(COALESCE(file_path, file_name)), '\.(zip|7z|rar|tar|gz|tgz|cab|iso|vhdx?)$')
  AND regexp_matches(lower(activity_name), 'create|upload|rename|write')
UNION ALL
SELECT utc(time), device_hostname, actor_user_name, process_file_path, process_cmd_line
FROM process_activity
WHERE regexp_matches(lower(process_cmd_line), '(rar|7z[a]?|winzip)(\.exe)?"? +a |compress-archive|tar +-?c[a-z]*f')
ORDER BY time
