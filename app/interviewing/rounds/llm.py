"""Language models: how language models work, how they are adapted, served and judged."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="llm",
    title="Language models",
    announcement="Now to language models.",
    probes_a_question=5,
)
