"""Coding: a problem, an editor, tests that decide right and wrong; then its cost, its edges, and a change of the problem."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="coding",
    title="Coding",
    announcement="Now some code. The problem is on your screen; think aloud, and send your code when you're ready.",
    probes_a_question=4,
    least_minutes=12.0,
    worthwhile_minutes=12.0,
)
