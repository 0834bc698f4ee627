"""Staged scenario: a story that goes on whatever is answered, each stage telling more than the one before."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="staged-scenario",
    title="Scenario in stages",
    announcement="Now a situation that unfolds step by step; ask me if something is missing.",
    probes_a_question=16,
    probes_a_part=3,  # The next stage tells some of it anyway.
    least_minutes=4.0,
    worthwhile_minutes=8.0,
    holds_back=True,
)
