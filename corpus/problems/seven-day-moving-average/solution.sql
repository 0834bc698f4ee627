SELECT
    day,
    avg(rate) OVER (
        ORDER BY julianday(day)
        RANGE BETWEEN 6 PRECEDING AND CURRENT ROW
    ) AS average
FROM errors
ORDER BY day
