WITH versions AS (
    SELECT
        record_id,
        email,
        deleted,
        row_number() OVER (
            PARTITION BY record_id
            ORDER BY updated_at DESC NULLS LAST, load_id DESC
        ) AS age
    FROM feed
)
SELECT record_id, email
FROM versions
WHERE age = 1 AND deleted = 0
ORDER BY record_id
