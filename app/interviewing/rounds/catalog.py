"""All rounds by their slug."""

from __future__ import annotations

from app.interviewing.rounds import (
    behavioural,
    candidate_questions,
    fundamentals,
    general,
    introduction,
    project_deep_dive,
)
from app.interviewing.rounds.rules import RoundRules

ROUNDS: dict[str, RoundRules] = {
    module.RULES.slug: module.RULES
    for module in (introduction, project_deep_dive, fundamentals, behavioural, candidate_questions)
}


def rules_of(slug: str) -> RoundRules:
    """The rules of a round; plain ones where it has no module."""
    return ROUNDS.get(slug) or general.rules_for(slug)
