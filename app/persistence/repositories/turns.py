"""The transcript: turns are appended and read, never changed; what became of a turn's code is added once."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.code import CodeOutcome
from app.domain.errors import DuplicateRequest, IdempotencyConflict, InterviewNotFound, TurnNotFound, TurnOutOfOrder
from app.domain.transcript import Turn
from app.persistence.records import TurnOutcome
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.repositories.searches import Searches
from app.persistence.tables import interviews, replies, turns

_COLUMNS = [column for column in turns.c if column.name != "body_hash"]


class Turns(Repository):
    """Turns of interviews. Whose interview it is was asked before."""

    async def append(self, turn: Turn, *, body_hash: str = "") -> None:
        """Stores the next turn. `body_hash` goes with the turn's idempotency key.

        Raises `DuplicateRequest` where the key has a turn already (whatever its body: `by_key` tells), `TurnOutOfOrder`
        where `seq` is taken or leaves a gap, and `InterviewNotFound`. After any of them the transaction can go on.
        """
        found = await self._connection.execute(
            select(interviews.c.candidate_id, func.max(turns.c.seq).label("last"))
            .outerjoin(turns, turns.c.interview_id == interviews.c.id)
            .where(interviews.c.id == turn.interview_id)
            .group_by(interviews.c.id, interviews.c.candidate_id)
        )
        row = found.one_or_none()
        if row is None:
            raise InterviewNotFound(turn.interview_id)
        await self._refuse_known_key(turn)
        if turn.seq != (row.last or 0) + 1:
            raise TurnOutOfOrder(turn.interview_id, turn.seq)
        try:
            new = await insert_unless_there(self._connection, turns, {**row_of(turn), "body_hash": body_hash})
        except IntegrityError as error:
            # Unique constraints do not raise here, so it is the foreign key: the interview was deleted meanwhile.
            raise InterviewNotFound(turn.interview_id) from error
        if not new:
            # Another writer was faster. If it was this very request, sent twice, its turn is the answer.
            await self._refuse_known_key(turn)
            raise TurnOutOfOrder(turn.interview_id, turn.seq)
        await Searches(self._connection).add(row.candidate_id, turn)

    async def add_outcome(self, turn_id: str, outcome: CodeOutcome) -> None:
        """Adds what became of a turn's code; where that is known already, what was first known stays."""
        await self._connection.execute(
            update(turns).where(turns.c.id == turn_id, turns.c.outcome.is_(None)).values(outcome=outcome)
        )

    async def _refuse_known_key(self, turn: Turn) -> None:
        if turn.idempotency_key:
            stored = await self.by_key(turn.interview_id, turn.idempotency_key)
            if stored is not None:
                raise DuplicateRequest(turn.interview_id, turn.idempotency_key, stored.seq)

    async def list(self, interview_id: str, *, after: int = 0) -> tuple[Turn, ...]:
        """The turns with `seq` above `after`, in order."""
        rows = await self._connection.execute(
            select(*_COLUMNS).where(turns.c.interview_id == interview_id, turns.c.seq > after).order_by(turns.c.seq)
        )
        return tuple(Turn(**row) for row in rows.mappings())

    async def get(self, interview_id: str, turn_id: str) -> Turn:
        """The turn of this id; raises `TurnNotFound`."""
        found = await self._connection.execute(
            select(*_COLUMNS).where(turns.c.interview_id == interview_id, turns.c.id == turn_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise TurnNotFound(interview_id, turn_id)
        return Turn(**row)

    async def at(self, interview_id: str, seq: int) -> Turn | None:
        """The turn at this place, if it was said."""
        found = await self._connection.execute(
            select(*_COLUMNS).where(turns.c.interview_id == interview_id, turns.c.seq == seq)
        )
        row = found.mappings().one_or_none()
        return None if row is None else Turn(**row)

    async def by_key(self, interview_id: str, key: str, *, body_hash: str | None = None) -> Turn | None:
        """The turn stored under an idempotency key.

        With `body_hash`, raises `IdempotencyConflict` where the key came with another body.
        """
        found = await self._connection.execute(
            select(turns).where(turns.c.interview_id == interview_id, turns.c.idempotency_key == key)
        )
        row = found.mappings().one_or_none()
        if row is None:
            return None
        if body_hash is not None and row["body_hash"] != body_hash:
            raise IdempotencyConflict(key)
        return Turn(**{name: value for name, value in row.items() if name != "body_hash"})

    async def outcome(self, interview_id: str, key: str, *, body_hash: str) -> TurnOutcome | None:
        """What became of a request: its turn, how far the reply is, and the reply; None where the key is new.

        Raises `IdempotencyConflict` where the key came with another body.
        """
        turn = await self.by_key(interview_id, key, body_hash=body_hash)
        if turn is None:
            return None
        state = await self._connection.execute(
            select(replies.c.state).where(replies.c.interview_id == interview_id, replies.c.for_seq == turn.seq)
        )
        return TurnOutcome(turn, state.scalar_one_or_none(), await self.at(interview_id, turn.seq + 1))
