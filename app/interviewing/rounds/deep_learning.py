"""Deep learning: networks, their training, vision, sequences and learning from reward."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="deep-learning",
    title="Deep learning",
    announcement="Now to deep learning.",
    probes_a_question=5,
)
