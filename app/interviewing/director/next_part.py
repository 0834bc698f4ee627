"""Which part of the question comes next, in which of its wordings, and whether its time has come."""

from __future__ import annotations

from app.interviewing.conditions import holds
from app.interviewing.director.here import Here
from app.interviewing.subject import Part
from app.material.tasks import CURVEBALL


def next_part(here: Here) -> Part | None:
    """The next part that may be asked now; low priorities are dropped first when time is short."""
    rest = _later_parts(here)
    for priority in (3, 2, 1):
        if sum(part.seconds for part in rest) <= here.seconds_for_question:
            break
        if any(part.priority < priority for part in rest):
            rest = [part for part in rest if part.priority < priority]
    return rest[0] if rest else None


def part_over(here: Here) -> bool:
    """Whether what is left of the question's time is owed to parts that have to be reached yet."""
    owed_s = sum(part.owed_s for part in _later_parts(here))
    return owed_s > 0 and here.seconds_for_question <= owed_s


def _later_parts(here: Here) -> list[Part]:
    """Those after the last one that was opened, as far as they may be."""
    parts = here.subject.parts
    opened = here.state.opened_parts
    last_index = max((index for index, part in enumerate(parts) if part.id in opened), default=-1)
    return [part for part in parts[last_index + 1 :] if _may_open(here, part)]


def _may_open(here: Here, part: Part) -> bool:
    said = {point.id for point in here.state.points if point.volunteered}
    if part.id != CURVEBALL and part.criteria and all(criterion.id in said for criterion in part.criteria):
        return False
    if not set(part.after) <= here.closed_ids():
        return False
    return bool(words_of(here, part))


def words_of(here: Here, part: Part) -> str:
    """The part's words as things stand: its other ones where its condition fails; "" where it is then left out."""
    if part.rung is None or _holds(here, part):
        return part.ask
    return part.otherwise


def _holds(here: Here, part: Part) -> bool:
    if part.rung is None or part.rung.when is None:
        return True
    claim = here.subject.claim.text if here.subject.claim else ""
    heard = here.state.answers if part.rung.if_not_mine is not None else f"{claim}\n{here.state.answers}"
    return holds(part.rung.when, heard=heard, role=here.interview.role, slots=here.slots)
