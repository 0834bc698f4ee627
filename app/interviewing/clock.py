"""How much time is spent. The server's clock decides; what the candidate writes about time changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.interview import Interview, Mode
from app.domain.transcript import Speaker, Turn


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds spent, each at least 0."""

    interview_s: float
    round_s: float
    question_s: float


def spent(interview: Interview, turns: Sequence[Turn], now: datetime, *, round_slug: str, question_id: str) -> Spent:
    """Seconds in the whole interview, in the named round and on the named question, up to `now`.

    In exam mode the clock runs from the opening. In practice mode it runs only from an interviewer's completed turn to
    the candidate's answer, so that a slow model costs the candidate nothing.
    """
    total = in_round = on_question = 0.0
    for index, turn in enumerate(turns):
        if turn.speaker is not Speaker.INTERVIEWER or turn.move is None:
            continue
        following = turns[index + 1] if index + 1 < len(turns) else None
        if interview.mode is Mode.EXAM:
            after = next((later for later in turns[index + 1 :] if later.speaker is Speaker.INTERVIEWER), None)
            end = after.created_at if after else now
        else:
            end = following.created_at if following else (interview.paused_at or now)
        seconds = interview.waited_s(turn.created_at, end)
        total += seconds
        if turn.move.round == round_slug:
            in_round += seconds
        if turn.question_id == question_id:
            on_question += seconds
    return Spent(total, in_round, on_question)
