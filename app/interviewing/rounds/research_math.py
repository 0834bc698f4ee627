"""Research mathematics: concept, intuition, formula, derivation, alternatives: mathematics that can be said aloud."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="research-math",
    title="Research mathematics",
    announcement="Now some mathematics. Say formulas in words, and take the time you need.",
    probes_a_question=5,
)
