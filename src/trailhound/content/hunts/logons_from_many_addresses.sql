-- title: Accounts that log in from many addresses
-- why: One person has few places. Many addresses in a short time are a shared or a stolen account.
SELECT user_name AS account, count(DISTINCT src_endpoint_ip) AS addresses, count(*) AS logons,
       string_agg(DISTINCT src_endpoint_location_country, ', ') AS countries,
       utc(min(time)) AS first, utc(max(time)) AS last
FROM authentication
WHERE status = 'Success' AND src_endpoint_ip IS NOT NULL AND user_name NOT LIKE '%$'
GROUP BY account HAVING count(DISTINCT src_endpoint_ip) >= 3 ORDER BY addresses DESC, account
