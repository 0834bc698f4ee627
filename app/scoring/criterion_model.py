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
import copy
import itertools
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from app.domain.interview import Interview
from app.domain.sentences import content_stems
from app.domain.transcript import Mark, Speaker, Turn
from app.material.corpus import Corpus
from app.material.entries import Chain, Criterion
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
    settling_values,
    statements_of,
    values_of,
)
from app.scoring.joined import Joined, joined_weights, voices_with
from app.scoring.looks import Look, deciding, settled
from app.scoring.order import Place, asked_for, in_order
from app.scoring.pair_model import Probabilities, Told
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


@dataclass(frozen=True, slots=True)
class ReadApart:
    """A criterion held against the parts of a stretch by themselves."""

    pairs: tuple[Told, ...]
    """Against neighbouring sentences, two by two; none where there are no more than two."""
    sentences: Probabilities
    """(n, 3): against each sentence, by the half for sentences."""

    def settled_by(self, shows: int, denies: int, held: Held) -> Apart:
        """By the places of the sentences that show and that deny it; `held` is the whole stretch."""
        return Apart(self.pairs or (held.says,), self.sentences[shows], self.sentences[denies])


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of an answer beside a question's criteria."""

    criteria: Sequence[Criterion]
    mine: Vectors
    """Of its sentences, (n, d)."""
    known: Sequence[Sequence[Known]]
    """For each criterion: what is authored about it, at its own place, and about the others."""
    told: Sequence[Held]
    places: Sequence[tuple[int, int]]
    """Of the sentences in what was read."""
    apart: Sequence[ReadApart] | None
    """None where it was not read closely."""

    def settling_values(self, at: int) -> dict[str, Vectors]:
        """See `app.scoring.features.settling_values`."""
        shares = np.array([self.told[at].says.share(*place) for place in self.places], dtype=np.float32)
        sentences = None if self.apart is None else self.apart[at].sentences
        return settling_values(self.mine, self.known[at], at, shares, sentences)


NAME = "compact-10"
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
        self._known_apart: Recent[tuple[str, str], Sequence[ReadApart]] = Recent(KEPT_READINGS)
        self.neighbours = neighbours
        self._weights: Joined | None = None

    @property
    def _joined(self) -> Joined:
        return self._weights or joined_weights(closely=self._closely)

    def weighing(self, weights: Joined) -> CompactScorer:
        """The same scorer, with other weights than those in force."""
        other = copy.copy(self)
        other._weights = weights
        return other

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
        is_chain = isinstance(self._corpus.entry(question_id), Chain)
        told: list[Unit] = []
        for stretch in stretches_of(read) if read else ():
            for look in await self.look(question_id, stretch, before=told):
                part_id = parts[look.criterion.id]
                if self._is_elsewhere(look, part_id):
                    continue
                unasked = is_chain and look.shows.turn.part_id not in {"", part_id}
                unasked = unasked and look.shows.turn.seq < first_asked(turns, question_id, part_id)
                voices = {} if wherever_it_lies else look.voices
                looks[look.criterion.id].append(replace(look, voices=voices, unasked=unasked))
            told += stretch.units
        found = []
        first: dict[str, Place] = {}
        for entry in rubric.criteria:
            if entry.criterion.evidence == "number":
                mark = self._number(interview, question_id, entry.part_id, entry.criterion, turns, units)
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
        read = await self.read(question_id, stretch)
        criteria, told, known = read.criteria, read.told, read.known
        settled_by = [settling(read.settling_values(at), self._joined) for at in range(len(criteria))]
        said = content_stems(stretch.text)
        values = [
            values_of(
                criterion,
                said,
                told[at],
                likeness_of(read.mine, known[at], at, settled_by[at][0]),
                None if read.apart is None else read.apart[at].settled_by(*settled_by[at], told[at]),
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
            back = given_back(read.mine[shows], known[at][at])
            of_oneself = told_of_oneself[at]
            voices = of_story if of_oneself else of_it
            found.append(
                Look(criterion, values[at], stretch.units[shows], stretch.units[denies], back, voices, of_oneself)
            )
        return found

    async def read(self, question_id: str, stretch: Stretch) -> Reading:
        """What the pair model and the likenesses tell of a stretch, for each criterion that words show."""
        criteria = self._by_words(question_id)
        told, (mine, own, known), apart = await asyncio.gather(
            self._told(question_id, criteria, stretch.text),
            self._vectors(question_id, criteria, [plainly(unit.text) for unit in stretch.units]),
            self._apart(question_id, criteria, stretch),
        )
        # A criterion is told from its neighbours by their own examples: what all projects share would be near to everything.
        beside = [[*own[:at], known[at], *own[at + 1 :]] for at in range(len(criteria))]
        return Reading(criteria, mine, beside, told, stretch.places, apart)

    async def likeness(self, question_id: str, units: Sequence[Unit]) -> dict[str, float]:
        """How near sentences lie to what earns this question and to what earns any other: see `Neighbourhood.likeness`."""
        return self.neighbours.likeness(question_id, await self.encode([plainly(unit.text) for unit in units]))

    async def _apart(
        self,
        question_id: str,
        criteria: Sequence[Criterion],
        stretch: Stretch,
    ) -> Sequence[ReadApart] | None:
        """What the pair model tells of parts of a stretch read by themselves, by criterion; None where it does not read closely."""
        if not self._closely or not criteria:
            return None
        key = question_id, stretch.text
        if key not in self._known_apart:
            self._known_apart[key] = await read_apart(criteria, stretch, self.halves)
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
        self,
        interview: Interview,
        question_id: str,
        part_id: str,
        criterion: Criterion,
        turns: Sequence[Turn],
        units: Sequence[Unit],
    ) -> Mark:
        """Computed, not compared: the number that the candidate commits to shows it."""
        wanted = wanted_number(self._corpus, question_id, part_id, criterion, interview.seed)
        if wanted is None:
            return Mark(criterion.id, 0.0, 0.0, "")
        # Of a table, the next question's number must not count for this one; nor is a number taken back by an "actually" elsewhere.
        own = [unit for unit in units if unit.turn.part_id in {"", part_id}]
        quote = wanted.quote_in(_by_answer(own))
        if quote is None and wanted.anywhere:
            since = 0.0
            if isinstance(self._corpus.entry(question_id), Chain):
                # A rung brings its own figures: what was said before it is about the candidate's project, "50 a week".
                since = first_asked(turns, question_id, part_id)
            quote = wanted.quote_in(_by_answer([unit for unit in units if unit.turn.seq > since]))
        return Mark(criterion.id, 0.02, 0.0, "") if quote is None else Mark(criterion.id, 0.98, 0.0, quote)


async def read_apart(criteria: Sequence[Criterion], stretch: Stretch, read: Halves) -> list[ReadApart]:
    """Each criterion held against sentences two by two, and one by one."""
    says = [criterion.says for criterion in criteria]
    parts = [stretch.text[start:end] for start, end in stretch.places]
    pairs = (
        [await read.hold(says, f"{first} {second}") for first, second in itertools.pairwise(parts)]
        if len(parts) > 2
        else []
    )
    sentences = np.stack([await read.hold_sentence(says, part) for part in parts])
    return [ReadApart(tuple(each[at] for each in pairs), sentences[:, at]) for at in range(len(says))]


def by_the_half_for_answers(hold: Hold) -> HoldSentence:
    """Reads sentences as answers are read."""

    async def held(statements: Sequence[str], sentence: str) -> Probabilities:
        return np.stack([each.p for each in await hold(statements, sentence)])

    return held


def first_asked(turns: Sequence[Turn], question_id: str, part_id: str) -> float:
    """Number of the turn in which a part was first asked; infinite where it never was."""
    return min(
        (
            turn.seq
            for turn in turns
            if turn.speaker is Speaker.INTERVIEWER and (turn.question_id, turn.part_id) == (question_id, part_id)
        ),
        default=math.inf,
    )


def _by_answer(units: Sequence[Unit]) -> list[list[str]]:
    """The sentences of each answer."""
    return [[unit.text for unit in group] for _, group in itertools.groupby(units, key=lambda unit: unit.turn.id)]
