"""The compact scorer: in milliseconds, without a language model, how likely each criterion is shown by the candidate's words.

The pair model reads an answer once and holds every criterion of the question against it, while the answer's sentences are
compared with the criterion's authored examples, for and against. A logistic model over both, fitted by `viva train-scorer`
on questions that the pair model did not learn, makes probabilities. The quote is the sentence that is likest to what earns
the criterion, the pair model's pointing added.

For a score the pair model also holds some of the examples against the answer, which takes three times as long. While somebody
waits for the next question it does not.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import Generic, TypeVar

import numpy as np

from app.domain.interview import Interview
from app.domain.sentences import content_stems, sentences, words
from app.domain.transcript import Mark, Speaker, Turn
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.retrieval.embedder import Vectors
from app.scoring.asides import Asides
from app.scoring.authored import about_of, examples_of
from app.scoring.by_tests import state_by_tests
from app.scoring.evidence import is_echo
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
from app.scoring.order import Place, asked_for, in_order
from app.scoring.pair_model import Told
from app.scoring.relevance import NOTHING_NEAR, Neighbourhood, is_of_oneself, is_story, relevant
from app.scoring.wanted_numbers import wanted_number

K = TypeVar("K")
V = TypeVar("V")
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]
Hold = Callable[[Sequence[str], str], Awaitable[Sequence[Told]]]
"""The pair model: statements held against a text."""

NAME = "compact-7"
MAX_STRETCHES = 40
"""Of all answers on a question: about forty minutes of speech. Those of earlier turns are known already."""
STRETCH_WORDS = 200
"""Words that the pair model reads at once, so that nothing is cut."""
KEPT_READINGS = 256
OTHER_WRITERS = 0.7
"""Log odds added to *shown* after a close reading: the weights are fitted on answers by one hand, and others word things less like
what was learned. Chosen on the half of the battery that may be looked at, as where most marks of plain answers agree with their
writers' (decision 0031)."""
RECITED_WORDS = 8
"""Of a statement, from which repeating it word for word is reciting it; a shorter one may come to anybody's mind."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of an answer."""

    text: str
    turn: Turn
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences of one answer that are read at once."""

    units: tuple[Unit, ...]
    text: str
    places: tuple[tuple[int, int], ...]
    """Where each unit stands in `text`."""


Joined = Mapping[str, Mapping[str, float]]
"""Under `shown` and `contradicted` a coefficient for each feature, under `relevant` and `story` one for each voice, and a `bias`."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one stretch does with one criterion."""

    criterion: Criterion
    values: Mapping[str, float]
    """Of `FEATURES`, or of `FEATURES_AT_ONCE`."""
    shows: Unit
    """The sentence that shows it, if one does."""
    denies: Unit
    given_back: bool
    """`shows` is what the interviewer asks for, restated: it earns nothing."""
    voices: Mapping[str, float] = field(default_factory=dict)
    """Of `app.scoring.relevance`, the same for all criteria of a stretch; empty where nothing can be told."""
    of_oneself: bool = False
    """The question is about the candidate's own life."""

    def counts(self, fitted: Joined) -> bool:
        """Whether anything in it may earn or deny the criterion."""
        if self.given_back:
            return False
        if self.of_oneself:
            return is_story(self.voices, fitted["story"])
        return relevant(self.voices, fitted["relevant"])


def units_of(turns: Sequence[Turn], question_id: str) -> tuple[Unit, ...]:
    """Sentences of the candidate's answers on a question.

    What only gives back the interviewer's words is left out: an echoed hint is no knowledge.
    """
    found: list[Unit] = []
    for index, turn in enumerate(turns):
        if turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id:
            found += [
                Unit(part.text, turn, part.start, part.end)
                for part in sentences(turn.answer_text())
                if words(seen(part.text)) and not is_echo(part.text, turns[:index])
            ]
    return tuple(found)


def stretches_of(units: Sequence[Unit]) -> tuple[Stretch, ...]:
    """The sentences of each answer in stretches of at most `STRETCH_WORDS` words, or of one longer sentence."""
    found: list[Stretch] = []
    for _, mine in itertools.groupby(units, key=lambda unit: unit.turn.id):
        current: list[Unit] = []
        count = 0
        for unit in mine:
            size = len(words(unit.text))
            if current and count + size > STRETCH_WORDS:
                found.append(_stretch(current))
                current, count = [], 0
            current.append(unit)
            count += size
        found.append(_stretch(current))
    return tuple(found[-MAX_STRETCHES:])


def _stretch(units: Sequence[Unit]) -> Stretch:
    text, places = "", []
    for unit in units:
        plain = plainly(unit.text)
        start = len(text) + bool(text)
        text = f"{text} {plain}" if text else plain
        places.append((start, start + len(plain)))
    return Stretch(tuple(units), text, tuple(places))


@lru_cache(maxsize=2)
def joined_weights(*, closely: bool = True) -> Joined:
    """By which a criterion is marked, after a close reading or at once."""
    text = resources.files("app.scoring").joinpath("weights").joinpath("joined.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, float]]] = json.loads(text)["weights"]
    if not closely:
        return loaded["at_once"]
    made = loaded["closely"]
    return {**made, "shown": {**made["shown"], "bias": made["shown"]["bias"] + OTHER_WRITERS}}


def probability(values: Mapping[str, float], model: Mapping[str, float]) -> float:
    """A logistic model's probability, 0..1, over as many features as it has."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds(values, model)))))


def log_odds(values: Mapping[str, float], model: Mapping[str, float]) -> float:
    """The same as log odds."""
    return model["bias"] + sum(weight * values[name] for name, weight in model.items() if name != "bias")


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
    ) -> None:
        """`asides` and `neighbours`, the questions of this corpus, belong to the embedder.

        Without them every sentence is read, as part of an answer to the question that was asked. `closely` holds examples
        against the answers too: a better mark, for three times the time.
        """
        self._closely = closely
        self._asides = asides
        self._corpus = corpus
        self.hold = hold
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
        told: list[Unit] = []
        for stretch in stretches_of(read) if read else ():
            for look in await self.look(question_id, stretch, before=told):
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
        told, (mine, known) = await asyncio.gather(
            self._told(question_id, criteria, stretch.text),
            self._vectors(criteria, [plainly(unit.text) for unit in stretch.units]),
        )
        settled_by = [
            settling(mine, of_it, np.array([each.says.share(*place) for place in stretch.places], dtype=np.float32))
            for each, of_it in zip(told, known, strict=True)
        ]
        apart = await self._told_apart(question_id, criteria, stretch, told, [shows for shows, _ in settled_by])
        said = content_stems(stretch.text)
        values = [
            values_of(criterion, said, told[at], likeness_of(mine, known, at), apart[at])
            for at, criterion in enumerate(criteria)
        ]
        of_oneself = is_of_oneself(question_id)
        together = [*before, *stretch.units] if of_oneself else stretch.units
        voices = voices_with(await self.likeness(question_id, together), values, self._joined["shown"])
        found = []
        for at, (criterion, (shows, denies)) in enumerate(zip(criteria, settled_by, strict=True)):
            back = given_back(mine[shows], known[at])
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
        shows: Sequence[int],
    ) -> Sequence[Apart | None]:
        """What the pair model tells of parts of a stretch read by themselves; `shows` are the places of the sentences that settle."""
        if not self._closely or not criteria:
            return [None] * len(criteria)
        key = question_id, stretch.text
        if key not in self._known_apart:
            self._known_apart[key] = await apart_of(criteria, stretch, told, shows, self.hold)
        return self._known_apart[key]

    async def _vectors(self, criteria: Sequence[Criterion], texts: Sequence[str]) -> tuple[Vectors, list[Known]]:
        """Those of the sentences, and of the criteria's authored ones."""
        parts = [examples_of(criterion) for criterion in criteria]
        rows = await self.encode([*texts, *itertools.chain.from_iterable(itertools.chain.from_iterable(parts))])
        return rows[: len(texts)], known_of(parts, rows[len(texts) :])

    async def _told(self, question_id: str, criteria: Sequence[Criterion], text: str) -> Sequence[Held]:
        key = question_id, text
        if key not in self._known:
            told = await self.hold(statements_of(criteria, closely=self._closely), text) if criteria else ()
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
    criteria: Sequence[Criterion], stretch: Stretch, told: Sequence[Held], shows: Sequence[int], hold: Hold
) -> list[Apart]:
    """Each criterion held against the sentence that settles it, by the place of that, and against sentences two by two."""
    says = [criterion.says for criterion in criteria]
    parts = [stretch.text[start:end] for start, end in stretch.places]
    pairs: list[Sequence[Told]] = [[each.says for each in told]]
    if len(parts) > 2:
        pairs = [await hold(says, f"{first} {second}") for first, second in itertools.pairwise(parts)]
    alone = {at: each.says for at, each in enumerate(told)}
    if len(parts) > 1:
        for place in sorted(set(shows)):
            here = [at for at, one in enumerate(shows) if one == place]
            alone.update(zip(here, await hold([says[at] for at in here], parts[place]), strict=True))
    return [Apart(alone[at], tuple(each[at] for each in pairs)) for at in range(len(criteria))]


def _by_answer(units: Sequence[Unit]) -> list[list[str]]:
    """The sentences of each answer."""
    return [[unit.text for unit in group] for _, group in itertools.groupby(units, key=lambda unit: unit.turn.id)]


def voices_with(
    likeness: Mapping[str, float], values: Sequence[Mapping[str, float]], shown: Mapping[str, float]
) -> dict[str, float]:
    """The voices of `app.scoring.relevance`: how like a stretch is, and what each criterion's values say of it; none without likeness."""
    if not likeness or not values:
        return {}
    each = [log_odds(one, shown) for one in values]
    return {**likeness, "best": max(each), "mean": sum(each) / len(each)}


def settled(criterion_id: str, looks: Sequence[Look], fitted: Joined) -> Mark:
    """The mark over all stretches, in the order in which they were said: the last one that shows or denies decides.

    Of several in a row that do the same the surest is quoted: who has said it need not say it again.
    """
    best: tuple[float, float, str] = (0.0, 0.0, "")
    for look in looks:
        if not look.counts(fitted):
            continue
        shown, denied = probability(look.values, fitted["shown"]), probability(look.values, fitted["contradicted"])
        decided, decides = max(best[:2]) >= 0.5, max(shown, denied) >= 0.5
        turns = decides and (not decided or (shown >= denied) != (best[0] >= best[1]))
        surer = max(shown, denied) > max(best[:2]) if decided else shown > best[0]
        if turns or (surer and decides == decided):
            unit = look.shows if shown >= denied else look.denies
            best = shown, denied, unit.turn.text[unit.start : unit.end]
    return Mark(criterion_id, round(best[0], 3), round(best[1], 3), best[2])


def deciding(looks: Sequence[Look], fitted: Joined) -> list[Unit]:
    """The sentences that show or deny a criterion, in the order in which they were said."""
    found = []
    for look in looks:
        shown, denied = probability(look.values, fitted["shown"]), probability(look.values, fitted["contradicted"])
        if max(shown, denied) >= 0.5 and look.counts(fitted):
            found.append(look.shows if shown >= denied else look.denies)
    return found


_FILLER = re.compile(r"\b(?:u+m+|u+h+|erm?|h+m+|ah+|you know|i mean|(?<=, )like(?=,))\b,?\s*", re.IGNORECASE)


def plainly(text: str) -> str:
    """The text without the noises between words: what is judged is what was said, not how haltingly."""
    visible = seen(text)
    rest = " ".join(_FILLER.sub("", visible).split())
    return rest if words(rest) else visible


def seen(text: str) -> str:
    """The text without Unicode's format characters, which nobody sees; tags written in them are no answer."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def recites(text: str, statements: Sequence[str]) -> bool:
    """Whether the text holds a statement of the rubric word for word, as nobody says it who has not read it there."""
    mine = f" {' '.join(words(text))} "
    return any(len(words(says)) >= RECITED_WORDS and f" {' '.join(words(says))} " in mine for says in statements)
