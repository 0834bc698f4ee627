-- sessions(user_id, day): month, active, returned, rate; in order of month.
SELECT
