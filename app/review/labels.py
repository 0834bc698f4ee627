"""How persons judge, as lines that `viva judge` reads, each with its source. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from app.domain.remarks import LabellerRole, Override
from app.domain.score import CriterionState, VerdictState
from app.domain.transcript import SpanKind, Speaker, Turn

SOURCE = "human"
_LABEL = {
    CriterionState.SHOWN: VerdictState.SHOWN,
    CriterionState.PARTLY: VerdictState.PARTLY,
    CriterionState.MISSED: VerdictState.ABSENT,
    CriterionState.CONTRADICTED: VerdictState.CONTRADICTED,
}


@dataclass(frozen=True, slots=True)
class Label:
    """One person's judgement of one answer against one criterion."""

    id: str
    question: str
    """The words that asked it."""
    criterion: str
    answer: str
    """All that the candidate answered on the question."""
    label: VerdictState
    evidence: str
    source: str
    role: LabellerRole
    by: str
    why: str
    question_id: str
    criterion_id: str
    interview_id: str
    machine_state: CriterionState
    created_at: datetime

    def line(self) -> str:
        """As one line of JSON."""
        return json.dumps({**asdict(self), "created_at": self.created_at.isoformat()}, ensure_ascii=False)


def latest(overrides: Sequence[Override]) -> frozenset[str]:
    """Ids of those that no later one of the same person on the same criterion has replaced; oldest first comes in."""
    last = {(each.question_id, each.criterion_id, each.role, each.by): each.id for each in overrides}
    return frozenset(last.values())


def labels(overrides: Sequence[Override], turns: Sequence[Turn]) -> tuple[Label, ...]:
    """The latest judgements of one interview, oldest first."""
    kept = latest(overrides)
    return tuple(_label(each, turns) for each in overrides if each.id in kept)


def _label(override: Override, turns: Sequence[Turn]) -> Label:
    mine = [turn for turn in turns if turn.question_id == override.question_id]
    return Label(
        id=override.id,
        question=next((turn.text for turn in mine if turn.speaker is Speaker.INTERVIEWER), ""),
        criterion=override.says,
        answer=answer_of(mine),
        label=_LABEL[override.state],
        evidence=override.quote,
        source=SOURCE,
        role=override.role,
        by=override.by,
        why=override.why,
        question_id=override.question_id,
        criterion_id=override.criterion_id,
        interview_id=override.interview_id,
        machine_state=override.machine_state,
        created_at=override.created_at,
    )


def answer_of(turns: Sequence[Turn]) -> str:
    """What the candidate answered in these turns, a turn a paragraph; their code where they used no words."""
    said = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE]
    words = [_answered(turn) for turn in said]
    return "\n".join(each for each in words if each) or "\n".join(turn.code for turn in said if turn.code)


def _answered(turn: Turn) -> str:
    if not turn.spans:
        return turn.text
    spans = [turn.text[span.start : span.end].strip() for span in turn.spans if span.kind is SpanKind.ANSWER]
    return " ".join(each for each in spans if each)
