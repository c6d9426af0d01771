-- title: Large reads of databases
-- why: Rows read by account and hour, and copies to files, which log no rows.
SELECT utc(time // 3600000000 * 3600000000) AS hour, actor_user_name AS account, database_name AS "database",
       sum(rows) AS rows, count(*) AS statements,
       count(*) FILTER (WHERE regexp_matches(lower(query_info_text), '^ *copy .* to |into +(outfile|dumpfile)')) AS copies
FROM datastore_activity GROUP BY ALL
HAVING sum(rows) >= 100000 OR copies > 0 ORDER BY rows DESC NULLS LAST, hour
