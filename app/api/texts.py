"""Texts that persons write beside an interview, as they come in: readable, nothing invisible, nothing cut."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from app.interviewing.intake import readable


def _line(text: str) -> str:
    return " ".join(readable(text).split())


def _note(text: str) -> str:
    kept = readable(text)
    if not kept:
        raise ValueError("it has no visible character")
    return kept


Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_line)]
"""A line that may be empty: somebody's name, a title."""
Note = Annotated[str, StringConstraints(min_length=1, max_length=5_000), AfterValidator(_note)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_note)]
