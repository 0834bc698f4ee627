"""What was heard in the last words, by likeness: marks, misconceptions, how near each open probe lies, what a question asks for.

Milliseconds, on the embedder alone; nothing here is a score.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.domain.interview import Interview
from app.domain.sentences import sentences
from app.domain.transcript import FactTold, Mark, SpanKind, Telling, Turn
from app.interviewing.fact_sheet import Request, pieces
from app.interviewing.subject import Subject

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]
"""Texts to unit rows (n, d) float32."""

MISCONCEPTION_AT = 0.62
"""Cosine to a misconception's `said_as` from which it counts as heard, if it is also nearer than `not_said_as`."""
MISCONCEPTION_MARGIN = 0.08
REPLY_AT = 0.45
"""Cosine to one of the ways in which a thing is asked for, from which its reply is given."""
FACT_AT = 0.5
"""The same for a fact that is held back: told to one who did not ask, it gives away more than a clarification."""
MENTIONED_AT = 0.6
"""The same where the candidate only speaks of asking."""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a turn asks of a scenario."""

    facts: tuple[FactTold, ...] = ()
    """Each once, in the order of the questions."""
    clarification: str = ""
    unheard: bool = False
    """Whether a plain question has neither a fact nor a reply."""


class Ear:
    """Listens with the embedder and the compact scorer."""

    def __init__(self, marker: Marker, encode: Encode, near: Near, closely: Marker | None = None) -> None:
        """`closely` reads an answer again where the next question hangs on a mark in doubt; without it nothing is read twice."""
        self._marker = marker
        self._closely = closely
        self._encode = encode
        self._near = near

    async def hear(self, interview: Interview, subject: Subject, turns: Sequence[Turn]) -> Heard:
        """Marks from all answers on the subject; misconceptions and nearness from the last one."""
        last = turns[-1].answer_text() if turns else ""
        said = [sentence.text for sentence in sentences(last)]
        if not said:
            return Heard(_of(subject, await self._marker.mark(interview, subject.question_id, turns)))
        misconceptions = subject.misconceptions
        probes = [[part.text for part in sentences(criterion.probe)] for criterion in subject.criteria]
        texts = [*said, *itertools.chain.from_iterable(probes)]
        for misconception in misconceptions:
            texts += [misconception.said_as, misconception.not_said_as]

        async def read() -> tuple[Vectors, Sequence[str]]:
            rows = await self._encode(texts)
            whole = rows[: len(said)].mean(axis=0)
            length = float(np.linalg.norm(whole))
            return rows, await self._near(whole / length, subject.topics) if length > 0 else ()

        # Two models, on a core each.
        marks, (vectors, passages) = await asyncio.gather(
            self._marker.mark(interview, subject.question_id, turns), read()
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
        return Heard(_of(subject, marks), frozenset(seen), nearness, tuple(passages))

    async def look_again(self, interview: Interview, subject: Subject, turns: Sequence[Turn], heard: Heard) -> Heard:
        """The same with marks of a closer reading, which takes about four times as long."""
        if self._closely is None:
            return heard
        return replace(heard, marks=_of(subject, await self._closely.mark(interview, subject.question_id, turns)))

    async def choose_replies(
        self, questions: Sequence[str], options: Sequence[tuple[str, Sequence[str]]]
    ) -> tuple[str, ...]:
        """For each question the reply whose ways of asking lie nearest to it; "" where none is near enough.

        Args:
            questions: The candidate's words.
            options: (reply, ways of asking for it).
        """
        ways = [(reply, way) for reply, asked_as in options for way in asked_as]
        if not ways or not any(question.strip() for question in questions):
            return tuple("" for _ in questions)
        vectors = await self._encode([*questions, *(way for _, way in ways)])
        likeness = vectors[: len(questions)] @ vectors[len(questions) :].T
        return tuple(ways[int(row.argmax())][0] if row.max() >= REPLY_AT else "" for row in likeness)

    async def choose_reply(self, question: str, options: Sequence[tuple[str, Sequence[str]]]) -> str:
        """`choose_replies` to one question."""
        return (await self.choose_replies([question], options))[0]

    async def asked(self, subject: Subject, said: Sequence[Request]) -> Asked:
        """The facts that are asked for, each with the sentence that asks, and the reply to a question about the task itself."""
        split = [(request, pieces(request.text)) for request in said]
        ways = [(fact.id, "", way) for fact in subject.facts for way in fact.asked_as]
        ways += [("", each.reply, way) for each in subject.clarifications for way in each.asked_as]
        if not split or not ways:
            return Asked()
        texts = [text for _, parts in split for text in parts]
        vectors = await self._encode([*texts, *(way for _, _, way in ways)])
        likeness = vectors[: len(texts)] @ vectors[len(texts) :].T
        facts: dict[str, FactTold] = {}
        replies: list[str] = []
        unheard = False
        place = 0
        for request, parts in split:
            rows = likeness[place : place + len(parts)]
            place += len(parts)
            found = [_nearest(row, ways, request) for row in (rows[1:] if len(parts) > 1 else rows)]
            found = [each for each in found if each != ("", "")] or [_nearest(rows[0], ways, request)]
            unheard |= request.plain and not any(fact_id or reply for fact_id, reply in found)
            for fact_id, reply in found:
                if fact_id:
                    facts.setdefault(fact_id, FactTold(fact_id, Telling.ASKED, request.start, request.end))
                elif reply:
                    replies.append(reply)
        return Asked(tuple(facts.values()), " ".join(dict.fromkeys(replies)), unheard)


def _of(subject: Subject, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks that the subject is about: a drill leaves out the rest of its rubric."""
    if not subject.drill:
        return tuple(marks)
    wanted = {criterion.id for criterion in subject.criteria}
    return tuple(mark for mark in marks if mark.criterion_id in wanted)


def _nearest(row: Vectors, ways: Sequence[tuple[str, str, str]], request: Request) -> tuple[str, str]:
    """Fact and reply that a text is nearest to, one of them empty; both where nothing is near enough."""
    best = int(row.argmax())
    fact_id, reply, _ = ways[best]
    enough = (FACT_AT if fact_id else REPLY_AT) if request.plain else MENTIONED_AT
    if row[best] < enough or (reply and not request.plain):
        return "", ""
    return fact_id, reply


def has(turn: Turn, kind: SpanKind) -> bool:
    """Whether a turn has a span of that kind."""
    return any(span.kind is kind for span in turn.spans)
