WITH active AS (
    SELECT DISTINCT user_id, date(day, 'start of month') AS month FROM sessions
),
sizes AS (
    SELECT month, count(*) AS users FROM active GROUP BY month
)
SELECT
    strftime('%Y-%m', current.month) AS month,
    count(*) AS active,
    count(earlier.user_id) AS returned,
    1.0 * count(earlier.user_id) / max(sizes.users) AS rate
FROM active AS current
LEFT JOIN active AS earlier
    ON earlier.user_id = current.user_id AND earlier.month = date(current.month, '-1 month')
LEFT JOIN sizes ON sizes.month = date(current.month, '-1 month')
GROUP BY current.month
ORDER BY current.month
