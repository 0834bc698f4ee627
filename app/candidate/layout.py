"""The text of a resume as lines and sections. Pure; every offset points into the text that was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.candidate.wording import BULLET, NUMBERED, ORNAMENT, SectionKind, heading_kind


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank. `start:end` is what it says, without marker and surrounding spaces; never empty."""

    text: str
    start: int
    end: int
    depth: int
    """Of a list item, from 0; -1 for any other line."""
    level: int = 0
    """Number of `#` before a heading; 0 for any other line."""
    after_blank: bool = False
    numbered: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it is a list item."""
        return self.depth >= 0


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading."""

    kind: SectionKind
    title: str
    lines: tuple[Line, ...]
    """Without the heading."""
    start: int
    end: int
    understood: bool = True
    """False where the words of the heading leave open what stands under it."""


def lines_of(text: str) -> tuple[Line, ...]:
    """All lines with something to read."""
    found: list[Line] = []
    offset = 0
    blank = True
    for raw in text.split("\n"):
        line = _line(raw, offset, blank)
        if line:
            found.append(line)
        blank = line is None
        offset += len(raw) + 1
    return tuple(found)


def _line(raw: str, offset: int, after_blank: bool) -> Line | None:
    body = raw.lstrip()
    begin = len(raw) - len(body)
    depth, level, numbered = -1, 0, False
    if body.startswith("#"):
        bare = body.lstrip("#")
        hashes = len(body) - len(bare)
        if hashes <= 6 and bare[:1].isspace():
            level, begin = hashes, begin + len(body) - len(bare.lstrip())
            body = bare.lstrip()
    else:
        marker = BULLET.match(body)
        if marker:
            depth = min(begin // 2, 4)
            begin, body = begin + marker.end(), body[marker.end() :]
        picture = ORNAMENT.match(body)
        if picture:
            begin, body = begin + picture.end(), body[picture.end() :]
        number = NUMBERED.match(body)
        if number:
            numbered = True
            begin, body = begin + number.end(), body[number.end() :]
    body = body.rstrip()
    if not any(character.isalnum() for character in body):
        return None
    start = offset + begin
    return Line(body, start, start + len(body), depth, level, after_blank, numbered)


def sections_of(text: str) -> tuple[Section, ...]:
    """The sections in order; the first is what stands before any heading. Every line but headings is in one."""
    lines = lines_of(text)
    marked = [line.level for line in lines if line.level and heading_kind(line.text)]
    deepest = max(marked, default=0)
    sections: list[Section] = []
    kind, title, here, start, understood = SectionKind.TOP, "", list[Line](), 0, True
    entries_level = 0
    for number, line in enumerate(lines):
        found = _heading(line, kind, deepest=deepest, first=number == 0)
        if found is SectionKind.OTHER and line.level and not heading_kind("# " + line.text) and _is_work(kind):
            # Some mark their projects with headings as large as those of the sections.
            entries_level = line.level if not here else entries_level
            found = None if line.level == entries_level else found
        elif found is not None:
            entries_level = 0
        if found is None:
            here.append(line)
            continue
        sections.append(Section(kind, title, tuple(here), start, here[-1].end if here else start, understood))
        kind, title, here, start = found, line.text, [], line.start
        understood = heading_kind("# " + line.text) is not None
    sections.append(Section(kind, title, tuple(here), start, here[-1].end if here else start, understood))
    return tuple(sections)


def _heading(line: Line, inside: SectionKind, *, deepest: int, first: bool) -> SectionKind | None:
    """What section a line opens; None where it opens none."""
    if line.is_item or line.numbered:
        return None
    kind = heading_kind("# " + line.text if line.level else line.text)
    if kind is None:
        # A heading of unknown meaning on the level of the known ones ends what stood before it.
        return SectionKind.OTHER if 0 < line.level <= deepest and not (first and line.level == 1) else None
    if _is_work(inside) and not line.level and line.text.rstrip().endswith(":") and kind is not SectionKind.PROJECTS:
        return None
    if line.level > deepest > 0:
        return None
    return kind


def _is_work(kind: SectionKind) -> bool:
    return kind in (SectionKind.EXPERIENCE, SectionKind.PROJECTS)


def span(lines: Sequence[Line]) -> tuple[int, int]:
    """From the first to the last line."""
    return lines[0].start, lines[-1].end
