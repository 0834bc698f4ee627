"""What a candidate could say on a question, with what each sentence earns: from the corpus's examples and computed answers."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.interview import Interview
from app.domain.score import VerdictState
from app.interviewing.subject import Part, Subject
from app.material.corpus import Corpus
from app.material.entries import Criterion, Exemplar
from app.material.tasks import Problem
from app.scoring.wanted_numbers import wanted_number
from evals.interviewer.record import Said

MANNERS = ("terse", "plain", "halting")
"""In what order the corpus writes its examples: short, fluent, and by a speaker of another language."""


class Knowledge:
    """All right and wrong sentences on one subject of one interview."""

    def __init__(self, corpus: Corpus, interview: Interview, subject: Subject) -> None:
        self._corpus = corpus
        self._interview = interview
        self.subject = subject
        self._criteria = {each.id: each for each in subject.criteria}
        self._part_of = {each.id: part.id for part in subject.parts for each in part.criteria}

    def criterion(self, criterion_id: str) -> Criterion | None:
        """The criterion of that id; None where the subject has none."""
        return self._criteria.get(criterion_id)

    def right(self, criterion: Criterion, manner: str = "plain", again: int = 0) -> Said:
        """A sentence that shows the criterion; `again` turns to another one."""
        if criterion.evidence == "number":
            number = self._number(criterion)
            if number:
                return Said(number, (criterion.id,))
        ways = criterion.shown_by
        return Said(ways[(MANNERS.index(manner) + again) % len(ways)], (criterion.id,))

    def exemplars(self) -> Sequence[Exemplar]:
        """Whole first answers, those that show most first; none where the subject is no plain question."""
        entry = self._corpus.entry(self.subject.question_id)
        if self.subject.staged or self.subject.claim is not None:
            return ()
        found = self._corpus.rubric(entry.id).exemplars
        return sorted(found, key=lambda each: -len(shown(each)))

    def asked(self, part: Part | None) -> tuple[Criterion, ...]:
        """What the part's opening asks for."""
        return tuple(each for each in part.criteria if each.asked_by == "ask") if part is not None else ()

    @property
    def problem(self) -> Problem | None:
        """The coding problem that the subject is."""
        return self._corpus.problems.get(self.subject.question_id)

    def _number(self, criterion: Criterion) -> str:
        part = self._part_of[criterion.id]
        wanted = wanted_number(
            self._corpus, self.subject.question_id, part, self._given(criterion.id), self._interview.seed
        )
        if wanted is None:
            return ""
        value = wanted.targets[0]
        plain = f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
        unit = wanted.unit or ""
        return f"That comes to {plain} {unit}".strip() + "."

    def _given(self, criterion_id: str) -> Criterion:
        """The criterion as the corpus has it: the subject's may have other words in it."""
        return self._corpus.rubric(self.subject.question_id).criterion(criterion_id)


def shown(exemplar: Exemplar) -> tuple[str, ...]:
    """Criteria that a whole answer shows."""
    return tuple(each for each, state in exemplar.marks.items() if state is VerdictState.SHOWN)


def denied(exemplar: Exemplar) -> tuple[str, ...]:
    """Criteria that it says the contrary of."""
    return tuple(each for each, state in exemplar.marks.items() if state is VerdictState.CONTRADICTED)
