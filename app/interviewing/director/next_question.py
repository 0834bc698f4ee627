"""Which question comes next, of this round, its reserve or a later round, and why that one."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.interview import PlannedQuestion, PlannedRound
from app.domain.score import CriterionKind
from app.interviewing.director.here import Here
from app.interviewing.recall import Recall, recall
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.state import ANSWERED, belongs

LEAST_FOR_A_RESERVE_S = 120.0
RESERVE_SHARE = 0.4
"""Of a question's budget, from which it is worth beginning in what is left of a round."""


def next_question(here: Here) -> tuple[PlannedRound, PlannedQuestion, str] | None:
    """The next question of this round while its time lasts, else of a later one, shortened rounds included; and why it is next."""
    rounds = here.interview.plan.rounds
    if here.remaining and here.planned.minutes * 60 - here.state.time.round_s > 45:
        return here.planned, *_fitting(here, here.remaining)
    spare = _spare(here)
    if spare:
        question, why = _fitting(here, spare)
        return here.planned, question, "; ".join(filter(None, (why, "the round has time left: one of its reserve")))
    for planned in rounds[rounds.index(here.planned) + 1 :]:
        if planned.questions:
            return planned, planned.questions[0], ""
    return None


def _spare(here: Here) -> tuple[PlannedQuestion, ...]:
    """Questions of the round's reserve for which it has time: at least two minutes, and a good part of what they take."""
    if here.remaining or rules_of(here.round).answers_questions:
        return ()
    left_s = min(here.planned.minutes * 60 - here.state.time.round_s, here.left_s)
    return tuple(
        question
        for question in here.planned.reserve
        if question.question_id not in here.asked
        and left_s >= max(LEAST_FOR_A_RESERVE_S, question.seconds * RESERVE_SHARE)
    )


def recalled_by(here: Here, question: PlannedQuestion) -> Recall | None:
    """What the candidate said of their own work that the question names; None for a chain, which has its own claim."""
    subject = here.script.subjects[question.question_id]
    if subject.claim is not None or rules_of(subject.round).answers_questions:
        return None
    return recall(here.state.turns, subject.parts[0].ask, here.state.taken_up, leaving=here.subject.question_id)


def _fitting(here: Here, remaining: Sequence[PlannedQuestion]) -> tuple[PlannedQuestion, str]:
    """Of what remains, what a claim just made leads to; else the hardest where all was shown, the easiest where little was."""
    if rules_of(here.round).keeps_order or any(here.script.subjects[each.question_id].drill for each in remaining):
        return remaining[0], ""
    for question in remaining:
        found = recalled_by(here, question)
        if found is not None and found.just_now:
            return question, f"a claim just made leads there ({found.name})"
    levels = {each.question_id: here.script.subjects[each.question_id].difficulty for each in remaining}
    musts = [point for point in here.points_here if point.kind is CriterionKind.MUST]
    if min(levels.values()) in {0, max(levels.values())} or not musts or not _was_answered(here):
        return remaining[0], ""
    shown = sum(1 for point in musts if point.shown)
    seen = f"{shown} of {len(musts)} musts shown"
    if shown == len(musts) and not any(point.hints for point in musts):
        return max(remaining, key=lambda each: levels[each.question_id]), f"{seen} unaided: the harder of what is left"
    if 3 * shown <= len(musts):
        return min(remaining, key=lambda each: levels[each.question_id]), f"{seen}: the easier of what is left"
    return remaining[0], ""


def _was_answered(here: Here) -> bool:
    return any(
        span.kind in ANSWERED
        for turn in here.state.turns
        if belongs(turn, here.subject.question_id)
        for span in turn.spans
    )
