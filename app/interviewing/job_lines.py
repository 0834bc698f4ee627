"""Which lines of a job description a question tests. Pure; by phrases, so that a person can see why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from app.candidate.job_description import JobLine, LineKind, lines_of
from app.domain.interview import JobPlace
from app.interviewing.job_terms import TOPICS
from app.material.corpus import Corpus

_WORD = re.compile(r"[a-z0-9+#]+")


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line that asks for something the corpus has questions on."""

    line: JobLine
    topics: frozenset[str]
    rounds: frozenset[str]
    chains: frozenset[str]

    @property
    def place(self) -> JobPlace:
        """Where it stands."""
        return JobPlace(self.line.start, self.line.end)


@dataclass(frozen=True, slots=True)
class JobLines:
    """The lines of one description, and what they ask for."""

    all: tuple[JobLine, ...] = ()
    asked: tuple[AskedLine, ...] = ()

    def tested_by(self, topics: Collection[str], round_slug: str, entry_id: str) -> tuple[JobPlace, ...]:
        """Places of the lines that an entry with these topics tests, in order."""
        return tuple(each.place for each in self.asked if _tests(each, topics, round_slug, entry_id))


NO_LINES = JobLines()


def job_lines(corpus: Corpus, description: str) -> JobLines:
    """What a description asks for; nothing for an empty one."""
    if not description.strip():
        return NO_LINES
    found = lines_of(description)
    asked: list[AskedLine] = []
    for line in found:
        if line.kind is not LineKind.TESTABLE:
            continue
        chains = [chain for chain in corpus.chains.values() if corpus.chain_matches(chain, line.text)]
        topics, rounds = wanted(line.text)
        topics |= {topic for chain in chains for topic in chain.topics[:1]}
        if topics or rounds:
            asked.append(AskedLine(line, topics, rounds, frozenset(chain.id for chain in chains)))
    return JobLines(found, tuple(asked))


def wanted(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Topics and rounds that a text speaks of."""
    words = f" {' '.join(_WORD.findall(text.lower()))} "
    found = {name for phrase, names in _phrases() if f" {phrase} " in words for name in names}
    return (
        frozenset(name for name in found if not name.startswith("@")),
        frozenset(name[1:] for name in found if name.startswith("@")),
    )


def _tests(line: AskedLine, topics: Collection[str], round_slug: str, entry_id: str) -> bool:
    return bool(line.topics.intersection(topics)) or round_slug in line.rounds or entry_id in line.chains


@cache
def _phrases() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(phrase in bare words, its topics) for each phrase of the table."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for row in re.sub(r"\n +", " ", TOPICS.strip()).splitlines():
        phrases, _, topics = row.partition(" > ")
        names = tuple(each.strip() for each in topics.split(","))
        found += [(" ".join(_WORD.findall(phrase.lower())), names) for phrase in phrases.split(" | ")]
    return tuple(found)


def topics_of_table() -> Iterable[str]:
    """Every topic and round that the table names, for the check that the corpus has it."""
    return {name for _, names in _phrases() for name in names}
