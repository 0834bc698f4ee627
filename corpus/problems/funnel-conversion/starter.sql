-- events(user_id, step, at): step, users, share; three rows in the order visit, trial, purchase.
SELECT
