"""What is said to a turn that asks for something, or that is no answer at all."""

from __future__ import annotations

from dataclasses import replace

from app.domain.sentences import words as words_in
from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing import beside, fact_sheet
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.director.about_the_answer import about_the_answer
from app.interviewing.director.follow_ups import FOLLOW_UPS, probe
from app.interviewing.director.here import Here
from app.interviewing.director.hint import give_hint
from app.interviewing.director.next_part import next_part, part_over
from app.interviewing.director.onwards import onwards, open_part
from app.interviewing.director.open_criteria import best_open
from app.interviewing.director.script import Replies
from app.interviewing.phrases.about_the_turn import (
    AS_IT_WAS,
    ASK_LATER,
    ASSUME,
    ASSUME_SHORTLY,
    BADLY_PUT,
    ENGLISH,
    IN_THE_REPORT,
    LEAVE_GIVEN,
    NO_HURRY,
    NO_WORDS,
    NOT_MINE,
    NOTHING_MOVES,
    ON_THE_SCREEN,
    ONCE_MORE,
    OTHERWISE,
)
from app.interviewing.state import ANSWERED, OPENING_MOVES

_NO_ASIDES = (SpanKind.INSTRUCTION, SpanKind.HINT, SpanKind.OTHER_LANGUAGE)
"""Beside which nobody is taken to ask for leave."""


def about_the_turn(here: Here, replies: Replies) -> Move | None:
    """A move for a turn that asks for something, or that is no answer at all; None where the answer decides."""
    state = here.state
    if not state.spans:
        return here.again(MoveKind.REDIRECT, "the turn was empty", NO_WORDS.usual)
    if state.heard(SpanKind.END):
        return here.confirm_end()
    answered = any(span.kind in ANSWERED for span in state.spans)
    if here.own_story and not any(map(state.heard, _NO_ASIDES)) and state.last and beside.asks_leave(state.last):
        return here.say(MoveKind.CLARIFY, "asked whether they may choose what to tell", LEAVE_GIVEN.usual)
    if replies.facts:
        return _tell(here, replies)
    if state.last is not None and beside.lost(state.last.text) and not replies.clarification:
        return _put_otherwise(here)
    if here.question_over and not answered and not state.heard(SpanKind.HINT):
        return onwards(here, "the time for this question is used, and no answer came", kindly=True)
    if state.heard(SpanKind.CLARIFY) and not _asks_beside_an_answer(here, replies):
        return _follow_both(here, replies) or _clarify(here, replies)
    if state.heard(SpanKind.HINT):
        return _needs_none(here) or give_hint(here)
    if state.heard(SpanKind.REPEAT):
        return here.again(MoveKind.REPEAT, "asked to hear it again", ONCE_MORE.usual)
    if answered:
        return None
    if state.heard(SpanKind.THINK):
        return here.say(MoveKind.WAIT, "asked for time", NO_HURRY.usual)
    if state.heard(SpanKind.OTHER_LANGUAGE):
        return here.again(MoveKind.REDIRECT, "another language: not scored", ENGLISH.usual)
    note = NOTHING_MOVES.usual
    return here.again(MoveKind.REDIRECT, "words addressed to the grader: nothing moves, nothing scores", note)


def _put_otherwise(here: Here) -> Move:
    """The question in other words, to somebody who did not understand it; another one where there are none, or these failed too."""
    last = here.state.last_move
    move = last.move if last is not None else None
    before = here.before
    words = ""
    if move is not None and move.kind is MoveKind.PROBE:
        criterion = next((each for each in here.subject.criteria if each.id == move.criterion_id), None)
        words = criterion.drill.ask if criterion is not None and criterion.drill is not None else ""
    elif move is not None and move.kind in OPENING_MOVES:
        words = next((each for each in here.subject.otherwise if each not in before), "")
    reason = "did not understand the question"
    if words and words not in before:
        return here.say(MoveKind.CLARIFY, f"{reason}; in other words", f"{OTHERWISE.usual} {words}")
    wanted = move.criterion_id if move is not None else ""
    other = None if here.question_over else best_open(here, besides=wanted)
    if wanted and other is not None:
        return probe(here, other, before=f"{reason}, which has no other words; ", note=BADLY_PUT.usual)
    if wanted or here.told_again:
        return onwards(here, f"{reason}, which has no other words", kindly=True)
    return here.again(MoveKind.CLARIFY, f"{reason}; asked again", ONCE_MORE.usual)


def _needs_none(here: Here) -> Move | None:
    """What follows from an answer that shows what the hint would be for; None where it doesn't: no hint leads to something unasked."""
    last = here.state.last_move
    wanted = last.move.criterion_id if last is not None and last.move is not None else ""
    shown = any(point.id == wanted and point.shown for point in here.state.points)
    if not shown or not here.state.heard(SpanKind.ANSWER):
        return None
    following = about_the_answer(here)
    return replace(following, reason=f"asked for a hint for {wanted}, which they had just shown; {following.reason}")


def _clarify(here: Here, replies: Replies) -> Move:
    """The reply to a question about the question; to one question after the other, with what still waits for an answer."""
    found = replies.clarification
    reason = (
        "asked about the question; the corpus has a reply"
        if found
        else "asked about the question; nothing is given away"
    )
    words = found or _unanswered(here)
    if here.told_again:
        return here.again(MoveKind.CLARIFY, f"{reason}, and the question waits", words)
    return here.say(MoveKind.CLARIFY, reason, words)


def _unanswered(here: Here) -> str:
    """What is said to a question that the corpus has no reply to, as it fits what was asked about."""
    asked = here.state.words_of(SpanKind.CLARIFY)
    if beside.asks_how_it_goes(asked):
        return IN_THE_REPORT.usual
    if beside.is_of_the_post(asked) and here.own_story:
        return (ASK_LATER if here.own_questions_follow else NOT_MINE).usual
    if here.own_story:
        return AS_IT_WAS.usual
    if here.subject.editor:
        return ON_THE_SCREEN.usual
    return ASSUME.usual


def _follow_both(here: Here, replies: Replies) -> Move | None:
    """The reply to a question at the end of an answer, and what follows from the answer, in one breath; None where there is no room."""
    last = here.state.last
    if last is None or not beside.told_first(last) or here.subject.facts:
        return None
    note = replies.clarification or _unanswered(here)
    note = ASSUME_SHORTLY.usual if note == ASSUME.usual else note
    following = about_the_answer(here)
    if len(words_in(f"{note} {following.spoken}")) > MAX_SPOKEN_WORDS:
        return None
    reason = f"asked about the question beside an answer; {following.reason}"
    return replace(following, reason=reason, spoken=f"{note} {following.spoken}", bridge=False)


def _tell(here: Here, replies: Replies) -> Move:
    """The facts that were asked for, and no more; then the floor is the candidate's, or the next part's if its time has come.

    Who asks for what they know already is told again, and an answer around it is followed up in the same breath.
    """
    names = ", ".join(each.id for each in replies.facts)
    reason = f"asked for {names}"
    told = fact_sheet.words_of(here.subject, replies.facts)
    words = " ".join(filter(None, (told, replies.clarification, replies.rest)))
    known = all(each.id in here.facts_told for each in replies.facts)
    if known and (here.state.heard(SpanKind.ANSWER) or here.question_over):
        following = about_the_answer(here)
        fits = following.kind not in FOLLOW_UPS or len(words_in(f"{words} {following.spoken}")) <= MAX_SPOKEN_WORDS
        return replace(
            following,
            reason=f"{reason} again; {following.reason}",
            spoken=f"{words} {following.spoken}" if fits else following.spoken,
            facts=(*replies.facts, *following.facts) if fits else following.facts,
            bridge=following.bridge and not fits,
        )
    part = next_part(here) if part_over(here) and not here.question_over else None
    if part is None and known and here.told_again:
        return replace(
            here.again(MoveKind.CLARIFY, f"{reason} again, and the question waits", words), facts=replies.facts
        )
    if part is None:
        return replace(here.say(MoveKind.CLARIFY, f"{reason}; the fact sheet has it", words), facts=replies.facts)
    return open_part(here, part, f"{reason}; next part {part.id} is owed its time", before=words, facts=replies.facts)


def _asks_beside_an_answer(here: Here, replies: Replies) -> bool:
    """Whether a question is the candidate's own, thinking aloud: nothing to reply, and an answer around it.

    So it is in the midst of a design; elsewhere where the question before it was answered just now, or where they answer it
    themselves. Who only asks for a sign that they were understood gets it by what is asked next.
    """
    last = here.state.last
    if last is None or not here.state.heard(SpanKind.ANSWER):
        return False
    if beside.told_first(last) and beside.seeks_assent(here.state.words_of(SpanKind.CLARIFY)):
        return True
    own = bool(here.subject.facts) or here.told_again or beside.answered_by_oneself(last)
    return own and not replies.clarification
