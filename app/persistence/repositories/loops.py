"""Loops and the places of their interviews in them."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from app.domain.errors import CandidateNotFound, LoopNotFound
from app.domain.loop import Loop, LoopStage
from app.persistence.repositories.practice import forget
from app.persistence.repositories.rows import Repository
from app.persistence.tables import candidates, interviews, loop_stages, loops


class Loops(Repository):
    """Loops of candidates."""

    async def add(self, loop: Loop) -> None:
        """Stores a loop whose interviews are stored already; raises `CandidateNotFound`."""
        owner = await self._connection.execute(select(candidates.c.id).where(candidates.c.id == loop.candidate_id))
        if owner.one_or_none() is None:
            raise CandidateNotFound(loop.candidate_id)
        await self._connection.execute(
            insert(loops).values(
                id=loop.id,
                candidate_id=loop.candidate_id,
                company=loop.company,
                role=loop.role,
                seniority=loop.seniority,
                created_at=loop.created_at,
            )
        )
        for place, stage in enumerate(loop.stages, 1):
            await self._connection.execute(
                insert(loop_stages).values(
                    loop_id=loop.id, place=place, interview_id=stage.interview_id, title=stage.title
                )
            )

    async def get(self, loop_id: str, *, candidate_id: str) -> Loop:
        """The candidate's loop; raises `LoopNotFound`, also where it is another's."""
        found = await self._connection.execute(
            select(loops).where(loops.c.id == loop_id, loops.c.candidate_id == candidate_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise LoopNotFound(loop_id)
        return Loop(**row, stages=await self._stages(loop_id))

    async def list(self, candidate_id: str, *, limit: int = 50) -> tuple[Loop, ...]:
        """The candidate's loops, newest first."""
        rows = await self._connection.execute(
            select(loops)
            .where(loops.c.candidate_id == candidate_id)
            .order_by(loops.c.created_at.desc(), loops.c.id.desc())
            .limit(limit)
        )
        return tuple([Loop(**row, stages=await self._stages(row["id"])) for row in rows.mappings().all()])

    async def planned_elsewhere(self, interview_id: str) -> frozenset[str]:
        """Ids of the questions that the other interviews of its loop plan; empty where it is in none."""
        mine = select(loop_stages.c.loop_id).where(loop_stages.c.interview_id == interview_id)
        rows = await self._connection.execute(
            select(interviews.c.plan)
            .join(loop_stages, loop_stages.c.interview_id == interviews.c.id)
            .where(loop_stages.c.loop_id.in_(mine), interviews.c.id != interview_id)
        )
        return frozenset(question.question_id for plan in rows.scalars() for question in plan.askable)

    async def delete(self, loop_id: str, *, candidate_id: str) -> None:
        """Deletes the loop with its interviews and all that was said in them; raises `LoopNotFound`."""
        loop = await self.get(loop_id, candidate_id=candidate_id)
        ids = [stage.interview_id for stage in loop.stages]
        for interview_id in ids:
            await forget(self._connection, interview_id, candidate_id)
        await self._connection.execute(
            delete(interviews).where(interviews.c.id.in_(ids), interviews.c.candidate_id == candidate_id)
        )
        await self._connection.execute(delete(loops).where(loops.c.id == loop_id))

    async def _stages(self, loop_id: str) -> tuple[LoopStage, ...]:
        rows = await self._connection.execute(
            select(loop_stages.c.interview_id, loop_stages.c.title)
            .where(loop_stages.c.loop_id == loop_id)
            .order_by(loop_stages.c.place)
        )
        return tuple(LoopStage(**row) for row in rows.mappings())
