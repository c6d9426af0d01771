-- title: Programs started by office applications, readers and browsers
-- why: A document that starts an interpreter is the classic first step.
SELECT utc(time) AS time, device_hostname AS host, actor_user_name AS who,
       process_parent_process_file_path AS parent, process_file_path AS program, process_cmd_line AS command
FROM process_activity
WHERE regexp_matches(lower(process_parent_process_file_path),
  '(winword|excel|powerpnt|outlook|onenote|acrord32|acrobat|mspub|visio)\.exe$')
  AND NOT regexp_matches(lower(process_file_path), '(splwow64|werfault|ai|msedgewebview2)\.exe$')
ORDER BY time
