from __future__ import annotations

import csv
import io
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.numbers import matches
from app.exercises.computations import COMPUTATIONS, compute
from app.exercises.tables import GENERATORS, Table, TableInvalid, make_table, table_for

PARAMETERS: dict[str, dict[str, Any]] = {
    "customers": {"rows": 12, "groups": {"single": 0.6, "married": 0.2, "divorced": 0.4}},
    "fraud_by_category": {"categories": ["fuel", "toys"], "payments": [4000, 900], "rates": [0.01, 0.03]},
    "two_arms": {"visitors": 20000, "rate": 0.05, "lift": 0.1},
    "confusion": {"cases": 5000, "positive_share": 0.04, "recall": 0.8, "false_alarm_rate": 0.03},
    "constant_model": {"mails": 1000, "spam_share": 0.1},
    "sample_size": {"base_rates": [0.05, 0.1], "effects": [0.01, 0.02], "daily_visitors": [4000, 9000]},
    "small_network": {"sides": [28, 32], "filters": [8, 16], "kernels": [3, 5], "classes": [4, 10]},
    "transformer": {
        "layers": [24, 32],
        "widths": [2048, 4096],
        "key_heads": [4, 8],
        "head_size": 128,
        "tokens": [8192],
    },
    "learning_curves": {"sizes": [500, 1000, 2000], "floor": 0.1, "gap": 0.12},
    "cohorts": {"cohorts": ["May", "June"], "sizes": [1000, 2000], "keep": [0.5, 0.35, 0.3]},
    "latencies": {"requests": 20, "typical_ms": 80, "slow_share": 0.1, "slow_factor": 9.0, "limit_ms": 200},
    "forecasts": {"days": 8, "level": 500, "bias": 0.05, "noise": 0.04},
    "thresholds": {"positives": 200, "negatives": 20000, "miss_cost": 400, "alarm_cost": 5},
    "points": {"points": 5, "slopes": [0.5, 2.0], "intercepts": [1.0, 3.0], "noise": 2},
    "treatments": {"easy": 800, "hard": 600},
}


def table_of(generator: str, seed: int) -> Table:
    return make_table(generator, PARAMETERS[generator], seed)


def test_every_generator_is_tried_here() -> None:
    assert set(PARAMETERS) == set(GENERATORS)


@settings(max_examples=40, deadline=None)
@given(generator=st.sampled_from(sorted(GENERATORS)), seed=st.integers(0, 10**6))
def test_a_seed_gives_one_table_which_reads_back_from_csv(generator: str, seed: int) -> None:
    table = table_of(generator, seed)
    assert table == table_of(generator, seed)
    read = list(csv.reader(io.StringIO(table.csv())))
    assert read == [list(table.columns), *[[str(cell) for cell in row] for row in table.rows]]
    assert table.markdown().count("\n") == len(table.rows) + 1


CELLS = st.one_of(st.text(max_size=20), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6))


@given(names=st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=4), data=st.data())
def test_no_cell_breaks_out_of_its_table(names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*(CELLS for _ in names)), max_size=4))
    table = Table(tuple(names), tuple(rows))
    lines = table.markdown().split("\n")
    assert len(lines) == len(rows) + 2
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(names) + 1
        assert not re.search(r"(?<!\\)(?:\\\\)*[<`\[]", line)
    read = list(csv.reader(io.StringIO(table.csv(), newline="")))
    for cells, line_read in zip([table.columns, *rows], read, strict=True):
        for cell, said in zip(cells, line_read, strict=True):
            if isinstance(cell, str):
                assert said in {cell, f"'{cell}"}
                assert said.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"} or not said.strip(" ")
            else:
                assert float(said) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_formula_is_text_to_a_spreadsheet(cell: str) -> None:
    assert list(csv.reader(io.StringIO(Table(("x",), ((cell,),)).csv(), newline="")))[1] == [f"'{cell}"]


def test_numbers_stay_numbers_in_csv_and_stand_to_the_right_in_markdown() -> None:
    table = Table(("a|b", "n"), (("x", -2), ("y", 3.5)))
    assert table.csv() == "a|b,n\r\nx,-2\r\ny,3.5\r\n"
    assert table.markdown() == "| a\\|b | n |\n| --- | ---: |\n| x | -2 |\n| y | 3.5 |"
    assert table.numerals() == (-2.0, 3.5)


def test_an_interview_has_one_table_of_an_exercise_and_a_retry_another() -> None:
    first, again, retry = (table_for("analytics/x", "points", PARAMETERS["points"], seed) for seed in (4, 4, 5))
    assert first == again != retry
    assert first != table_for("analytics/y", "points", PARAMETERS["points"], 4)


@pytest.mark.parametrize("generator", sorted(GENERATORS))
def test_another_seed_gives_another_table(generator: str) -> None:
    assert len({table_of(generator, seed).csv() for seed in range(20)}) > 1


def test_every_computation_works_on_some_table_and_is_finite() -> None:
    tables = [table_of(generator, seed) for generator in GENERATORS for seed in range(5)]
    for name in COMPUTATIONS:
        values = []
        for table in tables:
            try:
                values.append(compute(name, table))
            except TableInvalid:
                continue
        assert values, name
        assert all(math.isfinite(value) for each in values for value in each), name


def test_what_cannot_be_made_or_computed_says_so() -> None:
    with pytest.raises(TableInvalid, match="no generator 'x'"):
        make_table("x", {}, 1)
    with pytest.raises(TableInvalid, match="cannot be made"):
        make_table("points", {"points": 5}, 1)
    with pytest.raises(TableInvalid, match="cannot be made"):
        make_table("points", {**PARAMETERS["points"], "colour": "red"}, 1)
    with pytest.raises(TableInvalid, match="no computation 'x'"):
        compute("x", table_of("points", 1))
    with pytest.raises(TableInvalid, match="cannot be computed"):
        compute("slope", table_of("confusion", 1))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_answers_agree_with_numpy(seed: int) -> None:
    customers = table_of("customers", seed)
    ages = np.array(customers.numbers("age"))
    assert compute("age_mean", customers)[0] == pytest.approx(ages.mean())
    assert compute("age_median", customers)[0] == pytest.approx(np.median(ages))
    assert compute("age_deviation", customers) == pytest.approx((ages.std(ddof=1), ages.std()))
    points = table_of("points", seed)
    xs, ys = np.array(points.numbers("x")), np.array(points.numbers("y"))
    slope, intercept = np.polyfit(xs, ys, 1)
    assert compute("slope", points)[0] == pytest.approx(slope)
    assert compute("intercept", points)[0] == pytest.approx(intercept)
    assert compute("explained", points)[0] == pytest.approx(np.corrcoef(xs, ys)[0, 1] ** 2)
    times = table_of("latencies", seed)
    assert compute("latency_p90", times)[1] == pytest.approx(np.percentile(times.numbers("ms"), 90))
    forecasts = table_of("forecasts", seed)
    errors = np.array(forecasts.numbers("forecast")) - np.array(forecasts.numbers("actual"))
    assert compute("root_mean_squared_error", forecasts)[0] == pytest.approx(np.sqrt((errors**2).mean()))
    assert compute("mean_absolute_error", forecasts)[0] <= compute("root_mean_squared_error", forecasts)[0] + 1e-9


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_rates_of_a_matrix_hold_together(seed: int) -> None:
    table = table_of("confusion", seed)
    precision, recall = compute("precision", table)[0], compute("recall", table)[0]
    assert compute("f1", table)[0] == pytest.approx(2 * precision * recall / (precision + recall))
    constant = table_of("constant_model", seed)
    assert compute("recall", constant)[0] == 0.0
    assert compute("accuracy", constant)[0] == compute("majority_accuracy", constant)[0]
    with pytest.raises(TableInvalid):
        compute("precision", constant)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_planted_patterns_are_there(seed: int) -> None:
    treatments = table_of("treatments", seed)
    assert compute("healed_by_a_in_hard", treatments)[0] > compute("healed_by_b_in_hard", treatments)[0]
    assert compute("healed_by_a", treatments)[0] < compute("healed_by_b", treatments)[0]
    curves = table_of("learning_curves", seed)
    assert 0 < compute("last_gap", curves)[0] < curves.numbers("validation_error")[0]
    assert compute("churn_gap_of_groups", table_of("customers", seed))[0] > 0.2


def test_a_worked_example_by_hand() -> None:
    table = Table(("x", "y"), ((1, 2), (2, 4), (3, 5), (4, 4), (5, 5)))
    assert compute("slope", table)[0] == pytest.approx(0.6)
    assert compute("intercept", table)[0] == pytest.approx(2.2)
    network = Table((), (), {"side": 32, "kernel": 3, "filters": 16, "classes": 10, "conv": 30, "pooled": 15})
    assert compute("convolution_weights", network) == (448,)
    assert compute("dense_weights", network) == (36010,)
    cache = Table((), (), {"layers": 32, "heads": 8, "head_size": 128, "tokens": 8192, "width": 4096})
    assert compute("cache_bytes_a_token", cache)[0] == 131072
    assert matches("about 131 kilobytes", compute("cache_bytes_a_token", cache)[0], 0.01, unit="bytes") is not None
