"""Whose resume it is: the line that is somebody's name, among titles, degrees, headings and addresses. Pure.

A title stands first as often as a name does, and looks like one: a few words with capitals. What tells them apart is the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.candidate.layout import lines_of
from app.candidate.vocabulary import terms
from app.candidate.wording import ORNAMENT, heading_kind

_FIRST_CHARACTERS = 2000
_FIRST_LINES = 6
_LETTERS = re.compile(r"[^\W\d_][^\d_@:/|,;]{1,59}$")
_ENDS = re.compile(r"\s{2,}|\s[|\u2013\u2014-]\s")
_WORD = re.compile(r"[^\W\d_]+")
_DEGREES = r"(?:Ph\.?\s?D|D\.?Phil|[BM]\.?\s?Sc|[BM]\.?Eng|[BM]\.?Tech|M\.?B\.?A|M\.?Phil|LL\.?M|CFA|PMP|FRM)"
_AFTER = re.compile(
    rf"(?:,?\s\(?{_DEGREES}\b\.?\)?|,\s\(?(?:{_DEGREES}|[BM]\.?[AS]|M\.?D)\b\.?\)?)+(?:,.*)?$", re.IGNORECASE
)
"""Degrees behind a name, and what follows them; those of two letters, which are names too, behind a comma alone."""
_BEFORE = re.compile(r"(?:(?:(?:Dr|Prof|Mr|Mrs|Ms|Miss|Mx)\b\.?|(?:Dipl|Ing|habil)\.)[\s-]?)+", re.IGNORECASE)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.split())


_PARTICLES = _words(
    "van von der den de del della di da dos das do du la le ten ter te zu zum zur af av bin ibn al el y e st"
)
_JOINS = _words("of for in and with to at the on as by from &")
"""In small letters they stand in titles and never in names; with a capital To, The, In and An are names."""
_NOBODYS = _words(
    # What people are.
    """
    academic actuary administrator advisor analyst apprentice architect assistant associate bioinformatician
    biologist candidate chemist cofounder consultant contractor coordinator designer developer director doctoral
    doctorate economist educator employee engineer enthusiast entrepreneur executive expert founder freelance
    freelancer graduate instructor intern internship investigator lecturer linguist manager mathematician
    neuroscientist officer owner physicist postdoc postdoctoral postgraduate practitioner president professional
    professor programmer psychologist researcher scholar scientist specialist statistician strategist student
    supervisor teacher technician technologist tester trainee tutor undergraduate volunteer
    """,
    # What they do, where, and with which degree.
    """
    accounting analysis analytics applied artificial automation bachelor backend bioinformatics biology
    biotechnology business chemistry cloud college company computational computer computing consulting
    corporation cybersecurity data decision degree department devops diploma doctor economics electrical
    engineering faculty finance frontend full-stack generative gmbh inc informatics institut institute
    intelligence laboratory language learning limited llc ltd machine management marketing mathematics
    mechanical medicine mlops natural neural operations perception phd philosophy physics platform postdoctorate
    processing product programme project psychology quantitative research robotics scrum school science sciences
    software stack statistics strategy studies systems team technical technische technology università
    universität université universidad university vision web
    """,
    # What documents are called.
    """
    about achievements address application biography career certifications confidential contact cover curriculum
    details document education email employment experience highlights history information introduction letter
    objective overview personal phone portfolio profile projects publications qualifications references resume
    résumé roles skills statement summary updated vitae work
    """,
)
"""Words of titles, trades, institutions and headings: a line with one of them is nobody's name."""
_SHORT = frozenset({"AI", "ML", "NLP", "LLM", "CV", "BI", "IT"})
"""In capitals among small letters; Ai is a name."""
_RARELY = _words(
    """
    available chief dean deep fellow freelancing head junior lead leader major master member open page principal
    private remote senior staff vice yours
    """,
)
"""Names too, but a line of these alone is a title."""


def name_in(text: str, orders: Sequence[tuple[int, int]]) -> str:
    """The name at the top of a resume, without degrees behind it; "" where no line is one. `orders` are no part of it."""
    for line in lines_of(text[:_FIRST_CHARACTERS])[:_FIRST_LINES]:
        said = ORNAMENT.split(line.text)[0]
        part = _AFTER.sub("", _ENDS.split(said, maxsplit=1)[0]).rstrip(", ")
        touched = any(line.start < end and start < line.end for start, end in orders)
        if not line.is_item and not touched and _LETTERS.match(part) and heading_kind(part) is None and _is_name(part):
            return part
    return ""


def _is_name(part: str) -> bool:
    """Whether it is two to five words with capitals, beside titles before a name and particles in it, and none of a trade."""
    own = [word for word in _BEFORE.sub("", part, count=1).split() if word not in _PARTICLES]
    if not 2 <= len(own) <= 5 or sum(word[0].isupper() for word in own) * 2 <= len(own):
        return False
    if any(word in _JOINS for word in own) or any(term.text == part for term in terms(part)):
        return False
    told = {word.casefold() for word in _WORD.findall(part)} | {word.casefold().strip(".") for word in own}
    if not part.isupper() and _SHORT.intersection(_WORD.findall(part)):
        return False
    return not told & _NOBODYS and not told <= _RARELY
