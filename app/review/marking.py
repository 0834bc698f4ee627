"""A text with places in it, cut so that each place is one stretch wherever that can be: for documents that lead to words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.review.places import Ref


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with what stands in it: text, and places within it."""

    ref: Ref | None
    """None for the outermost, and for what is left of a place that another one ends in."""
    parts: tuple[str | Mark, ...]


def marked(text: str, refs: Sequence[Ref]) -> Mark:
    """The text as a tree of places. Places within others are below them; of two that cross, the later one is cut in two."""
    inside = sorted(
        {ref for ref in refs if 0 <= ref.start < ref.end <= len(text)}, key=lambda ref: (ref.start, -ref.end)
    )
    return Mark(None, _parts(text, 0, len(text), [(ref.start, ref.end, ref) for ref in inside]))


def _parts(text: str, start: int, end: int, pending: list[tuple[int, int, Ref | None]]) -> tuple[str | Mark, ...]:
    """What stands from `start` to `end`; `pending` are the places in it, outermost first."""
    found: list[str | Mark] = []
    at = start
    while pending:
        begin, until, ref = pending[0]
        within = [each for each in pending[1:] if each[0] < until]
        after = [each for each in pending[1:] if each[0] >= until]
        # What crosses the end keeps its name here, and goes on behind without one.
        after += [(until, each[1], None) for each in within if each[1] > until]
        after.sort(key=lambda each: (each[0], -each[1]))
        inner = [(each[0], min(each[1], until), each[2]) for each in within]
        if begin > at:
            found.append(text[at:begin])
        found.append(Mark(ref, _parts(text, begin, until, inner)))
        at, pending = until, after
    if at < end:
        found.append(text[at:end])
    return tuple(found)
