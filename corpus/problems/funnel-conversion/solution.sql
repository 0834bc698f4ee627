WITH visits AS (
    SELECT user_id, min(at) AS at FROM events WHERE step = 'visit' GROUP BY user_id
),
trials AS (
    SELECT events.user_id, min(events.at) AS at
    FROM events JOIN visits ON visits.user_id = events.user_id AND events.at >= visits.at
    WHERE events.step = 'trial'
    GROUP BY events.user_id
),
purchases AS (
    SELECT events.user_id
    FROM events JOIN trials ON trials.user_id = events.user_id AND events.at >= trials.at
    WHERE events.step = 'purchase'
    GROUP BY events.user_id
),
counts AS (
    SELECT 1 AS place, 'visit' AS step, count(*) AS users FROM visits
    UNION ALL SELECT 2, 'trial', count(*) FROM trials
    UNION ALL SELECT 3, 'purchase', count(*) FROM purchases
)
SELECT step, users, 1.0 * users / nullif(lag(users) OVER (ORDER BY place), 0) AS share
FROM counts
ORDER BY place
