"""Python: how the language works inside, and what follows for code that others use."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="python",
    title="Python",
    announcement="Now a little Python, without an editor.",
    probes_a_question=5,
)
