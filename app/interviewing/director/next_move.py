"""What happens next. Pure: a conversation in, a move with its reason and its complete words out.

The model never decides. It may only be asked, by `bridge`, for a sentence that leads to the words decided here.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.transcript import Move, MoveKind, Speaker
from app.interviewing import reasons
from app.interviewing.director.about_code import about_code
from app.interviewing.director.about_the_answer import about_the_answer
from app.interviewing.director.about_the_turn import about_the_turn
from app.interviewing.director.candidate_questions import candidate_questions
from app.interviewing.director.choosing import Choose, worth_most
from app.interviewing.director.here import Here
from app.interviewing.director.opening_and_closing import OUT_OF_TIME, opening
from app.interviewing.director.script import Replies, Script
from app.interviewing.phrases.candidate_questions import UNKNOWN
from app.interviewing.phrases.said_once import fresh
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.state import Conversation


def next_move(
    state: Conversation, script: Script, replies: Replies | None = None, *, choose: Choose = worth_most
) -> Move:
    """The one move that follows. Every reachable state has one; an interview past its time gets `CLOSE`."""
    replies = replies or Replies()
    move = _decide(state, script, replies, choose)
    said = [turn.text for turn in state.turns if turn.speaker is Speaker.INTERVIEWER]
    own = [(replies.does_not_know, UNKNOWN), *((words, None) for words in _leaving_words(state))]
    return replace(move, spoken=fresh(move.spoken, said, own=own))


def _leaving_words(state: Conversation) -> tuple[str, ...]:
    return (state.subject.leave_says,) if state.subject is not None and state.subject.leave_says else ()


def _decide(state: Conversation, script: Script, replies: Replies, choose: Choose) -> Move:
    if state.subject is None:
        return opening(state, script)
    here = Here(state, script, choose)
    if here.out_of_time:
        return here.move(
            MoveKind.CLOSE, f"out of time: {reasons.clock_as(here.left_s)} left of the interview", OUT_OF_TIME
        )
    if rules_of(here.round).answers_questions:
        return candidate_questions(here, replies)
    return about_code(here) or about_the_turn(here, replies) or about_the_answer(here)
