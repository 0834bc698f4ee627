"""Walks a report's JSON: a number that does not lead to words is a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

WITHOUT_WORDS = {
    "$.pending": "of the judging, not of what was said",
    "$.failed": "of the judging, not of what was said",
    "$.interview": "what was set up, and its plan",
    "$.bar.level": "the level that was chosen, by seniority and strictness",
    "$.job_description.testable": "lines of the job description, which are below it with their places",
    "$.questions[].score.versions": "names versions, and counts nothing",
    "$.question.score.versions": "names versions, and counts nothing",
}
"""Paths, with all below them, whose numbers need no words; each with its reason."""
PLACES = frozenset({"seq", "start", "end"})
"""Keys of a place itself, in an object that holds its text or names its turn."""


def numbers_without_words(found: Any) -> list[str]:
    """Paths of all numbers whose object has no place to lead to; a 0 may have none where nothing was said at all."""
    return list(_walk(found, "$"))


def _walk(value: Any, path: str) -> Iterator[str]:
    if path in WITHOUT_WORDS:
        return
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, f"{path}[]")
    elif isinstance(value, Mapping):
        a_place = set(value) >= PLACES and "turn_id" in value
        a_slice = {"text", "start", "end"} <= set(value) or {"quote", "start", "end"} <= set(value)
        holds_places = "pieces" in value and "turn_id" in value
        for key, inner in value.items():
            if isinstance(inner, bool) or not isinstance(inner, int | float):
                yield from _walk(inner, f"{path}.{key}")
            elif (key in PLACES and (a_place or a_slice or holds_places)) or f"{path}.{key}" in WITHOUT_WORDS:
                continue
            elif "refs" not in value or (inner != 0 and not value["refs"]):
                yield f"{path}.{key} = {inner}"


def refs_in(found: Any) -> Iterator[dict[str, Any]]:
    """Every place in the JSON."""
    if isinstance(found, list):
        for each in found:
            yield from refs_in(each)
    elif isinstance(found, Mapping):
        if {"turn_id", "seq", "start", "end", "in_code"} <= set(found) and "quote" not in found:
            yield dict(found)
        for inner in found.values():
            yield from refs_in(inner)
