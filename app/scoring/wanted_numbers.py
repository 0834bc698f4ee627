"""Which number an answer has to contain, by the interview's seed: written in the corpus, or computed from the exercise's table."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.interview import Interview
from app.domain.numbers import Commitment, Number, commitment
from app.domain.units import Dimension, unit_named
from app.exercises.computations import SHARES, SIGNED, UNDEFINED_AT_ZERO, compute
from app.exercises.tables import Table, table_for
from app.material.corpus import Corpus, parts_of
from app.material.entries import Criterion
from app.material.tasks import Analytics, AnalyticsQuestion

_UNDEFINED = re.compile(
    r"\b(?:f1|f-?score|f-?measure|it)(?:'s|’s)?\s+(?:(?!not\b|never\b|precision\b)\w+\s+){0,3}(?:undefined|not\s+defined|nan)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WantedNumber:
    """What shows a criterion of evidence `number`. The fields are those of `numbers.matches`."""

    targets: tuple[float, ...]
    """The first one is meant, the others will do as well; in `unit`."""
    tolerance: float
    unit: str | None = None
    others: tuple[float, ...] = ()
    given: tuple[float, ...] = ()
    signed: bool = False
    anywhere: bool = False
    or_undefined: bool = False
    """To call it undefined is as good."""

    def shown_in(self, answers: Sequence[str]) -> Commitment | None:
        """Where the candidate commits to the number, in one of the answers to its part; None where that is never done.

        Each answer is what counts of one turn, `Turn.answer_text()`.
        """
        found = commitment(
            answers,
            self.targets[0],
            self.tolerance,
            unit=self.unit,
            also=self.targets[1:],
            others=self.others,
            given=self.given,
            signed=self.signed,
            anywhere=self.anywhere,
        )
        if found is None and self.or_undefined:
            said = [(at, match) for at, answer in enumerate(answers) for match in _UNDEFINED.finditer(answer)]
            found = Commitment(said[-1][0], Number(0.0, *said[-1][1].span())) if said else None
        return found

    def quote_in(self, answers: Sequence[Sequence[str]]) -> str | None:
        """The sentence that shows it, of answers that are given as their sentences; None where none does."""
        found = self.shown_in(["\n".join(each) for each in answers])
        if found is None:
            return None
        end = 0
        for sentence in answers[found.answer]:
            end += len(sentence) + 1
            if found.number.start < end:
                return sentence
        return None


def wanted_number(
    corpus: Corpus, question_id: str, part_id: str, criterion: Criterion, seed: int
) -> WantedNumber | None:
    """The number that shows a criterion in the interview of that seed; None where it is not shown by a number.

    Raises:
        QuestionUnknown: there is no such entry.
        TableInvalid: the exercise's table cannot be made, which `viva check` would have told.
    """
    if criterion.evidence != "number":
        return None
    entry = corpus.entry(question_id)
    if isinstance(entry, Analytics):
        question = next((each for each in entry.questions if criterion in each.criteria), None)
        if question is not None and question.computed_by is not None and criterion.value is None:
            return _computed(table_of(entry, seed), question)
    if criterion.value is None:
        return None
    targets, tolerance = corpus.targets(question_id, part_id, criterion, seed)
    others: list[float] = []
    for each in parts_of(entry):
        other = each.criterion
        if (
            other.id != criterion.id
            and each.part_id == part_id
            and other.evidence == "number"
            and other.value is not None
        ):
            others += corpus.targets(question_id, part_id, other, seed)[0]
    return WantedNumber(targets, tolerance, others=tuple(others), anywhere=True)


def table_of(exercise: Analytics, seed: int) -> Table:
    """The table that the candidate of that interview sees."""
    return table_for(exercise.id, exercise.table, exercise.parameters, seed)


def _computed(table: Table, question: AnalyticsQuestion) -> WantedNumber:
    name = question.computed_by or ""
    values = compute(name, table)
    unit = question.unit
    if name in SHARES:
        measured = unit_named(unit)
        if measured is not None and measured.dimension is Dimension.SHARE:
            values = tuple(value / measured.worth for value in values)
        else:
            unit = ""
    return WantedNumber(
        values,
        question.tolerance,
        unit,
        given=table.numerals(),
        signed=name in SIGNED,
        or_undefined=name in UNDEFINED_AT_ZERO and values[0] == 0.0,
    )


def number_words(corpus: Corpus, interview: Interview, question_id: str, part_id: str, criterion: Criterion) -> str:
    """A sentence that commits to the number that shows a criterion; "" where no number does."""
    wanted = wanted_number(corpus, question_id, part_id, criterion, interview.seed)
    if wanted is None:
        return ""
    target = wanted.targets[0]
    decimals = 0 if float(target).is_integer() else _decimals(target, wanted.tolerance)
    number = f"{target:,.{decimals}f}"
    return f"That comes to {number}{f' {wanted.unit}' if wanted.unit else ''}."


def _decimals(value: float, tolerance: float) -> int:
    """Decimals that keep a number well within its tolerance, three digits at least."""
    digits = 3 if tolerance >= 0.01 else 6
    return max(0, digits - 1 - math.floor(math.log10(abs(value))))
