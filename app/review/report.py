"""The report: a pure function of an interview, its turns, its scores and what its candidate added. It can be made again at any time.

It counts and quotes, and each number keeps the places that it stands on. It has no percentile, no chance of being hired, and no
word about what somebody is like.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.afterwards import Afterwards, Confidence
from app.domain.errors import QuestionUnknown
from app.domain.interview import Interview, InterviewState
from app.domain.passage import Passage
from app.domain.remarks import Override
from app.domain.score import (
    ASSESSED,
    Competency,
    Coverage,
    CriterionKind,
    CriterionScore,
    CriterionState,
    RoundLevel,
    Score,
)
from app.domain.transcript import Speaker, Turn
from app.material.corpus import Corpus
from app.material.entries import Question
from app.material.surfaces import without_lead_in
from app.material.tasks import Scenario
from app.review.bar import Bar, bar
from app.review.by_persons import PersonsMark, PersonsMarks, counted, marks_of
from app.review.confidence import Ledger, RatedQuestion, ledger
from app.review.delivery import Delivery, delivery
from app.review.job_lines import TestedLines
from app.review.places import Places, Refs, merged, whole
from app.review.reference import Reference, reference
from app.review.repair import Repair
from app.review.thank_you import draft

PROMPTS: Mapping[str, str] = {
    "went_well": "What went well, and what did you do that made it so?",
    "was_hard": "Where did you get stuck, and what would you have had to know, or to ask?",
    "will_do": "What will you do before the next interview, and by when?",
}
"""What a reflection is asked for, by its parts."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judges have made of an interview so far."""

    scores: tuple[Score, ...] = ()
    pending: int = 0
    failures: Mapping[str, str] = field(default_factory=dict)
    """Why a question's judging was given up, by question id."""
    competencies: tuple[Competency, ...] = ()
    rounds: tuple[RoundLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """Time that counted as the candidate's, beside what was planned."""

    seconds: float
    budget_seconds: float
    """0 where it was not planned."""
    refs: Refs


@dataclass(frozen=True, slots=True)
class SaidSure:
    """How sure somebody said they were of an answer."""

    percent: int | None
    refs: Refs


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One asked question with its judgement, and with how it could have been answered."""

    question_id: str
    round: str
    asked: str
    """The words it was asked in."""
    asked_at: Refs
    claim: str
    """Statement of the resume it stood on; empty where it stood on none."""
    answered: bool
    score: Score | None
    """None while the judgement is pending."""
    failed: str
    """Why there will be no judgement; empty where there is or will be one."""
    time: Timing
    passages: Mapping[str, Passage]
    """What explains a criterion, by criterion id."""
    repaired: Repair | None
    reference: Reference
    confidence: SaidSure
    by_persons: tuple[PersonsMark, ...] = ()
    """What persons make of its criteria, beside the machine's marks."""


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A round of which something was asked."""

    round: str
    questions: tuple[str, ...]
    level: float | None
    spread: tuple[float, float] | None
    coverage: Coverage
    time: Timing
    refs: Refs


@dataclass(frozen=True, slots=True)
class CompetencyReport:
    """A skill over the whole interview, with all that it stands on."""

    value: Competency
    refs: Refs


@dataclass(frozen=True, slots=True)
class UnaskedCriterion:
    """A criterion of an asked question that nothing asked for and that was not volunteered."""

    question_id: str
    criterion_id: str
    says: str
    kind: CriterionKind


@dataclass(frozen=True, slots=True)
class UnaskedQuestion:
    """A planned question that there was no time for."""

    question_id: str
    round: str


@dataclass(frozen=True, slots=True)
class NeverAsked:
    """What the report says nothing about, because nothing asked for it."""

    questions: tuple[UnaskedQuestion, ...]
    criteria: tuple[UnaskedCriterion, ...]
    rounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do, from a missed or contradicted criterion."""

    question_id: str
    criterion_id: str
    says: str
    do: str
    passage_id: str
    passage: Passage | None
    refs: Refs


@dataclass(frozen=True, slots=True)
class Reflection:
    """What the candidate makes of it."""

    went_well: str
    was_hard: str
    will_do: str
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class ThankYou:
    """The note: the draft, or as the candidate wants it."""

    text: str
    edited: bool
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """What was shown, with the words that showed it; what was missed, with what would have earned it; what was never asked."""

    interview: Interview
    turns: tuple[Turn, ...]
    complete: bool
    """Whether the interview is closed and nothing is pending."""
    pending: int
    failed: int
    questions: tuple[QuestionReport, ...]
    rounds: tuple[RoundReport, ...]
    competencies: tuple[CompetencyReport, ...]
    bar: Bar
    by_persons: PersonsMarks
    confidence: Ledger
    job_description: TestedLines | None
    never_asked: NeverAsked
    delivery: Delivery
    next_steps: tuple[NextStep, ...]
    reflection: Reflection
    thank_you: ThankYou

    @property
    def places(self) -> Places:
        """Where its words stand."""
        return Places(self.turns)


@dataclass(frozen=True, slots=True)
class Talk:
    """An interview with what was said in it, for everything that is made of them."""

    interview: Interview
    turns: tuple[Turn, ...]
    corpus: Corpus

    @property
    def places(self) -> Places:
        """Where its words stand."""
        return Places(self.turns)

    def asked(self) -> Mapping[str, Turn]:
        """The turn that first asked each question, in order."""
        found: dict[str, Turn] = {}
        for turn in self.turns:
            if turn.speaker is Speaker.INTERVIEWER and turn.question_id:
                found.setdefault(turn.question_id, turn)
        return found

    def question(
        self,
        question_id: str,
        *,
        score: Score | None,
        failed: str = "",
        repaired: Repair | None = None,
        confidence: Confidence | None = None,
        overrides: Sequence[Override] = (),
    ) -> QuestionReport:
        """The report of one question that was asked; KeyError where it was not. `overrides`: all of the interview."""
        turn = self.asked()[question_id]
        answers = self.places.answers(question_id)
        planned = self.interview.plan.question(question_id)
        return QuestionReport(
            question_id=question_id,
            round=turn.move.round if turn.move else "",
            asked=without_lead_in(self.corpus, question_id, turn.text),
            asked_at=whole(turn),
            claim=turn.move.claim.text if turn.move and turn.move.claim else "",
            answered=bool(answers),
            score=score,
            failed=failed,
            time=self._timing(
                [pair for pair in self._waits() if pair[0].question_id == question_id],
                planned.seconds if planned else 0,
            ),
            passages=self._passages(score.criteria if score else ()),
            repaired=repaired,
            reference=reference(self.interview, self.turns, question_id, self.corpus),
            confidence=SaidSure(confidence.percent if confidence else None, answers),
            by_persons=marks_of(question_id, score, overrides, self.places),
        )

    def rounds(self, levels: Sequence[RoundLevel], scores: Sequence[Score]) -> tuple[RoundReport, ...]:
        """Each round of which something was asked."""
        by_round = {level.round: level for level in levels}
        asked: dict[str, list[str]] = {}
        for turn in self.turns:
            if turn.move is not None and turn.move.round:
                mine = asked.setdefault(turn.move.round, [])
                if turn.question_id and turn.question_id not in mine:
                    mine.append(turn.question_id)
        found = []
        for name, questions in asked.items():
            level = by_round.get(name)
            waits = [pair for pair in self._waits() if pair[0].move is not None and pair[0].move.round == name]
            budget = sum(60.0 * one.minutes for one in self.interview.plan.rounds if one.round == name)
            stands_on = [
                self.places.criterion(score.question_id, one)
                for score in scores
                if score.round == name
                for one in score.criteria
            ]
            found.append(
                RoundReport(
                    round=name,
                    questions=tuple(questions),
                    level=level.level if level else None,
                    spread=level.spread if level else None,
                    coverage=level.coverage if level else Coverage(0, 0),
                    time=self._timing(waits, budget),
                    refs=merged(*stands_on) or merged(*(self.places.opening(each) for each in questions)),
                )
            )
        return tuple(found)

    def _waits(self) -> list[tuple[Turn, Turn]]:
        """Turns of the interviewer, each with the candidate's turn that followed."""
        return [
            (before, after)
            for before, after in itertools.pairwise(self.turns)
            if before.speaker is Speaker.INTERVIEWER and after.speaker is Speaker.CANDIDATE
        ]

    def _timing(self, waits: Sequence[tuple[Turn, Turn]], budget_s: float) -> Timing:
        seconds = sum(self.interview.waited_s(before.created_at, after.created_at) for before, after in waits)
        return Timing(round(seconds, 1), budget_s, merged(*(whole(turn) for pair in waits for turn in pair)))

    def _passages(self, criteria: Sequence[CriterionScore]) -> Mapping[str, Passage]:
        found = {}
        for criterion in criteria:
            passage = self.passage(criterion.passage_id)
            if passage is not None:
                found[criterion.criterion_id] = passage
        return found

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id; None where the corpus no longer has it."""
        try:
            return self.corpus.passage(passage_id)
        except KeyError:
            return None

    def to_laypersons(self) -> frozenset[str]:
        """Ids of asked questions that are answered to somebody from outside of the field."""
        found = set()
        for question_id in self.asked():
            try:
                entry = self.corpus.entry(question_id)
            except QuestionUnknown:
                continue
            if isinstance(entry, Question | Scenario) and entry.listener == "layperson":
                found.add(question_id)
        return frozenset(found)


def build(
    talk: Talk,
    judged: Judged,
    *,
    confidences: Sequence[Confidence] = (),
    overrides: Sequence[Override] = (),
    afterwards: Afterwards | None = None,
    repairs: Mapping[str, Repair | None] | None = None,
    job_description: TestedLines | None = None,
) -> Report:
    """The report as things stand. `repairs` are by question id."""
    interview, places = talk.interview, talk.places
    by_question = {score.question_id: score for score in judged.scores}
    sure = {each.question_id: each for each in confidences}
    questions = tuple(
        talk.question(
            question_id,
            score=by_question.get(question_id),
            failed=judged.failures.get(question_id, ""),
            repaired=(repairs or {}).get(question_id),
            confidence=sure.get(question_id),
            overrides=overrides,
        )
        for question_id in talk.asked()
    )
    added = afterwards or Afterwards(interview.id)
    return Report(
        interview=interview,
        turns=talk.turns,
        complete=interview.state is InterviewState.CLOSED and judged.pending == 0,
        pending=judged.pending,
        failed=len(judged.failures),
        questions=questions,
        rounds=talk.rounds(judged.rounds, judged.scores),
        competencies=tuple(_competency(each, judged.scores, places) for each in judged.competencies),
        bar=bar(interview, judged.scores, places),
        by_persons=counted([mark for question in questions for mark in question.by_persons]),
        confidence=ledger(_rated(questions, interview.id)),
        job_description=job_description,
        never_asked=_never_asked(talk, judged.scores),
        delivery=delivery(talk.turns, talk.to_laypersons()),
        next_steps=_next_steps(talk, judged.scores),
        reflection=Reflection(added.went_well, added.was_hard, added.will_do, added.reflected_at),
        thank_you=ThankYou(
            added.thank_you or draft(interview, talk.turns, judged.scores, talk.corpus),
            bool(added.thank_you),
            added.thanked_at,
        ),
    )


def _rated(questions: Sequence[QuestionReport], interview_id: str) -> list[RatedQuestion]:
    return [
        RatedQuestion(one.question_id, interview_id, one.confidence.percent, one.score.level, one.confidence.refs)
        for one in questions
        if one.confidence.percent is not None and one.score is not None and one.score.level is not None
    ]


def _competency(value: Competency, scores: Sequence[Score], places: Places) -> CompetencyReport:
    """With the places of what was assessed for the skill; where nothing was, with the questions that are about it."""
    mine = [(score.question_id, one) for score in scores for one in score.criteria if one.skill == value.skill]
    assessed = [pair for pair in mine if pair[1].state in ASSESSED]
    return CompetencyReport(value, merged(*(places.criterion(*pair) for pair in assessed or mine)))


def _never_asked(talk: Talk, scores: Sequence[Score]) -> NeverAsked:
    asked = talk.asked()
    plan = talk.interview.plan
    return NeverAsked(
        questions=tuple(
            UnaskedQuestion(question.question_id, planned.round)
            for planned in plan.rounds
            for question in planned.questions
            if question.question_id not in asked
        ),
        criteria=tuple(
            UnaskedCriterion(score.question_id, one.criterion_id, one.says, one.kind)
            for score in scores
            for one in score.criteria
            if one.state is CriterionState.NOT_ASSESSED and not one.asked_in
        ),
        rounds=tuple(
            planned.round
            for planned in plan.rounds
            if planned.questions and not any(one.question_id in asked for one in planned.questions)
        ),
    )


_ORDER = {CriterionKind.MUST: 0, CriterionKind.SHOULD: 1, CriterionKind.BONUS: 2}


def _next_steps(talk: Talk, scores: Sequence[Score]) -> tuple[NextStep, ...]:
    """Three at most: musts before the rest, what was said wrong before what was left out, close calls last, one a question first."""
    missed = [
        (score, criterion)
        for score in scores
        for criterion in score.criteria
        if criterion.state in {CriterionState.MISSED, CriterionState.CONTRADICTED} and criterion.next_time
    ]
    missed.sort(
        key=lambda pair: (
            _ORDER[pair[1].kind],
            pair[1].state is not CriterionState.CONTRADICTED,
            pair[1].in_doubt,
        )
    )
    chosen: list[tuple[Score, CriterionScore]] = []
    for fresh_only in (True, False):
        for score, criterion in missed:
            fresh = all(score.question_id != other.question_id for other, _ in chosen)
            if len(chosen) < 3 and (score, criterion) not in chosen and (fresh or not fresh_only):
                chosen.append((score, criterion))
    return tuple(
        NextStep(
            score.question_id,
            criterion.criterion_id,
            criterion.says,
            criterion.next_time,
            criterion.passage_id,
            talk.passage(criterion.passage_id),
            talk.places.criterion(score.question_id, criterion),
        )
        for score, criterion in chosen
    )
