"""A candidate's own answers with the sentences in place that would have earned what they lack, and the scorer's word on it.

The sentences are the corpus's own ways of showing a criterion. They are tried on the scorer until it gives what was missed
and nothing else moves; what cannot be reached so is said.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.domain.interview import Interview
from app.domain.score import CriterionScore, CriterionState, Score
from app.domain.sentences import sentences, words
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.material.corpus import Rubric, RubricCriterion
from app.material.entries import Criterion
from app.review.places import Ref

ScoreAnswers = Callable[[Interview, Sequence[Turn], str], Awaitable[Score]]
"""The compact scorer's score of a question."""
Likeness = Callable[[Sequence[str], Sequence[str]], Awaitable[NDArray[np.float32]]]
"""Cosines (n, m) of sentences with others."""
NumberWords = Callable[[Interview, str, str, Criterion], str]
"""A sentence with the number that shows a criterion; "" where no number does."""

LACKS = frozenset({CriterionState.MISSED, CriterionState.PARTLY, CriterionState.CONTRADICTED})
FITS_AT = 0.2
"""Likeness to a sentence of the answer from which an added one follows it; below, it comes at the end."""
MAX_TRIES = 14
"""Scorings of one repair."""
_KEPT = 128


class PieceKind(StrEnum):
    """What became of a stretch of the answer."""

    SAID = "said"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a repaired answer. `start:end` is its place in the turn; of what was added, where it goes."""

    kind: PieceKind
    text: str
    criterion_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RepairedAnswer:
    """One turn. All pieces but the removed ones are the repaired text, all but the added ones what was said."""

    turn_id: str
    seq: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Addition:
    """The sentence that would have earned a criterion, and where it goes."""

    criterion_id: str
    sentence: str
    place: Ref
    instead_of: Ref | None
    earns: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """What was said on a question, repaired and scored."""

    question_id: str
    answers: tuple[RepairedAnswer, ...]
    """Those that have a change in them."""
    additions: tuple[Addition, ...]
    earns: tuple[str, ...]
    fails_to_earn: tuple[str, ...]
    also_changes: tuple[str, ...]
    not_repaired: tuple[str, ...]
    """Lacking, and decided by tests of code."""
    checked_by: str

    @property
    def exact(self) -> bool:
        """Whether scoring it flips exactly what was missed."""
        return bool(self.earns) and not self.fails_to_earn and not self.also_changes


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence put into a turn at `at`; with `until` past it, in place of what stands there."""

    criterion_id: str
    turn_id: str
    at: int
    until: int
    sentence: str


def lacking(score: Score) -> tuple[CriterionScore, ...]:
    """The criteria that an answer owes more for."""
    return tuple(one for one in score.criteria if one.state in LACKS)


def repaired_turn(turn: Turn, edits: Sequence[Edit]) -> tuple[Turn, tuple[Piece, ...]]:
    """The turn with the edits made, as an answer from what was added on, and its pieces in order. Edits must not overlap."""
    pieces: list[Piece] = []
    place = 0
    for edit in sorted(edits, key=lambda each: (each.at, each.until)):
        if edit.at > place:
            pieces.append(Piece(PieceKind.SAID, turn.text[place : edit.at], "", place, edit.at))
        if edit.until > edit.at:
            removed = turn.text[edit.at : edit.until]
            pieces.append(Piece(PieceKind.REMOVED, removed, edit.criterion_id, edit.at, edit.until))
        before = "".join(piece.text for piece in pieces if piece.kind is not PieceKind.REMOVED)
        text = _joining(before) + edit.sentence + ("" if _ends(turn.text[edit.until :]) else " ")
        pieces.append(Piece(PieceKind.ADDED, text, edit.criterion_id, edit.at, edit.at))
        place = max(place, edit.until)
    if place < len(turn.text):
        pieces.append(Piece(PieceKind.SAID, turn.text[place:], "", place, len(turn.text)))
    spans: list[Span] = []
    length = 0
    for piece in pieces:
        if piece.kind is PieceKind.REMOVED:
            continue
        if piece.kind is PieceKind.ADDED:
            spans.append(Span(SpanKind.ANSWER, length, length + len(piece.text)))
        else:
            for span in turn.spans or (Span(SpanKind.ANSWER, 0, len(turn.text)),):
                start, end = max(span.start, piece.start), min(span.end, piece.end)
                if start < end:
                    spans.append(Span(span.kind, length + start - piece.start, length + end - piece.start))
        length += len(piece.text)
    text = "".join(piece.text for piece in pieces if piece.kind is not PieceKind.REMOVED)
    return replace(turn, text=text, spans=tuple(spans)), tuple(pieces)


def _joining(before: str) -> str:
    """What stands between an answer so far and a sentence that is added to it."""
    if not before.strip() or before[-1].isspace():
        return ""
    return " " if before.rstrip()[-1] in ".!?…:;\"')]”’" else ". "


def _ends(rest: str) -> bool:
    return not rest or rest[0].isspace()


@dataclass(frozen=True, slots=True)
class _Target:
    """A criterion to be earned, with the sentences that may do it and the turn that they go to."""

    score: CriterionScore
    turn: Turn
    ways: tuple[str, ...]
    first: bool
    """It has to be said before everything else."""

    @property
    def movable(self) -> bool:
        """Whether the sentence may as well stand at the end of the answer."""
        return not self.first and self.score.state is CriterionState.MISSED


@dataclass(frozen=True, slots=True)
class _Tried:
    """One attempt. A choice is twice the number of the way, and one more where the sentence stands last in its turn."""

    chosen: Mapping[str, int]
    made: Repair
    after: Score

    @property
    def faults(self) -> int:
        """What is not as it should be."""
        return len(self.made.fails_to_earn) + len(self.made.also_changes)

    def blamed(self) -> frozenset[str]:
        """Criteria whose sentence moved what was not its own; all of them where no words tell which."""
        moved = [one for one in self.after.criteria if one.criterion_id in self.made.also_changes]
        quotes = [evidence.quote for one in moved for evidence in one.evidence]
        found = {
            each.criterion_id
            for each in self.made.additions
            if any(quote in each.sentence or each.sentence in quote for quote in quotes)
        }
        return frozenset(found or {each.criterion_id for each in self.made.additions})


class _Search:
    """What to try next. Sentences that failed give way together; one that moved another criterion, one at a time."""

    def __init__(self, targets: Sequence[_Target]) -> None:
        self._targets = {target.score.criterion_id: target for target in targets}
        self._last = dict.fromkeys(self._targets, 0)

    def after(self, best: _Tried) -> Mapping[str, int] | None:
        """The next choice, the best one so far with something changed; None where nothing is left."""
        failed = [name for name in best.made.fails_to_earn if self._next_way(name) is not None]
        if failed:
            for name in failed:
                self._last[name] = self._next_way(name) or 0
            return {**best.chosen, **{name: self._last[name] for name in failed}}
        for name in sorted(best.blamed(), key=lambda each: self._last[each]):
            following = self._next_place(name)
            if following is not None:
                self._last[name] = following
                return {**best.chosen, name: following}
        return None

    def _next_way(self, name: str) -> int | None:
        following = self._last[name] // 2 + 1
        return following * 2 if following < len(self._targets[name].ways) else None

    def _next_place(self, name: str) -> int | None:
        if self._targets[name].movable and self._last[name] % 2 == 0:
            return self._last[name] + 1
        return self._next_way(name)


@dataclass
class Repairer:
    """Repairs answers. Keeps its last results: a report is read more than once."""

    score: ScoreAnswers
    likeness: Likeness
    number: NumberWords = field(default=lambda *_: "")
    _kept: OrderedDict[tuple[object, ...], Repair | None] = field(default_factory=OrderedDict)

    async def repair(self, interview: Interview, turns: Sequence[Turn], score: Score, rubric: Rubric) -> Repair | None:
        """The repair of what was said on a question; None where nothing is lacking that words could mend."""
        said = tuple(turn.id for turn in turns if turn.question_id == score.question_id)
        states = tuple((one.criterion_id, one.state) for one in score.criteria)
        key = (interview.id, score.question_id, score.versions, said, states)
        if key not in self._kept:
            self._kept[key] = await self._repair(interview, turns, score, rubric)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def forget(self, interview_ids: Collection[str]) -> None:
        """No repair of these interviews is kept any more."""
        for key in [key for key in self._kept if key[0] in interview_ids]:
            del self._kept[key]

    async def _repair(self, interview: Interview, turns: Sequence[Turn], score: Score, rubric: Rubric) -> Repair | None:
        by_tests = tuple(
            one.criterion_id for one in lacking(score) if _evidence(rubric, one.criterion_id) in {"tests", ""}
        )
        targets = self._targets(interview, turns, score, rubric)
        if not targets:
            return None
        before = await self.score(interview, turns, score.question_id)
        search = _Search(targets)
        chosen: Mapping[str, int] | None = dict.fromkeys((target.score.criterion_id for target in targets), 0)
        best: _Tried | None = None
        for _ in range(MAX_TRIES):
            if chosen is None:
                break
            found = await self._tried(interview, turns, before, targets, chosen, by_tests)
            if best is None or found.faults < best.faults:
                best = found
            chosen = None if best.made.exact else search.after(best)
        return best.made if best is not None else None

    def _targets(
        self, interview: Interview, turns: Sequence[Turn], score: Score, rubric: Rubric
    ) -> tuple[_Target, ...]:
        found = []
        for one in lacking(score):
            entry = next((each for each in rubric.criteria if each.criterion.id == one.criterion_id), None)
            if entry is None or entry.criterion.evidence == "tests":
                continue
            turn = answer_for(turns, score.question_id, one, first=entry.criterion.evidence == "order")
            ways = self._ways(interview, rubric.id, entry)
            if turn is not None and ways:
                found.append(_Target(one, turn, ways, entry.criterion.evidence == "order"))
        return tuple(found)

    def _ways(self, interview: Interview, question_id: str, entry: RubricCriterion) -> tuple[str, ...]:
        """Sentences that show the criterion, the plainest first: the corpus gives a terse way before a whole one."""
        if entry.criterion.evidence == "number":
            sentence = self.number(interview, question_id, entry.part_id, entry.criterion)
            return (sentence,) if sentence else ()
        plain, terse = entry.criterion.shown_by[1:2], entry.criterion.shown_by[:1]
        ways = [*plain, *terse, *entry.criterion.shown_by[2:], *entry.criterion.also_shown_by]
        ways += [each for each in entry.criterion.accepts if len(words(each)) >= 4]
        # What no single way earns, two together may.
        ways += [f"{_stopped(one)} {other}" for one, other in itertools.islice(itertools.combinations(ways, 2), 3)]
        return tuple(_stopped(each) for each in ways)

    async def _tried(
        self,
        interview: Interview,
        turns: Sequence[Turn],
        before: Score,
        targets: Sequence[_Target],
        chosen: Mapping[str, int],
        by_tests: tuple[str, ...],
    ) -> _Tried:
        edits = [await self._edit(target, *divmod(chosen[target.score.criterion_id], 2)) for target in targets]
        edits = _apart(edits)
        changed, answers = [], []
        for turn in turns:
            mine = [edit for edit in edits if edit.turn_id == turn.id]
            if mine:
                turn, pieces = repaired_turn(turn, mine)
                answers.append(RepairedAnswer(turn.id, turn.seq, pieces))
            changed.append(turn)
        after = await self.score(interview, changed, before.question_id)
        states = {one.criterion_id: one.state for one in after.criteria}
        wanted = [target.score.criterion_id for target in targets]
        earned = {name for name in wanted if states.get(name) is CriterionState.SHOWN}
        moved = [
            one.criterion_id
            for one in before.criteria
            if one.criterion_id not in wanted and states.get(one.criterion_id) is not one.state
        ]
        seqs = {turn.id: turn.seq for turn in turns}
        additions = tuple(
            Addition(
                edit.criterion_id,
                edit.sentence,
                Ref(seqs[edit.turn_id], edit.at, edit.at, False, edit.turn_id),
                Ref(seqs[edit.turn_id], edit.at, edit.until, False, edit.turn_id) if edit.until > edit.at else None,
                edit.criterion_id in earned,
            )
            for edit in edits
        )
        made = Repair(
            question_id=before.question_id,
            answers=tuple(answers),
            additions=additions,
            earns=tuple(name for name in wanted if name in earned),
            fails_to_earn=tuple(name for name in wanted if name not in earned),
            also_changes=tuple(moved),
            not_repaired=by_tests,
            checked_by=after.versions.scorer,
        )
        return _Tried(chosen, made, after)

    async def _edit(self, target: _Target, way: int, last: int) -> Edit:
        """Where the sentence goes: in place of what was said wrongly or not known, else after what it is likest to, or last."""
        turn, criterion, sentence = target.turn, target.score, target.ways[way]
        answer = turn.answer_text()
        parts = sentences(answer)
        if not parts:
            unknown = [span for span in turn.spans if span.kind is SpanKind.DONT_KNOW]
            start, end = (unknown[0].start, unknown[-1].end) if unknown else (len(turn.text), len(turn.text))
            return Edit(criterion.criterion_id, turn.id, start, end, sentence)
        if criterion.state is CriterionState.CONTRADICTED:
            wrong = [each for each in criterion.evidence if each.turn_id == turn.id and not each.in_code]
            for part in parts:
                if wrong and part.start < wrong[-1].end and part.end > wrong[-1].start:
                    return Edit(criterion.criterion_id, turn.id, part.start, part.end, sentence)
        if target.first:
            return Edit(criterion.criterion_id, turn.id, parts[0].start, parts[0].start, sentence)
        if criterion.state is CriterionState.PARTLY and criterion.evidence:
            half = criterion.evidence[-1]
            after = [part for part in parts if part.start < half.end and half.turn_id == turn.id]
            if after:
                return Edit(criterion.criterion_id, turn.id, after[-1].end, after[-1].end, sentence)
        if last:
            return Edit(criterion.criterion_id, turn.id, parts[-1].end, parts[-1].end, sentence)
        alike = (await self.likeness([part.text for part in parts], [sentence]))[:, 0]
        best = int(np.argmax(alike))
        at = parts[best].end if float(alike[best]) >= FITS_AT else parts[-1].end
        return Edit(criterion.criterion_id, turn.id, at, at, sentence)


def answer_for(turns: Sequence[Turn], question_id: str, criterion: CriterionScore, *, first: bool) -> Turn | None:
    """The answer that a criterion's sentence belongs to.

    Where it was said half or wrongly, else after it was last asked for; the first one of all where it has to come first.
    """
    mine = [
        turn
        for turn in turns
        if turn.speaker is Speaker.CANDIDATE
        and turn.question_id == question_id
        and (
            turn.answer_text().strip()
            or (turn.text.strip() and any(span.kind is SpanKind.DONT_KNOW for span in turn.spans))
        )
    ]
    if not mine or first:
        return mine[0] if mine else None
    said = {evidence.turn_id for evidence in criterion.evidence if not evidence.in_code}
    asked = max((turn.seq for turn in turns if turn.id in criterion.asked_in), default=0)
    return next(
        (turn for turn in reversed(mine) if turn.id in said),
        next((turn for turn in mine if turn.seq > asked), mine[-1]),
    )


def _evidence(rubric: Rubric, criterion_id: str) -> str:
    return next((each.criterion.evidence for each in rubric.criteria if each.criterion.id == criterion_id), "")


def _stopped(sentence: str) -> str:
    bare = sentence.strip()
    return bare if bare[-1:] in ".!?…" else f"{bare}."


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """The edits without overlap: of two that would replace the same words the second follows the first."""
    kept: list[Edit] = []
    for edit in edits:
        clash = next(
            (
                one
                for one in kept
                if one.turn_id == edit.turn_id
                and one.at < one.until
                and one.at < max(edit.until, edit.at)
                and edit.at < one.until
            ),
            None,
        )
        if clash is None:
            inside = [one for one in kept if one.turn_id == edit.turn_id and edit.at < one.at < edit.until]
            kept.append(edit if not inside else replace(edit, at=edit.until))
        else:
            kept.append(replace(edit, at=clash.until, until=clash.until))
    return kept
