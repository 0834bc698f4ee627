"""Moments as they come in, and places in lists that are ordered by a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, StringConstraints

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("it lies outside the calendar's years 1 to 9999 in UTC") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time with its zone; in UTC from here on."""


def written(moment: datetime, key: str) -> str:
    """The place of an entry in a list, newest first, for a client to hand back."""
    return f"{(moment - _EPOCH) // _MICROSECOND}-{key}"


def place(text: str) -> tuple[datetime, str]:
    """The moment and the key that were `written`. Raises `ValueError` for a moment outside the calendar."""
    sign, rest = ("-", text[1:]) if text.startswith("-") else ("", text)
    moment, _, key = rest.partition("-")
    try:
        return _EPOCH + int(f"{sign}{moment}") * _MICROSECOND, key
    except OverflowError:
        raise ValueError("no page ended there") from None


def _is_place(text: str) -> str:
    place(text)
    return text


ListPlace = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}-[A-Za-z0-9_-]{1,64}$"), AfterValidator(_is_place)]
"""Of an entry that is named by its id."""
