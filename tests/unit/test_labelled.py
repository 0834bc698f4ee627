from __future__ import annotations

import numpy as np
import pytest

from evals.judging.labelled import interval, length, overlap


@pytest.mark.parametrize(
    ("wanted", "text", "share"),
    [
        ("The scaler is fitted", "the SCALER, is fitted twice", 1.0),
        ("one two three four", "two four", 0.5),
        ("one", "", 0.0),
        ("", "one", 0.0),
    ],
)
def test_overlap_is_the_share_of_the_wanted_words(wanted: str, text: str, share: float) -> None:
    assert overlap(wanted, text) == share


def test_length_counts_words() -> None:
    assert length("It's 3.5, I think.") == 6


def test_an_interval_is_of_groups_and_not_of_rows() -> None:
    generator = np.random.default_rng(1)
    groups = [f"g{at // 50}" for at in range(1000)]
    # Every row of a group is alike, so that there are twenty facts and not a thousand.
    values = np.repeat(generator.normal(0.0, 1.0, 20), 50)
    low, high = interval(groups, lambda places: float(values[places].mean()))
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(20), rel=0.25)
    assert interval(groups, lambda places: float(values[places].mean())) == (low, high)
