"""Answers to questions about a generated table, computed from its cells and never typed.

Each gives the values that are right: the first is what is meant, the others will do as well (a sample's deviation and a
population's, a percentile by nearest rank and by interpolation). Shares are given as shares, bytes as bytes: who reads an answer
converts its units.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping

from app.exercises.tables import Table, TableInvalid

Z_95 = 1.96
"""Two-sided 95 % of the normal distribution."""
POWER_FACTOR = 16.0
"""About 2 (1.96 + 0.84)^2 = 15.7: visitors an arm for 80 % power at 5 %, times p (1 - p) / difference^2."""
BYTES_FP32 = 4


def compute(name: str, table: Table) -> tuple[float, ...]:
    """The right values of a computation on a table, the first one meant.

    Raises:
        TableInvalid: there is no such computation, or the table lacks what it needs.
    """
    work = COMPUTATIONS.get(name)
    if work is None:
        raise TableInvalid(f"there is no computation '{name}'; known are {', '.join(sorted(COMPUTATIONS))}")
    try:
        return work(table)
    except (LookupError, ValueError, ZeroDivisionError) as error:
        raise TableInvalid(f"'{name}' cannot be computed on this table: {error!r}") from None


# --- customers --------------------------------------------------------------------------------------------------------


def _ages(table: Table) -> list[float]:
    return table.numbers("age")


def _leaving(table: Table) -> dict[str, float]:
    """Share of each relationship status that left."""
    found: dict[str, list[int]] = {}
    for status, left in zip(table.column("relationship_status"), table.column("left"), strict=True):
        found.setdefault(str(status), []).append(left == "yes")
    return {status: sum(each) / len(each) for status, each in found.items()}


def _churn_rate(table: Table) -> float:
    left = table.column("left")
    return left.count("yes") / len(left)


def _deviation(values: list[float]) -> tuple[float, ...]:
    return statistics.stdev(values), statistics.pstdev(values)


# --- counts -----------------------------------------------------------------------------------------------------------


def _fraud_rates(table: Table) -> list[float]:
    return [frauds / all_ for frauds, all_ in zip(table.numbers("frauds"), table.numbers("payments"), strict=True)]


def _arms(table: Table) -> tuple[float, float, float, float]:
    """Visitors and rate of A, visitors and rate of B."""
    visitors, buyers = table.numbers("visitors"), table.numbers("buyers")
    return visitors[0], buyers[0] / visitors[0], visitors[1], buyers[1] / visitors[1]


def _standard_error(table: Table) -> float:
    count_a, a, count_b, b = _arms(table)
    return math.sqrt(a * (1 - a) / count_a + b * (1 - b) / count_b)


def _z_score(table: Table) -> tuple[float, ...]:
    """By the two arms' own variances, and by the pooled rate, as texts differ."""
    count_a, a, count_b, b = _arms(table)
    pooled = (a * count_a + b * count_b) / (count_a + count_b)
    by_pooled = (b - a) / math.sqrt(pooled * (1 - pooled) * (1 / count_a + 1 / count_b))
    return (b - a) / _standard_error(table), by_pooled


def _interval_end(table: Table, sign: int) -> tuple[float, ...]:
    _, a, _, b = _arms(table)
    return (b - a + sign * Z_95 * _standard_error(table),)


def _cells(table: Table) -> tuple[float, float, float, float]:
    """True positives, misses, false alarms, true negatives of a matrix whose first row is the positive class."""
    (hits, misses), (alarms, rest) = (tuple(float(cell) for cell in row[1:]) for row in table.rows)
    return hits, misses, alarms, rest


def _precision(table: Table) -> float:
    hits, _, alarms, _ = _cells(table)
    return hits / (hits + alarms)


def _recall(table: Table) -> float:
    hits, misses, _, _ = _cells(table)
    return hits / (hits + misses)


def _f1(table: Table) -> float:
    hits, misses, alarms, _ = _cells(table)
    return 2 * hits / (2 * hits + misses + alarms)


def _accuracy(table: Table) -> float:
    hits, _, _, rest = cells = _cells(table)
    return (hits + rest) / sum(cells)


def _majority(table: Table) -> float:
    hits, misses, alarms, rest = _cells(table)
    return max(hits + misses, alarms + rest) / (hits + misses + alarms + rest)


def _visitors_an_arm(table: Table) -> float:
    base, effect = table.facts["base"], table.facts["effect"]
    return POWER_FACTOR * base * (1 - base) / effect**2


# --- networks ---------------------------------------------------------------------------------------------------------


def _conv_weights(table: Table) -> float:
    facts = table.facts
    return facts["filters"] * (3 * facts["kernel"] ** 2 + 1)


def _dense_weights(table: Table) -> float:
    facts = table.facts
    return facts["classes"] * (facts["pooled"] ** 2 * facts["filters"] + 1)


def _cache_bytes_a_token(table: Table) -> float:
    """Keys and values of every layer, two bytes each."""
    facts = table.facts
    return 2 * facts["layers"] * facts["heads"] * facts["head_size"] * 2


def _gigabytes(count: float) -> tuple[float, ...]:
    """In units of 10^9 bytes and of 2^30."""
    return count / 1e9, count / 2**30


# --- series -----------------------------------------------------------------------------------------------------------


def _last_gap(table: Table) -> float:
    return table.numbers("validation_error")[-1] - table.numbers("training_error")[-1]


def _mean_return(table: Table, column: str) -> float:
    """Share of all users, so that large months weigh more."""
    return sum(table.numbers(column)) / sum(table.numbers("new_users"))


def _percentile(table: Table, percent: int) -> tuple[float, ...]:
    """By the nearest rank, and by interpolation, as texts differ."""
    times = table.numbers("ms")
    nearest = times[math.ceil(percent / 100 * len(times)) - 1]
    place = (len(times) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(times) - 1)
    return nearest, times[low] + (place - low) * (times[high] - times[low])


def _over_limit(table: Table) -> float:
    times = table.numbers("ms")
    return sum(ms > table.facts["limit"] for ms in times) / len(times)


def _errors(table: Table) -> list[float]:
    """Forecast minus actual."""
    return [f - a for f, a in zip(table.numbers("forecast"), table.numbers("actual"), strict=True)]


def _mape(table: Table) -> float:
    actual = table.numbers("actual")
    return statistics.fmean(abs(error) / a for error, a in zip(_errors(table), actual, strict=True))


def _costs(table: Table) -> list[float]:
    facts = table.facts
    pairs = zip(table.numbers("missed"), table.numbers("false_alarms"), strict=True)
    return [missed * facts["miss_cost"] + raised * facts["alarm_cost"] for missed, raised in pairs]


def _line(table: Table) -> tuple[float, float, float]:
    """Slope, intercept and share of variance explained of the least-squares line."""
    xs, ys = table.numbers("x"), table.numbers("y")
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    intercept = mean_y - slope * mean_x
    left = sum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
    return slope, intercept, 1.0 - left / sum((y - mean_y) ** 2 for y in ys)


def _healed(table: Table, treatment: str, group: str = "") -> float:
    rows = [row for row in table.rows if row[0] == treatment and group in ("", row[1])]
    return sum(float(row[3]) for row in rows) / sum(float(row[2]) for row in rows)


COMPUTATIONS: Mapping[str, Callable[[Table], tuple[float, ...]]] = {
    "age_mean": lambda table: (statistics.fmean(_ages(table)),),
    "age_median": lambda table: (statistics.median(_ages(table)),),
    "age_deviation": lambda table: _deviation(_ages(table)),
    "churn_rate": lambda table: (_churn_rate(table),),
    "churn_of_worst_group": lambda table: (max(_leaving(table).values()),),
    "churn_gap_of_groups": lambda table: (max(_leaving(table).values()) - min(_leaving(table).values()),),
    "fraud_rate": lambda table: (sum(table.numbers("frauds")) / sum(table.numbers("payments")),),
    "highest_fraud_rate": lambda table: (max(_fraud_rates(table)),),
    "largest_share_of_frauds": lambda table: (max(table.numbers("frauds")) / sum(table.numbers("frauds")),),
    "rate_of_a": lambda table: (_arms(table)[1],),
    "difference_of_rates": lambda table: (_arms(table)[3] - _arms(table)[1],),
    "relative_lift": lambda table: (_arms(table)[3] / _arms(table)[1] - 1,),
    "z_score": _z_score,
    "interval_low": lambda table: _interval_end(table, -1),
    "interval_high": lambda table: _interval_end(table, 1),
    "precision": lambda table: (_precision(table),),
    "recall": lambda table: (_recall(table),),
    "f1": lambda table: (_f1(table),),
    "accuracy": lambda table: (_accuracy(table),),
    "majority_accuracy": lambda table: (_majority(table),),
    "visitors_an_arm": lambda table: (_visitors_an_arm(table),),
    "days_needed": lambda table: (math.ceil(2 * _visitors_an_arm(table) / table.facts["daily"]),),
    "visitors_for_half_the_effect": lambda table: (4 * _visitors_an_arm(table),),
    "convolution_side": lambda table: (table.facts["conv"],),
    "pooled_side": lambda table: (table.facts["pooled"],),
    "convolution_weights": lambda table: (_conv_weights(table),),
    "dense_weights": lambda table: (_dense_weights(table),),
    "network_megabytes": lambda table: ((_conv_weights(table) + _dense_weights(table)) * BYTES_FP32 / 1e6,),
    "cache_bytes_a_token": lambda table: (_cache_bytes_a_token(table),),
    "cache_gigabytes": lambda table: _gigabytes(_cache_bytes_a_token(table) * table.facts["tokens"]),
    "block_weights": lambda table: (12 * table.facts["layers"] * table.facts["width"] ** 2,),
    "weights_gigabytes": lambda table: _gigabytes(2 * 12 * table.facts["layers"] * table.facts["width"] ** 2),
    "last_gap": lambda table: (_last_gap(table),),
    "gained_by_last_doubling": lambda table: (
        table.numbers("validation_error")[-2] - table.numbers("validation_error")[-1],
    ),
    "first_month_return": lambda table: (_mean_return(table, "after_1"),),
    "third_month_return": lambda table: (_mean_return(table, "after_3"),),
    "return_of_last_cohort": lambda table: (table.numbers("after_1")[-1] / table.numbers("new_users")[-1],),
    "latency_mean": lambda table: (statistics.fmean(table.numbers("ms")),),
    "latency_median": lambda table: (statistics.median(table.numbers("ms")),),
    "latency_p90": lambda table: _percentile(table, 90),
    "share_over_limit": lambda table: (_over_limit(table),),
    "mean_absolute_error": lambda table: (statistics.fmean(abs(error) for error in _errors(table)),),
    "root_mean_squared_error": lambda table: (math.sqrt(statistics.fmean(error**2 for error in _errors(table))),),
    "mean_error": lambda table: (statistics.fmean(_errors(table)),),
    "mean_absolute_percentage": lambda table: (_mape(table),),
    "lowest_cost": lambda table: (min(_costs(table)),),
    "best_threshold": lambda table: (table.numbers("threshold")[_costs(table).index(min(_costs(table)))],),
    "slope": lambda table: (_line(table)[0],),
    "intercept": lambda table: (_line(table)[1],),
    "explained": lambda table: (_line(table)[2],),
    "healed_by_a": lambda table: (_healed(table, "A"),),
    "healed_by_b": lambda table: (_healed(table, "B"),),
    "healed_by_a_in_hard": lambda table: (_healed(table, "A", "hard"),),
    "healed_by_b_in_hard": lambda table: (_healed(table, "B", "hard"),),
}
"""Computations by the name that an exercise gives."""

SHARES = frozenset(
    "accuracy churn_gap_of_groups churn_of_worst_group churn_rate difference_of_rates explained f1 "
    "first_month_return fraud_rate gained_by_last_doubling healed_by_a healed_by_a_in_hard healed_by_b "
    "healed_by_b_in_hard highest_fraud_rate interval_high interval_low largest_share_of_frauds last_gap "
    "majority_accuracy mean_absolute_percentage precision rate_of_a recall relative_lift return_of_last_cohort "
    "share_over_limit third_month_return".split()
)
"""Computations that give a share, 0..1 where it is of a whole, so that an answer in percent means the same."""
SIGNED = frozenset(
    "difference_of_rates relative_lift z_score interval_low interval_high mean_error slope intercept".split()
)
"""Computations whose direction is part of the answer: lower by three is minus three."""
UNDEFINED_AT_ZERO = frozenset({"f1"})
"""Computations that some leave undefined where a part of theirs is, and others set to 0."""
