"""Where the interview stands: its time, what was asked and told; and how a move is put from there."""

from __future__ import annotations

from functools import cached_property

from app.domain.interview import Claim, Interview, PlannedQuestion, PlannedRound
from app.domain.transcript import Move, MoveKind, Telling
from app.interviewing import fact_sheet
from app.interviewing.director.choosing import Choose
from app.interviewing.director.script import Script
from app.interviewing.phrases.about_the_turn import HOW_TO_END
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.slots import filled
from app.interviewing.state import Conversation, Point
from app.interviewing.subject import Subject

_WHOLE = frozenset(
    {MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS, MoveKind.TESTS, MoveKind.RECONCILE, MoveKind.CHECK}
)
"""Moves whose words are all the question."""
_QUESTIONS = _WHOLE | {MoveKind.OPEN, MoveKind.ASK, MoveKind.MOVE_ON, MoveKind.CHANGE_ROUND}


class Here:
    """What follows from a conversation and its script by looking only."""

    def __init__(self, state: Conversation, script: Script, choose: Choose) -> None:
        assert state.subject is not None
        self.choose = choose
        self.state = state
        self.script = script
        self.subject: Subject = state.subject
        self.interview: Interview = state.interview
        self.planned: PlannedRound = next(
            planned
            for planned in self.interview.plan.rounds
            if any(question.question_id == self.subject.question_id for question in planned.askable)
        )
        self.round = self.planned.round

    @property
    def own_story(self) -> bool:
        """Whether the round is about the candidate's own life and work."""
        return rules_of(self.round).own_story

    @property
    def own_questions_follow(self) -> bool:
        """Whether a round of the candidate's questions is still to come."""
        rounds = self.interview.plan.rounds
        later = rounds[rounds.index(self.planned) + 1 :]
        return any(rules_of(planned.round).answers_questions for planned in later)

    @property
    def left_s(self) -> float:
        """Seconds left of the whole interview; negative when over."""
        return self.interview.minutes * 60 - self.state.time.interview_s

    @property
    def out_of_time(self) -> bool:
        """Whether the interview's time is used."""
        return self.left_s <= 0

    @property
    def seconds_for_question(self) -> float:
        """Seconds left for this question: the least of its own, its round's and the interview's budget."""
        left_in_round = self.planned.minutes * 60 - self.state.time.round_s
        own = self.subject.seconds - self.state.time.question_s
        return min(own if self.remaining else max(own, left_in_round), left_in_round, self.left_s)

    @property
    def question_over(self) -> bool:
        """Whether this question's time is used."""
        return self.seconds_for_question <= 0

    @property
    def remaining(self) -> tuple[PlannedQuestion, ...]:
        """Questions of this round that were not asked yet, in the order of the plan."""
        return tuple(question for question in self.planned.questions if question.question_id not in self.asked)

    @property
    def asked(self) -> frozenset[str]:
        """Ids of the questions that were asked."""
        return frozenset(turn.question_id for turn in self.state.turns if turn.move is not None)

    @property
    def asked_here(self) -> int:
        """The interviewer's turns on this question."""
        return sum(
            1 for turn in self.state.turns if turn.move is not None and turn.question_id == self.subject.question_id
        )

    @property
    def points_here(self) -> tuple[Point, ...]:
        """Criteria of the parts that are open."""
        return tuple(point for point in self.state.points if point.part_id in self.state.opened_parts)

    def closed_ids(self) -> frozenset[str]:
        """Ids of the criteria of which nothing more is asked."""
        return frozenset(point.id for point in self.state.points if point.closed)

    @cached_property
    def slots(self) -> dict[str, object]:
        """What the candidate has told of their project."""
        return {slot: said.value for slot, said in filled(self.subject, self.state.turns).items()}

    @property
    def facts_told(self) -> dict[str, Telling]:
        """What the candidate knows of the fact sheet."""
        return fact_sheet.told(self.state.turns, self.subject.question_id)

    @cached_property
    def before(self) -> str:
        """Everything that the interviewer has said so far."""
        return "\n".join(turn.text for turn in self.state.turns if turn.move is not None)

    @property
    def told_again(self) -> bool:
        """Whether the interviewer's last move was a reply to a question already."""
        last = self.state.last_move
        return last is not None and last.move is not None and last.move.kind is MoveKind.CLARIFY

    def move(
        self,
        kind: MoveKind,
        reason: str,
        spoken: str,
        *,
        criterion_id: str = "",
        hint: int = 0,
        misconception_id: str = "",
        bridge: bool = False,
    ) -> Move:
        """A move on this question, in its open part or in that of the criterion."""
        part_id = self.state.part.id if self.state.part else ""
        if criterion_id:
            part_id = next((point.part_id for point in self.state.points if point.id == criterion_id), part_id)
        claim: Claim | None = self.subject.claim
        return Move(
            kind,
            reason,
            spoken,
            round=self.round,
            question_id=self.subject.question_id,
            part_id=part_id,
            criterion_id=criterion_id,
            hint=hint,
            misconception_id=misconception_id,
            claim=claim,
            bridge=bridge,
        )

    def say(self, kind: MoveKind, reason: str, spoken: str) -> Move:
        """A move that keeps the question open as it is, without asking it again."""
        turn = self.state.last_move
        wanted = turn.move.criterion_id if turn is not None and turn.move is not None else ""
        return self.move(kind, reason, spoken, criterion_id=wanted)

    def again(self, kind: MoveKind, reason: str, note: str) -> Move:
        """A move that says `note` and then the last question once more."""
        return self.say(kind, reason, f"{note} {self.last_question()}".strip())

    def last_question(self) -> str:
        """The words that are still waiting for an answer."""
        for turn in reversed(self.state.turns):
            if turn.move is not None and turn.question_id == self.subject.question_id and turn.move.kind in _QUESTIONS:
                if turn.move.kind in _WHOLE:
                    return turn.move.spoken
                # Not `words_of`: what was said since may have changed which of its two wordings would be chosen now.
                part = self.subject.part(turn.move.part_id)
                asked = (words for words in (part.ask, part.otherwise) if words and turn.move.spoken.endswith(words))
                return next(asked, turn.move.spoken)
        return self.subject.parts[0].ask

    def confirm_end(self) -> Move:
        """Says how an interview is ended, and asks again."""
        note = HOW_TO_END.usual
        return self.again(MoveKind.CONFIRM_END, "asked to stop; only the close call ends an interview", note)
