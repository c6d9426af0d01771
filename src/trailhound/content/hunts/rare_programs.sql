-- title: Programs that run on one host only
-- why: Intruders bring tools nobody else has. Look for names that imitate system programs and for
-- paths users can write to.
SELECT process_file_path AS program, count(*) AS starts, count(DISTINCT actor_user_name) AS users,
       any_value(device_hostname) AS host, utc(min(time)) AS first, any_value(process_cmd_line) AS example
FROM process_activity
WHERE process_file_path IS NOT NULL AND activity_name = 'Launch'
GROUP BY program HAVING count(DISTINCT device_hostname) = 1 AND count(*) <= 3
ORDER BY first DESC
