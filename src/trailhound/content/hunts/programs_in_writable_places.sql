-- title: Programs started from places every user can write to
-- why: Downloads, temporary folders, public profiles and recycle bins hold what was not installed.
SELECT process_file_path AS program, count(*) AS starts, count(DISTINCT device_hostname) AS hosts,
       count(DISTINCT actor_user_name) AS users, utc(min(time)) AS first, utc(max(time)) AS last,
       any_value(process_parent_process_file_path) AS parent, any_value(process_cmd_line) AS example
FROM process_activity
WHERE regexp_matches(lower(process_file_path),
  '\\(temp|tmp|downloads|public|perflogs|\$recycle\.bin|programdata)\\|^/(tmp|var/tmp|dev/shm)/')
GROUP BY program ORDER BY hosts, starts, program
