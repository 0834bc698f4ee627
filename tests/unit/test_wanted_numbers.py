"""The analytical round's answers: computed twice, and recognised however they are said."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.transcript import Speaker, Turn
from app.exercises.computations import COMPUTATIONS, SHARES, SIGNED, UNDEFINED_AT_ZERO, compute
from app.exercises.tables import Table
from app.material.corpus import Corpus, parts_of
from app.material.load import load
from app.material.tasks import Analytics, AnalyticsQuestion
from app.scoring.criterion_model import CompactScorer
from app.scoring.wanted_numbers import WantedNumber, number_words, table_of, wanted_number
from tests.support.builders import an_interview
from tests.support.embedders import hashed
from tests.unit.test_criterion_model import Pointing

SEEDS = range(50)
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def corpus() -> Corpus:
    return load(Path("corpus"))


EXERCISES = sorted(corpus().analytics)
QUESTIONS = [
    (exercise, question.id)
    for exercise in EXERCISES
    for question in corpus().analytics[exercise].questions
    if question.computed_by is not None
]
Column = npt.NDArray[np.float64]


def question_of(exercise: str, question_id: str) -> AnalyticsQuestion:
    return next(each for each in corpus().analytics[exercise].questions if each.id == question_id)


def wanted(exercise: str, question_id: str, seed: int) -> WantedNumber:
    question = question_of(exercise, question_id)
    criterion = next(each for each in question.criteria if each.evidence == "number")
    found = wanted_number(corpus(), exercise, question_id, criterion, seed)
    assert found is not None
    return found


# --- every criterion can be judged ------------------------------------------------------------------------------------


def test_no_number_criterion_is_unjudgeable() -> None:
    judged = 0
    for entry in corpus().asked():
        for part in parts_of(entry):
            found = wanted_number(corpus(), entry.id, part.part_id, part.criterion, seed=3)
            assert (found is not None) is (part.criterion.evidence == "number"), (entry.id, part.criterion.id)
            if found is not None:
                judged += 1
                assert found.targets
                assert all(map(math.isfinite, found.targets))
                assert 0 <= found.tolerance < 1
    assert judged > 150


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_sentence_with_the_right_number_shows_it(seed: int) -> None:
    for entry in corpus().asked():
        for part in parts_of(entry):
            sentence = number_words(corpus(), an_interview(seed=seed), entry.id, part.part_id, part.criterion)
            found = wanted_number(corpus(), entry.id, part.part_id, part.criterion, seed)
            assert bool(sentence) is (found is not None)
            assert found is None or found.quote_in([[sentence]]) == sentence, (entry.id, part.criterion.id, sentence)


def test_a_computed_question_has_one_number_criterion_and_no_other_has_one() -> None:
    for entry in corpus().analytics.values():
        for question in entry.questions:
            count = sum(each.evidence == "number" for each in question.criteria)
            assert count == (question.computed_by is not None), (entry.id, question.id)


def test_the_number_is_that_of_the_table_that_is_shown() -> None:
    entry = corpus().analytics["analytics/churn-table"]
    shown = table_of(entry, 11)
    assert wanted(entry.id, "center-of-age", 11).targets == compute("age_mean", shown)
    assert set(shown.numerals()) == set(wanted(entry.id, "center-of-age", 11).given)


def test_shares_are_asked_for_in_the_unit_of_their_question() -> None:
    points = wanted("analytics/experiment-result", "gain", 1)
    share = compute("difference_of_rates", table_of(corpus().analytics["analytics/experiment-result"], 1))[0]
    assert points.targets == pytest.approx((100 * share,))
    assert points.unit == "percentage points"
    assert wanted("analytics/confusion-matrix", "found", 1).unit == ""
    assert {*SHARES, *SIGNED, *UNDEFINED_AT_ZERO} <= set(COMPUTATIONS)


def test_both_divisors_earn_a_deviation() -> None:
    found = wanted("analytics/churn-table", "spread-of-age", 2)
    sample, population = found.targets
    assert sample == pytest.approx(population * math.sqrt(12 / 11))
    for value in found.targets:
        assert found.shown_in([f"The root of that, so {value:.1f} years."]) is not None
    assert found.shown_in([f"The variance is {sample**2:.0f}."]) is None


def test_the_sentence_that_shows_it_is_told() -> None:
    found = wanted("analytics/churn-table", "center-of-age", 2)
    said = f"So {found.targets[0]:.1f} years on average."
    assert found.quote_in([["I'd add them up."], ["Let me see.", said, "Half of them are younger."]]) == said
    assert found.quote_in([["I'd add them up."], [said, "No, sorry, 99 years."]]) is None
    assert found.quote_in([]) is None


def test_f1_of_the_constant_model_is_zero_or_undefined() -> None:
    found = wanted("analytics/constant-spam-model", "other-measures", 2)
    for text in ("Zero.", "F1 is 0.", "F1 is undefined, as there's nothing to divide by.", "So it's undefined."):
        assert found.shown_in([text]) is not None, text
    for text in (
        "It's low.",
        "Precision is undefined, so F1 is a half.",
        "F1 is not undefined, it's 0.5.",
        "About 0.5.",
    ):
        assert found.shown_in([text]) is None, text


# --- computed a second time, by other means ---------------------------------------------------------------------------


def _columns(table: Table) -> Mapping[str, npt.NDArray[np.generic]]:
    return {name: np.array(table.column(name)) for name in table.columns}


def _left_by_status(table: Table) -> Column:
    columns = _columns(table)
    left = (columns["left"] == "yes").astype(float)
    return np.array(
        [left[columns["relationship_status"] == each].mean() for each in np.unique(columns["relationship_status"])]
    )


def _matrix(table: Table) -> Column:
    return np.array([row[1:] for row in table.rows], dtype=np.float64)


def _arms(table: Table) -> tuple[Column, Column]:
    columns = _columns(table)
    visitors = columns["visitors"].astype(float)
    return visitors, columns["buyers"].astype(float) / visitors


def _difference(table: Table) -> float:
    return float(np.diff(_arms(table)[1])[0])


def _spread(table: Table) -> float:
    visitors, rates = _arms(table)
    return float(np.sqrt((rates * (1 - rates) / visitors).sum()))


def _pooled_z(table: Table) -> float:
    visitors, rates = _arms(table)
    mean = np.average(rates, weights=visitors)
    return float(_difference(table) / np.sqrt(mean * (1 - mean) * (1 / visitors).sum()))


def _error(table: Table) -> Column:
    columns = _columns(table)
    return np.asarray(columns["forecast"].astype(float) - columns["actual"].astype(float), dtype=np.float64)


def _all_costs(table: Table) -> Column:
    columns = _columns(table)
    both = np.stack([columns["missed"].astype(float), columns["false_alarms"].astype(float)], axis=1)
    return np.asarray(both @ np.array([table.facts["miss_cost"], table.facts["alarm_cost"]]), dtype=np.float64)


def _healed(table: Table, *keep: tuple[str, str]) -> float:
    rows = [row for row in table.rows if all(row[table.columns.index(name)] == value for name, value in keep)]
    return float(np.sum([float(row[3]) for row in rows]) / np.sum([float(row[2]) for row in rows]))


def _f1(table: Table) -> float:
    hits, found, real = _matrix(table)[0, 0], _matrix(table)[:, 0].sum(), _matrix(table)[0].sum()
    return 0.0 if not hits else 2 / (found / hits + real / hits)


def _network(table: Table) -> tuple[int, int, int]:
    """Side after convolution and the layers' weights, by counting places and weights one by one."""
    side, kernel, filters, classes = (int(table.facts[name]) for name in ("side", "kernel", "filters", "classes"))
    after = len(range(0, side - kernel + 1))
    pooled = len(range(0, after - 1, 2))
    return (
        after,
        sum(kernel * kernel * 3 + 1 for _ in range(filters)),
        sum(pooled * pooled * filters + 1 for _ in range(classes)),
    )


AGAIN: Mapping[str, Callable[[Table], float | tuple[float, ...]]] = {
    "age_mean": lambda table: float(np.mean(table.numbers("age"))),
    "age_median": lambda table: float(np.median(table.numbers("age"))),
    "age_deviation": lambda table: (float(np.std(table.numbers("age"), ddof=1)), float(np.std(table.numbers("age")))),
    "churn_gap_of_groups": lambda table: float(np.ptp(_left_by_status(table))),
    "precision": lambda table: float(_matrix(table)[0, 0] / _matrix(table)[:, 0].sum()),
    "recall": lambda table: float(_matrix(table)[0, 0] / _matrix(table)[0].sum()),
    "f1": _f1,
    "accuracy": lambda table: float(np.trace(_matrix(table)) / _matrix(table).sum()),
    "majority_accuracy": lambda table: float(_matrix(table).sum(axis=1).max() / _matrix(table).sum()),
    "difference_of_rates": _difference,
    "z_score": lambda table: (_difference(table) / _spread(table), _pooled_z(table)),
    "interval_high": lambda table: _difference(table) + 1.96 * _spread(table),
    "mean_error": lambda table: float(_error(table).mean()),
    "mean_absolute_error": lambda table: float(np.abs(_error(table)).mean()),
    "root_mean_squared_error": lambda table: float(np.linalg.norm(_error(table)) / np.sqrt(len(_error(table)))),
    "fraud_rate": lambda table: float(np.sum(table.numbers("frauds")) / np.sum(table.numbers("payments"))),
    "highest_fraud_rate": lambda table: float(np.max(np.divide(table.numbers("frauds"), table.numbers("payments")))),
    "largest_share_of_frauds": lambda table: float(
        np.max(np.divide(table.numbers("frauds"), sum(table.numbers("frauds"))))
    ),
    "last_gap": lambda table: float(
        np.subtract(table.numbers("validation_error"), table.numbers("training_error"))[-1]
    ),
    "gained_by_last_doubling": lambda table: float(-np.diff(table.numbers("validation_error"))[-1]),
    "slope": lambda table: float(np.polyfit(table.numbers("x"), table.numbers("y"), 1)[0]),
    "intercept": lambda table: float(np.polyfit(table.numbers("x"), table.numbers("y"), 1)[1]),
    "explained": lambda table: float(np.corrcoef(table.numbers("x"), table.numbers("y"))[0, 1] ** 2),
    "convolution_side": lambda table: _network(table)[0],
    "convolution_weights": lambda table: _network(table)[1],
    "dense_weights": lambda table: _network(table)[2],
    "latency_mean": lambda table: float(np.mean(table.numbers("ms"))),
    "latency_median": lambda table: float(np.median(table.numbers("ms"))),
    "latency_p90": lambda table: (
        float(np.percentile(table.numbers("ms"), 90, method="inverted_cdf")),
        float(np.percentile(table.numbers("ms"), 90)),
    ),
    "first_month_return": lambda table: float(
        np.average(np.divide(table.numbers("after_1"), table.numbers("new_users")), weights=table.numbers("new_users"))
    ),
    "return_of_last_cohort": lambda table: float(np.divide(table.numbers("after_1"), table.numbers("new_users"))[-1]),
    "visitors_an_arm": lambda table: (
        16 * table.facts["base"] * (1 - table.facts["base"]) / table.facts["effect"] / table.facts["effect"]
    ),
    "days_needed": lambda table: float(
        np.ceil(
            32 * table.facts["base"] * (1 - table.facts["base"]) / table.facts["effect"] ** 2 / table.facts["daily"]
        )
    ),
    "visitors_for_half_the_effect": lambda table: (
        16 * table.facts["base"] * (1 - table.facts["base"]) / (table.facts["effect"] / 2) ** 2
    ),
    "lowest_cost": lambda table: float(_all_costs(table).min()),
    "best_threshold": lambda table: float(table.numbers("threshold")[int(_all_costs(table).argmin())]),
    "weights_gigabytes": lambda table: tuple(
        12 * table.facts["width"] ** 2 * table.facts["layers"] * 16 / 8 / unit for unit in (1000**3, 1024**3)
    ),
    "cache_bytes_a_token": lambda table: float(
        np.prod([2, 2, *(table.facts[name] for name in ("layers", "heads", "head_size"))])
    ),
    "cache_gigabytes": lambda table: tuple(
        float(np.prod([2, 2, *(table.facts[name] for name in ("layers", "heads", "head_size", "tokens"))])) / unit
        for unit in (1000**3, 1024**3)
    ),
    "healed_by_a": lambda table: _healed(table, ("treatment", "A")),
    "healed_by_b": lambda table: _healed(table, ("treatment", "B")),
    "healed_by_b_in_hard": lambda table: _healed(table, ("treatment", "B"), ("group", "hard")),
}


def test_every_computation_that_is_asked_for_is_computed_again_here() -> None:
    assert {question_of(*each).computed_by for each in QUESTIONS} == set(AGAIN)


@pytest.mark.parametrize(("exercise", "question_id"), QUESTIONS)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_answers_agree_with_another_computation(exercise: str, question_id: str, seed: int) -> None:
    table = table_of(corpus().analytics[exercise], seed)
    name = question_of(exercise, question_id).computed_by or ""
    again = AGAIN[name](table)
    expected = again if isinstance(again, tuple) else (again,)
    assert compute(name, table) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_retry_gets_new_numbers(exercise: str) -> None:
    entry: Analytics = corpus().analytics[exercise]
    tables = {table_of(entry, seed).csv() for seed in range(8)}
    assert len(tables) >= 4
    asked = [question.computed_by for question in entry.questions if question.computed_by is not None]
    answers = {tuple(compute(name, table_of(entry, seed))[0] for name in asked) for seed in range(8)}
    assert len(answers) >= 3


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_the_constant_spam_model_is_the_same_at_every_stage(seed: int) -> None:
    entry = corpus().analytics["analytics/constant-spam-model"]
    table = table_of(entry, seed)
    (spam_called, spam_passed), (ham_called, ham_passed) = _matrix(table)
    assert spam_called == ham_called == 0
    assert spam_passed + ham_passed == entry.parameters["mails"]
    assert 0 < spam_passed < ham_passed
    assert (
        compute("accuracy", table)[0]
        == ham_passed / (spam_passed + ham_passed)
        == compute("majority_accuracy", table)[0]
    )
    assert compute("recall", table) == compute("f1", table) == (0.0,)
    accuracy = wanted(entry.id, "how-accurate", seed)
    assert accuracy.shown_in([f"{ham_passed:.0f} of a thousand are right."]) is not None
    assert accuracy.shown_in([f"{spam_passed:.0f} of a thousand are right."]) is None


# --- said in many ways ------------------------------------------------------------------------------------------------

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"


def spelled(value: int) -> str:
    if value < 20:
        return _ONES.split()[value]
    if value < 100:
        return _TENS.split()[value // 10] + (f"-{_ONES.split()[value % 10]}" if value % 10 else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return f"{spelled(value // size)} {name}" + (f" {spelled(rest)}" if rest else "")
    raise AssertionError(value)


def spoken(value: float) -> str:
    """To four decimals, digit by digit: "minus three point one four"."""
    whole, _, decimals = f"{abs(value):.4f}".partition(".")
    decimals = decimals.rstrip("0")
    after = f" point {' '.join(_ONES.split()[int(digit)] for digit in decimals)}" if decimals else ""
    return ("minus " if value < 0 else "") + spelled(int(whole)) + after


def written(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")


def phrasings(value: float, other: float, unit: str | None, tolerance: float) -> list[str]:
    """Ten ways to commit to a value; `other` is one that is mentioned and not meant."""
    share = unit == ""
    percent = " percent" if share and abs(value) < 0.9999 else ""
    factor = 100.0 if percent else 1.0
    name = f" {unit}" if unit else percent
    said, wrong = written(value * factor), written(other * factor)
    low, high = sorted((value * factor * (1 - tolerance / 2), value * factor * (1 + tolerance / 2)))
    narrow = (
        f"somewhere between {written(low)} and {written(high)}{name}"
        if low > 0 and tolerance
        else f"exactly {said}{name}"
    )
    return [
        f"{said}{name}.",
        f"It comes out at about {written(value)}." if unit != "percentage points" else f"It comes out at about {said}.",
        f"So that makes roughly {spoken(value * factor)}{name}.",
        f"I first thought {wrong}{name}, but it's {said}{name}.",
        f"Not {wrong}{name} but {said}{name}.",
        f"{wrong}{name}. No, sorry, {said}{name}.",
        f"In step 2 I divide, and then I get {said}{name}.",
        f"I'd say {narrow}.",
        f"It's {said}{name}, because I added up the whole column and counted its 7 rows.",
        f"As in question 3, at 95 % confidence or not, the result is {said}{name}.",
    ]


def off(found: WantedNumber) -> float:
    """A value at least three tolerances from the one that is meant, and as clearly none of the others."""
    target = found.targets[0]
    if not found.tolerance:
        return target + (1.0 if float(target).is_integer() else 0.2)
    room = abs(target) * found.tolerance if target else found.tolerance
    tries = (target + sign * steps * room for steps in (3, 4, 5, 6, 8) for sign in (1, -1))
    return next(
        value
        for value in tries
        if all(abs(value - each) > 1.9 * abs(each) * found.tolerance for each in found.targets if each)
        and value * target >= 0
    )


@pytest.mark.parametrize(("exercise", "question_id"), QUESTIONS)
def test_the_right_value_is_recognised_and_one_that_is_off_is_not(exercise: str, question_id: str) -> None:
    for seed in SEEDS:
        found = wanted(exercise, question_id, seed)
        right, wrong = found.targets[0], off(found)
        for text in phrasings(right, wrong, found.unit, found.tolerance):
            assert found.shown_in([text]) is not None, (seed, right, found, text)
        for text in phrasings(wrong, right, found.unit, found.tolerance):
            assert found.shown_in([text]) is None, (seed, right, found, text)


def test_an_actually_in_another_part_takes_no_number_back() -> None:
    rubric = corpus().rubric("chains/a-b-testing")
    entry = next(each for each in rubric.criteria if each.criterion.id == "group-size")
    told = number_words(corpus(), an_interview(), rubric.id, entry.part_id, entry.criterion)

    def marked(*said: tuple[str, str]) -> float:
        turns = [
            Turn(f"t{seq}", "i1", seq, Speaker.CANDIDATE, text, WHEN, rubric.id, part)
            for seq, (text, part) in enumerate(said, 1)
        ]
        scorer = CompactScorer(corpus(), Pointing().hold, hashed)
        marks = asyncio.run(scorer.mark(an_interview(), rubric.id, turns))
        return next(mark.p_shown for mark in marks if mark.criterion_id == "group-size")

    assert marked((told, entry.part_id)) > 0.5
    elsewhere = ("I looked once. Actually, we did peek after 3 days.", "the-end")
    assert marked((told, entry.part_id), elsewhere) > 0.5
    assert marked((told, entry.part_id), ("Actually, it's 3 people.", entry.part_id)) < 0.5


def test_a_figure_of_the_project_answers_no_rung_that_was_not_asked_yet() -> None:
    rubric = corpus().rubric("chains/fine-tuning")
    entry = next(each for each in rubric.criteria if each.criterion.id == "bytes-for-all")
    wanted = wanted_number(corpus(), rubric.id, entry.part_id, entry.criterion, an_interview().seed)
    assert wanted is not None
    figure = f"A lawyer checks a sample of {wanted.targets[0]:.0f} a week now."

    def marked(*said: tuple[Speaker, str, str]) -> float:
        turns = [
            Turn(f"t{seq}", "i1", seq, speaker, text, WHEN, rubric.id, part)
            for seq, (speaker, text, part) in enumerate(said, 1)
        ]
        scorer = CompactScorer(corpus(), Pointing().hold, hashed)
        marks = asyncio.run(scorer.mark(an_interview(), rubric.id, turns))
        return next(mark.p_shown for mark in marks if mark.criterion_id == "bytes-for-all")

    asked = (Speaker.INTERVIEWER, "How many bytes is that in all?", entry.part_id)
    late = (Speaker.CANDIDATE, figure, "was-it-better")
    assert marked(late) < 0.5
    assert marked(late, asked) < 0.5
    assert marked(asked, late) > 0.5, "an answer may come after the next question"
