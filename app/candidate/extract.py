"""Text of a resume to what it says: projects, positions, claims, techniques, roles, skills. Pure and without a model.

Nothing is invented: all that is returned is a slice of the text, and its offsets say where. What addresses the
grader is left out of everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.candidate.addressing import addressed
from app.candidate.entries import Entry, entries_of
from app.candidate.inline import dated_name_ends
from app.candidate.labels import is_detail, told_from
from app.candidate.layout import Line, Section, sections_of, span
from app.candidate.listing import listed_techniques
from app.candidate.meant import meant
from app.candidate.naming import name_of
from app.candidate.person import name_in
from app.candidate.statements import sentences_in
from app.candidate.vocabulary import Term, distinct, terms
from app.candidate.wording import SectionKind
from app.domain.interview import Claim
from app.domain.resume import Mention, Project

_MOST_PROJECTS = 60
_MOST_CLAIMS = 60
"""In one project."""
_MOST_SKILLS = 200
_LONG_ITEM = 260
"""Characters from which a list item is taken sentence by sentence."""
_LONGEST_CLAIM = 420
_LEAST_WORDS = 3
_MOST_LISTED = 80
"""Tools that one entry may list beyond the vocabulary."""
_LEAST_TERMS = 2
_TELLING_WORDS = 6
_DEGREE = re.compile(
    r"\b(?:B\.?Sc|M\.?Sc|B\.?A|M\.?A|B\.?Eng|M\.?Eng|B\.?Tech|M\.?Tech|Ph\.?D|bachelor|master|diploma|degree)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_WORK = (SectionKind.EXPERIENCE, SectionKind.PROJECTS)
_SKILL_ENDS = re.compile(r"[,;|\u2022\u00b7]|\s{2,}|\s[\u2013\u2014-]\s|[()]|\s/\s")
_SKILL_LABEL = re.compile(r"[^:,;|]{1,40}:\s")
_SKILL_COLUMN = re.compile(r"[^:,;|\n]{1,30}?\s{2,}(?=[^,\n]{1,40},)")
_SKILLS_LINE = re.compile(r"(?:technical |core |key )?skills\s{0,2}:\s", re.IGNORECASE)
_LEVEL = (
    r"(?:(?:senior|sr\.?|junior|jr\.?|lead|principal|staff|chief|head|associate|graduate|founding|assistant|trainee)"
    r"\s+)?"
)
_FIELD = (
    r"(?:machine learning|deep learning|ML|AI|NLP|MLOps|LLM|computer vision|data|applied|research|software|backend|"
    r"back-end|frontend|front-end|full[- ]stack|platform|analytics|business intelligence|BI|quantitative|perception|"
    r"robotics|speech|generative AI|AI/ML|ML/AI|decision|product|statistical|cloud|devops)"
)
_TRADE = (
    r"(?:engineer|scientist|analyst|developer|researcher|architect|intern|consultant|manager|statistician|assistant|"
    r"fellow|programmer|specialist|lead)"
)
_ROLE = re.compile(
    rf"\b{_LEVEL}{_FIELD}(?:[ /&-]{{1,3}}{_FIELD}){{0,2}}\s{_TRADE}(?:\sintern)?\b|\b{_LEVEL}statistician\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a resume says."""

    name: str
    """Of the candidate; empty where no line looks like one."""
    projects: tuple[Project, ...]
    """Projects and positions in the order of the text."""
    roles: tuple[Mention, ...]
    skills: tuple[Mention, ...]


def extract(text: str) -> Extracted:
    """What `text` says. Total: any text gives a result, if need be an empty one."""
    sections = sections_of(text)
    orders = [(sentence.start, sentence.end) for sentence in addressed(text)]
    work = [
        section for section in sections if section.lines and (section.kind in _WORK or _reads_like_work(text, section))
    ]
    chosen = work or [section for section in sections if section.kind is SectionKind.TOP]
    name = name_in(text, orders)
    entries: list[Entry] = []
    for section in chosen:
        lines = [line for line in section.lines if not _is_order(line, orders)]
        if lines and lines[-1].after_blank and _SKILLS_LINE.match(lines[-1].text):
            # Set apart at the end, it is a list of all skills and not part of the last entry.
            lines.pop()
        entries += entries_of(lines, projects=_of_projects(section))
    taken = _taken(entries)
    projects = [_project(text, entry, orders, taken, not_named="" if work else name) for entry in entries]
    return Extracted(
        name=name,
        # Without a heading that says so, only what claims something counts as work.
        projects=tuple(project for project in projects if project and (work or project.claims))[:_MOST_PROJECTS],
        roles=_roles(text, sections, orders),
        skills=_skills(text, sections, orders),
    )


def _reads_like_work(text: str, section: Section) -> bool:
    """Whether under a heading that does not say so most entries have a title and tell what was done, with techniques."""
    if section.understood or len(distinct(terms(text, section.lines[0].start, section.lines[-1].end))) < _LEAST_TERMS:
        return False
    entries = entries_of(section.lines, projects=_of_projects(section))
    telling = [
        entry
        for entry in entries
        if entry.title
        and any(len(line.text.split()) >= _TELLING_WORDS and not is_detail(line.text) for line in entry.body)
    ]
    studies = sum(any(_DEGREE.search(line.text) for line in entry.title) for entry in entries)
    return len(telling) * 2 > len(entries) and studies * 2 <= len(entries)


def _of_projects(section: Section) -> bool:
    return section.kind not in (SectionKind.EXPERIENCE, SectionKind.TOP)


def _is_order(line: Line, orders: Sequence[tuple[int, int]]) -> bool:
    """Whether all of a line is addressed to the grader."""
    covered = sum(
        min(end, line.end) - max(start, line.start) for start, end in orders if start < line.end and line.start < end
    )
    return covered >= line.end - line.start


def _taken(entries: Sequence[Entry]) -> frozenset[str]:
    """The words of all titles in small letters: what an employer or a project is called is no technique elsewhere."""
    return frozenset(
        word.lower()
        for entry in entries
        for line in entry.title
        if not line.is_item
        for word in _WORD.findall(line.text)
    )


def _project(
    text: str, entry: Entry, orders: Sequence[tuple[int, int]], taken: frozenset[str], *, not_named: str
) -> Project | None:
    """None where an entry has neither a name nor a claim. What addresses the grader, or is `not_named`, is no name."""
    start, end = span(entry.lines)
    begin, stop = name_of(entry)
    name = text[begin:stop]
    if _touches(begin, stop, orders) or name == not_named:
        name = ""
    known = tuple(meant(text, start, end, taken))
    claims = tuple(_claims(text, entry, name, known, orders))[:_MOST_CLAIMS]
    techniques = tuple(
        Mention(term.text, term.start, term.end)
        for term in distinct(_named(text, entry, known))
        if not _touches(term.start, term.end, orders)
    )
    if not name and not claims:
        return None
    return Project(name=name, start=start, end=end, techniques=techniques, claims=claims)


def _named(text: str, entry: Entry, meant_there: Sequence[Term]) -> tuple[Term, ...]:
    """What is meant in its statements, and all that an entry lists as its tools, in order.

    What is listed counts under its term where it is one, or one with a version; else as a whole: AWS Glue is not AWS.
    """
    known = list(meant_there)
    listed = [
        found
        for number, line in enumerate(entry.lines)
        for found in listed_techniques(line, in_title=number < len(entry.title))
    ]
    for begin, stop in listed[:_MOST_LISTED]:
        touching = [term for term in known if term.start < stop and begin < term.end]
        if any(term.start < begin or stop < term.end for term in touching):
            continue
        rest = text[begin:stop]
        for term in touching:
            rest = rest.replace(term.text, "")
        if not touching or any(character.isalpha() for character in rest):
            known = [term for term in known if term not in touching]
            known.append(Term(text[begin:stop].lower(), text[begin:stop], begin, stop, is_tool=True))
    return tuple(sorted(known, key=lambda term: term.start))


def _claims(
    text: str, entry: Entry, name: str, known: Sequence[Term], orders: Sequence[tuple[int, int]]
) -> Iterator[Claim]:
    statements = [*entry.title[: entry.told_in_title], *entry.body]
    for line in statements:
        if is_detail(line.text):
            continue
        begin, stop = (line.start, line.end)
        if line in entry.title:
            # `- Churn model: predicts ...`: what follows the name is the claim, or the whole where nothing does.
            dated = dated_name_ends(line.text)
            after = line.start + dated if dated else name_of(entry)[1]
            rest = text[after : line.end].lstrip(" :.|\u2013\u2014-")
            if len(rest.split()) >= _LEAST_WORDS:
                # In a row of a table the next cell is another matter.
                begin, stop = line.end - len(rest), line.end - len(rest) + len(rest.split("  ", maxsplit=1)[0])
            elif entry.body and not line.is_item:
                continue
        else:
            begin += told_from(line.text)
        for start, end in _statements(text, begin, stop, whole=line.is_item):
            said = text[start:end]
            if len(said.split()) >= _LEAST_WORDS and not is_detail(said) and not _touches(start, end, orders):
                used = distinct(tuple(term for term in known if start <= term.start and term.end <= end))
                yield Claim(text=said, start=start, end=end, project=name, techniques=tuple(term.text for term in used))


def _statements(text: str, begin: int, stop: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """A list item as a whole unless it is long, prose sentence by sentence; without the full stop at the end."""
    pieces = [(begin, stop)]
    if not whole or stop - begin > _LONG_ITEM:
        pieces = [(found.start, found.end) for found in sentences_in(text, begin, stop)]
    for start, end in pieces:
        if end - start > _LONGEST_CLAIM:
            space = text.rfind(" ", start, start + _LONGEST_CLAIM)
            end = space if space > start else start + _LONGEST_CLAIM
        while end > start and text[end - 1] in " .;,":
            end -= 1
        if end > start:
            yield start, end


def _touches(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in spans)


def _roles(text: str, sections: Sequence[Section], orders: Sequence[tuple[int, int]]) -> tuple[Mention, ...]:
    """Titles of jobs where a resume states them: at its top and in the titles of positions."""
    places: list[Line] = []
    for section in sections:
        if section.kind is SectionKind.TOP:
            places += section.lines[:8]
        elif section.kind is SectionKind.EXPERIENCE:
            places += [line for entry in entries_of(section.lines) for line in entry.title]
    seen: dict[str, Mention] = {}
    for line in places:
        for match in _ROLE.finditer(text, line.start, line.end):
            if not _touches(match.start(), match.end(), orders):
                seen.setdefault(match.group().lower(), Mention(match.group(), match.start(), match.end()))
    return tuple(seen.values())


def _skills(text: str, sections: Sequence[Section], orders: Sequence[tuple[int, int]]) -> tuple[Mention, ...]:
    """What is listed as skills; where nothing is, the tools and techniques that the text names."""
    listed = [line for section in sections if section.kind is SectionKind.SKILLS for line in section.lines]
    listed += [
        line for section in sections for line in section.lines if _SKILLS_LINE.match(line.text) and line not in listed
    ]
    seen: dict[str, Mention] = {}
    for line in listed:
        for start, end in _listed_skills(text, line):
            if not _touches(start, end, orders):
                seen.setdefault(text[start:end].lower(), Mention(text[start:end], start, end))
    if not seen:
        for term in distinct(terms(text)):
            if not _touches(term.start, term.end, orders):
                seen.setdefault(term.text.lower(), Mention(term.text, term.start, term.end))
    return tuple(list(seen.values())[:_MOST_SKILLS])


def _listed_skills(text: str, line: Line) -> Iterator[tuple[int, int]]:
    label = _SKILL_LABEL.match(text, line.start, line.end) or _SKILL_COLUMN.match(text, line.start, line.end)
    begin = label.end() if label else line.start
    cuts = [(match.start(), match.end()) for match in _SKILL_ENDS.finditer(text, begin, line.end)]
    for start, end in zip([begin, *(end for _, end in cuts)], [*(start for start, _ in cuts), line.end], strict=True):
        while start < end and text[start] in " .:*":
            start += 1
        while end > start and text[end - 1] in " .:*":
            end -= 1
        part = text[start:end].removeprefix("and ")
        start = end - len(part)
        if 0 < len(part) <= 48 and len(part.split()) <= 5 and any(character.isalpha() for character in part):
            yield start, end
