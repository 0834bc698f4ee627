"""How an answer is followed up: a probe, a press, a check, two things that do not go together."""

from __future__ import annotations

from dataclasses import replace

from app.domain.sentences import words as words_in
from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing import beside, reasons
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.consistency import Clash
from app.interviewing.director.here import Here
from app.interviewing.phrases.follow_ups import BACK, HINT_THERE, RESPECTED, YOU_DID
from app.interviewing.slot_checks import Due, due
from app.interviewing.state import Conversation, Point

FOLLOW_UPS = frozenset({MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS})
"""Kept within `MAX_SPOKEN_WORDS`."""
LONG_ANSWER_WORDS = 150
"""From which an answer that showed nothing new is brought back to one thing."""
LEAST_TO_RECONCILE_S = 45
"""Left for the question: two things that do not go together are asked about where there is time to answer."""


def probe(here: Here, point: Point, before: str = "", note: str = "") -> Move:
    """The probe for a point; `before` begins its reason, and `note` its words where there is room for it."""
    near = (here.state.nearness or {}).get(point.id)
    standing = [str(point.kind), reasons.open_as(point.p_shown), reasons.near_as(near), reasons.left_as(here.left_s)]
    reason = f"{before}probed {point.id}: {', '.join(filter(None, standing))}"
    words = point.criterion.probe
    declined = here.state.last is not None and beside.declines(here.state.last)
    reminded = here.state.last is not None and beside.said_already(here.state.last.text)
    note = note or (RESPECTED.usual if declined else YOU_DID.usual if reminded else "")
    noted = f"{note} {words}"
    if note and len(words_in(noted)) <= MAX_SPOKEN_WORDS:
        return here.move(MoveKind.PROBE, reason, noted, criterion_id=point.id)
    offered = f"{HINT_THERE} {words}"
    stuck = here.state.heard(SpanKind.DONT_KNOW) and not here.state.heard(SpanKind.ANSWER)
    if stuck and HINT_THERE not in here.before and len(words_in(offered)) <= MAX_SPOKEN_WORDS:
        return here.move(MoveKind.PROBE, f"{reason}; a hint is offered", offered, criterion_id=point.id)
    back = f"{BACK.usual} {words}"
    if _rambled(here.state) and len(words_in(back)) <= MAX_SPOKEN_WORDS:
        reason, words = f"{reason}; a long answer showed nothing new, so back to one thing", back
    return here.move(MoveKind.PROBE, reason, words, criterion_id=point.id, bridge=True)


def _rambled(state: Conversation) -> bool:
    """Whether the last answer was long and showed nothing that had not been shown before."""
    return state.fruitless >= 1 and len(words_in(state.words_of(SpanKind.ANSWER))) >= LONG_ANSWER_WORDS


def press_on(here: Here) -> Move | None:
    """The press on a criterion that was shown; None where there is none, or no time to defend it."""
    for point in here.points_here:
        press = point.criterion.press
        if press is None or not point.shown or point.id in here.state.pressed or here.state.pressed:
            continue
        if here.seconds_for_question < 60:
            return None
        return here.move(
            MoveKind.PRESS,
            f"press on {point.id}: right, and worth defending",
            press.says,
            criterion_id=point.id,
            bridge=True,
        )
    return None


def reconcile(here: Here, clash: Clash) -> Move:
    """Asks about what does not go with the resume or an earlier answer."""
    where = "the resume" if clash.from_resume else "an earlier answer"
    move = here.move(MoveKind.RECONCILE, f"“{clash.now}” does not go with {where}: “{clash.before}”", clash.spoken)
    return replace(move, takes_up=clash.key, claim=clash.claim or move.claim)


def check_due(here: Here) -> Due | None:
    """The check that the last answer has made due, where there is time for it."""
    in_time = here.seconds_for_question >= LEAST_TO_RECONCILE_S and here.state.heard(SpanKind.ANSWER)
    return due(here.subject, here.state.turns, here.state.taken_up) if in_time else None


def ask_check(here: Here, check: Due) -> Move:
    """Asks for what a check of the candidate's own figures has made due."""
    return replace(here.move(MoveKind.CHECK, check.reason, check.spoken), takes_up=check.key)
