-- title: Long and many names below one domain
-- why: Data leaves in names. Content networks and anti-virus look-ups do the same, innocently.
WITH names AS (
  SELECT src_endpoint_ip AS host, query_hostname AS name,
         regexp_extract(lower(query_hostname), '([^.]+\.[^.]+)\.?$', 1) AS domain
  FROM dns_activity WHERE query_hostname IS NOT NULL)
SELECT host, domain, count(DISTINCT name) AS names, max(length(name)) AS longest, any_value(name) AS example
FROM names WHERE length(name) - length(domain) > 30 GROUP BY host, domain
HAVING count(DISTINCT name) >= 10 ORDER BY names DESC
