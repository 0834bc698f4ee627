"""What a resume says, with the place of each statement in its text. Nothing in it is inferred beyond the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.interview import Claim


@dataclass(frozen=True, slots=True)
class Mention:
    """A word or phrase of the resume: a skill, a technique, a role. `text` is `resume.text[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project or position with what is claimed of it."""

    name: str
    start: int
    """Where its section begins in the resume's text."""
    end: int
    techniques: tuple[Mention, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Resume:
    """A resume as read from a file."""

    id: str
    candidate_id: str
    file_name: str
    media_type: str
    text: str
    projects: tuple[Project, ...]
    roles: tuple[Mention, ...]
    skills: tuple[Mention, ...]
    warnings: tuple[str, ...]
    """For the candidate to read: what could not be read, what was left out."""
    created_at: datetime
    name: str = ""
