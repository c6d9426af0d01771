-- title: Registry values that start programs
-- why: Run keys, services, Winlogon, image hijacks, accessibility tools.
SELECT utc(time) AS time, device_hostname AS host, actor_user_name AS who,
       actor_process_file_path AS by_program, reg_key_path AS key, reg_value_data AS value
FROM registry_activity
WHERE regexp_matches(lower(reg_key_path),
  'currentversion\\(run|runonce|policies\\explorer\\run)|image file execution options|winlogon\\(shell|userinit|notify)|silentprocessexit|appinit_dlls|\\services\\[^\\]+\\(imagepath|parameters\\servicedll)')
ORDER BY time
