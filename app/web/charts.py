"""Where the marks of a chart lie: pure geometry, in percent of its width, from what the API says. Templates draw it as SVG.

Percent, because a chart is as wide as the window and its letters must not stretch with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TOP_LEVEL = 4
_INSET = 3.0
"""Percent left free on each side, so that a dot at the end is whole."""
_TALL = 44.0
"""Pixels of the longest bar of the time line."""
PLOT_HEIGHT = 160
"""Pixels of a progress chart, whose `y` are pixels from its top."""
_PLOT_TOP, _PLOT_BOTTOM = 14.0, 146.0


def across(share: float) -> float:
    """0..1 as percent of a chart's width."""
    return round(_INSET + min(1.0, max(0.0, share)) * (100 - 2 * _INSET), 2)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level with the interval around it; all None where there is no level."""

    at: float | None
    low: float | None
    high: float | None

    @property
    def width(self) -> float:
        """Of the interval."""
        return round(self.high - self.low, 2) if self.low is not None and self.high is not None else 0.0


def level_row(level: float | None, low: float | None = None, high: float | None = None) -> LevelRow:
    """Where a level 0..4 and its interval lie."""
    if level is None:
        return LevelRow(None, None, None)
    bounds = (level if low is None else low, level if high is None else high)
    return LevelRow(across(level / TOP_LEVEL), across(bounds[0] / TOP_LEVEL), across(bounds[1] / TOP_LEVEL))


TICKS = tuple((number, across(number / TOP_LEVEL)) for number in range(TOP_LEVEL + 1))
"""The levels and where they lie."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A question on the time line: `at` and `width` in percent, times in seconds from the start."""

    number: int
    question_id: str
    round: str
    seq: int
    at: float
    width: float
    begins_s: float
    lasts_s: float
    asked: str


@dataclass(frozen=True, slots=True)
class Bar:
    """An answer on the time line: as tall as it is long."""

    seq: int
    at: float
    height: float
    words: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A move of the interviewer between the questions."""

    seq: int
    at: float
    kind: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The interview from left to right."""

    stretches: tuple[Stretch, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    total_s: float
    marks: tuple[tuple[float, int], ...]
    """Percent and minute of each label below."""


def time_line(turns: Sequence[Mapping[str, Any]], *, longest_gap_s: float = 1800.0) -> TimeLine | None:
    """The interview by time; None with fewer than two turns. A gap beyond `longest_gap_s` counts as that much: it was a break."""
    if len(turns) < 2:
        return None
    elapsed = _elapsed(turns, longest_gap_s)
    total = elapsed[-1]
    where = (lambda n: elapsed[n] / total) if total >= 1 else (lambda n: n / (len(turns) - 1))
    begins = [
        n
        for n, turn in enumerate(turns)
        if turn["speaker"] == "interviewer"
        and turn["question_id"]
        and turn["question_id"] != _question_before(turns, n)
    ]
    stretches = tuple(
        Stretch(
            number=number,
            question_id=turns[n]["question_id"],
            round=turns[n]["move"]["round"] if turns[n]["move"] else "",
            seq=turns[n]["seq"],
            at=across(where(n)),
            width=round(max(0.6, across(where(end)) - across(where(n)) - 0.35), 2),
            begins_s=elapsed[n],
            lasts_s=elapsed[end] - elapsed[n],
            asked=turns[n]["text"],
        )
        for number, (n, end) in enumerate(zip(begins, [*begins[1:], len(turns) - 1], strict=True), 1)
    )
    answers = [
        (n, len((turn["text"] + " " + turn["code"]).split()))
        for n, turn in enumerate(turns)
        if turn["speaker"] == "candidate"
    ]
    most = max((words for _, words in answers), default=1) or 1
    bars = tuple(
        Bar(turns[n]["seq"], across(where(n)), round(max(3.0, _TALL * words / most), 1), words) for n, words in answers
    )
    ticks = tuple(
        Tick(turn["seq"], across(where(n)), turn["move"]["kind"])
        for n, turn in enumerate(turns)
        if turn["move"] and turn["move"]["kind"] in {"probe", "hint", "challenge", "press", "reconcile", "check"}
    )
    return TimeLine(stretches, bars, ticks, total, _minute_marks(total))


def _question_before(turns: Sequence[Mapping[str, Any]], n: int) -> str:
    return next((str(turn["question_id"]) for turn in reversed(turns[:n]) if turn["question_id"]), "")


def _elapsed(turns: Sequence[Mapping[str, Any]], longest_gap_s: float) -> list[float]:
    moments = [datetime.fromisoformat(turn["created_at"]) for turn in turns]
    elapsed = [0.0]
    for one, other in itertools.pairwise(moments):
        elapsed.append(elapsed[-1] + min(longest_gap_s, max(0.0, (other - one).total_seconds())))
    return elapsed


def _minute_marks(total_s: float) -> tuple[tuple[float, int], ...]:
    if total_s < 60:
        return ()
    step = next(step for step in (1, 2, 5, 10, 15, 30, 60, 120, 10**6) if total_s / 60 / step <= 6)
    return tuple((across(minute * 60 / total_s), minute) for minute in range(0, int(total_s // 60) + 1, step))


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """One interview on a progress chart: `at` in percent, `y` in pixels from the top."""

    at: float
    y: float
    share: float
    drill: bool
    index: int


@dataclass(frozen=True, slots=True)
class Segment:
    """The line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Shares over time."""

    points: tuple[PlotPoint, ...]
    lines: tuple[Segment, ...]


def progress_plot(points: Sequence[Mapping[str, Any]]) -> Plot:
    """Points evenly spaced in the order of time, 0 % at the bottom: days differ too much to be spaced by them."""
    last = max(1, len(points) - 1)
    placed = tuple(
        PlotPoint(
            at=across(n / last if len(points) > 1 else 0.5),
            y=plot_y(point["share"]),
            share=point["share"],
            drill=point["drill"],
            index=n,
        )
        for n, point in enumerate(points)
    )
    lines = tuple(Segment(a.at, a.y, b.at, b.y) for a, b in itertools.pairwise(placed))
    return Plot(placed, lines)


def plot_y(share: float) -> float:
    """Pixels from the top of a progress chart."""
    return round(_PLOT_BOTTOM - share * (_PLOT_BOTTOM - _PLOT_TOP), 1)
