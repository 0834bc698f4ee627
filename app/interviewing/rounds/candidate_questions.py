"""The candidate's questions, answered from the company's material, or with the statement that it does not say."""

from app.interviewing.rounds.rules import SHORTEST_ROUND_MIN, RoundRules

RULES = RoundRules(
    slug="candidate-questions",
    title="Your questions",
    announcement="The last minutes are yours.",
    probes_a_question=0,
    answers_questions=True,
    keeps_order=True,
    worthwhile_minutes=SHORTEST_ROUND_MIN,
    frames=True,
)
