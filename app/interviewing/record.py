"""What is stored beside the words: the interviewer's turn, the end of an interview, the judging that has become due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.interview import CloseReason, Interview, InterviewState
from app.domain.score import Assessment, AssessmentState
from app.domain.transcript import Speaker, Turn
from app.interviewing.reply import Reply
from app.interviewing.state import current_question
from app.persistence.unit_of_work import UnitOfWork


class Record:
    """Writes into the transaction that it is given; commits nothing."""

    def __init__(self, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._now = now
        self._new_id = new_id

    def turn_of(self, interview: Interview, seq: int, reply: Reply) -> Turn:
        """The interviewer's turn of a reply, with all that was decided and asked for it."""
        return Turn(
            id=self._new_id(),
            interview_id=interview.id,
            seq=seq,
            speaker=Speaker.INTERVIEWER,
            text=reply.text,
            created_at=self._now(),
            question_id=reply.move.question_id,
            part_id=reply.move.part_id,
            marks=reply.marks,
            move=reply.move,
            passages=reply.passages,
            generation=reply.generation,
        )

    async def close(
        self, work: UnitOfWork, interview: Interview, turns: Sequence[Turn], reason: CloseReason
    ) -> Interview:
        """Ends an interview; its last question is to be judged."""
        closed = replace(
            interview.running(self._now()), state=InterviewState.CLOSED, closed_at=self._now(), close_reason=reason
        )
        closed = await work.interviews.save(closed, expected_version=interview.version)
        here = current_question(interview, turns)
        if here is not None:
            await self.assess(work, interview.id, here[1].question_id)
        return closed

    async def assess(self, work: UnitOfWork, interview_id: str, question_id: str) -> None:
        """Stores that a question is over and waits for its judge."""
        await work.assessments.add(
            Assessment(self._new_id(), interview_id, question_id, AssessmentState.PENDING, 0, self._now())
        )
