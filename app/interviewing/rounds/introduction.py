"""The introduction: who is here, and the candidate's own story. Short, and probed lightly."""

from app.interviewing.rounds.rules import SHORTEST_ROUND_MIN, RoundRules

RULES = RoundRules(
    slug="introduction",
    title="Introduction",
    announcement="",
    probes_a_question=1,
    deepest_kind="must",
    keeps_order=True,
    own_story=True,
    worthwhile_minutes=SHORTEST_ROUND_MIN,
    frames=True,
)
