"""What persons add to a transcript: notes, and their own judgements of criteria."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from app.domain.errors import AnnotationNotFound, OverrideNotFound, TooMany
from app.domain.remarks import Annotation, Override
from app.persistence.repositories.rows import Repository, row_of
from app.persistence.tables import interviews, overrides, turn_annotations

MAX_ANNOTATIONS = 1_000
MAX_OVERRIDES = 500
"""In one interview."""


class Annotations(Repository):
    """Notes on interviews. Whose interview it is was asked before; who adds one holds the interview's lock."""

    async def add(self, annotation: Annotation) -> None:
        """Stores a note; raises `TooMany`."""
        found = await self._connection.execute(
            select(func.count())
            .select_from(turn_annotations)
            .where(turn_annotations.c.interview_id == annotation.interview_id)
        )
        if found.scalar_one() >= MAX_ANNOTATIONS:
            raise TooMany("annotations", MAX_ANNOTATIONS)
        await self._connection.execute(insert(turn_annotations).values(row_of(annotation)))

    async def list(self, interview_id: str) -> tuple[Annotation, ...]:
        """All notes of an interview, oldest first."""
        rows = await self._connection.execute(
            select(turn_annotations)
            .where(turn_annotations.c.interview_id == interview_id)
            .order_by(turn_annotations.c.created_at, turn_annotations.c.id)
        )
        return tuple(Annotation(**row) for row in rows.mappings())

    async def reword(self, interview_id: str, annotation_id: str, text: str, *, now: datetime) -> Annotation:
        """The note with other words, at the same place; raises `AnnotationNotFound`."""
        changed = await self._connection.execute(
            update(turn_annotations)
            .where(turn_annotations.c.id == annotation_id, turn_annotations.c.interview_id == interview_id)
            .values(text=text, updated_at=now)
            .returning(turn_annotations)
        )
        row = changed.mappings().one_or_none()
        if row is None:
            raise AnnotationNotFound(annotation_id)
        return Annotation(**row)

    async def delete(self, interview_id: str, annotation_id: str) -> None:
        """The note is gone; raises `AnnotationNotFound`."""
        gone = await self._connection.execute(
            delete(turn_annotations).where(
                turn_annotations.c.id == annotation_id, turn_annotations.c.interview_id == interview_id
            )
        )
        if gone.rowcount == 0:
            raise AnnotationNotFound(annotation_id)


class Overrides(Repository):
    """Judgements by persons. Whose interview it is was asked before; who adds one holds the interview's lock."""

    async def add(self, override: Override) -> None:
        """Stores a judgement beside those that are there; raises `TooMany`."""
        found = await self._connection.execute(
            select(func.count()).select_from(overrides).where(overrides.c.interview_id == override.interview_id)
        )
        if found.scalar_one() >= MAX_OVERRIDES:
            raise TooMany("overrides", MAX_OVERRIDES)
        await self._connection.execute(insert(overrides).values(row_of(override)))

    async def list(self, interview_id: str) -> tuple[Override, ...]:
        """All judgements of an interview, oldest first."""
        rows = await self._connection.execute(
            select(overrides)
            .where(overrides.c.interview_id == interview_id)
            .order_by(overrides.c.created_at, overrides.c.id)
        )
        return tuple(Override(**row) for row in rows.mappings())

    async def delete(self, interview_id: str, override_id: str) -> None:
        """The judgement is taken back; raises `OverrideNotFound`."""
        gone = await self._connection.execute(
            delete(overrides).where(overrides.c.id == override_id, overrides.c.interview_id == interview_id)
        )
        if gone.rowcount == 0:
            raise OverrideNotFound(override_id)

    async def interviews(self, candidate_id: str | None = None) -> tuple[tuple[str, str], ...]:
        """(interview, candidate) of all interviews with such judgements, oldest first; of one candidate, or for a command of all."""
        mine = [] if candidate_id is None else [interviews.c.candidate_id == candidate_id]
        rows = await self._connection.execute(
            select(interviews.c.id, interviews.c.candidate_id)
            .where(interviews.c.id.in_(select(overrides.c.interview_id)), *mine)
            .order_by(interviews.c.created_at, interviews.c.id)
        )
        return tuple((interview_id, owner) for interview_id, owner in rows)
