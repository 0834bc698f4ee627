"""What is intended: an interview, its plan, its rounds and the questions in them.

Pure values. Nothing here knows of HTTP, of the database or of a model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Seniority(StrEnum):
    """The level an answer is held against."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


class Mode(StrEnum):
    """Practice lets the clock wait for the candidate; exam does not."""

    PRACTICE = "practice"
    EXAM = "exam"


class Strictness(StrEnum):
    """Changes the interviewer's manner and the bar of the report, never the state of a criterion."""

    GENTLE = "gentle"
    STANDARD = "standard"
    STRICT = "strict"


class InterviewState(StrEnum):
    """Planned: the plan can be edited. Open: turns are taken. Closed: it is over."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why an interview ended."""

    FINISHED = "finished"
    """Every planned round was held."""
    OUT_OF_TIME = "out-of-time"
    BY_CANDIDATE = "by-candidate"
    """Closed through the API, or confirmed when the candidate asked to stop."""


class Origin(StrEnum):
    """Where an interview was held."""

    VIVA = "viva"
    ELSEWHERE = "elsewhere"
    """Its transcript was brought here, and is judged as if it had been held here."""


LONGEST_COUNTED_WAIT_S = 600.0
"""In practice mode a candidate who walks away for longer is not charged for it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the resume that a question stands on."""

    text: str
    """Verbatim from the resume's text."""
    start: int
    """Offset of the first character in the resume's text."""
    end: int
    """Offset after the last character."""
    project: str
    """Name of the project it belongs to; empty where the resume gives none."""
    techniques: tuple[str, ...] = ()
    """Techniques named in the claim, as written there."""


@dataclass(frozen=True, slots=True)
class JobPlace:
    """A line of the job description: `job_description[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """One entry of the corpus that is to be asked."""

    question_id: str
    """Of a question (`fundamentals/data-leakage`) or a chain (`chains/lora`)."""
    seconds: int
    """Budget for the whole question with its follow-ups."""
    wording: int = 0
    """0 is the question's `ask`, n its n-th rewording."""
    claim: Claim | None = None
    """For a chain: what in the resume it stands on."""
    why: str = ""
    """Why it was chosen, for the candidate to read before the interview: it tells nothing of what is looked for."""
    tests: tuple[JobPlace, ...] = ()
    """Lines of the job description that it tests, in order."""
    parallel: int = 0
    """0 is the question's own case, n its n-th parallel one: the same rubric, another surface."""
    focus: tuple[str, ...] = ()
    """Criteria that a drill is about: nothing else is probed or scored. Empty where the whole question is asked."""

    @property
    def drill(self) -> bool:
        """Whether only some of the question's criteria are asked for."""
        return bool(self.focus)


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """A part of the interview with a budget of its own."""

    round: str
    minutes: float
    questions: tuple[PlannedQuestion, ...]
    reserve: tuple[PlannedQuestion, ...] = ()
    """Asked where the others leave time of the round, and else not: what is not reached of it was not missed."""

    @property
    def askable(self) -> tuple[PlannedQuestion, ...]:
        """Its questions, then its reserve."""
        return (*self.questions, *self.reserve)


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked, in order."""

    rounds: tuple[PlannedRound, ...]
    notes: tuple[str, ...] = ()
    """For the candidate to read: rounds that were left out or given other minutes than was wished, and why."""

    @property
    def questions(self) -> tuple[PlannedQuestion, ...]:
        """All questions of all rounds, in order, without reserves."""
        return tuple(question for planned in self.rounds for question in planned.questions)

    @property
    def askable(self) -> tuple[PlannedQuestion, ...]:
        """Everything that may be asked: the questions of all rounds with their reserves."""
        return tuple(question for planned in self.rounds for question in planned.askable)

    def question(self, question_id: str) -> PlannedQuestion | None:
        """The question of that id, planned or of a reserve, or None."""
        return next((question for question in self.askable if question.question_id == question_id), None)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the candidate had stopped the clock."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Interview:
    """One candidate's whole run."""

    id: str
    candidate_id: str
    state: InterviewState
    role: str
    seniority: Seniority
    company: str
    mode: Mode
    strictness: Strictness
    minutes: int
    seed: int
    plan: Plan
    version: int
    """Grows by one with each stored change; a writer that saw an older one is refused."""
    created_at: datetime
    resume_id: str | None = None
    job_description: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    paused_at: datetime | None = None
    """Set while the clock of a practice interview is stopped by the candidate."""
    pauses: tuple[Pause, ...] = ()
    """Those that are over, in order."""
    origin: Origin = Origin.VIVA
    title: str = ""
    """A person's own name for one from elsewhere."""
    restored_at: datetime | None = None
    """When it came in with a document of somebody's data, which could say anything."""

    @property
    def drill(self) -> bool:
        """Whether it is a drill: each question is asked for some of its criteria alone."""
        return bool(self.plan.questions) and all(question.drill for question in self.plan.questions)

    @property
    def report_readable(self) -> bool:
        """Whether scores may be read: in practice always, of an exam once it is closed."""
        return self.state is InterviewState.CLOSED or self.mode is not Mode.EXAM

    def waited_s(self, start: datetime, end: datetime) -> float:
        """Seconds from an interviewer's turn to what followed it that count as the candidate's, at least 0.

        In practice without pauses, and at most `LONGEST_COUNTED_WAIT_S`; in an exam all of them.
        """
        seconds = (end - start).total_seconds()
        if self.mode is Mode.PRACTICE:
            overlaps = ((min(end, each.end) - max(start, each.start)).total_seconds() for each in self.pauses)
            seconds = min(seconds - sum(each for each in overlaps if each > 0), LONGEST_COUNTED_WAIT_S)
        return max(0.0, seconds)

    def running(self, now: datetime) -> Interview:
        """The interview with its clock running: a pause that lasted until now is over."""
        if self.paused_at is None:
            return self
        return replace(self, paused_at=None, pauses=(*self.pauses, Pause(self.paused_at, now)))
