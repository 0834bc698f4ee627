"""The review of a transcript in one answer: what was said, and all that stands on it. And scoring it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api import render
from app.api.dependencies import CandidateDep, DeskDep, RescoreDep, ServicesDep
from app.api.interview_schemas import InterviewOut
from app.api.remarks import AnnotationOut, OverrideOut, annotations_out, overrides_out
from app.api.responses import NOT_FOUND, problems
from app.api.schemas import Id
from app.api.score_schemas import AppealOut, DifferenceOut, ScoreOut
from app.api.turn_schemas import TurnOut
from app.domain.errors import InterviewStillOpen
from app.domain.interview import InterviewState
from app.domain.score import CriterionKind, CriterionState, Score
from app.domain.transcript import Speaker

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["review"])


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class EvidenceThereOut(_Out):
    """Words of a turn that earned or lost a criterion."""

    question_id: str
    criterion_id: str
    says: str
    kind: CriterionKind
    state: CriterionState
    start: int
    end: int
    quote: str
    in_code: bool
    appeal_id: str


class ReviewedTurnOut(TurnOut):
    """A turn with what stands on it."""

    evidence: list[EvidenceThereOut]
    appeals: list[AppealOut]
    annotations: list[AnnotationOut]


class ReviewedQuestionOut(_Out):
    """A question that was asked, with the machine's score and the persons' judgements beside it."""

    question_id: str
    round: str
    asked_in: int = Field(description="Seq of the turn that asked it.")
    score: ScoreOut | None
    overrides: list[OverrideOut]


class ReviewOut(_Out):
    """What a page of review shows."""

    interview: InterviewOut
    scores_readable: bool = Field(description="False in an open exam: then nothing of the scores is in it.")
    hidden: list[str] = Field(
        description="With `blind`: questions whose marks are left out, as how sure one was of them can still be said."
    )
    turns: list[ReviewedTurnOut]
    questions: list[ReviewedQuestionOut]


@router.get("/review", operation_id="readReview", responses=NOT_FOUND)
async def review(
    interview_id: Id,
    held: ServicesDep,
    desk: DeskDep,
    candidate_id: CandidateDep,
    blind: Annotated[
        bool, Query(description="Without the marks of questions of which one has yet to say how sure one was.")
    ] = False,
) -> ReviewOut:
    """The conversation with scores, appeals, corrections and notes beside the words they stand on.

    From here on how sure one was of the questions whose marks are in it can no longer be said.
    """
    status = await desk.status(candidate_id, interview_id)
    unsaid = [each.question_id for each in status.questions if each.can_rate and each.percent is None]
    hidden = frozenset(unsaid if blind else ())
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id)
        notes = annotations_out(await work.annotations.list(interview_id), turns)
        readable = interview.report_readable
        scores = await work.scores.list_current(interview_id) if readable else ()
        appeals = await work.appeals.list(interview_id) if readable else ()
        found = await work.overrides.list(interview_id) if readable else ()
    scores = tuple(each for each in scores if each.question_id not in hidden)
    appeals = tuple(each for each in appeals if each.question_id not in hidden)
    found = tuple(each for each in found if each.question_id not in hidden)
    if readable:
        await desk.show(candidate_id, interview_id, {each.question_id for each in scores})
    corrections = overrides_out(found, turns, scores)
    evidence: defaultdict[str, list[EvidenceThereOut]] = defaultdict(list)
    for turn_id, each in _evidence(scores):
        evidence[turn_id].append(each)
    revealed = render.revealed(interview)
    asked: dict[str, ReviewedQuestionOut] = {}
    by_question = {score.question_id: score for score in scores}
    for turn in turns:
        if turn.speaker is Speaker.INTERVIEWER and turn.question_id and turn.question_id not in asked:
            score = by_question.get(turn.question_id)
            asked[turn.question_id] = ReviewedQuestionOut(
                question_id=turn.question_id,
                round=turn.move.round if turn.move else "",
                asked_in=turn.seq,
                score=render.score(score) if score else None,
                overrides=[each for each in corrections if each.question_id == turn.question_id],
            )
    return ReviewOut(
        interview=render.interview(interview),
        scores_readable=readable,
        hidden=sorted(hidden),
        turns=[
            ReviewedTurnOut(
                **dict(render.turn(turn, revealed=revealed)),
                evidence=sorted(evidence[turn.id], key=lambda each: (each.in_code, each.start, each.end)),
                appeals=[AppealOut.model_validate(each) for each in appeals if each.turn_id == turn.id],
                annotations=[each for each in notes if each.turn_id == turn.id],
            )
            for turn in turns
        ],
        questions=list(asked.values()),
    )


def _evidence(scores: Sequence[Score]) -> Iterator[tuple[str, EvidenceThereOut]]:
    for score in scores:
        for criterion in score.criteria:
            for each in criterion.evidence:
                yield (
                    each.turn_id,
                    EvidenceThereOut(
                        question_id=score.question_id,
                        criterion_id=criterion.criterion_id,
                        says=criterion.says,
                        kind=criterion.kind,
                        state=criterion.state,
                        start=each.start,
                        end=each.end,
                        quote=each.quote,
                        in_code=each.in_code,
                        appeal_id=criterion.appeal_id,
                    ),
                )


class RescoreIn(BaseModel):
    """How to score again."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="Say what would change, and store nothing.")


class RescoredQuestionOut(_Out):
    """What became of a question."""

    question_id: str
    outcome: Literal["stored", "differs", "unchanged", "left"] = Field(
        description="`differs`: it would have been stored, but for the dry run. `left`: the score stays."
    )
    why_left: str = Field(
        description="Its rubric is gone from the corpus, or a model took part in its score and none is heard now; else empty."
    )
    difference: DifferenceOut | None


class RescoredOut(_Out):
    """An interview that was scored again."""

    questions: list[RescoredQuestionOut]
    error: str = Field(description="What ended it early; empty where all were scored.")


@router.post("/rescore", operation_id="rescoreInterview", responses=problems(400, 404, 409, 413, 422))
async def rescore(
    interview_id: Id,
    held: ServicesDep,
    again: RescoreDep,
    candidate_id: CandidateDep,
    wish: RescoreIn | None = None,
) -> RescoredOut:
    """Scores each question that has a score again, by the present rubrics, scorer and judge; stores what differs."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
    if interview.state is not InterviewState.CLOSED:
        raise InterviewStillOpen(interview_id)
    return RescoredOut.model_validate(await again(interview_id, (wish or RescoreIn()).dry_run))
