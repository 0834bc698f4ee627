"""A job description cut into its lines, each with its place and what kind of line it is. Deterministic: no model reads it.

A line asks for one thing: an item of a list, or a sentence of running text. Headings are no lines; they say what follows them is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.candidate.vocabulary import Term, distinct, terms
from app.domain.sentences import sentences, words

MAX_LINES = 200
"""More than any description has; what comes after is left out."""
_MIN_WORDS = 2
_HEADING_WORDS = 8

_ITEM = re.compile(r"^[\s>]*(?:[-*+•◦▪‣–—·●○✓✔➢]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_MARKS = re.compile(r"^[\s#>*_]+|[\s#*_]+$")
_ASKS = re.compile(
    r"\b(?:requirements?|qualifications?|responsibilit\w+|skills?|experience|duties|must[- ]haves?|nice[- ]to[- ]haves?|"
    r"what you(?:'|’)?(?:ll| will| bring| need| do)(?: do| bring| need| have)?|"
    r"you(?:'|’)?(?:ll| will| have| bring| are)\b|who you are|what we(?:'|’)?re looking for|"
    r"what we expect|looking for|the role|your (?:role|tasks|profile|work)|job description|day[- ]to[- ]day|tech stack|preferred|desired|"
    r"minimum|bonus)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:about (?:us|the (?:company|team))|who we are|benefits?|perks?|what we offer|we offer|compensation|salary|pay range|"
    r"how to apply|application process|equal (?:employment )?opportunit\w+|diversity|our (?:values|mission|culture|story)|"
    r"why (?:join|us|work)|location|privacy|legal)\b",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:bachelor\w*|master(?:'|’)?s?\b(?! data)|ph\.?\s?d\.?|doctorate|b\.?sc\.?|m\.?sc\.?|mba|degree|diploma)\b",
    re.IGNORECASE,
)
_PAPERS = re.compile(
    r"\b(?:visa|sponsorship|work (?:permit|authori[sz]ation)|right to work|citizen\w*|security clearance|"
    r"background check|driv\w+ licen[cs]e|"
    r"willing(?:ness)? to (?:travel|relocate)|relocat\w+|on[- ]?site|in[- ]office|hybrid (?:work|model|schedule)|fluen\w+ in|"
    r"native (?:speaker|level)|(?:german|french|english|spanish|chinese|japanese) "
    r"(?:language )?(?:skills|c1|b2)|start date|full[- ]time|part[- ]time)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"\b(?:\d{1,2}\s*(?:\+|-|–|to)?\s*\d{0,2}|several|many|two|three|five)\s*\+?\s*years?\b", re.IGNORECASE
)
_COMPANY = re.compile(
    r"\b(?:we offer|equal opportunit\w+|without regard to|regardless of (?:race|gender|age)|health insurance|"
    r"401\(?k\)?|paid (?:leave|vacation|time off)|"
    r"stock options?|competitive (?:salary|pay|compensation)|we are (?:a|an|the|one)|we(?:'|’)re (?:a|an|the) |"
    r"founded in|apply (?:now|today|via|by)|"
    r"send (?:us )?your (?:cv|resume|application)|our (?:mission|values|culture|headquarters|customers include))\b",
    re.IGNORECASE,
)


class LineKind(StrEnum):
    """What a line of a job description is for an interview."""

    TESTABLE = "testable"
    """A skill or a duty: questions can test it."""
    FORMAL = "formal"
    """Years, degrees, permits, places: no question tests them."""
    ABOUT = "about"
    """About the company, the offer or the way to apply."""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One thing that the description says, `job_description[start:end]`."""

    text: str
    start: int
    end: int
    kind: LineKind
    terms: tuple[Term, ...]
    """Techniques and tools that it names, each once; their places are in the whole description."""


def lines_of(job_description: str) -> tuple[JobLine, ...]:
    """The lines of a description in order, at most `MAX_LINES`; () for an empty one."""
    found: list[JobLine] = []
    section = LineKind.TESTABLE
    place = 0
    for raw in job_description.splitlines(keepends=True):
        start, place = place, place + len(raw)
        if _is_title(raw) and not job_description[:start].strip():
            continue
        heading = _heading(raw)
        if heading is not None:
            section = heading
            continue
        item = _ITEM.match(raw)
        offset = item.end() if item else 0
        body = raw[offset:]
        for sentence in (_whole(body),) if item else [(one.start, one.end) for one in sentences(body)]:
            begin, end = start + offset + sentence[0], start + offset + sentence[1]
            text = job_description[begin:end]
            if len(words(text)) < _MIN_WORDS and not terms(text):
                continue
            named = distinct(terms(job_description, begin, end))
            found.append(JobLine(text, begin, end, _kind(text, section, named), named))
            if len(found) == MAX_LINES:
                return tuple(found)
    return tuple(found)


def _whole(body: str) -> tuple[int, int]:
    return len(body) - len(body.lstrip()), len(body.rstrip())


def _is_title(raw: str) -> bool:
    """Whether a first line is the name of the job."""
    text = raw.strip()
    return (
        bool(text)
        and not _ITEM.match(raw)
        and not text.endswith((".", "!", "?"))
        and len(words(text)) <= _HEADING_WORDS
    )


def _heading(raw: str) -> LineKind | None:
    """What a heading says of the lines below it; None where the line is none."""
    bare = raw.strip()
    text = _MARKS.sub("", bare).rstrip(": ")
    if not text or len(words(text)) > _HEADING_WORDS or _ITEM.match(raw):
        return None
    marked = bare.startswith("#") or bare.endswith(":") or bare.endswith((":**", "**"))
    # Without a mark a line is a heading only where it is all a title's words.
    titled = not re.search(r"[.!?,;]$", bare) and bool(_ASKS.fullmatch(text) or _TELLS.fullmatch(text))
    if not (marked or titled):
        return None
    return LineKind.ABOUT if _TELLS.search(text) and not _ASKS.search(text) else LineKind.TESTABLE


def _kind(text: str, section: LineKind, named: tuple[Term, ...]) -> LineKind:
    if _COMPANY.search(text):
        return LineKind.ABOUT
    if _DEGREE.search(text) or _PAPERS.search(text):
        return LineKind.FORMAL
    # "Five years with PyTorch" can be tested for the PyTorch in it.
    if _YEARS.search(text) and not named:
        return LineKind.FORMAL
    return section
