from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.material.expressions import CONDITIONS, ExpressionInvalid, combinations, evaluate, holds, names_in

NUMBERS = st.integers(min_value=-1000, max_value=1000)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (14, 14.0),
        ("2 * size * rank", 65536.0),
        ("size * size / (2 * size * rank)", 256.0),
        ("-3 ** 2", -9.0),
        ("7 // 2 + 7 % 2", 4.0),
        ("sqrt(16) + max(1, 2, 3) + comb(5, 2)", 17.0),
        ("log(e) + log2(8) + factorial(4)", 28.0),
        ("2 * pi", 2 * math.pi),
        ("1e-3", 0.001),
    ],
)
def test_arithmetic(expression: str | float, value: float) -> None:
    assert evaluate(expression, {"size": 4096, "rank": 8}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')",
        "().__class__",
        "size.real",
        "[1, 2]",
        "lambda: 1",
        "size if size else 1",
        "'a' * 3",
        "True + 1",
        "1j",
        "exec(1)",
        "max(*[1, 2])",
        "round(number=1)",
        "1 < 2",
        "x := 1",
        "2 *",
        "",
        "1 / 0",
        "1 % 0",
        "sqrt(-1)",
        "(-8) ** 0.5",
        "10 ** 10 ** 10",
        "9.0 ** 999",
        "factorial(100000)",
        "comb(2.5, 1)",
        "factorial(-1)",
        "max(1)",
        "unknown + 1",
        "exp(1000)",
        "1e999",
        "(" * 400 + "1" + ")" * 400,
        "-" * 299 + "x",
        "1 if",
        "a\x00b",
    ],
)
def test_anything_else_is_refused_with_a_reason(expression: str) -> None:
    with pytest.raises(ExpressionInvalid) as caught:
        evaluate(expression, {"size": 4096})
    assert str(caught.value)


@given(st.text(max_size=40))
def test_no_text_does_more_than_be_computed_or_refused(text: str) -> None:
    try:
        value = evaluate(text)
    except ExpressionInvalid:
        return
    assert math.isfinite(value)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_sums_agree_with_python(a: int, b: int, c: int) -> None:
    assert evaluate("a * b - (c + a) * 2", {"a": a, "b": b, "c": c}) == a * b - (c + a) * 2


def test_names_leave_out_functions_and_constants() -> None:
    assert names_in("sqrt(size) * pi + rank") == {"size", "rank"}
    assert names_in(3) == frozenset()


def test_every_named_condition_is_a_comparison_over_names() -> None:
    for name in CONDITIONS:
        values = dict.fromkeys(names_in(CONDITIONS[name]), 1.0)
        assert values
        assert holds(name, values) in {True, False}


def test_weights_are_compared_with_memory_in_bytes() -> None:
    seven_billion = {"base_params": 7e9, "base_bits": 16.0, "gpu_memory": 13.0}
    assert holds("weights_exceed_memory", seven_billion)
    assert not holds("weights_exceed_memory", seven_billion | {"gpu_memory": 14.0})


def test_a_condition_with_an_unknown_fact_does_not_hold() -> None:
    assert not holds("weights_exceed_memory", {"base_params": 7e9})


def test_comparisons_can_be_joined_and_chained() -> None:
    assert holds("1 < a < 3 and (b == 2 or b > 9)", {"a": 2, "b": 10})
    assert not holds("1 < a < 3 and (b == 2 or b > 9)", {"a": 2, "b": 5})


@pytest.mark.parametrize("condition", ["no_such_name", "1 + 2", "a in b", "not a", "a is b", "a and b"])
def test_a_condition_that_compares_nothing_is_refused(condition: str) -> None:
    with pytest.raises(ExpressionInvalid):
        holds(condition, {"a": 1, "b": 2})


def test_every_way_to_draw() -> None:
    assert len(list(combinations({"size": (1, 2, 3), "rank": (4, 8)}))) == 6
    assert list(combinations({})) == [{}]
