"""What a format gives back: the text before the last cut, and what the candidate should know about the reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """Unwrapped text of a file."""

    text: str
    warnings: tuple[str, ...] = ()
