"""High-level design: a whole system from a vague wish. Constraints are held back and told to those who ask."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="high-level-design",
    title="High-level ML system design",
    announcement="Now we design a system; I've left things out on purpose, so ask me for what you need.",
    probes_a_question=16,
    probes_a_part=4,
    least_minutes=5.0,
    worthwhile_minutes=10.0,
    holds_back=True,
)
