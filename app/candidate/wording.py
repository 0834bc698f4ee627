"""How lines of a resume look: bullets, ornaments, headings. Pure patterns, shared by unwrapping and by extraction.

Every pattern is linear in the length of a line, or is applied to a bounded piece of it: the text is not trusted.
"""

from __future__ import annotations

import re
from enum import StrEnum

_GLYPHS = "\u2022\u25cf\u25aa\u25a0\u25e6\u2023\u2043\u2219\u00b7\u25cb\u25ba" + (
    "\u25b6\u27a2\u27a4\u2756\u2713\u2714\u25c6\u25a1\u25ab"
)
_MARKS = "\u2705\u2611\u25fe\u25fc\u2794\u27a1\u27a5\u2192\u00bb\u203a\u25b8\u25b9\u2605\u2606\u2726\u2b50" + (
    "\U0001f449\U0001f539\U0001f538\U0001f537\U0001f536\U0001f535\U0001f7e2\U0001f4cc"
)
BULLET = re.compile(rf"(?:[{_GLYPHS}]+|[{_MARKS}]\ufe0f?(?=\s)|[-*+\u2013\u2014](?=\s|$)|o(?=\s+[A-Z]))\s*")
"""A list marker, matched at the first visible character of a line."""
_PICTURES = "\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff"
ORNAMENT = re.compile(rf"[{_PICTURES}\u200d\ufe0f]{{1,6}}\s*")
"""Pictures before a line, which say neither that it is an item nor that it is a heading."""
NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+")
RULE = re.compile(r"[-=_~*\u2500-\u257f\u2013\u2014.]{3,}$")


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
    **dict.fromkeys(
        _words("experience experiences employment internship internships career appointments"), SectionKind.EXPERIENCE
    ),
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
            "professional background|relevant work|jobs|previous roles|earlier roles|roles|engagements|"
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
    line = ORNAMENT.sub("", line, count=1) if ORNAMENT.match(line) else line
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
