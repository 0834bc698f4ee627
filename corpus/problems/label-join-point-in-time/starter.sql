-- labels(label_id, customer_id, labeled_at), balances(customer_id, known_at, balance): label_id, balance; in order of label_id.
SELECT
