"""How lines of a resume look: bullets, dates, headings. Pure patterns, shared by unwrapping and by extraction.

Every pattern is linear in the length of a line, or is applied to a bounded piece of it: the text is not trusted.
"""

from __future__ import annotations

import re
from enum import StrEnum

_GLYPHS = "\u2022\u25cf\u25aa\u25a0\u25e6\u2023\u2043\u2219\u00b7\u25cb\u25ba" + (
    "\u25b6\u27a2\u27a4\u2756\u2713\u2714\u25c6\u25a1\u25ab"
)
BULLET = re.compile(rf"(?:[{_GLYPHS}]+|[-*+\u2013\u2014](?=\s|$)|o(?=\s+[A-Z]))\s*")
"""A list marker, matched at the first visible character of a line."""
NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+")
RULE = re.compile(r"[-=_~*\u2500-\u257f\u2013\u2014.]{3,}$")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|spring|summer|fall|autumn|winter|q[1-4])"
)
_DATE = (
    rf"(?:(?:{_MONTH}[.,]?[ ]{{1,2}})?(?:(?:19|20)\d\d(?:[-/.]\d\d?)?|['\u2019]\d\d)|"
    rf"\d\d?[/.-](?:19|20)\d\d|{_MONTH}[ ]{{1,2}}['\u2019]?\d\d)"
)
_OPEN_END = r"(?:present|now|current|today|ongoing|date)"
_TO = r"[ ]{0,2}(?:-|\u2013|\u2014|\u2192|to|until|till)[ ]{0,2}"
_WHEN = (
    rf"(?:since[ ]{{1,2}}{_DATE}|{_DATE}(?:{_TO}(?:{_DATE}|{_OPEN_END}|{_MONTH}|\d\d(?!\d))|[ ]?[\u2013\u2014])?|"
    rf"{_MONTH}{_TO}{_DATE})"
)
_DATED_END = re.compile(rf"(?:^|(?<=[\s(\[|,;:\u2013\u2014-]))[(\[]?{_WHEN}[)\].,]*$", re.IGNORECASE)
_DATED_START = re.compile(rf"[(\[]?{_WHEN}[)\]]?(?=$|[\s,|:;\u2013\u2014-])", re.IGNORECASE)
_DURATION = re.compile(
    r"(?<!\d)\d{1,2}\+?[ ](?:years?|yrs?|months?|mos?)(?:[ ]\d{1,2}[ ](?:months?|mos?))?\)?$", re.IGNORECASE
)
"""`(2 years 3 months)`, as exports of profiles write after a date."""
_JOINTS = " \t,;|:/\u00b7\u2022\u2013\u2014-([@"


def trailing_date(line: str) -> int | None:
    """Where the date at the end of a line begins; None where the line does not end in one. 0: there is nothing else."""
    line = line.rstrip()
    duration = _DURATION.search(line, max(0, len(line) - 30))
    if duration:
        line = line[: duration.start()].rstrip(" (|,\u00b7")
    begin = max(0, len(line) - 60)
    match = _DATED_END.search(line, begin)
    return match.start() if match else None


def without_dates(line: str) -> tuple[int, int]:
    """The stretch of `line` left when dates at its ends, and what joined them, are taken away. May be empty."""
    start, end = 0, len(line.rstrip())
    for _ in range(2):
        at = trailing_date(line[start:end])
        if at is None:
            break
        end = start + at
        while end > start and line[end - 1] in _JOINTS:
            end -= 1
    match = _DATED_START.match(line, start, min(end, start + 60))
    if match:
        start = match.end()
        while start < end and line[start] in _JOINTS + ")]":
            start += 1
    return start, max(start, end)


class SectionKind(StrEnum):
    """What stands under a heading."""

    TOP = "top"
    """Before the first heading: the name and how to reach the person."""
    EXPERIENCE = "experience"
    PROJECTS = "projects"
    SKILLS = "skills"
    OTHER = "other"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _titles(text: str) -> tuple[str, ...]:
    return tuple(title.strip() for title in text.split("|"))


_KEYS: dict[str, SectionKind] = {
    **dict.fromkeys(_words("experience experiences employment internship internships career"), SectionKind.EXPERIENCE),
    **dict.fromkeys(_words("project projects portfolio"), SectionKind.PROJECTS),
    **dict.fromkeys(
        _words("skills skill skillset competencies technologies proficiencies expertise toolbox toolkit"),
        SectionKind.SKILLS,
    ),
    **dict.fromkeys(
        _words(
            """education publications publication patents certifications certification certificates certificate
            papers awards award honors honours interests hobbies references referees volunteering volunteer activities
            coursework courses training talks conferences memberships affiliations declaration objective summary
            profile contact achievements accomplishments extracurricular extracurriculars strengths qualifications
            qualification scholarships presentations licenses"""
        ),
        SectionKind.OTHER,
    ),
}
"""Words that make a heading what it is."""
_WHOLE: dict[str, SectionKind] = {
    **dict.fromkeys(
        _titles(
            "work|work history|employment history|professional history|positions|positions held|research|industry|"
            "professional background|appointments|relevant work|jobs|previous roles|earlier roles|roles|engagements|"
            "selected engagements|where i worked|where i have worked|where i have been"
        ),
        SectionKind.EXPERIENCE,
    ),
    **dict.fromkeys(
        _titles(
            "selected work|case studies|open source|open source contributions|open source work|things i built|"
            "what i built|builds|prototypes|hackathons|projects participated|participated projects"
        ),
        SectionKind.PROJECTS,
    ),
    **dict.fromkeys(
        _titles(
            "tools|tech stack|technical stack|stack|programming languages|tools and frameworks|languages and tools|"
            "frameworks and tools|programming|languages and frameworks|technical knowledge"
        ),
        SectionKind.SKILLS,
    ),
    **dict.fromkeys(
        _titles(
            "languages|about|about me|personal details|personal information|community|service|teaching|leadership|"
            "personal|links|academic background|test scores|spoken languages|leadership and service|studies|degree|"
            "degrees|university|school|college|academics|schooling|who i am|in short|in brief|at a glance|"
            "career objective|career goal|career goals|career summary|career profile|research interests|reading"
        ),
        SectionKind.OTHER,
    ),
}
"""Headings that mean something only when they stand alone."""
_OWN_WORK = re.compile(
    r"(?:things|what|stuff|systems|software|products|apps|tools|models) (?:i|we) (?:have |ve )?"
    r"(?:built|made|shipped|created|wrote|developed|launched|did)(?: [a-z]+){0,3}$"
)
_AROUND = frozenset(
    _words(
        """work professional relevant industry research teaching academic history selected personal key notable side ml
        ai machine learning data science deep nlp university college course open source featured technical recent major
        core tech other additional and of programming software engineering tools tool frameworks languages language
        areas my practical hands on independent freelance capstone student competitions engagement executive details
        information client main important computer analytical soft hard domain knowledge graduate thesis community"""
    )
)
"""Words that may stand beside them."""
_WORDS = re.compile(r"[a-z]+")
_SPACED = re.compile(r"^(?:[A-Z&] ){3,}[A-Z]$")


def heading_kind(line: str) -> SectionKind | None:
    """What a line announces, where it is a section's heading and nothing more; None for any other line."""
    bare = line.strip(" #*_:|=-\u2500\u2013\u2014\u2022~[]").strip()
    if not bare or len(bare) > 60 or bare[-1] in ".,;!?" or not (bare[0].isupper() or line.lstrip().startswith("#")):
        return None
    if _SPACED.match(bare.replace("  ", " ")):
        bare = " ".join(part.replace(" ", "") for part in bare.split("  "))
    words = _WORDS.findall(bare.lower().replace("&", " and ").replace("/", " and "))
    if not words or len(words) > 6 or any(character.isdigit() for character in bare) or "," in bare:
        return None
    whole = _WHOLE.get(" ".join(words))
    if whole:
        return whole
    if _OWN_WORK.match(" ".join(words)):
        return SectionKind.PROJECTS
    keys = [_KEYS[word] for word in words if word in _KEYS]
    if not keys or any(word not in _KEYS and word not in _AROUND for word in words):
        return None
    for kind in (SectionKind.PROJECTS, SectionKind.EXPERIENCE, SectionKind.SKILLS):
        if kind in keys and not (kind is SectionKind.EXPERIENCE and {"skills", "summary"} & set(words)):
            return kind
    return keys[0]
