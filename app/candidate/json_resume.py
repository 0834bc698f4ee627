"""JSON Resume (schema 1.0.0, and the `company` of 0.0.0, https://jsonresume.org/schema) to the text that is stored.

Only what the schema calls text is shown; anything of another type is passed over.
"""

from __future__ import annotations

import json
from typing import Any

from app.candidate.cleaning import clean, visible_characters
from app.candidate.plain import decode
from app.candidate.raw import Raw
from app.candidate.unwrap import unwrap
from app.domain.errors import ResumeEmpty, ResumeUnreadable

_KEYS = frozenset({"basics", "work", "projects", "skills", "education", "volunteer", "publications"})
_MOST = 200
"""Entries of one list that are read."""


def looks_like_json(data: bytes) -> bool:
    """Whether the first visible character opens an object."""
    return decode(data[:1024])[0].lstrip("\ufeff \t\r\n").startswith("{")


def read_json_resume(data: bytes) -> Raw:
    """The resume as headings, lines and list items.

    Raises:
        ResumeUnreadable: not JSON, or not a JSON Resume.
        ResumeEmpty: a JSON Resume that says nothing.
    """
    decoded, warnings = decode(data)
    try:
        document = json.loads(decoded)
    except (ValueError, RecursionError) as error:  # a ValueError also for an integer of thousands of digits
        raise ResumeUnreadable("it begins like JSON but is no valid JSON") from error
    if not isinstance(document, dict) or not _KEYS & document.keys():
        raise ResumeUnreadable("it is JSON, but not in the form of JSON Resume (https://jsonresume.org/schema)")
    text = unwrap([clean(line) for line in _lines(document)], wrapped=False)
    if not visible_characters(text):
        raise ResumeEmpty
    return Raw(text, warnings)


def _lines(document: dict[str, Any]) -> list[str]:
    basics = document.get("basics")
    basics = basics if isinstance(basics, dict) else {}
    lines = [f"# {_text(basics, 'name')}".rstrip(" #"), _text(basics, "label"), _text(basics, "email"), ""]
    lines += ["## Summary", _text(basics, "summary"), ""] if _text(basics, "summary") else []
    sections: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("Experience", "work", ("position", "name")),
        ("Projects", "projects", ("name", "entity")),
        ("Volunteering", "volunteer", ("position", "organization")),
    )
    for title, key, names in sections:
        entries = _entries(document, key)
        if entries:
            lines += [f"## {title}", ""]
        for entry in entries:
            lines += _work(_with_employer(entry) if key == "work" else entry, names)
    skills = _entries(document, "skills")
    if skills:
        lines += ["## Skills", "", *filter(None, map(_skill, skills)), ""]
    sections = (
        ("Education", "education", ("studyType", "area", "institution")),
        ("Publications", "publications", ("name", "publisher")),
    )
    for title, key, names in sections:
        entries = _entries(document, key)
        if entries:
            lines += [
                f"## {title}",
                "",
                *(f"- {_joined(entry, names)}  {_when(entry)}".rstrip() for entry in entries),
                "",
            ]
    return lines


def _work(entry: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    lines = [f"### {_joined(entry, names)}", _when(entry), _text(entry, "description"), _text(entry, "summary")]
    for key in ("highlights", "keywords"):
        values = _strings(entry, key)
        if key == "keywords":
            lines += [f"Technologies: {', '.join(values)}"] if values else []
        else:
            lines += [f"- {value}" for value in values]
    return [*filter(None, lines), ""]


def _with_employer(entry: dict[str, Any]) -> dict[str, Any]:
    """A position whose employer is its `name`; schema 0.0.0 has it as `company`."""
    return entry if _text(entry, "name") else {**entry, "name": entry.get("company")}


def _skill(entry: dict[str, Any]) -> str:
    name, keywords = _text(entry, "name"), ", ".join(_strings(entry, "keywords"))
    return f"- {name}: {keywords}" if name and keywords else f"- {name or keywords}" if name or keywords else ""


def _when(entry: dict[str, Any]) -> str:
    start, end = _text(entry, "startDate"), _text(entry, "endDate")
    return f"{start} - {end or 'Present'}" if start else end


def _joined(entry: dict[str, Any], keys: tuple[str, ...]) -> str:
    return ", ".join(filter(None, (_text(entry, key) for key in keys)))


def _entries(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = document.get(key)
    return [entry for entry in value[:_MOST] if isinstance(entry, dict)] if isinstance(value, list) else []


def _strings(entry: dict[str, Any], key: str) -> list[str]:
    value = entry.get(key)
    return (
        [" ".join(item.split()) for item in value[:_MOST] if isinstance(item, str)] if isinstance(value, list) else []
    )


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""
