-- errors(day, rate): day and the average of the seven calendar days that end with it; in order of day.
SELECT
