"""Fits which sentence of an answer shows a criterion, and which denies it: on changes of one claim, whose place is known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.curation.spoken import Change, SpokenAnswers, turn_of
from app.scoring.criterion_model import CompactScorer
from app.scoring.features import SETTLING, SETTLING_AT_ONCE
from app.scoring.stretches import stretches_of, units_of

MANNERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"closely": SETTLING, "at_once": SETTLING_AT_ONCE}
FEWEST_SENTENCES = 3
"""Of an answer that something can be learned from."""
MOST_CHANGED = 2
"""Sentences that one claim may reach over."""
SHRINKS = 0.02
"""Weight of the squared coefficients, for values of equal spread."""
FOLDS = 5

Table = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Claim:
    """A criterion that is shown or denied in a known place of an answer."""

    question: str
    criterion: str
    which: str
    """`shows` or `denies`."""
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The sentences of an answer as candidates for one of them."""

    question: str
    which: str
    values: Mapping[str, Table]
    """`SETTLING` of each, (n,)."""
    right: tuple[int, ...]


def claims(spoken: Sequence[SpokenAnswers], ids: frozenset[str]) -> Iterator[Claim]:
    """What the changes in answers to these questions say of places: before one that loses a claim, after one that brings one."""
    for each in spoken:
        if each.question not in ids:
            continue
        for change, made in zip(each.changes, each.changed(), strict=True):
            base = next(answer for answer in each.answers if answer.style == change.of)
            first = base.text.index(change.find)
            if change.now != "shown" and base.marks[change.criterion] == "shown":
                yield Claim(each.question, change.criterion, "shows", base.text, first, first + len(change.find))
            if change.now == "absent" or change.now == base.marks[change.criterion]:
                continue
            which = "shows" if change.now == "shown" else "denies"
            before, behind = _kept(change)
            start, end = first + before, first + len(change.put) - behind
            yield Claim(each.question, change.criterion, which, made.text, start, end)


def _kept(change: Change) -> tuple[int, int]:
    """Characters that a change leaves at its beginning and at its end."""
    most = min(len(change.find), len(change.put))
    before = next((at for at in range(most) if change.find[at] != change.put[at]), most)
    behind = next((at for at in range(most - before) if change.find[-1 - at] != change.put[-1 - at]), most - before)
    return before, behind


async def placed(scorer: CompactScorer, every: Sequence[Claim]) -> list[Placed]:
    """The claims that can be learned from; `scorer` reads closely."""
    found = []
    for claim in every:
        stretches = stretches_of(units_of([turn_of(claim.question, claim.text)], claim.question))
        if len(stretches) != 1 or len(stretches[0].units) < FEWEST_SENTENCES:
            continue
        right = tuple(
            at for at, unit in enumerate(stretches[0].units) if unit.start < claim.end and unit.end > claim.start
        )
        read = await scorer.read(claim.question, stretches[0])
        at = next((at for at, each in enumerate(read.criteria) if each.id == claim.criterion), None)
        if at is not None and 1 <= len(right) <= MOST_CHANGED:
            values = {name: value.astype(np.float64) for name, value in read.settling_values(at).items()}
            found.append(Placed(claim.question, claim.which, values, right))
    return found


def fit_settling(every: Sequence[Placed]) -> tuple[dict[str, dict[str, dict[str, float]]], dict[str, Any]]:
    """Coefficients by manner and by what a sentence does, and by folds of questions how often the right one is found."""
    names = sorted({each.question for each in every})
    random.Random(0).shuffle(names)  # noqa: S311 - folds, not secrets
    weights: dict[str, dict[str, dict[str, float]]] = {}
    figures: dict[str, Any] = {}
    for manner, features in MANNERS.items():
        for which, wanted in features.items():
            mine = [each for each in every if each.which == which]
            tables = [np.column_stack([each.values[name] for name in wanted]) for each in mine]
            hits = 0
            for fold in range(FOLDS):
                test = [each.question in names[fold::FOLDS] for each in mine]
                learned = [at for at, held in enumerate(test) if not held]
                fitted = conditional_logit([tables[at] for at in learned], [mine[at].right for at in learned])
                hits += sum(
                    int(np.argmax(table @ fitted)) in each.right
                    for table, each, held in zip(tables, mine, test, strict=True)
                    if held
                )
            fitted = conditional_logit(tables, [each.right for each in mine])
            weights.setdefault(manner, {})[which] = {
                name: round(float(value), 4) for name, value in zip(wanted, fitted, strict=True)
            }
            figures[f"{manner}, {which}"] = {
                "n": len(mine),
                "found": round(hits / len(mine), 3),
                "by chance": round(
                    sum(len(each.right) / len(table) for each, table in zip(mine, tables, strict=True)) / len(mine), 3
                ),
            }
    return weights, figures


def conditional_logit(tables: Sequence[Table], right: Sequence[Sequence[int]]) -> Table:
    """Coefficients (d,) by which one of the right rows (n, d) is the greatest of each table.

    McFadden, Conditional logit analysis of qualitative choice behavior (1974), where several rows may be right; shrunk.
    """
    from scipy.optimize import minimize

    spread = np.concatenate(tables).std(axis=0) + 1e-9
    even = [table / spread for table in tables]

    def loss(coefficients: Table) -> tuple[float, Table]:
        total, slope = SHRINKS * float(coefficients @ coefficients), 2 * SHRINKS * coefficients
        for table, rows in zip(even, right, strict=True):
            odds = table @ coefficients
            p = np.exp(odds - odds.max())
            p /= p.sum()
            hit = p[list(rows)].sum()
            due = np.zeros_like(p)
            due[list(rows)] = p[list(rows)] / hit
            total -= float(np.log(hit)) / len(even)
            slope = slope - table.T @ (due - p) / len(even)
        return total, slope

    found: Table = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B").x / spread
    return found
