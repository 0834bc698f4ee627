"""One transaction with all repositories. What is not committed is undone."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio
from anyio import to_thread
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.persistence import engine as engines
from app.persistence.failures import translate, translated
from app.persistence.repositories.afterwards import AfterwardsRows
from app.persistence.repositories.appeals import Appeals
from app.persistence.repositories.assessments import Assessments
from app.persistence.repositories.candidates import Candidates
from app.persistence.repositories.code_runs import CodeRuns
from app.persistence.repositories.confidences import Confidences
from app.persistence.repositories.interviews import Interviews
from app.persistence.repositories.keys import Keys
from app.persistence.repositories.loops import Loops
from app.persistence.repositories.personal import PersonalData
from app.persistence.repositories.practice import Practice
from app.persistence.repositories.remarks import Annotations, Overrides
from app.persistence.repositories.replies import Replies
from app.persistence.repositories.resumes import Resumes
from app.persistence.repositories.scores import Scores
from app.persistence.repositories.searches import Searches
from app.persistence.repositories.shares import Shares
from app.persistence.repositories.turns import Turns


class ReadUnit:
    """Sees the database as it was at one moment. Waits for no writer; a write is refused by the database itself.

    Keep it short, and no model call inside: it holds one connection of the pool.
    Entering and leaving may raise `StoreBusy` and `StoreUnavailable`. A query inside fails with the driver's error,
    which becomes one of them when the block is left: catch them outside of it.
    """

    candidates: Candidates
    keys: Keys
    resumes: Resumes
    interviews: Interviews
    turns: Turns
    replies: Replies
    assessments: Assessments
    scores: Scores
    appeals: Appeals
    code_runs: CodeRuns
    searches: Searches
    confidences: Confidences
    afterwards: AfterwardsRows
    practice: Practice
    annotations: Annotations
    overrides: Overrides
    personal: PersonalData
    loops: Loops
    shares: Shares

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def __aenter__(self) -> Self:
        if self._connection is not None:
            raise RuntimeError("a unit of work is used once")
        connection = self._connection = self._engine.connect()
        with translated():
            async with AsyncExitStack() as undo:
                await connection.start()
                undo.push_async_callback(connection.close)
                await connection.begin()
                undo.pop_all()
        self.candidates = Candidates(connection)
        self.keys = Keys(connection)
        self.resumes = Resumes(connection)
        self.interviews = Interviews(connection)
        self.turns = Turns(connection)
        self.replies = Replies(connection)
        self.assessments = Assessments(connection)
        self.scores = Scores(connection)
        self.appeals = Appeals(connection)
        self.code_runs = CodeRuns(connection)
        self.searches = Searches(connection)
        self.confidences = Confidences(connection)
        self.afterwards = AfterwardsRows(connection)
        self.practice = Practice(connection)
        self.annotations = Annotations(connection)
        self.overrides = Overrides(connection)
        self.personal = PersonalData(connection)
        self.loops = Loops(connection)
        self.shares = Shares(connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A cancelled request must still give its connection back, or it is lost to the pool.
        with anyio.CancelScope(shield=True):
            await self._open.close()
        if isinstance(error, SQLAlchemyError):
            expected = translate(error, writes=isinstance(self, UnitOfWork))
            if expected is not None:
                raise expected from error

    @property
    def _open(self) -> AsyncConnection:
        if self._connection is None:
            raise RuntimeError("a unit of work is used inside 'async with'")
        return self._connection


class UnitOfWork(ReadUnit):
    """One writing transaction. On SQLite it holds the only write lock from its first line to its last."""

    async def commit(self) -> None:
        """Keeps what was written. Once, and last: afterwards the unit is spent and its repositories are closed."""
        with translated(), anyio.CancelScope(shield=True):
            await self._open.commit()
            await self._open.close()


class Store:
    """The database, for as long as the application runs."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = engines.reading(engine)

    def write(self) -> UnitOfWork:
        """A transaction that can write; for `async with`."""
        return UnitOfWork(self._engine)

    def read(self) -> ReadUnit:
        """A transaction that reads; for `async with`."""
        return ReadUnit(self._reading)

    async def ping(self) -> None:
        """Asks the database for a sign of life; raises `StoreUnavailable` or `StoreBusy`."""
        with translated():
            async with self._reading.connect() as connection:
                await connection.execute(text("SELECT 1"))

    async def scrub(self) -> bool:
        """Whether what was deleted is gone from the files of SQLite as well, and not from its tables alone.

        Deleted rows are overwritten where they stood; older pages stay in the write-ahead log until it is cut off, for which
        nobody may be reading. PostgreSQL keeps dead rows until its own `VACUUM`.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        return await to_thread.run_sync(engines.cut_off_log, Path(str(self._engine.url.database)))

    async def close(self) -> None:
        """Gives all connections back."""
        await self._engine.dispose()


def open_store(url: str, *, busy_timeout_ms: int = 5000, pool_size: int = 5) -> Store:
    """The store at `url` (`sqlite:///...` or `postgresql://...`), which is connected to on first use.

    A lock is waited for at most `busy_timeout_ms`, then `StoreBusy` is raised. Raises `StoreUrlInvalid`.
    """
    return Store(engines.open_engine(url, busy_timeout_ms=busy_timeout_ms, pool_size=pool_size))
