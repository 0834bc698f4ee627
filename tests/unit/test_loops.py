"""Loops without a store: what companies hold, what the plans share, what the levels come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, product
from pathlib import Path

import pytest

from app.domain.errors import LoopUnknown
from app.domain.interview import Seniority
from app.interviewing.loops import LoopPlanner, wanted_interviews
from app.interviewing.round_minutes import rounds_with_material
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.setup import Setup
from app.material.load import load
from app.review.loop_summary import levels_by_round
from tests.support.builders import a_score, an_interview
from tests.support.talks import a_resume_on

CORPUS = load(Path("corpus"))
WITH_LOOP = sorted(each.id for each in CORPUS.companies.values() if each.loop)


def test_the_guides_loops_are_there_and_can_be_held() -> None:
    assert {"linkedin", "uber", "neutral"} <= set(WITH_LOOP)
    assert 4 <= len(CORPUS.companies["linkedin"].loop) <= 6
    assert 4 <= len(CORPUS.companies["uber"].loop) <= 7
    for company in WITH_LOOP:
        stages = CORPUS.companies[company].loop
        assert len({stage.id for stage in stages}) == len(stages)
        for stage in stages:
            assert set(stage.rounds) <= rounds_with_material(CORPUS)
            assert sum(rules_of(slug).least_minutes for slug in stage.rounds) <= stage.minutes


@pytest.mark.parametrize("company", WITH_LOOP)
def test_no_question_is_planned_in_two_interviews_of_a_loop(company: str) -> None:
    ids = (f"id-{number}" for number in count())
    planner = LoopPlanner(store=None, corpus=CORPUS, now=lambda: datetime.now(UTC), new_id=lambda: next(ids))  # type: ignore[arg-type]
    for role, seniority in product(["ml-engineer", "research-scientist"], [Seniority.JUNIOR, Seniority.SENIOR]):
        setup = Setup(role=role, seniority=seniority, company=company, seed=3)
        chosen = wanted_interviews(CORPUS, CORPUS.companies[company], ())
        planned = planner._planned("me", setup, a_resume_on("LoRA", "CNN"), chosen, frozenset())
        asked = [question.question_id for _, interview in planned for question in interview.plan.questions]
        assert len(asked) == len(set(asked))
        assert len(planned) >= len(chosen) - 1
        for number, (stage, interview) in enumerate(planned, 1):
            assert interview.minutes == stage.minutes
            assert interview.plan.notes[0].endswith(f"{stage.title}.")
            assert {each.round for each in interview.plan.rounds} <= set(stage.rounds)
            assert interview.seed != setup.seed or number == 1


def test_a_part_of_a_loop_can_be_held_in_its_own_order() -> None:
    uber = CORPUS.companies["uber"]
    assert [each.id for each in wanted_interviews(CORPUS, uber, ["fit", "algorithms"])] == ["algorithms", "fit"]


def test_a_company_without_a_loop_and_an_interview_that_it_has_not_are_refused_with_what_there_is() -> None:
    with pytest.raises(LoopUnknown) as raised:
        wanted_interviews(CORPUS, CORPUS.companies["oracle"], ())
    assert raised.value.known == tuple(WITH_LOOP)
    with pytest.raises(LoopUnknown) as raised:
        wanted_interviews(CORPUS, CORPUS.companies["uber"], ["fit", "juggling"])
    assert "fit" in raised.value.known
    assert "juggling" in str(raised.value)


def test_levels_are_gathered_by_round_over_all_interviews() -> None:
    first, second = an_interview(id="a"), an_interview(id="b")
    question = first.plan.rounds[0].questions[0].question_id
    scores = {
        "a": (a_score(level=2), a_score(question_id="chains/lora", round="project-deep-dive", level=None)),
        "b": (a_score(level=3),),
    }
    found = {each.round: each for each in levels_by_round([first, second], scores)}
    assert question == a_score().question_id
    assert found["fundamentals"].levels == (2, 3)
    assert (found["fundamentals"].planned, found["fundamentals"].scored) == (2, 2)
    assert found["fundamentals"].mean_level == 2.5
    deep = found["project-deep-dive"]
    assert (deep.planned, deep.scored, deep.levels, deep.mean_level) == (2, 1, (), None)
    assert levels_by_round([replace(first, id="c")], {})[0].scored == 0
