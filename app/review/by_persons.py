"""What persons make of criteria, beside the machine's marks: who, what and why. No level rests on it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.remarks import LabellerRole, Override
from app.domain.score import CriterionState, Score
from app.review.labels import latest
from app.review.places import Places, Ref, Refs, merged

_WHO = {
    LabellerRole.CANDIDATE: "the candidate",
    LabellerRole.PEER: "a peer",
    LabellerRole.COACH: "a coach",
    LabellerRole.EXPERT: "an expert",
}


@dataclass(frozen=True, slots=True)
class PersonsMark:
    """How a person judges a criterion, with what the machine says of it now."""

    override: Override
    machine_now: CriterionState | None
    """None where the current score has no such criterion."""
    refs: Refs
    """The words that were marked; else what the machine's own mark stands on."""

    @property
    def otherwise(self) -> bool:
        """Whether the machine says something else."""
        return self.override.state is not self.machine_now

    @property
    def who(self) -> str:
        """`Dana, a coach`, or `a coach` where no name was given."""
        role = _WHO[self.override.role]
        return f"{self.override.by}, {role}" if self.override.by else role


@dataclass(frozen=True, slots=True)
class PersonsMarks:
    """All of them in one interview, for whoever reads a level and asks what it rests on."""

    judged: int
    """Criteria that a person judged."""
    otherwise: int
    """Those that one of them judges otherwise than the machine."""
    refs: Refs

    @property
    def says(self) -> str:
        """What the levels rest on."""
        if not self.judged:
            return "Every level rests on the machine's marks alone."
        of = "1 criterion" if self.judged == 1 else f"{self.judged} criteria"
        return (
            f"Every level rests on the machine's marks. Persons judged {of}, {self.otherwise or 'none'} otherwise; "
            "their marks stand beside the machine's and change no level."
        )


def marks_of(
    question_id: str, score: Score | None, overrides: Sequence[Override], places: Places
) -> tuple[PersonsMark, ...]:
    """The latest mark of each person on each criterion of a question, oldest first. `overrides`: all of the interview."""
    kept = latest(overrides)
    criteria = {one.criterion_id: one for one in score.criteria} if score is not None else {}
    seqs = {turn.id: turn.seq for turn in places.turns}
    found = []
    for each in overrides:
        if each.question_id != question_id or each.id not in kept:
            continue
        now = criteria.get(each.criterion_id)
        if each.turn_id in seqs:
            refs: Refs = (Ref(seqs[each.turn_id], each.start, each.end, False, each.turn_id),)
        else:
            refs = places.criterion(question_id, now) if now is not None else places.opening(question_id)
        found.append(PersonsMark(each, now.state if now is not None else None, refs))
    return tuple(found)


def counted(marks: Sequence[PersonsMark]) -> PersonsMarks:
    """How many criteria persons judged, and how many otherwise."""
    judged = {(each.override.question_id, each.override.criterion_id) for each in marks}
    otherwise = {(each.override.question_id, each.override.criterion_id) for each in marks if each.otherwise}
    return PersonsMarks(len(judged), len(otherwise), merged(*(each.refs for each in marks)))
