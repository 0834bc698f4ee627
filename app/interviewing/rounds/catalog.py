"""All rounds by their slug."""

from __future__ import annotations

from app.interviewing.rounds import (
    analytical,
    behavioural,
    candidate_questions,
    case_study,
    coding,
    company_fit,
    deep_learning,
    fundamentals,
    general,
    high_level_design,
    introduction,
    llm,
    low_level_design,
    phone_screen,
    project_deep_dive,
    python,
    research_math,
    staged_scenario,
)
from app.interviewing.rounds.rules import RoundRules

ROUNDS: dict[str, RoundRules] = {
    module.RULES.slug: module.RULES
    for module in (
        introduction,
        phone_screen,
        project_deep_dive,
        fundamentals,
        deep_learning,
        llm,
        research_math,
        python,
        coding,
        analytical,
        staged_scenario,
        high_level_design,
        low_level_design,
        case_study,
        behavioural,
        company_fit,
        candidate_questions,
    )
}


def rules_of(slug: str) -> RoundRules:
    """The rules of a round; plain ones where it has no module."""
    return ROUNDS.get(slug) or general.rules_for(slug)
