"""Where a conversation stands: a pure fold over the stored turns. Nothing is kept elsewhere, so a restart loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.interview import Interview, PlannedQuestion
from app.domain.score import CLOSE_FROM, VOLUNTEERED_AT, CriterionKind
from app.domain.transcript import Mark, Move, MoveKind, Span, SpanKind, Speaker, Turn
from app.interviewing.clock import Spent, spent
from app.interviewing.consistency import Clash
from app.interviewing.subject import Part, Subject, kind_of
from app.material.entries import Criterion

SHOWN_AT = 0.5
"""From this probability on the compact scorer's mark closes a criterion for the director."""
ANSWERED = frozenset({SpanKind.ANSWER, SpanKind.DONT_KNOW})
OPENING_MOVES = frozenset({MoveKind.OPEN, MoveKind.ASK, MoveKind.MOVE_ON, MoveKind.CHANGE_ROUND})


def is_shown(p_shown: float, p_contradicted: float) -> bool:
    """Whether words with these probabilities are believed to show a criterion."""
    return p_shown >= max(SHOWN_AT, p_contradicted)


def asks_in_doubt(move: Move, marks: Sequence[Mark]) -> bool:
    """Whether it asks for a criterion that the last words may have shown: who has just said it must not be asked for it."""
    return move.kind is MoveKind.PROBE and any(
        CLOSE_FROM <= mark.p_shown < SHOWN_AT and mark.p_shown > mark.p_contradicted
        for mark in marks
        if mark.criterion_id == move.criterion_id
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A criterion as it stands now."""

    criterion: Criterion
    kind: CriterionKind
    part_id: str
    p_shown: float
    p_contradicted: float
    asked: bool
    """Whether a turn gave the opportunity: its part's opening demanded it, or it was probed."""
    probes: int
    hints: int
    too_late: bool = False
    """It had to come before something that was said already."""

    @property
    def id(self) -> str:
        """The criterion's id."""
        return self.criterion.id

    @property
    def shown(self) -> bool:
        """Whether the last words are believed to show it."""
        return is_shown(self.p_shown, self.p_contradicted)

    @property
    def volunteered(self) -> bool:
        """Whether it needs no asking: it would be credited though its part of the question was never opened."""
        return self.shown and self.p_shown >= VOLUNTEERED_AT

    @property
    def closed(self) -> bool:
        """Shown, probed already or too late: nothing more is asked of it unless the candidate wants a hint."""
        return self.shown or self.probes > 0 or self.too_late


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that the director may look at."""

    interview: Interview
    turns: tuple[Turn, ...]
    now: datetime
    subject: Subject | None
    """None before the first question and after the last."""
    part: Part | None
    points: tuple[Point, ...]
    opened_parts: tuple[str, ...]
    challenged: frozenset[str]
    pressed: frozenset[str]
    fruitless: int
    """Candidate's answers in a row on this subject after which no more criteria stood as shown than before; answers to
    unscored parts are passed over."""
    time: Spent
    seen_misconceptions: frozenset[str] = frozenset()
    """Heard in the last answer, by the likeness of its words."""
    nearness: dict[str, float] | None = None
    """How near each open criterion's probe lies to the last words, -1..1, by criterion id."""
    clash: Clash | None = None
    """What in the last turn does not go with the resume or an earlier answer."""

    @property
    def taken_up(self) -> frozenset[str]:
        """Keys of the earlier words that were taken up already."""
        return taken_up(self.turns)

    @property
    def last(self) -> Turn | None:
        """The last stored turn."""
        return self.turns[-1] if self.turns else None

    @property
    def last_move(self) -> Turn | None:
        """The last turn of the interviewer."""
        return next((turn for turn in reversed(self.turns) if turn.speaker is Speaker.INTERVIEWER), None)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Kinds of the candidate's last turn; () where the interviewer spoke last."""
        last = self.last
        return last.spans if last is not None and last.speaker is Speaker.CANDIDATE else ()

    def heard(self, kind: SpanKind) -> bool:
        """Whether the candidate's last turn has a span of this kind."""
        return any(span.kind is kind for span in self.spans)

    def words_of(self, kind: SpanKind) -> str:
        """The last turn's words of this kind."""
        last = self.last
        if last is None:
            return ""
        return " ".join(last.text[span.start : span.end] for span in self.spans if span.kind is kind)

    @property
    def answers(self) -> str:
        """Everything the candidate answered on this subject, in order."""
        if self.subject is None:
            return ""
        return "\n".join(turn.answer_text().strip() for turn in self.turns if belongs(turn, self.subject.question_id))


def taken_up(turns: Sequence[Turn]) -> frozenset[str]:
    """Keys of the earlier words that the interviewer has taken up."""
    return frozenset(turn.move.takes_up for turn in turns if turn.move is not None and turn.move.takes_up)


def belongs(turn: Turn, question_id: str) -> bool:
    """Whether a candidate's turn was said on that question."""
    return turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id


def current_question(interview: Interview, turns: Sequence[Turn]) -> tuple[str, PlannedQuestion] | None:
    """Round and planned question of the interviewer's last move; None before the first question."""
    for turn in reversed(turns):
        if turn.speaker is Speaker.INTERVIEWER and turn.move is not None and turn.question_id:
            for planned in interview.plan.rounds:
                for question in planned.askable:
                    if question.question_id == turn.question_id:
                        return planned.round, question
    return None


def converse(
    interview: Interview,
    turns: Sequence[Turn],
    now: datetime,
    *,
    subject_of: Callable[[PlannedQuestion], Subject],
    marks: Sequence[Mark] = (),
    seen_misconceptions: frozenset[str] = frozenset(),
    nearness: dict[str, float] | None = None,
    clash: Clash | None = None,
) -> Conversation:
    """The conversation as it stands at `now`; `marks` are the compact scorer's for the current question."""
    here = current_question(interview, turns)
    if here is None:
        return Conversation(
            interview, tuple(turns), now, None, None, (), (), frozenset(), frozenset(), 0, Spent(0.0, 0.0, 0.0)
        )
    round_slug, planned = here
    subject = subject_of(planned)
    moves = [turn.move for turn in turns if turn.move is not None and turn.question_id == subject.question_id]
    opened = tuple(dict.fromkeys(move.part_id for move in moves if move.kind in OPENING_MOVES))
    last_part = moves[-1].part_id if moves else ""
    part = next((part for part in subject.parts if part.id == last_part), None)
    believed = {mark.criterion_id: mark for mark in marks}
    points = tuple(
        _point(criterion, each.id, interview, believed, opened, turns, subject.question_id)
        for each in subject.parts
        for criterion in each.criteria
    )
    points = _in_order(points, turns, subject.question_id)
    return Conversation(
        interview=interview,
        turns=tuple(turns),
        now=now,
        subject=subject,
        part=part,
        points=points,
        opened_parts=opened,
        challenged=frozenset(move.misconception_id for move in moves if move.kind is MoveKind.CHALLENGE),
        pressed=frozenset(move.criterion_id for move in moves if move.kind is MoveKind.PRESS),
        fruitless=_fruitless(turns, subject, points),
        time=spent(interview, turns, now, round_slug=round_slug, question_id=subject.question_id),
        seen_misconceptions=seen_misconceptions,
        nearness=nearness,
        clash=clash,
    )


def _point(
    criterion: Criterion,
    part_id: str,
    interview: Interview,
    believed: dict[str, Mark],
    opened: tuple[str, ...],
    turns: Sequence[Turn],
    question_id: str,
) -> Point:
    moves = [
        turn.move
        for turn in turns
        if turn.move is not None and turn.question_id == question_id and turn.move.criterion_id == criterion.id
    ]
    probes = sum(1 for move in moves if move.kind is MoveKind.PROBE)
    mark = believed.get(criterion.id)
    return Point(
        criterion=criterion,
        kind=kind_of(criterion, interview),
        part_id=part_id,
        p_shown=mark.p_shown if mark else 0.0,
        p_contradicted=mark.p_contradicted if mark else 0.0,
        asked=probes > 0 or (part_id in opened and criterion.asked_by == "ask"),
        probes=probes,
        hints=max((move.hint for move in moves if move.kind is MoveKind.HINT), default=0),
    )


def _in_order(points: Sequence[Point], turns: Sequence[Turn], question_id: str) -> tuple[Point, ...]:
    """The points, those marked that had to come before what was said, or before an answer to what asks for it."""
    answered = {turn.part_id for turn in turns if belongs(turn, question_id) and turn.answer_text().strip()}
    said = {point.id for point in points if point.shown or point.part_id in answered}
    said |= {point.id for point in points if point.p_contradicted >= SHOWN_AT}
    return tuple(
        replace(point, too_late=not point.shown and bool(said.intersection(point.criterion.before)))
        if point.criterion.evidence == "order"
        else point
        for point in points
    )


def _was_answered_only(turns: Sequence[Turn], index: int) -> bool:
    """Whether the interviewer only replied to what the turn asked."""
    following = turns[index + 1].move if index + 1 < len(turns) else None
    return following is not None and following.kind is MoveKind.CLARIFY


def _fruitless(turns: Sequence[Turn], subject: Subject, points: Sequence[Point]) -> int:
    """Answers in a row, the last included, that raised the number of shown criteria by nothing, nor left one in doubt.

    The marks of an answer are kept with the interviewer's turn after it, which may belong to the next question already.
    An answer to a part that is not scored has nothing to show: it ends no run and lengthens none. Nor does one that brings a
    criterion of its part near the line, where marks are wrong about as often as right: "Never mind" is no reply to a good answer.
    Where parts stand by themselves, each begins a run of its own.
    """
    unscored = {part.id for part in subject.parts if not part.criteria}
    # An entry's marks are of all its criteria, also of those that this role is not asked.
    counted = {point.id: point.part_id for point in points}
    run = known = 0
    doubted: set[str] = set()
    at = ""
    for index, turn in enumerate(turns):
        if not belongs(turn, subject.question_id) or not any(span.kind in ANSWERED for span in turn.spans):
            continue
        if subject.staged and turn.part_id != at:
            run, at = 0, turn.part_id
        if index + 1 == len(turns):
            marks = [(point.id, point.p_shown, point.p_contradicted) for point in points]
        elif turns[index + 1].marks:
            every = [(mark.criterion_id, mark.p_shown, mark.p_contradicted) for mark in turns[index + 1].marks]
            marks = [each for each in every if each[0] in counted]
        else:
            continue
        shown = sum(is_shown(p_shown, p_contradicted) for _, p_shown, p_contradicted in marks)
        in_doubt = {
            name
            for name, p_shown, p_contradicted in marks
            if counted[name] == turn.part_id and p_shown >= CLOSE_FROM and p_shown > p_contradicted
        }
        about = turns[index - 1].move if index else None
        if shown > known:
            run = 0
        elif about is not None and about.kind in {MoveKind.RECONCILE, MoveKind.CHECK}:
            pass  # It was asked about something else.
        elif _was_answered_only(turns, index):
            pass  # It asked something, and the question was open as before.
        elif in_doubt - doubted:
            pass  # It may well have shown it.
        elif turn.part_id not in unscored:
            run += 1
        known = shown
        doubted |= in_doubt
    return run
