"""Roles and companies: what they lay over the one bank of questions. Minutes, emphases, a persona, what it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from app.domain.interview import Seniority
from app.material.entries import Clarification, CoverageId, Entry, Slug, Text, Texts


class Stage(Entry):
    """A round with its share of the time."""

    round: Slug
    minutes: Annotated[float, Field(gt=0, le=240)]
    title: Text | None = None
    """The company's own name for it."""


class Persona(Entry):
    """Who the interviewer is."""

    introduction: Text
    """The first words of an interview, before the first round is announced."""
    name: Text | None = None
    title: Text | None = None
    manner: Text | None = None


class Skill(Entry):
    """Something that a role is tested on."""

    id: Slug
    name: Text
    topics: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """A topic that no question has is a gap in the corpus."""


class Role(Entry):
    """What an interview for a role is made of."""

    id: Slug
    version: Annotated[int, Field(ge=1)]
    name: Text
    rounds: Annotated[tuple[Stage, ...], Field(min_length=1)]
    skills: tuple[Skill, ...] = ()
    emphases: tuple[Slug, ...] = ()
    """Topics to be preferred among questions that fit."""
    expects: Mapping[Seniority, Text] = Field(default_factory=dict)
    """What is expected of whom, for the report."""
    covers: tuple[CoverageId, ...] = ()
    body: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics of all skills, each once, in order."""
        return tuple(dict.fromkeys(topic for skill in self.skills for topic in skill.topics))


class Known(Clarification):
    """Something the company's interviewer can tell when asked."""

    id: Slug


class LoopInterview(Entry):
    """One interview of the several that a company holds."""

    id: Slug
    title: Text
    minutes: Annotated[int, Field(ge=5, le=180)]
    rounds: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """In order; one that nothing fits is left out."""


class Company(Entry):
    """How a company interviews, and what its interviewer can say about it."""

    id: Slug
    version: Annotated[int, Field(ge=1)]
    name: Text
    persona: Persona
    stages: tuple[Stage, ...] = ()
    """Minutes that the company gives to rounds of the role, and rounds that it adds."""
    loop: tuple[LoopInterview, ...] = ()
    """The interviews that its guide tells of, in order; empty where it tells of none."""
    emphases: tuple[Slug, ...] = ()
    lens: Text | None = None
    """The world its questions are set in."""
    knows: tuple[Known, ...] = ()
    """Answers to the candidate's questions."""
    does_not_know: Text = "I don't have that, and I won't guess."
    values: Texts = ()
    covers: tuple[CoverageId, ...] = ()
    body: str = ""
