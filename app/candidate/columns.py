"""Pages of fixed-width text with columns side by side, turned into one stream of lines. Pure.

What stands in two columns is read column by column, over all pages; a date at the right margin, a table of labels and
a column of dates beside entries are rows and stay rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.candidate.dates import trailing_date

_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_LEAST_LEFT = 12
"""Characters that a left column is at least wide."""
_LEAST_ROWS = 6
_SLACK = 8
"""How far a long left cell may push the right one away."""
_SAME_GUTTER = 4
_ITEM_INDENT = 6


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines in one column (`right` empty), or in two with their gutter."""

    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    gutter: int = 0


def in_reading_order(pages: Sequence[str]) -> list[str]:
    """The lines of all pages, column after column; leading spaces are kept relative to the column."""
    return _stream([line.rstrip() for line in page.split("\n")] for page in pages)


def _stream(pages: Iterable[list[str]], depth: int = 0) -> list[str]:
    blocks: list[_Block] = []
    for page in pages:
        for block in _blocks(page):
            last = blocks[-1] if blocks else None
            if last and last.right and block.right and abs(last.gutter - block.gutter) <= _SAME_GUTTER:
                blocks[-1] = _Block(last.left + block.left, last.right + block.right, last.gutter)
            else:
                blocks.append(block)
    lines: list[str] = []
    for block in blocks:
        if not block.right:
            lines += block.left
            continue
        right = list(block.right)
        lines += ["", *block.left, "", *(_stream([right], depth + 1) if depth == 0 else right), ""]
    return lines


def _blocks(lines: list[str]) -> list[_Block]:
    gutter = _gutter(lines)
    if gutter is None:
        return [_Block(tuple(lines))]
    cuts = [_cut(line, gutter) for line in lines]
    blocks: list[_Block] = []
    at = 0
    for crossing, group in groupby(cuts, key=lambda cut: cut == -1):
        count = len(list(group))
        here = lines[at : at + count]
        if not crossing and _are_columns(here, cuts[at : at + count]):
            blocks.append(_split(here, cuts[at : at + count], gutter))
        else:
            blocks.append(_Block(tuple(here)))
        at += count
    return _joined(blocks)


def _joined(blocks: list[_Block]) -> list[_Block]:
    """Neighbours in one column become one block again."""
    joined: list[_Block] = []
    for block in blocks:
        if joined and not joined[-1].right and not block.right:
            joined[-1] = _Block(joined[-1].left + block.left)
        else:
            joined.append(block)
    return joined


def _gutter(lines: list[str]) -> int | None:
    """The column where most right-hand cells begin."""
    starts: Counter[int] = Counter()
    for line in lines:
        indent = len(line) - len(line.lstrip())
        begins = {match.end() for match in _GAP.finditer(line)}
        if line.strip() and indent >= _LEAST_LEFT:
            begins.add(indent)
        starts.update(column for column in begins if column >= _LEAST_LEFT)
    if not starts:
        return None
    best, count = max(starts.items(), key=lambda item: (item[1] + starts[item[0] + 2], -item[0]))
    if count < 3:
        return None
    # The words of list items begin right of their column; fewer lines run across where it truly begins.
    near = [column for column in range(best - _ITEM_INDENT, best) if starts[column] >= 3]
    return min([*near, best], key=lambda column: (_crossed(lines, column), column))


def _crossed(lines: list[str], gutter: int) -> int:
    return sum(_cut(line, gutter) == -1 for line in lines)


def _cut(line: str, gutter: int) -> int:
    """Where the right cell of a line begins: its length where there is none, -1 where the line runs across."""
    if len(line) <= gutter - 1 or not line.strip():
        return len(line)
    if not line[gutter - 2 : gutter].strip():
        return gutter
    for match in _GAP.finditer(line, max(0, gutter - 2), gutter + _SLACK + 2):
        return match.end()
    return -1


def _are_columns(lines: list[str], cuts: list[int]) -> bool:
    cells = [(line[:cut].strip(), line[cut:].strip()) for line, cut in zip(lines, cuts, strict=True)]
    rights = [right for _, right in cells if right]
    lefts = [left for left, _ in cells if left]
    both = [(left, right) for left, right in cells if left and right]
    if len(rights) < _LEAST_ROWS or len(lefts) < 4 or len(both) < 3:
        return False
    labels = sum(left.endswith(":") or trailing_date(left) == 0 for left, _ in both)
    dates = sum(trailing_date(right) == 0 for right in rights)
    if labels * 2 >= len(both) or dates * 2 >= len(rights):
        return False
    alone = sum(bool(left) != bool(right) for left, right in cells)
    return len(both) >= 8 or alone * 4 >= len(cells)


def _split(lines: list[str], cuts: list[int], gutter: int) -> _Block:
    left = tuple(line[:cut].rstrip() for line, cut in zip(lines, cuts, strict=True))
    right = tuple(line[cut:] for line, cut in zip(lines, cuts, strict=True))
    return _Block(left, right, gutter)
