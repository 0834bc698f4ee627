"""Conversations that were held elsewhere, stored as closed interviews: searched, reviewed and scored again like those held here."""

from __future__ import annotations

import uuid
from dataclasses import replace

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api import render
from app.api.dependencies import CandidateDep, ServicesDep, TranscriptsDep
from app.api.elsewhere_schemas import SaidIn
from app.api.interview_schemas import InterviewOut
from app.api.moments import Moment
from app.api.responses import problems
from app.api.schemas import Slug
from app.api.texts import Name
from app.domain.errors import CompanyUnknown, ExamStillOpen, RoleUnknown, TranscriptInvalid
from app.domain.interview import Interview, InterviewState, Mode, Origin, Plan, Seniority, Strictness
from app.interviewing.intake import readable
from app.persistence.unit_of_work import ReadUnit
from app.scoring.elsewhere import MAX_BYTES, MAX_TURNS, Conversation, of_turns, read

router = APIRouter(prefix="/v1/interviews/import", tags=["interviews"])

MINUTES = 60
"""Of an interview whose length nobody told."""


class ImportIn(BaseModel):
    """A conversation from elsewhere: give `turns`, or `transcript`, and not both."""

    model_config = ConfigDict(extra="forbid")

    turns: list[SaidIn] = Field(default=[], max_length=MAX_TURNS)
    transcript: str = Field(
        default="",
        max_length=MAX_BYTES,
        description="A file's text: JSON turns, or lines that begin with a speaker and a colon.",
        examples=["Interviewer: What is data leakage?\nCandidate: Information that won't be there when it predicts."],
    )
    role: Slug = "ml-engineer"
    seniority: Seniority = Seniority.MID
    company: Slug = "neutral"
    title: Name = Field(default="", description="Your own name for it.")
    held_at: Moment | None = Field(default=None, description="When it was held; now, if left out.")

    @model_validator(mode="after")
    def _one_of_two(self) -> ImportIn:
        if bool(self.turns) == bool(self.transcript):
            raise ValueError("give either turns or transcript")
        return self


class ImportedQuestionOut(BaseModel):
    """What became of a question."""

    model_config = ConfigDict(from_attributes=True)

    seqs: list[int] = Field(description="Of the turns on it.")
    question_id: str | None = Field(description="Null where it is not assessed.")
    why_not: str
    level: int | None


class ImportedOut(BaseModel):
    """The interview that the conversation is now."""

    interview: InterviewOut
    matched: int = Field(description="Questions that the corpus asks too.")
    not_assessed: int
    questions: list[ImportedQuestionOut]
    left_out: list[str] = Field(description="What was passed over while reading.")


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    operation_id="importInterview",
    responses=problems(400, 409, 413, 422),
)
async def import_(body: ImportIn, judges: TranscriptsDep, held: ServicesDep, candidate_id: CandidateDep) -> ImportedOut:
    """Stores a conversation from elsewhere as a closed interview, with scores for the questions that the corpus asks too."""
    async with held.store.read() as work:
        await _refuse_in_an_exam(work, candidate_id)
    if body.role not in held.corpus.roles:
        raise RoleUnknown(body.role, tuple(sorted(held.corpus.roles)))
    if body.company not in held.corpus.companies:
        raise CompanyUnknown(body.company, tuple(sorted(held.corpus.companies)))
    given = of_turns([(turn.speaker, turn.text) for turn in body.turns]) if body.turns else read(body.transcript)
    conversation = _readable(given)
    now = held.now()
    held_at = body.held_at or now
    interview = Interview(
        id=uuid.uuid4().hex,
        candidate_id=candidate_id,
        state=InterviewState.CLOSED,
        role=body.role,
        seniority=body.seniority,
        company=body.company,
        mode=Mode.PRACTICE,
        strictness=Strictness.STANDARD,
        minutes=MINUTES,
        seed=0,
        plan=Plan(()),
        version=1,
        created_at=now,
        opened_at=held_at,
        closed_at=held_at,
        origin=Origin.ELSEWHERE,
        title=body.title,
    )
    made = await judges.hold(conversation, interview, new_id=lambda: uuid.uuid4().hex)
    async with held.store.write() as work:
        # Asked again: judging took a while.
        await _refuse_in_an_exam(work, candidate_id)
        await work.interviews.add(interview)
        for turn in made.turns:
            await work.turns.append(turn)
        for score in made.scores:
            await work.scores.add(interview.id, score)
        await work.commit()
    return ImportedOut(
        interview=render.interview(interview),
        matched=len(made.scores),
        not_assessed=len(made.questions) - len(made.scores),
        questions=[ImportedQuestionOut.model_validate(each) for each in made.questions],
        left_out=list(conversation.left_out),
    )


async def _refuse_in_an_exam(work: ReadUnit, candidate_id: str) -> None:
    exam = await work.interviews.open_exam(candidate_id)
    if exam is not None:
        raise ExamStillOpen(exam)


def _readable(given: Conversation) -> Conversation:
    """The conversation as its words are stored: nothing invisible in them, and turns that then are empty left out."""
    kept = [(turn, text) for turn in given.turns if (text := readable(turn.text))]
    if not kept:
        raise TranscriptInvalid("line 1", "nobody says anything in it")
    return replace(given, turns=tuple(replace(turn, index=at, text=text) for at, (turn, text) in enumerate(kept)))
