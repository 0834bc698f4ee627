"""When a reference answer may be read: after the interview, or in practice at once after an answer; never before one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.errors import QuestionUnknown
from app.domain.interview import Interview, InterviewState, Mode
from app.domain.transcript import Turn
from app.material.corpus import Corpus
from app.material.tasks import Problem
from app.review.places import Places


class Reference(NamedTuple):
    """A reference answer, Markdown; or why there is none to be read."""

    text: str | None
    withheld: str = ""


def is_over(interview: Interview, turns: Sequence[Turn], question_id: str) -> bool:
    """Whether nothing more is asked on the question."""
    return interview.state is InterviewState.CLOSED or not turns or turns[-1].question_id != question_id


def reference(interview: Interview, turns: Sequence[Turn], question_id: str, corpus: Corpus) -> Reference:
    """The reference answer to a question that was asked."""
    try:
        entry = corpus.entry(question_id)
    except QuestionUnknown:
        return Reference(None, "the question is no longer in the corpus")
    if interview.state is not InterviewState.CLOSED:
        if interview.mode is Mode.EXAM:
            return Reference(None, "in an exam it comes after the interview")
        if not Places(tuple(turns)).answers(question_id):
            return Reference(None, "it comes after your answer")
        # It tells what later parts ask for.
        if question_id not in corpus.questions and not is_over(interview, turns, question_id):
            return Reference(None, "the question has several parts: it comes when the last one is over")
    text = entry.reference_answer
    if isinstance(entry, Problem):
        text = f"{text}\n\n```{entry.language}\n{entry.solution.rstrip()}\n```".strip()
    return Reference(text, "") if text.strip() else Reference(None, "none is written")
