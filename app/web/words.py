"""How values read on a page: names of slugs, lengths of time, dates, text as it stands, Markdown as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from app.domain.titles import title

_PATH = re.compile(r" ((?:[a-z0-9-]+/)+[a-z0-9-]+)")
_SLUG = re.compile(r"(?<=probed )[a-z0-9-]+|(?<=next part )[a-z0-9-]+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
"""Without HTML and without pictures: what a text names is never loaded."""
_MARKDOWN.disable("image")


def reason(text: str) -> str:
    """Why the interviewer made a move, for whoever was asked: ids as names, and as a sentence.

    "next analytics/confusion-matrix" as "next: Confusion matrix", "probed f1-value: must, open" as "Probed f1 value: must, open".
    """
    named = _PATH.sub(lambda it: f": {title(it[1])}", text)
    said = _SLUG.sub(lambda it: it[0].replace("-", " "), named)
    return said[:1].upper() + said[1:]


def minutes(value: float) -> str:
    """`12.0` as "12 min", `7.5` as "7.5 min"."""
    return f"{value:g} min"


def day(value: str | datetime) -> str:
    """An ISO moment as "21 November 2026"."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return f"{moment.day} {moment:%B %Y}"


def count(number: int, one: str, many: str = "") -> str:
    """`3, "round"` as "3 rounds"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def clock(seconds: float) -> str:
    """`250` as "4:10", `5` as "0:05"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def markdown(text: str) -> Markup:
    """Markdown as HTML; HTML in it is shown as text."""
    # What the renderer makes is its own tags around escaped text.
    return Markup(_MARKDOWN.render(text))  # noqa: S704


FILTERS: dict[str, Callable[..., Any]] = {
    "title": title,
    "reason": reason,
    "minutes": minutes,
    "day": day,
    "count": count,
    "clock": clock,
    "markdown": markdown,
}
