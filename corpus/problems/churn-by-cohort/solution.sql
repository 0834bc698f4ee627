WITH observed AS (
    SELECT
        strftime('%Y-%m', started) AS cohort,
        ended IS NOT NULL AND julianday(ended) - julianday(started) <= 90 AS churned
    FROM customers
    CROSS JOIN report
    WHERE julianday(today) - julianday(started) >= 90
)
SELECT cohort, count(*) AS customers, sum(churned) AS churned, avg(churned) AS rate
FROM observed
GROUP BY cohort
ORDER BY cohort
