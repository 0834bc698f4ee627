"""What follows from an answer: it is followed up, brought to another part, or left."""

from __future__ import annotations

from dataclasses import replace

from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing import beside, fact_sheet, reasons
from app.interviewing.conditions import was_anothers
from app.interviewing.director.follow_ups import LEAST_TO_RECONCILE_S, ask_check, check_due, press_on, probe, reconcile
from app.interviewing.director.here import Here
from app.interviewing.director.next_part import part_over, words_of
from app.interviewing.director.onwards import onwards, open_part
from app.interviewing.director.open_criteria import best_open, doubtful_must, probes_made


def about_the_answer(here: Here) -> Move:
    """The first that fits; what is only worth asking comes after what has to be said."""
    state, subject = here.state, here.subject
    if state.last is not None and state.heard(SpanKind.DONT_KNOW) and beside.wants_on(state.last.text):
        return onwards(here, "asked to go on", kindly=True)
    if state.heard(SpanKind.DONT_KNOW) and not here.question_over:
        helped = fact_sheet.helped(subject, state.turns, here.facts_told)
        if helped:
            names = ", ".join(each.id for each in helped)
            words = fact_sheet.words_of(subject, helped)
            return replace(here.say(MoveKind.CLARIFY, f"could not estimate {names}", words), facts=helped)
    if here.question_over:
        return onwards(
            here,
            f"the time for this question is used: {reasons.clock_as(state.time.question_s)} of {reasons.clock_as(subject.seconds)}",
        )
    if state.clash is not None and not subject.drill and here.seconds_for_question >= LEAST_TO_RECONCILE_S:
        return reconcile(here, state.clash)
    another = _anothers_work(here)
    if another is not None:
        return another
    for misconception in subject.misconceptions:
        if misconception.id in state.seen_misconceptions and misconception.id not in state.challenged:
            return here.move(
                MoveKind.CHALLENGE,
                f"heard the misconception {misconception.id}",
                misconception.challenge,
                misconception_id=misconception.id,
                criterion_id=misconception.spoils or "",
                bridge=True,
            )
    check = check_due(here)
    if check is not None and check.is_sum:
        return ask_check(here, check)
    if state.fruitless >= subject.leave_after and probes_made(here) >= 1:
        return _leave(here)
    if part_over(here):
        return onwards(here, f"what is left of {reasons.clock_as(subject.seconds)} is owed to what comes next")
    pressed = press_on(here)
    if pressed is not None:
        return pressed
    point = best_open(here)
    if point is not None:
        return probe(here, point)
    doubtful = doubtful_must(here)
    if doubtful is not None:
        return probe(here, doubtful, before="believed shown, and not surely; ")
    if check is not None:
        return ask_check(here, check)
    return onwards(here, "nothing is open here")


def _anothers_work(here: Here) -> Move | None:
    """To a part that can be asked of somebody who did not do the work; None where the answer says nothing of the kind."""
    part = here.state.part
    way = part.rung.if_not_mine if part is not None and part.rung is not None else None
    if way is None or way.to in here.state.opened_parts or not was_anothers(here.state.words_of(SpanKind.ANSWER)):
        return None
    target = next((each for each in here.subject.parts if each.id == way.to), None)
    if target is None or not words_of(here, target):
        return None
    return open_part(here, target, "the work was another's: what lies between is not asked", before=way.says)


def _leave(here: Here) -> Move:
    """After fruitless answers: to a part that can be answered, or kindly away."""
    subject = here.subject
    reason = f"{here.state.fruitless} answers in a row showed nothing new"
    if subject.leave_to and subject.leave_to not in here.state.opened_parts:
        target = next((part for part in subject.parts if part.id == subject.leave_to), None)
        if target is not None and words_of(here, target):
            return open_part(here, target, reason, before=subject.leave_says)
    return onwards(here, reason, skip_parts=not subject.staged, kindly=True)
