"""What a link shows of an interview: what was chosen, as values of its own, so that nothing else can come along. Pure.

The resume is never shown. The interviewer quotes it, so its claims are taken out of the interviewer's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.interview import Interview, Seniority
from app.domain.score import CriterionKind, CriterionState, Score
from app.domain.share import Share
from app.domain.transcript import Exhibit, Speaker, Turn

RESUME = "[resume]"


@dataclass(frozen=True, slots=True)
class SharedTurn:
    """What was said."""

    seq: int
    speaker: Speaker
    text: str
    code: str
    table: Exhibit | None
    question_id: str
    round: str


@dataclass(frozen=True, slots=True)
class SharedCriterion:
    """What was judged, with the candidate's words."""

    says: str
    kind: CriterionKind
    state: CriterionState
    quotes: tuple[str, ...]
    next_time: str


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """A question with its level; None where too little was asked, or it was not judged."""

    question_id: str
    round: str
    asked: str
    level: int | None
    criteria: tuple[SharedCriterion, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """All that a stranger sees."""

    role: str
    seniority: Seniority
    company: str
    held_at: datetime
    transcript: tuple[SharedTurn, ...] | None
    report: tuple[SharedQuestion, ...] | None


def shared(share: Share, interview: Interview, turns: Sequence[Turn], scores: Sequence[Score]) -> Shared:
    """What the link shows of the interview."""
    quotes = _claims(interview, turns)
    shown = [turn for turn in turns if share.questions is None or turn.question_id in share.questions]
    return Shared(
        role=interview.role,
        seniority=interview.seniority,
        company=interview.company,
        held_at=interview.opened_at or interview.created_at,
        transcript=tuple(_turn(turn, quotes) for turn in shown) if share.transcript else None,
        report=tuple(_questions(shown, scores, quotes)) if share.report else None,
    )


def _claims(interview: Interview, turns: Sequence[Turn]) -> re.Pattern[str] | None:
    """Every statement of the resume that a question stands on, as it may have been quoted."""
    claims = [question.claim for question in interview.plan.askable]
    claims += [turn.move.claim for turn in turns if turn.move is not None]
    texts = {claim.text.strip().rstrip(".") for claim in claims if claim is not None}
    # The longest first: one claim may be the beginning of another.
    wanted = sorted(filter(None, texts), key=len, reverse=True)
    return re.compile("|".join(_as_quoted(each) for each in wanted), re.IGNORECASE) if wanted else None


def _as_quoted(words: str) -> str:
    inner = r"\s+".join(re.escape(word) for word in words.split())
    return rf"(?<!\w){inner}(?!\w)"


def _said(text: str, quotes: re.Pattern[str] | None) -> str:
    return quotes.sub(RESUME, text) if quotes is not None else text


def _turn(turn: Turn, quotes: re.Pattern[str] | None) -> SharedTurn:
    mine = turn.speaker is Speaker.CANDIDATE
    move = turn.move
    return SharedTurn(
        seq=turn.seq,
        speaker=turn.speaker,
        text=turn.text if mine else _said(turn.text, quotes),
        code=turn.code,
        table=move.table if move is not None else None,
        question_id=turn.question_id,
        round=move.round if move is not None else "",
    )


def _questions(
    turns: Sequence[Turn], scores: Sequence[Score], quotes: re.Pattern[str] | None
) -> Iterable[SharedQuestion]:
    by_question = {score.question_id: score for score in scores}
    seen: set[str] = set()
    for turn in turns:
        if turn.speaker is not Speaker.INTERVIEWER or not turn.question_id or turn.question_id in seen:
            continue
        seen.add(turn.question_id)
        score = by_question.get(turn.question_id)
        yield SharedQuestion(
            question_id=turn.question_id,
            round=turn.move.round if turn.move is not None else "",
            asked=_said(turn.text, quotes),
            level=score.level if score is not None else None,
            criteria=tuple(
                SharedCriterion(
                    criterion.says,
                    criterion.kind,
                    criterion.state,
                    tuple(each.quote for each in criterion.evidence),
                    criterion.next_time,
                )
                for criterion in (score.criteria if score is not None else ())
            ),
        )
