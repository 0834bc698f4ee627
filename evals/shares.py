"""Shares as they are told: rounded, and 1 only where it is all of them."""

from __future__ import annotations

DIGITS = 3


def share(part: float, whole: float, digits: int = DIGITS) -> float | None:
    """A part of a whole, rounded; never up to 1, since one that fails among thousands is none too few. None of nothing."""
    if not whole:
        return None
    found = round(part / whole, digits)
    return found if part >= whole else min(found, round(1 - 10**-digits, digits))
