"""Where the conversation goes when nothing more is asked here: the next part, question or round, or the end."""

from __future__ import annotations

from dataclasses import replace

from app.domain.sentences import words as words_in
from app.domain.transcript import FactTold, Move, MoveKind, SpanKind
from app.interviewing import beside, fact_sheet
from app.interviewing.director.here import Here
from app.interviewing.director.next_part import next_part, words_of
from app.interviewing.director.next_question import next_question, recalled_by
from app.interviewing.director.opening_and_closing import CLOSING, announced
from app.interviewing.phrases.about_the_turn import BADLY_PUT
from app.interviewing.phrases.onwards import KINDLY_ON, LEFT_THERE, SOMETHING_ELSE, THANKS, UNASKED
from app.interviewing.phrases.stock import Stock
from app.interviewing.subject import Part


def onwards(here: Here, reason: str, *, skip_parts: bool = False, kindly: bool = False) -> Move:
    """The next part, the next question, the next round, or the end: the first that there is."""
    if not skip_parts and not here.question_over:
        part = next_part(here)
        if part is not None:
            before = (BADLY_PUT if _is_lost(here) else KINDLY_ON).usual if kindly else ""
            step = "part" if here.subject.staged else "rung"
            return open_part(here, part, f"{reason}; next {step} {part.id}", before=before)
    following = next_question(here)
    if following is None:
        return here.move(MoveKind.CLOSE, f"{reason}; the plan is done", CLOSING)
    planned, question, chosen = following
    reason = f"{reason}; {chosen}" if chosen else reason
    subject = here.script.subjects[question.question_id]
    part = subject.parts[0]
    if planned.round != here.round:
        kind, before = MoveKind.CHANGE_ROUND, announced(here.state, planned.round)
    else:
        kind = MoveKind.MOVE_ON
        before = _leaving(here).usual if kindly else SOMETHING_ELSE.usual
    found = recalled_by(here, question)
    if found is not None:
        # Words said just now lead on by themselves: something that they lead to is nothing else.
        leads_on = found.just_now and kind is MoveKind.MOVE_ON and not kindly
        before = found.spoken if leads_on else f"{before} {found.spoken}"
        reason = f"{reason}; takes up “{found.quote}”"
    return Move(
        kind,
        f"{reason}; next {question.question_id}",
        f"{before} {part.ask}".strip(),
        takes_up=found.key if found is not None else "",
        round=planned.round,
        question_id=question.question_id,
        part_id=part.id,
        claim=subject.claim,
        table=subject.table,
        facts=fact_sheet.volunteered(subject, part.id, ()),
    )


def open_part(here: Here, part: Part, reason: str, before: str = "", facts: tuple[FactTold, ...] = ()) -> Move:
    """Asks a part; what its stage volunteers and nobody asked for is told first. `before` tells `facts`."""
    known = {*here.facts_told, *(each.id for each in facts)}
    more = fact_sheet.volunteered(here.subject, part.id, known)
    words = words_of(here, part)
    said = fact_sheet.words_of(here.subject, fact_sheet.beyond(here.subject, more, words))
    told = f"{UNASKED.usual} {said}" if said else ""
    words = " ".join(filter(None, (before, told, words)))
    move = here.move(MoveKind.ASK, reason, words, bridge=not before and not told)
    return replace(move, part_id=part.id, facts=(*facts, *more))


def _leaving(here: Here) -> Stock:
    """How a question is left that led nowhere: whoever told something of it is thanked, and not comforted."""
    if _is_lost(here):
        return BADLY_PUT
    told = not here.state.heard(SpanKind.DONT_KNOW) and len(words_in(here.state.words_of(SpanKind.ANSWER)))
    return THANKS if told and told >= beside.LEAST_TOLD else LEFT_THERE


def _is_lost(here: Here) -> bool:
    """Whether the last turn said that the question was not understood: the question is to blame then."""
    return here.state.last is not None and beside.lost(here.state.last.text)
