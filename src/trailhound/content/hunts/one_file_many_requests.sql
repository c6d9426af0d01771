-- title: One path asked for unusually often
-- why: By address: guessing, scraping, or a broken client.
SELECT src_endpoint_ip AS address, http_request_url_path AS path, count(*) AS requests,
       count(DISTINCT http_request_url_query) AS queries, count(DISTINCT http_response_code) AS answers,
       utc(min(time)) AS first, utc(max(time)) AS last
FROM http_activity WHERE http_request_url_path IS NOT NULL
GROUP BY address, path HAVING count(*) >= 100 ORDER BY requests DESC
