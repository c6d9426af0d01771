-- title: Cloud actions an account did for the first time on the last day
-- why: New abilities show in new actions.
WITH days AS (SELECT max(time) AS last FROM api_activity)
SELECT actor_user_name AS who, activity_name AS action, count(*) AS calls, any_value(src_endpoint_ip) AS "from",
       utc(min(time)) AS first
FROM api_activity, days
WHERE actor_user_name IS NOT NULL
GROUP BY who, action, days.last HAVING min(time) > days.last - 86400000000
ORDER BY who, first
