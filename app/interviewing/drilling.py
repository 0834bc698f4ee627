"""Plans of what is asked again: a drill on some criteria, or one question on its next surface. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.domain.interview import Plan, PlannedQuestion, PlannedRound
from app.domain.practice import Want
from app.interviewing.planning import SPEAKING_SHARE
from app.interviewing.rounds.catalog import rules_of
from app.material.corpus import Corpus
from app.material.entries import Chain, Question
from app.material.surfaces import OWN, fixed_surfaces, parallel_number
from app.material.tasks import Analytics, Problem, Scenario

FOLLOW_UP_S = 45
LEAST_MIN = 3


def make_drill(corpus: Corpus, wants: Sequence[Want], *, seconds: float) -> Plan:
    """As many of the wanted questions, from the first on, as the seconds hold; at least one.

    Questions of one round go together, rounds in the order in which they are wanted first.

    Args:
        corpus: What is asked.
        wants: One for each question at most, with criteria that the corpus has.
        seconds: Of speaking and answering.
    """
    chosen: dict[str, list[PlannedQuestion]] = {}
    left_s = seconds
    for want in wants:
        planned = drilled(corpus, want)
        if chosen and planned.seconds > left_s:
            continue
        left_s -= planned.seconds
        chosen.setdefault(corpus.rubric(want.question_id).round, []).append(planned)
    return Plan(tuple(_round(slug, questions) for slug, questions in chosen.items()))


def drilled(corpus: Corpus, want: Want) -> PlannedQuestion:
    """The question with these criteria in focus, on a surface that is new, or else on the one that was longest ago."""
    focus = want.criterion_ids
    surface = next_surface(corpus, want.question_id, want.seen)
    return PlannedQuestion(
        want.question_id,
        _seconds(corpus, want.question_id, focus),
        claim=want.claim,
        parallel=parallel_number(surface),
        focus=focus,
        why="Some of it stayed open before.",
    )


def make_retry(corpus: Corpus, before: PlannedQuestion) -> Plan:
    """The whole question on the surface after the one that it was asked on; its own case follows the last parallel one."""
    entry = corpus.entry(before.question_id)
    cases = len(entry.parallel) if isinstance(entry, Question | Scenario) else 0
    seconds = entry.seconds.whole
    planned = PlannedQuestion(
        before.question_id,
        seconds,
        claim=before.claim,
        parallel=(before.parallel + 1) % (cases + 1),
        why="It is asked again, as you wished.",
    )
    return Plan((_round(corpus.rubric(before.question_id).round, [planned]),))


def minutes_of(plan: Plan) -> int:
    """How long an interview of this plan takes, with its opening and its goodbye."""
    return max(LEAST_MIN, math.ceil(sum(planned.minutes for planned in plan.rounds)))


def next_surface(corpus: Corpus, question_id: str, seen: Sequence[str]) -> str:
    """One that is not in `seen`, a parallel case first; else the one whose last time in `seen` is the earliest.

    `OWN` where the surfaces come with the interview. `seen` is in order, the latest last.
    """
    known = fixed_surfaces(corpus, question_id) or (OWN,)
    last = {surface: place for place, surface in enumerate(seen)}
    return min((*known[1:], OWN), key=lambda each: last.get(each, -1))


def seconds_for(corpus: Corpus, want: Want) -> int:
    """What a drill on these criteria takes."""
    return drilled(corpus, want).seconds


def _round(slug: str, questions: Sequence[PlannedQuestion]) -> PlannedRound:
    minutes = sum(question.seconds for question in questions) / 60 / SPEAKING_SHARE
    least = rules_of(slug).least_minutes if not any(question.drill for question in questions) else 0.0
    return PlannedRound(slug, round(max(minutes, least), 2), tuple(questions))


def _seconds(corpus: Corpus, question_id: str, focus: Sequence[str]) -> int:
    """The time of the parts that are asked, with a follow-up for each criterion; never more than the whole entry has."""
    entry = corpus.entry(question_id)
    parts = {each.part_id for each in corpus.rubric(question_id).criteria if each.criterion.id in focus}
    match entry:
        case Chain():
            asked_s = sum(rung.seconds for rung in entry.rungs if rung.id in parts)
        case Scenario():
            asked_s = sum(stage.seconds for stage in entry.stages if stage.id in parts)
            asked_s += entry.seconds.first_answer if parts - {stage.id for stage in entry.stages} else FOLLOW_UP_S
        case Analytics():
            asked_s = FOLLOW_UP_S + sum(question.seconds for question in entry.questions if question.id in parts)
        case Problem():
            return entry.seconds.whole
        case _:
            asked_s = entry.seconds.first_answer
    return min(entry.seconds.whole, asked_s + FOLLOW_UP_S * len(focus))
