"""Company fit: what draws somebody to a company, and what they would make of it."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="company-fit",
    title="Company fit",
    announcement="Let's turn to the company and what you'd do there.",
    probes_a_question=3,
    own_story=True,
    worthwhile_minutes=3.0,
)
