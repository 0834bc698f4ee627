"""The use case: the bytes of an upload become a `Resume`. Storing it is the caller's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime

import anyio
import anyio.to_thread

from app.candidate.cleaning import clean
from app.candidate.extract import Extracted, extract
from app.candidate.limits import Limits
from app.candidate.model_extract import FillModel, refine
from app.candidate.read_file import ReadText, read_resume
from app.domain.resume import Resume

_LONGEST_FILE_NAME = 200
_NOTHING_FOUND = (
    "No projects and no positions were found. The interview can be held, but not about your work: "
    "headings such as 'Projects' and 'Experience' with list items below them are read best."
)


class ResumeReader:
    """Reads uploads; safe to share between requests."""

    def __init__(
        self,
        *,
        limits: Limits,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        fill: FillModel | None = None,
        at_once: int = 2,
    ) -> None:
        """`at_once` bounds the reading processes: each takes one core for a moment, others wait."""
        self._limits = limits
        self._now = now
        self._new_id = new_id
        self._fill = fill
        self._limiter = anyio.CapacityLimiter(at_once)

    async def read(self, data: bytes, *, candidate_id: str, file_name: str = "", media_type: str = "") -> Resume:
        """The resume in `data`, with what it says; not stored.

        Raises:
            ResumeEmpty, ResumeTooLarge, ResumeTypeUnsupported, ResumeUnreadable, ResumeEncrypted, ResumeTooManyPages,
            ResumeWithoutText, ResumeTooSlow.
        """
        read, extracted = await anyio.to_thread.run_sync(
            functools.partial(_read, data, file_name, media_type, self._limits), limiter=self._limiter
        )
        if self._fill is not None:
            extracted = await refine(read.text, extracted, self._fill)
        return Resume(
            id=self._new_id(),
            candidate_id=candidate_id,
            file_name=_plain_name(file_name),
            media_type=read.media_type,
            text=read.text,
            projects=extracted.projects,
            roles=extracted.roles,
            skills=extracted.skills,
            warnings=read.warnings if extracted.projects else (*read.warnings, _NOTHING_FOUND),
            created_at=self._now(),
            name=extracted.name,
        )


def _read(data: bytes, file_name: str, media_type: str, limits: Limits) -> tuple[ReadText, Extracted]:
    read = read_resume(data, file_name=file_name, media_type=media_type, limits=limits)
    return read, extract(read.text)


def _plain_name(file_name: str) -> str:
    """The last part of a path of either kind, without line ends and controls."""
    name = clean(file_name).replace("\n", " ").replace("\\", "/").rpartition("/")[2].strip()
    return name[-_LONGEST_FILE_NAME:]
