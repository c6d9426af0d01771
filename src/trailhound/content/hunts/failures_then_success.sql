-- title: Log-ins that succeed after many failures
-- why: A guessed password looks so; so does a person after a holiday. The number of accounts tried
-- from the address decides.
WITH tries AS (
  SELECT src_endpoint_ip AS address, user_name AS account,
         count(*) FILTER (WHERE status = 'Failure') AS failures,
         min(time) FILTER (WHERE status = 'Success') AS success,
         max(time) FILTER (WHERE status = 'Failure') AS last_failure
  FROM authentication WHERE src_endpoint_ip IS NOT NULL GROUP BY address, account)
SELECT address, account, failures, utc(last_failure) AS last_failure, utc(success) AS success,
       (SELECT count(DISTINCT account) FROM tries other WHERE other.address = tries.address) AS accounts_tried
FROM tries WHERE failures >= 5 AND success IS NOT NULL
ORDER BY accounts_tried DESC, failures DESC
