"""Behavioural: a real situation. What is missing of it is asked for, above all the result."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="behavioural",
    title="Behavioural",
    announcement="Now to how you work with people. A real case is better than a principle.",
    probes_a_question=4,
    own_story=True,
)
