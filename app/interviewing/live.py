"""A reply while it is being written: what has been said of it so far, for anyone who watches or comes back.

The words belong to the application. A watcher who leaves takes nothing with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from app.domain.code import CodeOutcome
from app.domain.errors import VivaError
from app.domain.interview import InterviewState
from app.domain.transcript import Turn


@dataclass(frozen=True, slots=True)
class Started:
    """The candidate's turn is stored; a reply is on its way."""

    interview_id: str
    seq: int
    """Of the candidate's turn; the reply will be `seq + 1`."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Words released after the check, a sentence or more."""

    seq: int
    """Of the reply."""
    part: int
    """From 1."""
    text: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The reply as stored: always the whole text."""

    turn: Turn
    interview_state: InterviewState
    outcome: CodeOutcome | None = None
    """What became of the code in the turn that is answered."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The reply could not be written. The candidate's turn is kept; sending it again with its key tries again."""

    seq: int
    error: VivaError


Event = Started | Delta | Completed | Failed


@dataclass
class LiveReply:
    """Everything published of one reply, and a bell for those who wait for more."""

    interview_id: str
    seq: int
    """Of the candidate's turn."""
    events: list[Event] = field(default_factory=list)
    over: bool = False
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self, event: Event) -> None:
        """Adds an event; a `Completed` or `Failed` is the last one."""
        self.events.append(event)
        self.over = isinstance(event, Completed | Failed)
        self._bell.set()
        self._bell = asyncio.Event()

    async def watch(self, after_part: int = 0) -> AsyncIterator[Event]:
        """All events from the beginning on, but for deltas up to `after_part`; ends with the last event."""
        index = 0
        while True:
            bell = self._bell
            while index < len(self.events):
                event = self.events[index]
                index += 1
                if not (isinstance(event, Delta) and event.part <= after_part):
                    yield event
            if self.over:
                return
            await bell.wait()

    @classmethod
    def of_stored(cls, turn: Turn, state: InterviewState, outcome: CodeOutcome | None = None) -> LiveReply:
        """A reply that is stored already: its text is one part."""
        reply = cls(turn.interview_id, turn.seq - 1)
        for event in (Started(turn.interview_id, reply.seq), Delta(turn.seq, 1, turn.text)):
            reply.publish(event)
        reply.publish(Completed(turn, state, outcome))
        return reply

    async def outcome(self) -> Completed:
        """Waits for the end.

        Raises:
            VivaError: the one that the reply failed with.
        """
        async for event in self.watch():
            if isinstance(event, Completed):
                return event
            if isinstance(event, Failed):
                raise event.error
        raise AssertionError("a reply ends with Completed or Failed")
