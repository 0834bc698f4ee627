"""What is said as an interview or a round begins, and as an interview ends."""

from __future__ import annotations

from app.domain.transcript import Move, MoveKind
from app.interviewing import fact_sheet
from app.interviewing.director.script import Script
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.state import Conversation

CLOSING = "That's all from me. Thank you for your time; your report is being put together now."
OUT_OF_TIME = "I have to stop us here, the time is up. Thank you; your report is being put together now."


def opening(state: Conversation, script: Script) -> Move:
    """The introduction, the first round's announcement and its first question."""
    first_round = next((planned for planned in state.interview.plan.rounds if planned.questions), None)
    if first_round is None:
        return Move(MoveKind.CLOSE, "the plan has no question", CLOSING)
    first = first_round.questions[0]
    subject = script.subjects[first.question_id]
    part = subject.parts[0]
    words = f"{script.introduction} {announced(state, first_round.round)} {part.ask}"
    return Move(
        MoveKind.OPEN,
        "the interview begins",
        words,
        round=first_round.round,
        question_id=first.question_id,
        part_id=part.id,
        claim=subject.claim,
        table=subject.table,
        facts=fact_sheet.volunteered(subject, part.id, ()),
    )


def announced(state: Conversation, round_slug: str) -> str:
    """The round's announcement, after what is said of the resume where there is one."""
    rules = rules_of(round_slug)
    return f"{rules.on_a_resume if state.interview.resume_id else ''} {rules.announcement}".strip()
