"""Logistic models over voices, of two classes and of several, and how well one tells what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: coefficients (d,) on the values as they come, fitted on values of equal spread."""

    coefficients: npt.NDArray[np.float64]
    bias: float

    @classmethod
    def fit(
        cls,
        table: npt.NDArray[np.float64],
        truth: npt.NDArray[np.bool_],
        weights: npt.NDArray[np.float64] | None = None,
    ) -> Logistic:
        """Fits it on values (n, d) with truth (n,), rows counted by `weights` (n,)."""
        from sklearn.linear_model import LogisticRegression

        spread = table.std(axis=0) + 1e-9
        model = LogisticRegression(C=0.1, max_iter=2000).fit(table / spread, truth, sample_weight=weights)
        return cls(model.coef_[0] / spread, float(model.intercept_[0]))

    def log_odds(self, table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Of values (n, d): (n,)."""
        found: npt.NDArray[np.float64] = table @ self.coefficients + self.bias
        return found

    def named(self, names: Sequence[str]) -> dict[str, float]:
        """The coefficients by name, and the `bias`."""
        values = {name: round(float(value), 5) for name, value in zip(names, self.coefficients, strict=True)}
        return {**values, "bias": round(self.bias, 5)}


@dataclass(frozen=True, slots=True)
class Softmax:
    """A logistic model of several classes (Cox 1966): each class's coefficients (k, d) and biases (k,) against class 0, which has none."""

    coefficients: npt.NDArray[np.float64]
    biases: npt.NDArray[np.float64]

    @classmethod
    def fit(
        cls, table: npt.NDArray[np.float64], classes: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]
    ) -> Softmax:
        """Fits it on values (n, d) with classes (n,), 0..k and each of them there, rows counted by `weights` (n,)."""
        from sklearn.linear_model import LogisticRegression

        spread = table.std(axis=0) + 1e-9
        model = LogisticRegression(C=0.1, max_iter=3000).fit(table / spread, classes, sample_weight=weights)
        # The same is added to all classes without a change in what they come to.
        return cls((model.coef_[1:] - model.coef_[:1]) / spread, model.intercept_[1:] - model.intercept_[0])

    def log_odds(self, table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Of values (n, d): (n, k), of each class but 0 against all others."""
        against_first = table @ self.coefficients.T + self.biases
        all_of_them = np.column_stack([np.zeros(len(table)), against_first])
        found = np.empty_like(against_first)
        for at in range(against_first.shape[1]):
            found[:, at] = against_first[:, at] - np.logaddexp.reduce(np.delete(all_of_them, at + 1, axis=1), axis=1)
        return found

    def named(self, at: int, names: Sequence[str]) -> dict[str, float]:
        """The coefficients of class `at` + 1 by name, and its `bias`."""
        values = {name: round(float(value), 5) for name, value in zip(names, self.coefficients[at], strict=True)}
        return {**values, "bias": round(float(self.biases[at]), 5)}


def auc(truth: npt.NDArray[np.bool_], value: npt.NDArray[np.float64]) -> float:
    """Area under the ROC curve, 0..1, of values (n,) that rank what is true (n,)."""
    from sklearn.metrics import roc_auc_score

    return round(float(roc_auc_score(truth, value)), 3)


def figures_of(truth: npt.NDArray[np.bool_], log_odds: npt.NDArray[np.float64]) -> dict[str, float]:
    """How well log odds (n,) tell what is true: AUC, accuracy at even odds and its floor, false credit; shares 0..1."""
    said = log_odds >= 0
    return {
        "n": len(truth),
        "auc": auc(truth, log_odds),
        "accuracy": round(float((said == truth).mean()), 3),
        "accuracy_floor_majority": round(float(max(truth.mean(), 1 - truth.mean())), 3),
        "false_credit": round(float(said[~truth].mean()), 3),
    }
