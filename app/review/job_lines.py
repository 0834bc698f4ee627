"""Which lines of a job description were tested, by the words of what was asked. Pure.

A line counts as tested where a question that was answered named a technique of the line, was planned for it, or asked for something
near to it in meaning. What nothing asked for stays untested, and what no question can test is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.candidate.job_description import JobLine, LineKind
from app.candidate.vocabulary import terms
from app.domain.interview import Interview
from app.domain.score import ASSESSED, Score
from app.domain.transcript import Speaker, Turn
from app.review.places import Places, Ref, Refs, merged, whole

NEAR_AT = 0.5
"""Likeness of a line to what was asked from which the line counts as tested.

**Measured** on sixteen lines against eighteen questions: lines that nothing tested came up to .43, so that likeness seldom decides.
"""
TOO_WIDE = frozenset(
    "machine learning;deep learning;data science;artificial intelligence;AI;ML;statistics;programming;production;cloud".split(
        ";"
    )
)
"""Names of whole fields: a question about one thing in them does not test the line."""
MAX_TESTED_BY = 3


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that was asked for: the interviewer's words, or the statement of a criterion that was assessed."""

    question_id: str
    text: str
    refs: Refs


@dataclass(frozen=True, slots=True)
class TestedBy:
    """How a question tests a line."""

    question_id: str
    how: str
    """`term`, `topic` (the plan has it for this line) or `likeness`."""
    term: str
    likeness: float | None
    refs: Refs


@dataclass(frozen=True, slots=True)
class TestedLine:
    """A line of the job description with what tested it; nothing where nothing did."""

    text: str
    start: int
    end: int
    kind: LineKind
    tested_by: tuple[TestedBy, ...]


@dataclass(frozen=True, slots=True)
class TestedLines:
    """The whole job description."""

    lines: tuple[TestedLine, ...]
    tested: int
    testable: int
    refs: Refs


def probes(turns: Sequence[Turn], scores: Sequence[Score]) -> tuple[Probe, ...]:
    """All that was asked for in questions that have an answer."""
    places = Places(tuple(turns))
    answered = {place.turn_id for place in places.answers()}
    with_answer = {turn.question_id for turn in turns if turn.id in answered and turn.question_id}
    found = [
        Probe(turn.question_id, turn.text, whole(turn))
        for turn in turns
        if turn.speaker is Speaker.INTERVIEWER and turn.question_id in with_answer and turn.text.strip()
    ]
    for score in scores:
        for criterion in score.criteria:
            if score.question_id in with_answer and criterion.state in ASSESSED:
                found.append(Probe(score.question_id, criterion.says, places.criterion(score.question_id, criterion)))
    return tuple(found)


def planned_for(interview: Interview, turns: Sequence[Turn]) -> Mapping[tuple[int, int], list[TestedBy]]:
    """Questions that the plan has for a line, by the line's place; those that were asked and have an answer."""
    places = Places(tuple(turns))
    found: dict[tuple[int, int], list[TestedBy]] = {}
    for question in interview.plan.askable:
        if places.answers(question.question_id):
            by = TestedBy(question.question_id, "topic", "", None, places.opening(question.question_id))
            for place in question.tests:
                found.setdefault((place.start, place.end), []).append(by)
    return found


def lines_tested(
    lines: Sequence[JobLine],
    asked: Sequence[Probe],
    likeness: NDArray[np.float32] | None,
    planned: Mapping[tuple[int, int], Sequence[TestedBy]] | None = None,
) -> TestedLines:
    """Each line with what tested it.

    Args:
        lines: Of the job description.
        asked: What was asked for.
        likeness: Cosines (testable lines, asked), in order; None where nothing can compare meanings, and then terms alone count.
        planned: What the plan had for a line, by its place.
    """
    by_term = _by_term(asked)
    found = []
    row = 0
    for line in lines:
        tested: list[TestedBy] = []
        if line.kind is LineKind.TESTABLE:
            for term in line.terms:
                if term.name not in TOO_WIDE:
                    tested += by_term.get(term.name, ())
            tested += (planned or {}).get((line.start, line.end), ())
            if likeness is not None and len(asked):
                tested += _by_likeness(asked, likeness[row])
            row += 1
        found.append(TestedLine(line.text, line.start, line.end, line.kind, _one_each(tested)))
    hit = [line for line in found if line.tested_by]
    return TestedLines(
        lines=tuple(found),
        tested=len(hit),
        testable=sum(1 for line in found if line.kind is LineKind.TESTABLE),
        refs=merged(*(by.refs for line in hit for by in line.tested_by)) or merged(*(each.refs for each in asked)),
    )


def _by_term(asked: Sequence[Probe]) -> Mapping[str, list[TestedBy]]:
    found: dict[str, list[TestedBy]] = {}
    for probe in asked:
        for term in terms(probe.text):
            spoken = len(probe.refs) == 1 and probe.refs[0].end - probe.refs[0].start == len(probe.text.strip())
            refs: Refs = probe.refs
            if spoken:
                at = probe.refs[0]
                indent = len(probe.text) - len(probe.text.lstrip())
                start = at.start + term.start - indent
                refs = (Ref(at.seq, start, start + len(term.text), False, at.turn_id),)
            found.setdefault(term.name, []).append(TestedBy(probe.question_id, "term", term.name, None, refs))
    return found


def _by_likeness(asked: Sequence[Probe], row: NDArray[np.float32]) -> list[TestedBy]:
    order = np.argsort(-row, kind="stable")
    return [
        TestedBy(asked[at].question_id, "likeness", "", round(float(row[at]), 2), asked[at].refs)
        for at in order
        if float(row[at]) >= NEAR_AT
    ]


def _one_each(tested: Sequence[TestedBy]) -> tuple[TestedBy, ...]:
    """The first for each question, terms before topics before likenesses."""
    found: dict[str, TestedBy] = {}
    for each in tested:
        found.setdefault(each.question_id, each)
    return tuple(found.values())[:MAX_TESTED_BY]
