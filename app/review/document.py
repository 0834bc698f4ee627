"""A report as blocks of words, whatever it is written as: Markdown, a page, a file to print. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.transcript import Turn
from app.review.places import Refs


class Look(StrEnum):
    """What words are."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    CODE = "code"
    QUOTE = "quote"
    """Somebody's own words, between quote marks."""
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words in a line. Untrusted text: a renderer escapes it."""

    text: str
    look: Look = Look.PLAIN
    refs: Refs = ()
    """Places in the transcript that they lead to, the first one at a click."""
    to: str = ""
    """Anchor in the document; empty where `refs` or nothing leads on."""


Line = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list, with points below it."""

    line: Line
    below: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Its rows have a cell for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level on the scale from 0 to 4 with what it may be; None where there is none."""

    label: str
    to: str
    """Anchor in the document of what it is the level of."""
    level: float | None
    low: float | None
    high: float | None
    note: Line
    refs: Refs
    bar: int | None = None
    """The level that is asked for here."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels below each other, to be drawn."""

    what: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown of the corpus."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Text with its own line breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The transcript, with an anchor at every place that something leads to."""

    turns: tuple[Turn, ...]


Block = Heading | Paragraph | Items | Grid | Scale | Prose | Letter | Conversation


def lines_in(blocks: tuple[Block, ...]) -> tuple[Line, ...]:
    """All lines of words in the blocks."""
    found: list[Line] = []
    for block in blocks:
        match block:
            case Paragraph():
                found.append(block.line)
            case Items():
                for item in block.items:
                    found += [item.line, *item.below]
            case Grid():
                found += [cell for row in block.rows for cell in row]
            case Scale():
                for level in block.levels:
                    found += [level.note, (Words("", refs=level.refs),)]
            case _:
                pass
    return tuple(found)


def refs_in(blocks: tuple[Block, ...]) -> Refs:
    """All places that something in the blocks leads to, in the order of the transcript."""
    return tuple(sorted({place for line in lines_in(blocks) for each in line for place in each.refs}))
