"""Analytical data: a table, the sums in it, and what they mean."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="analytical",
    title="Analytical data",
    announcement="Now a table to work with, one step at a time; round as you like, and think aloud.",
    probes_a_question=10,
    probes_a_part=2,
    least_minutes=4.0,
    worthwhile_minutes=6.0,
)
