"""A compact scorer for tests that is told which words show what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from app.domain.interview import Interview
from app.domain.transcript import Mark, Turn
from app.material.corpus import Corpus
from app.scoring.free_model import Examples, Reading
from app.scoring.stretches import Unit, units_of


class WordScorer:
    """A criterion is shown, at 0.9, where one of its phrases stands in a sentence of an answer; else it is at 0.05.

    Echoes are left out, as the real scorer does. `meanwhile` runs once, within the next reading: what others do then.
    """

    def __init__(self, corpus: Corpus, shows: Mapping[str, Sequence[str]]) -> None:
        self._corpus = corpus
        self.shows = dict(shows)
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.readings = 0
        self.breaks_on = ""
        """Id of an interview on which it fails as no scorer should."""

    async def mark(
        self, interview: Interview, question_id: str, turns: Sequence[Turn], *, wherever_it_lies: bool = False
    ) -> tuple[Mark, ...]:
        self.readings += 1
        if interview.id == self.breaks_on:
            raise RuntimeError("a candidate's words")
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        units = units_of(turns, question_id)
        marks = []
        for entry in self._corpus.rubric(question_id).criteria:
            wanted = self.shows.get(entry.criterion.id, ())
            found = [unit.text for unit in units if any(phrase in unit.text for phrase in wanted)]
            marks.append(Mark(entry.criterion.id, 0.9 if found else 0.05, 0.0, found[-1] if found else ""))
        return tuple(marks)

    async def asides(self, question_id: str, units: Sequence[Unit]) -> tuple[Unit, ...]:
        """Nothing that is said is beside the point."""
        return ()


async def overlooks_all(criteria: Sequence[tuple[str, Examples]], answer: str) -> list[Reading]:
    """A second reader of appeals that sees nothing in any answer."""
    assert answer.strip(), "a blank answer has nothing to be read"
    return [Reading(0.02, 0.0, answer) for _ in criteria]
