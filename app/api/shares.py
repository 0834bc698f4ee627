"""Links that show what was chosen of an interview to whoever has them, until they are revoked."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Response, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.dependencies import CandidateDep, ServicesDep
from app.api.moments import Moment
from app.api.responses import NOT_FOUND, problems
from app.api.schemas import EntryId, Id
from app.api.texts import Name
from app.api.turn_schemas import TableOut
from app.domain.errors import InterviewStillOpen, QuestionUnknown
from app.domain.interview import InterviewState, Seniority
from app.domain.score import CriterionKind, CriterionState
from app.domain.share import Share
from app.domain.transcript import Speaker
from app.material.surfaces import without_lead_in
from app.review.places import Places
from app.review.sharing import question_alone, shared

router = APIRouter(prefix="/v1/interviews/{interview_id}/shares", tags=["links"])
mine_router = APIRouter(prefix="/v1/shares", tags=["links"])
open_router = APIRouter(prefix="/v1/shared", tags=["links"])

PRIVATE = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
"""Headers of whatever a link shows: kept by nobody, found by nobody, told to nobody."""
_SEEN_AGAIN = timedelta(minutes=1)
"""A look is noted once in so long, so that looking writes little."""


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ShareIn(BaseModel):
    """What a link is to show of a closed interview."""

    model_config = ConfigDict(extra="forbid")

    transcript: bool = False
    report: bool = False
    questions: list[EntryId] | None = Field(
        default=None, min_length=1, max_length=100, description="Only these; all, if left out."
    )
    label: Name = Field(default="", description="For your own list.")
    expires_at: Moment | None = Field(default=None, description="Until revoked, if left out.")

    @model_validator(mode="after")
    def _something(self) -> ShareIn:
        if not (self.transcript or self.report):
            raise ValueError("choose transcript, or report, or both")
        return self


class ShareOut(_Out):
    """A link in one's list. Its token is not kept, and cannot be shown again."""

    id: str
    interview_id: str
    label: str
    transcript: bool
    report: bool
    questions: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_read_at: datetime | None
    open: bool = Field(description="It can be read now.")


class IssuedShareOut(ShareOut):
    """A new link. This is the only time that its token is seen."""

    token: str


class SharesOut(_Out):
    """One's links, newest first."""

    shares: list[ShareOut]


class SharedTurnOut(_Out):
    """What was said. Where the interviewer quoted the resume stands `[resume]`; where an answer that is not shown, `[another answer]`."""

    seq: int
    speaker: Speaker
    text: str
    code: str
    table: TableOut | None
    question_id: str
    round: str


class SharedCriterionOut(_Out):
    """What was judged."""

    says: str
    kind: CriterionKind
    state: CriterionState
    quotes: list[str] = Field(description="The candidate's words.")
    next_time: str


class SharedQuestionOut(_Out):
    """A question with its level, 0 to 4."""

    question_id: str
    round: str
    asked: str
    level: int | None
    criteria: list[SharedCriterionOut]


class SharedReportOut(_Out):
    """What was judged, by question."""

    questions: list[SharedQuestionOut]


class SharedOut(_Out):
    """What a link shows; null is what was not chosen."""

    role: str
    seniority: Seniority
    company: str
    held_at: datetime
    transcript: list[SharedTurnOut] | None
    report: SharedReportOut | None


def share_out(share: Share, now: datetime) -> ShareOut:
    """A link in its owner's list."""
    told = {name: getattr(share, name) for name in ShareOut.model_fields if name != "open"}
    return ShareOut.model_validate({**told, "open": share.is_open(now)})


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    operation_id="share",
    responses=problems(400, 404, 409, 413, 422),
)
async def issue(interview_id: Id, wish: ShareIn, held: ServicesDep, candidate_id: CandidateDep) -> IssuedShareOut:
    """Makes a link to a closed interview that shows what is chosen and nothing else.

    With `report`, how sure one was of the chosen questions can no longer be said from here on.
    """
    now = held.now()
    async with held.store.write() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
        if interview.state is not InterviewState.CLOSED:
            raise InterviewStillOpen(interview_id)
        turns = await work.turns.list(interview_id)
        asked = {turn.question_id for turn in turns}
        for question in wish.questions or ():
            if question not in asked:
                raise QuestionUnknown(question)
        share = Share(
            id=uuid.uuid4().hex,
            interview_id=interview_id,
            label=wish.label,
            transcript=wish.transcript,
            report=wish.report,
            questions=tuple(dict.fromkeys(wish.questions)) if wish.questions is not None else None,
            created_at=now,
            expires_at=wish.expires_at,
        )
        issued = await work.shares.issue(share)
        if share.report:
            # Noted now and not when it is read: a stranger's look must not end what its owner can still say.
            chosen = (asked if share.questions is None else set(share.questions)) - {""}
            answered = [each for each in sorted(chosen) if Places(turns).answers(each)]
            await work.confidences.show(interview_id, answered, now=now)
        await work.commit()
    return IssuedShareOut(**dict(share_out(share, now)), token=issued.token)


@router.get("", operation_id="listShares", responses=NOT_FOUND)
async def list_of_interview(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> SharesOut:
    """The interview's links, revoked and expired ones too."""
    async with held.store.read() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        found = await work.shares.list(candidate_id, interview_id=interview_id)
    return SharesOut(shares=[share_out(each, held.now()) for each in found])


@mine_router.get("", operation_id="listAllShares", responses=problems(422))
async def list_all(held: ServicesDep, candidate_id: CandidateDep) -> SharesOut:
    """All one's links, revoked and expired ones too."""
    async with held.store.read() as work:
        found = await work.shares.list(candidate_id)
    return SharesOut(shares=[share_out(each, held.now()) for each in found])


@router.delete("/{share_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="revokeShare", responses=NOT_FOUND)
async def revoke(interview_id: Id, share_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> None:
    """The link opens nothing any more. Idempotent."""
    async with held.store.write() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        await work.shares.revoke(interview_id, share_id, now=held.now())
        await work.commit()


@open_router.get("/{token}", operation_id="readShared", responses=problems(404, 422))
async def read(
    token: Annotated[str, Path(description="From the link.")], response: Response, held: ServicesDep
) -> SharedOut:
    """What a link shows. Needs no key. A token that is wrong, expired, revoked or of something deleted is the same 404."""
    now = held.now()
    async with held.store.read() as work:
        share = await work.shares.open(token, now=now)
        interview = await work.interviews.get_whosoever(share.interview_id)
        turns = await work.turns.list(interview.id)
        scores = await work.scores.list_current(interview.id) if share.report else ()
    if share.last_read_at is None or now - share.last_read_at >= _SEEN_AGAIN:
        async with held.store.write() as work:
            await work.shares.was_read(share.id, now=now)
            await work.commit()
    response.headers.update(PRIVATE)
    seen = shared(share, interview, turns, scores)
    return SharedOut(
        role=seen.role,
        seniority=seen.seniority,
        company=seen.company,
        held_at=seen.held_at,
        transcript=None
        if seen.transcript is None
        else [SharedTurnOut.model_validate(turn) for turn in seen.transcript],
        report=None
        if seen.report is None
        else SharedReportOut(
            questions=[
                SharedQuestionOut.model_validate(
                    replace(each, asked=question_alone(without_lead_in(held.corpus, each.question_id, each.asked)))
                )
                for each in seen.report
            ]
        ),
    )
