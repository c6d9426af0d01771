-- title: Who was given privileges
-- why: Members added to groups and roles.
SELECT utc(time) AS time, actor_user_name AS by_whom, activity_name AS action, group_name AS "group",
       user_name AS member, src_endpoint_ip AS "from", metadata_product_name AS product
FROM group_management ORDER BY time
