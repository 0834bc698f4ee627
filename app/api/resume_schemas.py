"""The wire of resumes: what was read, each piece with its place."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.schemas import Out


class ClaimOut(Out):
    """A statement of the resume that a question stands on."""

    text: str
    start: int = Field(description="Offset in the resume's text.")
    end: int
    project: str


class MentionOut(Out):
    """Words of the resume and their place."""

    text: str
    start: int
    end: int


class ProjectOut(Out):
    """A project or position of the resume."""

    name: str
    start: int
    end: int
    techniques: list[str]
    claims: list[ClaimOut]


class ResumeOut(Out):
    """What was read in a resume. Every piece is a slice of `text`."""

    id: str
    file_name: str
    media_type: str
    text: str
    projects: list[ProjectOut]
    roles: list[MentionOut]
    skills: list[str]
    warnings: list[str]
    created_at: datetime


class ListedResumeOut(Out):
    """A resume in one's list."""

    id: str
    file_name: str
    media_type: str
    created_at: datetime


class ResumeList(Out):
    """A page of one's resumes, newest first."""

    resumes: list[ListedResumeOut]
    next: str | None = Field(description="For `after`; null on the last page.")
