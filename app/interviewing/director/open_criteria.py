"""What is still open here: which criterion may be asked for, and which a hint is for."""

from __future__ import annotations

from app.domain.score import CriterionKind
from app.domain.transcript import Move, MoveKind
from app.interviewing.director.choosing import WEIGHT
from app.interviewing.director.here import Here
from app.interviewing.director.next_part import next_part
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.state import Point

SURE_AT = 0.6
"""Below it a must that nobody asked for is asked for once, before its question is left.

**Measured** on 340 talks of scripted candidates: of such musts believed at 0.5 to 0.6, 24 of 40 had not been shown, of all above 40 of 434.
"""
LEAST_TO_MAKE_SURE_S = 60.0


def best_open(here: Here, besides: str = "") -> Point | None:
    """The open criterion to ask for; None where there is none, or where enough was asked."""
    candidates = [point for point in here.points_here if point.id != besides and _may_probe(here, point)]
    if here.subject.staged and next_part(here) is not None:
        # What an earlier part left open waits: one stage at a time, and the rest if there is time in the end.
        candidates = [point for point in candidates if here.state.part and point.part_id == here.state.part.id]
    if not candidates or not _may_follow_up(here):
        return None
    return here.choose(candidates, here.state.nearness or {}, here.state.fruitless)


def doubtful_must(here: Here) -> Point | None:
    """A must that is only just believed, was never asked for, and is worth the minute that is left; None if there is none."""
    if not _may_follow_up(here) or here.seconds_for_question < LEAST_TO_MAKE_SURE_S:
        return None
    part = here.state.part.id if here.state.part else ""
    found = [
        point
        for point in here.points_here
        if point.kind is CriterionKind.MUST
        and point.criterion.evidence == "words"
        and point.shown
        and point.p_shown < SURE_AT
        and not point.probes
        and point.id not in here.state.pressed
        and (not here.subject.staged or point.part_id == part)
    ]
    return min(found, key=lambda point: point.p_shown, default=None)


def focus(here: Here) -> Point | None:
    """The criterion that a hint is for: the one just probed while it is open, else the best open one."""
    turn = here.state.last_move
    wanted = turn.move.criterion_id if turn is not None and turn.move is not None else ""
    for point in here.points_here:
        if point.id == wanted and not point.shown:
            return point
    open_points = [
        point
        for point in here.points_here
        if not point.shown and not point.too_late and set(point.criterion.after) <= here.closed_ids()
    ]
    part_here = here.state.part.id if here.state.part else ""
    open_points = [point for point in open_points if point.part_id == part_here] or open_points
    return max(open_points, key=lambda point: WEIGHT[point.kind], default=None)


def _may_probe(here: Here, point: Point) -> bool:
    """Open, its predecessors closed, and of a kind that this round still digs for."""
    order = [CriterionKind.MUST, CriterionKind.SHOULD, CriterionKind.BONUS]
    deepest = order.index(CriterionKind(rules_of(here.round).deepest_kind))
    if here.subject.drill:
        deepest = order.index(CriterionKind.BONUS)
    elif point.kind is CriterionKind.BONUS and not _strong(here):
        return False
    if point.criterion.evidence == "tests" and not here.subject.without_tests:
        return False  # Code shows it, and no words.
    return not point.closed and order.index(point.kind) <= deepest and set(point.criterion.after) <= here.closed_ids()


def _strong(here: Here) -> bool:
    """Every must of the opened parts is shown: worth going deeper."""
    musts = [point for point in here.points_here if point.kind is CriterionKind.MUST]
    return bool(musts) and all(point.shown for point in musts)


def _may_follow_up(here: Here) -> bool:
    """Whether the round allows one more follow-up here; a drill asks for all that it is about, where the round asks at all."""
    rules = rules_of(here.round)
    if here.subject.drill:
        return rules.probes_a_question > 0
    if here.subject.staged and len(_probes_of_part(here)) >= rules.probes_a_part:
        return False
    return len(_probes(here)) < rules.probes_a_question


def probes_made(here: Here) -> int:
    """Follow-ups of the interviewer on this subject; where its parts stand by themselves, on this part."""
    return len(_probes(here)) if not here.subject.staged else len(_probes_of_part(here))


def _probes(here: Here) -> list[Move]:
    return [
        turn.move
        for turn in here.state.turns
        if turn.move is not None
        and turn.question_id == here.subject.question_id
        and turn.move.kind in {MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS}
    ]


def _probes_of_part(here: Here) -> list[Move]:
    part_here = here.state.part.id if here.state.part else ""
    return [move for move in _probes(here) if move.part_id == part_here]
