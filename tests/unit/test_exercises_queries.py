from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exercises.compare import same
from app.exercises.queries import MAX_ROWS, QueryFailed, run_query
from app.exercises.references import Expected, failures_of_python, failures_of_sql

TABLES = {"visits": {"user_id": "INTEGER", "day": "TEXT"}}
ROWS = {"visits": [(1, "2026-01-01"), (1, "2026-01-02"), (2, None)]}
ENDLESS = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x"


def test_a_select_reads_the_rows_of_the_test_with_window_functions() -> None:
    statement = "SELECT user_id, count(*) OVER (PARTITION BY user_id) FROM visits ORDER BY user_id;"
    assert run_query(statement, TABLES, ROWS) == [(1, 2), (1, 2), (2, 1)]
    assert run_query("SELECT count(*) FROM visits", TABLES, {}) == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM visits",
        "INSERT INTO visits VALUES (3, 'x')",
        "CREATE TABLE mine (a)",
        "ATTACH DATABASE 'elsewhere.db' AS elsewhere",
        "PRAGMA database_list",
        "VACUUM INTO 'copy.db'",
        "SELECT load_extension('mine')",
        "SELECT zeroblob(1000000000)",
        "BEGIN",
    ],
)
def test_whatever_is_not_reading_is_refused(statement: str) -> None:
    with pytest.raises(QueryFailed, match="only reading is allowed"):
        run_query(statement, TABLES, ROWS)


def test_two_statements_are_refused_and_a_wrong_one_says_what_is_wrong() -> None:
    with pytest.raises(QueryFailed, match="one statement"):
        run_query("SELECT 1; DROP TABLE visits", TABLES, ROWS)
    with pytest.raises(QueryFailed, match="no such column: dya"):
        run_query("SELECT dya FROM visits", TABLES, ROWS)


def test_what_runs_on_is_stopped_by_the_clock() -> None:
    ticks = itertools.count()
    with pytest.raises(QueryFailed, match=r"more than 2 s"):
        run_query(ENDLESS, TABLES, ROWS, timeout_s=2.0, clock=lambda: float(next(ticks)))


def test_too_many_rows_are_an_error_and_no_answer() -> None:
    many = f"WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT {MAX_ROWS + 1}) SELECT n FROM x"
    with pytest.raises(QueryFailed, match="more than 5000 rows"):
        run_query(many, TABLES, ROWS)
    assert len(run_query(many.replace(str(MAX_ROWS + 1), str(MAX_ROWS)), TABLES, ROWS)) == MAX_ROWS


def test_rows_of_long_texts_are_an_error_before_they_fill_the_memory() -> None:
    large = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 4000) SELECT printf('%.*c', 900000, 'a') FROM x"
    with pytest.raises(QueryFailed, match="more than 2,000,000 characters"):
        run_query(large, TABLES, ROWS)


def test_long_patterns_are_refused() -> None:
    with pytest.raises(QueryFailed, match="pattern too complex"):
        run_query(f"SELECT day LIKE '{'%a' * 60}' FROM visits", TABLES, ROWS)


def test_what_was_too_slow_is_told_from_what_is_wrong() -> None:
    ticks = itertools.count()
    with pytest.raises(QueryFailed) as slow:
        run_query(ENDLESS, TABLES, ROWS, timeout_s=2.0, clock=lambda: float(next(ticks)))
    with pytest.raises(QueryFailed) as wrong:
        run_query("SELECT dya FROM visits", TABLES, ROWS)
    assert (slow.value.slow, wrong.value.slow) == (True, False)


def test_a_python_solution_is_held_against_each_test() -> None:
    source = "def half(n):\n    print('noise')\n    if n < 0:\n        raise ValueError('negative')\n    return n / 2\n"
    good = [Expected(args=[3], value=1.5), Expected(args=[-1], raises="ValueError")]
    assert failures_of_python(source, "half", good) == []
    assert failures_of_python(source, "half", [*good, Expected(args=[4], value=3)]) == ["test 3: gives 2.0, expected 3"]
    assert failures_of_python(source, "half", [Expected(args=[-2], value=1)]) == ["test 1: raises ValueError: negative"]
    assert failures_of_python(source, "half", [Expected(args=[2], raises="ValueError")]) == [
        "test 1: raises nothing, expected ValueError"
    ]
    assert "does not run" in failures_of_python("def half(:", "half", good)[0]


def test_a_solution_that_never_ends_is_a_failure() -> None:
    source = "def spin():\n    while True:\n        pass\n"
    assert failures_of_python(source, "spin", [Expected(value=1)], timeout_s=0.5) == ["it did not end within 0.5 s"]


def test_a_sql_solution_is_held_against_each_test_and_order_counts_unless_left_open() -> None:
    statement = "SELECT user_id FROM visits ORDER BY day"
    as_told = Expected(rows=ROWS, value=[[2], [1], [1]])
    other_order = Expected(rows=ROWS, value=[[1], [2], [1]])
    assert failures_of_sql(statement, TABLES, [as_told]) == []
    assert len(failures_of_sql(statement, TABLES, [as_told, other_order])) == 1
    assert failures_of_sql(statement, TABLES, [Expected(rows=ROWS, value=[[1], [2], [1]], compare="same-items")]) == []
    assert failures_of_sql("DROP TABLE visits", TABLES, [as_told])[0].startswith("test 1: only reading")


@pytest.mark.parametrize(
    ("found", "expected", "compare", "agree"),
    [
        (1, 1.0, "equal", True),
        (True, 1, "equal", False),
        ("1", 1, "close", False),
        ((1, [2.0000001]), [1, [2]], "close", True),
        ((1, [2.0000001]), [1, [2]], "equal", False),
        ([2, 1], [1, 2], "equal", False),
        ([2, 1], [1, 2], "same-items", True),
        ([1, 1, 2], [1, 2, 2], "same-items", False),
        ({"a": 1.0}, {"a": 1}, "equal", True),
        ({"a": 1}, {"b": 1}, "equal", False),
        (float("nan"), float("nan"), "equal", True),
        (None, [], "same-items", False),
        (10**400, 1.0, "close", False),
        (10**400, 10**400, "close", True),
        (2**53 + 1, 2**53, "equal", False),
        (float("inf"), float("inf"), "equal", True),
        (float("inf"), 1, "close", False),
    ],
)
def test_results_agree_or_not(found: object, expected: object, compare: str, agree: bool) -> None:
    assert same(found, expected, compare, 1e-6) is agree


@given(st.lists(st.one_of(st.integers(), st.text(max_size=3), st.none())), st.randoms())
def test_any_order_of_the_same_items_agrees(items: list[object], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same(shuffled, items, "same-items", 0.0)
    assert not same([*shuffled, "one more"], items, "same-items", 0.0)
