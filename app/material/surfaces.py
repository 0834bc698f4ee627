"""The surfaces of a question: in which words, on which case, with which numbers it is asked. Pure.

What was shown on one surface only may be the surface that was learned.
"""

from __future__ import annotations

import hashlib
import re

from app.domain.errors import QuestionUnknown
from app.domain.interview import PlannedQuestion
from app.material.corpus import Asked, Corpus, drawn_numbers, parts_of
from app.material.entries import Chain, Question
from app.material.tasks import Analytics, Problem, Scenario

_SENTENCE_ENDS = re.compile(r"[.!?]\s+")
OWN = "question"
"""The question's own case; its rewordings and a company's opening are the same case in other words."""


def parallel(number: int) -> str:
    """The surface of a question's parallel case, counted from 1."""
    return f"parallel-{number}"


def parallel_number(surface: str) -> int:
    """The number of a parallel case; 0 for any other surface."""
    number = surface.removeprefix("parallel-")
    return int(number) if number != surface else 0


def own_words(corpus: Corpus, question_id: str) -> str:
    """What a question says before anything is answered; of a chain, the technique that it is about.

    Raises:
        QuestionUnknown: there is no such question.
    """
    match corpus.entry(question_id):
        case Chain() as chain:
            return chain.technique
        case Scenario() | Analytics() as entry:
            return entry.opening
        case entry:
            return entry.ask


def further_words(corpus: Corpus, question_id: str, criterion_id: str) -> str:
    """What asks for a criterion after the words of `own_words`, which somebody who missed it has heard.

    "" where those words asked for it themselves, and where what asks for it says something else in each interview.

    Raises:
        QuestionUnknown: there is no such question.
    """
    entry = corpus.entry(question_id)
    found = next((part for part in parts_of(entry) if part.criterion.id == criterion_id), None)
    if found is None:
        return ""
    said = found.criterion.probe if found.criterion.asked_by == "probe" else _asks(entry, found.part_id)
    return "" if "{" in said else said.strip()


def _asks(entry: Asked, part: str) -> str:
    """What opens a part of a question; "" where its own words do."""
    match entry:
        case Chain():
            return next((rung.ask for rung in entry.rungs if rung.id == part), "")
        case Scenario():
            return next((stage.ask for stage in entry.stages if stage.id == part), "")
        case Analytics():
            return next((each.ask for each in entry.questions if each.id == part), "")
        case Problem():
            return entry.follow_up.ask if entry.follow_up is not None and part else ""
        case _:
            return ""


def without_lead_in(corpus: Corpus, question_id: str, spoken: str) -> str:
    """What was spoken from where the question itself begins: no greeting and no word about the question before it.

    A chain begins with the sentence that quotes the claim it is about. Unchanged where none of the question's wordings, or no
    quotation, is found in it.
    """
    try:
        entry = corpus.entry(question_id)
    except QuestionUnknown:
        return spoken
    match entry:
        case Chain():
            return spoken[_sentence_of(spoken, spoken.find('"')) :]
        case Question():
            wordings = (entry.ask, *entry.rewordings, *entry.parallel, *entry.lenses.values())
        case Scenario():
            wordings = (entry.opening, *entry.rewordings, *entry.parallel, *entry.lenses.values())
        case Analytics():
            wordings = (entry.opening,)
        case Problem():
            wordings = (entry.ask,)
    begins = [at for at in (spoken.find(each.strip()) for each in wordings) if at >= 0]
    return spoken[min(begins) :] if begins else spoken


def _sentence_of(text: str, at: int) -> int:
    """Where the sentence begins that place `at` lies in; 0 for a place before the text."""
    return max((end.end() for end in _SENTENCE_ENDS.finditer(text, 0, max(at, 0))), default=0)


def surface_of(corpus: Corpus, planned: PlannedQuestion, seed: int, criterion_id: str) -> str:
    """What a criterion was asked on in the interview of that seed; `OWN` where the corpus has the question no more."""
    question_id = planned.question_id
    if question_id in corpus.analytics:
        return f"table {seed}"
    if question_id in corpus.chains:
        for rung in corpus.chains[question_id].rungs:
            if rung.draw and any(criterion.id == criterion_id for criterion in rung.criteria):
                drawn = drawn_numbers(seed, question_id, rung.id, rung.draw)
                return "numbers " + ", ".join(f"{name} {value:g}" for name, value in sorted(drawn.items()))
        claim = planned.claim.text if planned.claim is not None else ""
        return f"claim {hashlib.sha256(claim.encode()).hexdigest()[:12]}"
    return parallel(planned.parallel) if planned.parallel else OWN


def fixed_surfaces(corpus: Corpus, question_id: str) -> tuple[str, ...] | None:
    """All surfaces of a question; None where they come with the interview.

    Raises:
        QuestionUnknown: there is no such question.
    """
    entry = corpus.entry(question_id)
    if isinstance(entry, Question | Scenario):
        return (OWN, *(parallel(number) for number in range(1, len(entry.parallel) + 1)))
    return (OWN,) if isinstance(entry, Problem) else None
