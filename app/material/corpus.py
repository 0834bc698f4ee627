"""The corpus in memory: entries by id, and the views that interviewing, scoring and review share.

Knows nothing of files; `load` makes it. Everything here is read-only once made.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.domain.errors import QuestionUnknown
from app.domain.passage import Passage
from app.material import expressions
from app.material.entries import Chain, ConceptNote, Criterion, Exemplar, Misconception, Question
from app.material.overlays import Company, Role
from app.material.tasks import Analytics, Problem, Scenario

DEEP_DIVE = "project-deep-dive"
"""The round that every chain belongs to."""

Asked = Question | Chain | Scenario | Problem | Analytics
"""What has a rubric."""


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """A criterion and the part of its entry that opens it."""

    criterion: Criterion
    part_id: str = ""
    """Rung of a chain, stage of a scenario, question of a table; "" where the opening is the whole."""


@dataclass(frozen=True, slots=True)
class Rubric:
    """What answers to one entry are held against, whatever kind of entry it is."""

    id: str
    version: int
    hash: str
    """sha256, hexadecimal, of the entry's canonical JSON: another word anywhere in it is another rubric."""
    round: str
    criteria: tuple[RubricCriterion, ...]
    misconceptions: tuple[Misconception, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion of that id; KeyError if there is none."""
        for entry in self.criteria:
            if entry.criterion.id == criterion_id:
                return entry.criterion
        raise KeyError(criterion_id)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All entries by id."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)
    notes: Mapping[str, ConceptNote] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    analytics: Mapping[str, Analytics] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    companies: Mapping[str, Company] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    """Path of each entry's file below its root, by `<kind>:<id>`: `question:fundamentals/data-leakage`."""
    unread: frozenset[str] = frozenset()
    """Ids of files with faults of their own, so that each is told once; empty in a corpus from `load`."""
    _rubrics: dict[str, Rubric] = field(default_factory=dict, init=False, repr=False, compare=False)

    def asked(self) -> Iterator[Asked]:
        """Every entry that has a rubric, by kind and id."""
        for entries in (self.questions, self.chains, self.scenarios, self.problems, self.analytics):
            yield from entries.values()

    def entry(self, question_id: str) -> Asked:
        """The entry of that id.

        Raises:
            QuestionUnknown: there is none.
        """
        for entries in (self.questions, self.chains, self.scenarios, self.problems, self.analytics):
            if question_id in entries:
                found: Asked = entries[question_id]
                return found
        raise QuestionUnknown(question_id=question_id)

    def source(self, kind: str, entry_id: str) -> str:
        """Path of an entry's file below its root; the id where it was not read from a file."""
        return self.sources.get(f"{kind}:{entry_id}", entry_id)

    def rubric(self, question_id: str) -> Rubric:
        """The rubric of an entry.

        Raises:
            QuestionUnknown: there is no such entry.
        """
        if question_id not in self._rubrics:
            self._rubrics[question_id] = rubric_of(self.entry(question_id))
        return self._rubrics[question_id]

    def passage(self, passage_id: str) -> Passage:
        """The passage of a concept note, `<note>#<passage>`; KeyError if there is none."""
        note_id, _, part = passage_id.partition("#")
        note = self.notes[note_id]
        for passage in note.passages:
            if passage.id == part:
                return Passage(
                    id=passage_id,
                    source=self.source("concept", note_id),
                    kind="concept",
                    text=passage.text,
                    heading=f"{note.title}: {plain(passage.id)}",
                    topics=note.topics,
                )
        raise KeyError(passage_id)

    def chain_for(self, technique: str) -> Chain | None:
        """The chain on what a text speaks of; where several are named, the longest phrase decides, then the first."""
        best: tuple[int, int, str] | None = None
        for chain in self.chains.values():
            place = _recognised(chain, technique)
            if place is not None and (best is None or (*place, chain.id) < best):
                best = (*place, chain.id)
        return None if best is None else self.chains[best[2]]

    def chain_matches(self, chain: Chain, text: str) -> bool:
        """Whether a text names the chain's technique, and nothing else of the same name."""
        return _recognised(chain, text) is not None

    def targets(
        self, question_id: str, part_id: str, criterion: Criterion, seed: int
    ) -> tuple[tuple[float, ...], float]:
        """Numbers that show a `number` criterion in the interview of that seed, and their tolerance as a share.

        Raises:
            ValueError: the criterion has no value.
        """
        if criterion.value is None:
            raise ValueError(f"criterion '{criterion.id}' has no value")
        drawn: Mapping[str, float] = {}
        if question_id in self.chains:
            rung = next((rung for rung in self.chains[question_id].rungs if rung.id == part_id), None)
            drawn = drawn_numbers(seed, question_id, part_id, rung.draw) if rung is not None else {}
        wanted = (criterion.value.is_, *criterion.value.also)
        return tuple(expressions.evaluate(each, drawn) for each in wanted), criterion.value.tolerance


def plain(slug: str) -> str:
    """A slug as words: `k-nearest-neighbours` is "k nearest neighbours"."""
    return slug.rpartition("/")[2].replace("-", " ")


def drawn_numbers(seed: int, question_id: str, part_id: str, draw: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The numbers of a rung for an interview's seed: always the same for one interview, others in the next."""
    chosen: dict[str, float] = {}
    for name, values in draw.items():
        generator = random.Random(f"{seed}/{question_id}/{part_id}/{name}")  # noqa: S311 - exercises, not secrets
        chosen[name] = generator.choice(list(values))
    return chosen


def rubric_of(entry: Asked) -> Rubric:
    """The common view over an entry."""
    return Rubric(
        id=entry.id,
        version=entry.version,
        hash=hash_of(entry),
        round=DEEP_DIVE if isinstance(entry, Chain) else entry.round,
        criteria=parts_of(entry),
        misconceptions=entry.misconceptions,
        exemplars=() if isinstance(entry, Chain | Analytics) else entry.exemplars,
    )


def parts_of(entry: Asked) -> tuple[RubricCriterion, ...]:
    """The entry's criteria in order, each with the part that opens it."""
    match entry:
        case Chain():
            return tuple(RubricCriterion(one, rung.id) for rung in entry.rungs for one in rung.criteria)
        case Scenario():
            return tuple(RubricCriterion(one, entry.part_of(one.id)) for one in entry.criteria)
        case Analytics():
            return tuple(RubricCriterion(one, question.id) for question in entry.questions for one in question.criteria)
        case Problem():
            later = entry.follow_up.criteria if entry.follow_up is not None else ()
            return (
                *(RubricCriterion(one) for one in entry.criteria),
                *(RubricCriterion(one, "follow-up") for one in later),
            )
        case Question():
            return tuple(RubricCriterion(one) for one in entry.criteria)


def hash_of(entry: Asked) -> str:
    """sha256 of the entry as JSON, keys sorted, defaults left out: a new optional key in the schema changes no hash."""
    content = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _recognised(chain: Chain, text: str) -> tuple[int, int] | None:
    """(minus the length of the longest phrase found, its place); None where nothing is, or something else is meant."""
    if any(_phrase(phrase).search(text) for phrase in chain.not_this):
        return None
    found = [
        (-len(match.group()), match.start())
        for phrase in chain.recognised_by
        if (match := _phrase(phrase).search(text)) is not None
    ]
    return min(found, default=None)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> re.Pattern[str]:
    """A phrase as whole words, in any case; hyphen, blank and line break are one, a plural s is allowed."""
    inner = r"[\s\-\u2010-\u2013]+".join(
        re.escape(word) for word in re.split(r"[\s\-\u2010-\u2013]+", phrase.strip()) if word
    )
    return re.compile(rf"(?<!\w){inner}{'s?' if phrase.strip()[-1:].isalpha() else ''}(?!\w)", re.IGNORECASE)
