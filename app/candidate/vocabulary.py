"""Techniques and tools of machine learning, and how resumes write them.

A term is found as whole words: `LoRA` is not in `QLoRA`, `fine tuning` is also `fine-tuning`, a plural is its singular.
Short names and names that are ordinary words are found in their own spelling or in capitals only (`RAG`, not `rag`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
_EVERYDAY = LISTS / "everyday_phrases.txt"
_TOKEN = re.compile(r"[^\W_]+(?:(?<=\b[CcFf])(?:\+\+|#))?")
_BETWEEN = re.compile(r"(?:[ \-/._@&'\u2019]{0,2}| & )$")
_URL = re.compile(r"://|^www\.|@[\w-]+\.|\.(?:com|org|io|net|dev|invalid)(?:/|$)")
_CHUNK = re.compile(r"\S+")
_SHORT = 5
"""Up to this many characters a name with a capital is held to its spelling."""
_JOINT = ("&", "'", "\u2019", "-", "/")
"""R&D is not R, nor is XLS-R."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term found in a text, `text[start:end]` in its spelling there."""

    name: str
    """As the vocabulary writes it, the same for all spellings."""
    text: str
    start: int
    end: int
    is_tool: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    """Empty for a phrase that only looks like a term."""
    spellings: tuple[str, ...]
    """Exact spellings that are accepted; empty where any capitalisation will do."""
    is_tool: bool


def terms(text: str, start: int = 0, end: int | None = None) -> tuple[Term, ...]:
    """All terms within `text[start:end]` in order, without overlap; of two at one place the longer. Linear in time."""
    index, longest = _index()
    stop = len(text) if end is None else end
    tokens = list(_tokens(text, start, stop))
    found: list[Term] = []
    at = 0
    while at < len(tokens):
        key: tuple[str, ...] = ()
        best: tuple[int, _Entry] | None = None
        for size in range(1, min(longest, len(tokens) - at) + 1):
            token = tokens[at + size - 1]
            if size > 1 and not _BETWEEN.match(text, tokens[at + size - 2].end(), token.start()):
                break
            key = (*key, token.group().lower())
            entry = _entry(index, key, text[tokens[at].start() : token.end()])
            alone = len(entry.name) == 1 if entry else False
            if entry and not (alone and _is_joined(text, token)):
                best = (size, entry)
        if best:
            size, entry = best
            first, last = tokens[at].start(), tokens[at + size - 1].end()
            if entry.name:
                found.append(Term(entry.name, text[first:last], first, last, entry.is_tool))
            at += size
        else:
            at += 1
    return tuple(found)


def _is_joined(text: str, token: re.Match[str]) -> bool:
    return text[token.end() : token.end() + 1] in _JOINT or text[max(0, token.start() - 1) : token.start()] in (
        "&",
        "-",
    )


def distinct(found: tuple[Term, ...]) -> tuple[Term, ...]:
    """The first of each name."""
    seen: dict[str, Term] = {}
    for term in found:
        seen.setdefault(term.name, term)
    return tuple(seen.values())


def _tokens(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """Words outside of addresses: a user called spark is no tool."""
    for chunk in _CHUNK.finditer(text, start, stop):
        if not _URL.search(chunk.group()[:200]):
            yield from _TOKEN.finditer(text, chunk.start(), chunk.end())


def _entry(index: dict[tuple[str, ...], list[_Entry]], key: tuple[str, ...], written: str) -> _Entry | None:
    plural = key[-1].endswith("s") and len(key[-1]) > 2
    candidates = [(entry, written) for entry in index.get(key, ())]
    if plural:
        candidates += [(entry, written[:-1]) for entry in index.get((*key[:-1], key[-1][:-1]), ())]
    if key[-1].endswith("sses"):
        candidates += [(entry, written[:-2]) for entry in index.get((*key[:-1], key[-1][:-2]), ())]
    for entry, spelling in candidates:
        if not entry.spellings or _bare(spelling) in entry.spellings:
            return entry
    return None


def _bare(spelling: str) -> str:
    return "".join(match.group() for match in _TOKEN.finditer(spelling))


def listed(file: Path) -> Iterator[tuple[str, ...]]:
    """The terms of a file of `lists/` in order, each with its name first and its other spellings behind."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield tuple(spelling.strip() for spelling in line.split("|"))


@cache
def _index() -> tuple[dict[tuple[str, ...], list[_Entry]], int]:
    index: dict[tuple[str, ...], list[_Entry]] = {}
    for file in (*sorted(LISTS.glob("*/*.txt")), _EVERYDAY):
        for spellings in listed(file):
            name = "" if file == _EVERYDAY else spellings[0].removeprefix("=")
            for written in spellings:
                exact = written.startswith("=") or (len(written) <= _SHORT and written != written.lower())
                spelling = written.removeprefix("=")
                tokens = tuple(match.group().lower() for match in _TOKEN.finditer(spelling))
                accepted = (_bare(spelling), _bare(spelling).upper()) if exact else ()
                index.setdefault(tokens, []).append(_Entry(name, accepted, file.parent.name == "tools"))
    return index, max(map(len, index))
