"""Criteria to levels, coverage, spread and competencies. Pure, and the only place where a level is made.

Levels of a question: 0 no must; 1 some; 2 all but one; 3 all that this seniority owes; 4 also half of its shoulds, unaided.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

from app.domain.score import (
    ASSESSED,
    Competency,
    Coverage,
    CriterionKind,
    CriterionScore,
    CriterionState,
    LevelSpread,
    RoundLevel,
    Score,
)

MIN_COMPETENCY_CRITERIA = 6
MIN_COMPETENCY_QUESTIONS = 3
_RESAMPLES = 400


def level_of(criteria: Sequence[CriterionScore]) -> int | None:
    """The level, 0..4, over the criteria that could be assessed.

    None where no criterion was assessed, or fewer than half of the musts were: too little was asked to say. More credit
    never lowers it; a bonus never stands in for a must.
    """
    assessed = [one for one in criteria if one.state in ASSESSED and one.kind is not CriterionKind.BONUS]
    owed = [criterion for criterion in criteria if criterion.kind is CriterionKind.MUST]
    musts = [criterion for criterion in assessed if criterion.kind is CriterionKind.MUST]
    if not assessed or 2 * len(musts) < len(owed):
        return None
    shoulds = [criterion for criterion in assessed if criterion.kind is CriterionKind.SHOULD]
    shown = sum(1 for criterion in musts if criterion.state is CriterionState.SHOWN)
    touched = any(criterion.state in {CriterionState.SHOWN, CriterionState.PARTLY} for criterion in (musts or shoulds))
    if shown == len(musts) and (musts or touched):
        return 4 if _half_unaided(musts, shoulds) else 3
    if shown >= 1 and len(musts) - shown == 1:
        return 2
    return 1 if touched else 0


def _half_unaided(musts: Sequence[CriterionScore], shoulds: Sequence[CriterionScore]) -> bool:
    # Half of what nobody asked for is no reason to be held to it.
    shoulds = [one for one in shoulds if one.asked_in or one.hints or one.state is not CriterionState.PARTLY]
    if not shoulds:
        return bool(musts) and all(criterion.hints == 0 for criterion in musts)
    alone = sum(1 for criterion in shoulds if criterion.state is CriterionState.SHOWN and criterion.hints == 0)
    return alone * 2 >= len(shoulds)


def credit_of(criteria: Sequence[CriterionScore]) -> float | None:
    """What was earned of all that was assessed, 0..1, a must counting 3 and a should 2; None where nothing was assessed.

    Finer than a level: it tells two answers apart that reach the same one.
    """
    share = _share([[one for one in criteria if one.state in ASSESSED]])
    return None if share is None else share / 4.0


def coverage_of(criteria: Sequence[CriterionScore]) -> Coverage:
    """How many criteria could be assessed."""
    return Coverage(sum(1 for criterion in criteria if criterion.state in ASSESSED), len(criteria))


def spread_of(criteria: Sequence[CriterionScore]) -> LevelSpread | None:
    """Levels if every mark in doubt were settled against, and for, the candidate."""
    level = level_of(criteria)
    if level is None:
        return None
    low = level_of([_settled(criterion, shown=False) for criterion in criteria])
    high = level_of([_settled(criterion, shown=True) for criterion in criteria])
    return LevelSpread(level if low is None else min(low, level), level if high is None else max(high, level))


def _settled(criterion: CriterionScore, *, shown: bool) -> CriterionScore:
    if not criterion.in_doubt:
        return criterion
    return replace(criterion, state=CriterionState.SHOWN if shown else CriterionState.MISSED)


_WEIGHT = {CriterionKind.MUST: 3.0, CriterionKind.SHOULD: 2.0, CriterionKind.BONUS: 0.0}
_CREDIT = {
    CriterionState.SHOWN: 1.0,
    CriterionState.PARTLY: 0.5,
    CriterionState.MISSED: 0.0,
    CriterionState.CONTRADICTED: 0.0,
}


def competency(skill: str, scores: Sequence[Score], *, seed: int) -> Competency:
    """The competency of one skill from all scored questions, with its 90 % interval; marks in doubt are resampled too.

    Drills are left out: they ask for what was missed before and for nothing else.
    """
    of_skill = [[one for one in score.criteria if one.skill == skill] for score in scores if not score.drill]
    by_question = [[one for one in criteria if one.state in ASSESSED] for criteria in of_skill]
    by_question = [criteria for criteria in by_question if criteria]
    assessed = sum(len(criteria) for criteria in by_question)
    total = sum(len(criteria) for criteria in of_skill)
    value = _share(by_question)
    if assessed < MIN_COMPETENCY_CRITERIA or len(by_question) < MIN_COMPETENCY_QUESTIONS or value is None:
        return Competency(skill, None, None, None, assessed, total, len(by_question))
    generator = random.Random(seed)  # noqa: S311 - a bootstrap
    values = []
    for _ in range(_RESAMPLES):
        drawn = [generator.choice(by_question) for _ in by_question]
        sample = _share([[_drawn(generator.choice(criteria), generator) for _ in criteria] for criteria in drawn])
        if sample is not None:
            values.append(sample)
    values.sort()
    low = values[math.floor(0.05 * (len(values) - 1))]
    high = values[math.ceil(0.95 * (len(values) - 1))]
    return Competency(
        skill, round(value, 1), round(min(low, value), 1), round(max(high, value), 1), assessed, total, len(by_question)
    )


def round_levels(scores: Sequence[Score]) -> tuple[RoundLevel, ...]:
    """What each round came to, in the order in which the rounds were scored. No level where too few of its musts were asked."""
    by_round: dict[str, list[Score]] = {}
    for score in scores:
        by_round.setdefault(score.round, []).append(score)
    return tuple(_round_level(name, mine) for name, mine in by_round.items())


def _round_level(name: str, scores: Sequence[Score]) -> RoundLevel:
    criteria = [criterion for score in scores for criterion in score.criteria]
    owed = [one for one in criteria if one.kind is CriterionKind.MUST]
    musts = [one for one in owed if one.state in ASSESSED]
    credit = None if 2 * len(musts) < len(owed) else credit_of(criteria)
    level = None if credit is None else round(4.0 * credit, 1)
    spread = None
    if level is not None:
        low = credit_of([_settled(one, shown=False) for one in criteria])
        high = credit_of([_settled(one, shown=True) for one in criteria])
        assert low is not None
        assert high is not None
        spread = (min(level, round(4.0 * low, 1)), max(level, round(4.0 * high, 1)))
    return RoundLevel(name, tuple(score.question_id for score in scores), level, spread, coverage_of(criteria))


def _drawn(criterion: CriterionScore, generator: random.Random) -> CriterionScore:
    return _settled(criterion, shown=generator.random() < 0.5) if criterion.in_doubt else criterion


def _share(by_question: Sequence[Sequence[CriterionScore]]) -> float | None:
    weight = sum(_WEIGHT[one.kind] for criteria in by_question for one in criteria)
    if weight == 0:
        return None
    return 4.0 * sum(_WEIGHT[one.kind] * _CREDIT[one.state] for criteria in by_question for one in criteria) / weight
