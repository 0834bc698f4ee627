"""How values read on a page: names of slugs, lengths of time, dates, text as it stands, Markdown as HTML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

_CAPITALS = {"ml": "ML", "ai": "AI", "llm": "LLM", "sql": "SQL", "byd": "BYD", "lora": "LoRA", "rag": "RAG"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
"""Without HTML and without pictures: what a text names is never loaded."""
_MARKDOWN.disable("image")


def title(slug: str) -> str:
    """`high-level-design` as "High-level design", `fundamentals/data-leakage` as "Data leakage"."""
    parts = slug.rpartition("/")[2].split("-")
    said = " ".join(_CAPITALS.get(part, part) for part in parts)
    return _HYPHENED.get(said, said)[:1].upper() + _HYPHENED.get(said, said)[1:]


_HYPHENED = {
    "high level design": "high-level design",
    "low level design": "low-level design",
    "project deep dive": "project deep-dive",
    "candidate questions": "your questions",
    "research math": "research mathematics",
    "llm": "language models",
    "LLM": "language models",
}


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


def markdown(text: str) -> Markup:
    """Markdown as HTML; HTML in it is shown as text."""
    # What the renderer makes is its own tags around escaped text.
    return Markup(_MARKDOWN.render(text))  # noqa: S704


FILTERS: dict[str, Callable[..., Any]] = {
    "title": title,
    "minutes": minutes,
    "day": day,
    "count": count,
    "markdown": markdown,
}
