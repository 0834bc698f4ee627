"""Headings known by how they are set: in the type of the headings whose words are known. Pure.

Words alone tell that "Education" is a heading and leave "Where I worked" open; both stand in the same type on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from app.candidate.dates import trailing_date
from app.candidate.wording import BULLET, heading_kind

_LEAST_KNOWN = 2
"""Headings with known words in one type, from which it counts as the type of headings."""
_LEAST_SHARE = 4
"""At least one in so many of that type is known; else it is also the type of something else."""
_LONGEST = 60
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line and the type it is set in."""

    text: str
    type: Hashable
    """Font, size and the like: equal for lines that look alike."""


def headings_by_type(lines: Sequence[SetLine]) -> frozenset[str]:
    """What stands in the type of the known headings, known or not, as `bare` writes it.

    Empty where the known headings are set like running text, in several types, or like the titles of entries.
    """
    said = [line for line in lines if any(character.isalnum() for character in line.text)]
    weight: Counter[Hashable] = Counter()
    for line in said:
        weight[line.type] += len(line.text)
    known = Counter(line.type for line in said if heading_kind(line.text))
    if not known:
        return frozenset()
    best, count = known.most_common(1)[0]
    alike = [line.text for line in said if line.type == best]
    if count < _LEAST_KNOWN or best == weight.most_common(1)[0][0] or count * _LEAST_SHARE < len(alike):
        return frozenset()
    if any(not _may_be_heading(text) for text in alike):
        return frozenset()
    return frozenset(bare(text) for text in alike)


def bare(text: str) -> str:
    """Its letters and digits in small, so that spacing makes no difference."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _may_be_heading(text: str) -> bool:
    plain = text.strip()
    return (
        len(plain) <= _LONGEST
        and len(plain.split()) <= _MOST_WORDS
        and not BULLET.match(plain)
        and trailing_date(plain) is None
        and plain[-1] not in ".,;"
    )
