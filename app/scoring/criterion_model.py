"""The compact scorer: in milliseconds, without a language model, how likely each criterion is shown by the candidate's words.

The pair model reads an answer once and holds every criterion of the question against it, while the answer's sentences are
compared with the criterion's authored examples, for and against. A model of three states over both, fitted by `viva train-scorer`
on questions that the pair model did not learn, makes probabilities. The quote is the sentence that is likest to what earns
the criterion, the pair model's pointing added.

For a score the pair model also holds some of the examples against the answer, which takes three times as long. While somebody
waits for the next question it does not.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from app.domain.interview import Interview
from app.domain.sentences import content_stems
from app.domain.transcript import Mark, Turn
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.retrieval.embedder import Vectors
from app.scoring.asides import Asides
from app.scoring.authored import about_of, examples_of, shared_examples, with_shared
from app.scoring.by_tests import state_by_tests
from app.scoring.features import (
    Apart,
    Held,
    Known,
    given_back,
    held_of,
    known_of,
    likeness_of,
    settling,
    statements_of,
    values_of,
)
from app.scoring.joined import Joined, joined_weights, voices_with
from app.scoring.looks import Look, deciding, settled
from app.scoring.order import Place, asked_for, in_order
from app.scoring.pair_model import Probabilities, Probability, Told
from app.scoring.relevance import NOTHING_NEAR, Neighbourhood, is_of_oneself
from app.scoring.stretches import Stretch, Unit, plainly, recites, stretches_of, units_of
from app.scoring.wanted_numbers import wanted_number

K = TypeVar("K")
V = TypeVar("V")
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]
Hold = Callable[[Sequence[str], str], Awaitable[Sequence[Told]]]
"""The pair model: statements held against a text."""
HoldSentence = Callable[[Sequence[str], str], Awaitable[Probabilities]]
"""Its half for a sentence or two, (n, 3)."""


@dataclass(frozen=True, slots=True)
class Halves:
    """The pair model's two upper halves."""

    hold: Hold
    hold_sentence: HoldSentence


NAME = "compact-9"
KEPT_READINGS = 256


class Recent(Generic[K, V]):
    """What was read last, by what it was read of."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def __getitem__(self, key: K) -> V:
        self._kept.move_to_end(key)
        return self._kept[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._kept[key] = value
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Nothing is kept."""
        self._kept.clear()


class CompactScorer:
    """Marks answers against the corpus's rubrics. Keeps nothing but its last readings."""

    def __init__(
        self,
        corpus: Corpus,
        hold: Hold,
        encode: Encode,
        asides: Asides | None = None,
        *,
        closely: bool = True,
        neighbours: Neighbourhood = NOTHING_NEAR,
        hold_sentence: HoldSentence | None = None,
    ) -> None:
        """`asides` and `neighbours`, the questions of this corpus, belong to the embedder.

        Without them every sentence is read, as part of an answer to the question that was asked. `closely` holds examples
        against the answers too, and single sentences by the pair model's half for those: a better mark, for four times the time. Without
        `hold_sentence` the half for answers reads them.
        """
        self._closely = closely
        self._asides = asides
        self._corpus = corpus
        self._shared = shared_examples(corpus)
        self.halves = Halves(hold, hold_sentence or by_the_half_for_answers(hold))
        self.encode = encode
        self._known: Recent[tuple[str, str], Sequence[Held]] = Recent(KEPT_READINGS)
        self._known_apart: Recent[tuple[str, str], Sequence[Apart]] = Recent(KEPT_READINGS)
        self.neighbours = neighbours

    @property
    def _joined(self) -> Joined:
        return joined_weights(closely=self._closely)

    def forget(self) -> None:
        """The last readings are gone, and the words in them: what was said is deleted."""
        self._known.clear()
        self._known_apart.clear()

    async def mark(
        self, interview: Interview, question_id: str, turns: Sequence[Turn], *, wherever_it_lies: bool = False
    ) -> tuple[Mark, ...]:
        """One mark for each criterion of the question; where an answer was corrected, the last word counts.

        `wherever_it_lies` marks what lies nearer to another question too: words out of an answer that was heard as one.
        """
        rubric = self._corpus.rubric(question_id)
        statements = [entry.criterion.says for entry in rubric.criteria]
        units = [unit for unit in units_of(turns, question_id) if not recites(unit.text, statements)]
        # Mostly nothing is said beside the answer: the network reads all of it while that is found out, a core each.
        beside, _ = await asyncio.gather(self.asides(question_id, units), self._read_ahead(question_id, units))
        read = [unit for unit in units if unit not in beside]
        looks: dict[str, list[Look]] = {entry.criterion.id: [] for entry in rubric.criteria}
        parts = {entry.criterion.id: entry.part_id for entry in rubric.criteria}
        told: list[Unit] = []
        for stretch in stretches_of(read) if read else ():
            for look in await self.look(question_id, stretch, before=told):
                if self._is_elsewhere(look, parts[look.criterion.id]):
                    continue
                looks[look.criterion.id].append(replace(look, voices={}) if wherever_it_lies else look)
            told += stretch.units
        found = []
        first: dict[str, Place] = {}
        for entry in rubric.criteria:
            if entry.criterion.evidence == "number":
                mark = self._number(interview, question_id, entry.part_id, entry.criterion, units)
                said = [unit for unit in units if mark.quote and unit.text == mark.quote]
            elif entry.criterion.evidence == "tests":
                mark, said = self._tests(question_id, entry.criterion, turns), []
            else:
                mark = settled(entry.criterion.id, looks[entry.criterion.id], self._joined)
                said = deciding(looks[entry.criterion.id], self._joined)
            found.append(mark)
            if said:
                first[entry.criterion.id] = Place(said[0].turn.seq, said[0].start)
        asked = asked_for(self._corpus.entry(question_id), turns)
        return in_order(found, rubric.criteria, first, asked, turns, question_id)

    def _is_elsewhere(self, look: Look, part_id: str) -> bool:
        """Whether words for a criterion of any project were said to another part: a reason for a choice is no lesson from it."""
        return look.criterion.says in self._shared and look.shows.turn.part_id not in {"", part_id}

    async def asides(self, question_id: str, units: Sequence[Unit]) -> tuple[Unit, ...]:
        """The sentences that are said to whoever marks them; each answer by itself."""
        if self._asides is None:
            return ()
        about = about_of(self._corpus, question_id)
        groups = [list(group) for _, group in itertools.groupby(units, key=lambda unit: unit.turn.id)]
        rows = await self.encode([*(plainly(unit.text) for group in groups for unit in group), *about])
        about_rows, place = rows[len(rows) - len(about) :], 0
        found: list[Unit] = []
        for mine in groups:
            beside = self._asides.among(rows[place : place + len(mine)], about_rows)
            place += len(mine)
            found += [unit for unit, is_aside in zip(mine, beside, strict=True) if is_aside]
        return tuple(found)

    async def _read_ahead(self, question_id: str, units: Sequence[Unit]) -> None:
        criteria = self._by_words(question_id)
        for stretch in stretches_of(units) if units else ():
            await self._told(question_id, criteria, stretch.text)

    def _by_words(self, question_id: str) -> list[Criterion]:
        """The question's criteria that words show."""
        return [
            entry.criterion
            for entry in self._corpus.rubric(question_id).criteria
            if entry.criterion.evidence in {"words", "order"}
        ]

    async def look(self, question_id: str, stretch: Stretch, before: Sequence[Unit] = ()) -> list[Look]:
        """What a stretch does with each criterion that words show; `before` was said earlier on the same question.

        A story goes on over several answers: "It was twelve percent" belongs to what was told before it.
        """
        criteria = self._by_words(question_id)
        told, (mine, own, known) = await asyncio.gather(
            self._told(question_id, criteria, stretch.text),
            self._vectors(question_id, criteria, [plainly(unit.text) for unit in stretch.units]),
        )
        settled_by = [
            settling(mine, of_it, np.array([each.says.share(*place) for place in stretch.places], dtype=np.float32))
            for each, of_it in zip(told, known, strict=True)
        ]
        apart = await self._told_apart(question_id, criteria, stretch, told, settled_by)
        said = content_stems(stretch.text)
        values = [
            # A criterion is told from its neighbours by their own examples: what all projects share would be near to everything.
            values_of(
                criterion, said, told[at], likeness_of(mine, [*own[:at], known[at], *own[at + 1 :]], at), apart[at]
            )
            for at, criterion in enumerate(criteria)
        ]
        told_of_oneself = [is_of_oneself(question_id) or each.says in self._shared for each in criteria]
        of_it = voices_with(await self.likeness(question_id, stretch.units), values, self._joined)
        of_story = of_it
        if any(told_of_oneself) and before:
            of_story = voices_with(await self.likeness(question_id, [*before, *stretch.units]), values, self._joined)
        found = []
        for at, (criterion, (shows, denies)) in enumerate(zip(criteria, settled_by, strict=True)):
            back = given_back(mine[shows], known[at])
            of_oneself = told_of_oneself[at]
            voices = of_story if of_oneself else of_it
            found.append(
                Look(criterion, values[at], stretch.units[shows], stretch.units[denies], back, voices, of_oneself)
            )
        return found

    async def likeness(self, question_id: str, units: Sequence[Unit]) -> dict[str, float]:
        """How near sentences lie to what earns this question and to what earns any other: see `Neighbourhood.likeness`."""
        return self.neighbours.likeness(question_id, await self.encode([plainly(unit.text) for unit in units]))

    async def _told_apart(
        self,
        question_id: str,
        criteria: Sequence[Criterion],
        stretch: Stretch,
        told: Sequence[Held],
        settled_by: Sequence[tuple[int, int]],
    ) -> Sequence[Apart | None]:
        """What the pair model tells of parts of a stretch read by themselves; places of the sentences that show and that deny."""
        if not self._closely or not criteria:
            return [None] * len(criteria)
        key = question_id, stretch.text
        if key not in self._known_apart:
            self._known_apart[key] = await apart_of(criteria, stretch, told, settled_by, self.halves)
        return self._known_apart[key]

    async def _vectors(
        self, question_id: str, criteria: Sequence[Criterion], texts: Sequence[str]
    ) -> tuple[Vectors, list[Known], list[Known]]:
        """Those of the sentences, of the criteria's own authored ones, and of these with what other questions share."""
        own = [examples_of(criterion) for criterion in criteria]
        shared = (
            [with_shared(question_id, criterion, self._shared) for criterion in criteria]
            if any(criterion.says in self._shared for criterion in criteria)
            else []
        )
        authored = [
            list(itertools.chain.from_iterable(itertools.chain.from_iterable(parts))) for parts in (own, shared)
        ]
        rows = await self.encode([*texts, *authored[0], *authored[1]])
        begins = len(texts) + len(authored[0])
        known = known_of(own, rows[len(texts) : begins])
        return rows[: len(texts)], known, known_of(shared, rows[begins:]) if shared else known

    async def _told(self, question_id: str, criteria: Sequence[Criterion], text: str) -> Sequence[Held]:
        key = question_id, text
        if key not in self._known:
            told = await self.halves.hold(statements_of(criteria, closely=self._closely), text) if criteria else ()
            self._known[key] = held_of(criteria, told, closely=self._closely)
        return self._known[key]

    def _tests(self, question_id: str, criterion: Criterion, turns: Sequence[Turn]) -> Mark:
        """Neither computed nor compared: the tests have decided."""
        problem = self._corpus.problems.get(question_id)
        found = state_by_tests(turns, question_id, problem.function if problem else None, asked=True)
        if found.evidence is None:
            return Mark(criterion.id, 0.02, 0.0, "")
        return Mark(criterion.id, 0.98, 0.0, found.evidence.quote)

    def _number(
        self, interview: Interview, question_id: str, part_id: str, criterion: Criterion, units: Sequence[Unit]
    ) -> Mark:
        """Computed, not compared: the number that the candidate commits to shows it."""
        wanted = wanted_number(self._corpus, question_id, part_id, criterion, interview.seed)
        if wanted is None:
            return Mark(criterion.id, 0.0, 0.0, "")
        # Of a table, the next question's number must not count for this one; nor is a number taken back by an "actually" elsewhere.
        own = [unit for unit in units if unit.turn.part_id in {"", part_id}]
        quote = wanted.quote_in(_by_answer(own))
        if quote is None and wanted.anywhere:
            quote = wanted.quote_in(_by_answer(units))
        return Mark(criterion.id, 0.02, 0.0, "") if quote is None else Mark(criterion.id, 0.98, 0.0, quote)


async def apart_of(
    criteria: Sequence[Criterion],
    stretch: Stretch,
    told: Sequence[Held],
    settled_by: Sequence[tuple[int, int]],
    read: Halves,
) -> list[Apart]:
    """Each criterion held against sentences two by two, and against those that settle it, by their places."""
    says = [criterion.says for criterion in criteria]
    parts = [stretch.text[start:end] for start, end in stretch.places]
    pairs: list[Sequence[Told]] = [[each.says for each in told]]
    if len(parts) > 2:
        pairs = [await read.hold(says, f"{first} {second}") for first, second in itertools.pairwise(parts)]
    of_sentences: dict[tuple[int, int], Probability] = {}
    for place in sorted(set(itertools.chain.from_iterable(settled_by))):
        here = [at for at, places in enumerate(settled_by) if place in places]
        rows = await read.hold_sentence([says[at] for at in here], parts[place])
        of_sentences.update(zip([(at, place) for at in here], rows, strict=True))
    return [
        Apart(tuple(each[at] for each in pairs), of_sentences[at, shows], of_sentences[at, denies])
        for at, (shows, denies) in enumerate(settled_by)
    ]


def by_the_half_for_answers(hold: Hold) -> HoldSentence:
    """Reads sentences as answers are read."""

    async def held(statements: Sequence[str], sentence: str) -> Probabilities:
        return np.stack([each.p for each in await hold(statements, sentence)])

    return held


def _by_answer(units: Sequence[Unit]) -> list[list[str]]:
    """The sentences of each answer."""
    return [[unit.text for unit in group] for _, group in itertools.groupby(units, key=lambda unit: unit.turn.id)]
