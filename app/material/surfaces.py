"""The surfaces of a question: in which words, on which case, with which numbers it is asked. Pure.

What was shown on one surface only may be the surface that was learned.
"""

from __future__ import annotations

import hashlib

from app.domain.interview import PlannedQuestion
from app.material.corpus import Corpus, drawn_numbers
from app.material.entries import Chain, Criterion, Question
from app.material.tasks import Analytics, Problem, Scenario

OWN = "question"
"""The question's own case; its rewordings and a company's opening are the same case in other words."""
DRILL = "drill"
"""The short question that a criterion has of its own."""


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
    if planned.own_drill:
        return DRILL
    return parallel(planned.parallel) if planned.parallel else OWN


def has_own_question(criterion: Criterion) -> bool:
    """Whether a drill can ask for it by its own question and the answer be judged: words against the same statement."""
    return criterion.drill is not None and criterion.evidence == "words" and criterion.drill.value is None


def fixed_surfaces(corpus: Corpus, question_id: str, criterion_id: str = "") -> tuple[str, ...] | None:
    """All surfaces of a question, those for the one criterion among them; None where they come with the interview.

    Raises:
        QuestionUnknown: there is no such question.
        KeyError: it has no such criterion.
    """
    entry = corpus.entry(question_id)
    if isinstance(entry, Question | Scenario):
        cases = tuple(parallel(number) for number in range(1, len(entry.parallel) + 1))
        own = (DRILL,) if criterion_id and has_own_question(corpus.rubric(question_id).criterion(criterion_id)) else ()
        return (OWN, *cases, *own)
    return (OWN,) if isinstance(entry, Problem) else None
