WITH timed AS (
    SELECT
        user_id,
        at,
        CAST(strftime('%s', at) AS INTEGER) AS seconds,
        lag(CAST(strftime('%s', at) AS INTEGER)) OVER (PARTITION BY user_id ORDER BY at) AS before
    FROM clicks
),
numbered AS (
    SELECT
        user_id,
        at,
        sum(CASE WHEN before IS NULL OR seconds - before > 1800 THEN 1 ELSE 0 END)
            OVER (PARTITION BY user_id ORDER BY at) AS session
    FROM timed
)
SELECT user_id, session, min(at) AS started, max(at) AS ended, count(*) AS clicks
FROM numbered
GROUP BY user_id, session
ORDER BY user_id, session
