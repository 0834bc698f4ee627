"""Places in a transcript: as the address that leads to them, and as pieces of text with what stands on each.

A place is what the API calls a ref: a turn, `start` and `end` in code points, and whether it lies in the turn's code. In an address
it reads `7.12-40`, or `7c.0-18` in code, with the turn's `seq`, or its id where only that is known; several are joined by commas.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_PLACES = 300
"""In one address: more than a browser's line holds is cut."""
_PLACE = re.compile(r"([0-9]{1,7}|[0-9a-f]{32})(c?)\.([0-9]{1,7})-([0-9]{1,7})")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+|(?<=[;:])\s+|(?<=,)\s+(?=(?:and|but|so|because|then|which|or)\b)")


@dataclass(frozen=True, slots=True)
class Place:
    """`turn.text[start:end]`, or with `in_code` `turn.code[start:end]`; `turn` is the turn's `seq`, or its id."""

    turn: str
    start: int
    end: int
    in_code: bool = False

    def __str__(self) -> str:
        return f"{self.turn}{'c' if self.in_code else ''}.{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that stands on a stretch of a turn: `kind` is how it looks, `id` what it leads to."""

    start: int
    end: int
    kind: str
    id: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one set of marks on it. `opens` are those that begin here, `closes` those that end here."""

    text: str
    marks: tuple[Mark, ...] = ()
    opens: tuple[Mark, ...] = ()
    closes: tuple[Mark, ...] = ()

    @property
    def kinds(self) -> str:
        """Names of classes, each once."""
        return " ".join(dict.fromkeys(mark.kind for mark in self.marks))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence, or a part of a long one, with its place."""

    start: int
    end: int
    text: str


def read(written: str) -> tuple[Place, ...]:
    """The places of an address, each once; what is no place is passed over."""
    matches = (_PLACE.fullmatch(part.strip()) for part in written.split(","))
    found = {
        Place(match[1], int(match[3]), int(match[4]), bool(match[2])): None
        for match in matches
        if match is not None and int(match[3]) < int(match[4])
    }
    return tuple(found)[:MAX_PLACES]


def write(refs: Iterable[Mapping[str, Any]]) -> str:
    """Refs or quotes of the API as an address has them, each once; without those that hold no words."""
    places = {
        Place(str(ref.get("seq") or ref["turn_id"]), ref["start"], ref["end"], ref.get("in_code", False)): None
        for ref in refs
        if ref["start"] < ref["end"]
    }
    return ",".join(str(each) for each in tuple(places)[:MAX_PLACES])


def transcript(refs: Iterable[Mapping[str, Any]], interview_id: str) -> str:
    """The address at which these words are marked in the transcript and the first of them is in sight; empty without any."""
    written = write(refs)
    return f"/interviews/{interview_id}/transcript?words={written}#w1" if written else ""


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """The text cut wherever a mark begins or ends. Joined, the pieces are the text; marks outside of it are cut or left out."""
    length = len(text)
    kept = [
        Mark(max(0, mark.start), min(length, mark.end), mark.kind, mark.id, mark.number)
        for mark in marks
        if max(0, mark.start) < min(length, mark.end)
    ]
    cuts = sorted({0, length, *(mark.start for mark in kept), *(mark.end for mark in kept)})
    return tuple(
        Piece(
            text[start:end],
            tuple(mark for mark in kept if mark.start <= start and end <= mark.end),
            tuple(mark for mark in kept if mark.start == start),
            tuple(mark for mark in kept if mark.end == end),
        )
        for start, end in itertools.pairwise(cuts)
    )


def stretches(text: str, *, longest: int = 220) -> tuple[Stretch, ...]:
    """The text as stretches that can be chosen one by one: sentences, and where one is long, its parts. No words are left out."""
    found: list[Stretch] = []
    start = 0
    for cut in [*(match.span() for match in _SENTENCE_END.finditer(text)), (len(text), len(text))]:
        soft = text[: cut[0]].endswith((",", ";", ":"))
        if soft and cut[0] < len(text) and cut[0] - start < longest / 4:
            continue
        if text[start : cut[0]].strip():
            lead = len(text[start : cut[0]]) - len(text[start : cut[0]].lstrip())
            found.append(Stretch(start + lead, cut[0], text[start + lead : cut[0]]))
        start = cut[1]
    return tuple(found)


def span(chosen: Sequence[str]) -> tuple[int, int] | None:
    """From the first to the last of chosen stretches, each written `start-end`; None where none is one."""
    ends = [
        (int(start), int(end))
        for start, dash, end in (each.partition("-") for each in chosen)
        if dash
        and start.isascii()
        and start.isdigit()
        and end.isascii()
        and end.isdigit()
        and int(start) < int(end) < 10**7
    ]
    return (min(start for start, _ in ends), max(end for _, end in ends)) if ends else None


FILTERS: dict[str, Callable[..., Any]] = {"transcript": transcript}
