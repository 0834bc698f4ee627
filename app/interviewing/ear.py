"""What was heard in the last words, by likeness: marks, misconceptions, how near each open probe lies, what a question asks for.

Milliseconds, on the embedder alone; nothing here is a score.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.domain.interview import Interview
from app.domain.sentences import sentences
from app.domain.transcript import Mark, SpanKind, Turn
from app.interviewing.subject import Subject

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]
"""Texts to unit rows (n, d) float32."""

MISCONCEPTION_AT = 0.62
"""Cosine to a misconception's `said_as` from which it counts as heard, if it is also nearer than `not_said_as`."""
MISCONCEPTION_MARGIN = 0.08
REPLY_AT = 0.45
"""Cosine to one of the ways in which a thing is asked for, from which its reply is given."""


class Marker(Protocol):
    """The compact scorer as the interviewer needs it; bound in `main`."""

    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        """One mark for each criterion of the question, from all of the candidate's answers on it, the last word counting."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What the last words hold."""

    marks: tuple[Mark, ...] = ()
    misconceptions: frozenset[str] = frozenset()
    nearness: dict[str, float] | None = None
    passages: tuple[str, ...] = ()
    """Ids of the concept passages nearest to the whole of the last answer, within the question's topics."""


Near = Callable[[Vectors, tuple[str, ...]], Awaitable[Sequence[str]]]
"""A unit vector (d,) and topics to ids of the passages nearest to it; bound to the index in `main`."""


class Ear:
    """Listens with the embedder and the compact scorer."""

    def __init__(self, marker: Marker, encode: Encode, near: Near) -> None:
        self._marker = marker
        self._encode = encode
        self._near = near

    async def hear(self, interview: Interview, subject: Subject, turns: Sequence[Turn]) -> Heard:
        """Marks from all answers on the subject; misconceptions and nearness from the last one."""
        last = turns[-1].answer_text() if turns else ""
        said = [sentence.text for sentence in sentences(last)]
        if not said:
            return Heard(await self._marker.mark(interview, subject.question_id, turns))
        misconceptions = subject.misconceptions
        probes = [[part.text for part in sentences(criterion.probe)] for criterion in subject.criteria]
        texts = [*said, *itertools.chain.from_iterable(probes)]
        for misconception in misconceptions:
            texts += [misconception.said_as, misconception.not_said_as]
        # Two models, on a core each.
        marks, vectors = await asyncio.gather(
            self._marker.mark(interview, subject.question_id, turns), self._encode(texts)
        )
        mine, place = vectors[: len(said)], len(said)
        nearness: dict[str, float] = {}
        for criterion, probe in zip(subject.criteria, probes, strict=True):
            nearness[criterion.id] = round(float((mine @ vectors[place : place + len(probe)].T).max()), 3)
            place += len(probe)
        seen: set[str] = set()
        rest = vectors[place:]
        for index, misconception in enumerate(misconceptions):
            holds = mine @ rest[2 * index]
            differs = mine @ rest[2 * index + 1]
            best = int(holds.argmax())
            if holds[best] >= MISCONCEPTION_AT and holds[best] - differs[best] >= MISCONCEPTION_MARGIN:
                seen.add(misconception.id)
        whole = mine.mean(axis=0)
        length = float(np.linalg.norm(whole))
        passages = await self._near(whole / length, subject.topics) if length > 0 else ()
        return Heard(marks, frozenset(seen), nearness, tuple(passages))

    async def choose_reply(self, question: str, options: Sequence[tuple[str, Sequence[str]]]) -> str:
        """The reply whose ways of asking lie nearest to the question; "" where none is near enough.

        Args:
            question: The candidate's words.
            options: (reply, ways of asking for it).
        """
        ways = [(reply, way) for reply, asked_as in options for way in asked_as]
        if not ways or not question.strip():
            return ""
        vectors = await self._encode([question, *(way for _, way in ways)])
        likeness = vectors[1:] @ vectors[0]
        best = int(likeness.argmax())
        return ways[best][0] if likeness[best] >= REPLY_AT else ""


def has(turn: Turn, kind: SpanKind) -> bool:
    """Whether a turn has a span of that kind."""
    return any(span.kind is kind for span in turn.spans)
