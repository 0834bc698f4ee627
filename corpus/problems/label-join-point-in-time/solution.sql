WITH matched AS (
    SELECT
        labels.label_id,
        balances.balance,
        row_number() OVER (PARTITION BY labels.label_id ORDER BY balances.known_at DESC) AS age
    FROM labels
    LEFT JOIN balances
        ON balances.customer_id = labels.customer_id
        AND balances.known_at <= labels.labeled_at
)
SELECT label_id, balance
FROM matched
WHERE age = 1
ORDER BY label_id
