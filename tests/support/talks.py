"""Interviews played against the director alone: turns are appended as the application would, with no store and no model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.interview import Claim, Interview, Plan, PlannedQuestion, PlannedRound
from app.domain.resume import Mention, Project, Resume
from app.domain.transcript import Mark, Move, MoveKind, Span, SpanKind, Speaker, Turn
from app.interviewing.consistency import clash
from app.interviewing.director.next_move import next_move
from app.interviewing.director.script import Replies, Script
from app.interviewing.state import ANSWERED, Conversation, converse, current_question, taken_up
from app.interviewing.subject import Subject, subject_for
from app.material.corpus import Corpus
from tests.support.builders import NOW, a_resume, an_interview

HELLO = "Hello, I'm Viva."


def a_resume_on(*techniques: str) -> Resume:
    """A resume with one project for each technique, each with one claim."""
    text, projects = "", []
    for number, technique in enumerate(techniques):
        name = f"Project {number}"
        start = len(text)
        statement = f"Built system {number} with {technique} and raised the score to {80 + number} percent."
        text += f"{name}: "
        claim_start = len(text)
        text += statement
        place = text.index(technique, claim_start)
        mention = Mention(technique, place, place + len(technique))
        claim = Claim(statement, claim_start, len(text), name, (technique,))
        projects.append(Project(name, start, len(text), (mention,), (claim,)))
        text += "\n"
    return a_resume(text=text, projects=tuple(projects), skills=())


def an_interview_on(*planned: tuple[str, float, Sequence[PlannedQuestion]], **changes: object) -> Interview:
    """An interview with these rounds: slug, minutes, questions."""
    rounds = tuple(PlannedRound(slug, minutes, tuple(questions)) for slug, minutes, questions in planned)
    return replace(an_interview(plan=Plan(rounds)), **changes)  # type: ignore[arg-type]


@dataclass
class Talk:
    """An interview in progress. Every answer stands as it was said; marks are given by the test."""

    corpus: Corpus
    interview: Interview
    now: datetime = NOW
    turns: list[Turn] = field(default_factory=list)
    marks: dict[str, dict[str, float]] = field(default_factory=dict)
    """Probability of `shown` by question and criterion: what was shown stays shown."""

    subjects: dict[str, Subject] = field(default_factory=dict)
    """By question id, made once."""

    def subject_of(self, planned: PlannedQuestion) -> Subject:
        if planned.question_id not in self.subjects:
            self.subjects[planned.question_id] = subject_for(self.corpus, self.interview, planned)
        return self.subjects[planned.question_id]

    @property
    def script(self) -> Script:
        questions = self.interview.plan.askable
        return Script(HELLO, {planned.question_id: self.subject_of(planned) for planned in questions})

    resume: Resume | None = None
    """What answers are held against."""

    def state(self, misconceptions: Iterable[str] = (), nearness: dict[str, float] | None = None) -> Conversation:
        here = current_question(self.interview, self.turns)
        believed = self.marks.get(here[1].question_id, {}) if here else {}
        return converse(
            self.interview,
            self.turns,
            self.now,
            subject_of=self.subject_of,
            marks=tuple(Mark(criterion, p, 0.0, "") for criterion, p in believed.items()),
            seen_misconceptions=frozenset(misconceptions),
            nearness=nearness,
            clash=clash(self.turns, self.resume, here[1].claim if here else None, taken_up(self.turns)),
        )

    def open(self) -> Move:
        move = next_move(self.state(), self.script)
        self._speak(move, ())
        return move

    def say(
        self,
        text: str = "Some words.",
        *kinds: SpanKind,
        shown: Iterable[str] = (),
        doubted: Iterable[str] = (),
        misconceptions: Iterable[str] = (),
        nearness: dict[str, float] | None = None,
        after_s: float = 10.0,
        replies: Replies | None = None,
        spans: tuple[Span, ...] = (),
    ) -> Move:
        """The candidate says `text`, `after_s` seconds after the interviewer; the interviewer's move is stored and returned.

        The text is cut evenly into one span of each kind, or has these `spans`; without either it is an answer.
        """
        last = self.turns[-1]
        self.now += timedelta(seconds=after_s)
        spans = spans or cut(text, kinds or (SpanKind.ANSWER,))
        self._append(
            Turn(
                f"t{len(self.turns) + 1}",
                self.interview.id,
                len(self.turns) + 1,
                Speaker.CANDIDATE,
                text,
                self.now,
                question_id=last.question_id,
                part_id=last.part_id,
                spans=spans,
            )
        )
        believed = self.marks.setdefault(last.question_id, {})
        if not believed:
            planned = next(one for one in self.interview.plan.askable if one.question_id == last.question_id)
            believed |= {criterion.id: 0.1 for criterion in self.subject_of(planned).criteria}
        believed |= {criterion: 0.45 for criterion in doubted} | {criterion: 0.9 for criterion in shown}
        move = next_move(self.state(misconceptions, nearness), self.script, replies)
        answered = any(span.kind in ANSWERED for span in spans)
        self._speak(move, tuple(Mark(each, p, 0.0, "") for each, p in believed.items()) if answered else ())
        return move

    def _speak(self, move: Move, marks: tuple[Mark, ...]) -> None:
        seq = len(self.turns) + 1
        self._append(
            Turn(
                f"t{seq}",
                self.interview.id,
                seq,
                Speaker.INTERVIEWER,
                move.spoken,
                self.now,
                question_id=move.question_id,
                part_id=move.part_id,
                marks=marks,
                move=move,
            )
        )

    def _append(self, turn: Turn) -> None:
        assert not any(each.move is not None and each.move.kind is MoveKind.CLOSE for each in self.turns)
        self.turns.append(turn)


def cut(text: str, kinds: Sequence[SpanKind]) -> tuple[Span, ...]:
    """Spans of these kinds that cover the text in order; () for an empty one."""
    if not text:
        return ()
    bounds = [round(index * len(text) / len(kinds)) for index in range(len(kinds) + 1)]
    return tuple(
        Span(kind, start, end) for kind, start, end in zip(kinds, bounds, bounds[1:], strict=False) if start < end
    )
