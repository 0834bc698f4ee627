"""Fundamentals: concept, intuition, and what follows in practice."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="fundamentals",
    title="ML fundamentals",
    announcement="Now some fundamentals.",
    probes_a_question=5,
)
