-- runs(team, run, score): team, run, score, place of each team's best runs; in order of team, place, run.
SELECT
