"""Replies written without a model: what is said to several questions of one turn, and before the words that are decided."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from app.domain.interview import Interview, PlannedQuestion
from app.domain.sentences import sentences
from app.domain.transcript import Mark, MoveKind, SpanKind, Turn
from app.interviewing.director.follow_ups import LONG_ANSWER_WORDS
from app.interviewing.ear import Ear, Vectors
from app.interviewing.phrases.candidate_questions import ANYTHING_ELSE, REST_LATER, REST_UNKNOWN
from app.interviewing.phrases.follow_ups import BACK
from app.interviewing.phrases.saying_back import ASIDE, BRING_BACK
from app.interviewing.reply import Manner, Reply, ReplyWriter
from app.material.corpus import Corpus
from app.material.load import load
from app.prompting.library import Library
from tests.support.builders import NOW
from tests.support.talks import Talk, an_interview_on

YOURS = PlannedQuestion("candidate-questions/your-questions", 400)
OVERFITTING = PlannedQuestion("fundamentals/detect-overfitting", 400)


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    return load(Path("corpus"))


class NothingShown:
    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        return tuple(Mark(each.criterion.id, 0.1, 0.0, "") for each in corpus().rubric(question_id).criteria)


async def encode(texts: Sequence[str]) -> Vectors:
    """A row for each text, near to none but the same words."""
    columns = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    rows = np.zeros((len(texts), len(columns)), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[columns[text]] = 1.0
    return rows


async def near(row: Vectors, topics: tuple[str, ...]) -> Sequence[str]:
    return ()


def replied(talk: Talk, text: str, kind: SpanKind) -> Reply:
    """What the writer says to that turn."""
    talk.say(text, kind)
    writer = ReplyWriter(
        corpus(), Ear(NothingShown(), encode, near), None, Library.load(Path("prompts")), Manner(), lambda: NOW
    )
    return asyncio.run(writer.reply(talk.interview, talk.turns[:-1], lambda piece: None))


def a_talk(slug: str, planned: PlannedQuestion) -> Talk:
    talk = Talk(corpus(), an_interview_on((slug, 30, [planned]), company="neutral"))
    talk.open()
    return talk


def asked(*questions: str) -> Reply:
    return replied(a_talk("candidate-questions", YOURS), " ".join(questions), SpanKind.ASK)


KNOWN = [(each.asked_as[0], each.reply) for each in corpus().companies["neutral"].knows]


def test_two_questions_of_one_turn_are_both_answered() -> None:
    (one, first), (other, second) = KNOWN[:2]
    assert asked(one, other).text == f"{first} {second} {ANYTHING_ELSE.usual}"
    assert asked(one, one).text == f"{first} {ANYTHING_ELSE.usual}"


def test_a_question_without_a_reply_is_not_passed_over() -> None:
    one, first = KNOWN[0]
    for turn in ((one, "Is the coffee any good?"), ("Is the coffee any good?", one)):
        assert asked(*turn).text == f"{first} {REST_UNKNOWN.usual} {ANYTHING_ELSE.usual}"
    neither = asked("Is the coffee any good?", "Are dogs allowed?").text
    assert neither == f"{corpus().companies['neutral'].does_not_know} {ANYTHING_ELSE.usual}"


def test_of_three_replies_two_are_given_and_the_third_is_put_off() -> None:
    (one, first), (other, second), (third, _) = KNOWN[:3]
    assert asked(one, other, third).text == f"{first} {second} {REST_LATER.usual} {ANYTHING_ELSE.usual}"


def test_nobody_is_brought_back_twice_in_one_breath() -> None:
    away = "My cousin bought a red bicycle, and we rode to the lake with sandwiches and lemonade on Sunday. " * 9
    assert sum(len(each.text.split()) for each in sentences(away)) >= LONG_ANSWER_WORDS
    reply = replied(a_talk("fundamentals", OVERFITTING), away, SpanKind.ANSWER)
    assert reply.move.kind is MoveKind.PROBE
    assert reply.text.startswith(BACK.usual)
    short = replied(a_talk("fundamentals", OVERFITTING), away[: len(away) // 9], SpanKind.ANSWER)
    led_back = [frame.split("{}") for frame in ASIDE]
    assert any(start in short.text and end in short.text for start, end in led_back) or BRING_BACK[0] in short.text


class Marks:
    """One criterion at a probability and all others shown; counts how often it was asked."""

    def __init__(self, criterion_id: str, p_shown: float) -> None:
        self._criterion_id, self._p_shown = criterion_id, p_shown
        self.readings = 0

    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        self.readings += 1
        ids = [each.criterion.id for each in corpus().rubric(question_id).criteria]
        return tuple(Mark(each, self._p_shown if each == self._criterion_id else 0.9, 0.0, "") for each in ids)


def asked_after(at_once: Marks, closely: Marks | None) -> Reply:
    """What is asked after an answer with these marks at once and by a closer reading."""
    talk = a_talk("fundamentals", OVERFITTING)
    talk.say("I compare the two losses.", SpanKind.ANSWER)
    ear = Ear(at_once, encode, near, closely)
    writer = ReplyWriter(corpus(), ear, None, Library.load(Path("prompts")), Manner(), lambda: NOW)
    return asyncio.run(writer.reply(talk.interview, talk.turns[:-1], lambda piece: None))


UNSEEN = "worse-on-unseen"


def test_a_point_that_may_have_been_made_is_read_again_before_it_is_asked_for() -> None:
    in_doubt = Marks(UNSEEN, 0.497)
    reply = asked_after(in_doubt, None)
    assert (reply.move.kind, reply.move.criterion_id) == (MoveKind.PROBE, UNSEEN)

    made = Marks(UNSEEN, 0.6)
    reply = asked_after(in_doubt, made)
    assert made.readings == 1
    assert reply.move.kind is MoveKind.PRESS  # Not asked for: held to be right.
    assert {mark.criterion_id: mark.p_shown for mark in reply.marks}[UNSEEN] == 0.6

    missed = Marks(UNSEEN, 0.3)
    reply = asked_after(in_doubt, missed)
    assert (reply.move.kind, reply.move.criterion_id) == (MoveKind.PROBE, UNSEEN)
    assert missed.readings == 1


def test_what_is_plain_is_not_read_again() -> None:
    for p_shown in (0.1, 0.9):
        closely = Marks(UNSEEN, p_shown)
        asked_after(Marks(UNSEEN, p_shown), closely)
        assert closely.readings == 0
