"""What a candidate said on a chain, rung by rung, and the slots that it fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.interview import Claim, PlannedQuestion
from app.domain.transcript import Move, MoveKind, Span, SpanKind, Speaker, Turn
from app.interviewing.slots import Said, filled
from app.interviewing.subject import Subject, subject_for
from app.material.corpus import Corpus
from app.material.load import load
from tests.support.builders import a_turn, an_interview, an_interviewers_turn

CLAIM = Claim("Built it and brought it to its users", 0, 36, "Project")


@cache
def corpus() -> Corpus:
    """The whole corpus, read once."""
    return load(Path("corpus"))


@cache
def subject_of(chain: str, claim: Claim = CLAIM) -> Subject:
    """The chain as an interview has it, whose rungs for one seniority alone are left out."""
    return subject_for(corpus(), an_interview(), PlannedQuestion(f"chains/{chain}", 900, claim=claim))


@dataclass(frozen=True)
class Case:
    """Answers of one person on one chain."""

    chain: str
    said: tuple[tuple[str, str], ...]
    """(rung, answer); `probe:RUNG` is a follow-up on that rung."""


def case(chain: str, *said: str) -> Case:
    """A case from `rung | answer` lines."""
    pairs = (each.partition(" | ") for each in said)
    return Case(chain, tuple((rung, answer) for rung, _, answer in pairs))


def turns_of(talk: Case, asking: str = "") -> tuple[Turn, ...]:
    """The talk as turns, each answer one span; `asking` stands in for the words of the interviewer."""
    subject = subject_of(talk.chain)
    turns: list[Turn] = []
    for rung, answer in talk.said:
        follow_up, _, part = rung.rpartition(":")
        kind = MoveKind.PROBE if follow_up else MoveKind.ASK
        words = asking or (subject.part(part).ask if not follow_up else "Go on.")
        at = len(turns) + 1
        move = Move(kind, "", words, question_id=subject.question_id, part_id=part)
        turns += [
            an_interviewers_turn(
                id=f"t{at}", seq=at, text=words, question_id=subject.question_id, part_id=part, move=move
            ),
            a_turn(
                id=f"t{at + 1}",
                seq=at + 1,
                speaker=Speaker.CANDIDATE,
                text=answer,
                question_id=subject.question_id,
                part_id=part,
                spans=(Span(SpanKind.ANSWER, 0, len(answer)),),
            ),
        ]
    return tuple(turns)


def values(talk: Case) -> Mapping[str, float | str]:
    """The value of each slot that is known after the talk."""
    return {name: each.value for name, each in known(talk).items()}


def known(talk: Case) -> Mapping[str, Said]:
    """Each slot that is known after the talk, with the place where it was said."""
    return filled(subject_of(talk.chain), turns_of(talk))
