-- feed(record_id, load_id, updated_at, email, deleted): record_id, email of live records; in order of record_id.
SELECT
