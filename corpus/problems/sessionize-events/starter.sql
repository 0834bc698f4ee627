-- clicks(user_id, at): user_id, session, started, ended, clicks; in order of user_id, session.
SELECT
