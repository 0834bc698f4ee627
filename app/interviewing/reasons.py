"""How a move's reason is put, so that a person can read it. Pure."""

from __future__ import annotations

HALF_HEARD_AT = 0.3
NEAR_AT = 0.4
FAR_BELOW = 0.15
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def open_as(p_shown: float) -> str:
    """How open a criterion is, from the probability that it was shown."""
    return "open" if p_shown < HALF_HEARD_AT else "half heard"


def near_as(nearness: float | None) -> str:
    """How near a probe lies to the last words, from their cosine; "" where that says nothing."""
    if nearness is None or FAR_BELOW <= nearness < NEAR_AT:
        return ""
    return "near the last words" if nearness >= NEAR_AT else "far from the last words"


def left_as(seconds: float) -> str:
    """The time left, in words."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "under a minute left"
    said = _NUMBERS[minutes] if minutes < len(_NUMBERS) else str(minutes)
    return f"{said} minute{'' if minutes == 1 else 's'} left"


def clock_as(seconds: float) -> str:
    """Seconds as minutes and seconds, as a clock shows them."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
