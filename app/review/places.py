"""Where the words stand that a number is made of: every figure of a report leads to some of these. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.score import CriterionScore, CriterionState, Evidence
from app.domain.transcript import MoveKind, SpanKind, Speaker, Turn

_HEARD = frozenset({SpanKind.ANSWER, SpanKind.DONT_KNOW})


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A place in the transcript: `turn.text[start:end]`, or `turn.code[start:end]` where it is `in_code`."""

    seq: int
    start: int
    end: int
    in_code: bool = False
    turn_id: str = ""

    @property
    def anchor(self) -> str:
        """Name of the place in a document that holds the transcript."""
        kind = "code" if self.in_code else "words"
        return f"{kind}-{self.seq}-{self.start}-{self.end}"


Refs = tuple[Ref, ...]


def one_a_turn(refs: Refs) -> Refs:
    """The first of these places in each turn, in their order: "t2 t4" where "t2 t4 t4 t4" would lead to the same lines."""
    first: dict[int, Ref] = {}
    for ref in refs:
        first.setdefault(ref.seq, ref)
    return tuple(first.values())


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one interview's turns, found by what a report speaks of."""

    turns: tuple[Turn, ...]

    def opening(self, question_id: str) -> Refs:
        """The words that a question was first asked in; () where it was not."""
        found = (turn for turn in self.turns if turn.speaker is Speaker.INTERVIEWER and turn.question_id == question_id)
        turn = next(found, None)
        return whole(turn) if turn is not None else ()

    def answers(self, question_id: str = "") -> Refs:
        """What the candidate answered on a question, "I don't know" and code among it; on all of them without an id."""
        return tuple(
            place
            for turn in self.turns
            if turn.speaker is Speaker.CANDIDATE and (not question_id or turn.question_id == question_id)
            for place in answered(turn)
        )

    def attempted(self, question_id: str) -> bool:
        """Whether anything was answered on a question beside "I don't know"."""
        unknown = {
            turn.id
            for turn in self.turns
            if any(span.kind is SpanKind.DONT_KNOW for span in turn.spans)
            and not any(span.kind is SpanKind.ANSWER for span in turn.spans)
        }
        return any(place.in_code or place.turn_id not in unknown for place in self.answers(question_id))

    def of_turns(self, turn_ids: Iterable[str]) -> Refs:
        """Whole turns by their ids; one that is not there is passed over."""
        wanted = set(turn_ids)
        return tuple(place for turn in self.turns if turn.id in wanted for place in whole(turn))

    def of_evidence(self, evidence: Iterable[Evidence]) -> Refs:
        """Quotes of a score."""
        seqs = {turn.id: turn.seq for turn in self.turns}
        return tuple(
            Ref(seqs[each.turn_id], each.start, each.end, each.in_code, each.turn_id)
            for each in evidence
            if each.turn_id in seqs
        )

    def of_quote(self, quote: str, question_id: str) -> Refs:
        """The last place of a quote in the answers on a question; () where it is not there."""
        for turn in reversed(self.turns):
            if quote and turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id:
                at = turn.text.rfind(quote)
                if at >= 0:
                    return (Ref(turn.seq, at, at + len(quote), False, turn.id),)
        return ()

    def hints(self, question_id: str, criterion_id: str) -> Refs:
        """The hints that were given for a criterion."""
        return tuple(
            place
            for turn in self.turns
            if turn.move is not None
            and turn.move.kind is MoveKind.HINT
            and (turn.question_id, turn.move.criterion_id) == (question_id, criterion_id)
            for place in whole(turn)
        )

    def criterion(self, question_id: str, criterion: CriterionScore) -> Refs:
        """What a criterion's state stands on.

        The quotes that earned it; for what is missing the words that asked for it and the answers that lack it; for what was
        never asked for the question as it was asked.
        """
        quotes = self.of_evidence(criterion.evidence)
        if criterion.state in {CriterionState.SHOWN, CriterionState.CONTRADICTED} and quotes:
            return merged(quotes, self.hints(question_id, criterion.criterion_id) if criterion.hints else ())
        if criterion.state in {CriterionState.PARTLY, CriterionState.MISSED}:
            asked = self.of_turns(criterion.asked_in) or self.opening(question_id)
            return merged(quotes, asked, self.answers(question_id))
        return merged(quotes, self.opening(question_id)) or self.answers(question_id)


def whole(turn: Turn) -> Refs:
    """A whole turn, without white space around it: its text, and its code where it has some."""
    return tuple(
        Ref(turn.seq, len(text) - len(text.lstrip()), len(text.rstrip()), in_code, turn.id)
        for text, in_code in ((turn.text, False), (turn.code, True))
        if text.strip()
    )


def answered(turn: Turn) -> Refs:
    """The parts of a candidate's turn that are an answer, each as long as it goes on; its code is one."""
    if not turn.spans:
        return whole(turn)
    runs: list[tuple[int, int]] = []
    for span in turn.spans:
        if span.kind not in _HEARD:
            continue
        if runs and runs[-1][1] == span.start:
            runs[-1] = (runs[-1][0], span.end)
        else:
            runs.append((span.start, span.end))
    found = []
    for start, end in runs:
        text = turn.text[start:end]
        if text.strip():
            found.append(
                Ref(turn.seq, start + len(text) - len(text.lstrip()), start + len(text.rstrip()), False, turn.id)
            )
    return (*found, *(place for place in whole(turn) if place.in_code))


def merged(*several: Iterable[Ref]) -> Refs:
    """All places once, in the order of the transcript."""
    return tuple(sorted(set(itertools.chain.from_iterable(several))))
