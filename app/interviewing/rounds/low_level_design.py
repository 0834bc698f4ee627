"""Low-level design: one component down to its data, its sums and what happens when it fails."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="low-level-design",
    title="Low-level ML system design",
    announcement="Now one component in detail; figures that you need are here, if you ask for them.",
    probes_a_question=16,
    probes_a_part=4,
    least_minutes=5.0,
    worthwhile_minutes=10.0,
    holds_back=True,
)
