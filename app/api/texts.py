"""Texts that persons write beside an interview, as they come in: readable, nothing invisible, nothing cut."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from app.interviewing.intake import readable


def _breaks(text: object) -> object:
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


OneForABreak = BeforeValidator(_breaks)
"""A line break counts as one character, as browsers count it who let so many be typed; a form sends two."""


def _line(text: str) -> str:
    return " ".join(readable(text).split())


def _note(text: str) -> str:
    kept = readable(text)
    if not kept:
        raise ValueError("it has no visible character")
    return kept


Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_line)]
"""A line that may be empty: somebody's name, a title."""
Note = Annotated[str, StringConstraints(min_length=1, max_length=5_000), OneForABreak, AfterValidator(_note)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2_000), OneForABreak, AfterValidator(_note)]
Written = Annotated[str, StringConstraints(max_length=4_000), OneForABreak]
"""A text that may be empty: what one makes of an interview."""
