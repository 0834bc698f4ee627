"""Twenty fictional resumes with their ground truth, read and checked: twelve of `people/first/`, eight of `people/second/`.

The second set was written when the reader already passed on the first, to see how it reads what nobody had fitted it to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

PEOPLE = Path(__file__).parent / "people"
SETS = ("first", "second")
HELD_OUT = 4
"""Of each set, drawn by its seed."""
_SEEDS = {"first": 20261121, "second": 20261122}
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Work:
    """A project or position as written, and what is due from it."""

    title: str
    also: str
    """Another name that will do: the employer, where it stands above the role. Empty where there is none."""
    head: tuple[str, ...]
    """The lines above its body; ` >> ` sets the rest of a line apart, to the right or in a column of its own."""
    body: tuple[str, ...]
    """Paragraphs and, with a leading `- `, list items."""
    techniques: tuple[str, ...]
    """Every technique that its words name, in their spelling."""
    everyday: tuple[str, ...]
    """Words that are techniques elsewhere and none here."""
    inside: tuple[Work, ...]
    """Projects told within a position."""

    def all(self) -> Iterator[Work]:
        """It and what is inside it, in order."""
        yield self
        for each in self.inside:
            yield from each.all()

    @property
    def words(self) -> str:
        """All of its own words, and of what is inside it, as `words_of` gives them."""
        return words_of("\n".join((*self.head, *self.body, *(each.words for each in self.inside))))

    @property
    def name_words(self) -> frozenset[str]:
        """What a name of it may be made of: its head, or what stands before the colon where it has none."""
        written = " ".join(self.head) or self.body[0].partition(":")[0]
        return frozenset(words_of(written).split())


@dataclass(frozen=True, slots=True)
class Part:
    """A section: a heading, then lines or projects and positions."""

    heading: str
    side: bool
    """Whether it stands in the narrow column where a layout has one."""
    lines: tuple[str, ...]
    work: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone fictional."""

    slug: str
    name: str
    contact: tuple[str, ...]
    pdf: tuple[str, ...]
    docx: tuple[str, ...]
    parts: tuple[Part, ...]
    of: str
    """Which of `SETS`."""
    held_out: bool

    @property
    def work(self) -> tuple[Work, ...]:
        """All that is due, in the order of the resume."""
        return tuple(each for part in self.parts for top in part.work for each in top.all())


def words_of(text: str) -> str:
    """Its words in small letters with one space between, so that only words are compared."""
    return " ".join(_WORD.findall(text.casefold()))


def holds(text: str, part: str) -> bool:
    """Whether the words of `part` stand in `text` in their order and next to each other. Both as `words_of` gives them."""
    return f" {part} " in f" {text} "


def people(*sets: str) -> tuple[Person, ...]:
    """Everyone of these sets, of all where none is named; ValueError where the truth names what the resume does not."""
    return tuple(person for of in sets or SETS for person in _set(of))


def _set(of: str) -> Iterator[Person]:
    files = sorted((PEOPLE / of).glob("*.yaml"))
    held = Random(_SEEDS[of]).sample([file.stem for file in files], HELD_OUT)
    for file in files:
        yield person_of(file.stem, yaml.safe_load(file.read_text(encoding="utf-8")), of=of, held_out=file.stem in held)


def person_of(slug: str, found: dict[str, Any], *, of: str, held_out: bool) -> Person:
    """A person from the values of a file; ValueError as for `people`."""
    person = Person(
        slug=slug,
        name=found["name"],
        contact=tuple(found["contact"]),
        pdf=tuple(found["layouts"]["pdf"]),
        docx=tuple(found["layouts"]["docx"]),
        parts=tuple(
            Part(
                heading=part["heading"],
                side=part.get("side", False),
                lines=tuple(part.get("lines", ())),
                work=tuple(_work(each) for each in part.get("entries", ())),
            )
            for part in found["sections"]
        ),
        of=of,
        held_out=held_out,
    )
    for work in person.work:
        for due in (work.title, work.also or work.title, *work.techniques, *work.everyday):
            if not holds(work.words, words_of(due)):
                raise ValueError(f"{slug}: '{work.title}' does not say '{due}'")
    return person


def _work(found: dict[str, Any]) -> Work:
    return Work(
        title=found["title"],
        also=found.get("also", ""),
        head=tuple(found["head"]),
        body=tuple(found["body"]),
        techniques=tuple(found["techniques"]),
        everyday=tuple(found.get("everyday", ())),
        inside=tuple(_work(each) for each in found.get("entries", ())),
    )
