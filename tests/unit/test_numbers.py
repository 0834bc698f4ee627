from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbers import matches, numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about 65,536", 65536),
        ("sixty-five thousand", 65000),
        ("it's 0.37", 0.37),
        ("37 %", 0.37),
        ("thirty-seven percent", 0.37),
        ("3/8", 0.375),
        ("1.2 million", 1.2e6),
        ("4.2M", 4.2e6),
        ("7B parameters", 7e9),
        ("two hundred and fifty-six times", 256),
        ("a 1e-3 rate", 0.001),
        ("minus... -4", -4),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert numbers(text)[-1].value == pytest.approx(value)


def test_a_percentage_meets_its_points_and_its_share() -> None:
    assert matches("about 37 %", 37, 0.02) is not None
    assert matches("about 37 %", 0.37, 0.02) is not None
    assert matches("about 40 %", 37, 0.02) is None


def test_the_last_matching_number_counts() -> None:
    found = matches("14, no 15, no wait, 14", 14, 0.0)
    assert found is not None
    assert found.start == len("14, no 15, no wait, ")


@given(st.text(max_size=200))
def test_any_text_is_read_without_fail(text: str) -> None:
    for number in numbers(text):
        assert 0 <= number.start < number.end <= len(text)


@given(st.integers(0, 10**9))
def test_written_integers_come_back(value: int) -> None:
    assert numbers(f"so {value:,} of them")[0].value == value
