"""What a link shows of an interview: what was chosen, as values of its own, so that nothing else can come along. Pure.

The resume is never shown, nor is an answer that was not chosen. The interviewer quotes both, so what is quoted of them is
taken out of the interviewer's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.interview import Interview, Seniority
from app.domain.quoted import ANSWER_HAD, CALLBACK, RECALLS, RESUME_HAS, found_again
from app.domain.score import CriterionKind, CriterionState, Score
from app.domain.share import Share
from app.domain.transcript import Exhibit, Speaker, Turn

RESUME = "[resume]"
ANSWER = "[another answer]"
_OF_THE_RESUME = found_again(RESUME_HAS)
_OF_AN_ANSWER = found_again(ANSWER_HAD)
_RECALLS = tuple(found_again(frame, r"\s*") for frame in RECALLS)
_CALLBACK = found_again(CALLBACK, r"\s*")
_ONLY_LEADS_IN = re.compile(rf'[^.!?]*"{re.escape(RESUME)}"[^.!?]*[.!?]\s+')
_WORD = re.compile(r"[^\W_]+")


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
    shown = [turn for turn in turns if share.questions is None or turn.question_id in share.questions]
    own = [turn.text for turn in shown if turn.speaker is Speaker.CANDIDATE] if share.transcript else []
    redaction = _Redaction(_claims(interview, turns), tuple(map(_words, own)))
    return Shared(
        role=interview.role,
        seniority=interview.seniority,
        company=interview.company,
        held_at=interview.opened_at or interview.created_at,
        transcript=tuple(_turn(turn, redaction) for turn in shown) if share.transcript else None,
        report=tuple(_questions(shown, scores, redaction)) if share.report else None,
    )


def question_alone(asked: str) -> str:
    """A question without the sentence before it that quotes a line of the resume, of which a stranger sees nothing."""
    return _ONLY_LEADS_IN.sub("", asked)


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


def _words(text: str) -> str:
    """A text's words as they can be compared: the interviewer quotes without markup and line breaks."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


@dataclass(frozen=True, slots=True)
class _Redaction:
    """Takes out of the interviewer's words what they quote and is not shown."""

    claims: re.Pattern[str] | None
    answers: tuple[str, ...]
    """The `_words` of each of the candidate's turns that is shown."""

    def of(self, text: str) -> str:
        """The interviewer's words as a stranger may read them."""
        # The frames before the claims: one of these may be a word of a frame, which would not be found any more.
        text = _CALLBACK.sub("", _OF_THE_RESUME.sub(RESUME_HAS.format(RESUME), text))
        text = _OF_AN_ANSWER.sub(lambda it: it[0] if self._shows(it[1]) else ANSWER_HAD.format(ANSWER), text)
        for recall in _RECALLS:
            text = recall.sub(lambda it: it[0] if self._shows(it[1]) else "", text)
        return self.claims.sub(RESUME, text) if self.claims is not None else text

    def _shows(self, quote: str) -> bool:
        words = _words(quote)
        return bool(words.strip()) and any(words in answer for answer in self.answers)


def _turn(turn: Turn, redaction: _Redaction) -> SharedTurn:
    mine = turn.speaker is Speaker.CANDIDATE
    move = turn.move
    return SharedTurn(
        seq=turn.seq,
        speaker=turn.speaker,
        text=turn.text if mine else redaction.of(turn.text),
        code=turn.code,
        table=move.table if move is not None else None,
        question_id=turn.question_id,
        round=move.round if move is not None else "",
    )


def _questions(turns: Sequence[Turn], scores: Sequence[Score], redaction: _Redaction) -> Iterable[SharedQuestion]:
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
            asked=redaction.of(turn.text),
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
