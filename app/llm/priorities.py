"""Who goes first where one model serves both a person who waits and work that can wait. Knows nothing of models."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

R = TypeVar("R")


class PutOff(Exception):
    """A call behind was cancelled for the sake of one ahead. Begin it again."""


class Priorities:
    """Calls ahead run at once; calls behind run while none is ahead, and are cancelled when one comes.

    For one event loop.
    """

    def __init__(self, *, behind: int) -> None:
        """At most `behind` calls run behind at a time."""
        self._places = asyncio.Semaphore(behind)
        self._ahead = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._running: set[asyncio.Task[Any]] = set()
        self._put_off: set[asyncio.Task[Any]] = set()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """While inside, nothing runs behind. What did is cancelled, and may need a moment to let go."""
        self._ahead += 1
        self._quiet.clear()
        # A second cancellation would strike the task while it hangs up after the first.
        for task in self._running - self._put_off:
            self._put_off.add(task)
            task.cancel()
        try:
            yield
        finally:
            self._ahead -= 1
            if not self._ahead:
                self._quiet.set()

    async def quiet(self) -> None:
        """Returns when no call is ahead."""
        # A call may have come between the event and this task's turn.
        while self._ahead:
            await self._quiet.wait()

    async def behind(self, call: Callable[[], Coroutine[Any, Any, R]]) -> R:
        """Waits for quiet, then runs the call; raises `PutOff` where it had to make room."""
        async with self._places:
            await self.quiet()
            task = asyncio.create_task(call())
            self._running.add(task)
            try:
                return await task
            except asyncio.CancelledError:
                here = asyncio.current_task()
                if task in self._put_off and not (here and here.cancelling()):
                    raise PutOff from None
                raise
            finally:
                self._running.discard(task)
                self._put_off.discard(task)
