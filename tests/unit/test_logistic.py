"""Models over voices: what is fitted is what the scorer computes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curation.logistic import Softmax
from app.scoring.joined import probabilities, shown_odds

NAMES = ("for", "against")


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Values (n, 2) and classes (n,) drawn by known odds: class 1 by the first value, class 2 by the second."""
    generator = np.random.default_rng(4)
    table = generator.normal(size=(6000, 2))
    odds = np.column_stack([np.zeros(len(table)), 2.0 * table[:, 0] - 0.5, 1.5 * table[:, 1] - 1.0])
    shares = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    return table, np.array([generator.choice(3, p=each) for each in shares])


@pytest.fixture(scope="module")
def model() -> Softmax:
    table, classes = drawn()
    return Softmax.fit(table, classes, np.ones(len(table)))


def test_what_was_drawn_by_known_odds_is_found_again(model: Softmax) -> None:
    assert model.coefficients == pytest.approx(np.array([[2.0, 0.0], [0.0, 1.5]]), abs=0.2)
    assert model.biases == pytest.approx(np.array([-0.5, -1.0]), abs=0.15)


@given(st.tuples(*[st.floats(-50, 50)] * 2))
def test_the_scorer_computes_what_was_fitted(model: Softmax, given_values: tuple[float, float]) -> None:
    fitted = {"shown": model.named(0, NAMES), "contradicted": model.named(1, NAMES)}
    values = dict(zip(NAMES, given_values, strict=True))
    shown, denied = probabilities(values, fitted)
    assert 0.0 <= shown <= 1.0
    assert 0.0 <= denied <= 1.0
    assert shown + denied <= 1.0 + 1e-9
    wanted = model.log_odds(np.array([given_values]))[0]
    assert shown_odds(values, fitted) == pytest.approx(wanted[0], abs=1e-2)
    for p, odds in zip((shown, denied), wanted, strict=True):
        assert p == pytest.approx(1 / (1 + math.exp(-min(700.0, max(-700.0, odds)))), abs=1e-3)


def test_rows_that_count_more_draw_the_model_to_them() -> None:
    table, classes = drawn()
    of_one = Softmax.fit(table, classes, np.where(classes == 2, 5.0, 1.0))
    assert of_one.biases[1] > Softmax.fit(table, classes, np.ones(len(table))).biases[1] + 1.0
