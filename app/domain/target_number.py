"""The number that is wanted, and whether a quantity is close enough to it, whatever unit it was said in. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.quantities import Falls, Quantity
from app.domain.units import COUNTS, MONEY, Dimension, Unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """Numbers any of which will do, in which unit and how closely."""

    targets: tuple[float, ...]
    tolerance: float
    unit: Unit | None
    named: str | None
    """The unit as it was given; one that `units` does not know is what is counted: loaves, pixels."""
    signed: bool

    def fits(self, item: Quantity) -> bool:
        """Whether an item can be the answer at all: not where it measures something else."""
        mine = self.unit.dimension if self.unit is not None else None
        if item.unit is None:
            return not (item.rate and mine is Dimension.TIME)
        other = item.unit.dimension
        if self.named is None:
            return True
        if not self.named:
            return other is Dimension.SHARE or other in COUNTS
        if mine is other:
            return True
        if mine is None:
            return other in COUNTS or other in MONEY
        if mine in MONEY and other in MONEY:
            return Dimension.CENT in {mine, other}
        return other is Dimension.FACTOR and mine in COUNTS

    def met_by(self, item: Quantity) -> bool:
        """Whether every value that an item stands for is close enough."""
        return self.fits(item) and any(self._met(item, target) for target in self.targets)

    def _met(self, item: Quantity, target: float) -> bool:
        room = abs(target) * self.tolerance if target else self.tolerance
        room = max(room, 1e-9 * max(1.0, abs(target)) if abs(target) >= 1e-6 else 1e-15) * (1 + 1e-9)
        worths = self._worths(item, target)
        if item.give is not None and not any(item.give * abs(worth) <= room * 1.05 for worth in worths):
            return False

        def near(values: Sequence[float]) -> bool:
            return any(
                abs(each - target) <= room
                for value in values
                for worth in worths
                for each in self._turned(item, value * worth)
            )

        values = item.values
        if item.paired and item.unit is None and self.unit is not None and self.unit.dimension in MONEY:
            values = (*values, *(value / 100 for value in values))
        return near(values) and (item.high is None or near((item.high,)))

    def _turned(self, item: Quantity, value: float) -> tuple[float, ...]:
        """With the sign that its words give it."""
        if not item.falls or value < 0:
            return (value,)
        return (-value,) if self.signed and item.falls is Falls.SURELY else (value, -value)

    def _worths(self, item: Quantity, target: float) -> tuple[float, ...]:
        """What one of the item's unit is worth in the wanted one; several where nothing tells which is meant."""
        if self.unit is None:
            if item.unit is None:
                return (1.0,)
            if item.unit.dimension is Dimension.SHARE:
                # Of 37, "37 %" are the points; of 0.375 they are not.
                points = item.unit.worth * 100
                return (item.unit.worth, points) if abs(target) > 1 else (item.unit.worth,)
            return (1.0, item.unit.worth) if item.unit.dimension is Dimension.DATA else (1.0,)
        if item.unit is None:
            return (1.0, 100.0) if self.unit.dimension is Dimension.SHARE else (1.0,)
        if item.unit.dimension in COUNTS:
            return (1.0,)
        if item.unit.dimension is Dimension.CENT and self.unit.dimension is not Dimension.CENT:
            return (0.01,)
        return tuple(
            one / other for one in (item.unit.worth, *item.unit.also) for other in (self.unit.worth, *self.unit.also)
        )
