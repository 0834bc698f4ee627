"""Text cut into sentences, each with its place. Works on speech: line breaks end a sentence, abbreviations and decimals do not."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"(?:[.!?…]+[\"')\]”’]*)(?=\s|$)|\n+")
_NOT_AN_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|Dr|Mr|Ms|Mrs|cf|fig|eq|no)|\b[A-Z])\.$", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+(?:['’.\-][a-z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the slice `start:end` of the whole."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """All sentences of `text` in order, without surrounding white space; empty ones are left out."""
    found: list[Sentence] = []
    begin = 0
    for match in _END.finditer(text):
        piece = text[begin : match.end()]
        # Only the last letters decide: searching the whole piece again at each full stop would be quadratic.
        tail = piece[-12:].rstrip("\"')]”’")
        if not piece.endswith("\n") and _NOT_AN_END.search(tail) and match.end() < len(text):
            continue
        _keep(found, text, begin, match.end())
        begin = match.end()
    _keep(found, text, begin, len(text))
    return tuple(found)


def _keep(found: list[Sentence], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        start = begin + len(piece) - len(piece.lstrip())
        found.append(Sentence(stripped, start, start + len(stripped)))


def words(text: str) -> list[str]:
    """Lower-case words; digits, inner hyphens, dots and apostrophes stay inside a word."""
    return [match.group().lower() for match in _WORD.finditer(text)]


_SUFFIXES = ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "ed", "es", "ly", "s")


def stem(word: str) -> str:
    """A crude stem, so that "overfits" meets "overfitting". Never shorter than four letters."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word[: -len(suffix)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


STOP_WORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by "
    "can could did do does doing down during each few for from further had has have having he her here hers him his how "
    "i if in into is it its just let lets like me more most my no nor not now of off on once only or other our ours out "
    "over own quite really said same say says see she should so some such take tell than that thats the their them then "
    "there these they thing things think this those through to too under until up us very want was way we well were what "
    "when where which while who whom why will with would yes you your yours one two something someone get got make made "
    "much many still even maybe perhaps first next back came come go going know mean means use used using it's that's "
    "i'd i'm we'd we're you'd you're don't doesn't didn't isn't wasn't can't won't let's there's they're i've we've you've "
    "mentioned mention talk talked described describe explained explain point part start stay".split()
)


def content_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry content: no stop words, nothing shorter than three characters unless it has a digit."""
    return frozenset(
        stem(word)
        for word in words(text)
        if word not in STOP_WORDS and (len(word) > 2 or any(character.isdigit() for character in word))
    )
