"""A model may point at what the patterns overlooked. It may not say anything: only words of the resume are taken.

The model stands behind `FillModel`; where it fails, what was found without it stays as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.candidate.addressing import addressed
from app.candidate.extract import Extracted
from app.candidate.vocabulary import distinct, terms
from app.domain.interview import Claim
from app.domain.resume import Mention, Project

_SHOWN_CHARACTERS = 24_000
_LONGEST_CLAIM = 420
_LONGEST_NAME = 120
_LEAST_CLAIM_WORDS = 3


class SuggestedProject(BaseModel):
    """A project or position that a model sees in the resume."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Its title, copied from the resume.")
    claims: list[str] = Field(default=[], description="Statements about it, copied word for word.")
    techniques: list[str] = Field(default=[], description="Methods and tools named there, copied.")


class Suggestions(BaseModel):
    """What a model is asked to fill in: untrusted until found in the text."""

    model_config = ConfigDict(frozen=True)

    projects: list[SuggestedProject] = []
    skills: list[str] = []
    roles: list[str] = []


class FillFailed(Exception):
    """The model gave no usable suggestions: it was gone, late, refused, or answered nonsense."""


class FillModel(Protocol):
    """A model that fills in a form about a text."""

    async def fill(self, text: str, schema: type[Suggestions]) -> Suggestions:
        """Fills in `schema` about `text`, which is untrusted and must be fenced.

        Raises:
            FillFailed: no suggestions could be had.
        """
        ...


async def refine(text: str, extracted: Extracted, fill: FillModel) -> Extracted:
    """`extracted` with what the model pointed at and the text confirms; unchanged where the model fails."""
    try:
        suggestions = await fill.fill(text[:_SHOWN_CHARACTERS], Suggestions)
    except (FillFailed, ValidationError, TimeoutError):
        return extracted
    return adopt(text, extracted, suggestions)


def adopt(text: str, extracted: Extracted, suggestions: Suggestions) -> Extracted:
    """`extracted` and those suggestions that stand in `text` word for word. Pure; removes nothing."""
    orders = [(sentence.start, sentence.end) for sentence in addressed(text)]
    projects = list(extracted.projects)
    for suggested in suggestions.projects:
        claims = [
            found
            for claim in suggested.claims
            if len(claim.split()) >= _LEAST_CLAIM_WORDS and (found := _found(text, claim, orders, _LONGEST_CLAIM))
        ]
        left = []
        for claim in claims:
            home = next((i for i, project in enumerate(projects) if project.start <= claim.start < project.end), None)
            if home is None:
                left.append(claim)
            else:
                projects[home] = _with_claim(projects[home], claim, text)
        name = _found(text, suggested.name, orders, _LONGEST_NAME)
        new = _new_project(text, name, left) if name and left else None
        if new and not any(new.start < project.end and project.start < new.end for project in projects):
            projects.append(new)
        for technique in suggested.techniques:
            projects = [_with_technique(project, technique, text, orders) for project in projects]
    return dataclasses.replace(
        extracted,
        projects=tuple(sorted(projects, key=lambda project: project.start)),
        skills=_more(text, extracted.skills, suggestions.skills, orders),
        roles=_more(text, extracted.roles, suggestions.roles, orders),
    )


def _found(
    text: str, words: str, orders: Sequence[tuple[int, int]], longest: int, start: int = 0, end: int | None = None
) -> Mention | None:
    """The first place where `words` stand as whole words on one line, outside of what addresses the grader."""
    wanted = " ".join(words.split()).rstrip(" .;,")
    stop = len(text) if end is None else end
    if not wanted or len(wanted) > longest or not any(character.isalnum() for character in wanted):
        return None
    at = text.find(wanted, start, stop)
    while at >= 0:
        after = at + len(wanted)
        joined = (at > 0 and wanted[0].isalnum() and text[at - 1].isalnum()) or (
            after < len(text) and wanted[-1].isalnum() and text[after].isalnum()
        )
        if not joined and not any(at < order_end and order_start < after for order_start, order_end in orders):
            return Mention(wanted, at, after)
        at = text.find(wanted, at + 1, stop)
    return None


def _with_claim(project: Project, found: Mention, text: str) -> Project:
    if found.end > project.end or any(found.start < claim.end and claim.start < found.end for claim in project.claims):
        return project
    claims = sorted((*project.claims, _claim(found, project.name, text)), key=lambda claim: claim.start)
    return dataclasses.replace(project, claims=tuple(claims))


def _with_technique(project: Project, words: str, text: str, orders: Sequence[tuple[int, int]]) -> Project:
    found = _found(text, words, orders, 60, project.start, project.end)
    if not found or any(found.start < known.end and known.start < found.end for known in project.techniques):
        return project
    if found.text.lower() in {known.text.lower() for known in project.techniques}:
        return project
    techniques = sorted((*project.techniques, found), key=lambda mention: mention.start)
    return dataclasses.replace(project, techniques=tuple(techniques))


def _new_project(text: str, name: Mention, claims: Sequence[Mention]) -> Project:
    start = min(name.start, *(claim.start for claim in claims))
    end = max(name.end, *(claim.end for claim in claims))
    kept: list[Mention] = []
    for claim in sorted(claims, key=lambda mention: mention.start):
        if not kept or claim.start >= kept[-1].end:
            kept.append(claim)
    named = distinct(terms(text, start, end))
    return Project(
        name=name.text,
        start=start,
        end=end,
        techniques=tuple(Mention(term.text, term.start, term.end) for term in named),
        claims=tuple(_claim(claim, name.text, text) for claim in kept),
    )


def _claim(found: Mention, project: str, text: str) -> Claim:
    used = tuple(term.text for term in distinct(terms(text, found.start, found.end)))
    return Claim(text=found.text, start=found.start, end=found.end, project=project, techniques=used)


def _more(
    text: str, known: tuple[Mention, ...], suggested: Iterable[str], orders: Sequence[tuple[int, int]]
) -> tuple[Mention, ...]:
    seen = {mention.text.lower(): mention for mention in known}
    for words in suggested:
        found = _found(text, words, orders, 60)
        if found and len(found.text.split()) <= 6:
            seen.setdefault(found.text.lower(), found)
    return tuple(seen.values())
