"""Phone screen: short questions from a first call, where a sentence or two may do."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="phone-screen",
    title="Phone screen",
    announcement="Let's go through a few short questions, as in a first call. A sentence or two is often enough.",
    probes_a_question=3,  # Several short questions tell more here than one to its bottom.
    worthwhile_minutes=3.0,
)
