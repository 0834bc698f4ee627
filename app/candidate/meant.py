"""Which techniques a resume means: precision castings have no precision, and readers of Kafka run no queue. Pure.

A word of everyday language counts in the company of a term that is none, or with the figure that a measure has. A tool that is
named like a person or a thing counts where a word leads to it or other tools stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from app.candidate.coined import coined, whole
from app.candidate.statements import sentences_in
from app.candidate.vocabulary import LISTS, Term, listed, terms

_MEASURES = frozenset(
    """accuracy precision recall specificity sensitivity kappa gini perplexity f1 wer fid mos
    eer""".split()
)
_FIGURE = r"(?:0?\.\d+|1\.0|\d{1,3}(?:\.\d+)?\s?(?:%|percent|per cent|points))"
_FIGURE_BEHIND = re.compile(
    r"@\d|(?:\s+(?:of|at|to|from|is|was|went|rose|fell|up|over|above|below|by|about|around|reached|score|scores|near|only)"
    rf"){{0,4}}[\s:=(~<>]{{0,3}}{_FIGURE}",
    re.IGNORECASE,
)
_FIGURE_BEFORE = re.compile(rf"{_FIGURE}\s(?:[a-z]{{2,12}}\s)?$", re.IGNORECASE)
_LED = re.compile(
    r"(?:^|[\s(-])(?:with|using|via|on|in|into|from|to|through|over|by|for|and|or|plus|behind|against|under|as|a|an|the|our|"
    r"some|it|then|apache|aws|gcp|openai|anthropic|google|meta|pyspark|[a-z]{2,}ed|[a-z]{3,}ing|built|wrote|ran|taught|"
    r"learnt|chose|set up|kept|led|own|run|use|build|write)\s$|[/+|(:&]\s?$|\s[\u2013\u2014-]\s$",
    re.IGNORECASE,
)
_MADE_IN = re.compile(
    r"\b(?:wrote|written|built|implement\w*|port(?:ed|ing)|rewrote|rewritten|coded|coding|programm\w*|develop\w*|prototyped)\b"
    r"[^.;]{0,40}\s(?:in|using)\s$",
    re.IGNORECASE,
)
"""Says by itself that a tool is meant."""
_FOLLOWED = re.compile(
    r"\s?[/+|)&]|-|\s(?:cluster|cluster's|pipeline|job|stream|streaming|consumer|producer|topic|connect|sql|api|apis|app|"
    r"apps|service|services|server|servers|script|scripts|code|library|libraries|package|dag|dags|chart|charts|model|models|"
    r"embedding|baseline|forecast|backend|endpoint|dashboard|dashboards|container|containers|image|images|developer|engineer|"
    r"programming|tables|warehouse|tiny|small|medium|large|index|transcripts|\d)",
    re.IGNORECASE,
)
_REACH = 60
_MARK = 2
"""Characters of a mark behind a name, which says less than a word."""


def meant(text: str, start: int, end: int, taken: frozenset[str] = frozenset()) -> Iterator[Term]:
    """The techniques within `text[start:end]` in order: terms that are meant, with their whole names, and names beside them.

    What is `taken`, in small letters, names something else: an employer, a project.
    """
    sentences = list(sentences_in(text, start, end))
    statements = [terms(text, sentence.start, sentence.end) for sentence in sentences]
    field = any(not _is_name(term) and _is_sure(text, term, found) for found in statements for term in found)
    for sentence, found in zip(sentences, statements, strict=True):
        sure = [term for term in found if _is_sure(text, term, found, field=field)]
        kept = []
        for number, term in enumerate(found):
            if term in sure or (not _is_name(term) and _kept(text, term, found, company=bool(sure), near=field)):
                edge = found[number + 1].start if number + 1 < len(found) else sentence.end
                kept.append(whole(text, term, edge))
        if sure:
            kept += coined(text, sentence.start, sentence.end, [*found, *kept], taken)
        yield from sorted(kept, key=lambda term: term.start)


def _kept(text: str, term: Term, found: Sequence[Term], *, company: bool, near: bool) -> bool:
    """Whether an everyday word counts; an abbreviation, or more than one word, may have its company anywhere in the text."""
    if company or (near and (term.text.isupper() or " " in term.text)):
        return True
    if _spelling(term.text) in _MEASURES:
        before = text[max(0, term.start - _REACH) : term.start]
        behind = text[term.end : term.end + _REACH]
        return bool(_FIGURE_BEHIND.match(behind) or _FIGURE_BEFORE.search(before) or _paired(text, term, found))
    return False


def _paired(text: str, term: Term, found: Sequence[Term]) -> bool:
    """Whether another measure is named in the same breath: precision and recall."""
    return any(
        other is not term
        and _spelling(other.text) in _MEASURES
        and text[min(term.end, other.end) : max(term.start, other.start)].strip()
        in ("and", "or", ",", "/", "&", "at", "-", "")
        for other in found
    )


def _is_sure(text: str, term: Term, found: Sequence[Term], *, field: bool = False) -> bool:
    """Whether a term needs nobody's company; a name is led to or stands beside tools, where the text is of the `field`."""
    if not _is_name(term):
        return _spelling(term.text) not in _words()
    line = text.rfind("\n", 0, term.start) + 1
    before = text[max(line, term.start - _REACH) : term.start].lstrip(" -*\u2022")
    led = not term.text.islower() and _LED.search(before)
    followed = _FOLLOWED.match(text, term.end)
    if (followed and followed.end() - term.end > _MARK) or _MADE_IN.search(before):
        return True
    if not term.is_tool and any(not _is_name(other) and _spelling(other.text) not in _words() for other in found):
        return True
    return field and bool(led or followed or _beside_a_tool(text, term, found))


def _beside_a_tool(text: str, term: Term, found: Sequence[Term]) -> bool:
    return any(
        other is not term
        and other.is_tool
        and text[min(term.end, other.end) : max(term.start, other.start)].strip()
        in (",", ", and", "and", "or", ";", ".")
        for other in found
    )


def _is_name(term: Term) -> bool:
    written = term.text.casefold()
    return written in _names() or written.removesuffix("s") in _names()


@cache
def _words() -> frozenset[str]:
    return frozenset(_spelling(spellings[0]) for spellings in listed(LISTS / "everyday_words.txt"))


@cache
def _names() -> frozenset[str]:
    return frozenset(spellings[0].casefold() for spellings in listed(LISTS / "everyday_names.txt"))


def _spelling(written: str) -> str:
    """As the list of words has it: small, in the singular, American."""
    plain = written.lower().replace("isation", "ization").replace("ised", "ized").replace("labell", "label")
    return plain[:-1] if plain.endswith("s") and len(plain) > 5 else plain
