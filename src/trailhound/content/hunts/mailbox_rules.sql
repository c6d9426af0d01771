-- title: Mailbox rules, forwards and permissions
-- why: What keeps an intruder in a mailbox, and hides the answers.
SELECT utc(time) AS time, actor_user_name AS who, mailbox, activity_name AS action, email_rule AS rule,
       src_endpoint_ip AS "from", client
FROM mailbox_activity
WHERE (email_rule IS NOT NULL OR regexp_matches(lower(activity_name), 'rule|forward|permission|delegate'))
  AND COALESCE(actor_user_name, '') <> 'SYSTEM'
ORDER BY time
