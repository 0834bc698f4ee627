"""The clock of an interview as its candidate may see it: what is spent, of how much, and in which round."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import NOT_FOUND
from app.api.schemas import Id
from app.domain.interview import InterviewState, Mode
from app.domain.transcript import Speaker
from app.interviewing.clock import spent

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["interviews"])


class RoundClockOut(BaseModel):
    """A round of the plan and where it stands."""

    round: str
    minutes: float
    state: Literal["done", "now", "ahead"]


class ClockOut(BaseModel):
    """Time spent and time there is."""

    running: bool = Field(description="Whether it runs at this moment.")
    elapsed_s: float = Field(ge=0)
    budget_s: float = Field(gt=0)
    round_elapsed_s: float = Field(ge=0, description="In the round that is going on; 0 where none is.")
    rounds: list[RoundClockOut]


@router.get("/clock", operation_id="readClock", responses=NOT_FOUND)
async def read(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> ClockOut:
    """What is spent. In practice it runs from the interviewer's completed turn to the answer, in an exam from the opening."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id)
    asked = [
        turn for turn in turns if turn.speaker is Speaker.INTERVIEWER and turn.move is not None and turn.move.round
    ]
    here = asked[-1].move.round if asked and asked[-1].move is not None else ""
    planned = [each.round for each in interview.plan.rounds]
    is_open = interview.state is InterviewState.OPEN
    place = planned.index(here) if here in planned else -1
    until = interview.closed_at or held.now()
    found = spent(interview, turns, until, round_slug=here, question_id="")
    waits = bool(turns) and turns[-1].speaker is Speaker.CANDIDATE
    return ClockOut(
        running=is_open and interview.paused_at is None and (interview.mode is Mode.EXAM or not waits),
        elapsed_s=found.interview_s,
        budget_s=interview.minutes * 60,
        round_elapsed_s=found.round_s if is_open else 0.0,
        rounds=[
            RoundClockOut(
                round=each.round,
                minutes=each.minutes,
                state="now" if is_open and at == place else "done" if at <= place else "ahead",
            )
            for at, each in enumerate(interview.plan.rounds)
        ],
    )
