WITH placed AS (
    SELECT
        team,
        run,
        score,
        rank() OVER (PARTITION BY team ORDER BY score DESC) AS place
    FROM runs
    WHERE score IS NOT NULL
)
SELECT team, run, score, place
FROM placed
WHERE place <= 3
ORDER BY team, place, run
