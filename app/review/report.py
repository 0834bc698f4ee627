"""The report: a pure function of an interview, its turns and its scores. It can be made again at any time.

It counts and quotes. It has no percentile, no chance of being hired, and no word about what somebody is like.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.interview import Interview, InterviewState
from app.domain.score import Competency, CriterionKind, CriterionScore, CriterionState, Score
from app.domain.sentences import words
from app.domain.transcript import Speaker, Turn

_FILLERS = re.compile(r"\b(?:um+|uh+|erm?|you know|i mean|sort of|kind of|basically|literally)\b", re.IGNORECASE)
_HEDGES = re.compile(r"\b(?:maybe|perhaps|i think|i guess|probably|possibly|i suppose|not sure|might)\b", re.IGNORECASE)
_STRUCTURE = re.compile(
    r"\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|because|so that|for example|in short|on the other hand|therefore)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Counted, not judged, over all answers."""

    answers: int
    words: int
    words_an_answer: float
    fillers_in_100_words: float
    hedges_in_100_words: float
    structure_words_in_100_words: float


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One asked question with its judgement."""

    question_id: str
    round: str
    asked: str
    """The words it was asked in."""
    claim: str
    """Statement of the resume it stood on; empty where it stood on none."""
    score: Score | None
    """None while the judgement is pending."""
    failed: str = ""
    """Why there will be no judgement; empty where there is or will be one."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do, from a missed or contradicted criterion."""

    question_id: str
    criterion_id: str
    says: str
    do: str
    passage_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was shown, with the words that showed it; what was missed; what was never asked."""

    interview: Interview
    complete: bool
    """Whether the interview is closed and nothing is pending."""
    pending: int
    failed: int
    questions: tuple[QuestionReport, ...]
    never_asked: tuple[str, ...]
    """Planned questions that there was no time for."""
    competencies: tuple[Competency, ...]
    delivery: Delivery
    bar: str
    next_steps: tuple[NextStep, ...]


BAR = {
    "junior": "For a junior, level 2 on most questions is a good interview: all but one of what every answer owes.",
    "mid": "For this seniority, level 3 on most questions is a good interview: everything that the question owes.",
    "senior": "For a senior, level 3 throughout and 4 where the question is in your field.",
    "staff": "For staff, level 4 on most questions: what is owed and half of what may be expected, without help.",
}

DRILL_BAR = "A drill asks for single points of a question, so it makes no level. What was shown comes back later; the rest stays due."


def build(
    interview: Interview,
    turns: Sequence[Turn],
    scores: Sequence[Score],
    *,
    pending: int,
    failures: Mapping[str, str],
    competencies: Sequence[Competency],
) -> Report:
    """The report as things stand. `failures` names why a question's judging was given up, by question id."""
    by_question = {score.question_id: score for score in scores}
    asked: dict[str, Turn] = {}
    for turn in turns:
        if turn.speaker is Speaker.INTERVIEWER and turn.question_id and turn.question_id not in asked:
            asked[turn.question_id] = turn
    questions = tuple(
        QuestionReport(
            question_id=question_id,
            round=turn.move.round if turn.move else "",
            asked=turn.text,
            claim=turn.move.claim.text if turn.move and turn.move.claim else "",
            score=by_question.get(question_id),
            failed=failures.get(question_id, ""),
            seconds=_seconds(turns, question_id),
        )
        for question_id, turn in asked.items()
    )
    planned = [question.question_id for question in interview.plan.questions]
    return Report(
        interview=interview,
        complete=interview.state is InterviewState.CLOSED and pending == 0,
        pending=pending,
        failed=len(failures),
        questions=questions,
        never_asked=tuple(question_id for question_id in planned if question_id not in asked),
        competencies=tuple(competencies),
        delivery=delivery(turns),
        bar=DRILL_BAR if interview.drill else BAR[str(interview.seniority)],
        next_steps=_next_steps(scores),
    )


def delivery(turns: Sequence[Turn]) -> Delivery:
    """Counts over the candidate's answers."""
    answers = [turn.answer_text().strip() for turn in turns if turn.speaker is Speaker.CANDIDATE]
    answers = [answer for answer in answers if answer]
    total = sum(len(words(answer)) for answer in answers)

    def rate(pattern: re.Pattern[str]) -> float:
        found = sum(len(pattern.findall(answer)) for answer in answers)
        return round(100.0 * found / total, 1) if total else 0.0

    return Delivery(
        answers=len(answers),
        words=total,
        words_an_answer=round(total / len(answers), 1) if answers else 0.0,
        fillers_in_100_words=rate(_FILLERS),
        hedges_in_100_words=rate(_HEDGES),
        structure_words_in_100_words=rate(_STRUCTURE),
    )


def _seconds(turns: Sequence[Turn], question_id: str) -> float:
    """Time from an interviewer's turn on the question to the candidate's answer to it, added up."""
    total = 0.0
    for before, after in itertools.pairwise(turns):
        if before.question_id == question_id and after.speaker is Speaker.CANDIDATE:
            total += max(0.0, (after.created_at - before.created_at).total_seconds())
    return round(total, 1)


_ORDER = {CriterionKind.MUST: 0, CriterionKind.SHOULD: 1, CriterionKind.BONUS: 2}


def _next_steps(scores: Sequence[Score]) -> tuple[NextStep, ...]:
    """Three at most: what was said wrong before what was left out, musts before the rest, one a question first."""
    missed = [
        (score, criterion)
        for score in scores
        for criterion in score.criteria
        if criterion.state in {CriterionState.MISSED, CriterionState.CONTRADICTED} and criterion.next_time
    ]
    missed.sort(key=lambda pair: (_ORDER[pair[1].kind], pair[1].state is not CriterionState.CONTRADICTED))
    chosen: list[tuple[Score, CriterionScore]] = []
    for fresh_only in (True, False):
        for score, criterion in missed:
            fresh = all(score.question_id != other.question_id for other, _ in chosen)
            if len(chosen) < 3 and (score, criterion) not in chosen and (fresh or not fresh_only):
                chosen.append((score, criterion))
    return tuple(
        NextStep(score.question_id, criterion.criterion_id, criterion.says, criterion.next_time, criterion.passage_id)
        for score, criterion in chosen
    )
