"""What came before what, and what was asked for: evidence that no single sentence holds. Pure.

A criterion of evidence `order` is shown only where it was said, or asked for, before the criteria that it has to precede.
Asking for a fact shows the criterion that the fact sheet credits with it; the question's own words are the evidence.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.score import Evidence
from app.domain.transcript import Mark, SpanKind, Speaker, Telling, Turn
from app.material.corpus import Asked, RubricCriterion
from app.material.tasks import Scenario

SHOWN_AT = 0.5
ASKED_P = 0.98
"""Of a mark that rests on a question: it was heard by code, as a number is."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was said: turn, then offset in it."""

    seq: int
    start: int = 0


def asked_for(entry: Asked, turns: Sequence[Turn]) -> Mapping[str, Evidence]:
    """The question that first asked for a fact which credits a criterion, by criterion id."""
    if not isinstance(entry, Scenario):
        return {}
    credits = {fact.id: fact.credits for fact in entry.facts if fact.credits is not None}
    found: dict[str, Evidence] = {}
    given: set[str] = set()
    for before, turn in itertools.pairwise(turns):
        if turn.move is None or turn.question_id != entry.id or before.speaker is not Speaker.CANDIDATE:
            continue
        for fact in turn.move.facts:
            criterion_id = credits.get(fact.id)
            if fact.how is Telling.VOLUNTEERED:
                given.add(fact.id)
            elif criterion_id and fact.id not in given and fact.end > fact.start:
                words = before.text[fact.start : fact.end]
                found.setdefault(criterion_id, Evidence(words, before.id, fact.start, fact.end))
    return found


def place_of(evidence: Evidence, turns: Sequence[Turn]) -> Place:
    """Where the words stand."""
    return Place(next(turn.seq for turn in turns if turn.id == evidence.turn_id), evidence.start)


def answered_at(turns: Iterable[Turn], question_id: str, part_ids: Collection[str]) -> Place | None:
    """Where the first answer to one of these parts ends: within it, what came first is for its sentences to say."""
    for turn in turns:
        mine = turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id and turn.part_id in part_ids
        if mine and any(span.kind is SpanKind.ANSWER for span in turn.spans):
            return Place(turn.seq, len(turn.text))
    return None


def in_order(
    marks: Sequence[Mark],
    criteria: Sequence[RubricCriterion],
    first: Mapping[str, Place],
    asked: Mapping[str, Evidence],
    turns: Sequence[Turn],
    question_id: str,
) -> tuple[Mark, ...]:
    """The marks with what was asked for, and without what came too late.

    Args:
        marks: One a criterion, in the order of `criteria`, from words alone.
        criteria: Of the entry.
        first: Where each criterion was first shown or denied, as far as it was.
        asked: By `asked_for`.
        turns: The whole conversation.
        question_id: The entry's.
    """
    part_of = {each.criterion.id: each.part_id for each in criteria}
    found = []
    for mark, each in zip(marks, criteria, strict=True):
        question = asked.get(mark.criterion_id)
        at = first.get(mark.criterion_id) if mark.p_shown >= SHOWN_AT else None
        if question is not None:
            where = place_of(question, turns)
            if at is None or where < at:
                at, mark = where, Mark(mark.criterion_id, ASKED_P, 0.0, question.quote)
        if each.criterion.evidence == "order" and at is not None:
            rivals = [first[other] for other in each.criterion.before if other in first]
            parts = {part_of[other] for other in each.criterion.before if part_of.get(other)}
            answered = answered_at(turns, question_id, parts - {each.part_id})
            if any(rival < at for rival in (*rivals, *([answered] if answered else []))):
                mark = replace(mark, p_shown=0.02, p_contradicted=0.0, quote="")
        found.append(mark)
    return tuple(found)
