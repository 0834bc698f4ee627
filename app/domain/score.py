"""What was judged: states of criteria with their evidence, levels, and what could not be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

VOLUNTEERED_AT = 0.75
"""For a criterion whose part of the question was never opened: a sentence said about something else must be plainer."""
CLOSE_FROM, CLOSE_TO = 0.2, 0.6
"""Probabilities between which a mark is a close call; `docs/evals.md` has how often marks are wrong within and beyond."""


class CriterionKind(StrEnum):
    """How much a criterion is worth at the asked seniority."""

    MUST = "must"
    SHOULD = "should"
    BONUS = "bonus"


class VerdictState(StrEnum):
    """What a judge may say of a criterion."""

    SHOWN = "shown"
    PARTLY = "partly"
    ABSENT = "absent"
    CONTRADICTED = "contradicted"


class CriterionState(StrEnum):
    """What code makes of a verdict. `MISSED` needs a turn that asked; otherwise absence is `NOT_ASSESSED`."""

    SHOWN = "shown"
    PARTLY = "partly"
    MISSED = "missed"
    CONTRADICTED = "contradicted"
    NOT_ASSESSED = "not-assessed"
    UNSCORED = "unscored"


ASSESSED = frozenset({CriterionState.SHOWN, CriterionState.PARTLY, CriterionState.MISSED, CriterionState.CONTRADICTED})
"""States in which something is known of a criterion."""


class Reached(StrEnum):
    """How a credited criterion was reached."""

    VOLUNTEERED = "volunteered"
    """Nobody had asked for it."""
    PROBED = "probed"
    """The question's opening or a follow-up had asked for it."""
    HINTED = "hinted"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the candidate, found verbatim in a stored turn; or a line of their code."""

    quote: str
    """Exactly `turn.text[start:end]`, or `turn.code[start:end]` where it is `in_code`."""
    turn_id: str
    start: int
    end: int
    in_code: bool = False


@dataclass(frozen=True, slots=True)
class JudgeOpinion:
    """What one judge said of one criterion, after its quote was checked."""

    judge: str
    """`compact`, `alone`, `model`, `joined`, or `fact-sheet`.

    `alone` is the scorer for bare statements, which hears appeals too; `joined` the compact scorer's word with a language model's
    yes or no weighed in, `fact-sheet` a question for what a scenario holds back.
    """
    state: VerdictState
    p: float | None = None
    """Probability of `shown` by the compact scorer, or the share of the model judge's samples; None if not said."""
    quote: str = ""
    reason: str = ""
    grounded: bool = False
    """Whether the quote stands in the candidate's own turns."""


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """The verified judgement of one criterion."""

    criterion_id: str
    says: str
    kind: CriterionKind
    skill: str
    state: CriterionState
    passage_id: str
    """The rubric passage it was held against."""
    evidence: tuple[Evidence, ...] = ()
    reached: Reached | None = None
    hints: int = 0
    """Hints given for it before it was reached."""
    reason: str = ""
    """Why it is not assessed or unscored, or what decided between the judges."""
    judges: tuple[JudgeOpinion, ...] = ()
    disagreement: bool = False
    asked_in: tuple[str, ...] = ()
    """Ids of the turns that gave the opportunity."""
    next_time: str = ""
    appeal_id: str = ""
    """The appeal that credited it; empty where the judges did by themselves."""

    @property
    def close_call(self) -> bool:
        """Whether the mark stands on a probability near the line, where it is wrong about as often as it is right."""
        decided = self.judges[-1].p if self.judges else None
        near = decided is not None and CLOSE_FROM <= decided < CLOSE_TO
        return near and not self.appeal_id and self.state in {CriterionState.SHOWN, CriterionState.MISSED}

    @property
    def in_doubt(self) -> bool:
        """Whether another look could turn the mark round: the judges disagree, or it is a close call."""
        return self.state in ASSESSED and (self.disagreement or self.close_call)


@dataclass(frozen=True, slots=True)
class Versions:
    """What took part in a score, so that it can be made again and compared."""

    rubric_id: str
    rubric_version: int
    rubric_hash: str
    scorer: str
    """Name and version of the compact scorer."""
    code: str
    """Version of the rules that turn verdicts into states and levels."""
    prompt_id: str = ""
    prompt_version: int = 0
    prompt_hash: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a rubric could be judged."""

    assessed: int
    total: int


@dataclass(frozen=True, slots=True)
class LevelSpread:
    """Lowest and highest level that the marks in doubt allow."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Score:
    """The judgement of one question. `level` is None where nothing could be assessed."""

    question_id: str
    round: str
    criteria: tuple[CriterionScore, ...]
    level: int | None
    coverage: Coverage
    spread: LevelSpread | None
    versions: Versions
    created_at: datetime
    unscored_reason: str = ""
    """Set where the whole question could not be judged; then `level` is None."""
    drill: bool = False
    """Only the criteria that a drill was about were asked for and stand here: no level of the question is made of them."""


class AssessmentState(StrEnum):
    """Life of a piece of judging work."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Judging work for one question of one interview; claimed by a worker under a lease."""

    id: str
    interview_id: str
    question_id: str
    state: AssessmentState
    attempts: int
    created_at: datetime
    leased_until: datetime | None = None
    lease_owner: str = ""
    finished_at: datetime | None = None
    score: Score | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Competency:
    """A skill over the whole interview."""

    skill: str
    level: float | None
    """0..4: weighted share of the credit owed; None below six assessed criteria in three questions."""
    low: float | None
    high: float | None
    """Bounds of 90 % of resamples of questions and, within them, criteria."""
    assessed: int
    total: int
    questions: int


@dataclass(frozen=True, slots=True)
class RoundLevel:
    """What was shown over the judged questions of one round."""

    round: str
    questions: tuple[str, ...]
    """Ids of those that have a score."""
    level: float | None
    """0..4: weighted share of the credit owed; None where fewer than half of the musts could be assessed."""
    spread: tuple[float, float] | None
    """The same with the marks in doubt settled against, and for, the candidate."""
    coverage: Coverage
