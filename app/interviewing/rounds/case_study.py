"""Case study: somebody has a problem, and it has to be found out which one before it is solved."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="case-study",
    title="Case study",
    announcement="Now a case, as a client would bring it; ask me whatever you'd ask them.",
    probes_a_question=16,
    probes_a_part=4,
    least_minutes=5.0,
    worthwhile_minutes=8.0,
    holds_back=True,
)
