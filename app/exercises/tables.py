"""Tables to be analysed, made from a seed: always the same for one interview, new numbers for the next.

Every generator is given what its exercise's file says under `parameters`, and refuses what it does not know.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Cell = int | float | str
Draw = random.Random


class TableInvalid(ValueError):
    """An exercise asks for a table that cannot be made: an unknown generator, or a parameter that it lacks or does not know."""


@dataclass(frozen=True, slots=True)
class Table:
    """A small table as the candidate sees it, and what it was made with."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    facts: Mapping[str, float] = field(default_factory=dict)
    """Numbers told beside the table: a price, a budget, a page size."""

    def column(self, name: str) -> list[Cell]:
        """The cells of a column, from the top."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def numbers(self, name: str) -> list[float]:
        """The cells of a column of numbers."""
        return [float(cell) for cell in self.column(name)]

    def numerals(self) -> tuple[float, ...]:
        """Every number that the candidate is given: in a cell, and told beside the table."""
        cells = [float(cell) for row in self.rows for cell in row if not isinstance(cell, str)]
        return tuple(dict.fromkeys([*cells, *map(float, self.facts.values())]))

    def markdown(self) -> str:
        """A table in Markdown, numbers to the right. What has a meaning in Markdown or HTML is escaped in every cell."""
        ruler = ("---:" if self._is_of_numbers(place) else "---" for place in range(len(self.columns)))
        lines = [map(_in_markdown, self.columns), ruler, *(map(_in_markdown, row) for row in self.rows)]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    def csv(self) -> str:
        """The same as CSV, RFC 4180. A text that a spreadsheet would run as a formula has an apostrophe before it."""
        target = io.StringIO()
        csv.writer(target).writerows([map(_in_csv, line) for line in (self.columns, *self.rows)])
        return target.getvalue()

    def _is_of_numbers(self, place: int) -> bool:
        return bool(self.rows) and not any(isinstance(row[place], str) for row in self.rows)


_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~$&!]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _in_markdown(cell: Cell) -> str:
    return _MARKS.sub(r"\\\g<0>", " ".join(cell.split())) if isinstance(cell, str) else str(cell)


def _in_csv(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def table_for(exercise_id: str, generator: str, parameters: Mapping[str, Any], interview_seed: int) -> Table:
    """The table of an exercise in an interview: always the same in it, new numbers in the next.

    Raises:
        TableInvalid: as `make_table`.
    """
    return make_table(generator, parameters, f"{interview_seed}/{exercise_id}")


def make_table(generator: str, parameters: Mapping[str, Any], seed: int | str) -> Table:
    """The table of a seed.

    Raises:
        TableInvalid: there is no such generator, or it cannot work with these parameters.
    """
    make = GENERATORS.get(generator)
    if make is None:
        raise TableInvalid(f"there is no generator '{generator}'; known are {', '.join(sorted(GENERATORS))}")
    try:
        return make(random.Random(f"{generator}/{seed}"), **parameters)  # noqa: S311 - exercises, not secrets
    except (TypeError, ValueError, IndexError) as error:
        raise TableInvalid(f"'{generator}' cannot be made: {error}") from None


def _customers(draw: Draw, *, rows: int, groups: Mapping[str, float]) -> Table:
    """Customers who stayed or left; `groups` gives each relationship status its chance of leaving."""
    names = list(groups)
    found: list[tuple[Cell, ...]] = []
    for number in range(rows):
        status = names[number % len(names)]
        age = draw.randint(21, 68)
        income = 1000 * (draw.randint(18, 60) + (age - 20) // 3)
        left = "yes" if draw.random() < groups[status] else "no"
        found.append((income, age, draw.choice(("f", "m")), status, left))
    draw.shuffle(found)
    # The pattern is certain to be there: otherwise a question about it would be a trap.
    worst = max(groups, key=lambda name: groups[name])
    best = min(groups, key=lambda name: groups[name])
    found = [(*row[:4], "yes" if row[3] == worst and index % 4 else row[4]) for index, row in enumerate(found)]
    found = [(*row[:4], "no" if row[3] == best and index % 4 else row[4]) for index, row in enumerate(found)]
    return Table(("income", "age", "gender", "relationship_status", "left"), tuple(found))


def _fraud_by_category(draw: Draw, *, categories: list[str], payments: list[int], rates: list[float]) -> Table:
    """Payments and frauds by kind of shop, each rate varied by a quarter."""
    found = []
    for name, count, rate in zip(categories, payments, rates, strict=True):
        total = draw.randrange(count * 8 // 10, count * 12 // 10, 10)
        found.append((name, total, max(1, round(total * rate * draw.uniform(0.75, 1.25)))))
    return Table(("category", "payments", "frauds"), tuple(found))


def _two_arms(draw: Draw, *, visitors: int, rate: float, lift: float) -> Table:
    """Visitors and buyers of an experiment's two arms; `lift` is the true difference as a share of `rate`."""
    found = []
    for arm, chance in (("A", rate), ("B", rate * (1 + lift * draw.uniform(0.7, 1.3)))):
        count = draw.randrange(visitors * 95 // 100, visitors * 105 // 100, 10)
        spread = (count * chance * (1 - chance)) ** 0.5
        found.append((arm, count, round(draw.gauss(count * chance, 0.3 * spread))))
    return Table(("arm", "visitors", "buyers"), tuple(found))


def _confusion(draw: Draw, *, cases: int, positive_share: float, recall: float, false_alarm_rate: float) -> Table:
    """A classifier's confusion matrix: rows are the truth, columns the prediction."""
    positives = round(cases * positive_share * draw.uniform(0.8, 1.2))
    negatives = cases - positives
    hits = round(positives * min(0.98, recall * draw.uniform(0.9, 1.1)))
    alarms = round(negatives * false_alarm_rate * draw.uniform(0.8, 1.2))
    return Table(
        ("truth", "predicted_yes", "predicted_no"),
        (("yes", hits, positives - hits), ("no", alarms, negatives - alarms)),
    )


def _constant_model(draw: Draw, *, mails: int, spam_share: float) -> Table:
    """Mail counts for a filter that calls nothing spam."""
    spam = round(mails * spam_share * draw.uniform(0.7, 1.3))
    return Table(("truth", "predicted_spam", "predicted_ham"), (("spam", 0, spam), ("ham", 0, mails - spam)))


def _sample_size(draw: Draw, *, base_rates: list[float], effects: list[float], daily_visitors: list[int]) -> Table:
    """A planned experiment: base rate, smallest effect that matters, visitors a day for both arms together."""
    base, effect, daily = draw.choice(base_rates), draw.choice(effects), draw.choice(daily_visitors)
    return Table(
        ("quantity", "value"),
        (("base rate", base), ("smallest difference that matters", effect), ("visitors a day, both arms", daily)),
        {"base": base, "effect": effect, "daily": float(daily)},
    )


def _small_network(
    draw: Draw, *, sides: list[int], filters: list[int], kernels: list[int], classes: list[int]
) -> Table:
    """A network of one convolution (stride 1, no padding), 2 by 2 pooling and one dense layer, on color pictures."""
    side, kernel = draw.choice(sides), draw.choice(kernels)
    width, labels = draw.choice(filters), draw.choice(classes)
    conv = side - kernel + 1
    pooled = conv // 2
    return Table(
        ("layer", "output", "detail"),
        (
            ("picture", f"{side} x {side} x 3", "color"),
            ("convolution", f"? x ? x {width}", f"{kernel} x {kernel}, stride 1, no padding, bias"),
            ("max pooling", f"? x ? x {width}", "2 x 2, stride 2"),
            ("dense", f"{labels}", "on all pooled values, bias"),
        ),
        {"side": side, "kernel": kernel, "filters": width, "classes": labels, "conv": conv, "pooled": pooled},
    )


def _transformer(
    draw: Draw, *, layers: list[int], widths: list[int], key_heads: list[int], head_size: int, tokens: list[int]
) -> Table:
    """A decoder in 16 bits with grouped keys: what its cache and its weights take."""
    depth, width, heads, context = draw.choice(layers), draw.choice(widths), draw.choice(key_heads), draw.choice(tokens)
    return Table(
        ("quantity", "value"),
        (
            ("layers", depth),
            ("model width", width),
            ("key and value heads", heads),
            ("size of a head", head_size),
            ("tokens in the context", context),
            ("bytes a number", 2),
        ),
        {"layers": depth, "width": width, "heads": heads, "head_size": head_size, "tokens": context},
    )


def _learning_curves(draw: Draw, *, sizes: list[int], floor: float, gap: float) -> Table:
    """Training and validation error by number of rows: the gap closes, the floor stays."""
    level = floor * draw.uniform(0.85, 1.15)
    spread = gap * draw.uniform(0.85, 1.15)
    found = []
    for size in sizes:
        apart = spread * (sizes[0] / size) ** 0.5
        found.append((size, round(max(0.001, level - apart * 0.45), 3), round(level + apart, 3)))
    return Table(("rows", "training_error", "validation_error"), tuple(found))


def _cohorts(draw: Draw, *, cohorts: list[str], sizes: list[int], keep: list[float]) -> Table:
    """New users by month and how many of them came back one, two and three months later."""
    found: list[tuple[Cell, ...]] = []
    for number, (name, size) in enumerate(zip(cohorts, sizes, strict=True)):
        start = draw.randrange(size * 9 // 10, size * 11 // 10, 10)
        shares = [share * draw.uniform(0.93, 1.07) * (1 - 0.06 * number) for share in keep]
        found.append((name, start, *(round(start * share) for share in shares)))
    return Table(("month", "new_users", *(f"after_{n}" for n in range(1, len(keep) + 1))), tuple(found))


def _latencies(
    draw: Draw, *, requests: int, typical_ms: int, slow_share: float, slow_factor: float, limit_ms: int
) -> Table:
    """Answer times of requests in milliseconds, sorted; a few are far slower."""
    slow = max(1, round(requests * slow_share))
    times = [round(typical_ms * draw.uniform(0.7, 1.4)) for _ in range(requests - slow)]
    times += [round(typical_ms * slow_factor * draw.uniform(0.8, 1.3)) for _ in range(slow)]
    return Table(
        ("request", "ms"), tuple((number, ms) for number, ms in enumerate(sorted(times), 1)), {"limit": float(limit_ms)}
    )


def _forecasts(draw: Draw, *, days: int, level: int, bias: float, noise: float) -> Table:
    """What was forecast and what came, by day; one day holds an event that nobody foresaw."""
    event = draw.randrange(days)
    found = []
    for day in range(days):
        actual = round(level * draw.uniform(0.85, 1.15))
        forecast = round(actual * (1 + bias) + level * draw.uniform(-noise, noise))
        found.append((day + 1, forecast, round(actual * 1.5) if day == event else actual))
    return Table(("day", "forecast", "actual"), tuple(found))


def _thresholds(draw: Draw, *, positives: int, negatives: int, miss_cost: int, alarm_cost: int) -> Table:
    """What a screening model would miss and raise at several thresholds; costs stand beside the table."""
    found = []
    for threshold, missed, raised in ((0.2, 0.05, 0.30), (0.4, 0.12, 0.12), (0.6, 0.28, 0.04), (0.8, 0.50, 0.01)):
        found.append(
            (
                threshold,
                round(positives * missed * draw.uniform(0.8, 1.2)),
                round(negatives * raised * draw.uniform(0.8, 1.2)),
            )
        )
    return Table(
        ("threshold", "missed", "false_alarms"), tuple(found), {"miss_cost": miss_cost, "alarm_cost": alarm_cost}
    )


def _points(draw: Draw, *, points: int, slopes: list[float], intercepts: list[float], noise: int) -> Table:
    """Few points near a line, x from 1: a regression that can be done by hand."""
    slope, intercept = draw.choice(slopes), draw.choice(intercepts)
    ys = [round(intercept + slope * x + draw.randint(-noise, noise)) for x in range(1, points + 1)]
    if len(set(ys)) == 1:
        ys[-1] += 1
    return Table(("x", "y"), tuple(enumerate(ys, 1)))


def _admissions(draw: Draw, *, easy: int, hard: int) -> Table:
    """Two treatments over an easy and a hard group: each group favors A, and the sum favors B."""
    a_easy, a_hard = draw.randrange(easy // 8, easy // 6), draw.randrange(hard * 8 // 10, hard)
    b_easy, b_hard = draw.randrange(easy * 8 // 10, easy), draw.randrange(hard // 8, hard // 6)
    rates = {"easy": (0.92, 0.86), "hard": (0.40, 0.30)}
    found = (
        ("A", "easy", a_easy, round(a_easy * rates["easy"][0])),
        ("A", "hard", a_hard, round(a_hard * rates["hard"][0])),
        ("B", "easy", b_easy, round(b_easy * rates["easy"][1])),
        ("B", "hard", b_hard, round(b_hard * rates["hard"][1])),
    )
    return Table(("treatment", "group", "cases", "healed"), found)


GENERATORS: Mapping[str, Callable[..., Table]] = {
    "customers": _customers,
    "fraud_by_category": _fraud_by_category,
    "two_arms": _two_arms,
    "confusion": _confusion,
    "constant_model": _constant_model,
    "sample_size": _sample_size,
    "small_network": _small_network,
    "transformer": _transformer,
    "learning_curves": _learning_curves,
    "cohorts": _cohorts,
    "latencies": _latencies,
    "forecasts": _forecasts,
    "thresholds": _thresholds,
    "points": _points,
    "treatments": _admissions,
}
"""Makers of tables by the name that an exercise gives."""
