"""What a good interview is at the chosen seniority and strictness, and which criteria keep a question below it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.interview import Interview, Seniority, Strictness
from app.domain.score import CriterionKind, CriterionScore, CriterionState, Score
from app.review.places import Places, Refs, merged

_LEVEL = {Seniority.JUNIOR: 2, Seniority.MID: 3, Seniority.SENIOR: 3, Seniority.STAFF: 4}
_SHIFT = {Strictness.GENTLE: -1, Strictness.STANDARD: 0, Strictness.STRICT: 1}
_MEANS = {
    1: "some of what every answer needs",
    2: "all but one point of what every answer needs",
    3: "everything that was asked for",
    4: "everything that was asked for, and half of what else can be expected, without a hint",
}
DRILL_SAYS = (
    "A drill asks for single points of a question, so it makes no level. "
    "What was shown is spaced further apart; the rest stays due."
)
_OPEN = frozenset({CriterionState.PARTLY, CriterionState.MISSED, CriterionState.CONTRADICTED})


@dataclass(frozen=True, slots=True)
class Deciding:
    """A criterion that keeps its question below the bar."""

    question_id: str
    criterion_id: str
    says: str
    kind: CriterionKind
    state: CriterionState
    refs: Refs


@dataclass(frozen=True, slots=True)
class Bar:
    """The level that most questions should reach, and how many did."""

    says: str
    level: int
    reached: int
    questions: int
    """Those that have a level."""
    deciding: tuple[Deciding, ...]
    refs: Refs


def bar(interview: Interview, scores: Sequence[Score], places: Places) -> Bar:
    """The bar of an interview. Strictness moves the bar, never a score."""
    level = min(4, max(1, _LEVEL[interview.seniority] + _SHIFT[interview.strictness]))
    levelled = [score for score in scores if score.level is not None]
    deciding = [
        Deciding(
            score.question_id,
            one.criterion_id,
            one.says,
            one.kind,
            one.state,
            places.criterion(score.question_id, one),
        )
        for score in levelled
        if score.level is not None and score.level < level
        for one in _keeps_below(score, level)
    ]
    chosen = {Strictness.GENTLE: "As you chose gentle, at", Strictness.STRICT: "As you chose strict, at"}
    who = f"{chosen.get(interview.strictness, 'At')} {interview.seniority}"
    says = (
        DRILL_SAYS
        if interview.drill
        else f"Level {level} is {_MEANS[level]}. {who} level, a good interview reaches it on most questions."
    )
    return Bar(
        says=says,
        level=level,
        reached=sum(1 for score in levelled if score.level is not None and score.level >= level),
        questions=len(levelled),
        deciding=tuple(deciding),
        refs=merged(*(places.criterion(score.question_id, one) for score in levelled for one in score.criteria)),
    )


def _keeps_below(score: Score, level: int) -> list[CriterionScore]:
    """The open musts; where all that is owed was shown, what is expected and was not shown, or not without help."""
    musts = [one for one in score.criteria if one.kind is CriterionKind.MUST and one.state in _OPEN]
    if musts or level < 4:
        return musts
    return [
        one
        for one in score.criteria
        if (one.kind is CriterionKind.SHOULD and (one.state in _OPEN or one.hints))
        or (one.kind is CriterionKind.MUST and one.hints)
    ]
