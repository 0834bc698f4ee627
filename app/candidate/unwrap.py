"""Lines as they were laid out, turned into lines as they were meant: one statement, one line. Pure.

The result is the text of the resume that is stored and that every offset points into. Its form is a little Markdown:
`# ` before headings where the file marked them, `- ` before list items (two spaces deeper when nested).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.candidate.dates import opens_with_date, trailing_date
from app.candidate.headings import bare
from app.candidate.inline import dated_name_ends
from app.candidate.labels import WITHOUT_COLON, is_table_head
from app.candidate.telling import leads_on, states
from app.candidate.wording import BULLET, NUMBERED, ORNAMENT, RULE, heading_kind

_HEADING = re.compile(r"#{1,6}\s+")
_PAGE = re.compile(r"page \d{1,3} of \d{1,3}$", re.IGNORECASE)
_LABEL = re.compile(r"[A-Z][\w &/+-]{1,40}:\s")
_NAMED_BEFORE_DASH = re.compile(r"[A-Z][\w&/+-]{0,30}(?: [\w&/+-]{1,30}){0,5} [\u2013\u2014-] [a-z]")
_WIDE = re.compile(r"(?<=\S) {3,}(?=\S)")
_SPACES = re.compile(r" {2,}")
_BROKEN = re.compile(r"([^\W\d_]{2,})-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_HEADING = 80
_LEAST_WIDTH = 48
"""Narrower text is a list rather than a wrapped paragraph."""
_FULL = 0.86
"""A line this full, with the next word added, may have been wrapped; proportional fonts make the edge ragged."""
_LEAST_STATEMENTS = 3
_FIRST_HALVES = re.compile(
    r"(?:fine|pre|self|semi|multi|cross|real|end|high|low|long|short|zero|few|one|two|three|four|five|six|non|well|hand|"
    r"time|early|late|near|in|on|off|co|post|sub|data|model|state|large|small|open|closed|full|half|part|feature|token|"
    r"point|cost|user|decision|energy|first|second|third|best|top|mid|batch|train|test|image|text|speech|question|domain|"
    r"task|class|row|event|rule|tree|graph|content|production|human|machine|deep|mixed|hyper|meta|out)$",
    re.IGNORECASE,
)
_SECOND_HALVES = re.compile(
    r"(?:based|tuned|tuning|trained|training|scale|level|aware|free|driven|of|the|time|to|end|shot|up|out|off|bit|like|"
    r"wise|specific|agnostic|supervised|encoder|stage|step|class|modal|source|quality|dimensional|facing|oriented)$",
    re.IGNORECASE,
)
"""Halves beside which a hyphen at the end of a line is taken to belong to the word, and not to have broken it."""


@dataclass(slots=True)
class _Open:
    """The line that is being put together."""

    text: str
    indent: int
    marker: int
    """Column of the list marker; -1 outside of a list."""
    end: int
    """Column where its last physical line ends."""
    closed: bool
    """Nothing can continue it: a heading, a rule, a line with a date."""
    physical: str


def unwrap(lines: Sequence[str], *, wrapped: bool = True, headings: frozenset[str] = frozenset()) -> str:
    """The text of `lines`; blank lines separate blocks, never two in a row.

    With `wrapped` False each line stands by itself, as a paragraph of a word processor does. What is in `headings`, as
    `bare` writes it, is marked as a heading where it has a line to itself.
    """
    width = _width(lines)
    listed = _is_list_of_statements(lines, width)
    vocabulary = _hyphenated(lines)
    out: list[str] = []
    current: _Open | None = None
    markers: list[int] = []
    for number, raw in enumerate(lines):
        stripped = raw.strip()
        if not stripped:
            _flush(out, current)
            current = None
            if out and out[-1]:
                out.append("")
            continue
        if _PAGE.match(stripped):
            continue
        indent = len(raw) - len(raw.lstrip())
        if headings and len(stripped) <= _LONGEST_HEADING and stripped[0] != "#" and bare(stripped) in headings:
            stripped = "## " + stripped
        if RULE.match(stripped):
            _underlined(out, current, stripped)
            current = None
            continue
        if WITHOUT_COLON.match(stripped) and not is_table_head(stripped):
            stripped = WITHOUT_COLON.sub(r"\1: ", stripped, count=1)
        bullet = BULLET.match(stripped)
        if bullet and bullet.end() == len(stripped):
            # A marker on a line of its own: the next line is its text.
            _flush(out, current)
            current = _Open("-", indent, indent, indent + 1, closed=False, physical="")
            markers = _nested(markers, indent)
            continue
        if current and current.text == "-" and not bullet:
            depth = len(markers) - 1
            current = _Open(
                "  " * depth + "- " + _inner(stripped), indent, current.marker, len(raw.rstrip()), False, stripped
            )
            continue
        titled = number + 1 < len(lines) and trailing_date(lines[number + 1].strip()) == 0
        if wrapped and current and not bullet and not titled and _continues(current, stripped, indent, width, listed):
            current.text = _joined(current.text, _inner(stripped), vocabulary)
            current.end = len(raw.rstrip())
            current.physical = stripped
            continue
        _flush(out, current)
        if bullet:
            markers = _nested(markers, indent)
            text = "  " * (len(markers) - 1) + "- " + _inner(stripped[bullet.end() :])
            current = _Open(text, indent, indent, len(raw.rstrip()), closed=False, physical=stripped)
        else:
            markers = [] if not markers or indent <= markers[0] else markers
            heading = bool(_HEADING.match(stripped)) or heading_kind(stripped) is not None
            text = _SPACES.sub(" ", stripped) if heading else _WIDE.sub("\0", stripped)
            text = _SPACES.sub(" ", text).replace("\0", "  ")
            closed = heading or "  " in text or _is_dated(stripped)
            current = _Open(text, indent, -1, len(raw.rstrip()), closed=closed, physical=stripped)
    _flush(out, current)
    return "\n".join(out).strip("\n")


def _flush(out: list[str], current: _Open | None) -> None:
    if current and current.text != "-":
        out.append(current.text)


def _underlined(out: list[str], current: _Open | None, rule: str) -> None:
    """A rule under a short line makes it a heading, as in Markdown; any other rule separates."""
    if current and current.marker < 0 and rule[0] in "-=_~" and len(current.text) <= 60:
        current.text = current.text if current.text.startswith("#") else "## " + current.text
        _flush(out, current)
        return
    _flush(out, current)
    if out and out[-1]:
        out.append("")


def _nested(markers: list[int], indent: int) -> list[int]:
    kept = [marker for marker in markers if marker < indent - 1]
    return [*kept, indent][-4:]


def _is_dated(line: str) -> bool:
    at = trailing_date(line)
    return at is not None and (at == 0 or (len(line.split()) <= 16 and not line.endswith(".")))


def _continues(current: _Open, line: str, indent: int, width: int, listed: bool) -> bool:
    """Whether `line` goes on with what stands open. Where lines are `listed`, one with a capital is a statement of its own."""
    if current.closed or _HEADING.match(line) or NUMBERED.match(line) or ORNAMENT.match(line):
        return False
    if opens_with_date(line) or dated_name_ends(line):
        return False
    if current.marker >= 0 and indent > current.marker + 1:
        return True
    if heading_kind(line) is not None or _is_dated(line) or _LABEL.match(line):
        return False
    if _stands_alone(current.physical, line, listed):
        return False
    ended = current.physical[-1:] in ".!?:"
    begins_low = line[0].islower()
    if begins_low and not ended and (current.marker >= 0 or len(current.physical.split()) >= 4):
        return True
    if current.physical.endswith("-") and begins_low:
        return True
    if current.marker < 0 and abs(indent - current.indent) > 2:
        return False
    # After a full stop a capital may begin anything; only a line that had no room left is taken to go on.
    edge = width if ended and line[0].isupper() else _FULL * width
    full = current.end + 1 + len(line.split(" ", 1)[0]) > edge
    if current.physical[-1:] == "," and len(current.physical) > 0.5 * width:
        return True
    if current.marker >= 0 and ended:
        return full and begins_low
    return full and width >= _LEAST_WIDTH


def _stands_alone(before: str, line: str, listed: bool) -> bool:
    """Whether a line is a statement or a title of its own, although the one before has no full stop."""
    if not line[0].isupper() or before[-1:] in ",-" or leads_on(before):
        return False
    capitals = line.isupper() and len(line.split()) > 1 and line[-1] != "." and not before.isupper()
    named = before[-1:] in ".!?" and bool(_NAMED_BEFORE_DASH.match(line))
    return capitals or named or states(line) or (listed and before[-1:] not in ".!?:")


def _is_list_of_statements(lines: Sequence[str], width: int) -> bool:
    """Whether lines that left no room for the next word are followed by capitals only: then nothing was wrapped."""
    capitals = 0
    for before, line in pairwise(lines):
        text, after = before.strip(), line.strip()
        if not text or not after or BULLET.match(after) or text[-1] in ".!?:" or leads_on(text):
            continue
        if after[0].islower():
            return False
        capitals += after[0].isupper() and len(before.rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > _FULL * width
    return capitals >= _LEAST_STATEMENTS


def _joined(before: str, after: str, vocabulary: frozenset[str]) -> str:
    """One line of two; a word broken with a hyphen is made whole, a compound keeps its hyphen."""
    broken = _BROKEN.search(before[-40:])
    second = _FIRST_WORD.match(after)
    if not broken or not second:
        return f"{before} {after}" if not before.endswith("-") or before.endswith(" -") else before + after
    head, tail = broken.group(1), second.group()
    compound = _FIRST_HALVES.match(head) or _SECOND_HALVES.match(tail)
    if after[0].isupper() or not head[1:].islower() or compound or f"{head}-{tail}".lower() in vocabulary:
        return before + after
    return before[:-1] + after


def _hyphenated(lines: Sequence[str]) -> frozenset[str]:
    """Compounds that the text writes with a hyphen inside a line."""
    found: set[str] = set()
    for word in (word for line in lines for word in line.split() if "-" in word[1:-1] and len(word) <= 80):
        parts = [part.strip(".,;:()\"'") for part in word.lower().split("-")]
        found |= {f"{head}-{tail}" for head, tail in pairwise(parts) if head and tail}
    return frozenset(found)


def _inner(text: str) -> str:
    return _SPACES.sub(" ", text.strip())


def _width(lines: Sequence[str]) -> int:
    """Column where running text usually ends: the upper end of lines without a gap; at least `_LEAST_WIDTH`."""
    ends = sorted(len(line.rstrip()) for line in lines if line.strip() and not _WIDE.search(line.strip()))
    if not ends:
        return _LEAST_WIDTH
    return max(_LEAST_WIDTH, ends[min(len(ends) - 1, int(len(ends) * 0.95))])
