"""What persons add to a transcript: notes, and how they would judge a criterion, beside the machine's score."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import CONFLICT, NOT_FOUND, problems
from app.api.schemas import MAX_SEQ, EntryId, Id, Slug
from app.api.texts import Name, Note, Reason
from app.domain.errors import PlaceInvalid, ReportNotYet, ScoreNotYet
from app.domain.remarks import Annotation, LabellerRole, Override
from app.domain.score import CriterionState, Score
from app.domain.transcript import Turn
from app.persistence.unit_of_work import ReadUnit
from app.review.labels import labels, latest
from app.review.marked_words import marked, marked_answer
from app.scoring.appeals import criterion_in

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["review"])
labels_router = APIRouter(prefix="/v1/labels", tags=["review"])

NDJSON = "application/x-ndjson"


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class AnnotationIn(_In):
    """A note on words of a turn, or on a whole turn."""

    turn_id: Id
    text: Note
    start: int | None = Field(default=None, ge=0, le=MAX_SEQ, description="With `end`: `turn.text[start:end]`.")
    end: int | None = Field(default=None, ge=0, le=MAX_SEQ)
    in_code: bool = Field(default=False, description="The place is in `turn.code`.")


class AnnotationWordsIn(_In):
    """Other words for a note."""

    text: Note


class AnnotationOut(_Out):
    """A note; `start`, `end` and `quote` are null where it is on the whole turn."""

    id: str
    turn_id: str
    seq: int
    start: int | None
    end: int | None
    in_code: bool
    quote: str | None
    text: str
    created_at: datetime
    updated_at: datetime


class AnnotationsOut(_Out):
    """The notes of an interview, in the order of the conversation."""

    annotations: list[AnnotationOut]


class OverrideIn(_In):
    """How a person judges a criterion of a scored question."""

    question_id: EntryId
    criterion_id: Slug
    state: Literal["shown", "partly", "missed", "contradicted"]
    why: Reason
    role: LabellerRole = Field(default=LabellerRole.CANDIDATE, description="Who says so.")
    by: Name = Field(default="", description="A name for the list.")
    turn_id: Id | None = Field(default=None, description="With `start` and `end`: the candidate's words it stands on.")
    start: int | None = Field(default=None, ge=0, le=MAX_SEQ)
    end: int | None = Field(default=None, ge=0, le=MAX_SEQ)


class OverrideOut(_Out):
    """A person's judgement beside the machine's. It changes no score."""

    id: str
    question_id: str
    criterion_id: str
    says: str
    state: CriterionState
    why: str
    role: LabellerRole
    by: str
    turn_id: str | None
    seq: int | None
    start: int | None
    end: int | None
    quote: str | None
    machine_state: CriterionState = Field(description="What the score said when it was made.")
    machine_now: CriterionState | None = Field(
        description="What the current score says; null without such a criterion."
    )
    latest: bool = Field(description="No later one on this criterion by the same role and name.")
    created_at: datetime


class OverridesOut(_Out):
    """All judgements by persons, oldest first."""

    overrides: list[OverrideOut]


# --- notes ----------------------------------------------------------------------------------------------------------------


@router.post(
    "/annotations",
    status_code=status.HTTP_201_CREATED,
    operation_id="annotate",
    responses=problems(400, 404, 409, 413, 422),
)
async def annotate(
    interview_id: Id, wish: AnnotationIn, held: ServicesDep, candidate_id: CandidateDep
) -> AnnotationOut:
    """Writes a note on words of a turn, or on the whole turn."""
    now = held.now()
    async with held.store.write() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
        turns = await work.turns.list(interview_id)
        place = marked(turns, wish.turn_id, wish.start, wish.end, in_code=wish.in_code)
        note = Annotation(
            uuid.uuid4().hex, interview_id, place.turn.id, wish.start, wish.end, wish.in_code, wish.text, now, now
        )
        await work.annotations.add(note)
        await work.commit()
    return annotation_out(note, place.turn)


@router.get("/annotations", operation_id="listAnnotations", responses=NOT_FOUND)
async def list_annotations(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> AnnotationsOut:
    """The notes of the interview, in the order of the conversation."""
    async with held.store.read() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id)
        found = await work.annotations.list(interview_id)
    return AnnotationsOut(annotations=annotations_out(found, turns))


@router.patch("/annotations/{annotation_id}", operation_id="editAnnotation", responses=problems(400, 404, 413, 422))
async def edit_annotation(
    interview_id: Id,
    annotation_id: Id,
    wish: AnnotationWordsIn,
    held: ServicesDep,
    candidate_id: CandidateDep,
) -> AnnotationOut:
    """Gives a note other words; its place stays."""
    async with held.store.write() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        note = await work.annotations.reword(interview_id, annotation_id, wish.text, now=held.now())
        turn = await work.turns.get(interview_id, note.turn_id)
        await work.commit()
    return annotation_out(note, turn)


@router.delete(
    "/annotations/{annotation_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="deleteAnnotation",
    responses=NOT_FOUND,
)
async def delete_annotation(interview_id: Id, annotation_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> None:
    """Deletes a note."""
    async with held.store.write() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        await work.annotations.delete(interview_id, annotation_id)
        await work.commit()


def annotation_out(note: Annotation, turn: Turn) -> AnnotationOut:
    """A note with the words it is on."""
    text = turn.code if note.in_code else turn.text
    quote = None if note.start is None else text[note.start : note.end]
    return AnnotationOut(
        id=note.id,
        turn_id=note.turn_id,
        seq=turn.seq,
        start=note.start,
        end=note.end,
        in_code=note.in_code,
        quote=quote,
        text=note.text,
        created_at=note.created_at,
        updated_at=note.updated_at,
    )


def annotations_out(notes: Sequence[Annotation], turns: Sequence[Turn]) -> list[AnnotationOut]:
    """Notes in the order of the conversation; those on a whole turn before those on its words."""
    by_id = {turn.id: turn for turn in turns}
    shown = [annotation_out(note, by_id[note.turn_id]) for note in notes if note.turn_id in by_id]
    return sorted(shown, key=lambda each: (each.seq, each.in_code, -1 if each.start is None else each.start))


# --- judgements by persons ------------------------------------------------------------------------------------------------


@router.post(
    "/overrides",
    status_code=status.HTTP_201_CREATED,
    operation_id="postOverride",
    responses=problems(400, 404, 409, 413, 422),
)
async def override(interview_id: Id, wish: OverrideIn, held: ServicesDep, candidate_id: CandidateDep) -> OverrideOut:
    """Keeps how a person judges a criterion, beside the machine's score, which stays as it is."""
    async with held.store.write() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        scores = await work.scores.list_current(interview_id)
        score = next((each for each in scores if each.question_id == wish.question_id), None)
        if score is None:
            raise ScoreNotYet(interview_id, wish.question_id)
        criterion = criterion_in(score, wish.criterion_id)
        turns = await work.turns.list(interview_id)
        made = Override(
            id=uuid.uuid4().hex,
            interview_id=interview_id,
            question_id=wish.question_id,
            criterion_id=wish.criterion_id,
            says=criterion.says,
            state=CriterionState(wish.state),
            why=wish.why,
            role=wish.role,
            by=wish.by,
            turn_id=wish.turn_id or "",
            start=wish.start or 0,
            end=wish.end or 0,
            quote=_quote(wish, turns),
            machine_state=criterion.state,
            created_at=held.now(),
        )
        await work.overrides.add(made)
        every = await work.overrides.list(interview_id)
        await work.commit()
    return next(each for each in overrides_out(every, turns, scores) if each.id == made.id)


def _quote(wish: OverrideIn, turns: Sequence[Turn]) -> str:
    place = (wish.turn_id, wish.start, wish.end)
    if all(each is None for each in place):
        return ""
    if wish.turn_id is None or wish.start is None or wish.end is None:
        raise PlaceInvalid("a place has a turn, a start and an end")
    return marked_answer(turns, wish.question_id, wish.turn_id, wish.start, wish.end).quote or ""


@router.get("/overrides", operation_id="listOverrides", responses=CONFLICT)
async def list_overrides(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> OverridesOut:
    """How persons judged the interview's criteria, oldest first, each beside the machine's state then and now."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        found = await work.overrides.list(interview_id)
        turns = await work.turns.list(interview_id)
        scores = await work.scores.list_current(interview_id)
    return OverridesOut(overrides=overrides_out(found, turns, scores))


@router.delete(
    "/overrides/{override_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="deleteOverride",
    responses=NOT_FOUND,
)
async def delete_override(interview_id: Id, override_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> None:
    """Takes a person's judgement back."""
    async with held.store.write() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        await work.overrides.delete(interview_id, override_id)
        await work.commit()


def overrides_out(found: Sequence[Override], turns: Sequence[Turn], scores: Sequence[Score]) -> list[OverrideOut]:
    """Judgements by persons with what the machine says now."""
    seq_of = {turn.id: turn.seq for turn in turns}
    now: Mapping[tuple[str, str], CriterionState] = {
        (score.question_id, criterion.criterion_id): criterion.state for score in scores for criterion in score.criteria
    }
    last = latest(found)
    return [
        OverrideOut(
            id=each.id,
            question_id=each.question_id,
            criterion_id=each.criterion_id,
            says=each.says,
            state=each.state,
            why=each.why,
            role=each.role,
            by=each.by,
            turn_id=each.turn_id or None,
            seq=seq_of.get(each.turn_id),
            start=each.start if each.turn_id else None,
            end=each.end if each.turn_id else None,
            quote=each.quote if each.turn_id else None,
            machine_state=each.machine_state,
            machine_now=now.get((each.question_id, each.criterion_id)),
            latest=each.id in last,
            created_at=each.created_at,
        )
        for each in found
    ]


@labels_router.get(
    "",
    operation_id="readLabels",
    response_class=Response,
    responses={
        **NOT_FOUND,
        200: {
            "description": "JSON lines, as `viva judge` reads them.",
            "content": {NDJSON: {"schema": {"type": "string"}}},
        },
    },
)
async def read_labels(
    held: ServicesDep,
    candidate_id: CandidateDep,
    interview_id: Annotated[Id | None, Query(description="For one interview alone.")] = None,
) -> Response:
    """The latest judgements by persons as labels, each marked with its source."""
    lines: list[str] = []
    async with held.store.read() as work:
        if interview_id is None:
            ids = [each for each, _ in await work.overrides.interviews(candidate_id)]
        else:
            await work.interviews.get(interview_id, candidate_id=candidate_id)
            ids = [interview_id]
        for each in ids:
            lines += await label_lines(work, each)
    return Response("".join(f"{line}\n" for line in lines), media_type=NDJSON)


async def label_lines(work: ReadUnit, interview_id: str) -> list[str]:
    """The labels of one interview as lines."""
    found = await work.overrides.list(interview_id)
    return [label.line() for label in labels(found, await work.turns.list(interview_id))]
