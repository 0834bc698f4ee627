"""The plays of chains, replayed: what a candidate says on a rung, heard by the listener's rules, moved on by the director."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.interview import Claim, Interview, PlannedQuestion
from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing.slot_checks import key_of
from app.interviewing.turn_rules import listen
from app.material.corpus import DEEP_DIVE, Corpus
from app.material.entries import Chain, Play, PlayMove, PlayTurn
from tests.support.builders import NOW
from tests.support.talks import Talk, an_interview_on


def _english(text: str) -> tuple[str, float]:
    return "en", 1.0


@dataclass(frozen=True)
class Replayed:
    """A turn of a play, and the move that followed it."""

    turn: PlayTurn
    move: Move

    @property
    def as_told(self) -> bool:
        """Whether the director did what the play says."""
        wanted = self.turn.next
        if isinstance(wanted, str):
            return self.move.kind is MoveKind.ASK and self.move.part_id == wanted
        return self.told_of(wanted)

    def told_of(self, wanted: PlayMove) -> bool:
        """The same for a move that is no rung."""
        move = self.move
        if wanted.challenge:
            return move.kind is MoveKind.CHALLENGE and move.misconception_id == wanted.challenge
        if wanted.probe:
            return move.kind is MoveKind.PROBE and move.criterion_id == wanted.probe
        if wanted.press:
            return move.kind is MoveKind.PRESS and move.criterion_id == wanted.press
        if wanted.check:
            return move.kind is MoveKind.CHECK and move.takes_up == key_of(move.question_id, wanted.check)
        if wanted.hint:
            return move.kind is MoveKind.HINT and f"{move.criterion_id}/{move.hint}" == wanted.hint
        return False

    @property
    def came(self) -> str:
        """The move in the words of a play."""
        return f"{self.move.kind} {self.move.misconception_id or self.move.criterion_id or self.move.part_id}: {self.move.reason}"


@dataclass(frozen=True)
class Clock:
    """How the time goes in a play: plays tell words, and no seconds."""

    share: float
    """Part of the chain's time that the plan gives it."""
    answer_s: float | None
    """That each answer takes; None for what its rung is given."""


CLOCKS = (Clock(1.0, 20.0), Clock(1.0, None), Clock(0.85, None), Clock(0.7, 20.0), Clock(0.55, None))
"""Unhurried, by the book, and with less time than the chain would like."""


def replay(corpus: Corpus, chain: Chain, play: Play, clock: Clock) -> Iterator[Replayed]:
    """Each turn with the move after it; with a clock by the book, rungs before the play's first took their seconds."""
    talk = Talk(corpus, interview_of(chain, play, clock.share))
    talk.open()
    planned = talk.interview.plan.questions[0]
    parts = [part.id for part in talk.subject_of(planned).parts]
    before = talk.subject_of(planned).parts[: parts.index(play.turns[0].rung)]
    passed_s = 0 if clock.answer_s else sum(part.seconds for part in before)
    talk.turns[0] = replace(talk.turns[0], created_at=NOW - timedelta(seconds=passed_s))
    for turn in play.turns:
        stand_on(talk, turn.rung)
        if turn.after_hint:
            _hint(talk, turn.after_hint)
        known = talk.marks.setdefault(chain.id, {each.id: 0.1 for each in talk.subject_of(planned).criteria})
        known |= {name: 0.1 for name, state in turn.marks.items() if state in {"absent", "contradicted"}}
        shown = [name for name, state in turn.marks.items() if state == "shown"]
        heard = [turn.next.challenge] if isinstance(turn.next, PlayMove) and turn.next.challenge else []
        kinds = kinds_of(turn.candidate)
        after_s = clock.answer_s or talk.subject_of(planned).part(turn.rung).seconds
        yield Replayed(turn, talk.say(turn.candidate, *kinds, shown=shown, misconceptions=heard, after_s=after_s))


def kinds_of(text: str) -> tuple[SpanKind, ...]:
    """What the rules hear in a candidate's words, each kind once."""
    return tuple(dict.fromkeys(span.kind for span in listen(text, round_slug=DEEP_DIVE, guess=_english)))


def interview_of(chain: Chain, play: Play, left_share: float) -> Interview:
    """An interview that is nothing but the play's chain."""
    claim = Claim(play.given.claim, 0, len(play.given.claim), "Project")
    seconds = int(chain.seconds.whole * left_share)
    planned = PlannedQuestion(chain.id, seconds, claim=None if chain.any_project and not claim.text else claim)
    return an_interview_on(
        (DEEP_DIVE, seconds / 60, [planned]), role=play.given.role, seniority=play.given.seniority, minutes=90
    )


def stand_on(talk: Talk, rung: str) -> None:
    """Lets the rung be the one that was asked last, as if what lay before it had been left out."""
    last = talk.turns[-1]
    assert last.move is not None
    if last.part_id != rung:
        kind = last.move.kind if last.move.kind is MoveKind.OPEN else MoveKind.ASK
        talk.turns[-1] = replace(last, part_id=rung, move=replace(last.move, kind=kind, part_id=rung, criterion_id=""))


def _hint(talk: Talk, wanted: str) -> None:
    """Asks for hints until the wanted one was given; fails where the ladder is another's."""
    criterion, _, rung = wanted.partition("/")
    talk.turns[-1] = replace(talk.turns[-1], move=replace(talk.turns[-1].move, criterion_id=criterion))  # type: ignore[type-var]
    for _ in range(int(rung)):
        talk.say("A hint?", SpanKind.HINT)
