from __future__ import annotations

import random
from dataclasses import replace

import pytest

from app.domain.score import CriterionScore, CriterionState, Score
from evals.judging.battery import as_marked, entries
from evals.judging.simulated import ABILITIES, QUESTIONS, figures, known_level, same_level, sit
from tests.support.builders import a_score

NAMES = ("strong", "middling", "weak")


def a_criterion(at: int, state: CriterionState) -> CriterionScore:
    return replace(a_score().criteria[0], criterion_id=f"c{at}", state=state, skill="technical", disagreement=False)


def scored(question: str, shown: int, of: int = 4) -> Score:
    states = [CriterionState.SHOWN] * shown + [CriterionState.MISSED] * (of - shown)
    criteria = tuple(a_criterion(at, state) for at, state in enumerate(states))
    return a_score(question_id=question, criteria=criteria)


@pytest.fixture
def marked() -> dict[tuple[str, str], Score]:
    shown = {"strong": 4, "middling": 2, "weak": 0}
    return {(f"q/{at}", name): scored(f"q/{at}", shown[name]) for at in range(30) for name in NAMES}


def test_abilities_are_chances_and_the_battery_has_enough_questions() -> None:
    assert all(sum(chances) == pytest.approx(1.0) for chances in ABILITIES.values())
    assert len(entries()) >= 2 * QUESTIONS


def test_a_judge_that_marks_as_the_writers_do_is_held_by_its_intervals(marked: dict[tuple[str, str], Score]) -> None:
    questions = sorted({question for question, _ in marked})
    sittings = [sit(ability, seed, marked, marked, questions) for ability in ABILITIES for seed in range(8)]
    assert known_level("strong", marked, questions) == 4.0
    assert known_level("middling", marked, questions) == 2.0
    assert known_level("mostly strong", marked, questions) == pytest.approx(3.4)
    found = figures(sittings)
    assert found["interval_holds_known"] >= 0.8
    assert abs(found["mean_difference"]) < 0.2


def test_what_differs_by_the_draw_alone_is_told_from_what_the_judge_adds(marked: dict[tuple[str, str], Score]) -> None:
    questions = sorted({question for question, _ in marked})
    drawn = [sit(ability, seed, marked, marked, questions) for ability in ABILITIES for seed in range(3)]
    found = figures(drawn)
    assert found["same_level_by_marks"] == found["same_level_over_seeds"] < 1
    assert found["as_the_marks_round"] == 1
    shifted = figures([replace(each, judged=(each.marked or 0.0) + 1.2) for each in drawn])
    assert shifted["same_level_by_marks"] == found["same_level_by_marks"]
    assert shifted["as_the_marks_round"] == 0


def test_a_candidate_has_one_level_where_all_interviews_round_to_it() -> None:
    assert same_level([[2.6, 3.4, 3.0], [2.4, 2.6, 2.5], [None, None, None], [None, 1.0, 1.0]]) == 0.5


def test_a_judge_that_credits_everything_is_not(marked: dict[tuple[str, str], Score]) -> None:
    questions = sorted({question for question, _ in marked})
    blind = {key: scored(key[0], 4) for key in marked}
    found = figures([sit(ability, 1, blind, marked, questions) for ability in ABILITIES])
    assert found["interval_holds_known"] <= 2 / len(ABILITIES)
    assert found["mean_difference"] > 1


def test_what_was_never_asked_stays_so_in_the_writers_marks() -> None:
    generator = random.Random(1)
    states = generator.choices(list(CriterionState), k=12)
    score = a_score(criteria=tuple(a_criterion(at, state) for at, state in enumerate(states)))
    found = as_marked(score, ["c0", "c1"])
    for before, after in zip(score.criteria, found.criteria, strict=True):
        if after.criterion_id in {"c0", "c1"}:
            assert after.state is CriterionState.SHOWN
        elif before.state in {CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}:
            assert after.state is before.state
        else:
            assert after.state is CriterionState.MISSED
