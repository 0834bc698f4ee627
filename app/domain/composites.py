"""Quantities that are spelled out of several: "30 of the 80", "14.8 to 15.2 percent", "64 times 8", "two to the tenth". Pure."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.quantities import Falls, Quantity, plain_quantities
from app.domain.units import COUNTS, MONEY, Dimension

_THE = r"(?:(?:the|a|an|another|all|every|our|its|those|these|other)\s+){0,2}"
_MORE_LIKE = re.compile(
    r"\s*,\s*(?:or\s+)?(?:rather\s+|more\s+like\s+|say\s+|about\s+|actually\s+|well\s+)?", re.IGNORECASE
)
_SAID_BARE = re.compile(r"\s*(?:[.,;!?]|$|(?:to\s+be|exactly|precisely)\b)", re.IGNORECASE)
_TOGETHER = re.compile(r"\s*,?\s*(?:and)?\s*(?:an?\s*)?")
_RANGE = re.compile(r"\s*(?:to|through|till|until|up to)\s+|\s?[-–—‑]\s?", re.IGNORECASE)
_CHANGES = re.compile(r"(?:double|triple|quadruple)[sd]?", re.IGNORECASE)
_EVEN = re.compile(r"fifty[-/ ]fifty", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|to)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:about\s+|roughly\s+|around\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:about\s+|roughly\s+|around\s+)?$", re.IGNORECASE)
_ANYWHERE = re.compile(r"\b(?:anywhere|anything|somewhere|ranges?|ranging|something)\s+from\s+$", re.IGNORECASE)
_GIVE_OR_TAKE = re.compile(
    r",?\s*(?:±|\+/-|\+-|plus\s+or\s+minus|plus\s*/\s*minus|give\s+or\s+take)\s*(?:about\s+)?", re.IGNORECASE
)
_RATIO = re.compile(
    r"(?:\s+[^\W\d_]+){0,3}?(?:,(?=\s+out\s))?\s+(?P<how>out\s+of|in|of|from|for\s+every|per)\s+(?:every\s+|each\s+)?"
    + _THE,
    re.IGNORECASE,
)
_OPERATOR = re.compile(
    r",?(?:\s+(?!averag|summed\b|over\b|times\b|by\b|plus\b|minus\b|less\b)[^\W\d_]{2,}){0,2}?\s*,?\s*(?:"
    r"(?P<times>\btimes\b|×|·|\*|\bmultipl(?:ied|y)\s+(?:by|with)\b|\bmultiply\b|\bx\b)"
    r"|(?P<over>\bover\b|\bthrough\b|/|÷|\bdivided?\s+(?:by|through)\b)"
    r"|(?P<by>\bby\b)"
    r"|(?P<plus>\bplus\b|\+)"
    r"|(?P<minus>\bminus\b|[-−–]|\bless\b)"
    r"|(?P<power>\*\*|\^|\bto\s+the(?:\s+power(?:\s+of)?)?\b|\bto\s+the\s+minus\b)"
    r")\s*" + _THE + r"$",
    re.IGNORECASE,
)
_AFTERWARDS: Sequence[tuple[re.Pattern[str], Callable[[float], float]]] = (
    (re.compile(r"\s*(?:squared|square|²)(?!\w)", re.IGNORECASE), lambda value: value * value),
    (re.compile(r"\s*(?:cubed|³)(?!\w)", re.IGNORECASE), lambda value: value**3),
    (
        re.compile(r"\s*(?:factorial\b|!(?=\s*[a-z=]))", re.IGNORECASE),
        lambda value: float(math.factorial(int(value))) if 0 <= value <= 20 and value == int(value) else value,
    ),
)


def quantities(text: str) -> list[Quantity]:
    """Items after what belongs together has been put together."""
    items = [_after(text, _even(text, item)) for item in plain_quantities(text)]
    items = _with_neighbours(text, items, _compound)
    items = [_as_before(text, items[at - 1], item) if at else item for at, item in enumerate(items)]
    items = _with_neighbours(text, items, _range)
    items = _with_neighbours(text, items, _give)
    items = _sums(text, items)
    return [_falling(text, item) for item in _with_neighbours(text, items, _ratio)]


def _even(text: str, item: Quantity) -> Quantity:
    """One half, of "fifty-fifty"."""
    return replace(item, values=(0.5,)) if _EVEN.fullmatch(text[item.start : item.end]) else item


def _with_neighbours(
    text: str, items: Sequence[Quantity], join: Callable[[str, Quantity, Quantity], Quantity | None]
) -> list[Quantity]:
    found: list[Quantity] = []
    for item in items:
        together = join(text, found[-1], item) if found else None
        if together is not None:
            found[-1] = together
        else:
            found.append(item)
    return found


def _as_before(text: str, previous: Quantity, item: Quantity) -> Quantity:
    """With the percent of the number that it makes more precise: "a little under 40 percent, 37.5 to be exact"."""
    share = previous.unit is not None and previous.unit.dimension is Dimension.SHARE
    if not share or item.unit is not None or not 0.5 <= abs(item.values[0] / (previous.values[0] or 1e-9)) <= 2.0:
        return item
    if _MORE_LIKE.fullmatch(text[previous.end : item.start]) and _SAID_BARE.match(text, item.end):
        return replace(item, unit=previous.unit, name=previous.name)
    return item


def _after(text: str, item: Quantity) -> Quantity:
    for pattern, work in _AFTERWARDS:
        match = pattern.match(text, item.end)
        if match is not None and item.unit is None:
            return replace(item, values=tuple(map(_finite(work), item.values)), end=match.end())
    return item


def _finite(work: Callable[[float], float]) -> Callable[[float], float]:
    def safe(value: float) -> float:
        try:
            found = work(value)
        except OverflowError:
            return value
        return found if math.isfinite(found) else value

    return safe


def _compound(text: str, one: Quantity, other: Quantity) -> Quantity | None:
    """A time or a price said in two units: "one week and one day", "2 minutes 30 seconds", "twelve euros fifty"."""
    gap = text[one.end : other.start]
    if one.unit is None or len(gap) > 8 or not _TOGETHER.fullmatch(gap):
        return None
    smaller, value = other.unit, other.values[0]
    if one.unit.dimension is Dimension.TIME and smaller is not None and smaller.dimension is Dimension.TIME:
        if not (smaller.worth < one.unit.worth and value * smaller.worth < one.unit.worth):
            return None
        values = tuple(each * one.unit.worth / smaller.worth + value for each in one.values)
        return replace(other, values=values, start=one.start)
    apart = gap.isspace() and smaller is None
    if one.name[:1] in {"h", "m"} and one.unit.worth in {60.0, 3600.0} and apart and 0 < value < 60:
        return replace(one, values=tuple(each + value / 60 for each in one.values), end=other.end)
    money = one.unit.dimension in MONEY and one.unit.dimension is not Dimension.CENT
    cents = (apart and value >= 10) or (smaller is not None and smaller.dimension is Dimension.CENT)
    if money and cents and 0 < value < 100:
        return replace(one, values=tuple(each + value / 100 for each in one.values), end=other.end)
    return None


def _range(text: str, low: Quantity, high: Quantity) -> Quantity | None:
    gap, before = text[low.end : high.start], text[: low.start]
    if _CHANGES.fullmatch(text[low.start : low.end]):
        return None
    between = bool(_BETWEEN.search(before[-30:])) and bool(_AND.fullmatch(gap))
    if low.high is not None or not (between or (_RANGE.fullmatch(gap) and high.values[0] > low.values[0])):
        return None
    if not between and ((_FROM.search(before[-20:]) and not _ANYWHERE.search(before[-30:])) or high.ordinal):
        return None
    if (
        "-" in gap
        and (gap != "-" or low.unit is not None)
        and re.search(r"=|\bis\b|\bmakes\b|\bequals\b", text[high.end : high.end + 12])
    ):
        return None
    values = low.values
    if low.unit is None and high.scale > 1 and low.scale == 1 and values[0] * high.scale <= high.values[0]:
        values = tuple(value * high.scale for value in values)
    unit = high.unit or low.unit
    if low.unit is not None and high.unit is not None and low.unit.dimension is high.unit.dimension:
        values = tuple(value * low.unit.worth / high.unit.worth for value in values)
    return replace(high, values=values, high=high.values[0], unit=unit, name=high.name or low.name, start=low.start)


def _give(text: str, item: Quantity, width: Quantity) -> Quantity | None:
    if not _GIVE_OR_TAKE.fullmatch(text[item.end : width.start]) or item.give is not None:
        return None
    give = abs(width.values[0])
    if width.unit is not None and (item.unit is None or item.unit.dimension is not width.unit.dimension):
        # Half a point of 0.96, or two percent of a count.
        give = give * width.unit.worth if abs(item.values[0]) <= 1 else give * width.unit.worth * abs(item.values[0])
    elif width.unit is not None and item.unit is not None:
        give = give * width.unit.worth / item.unit.worth
    return replace(item, give=give, end=width.end)


def _ratio(text: str, part: Quantity, whole: Quantity) -> Quantity | None:
    """A ratio, "30 of the 80", "one in twenty", "3 out of 7", "1:200", or a share of something, "7 % of 600"."""
    if text[part.end : whole.start] == ":" and part.values == (1.0,) and whole.values[0] > 1 and whole.unit is None:
        return Quantity((1.0 / whole.values[0],), part.start, whole.end)
    if len(text[part.end : whole.start]) > 60:
        return None
    match = _RATIO.fullmatch(text[part.end : whole.start])
    if match is None or whole.values[0] == 0 or part.high is not None:
        return None
    how = match["how"].lower()
    near = len(match.group().split()) <= len(how.split()) + 1
    if part.fraction or (part.unit is not None and part.unit.dimension is Dimension.SHARE):
        if how != "of" or part.values[0] == 0:
            return None
        worth = part.unit.worth if part.unit is not None else 1.0
        values = tuple(part.values[0] * worth * value for value in whole.values)
        return replace(whole, values=values, start=part.start)
    if (how == "in" and not near) or (how == "per" and whole.values[0] not in {100.0, 1e3, 1e4, 1e6}):
        return None
    if part.unit is not None and part.unit.dimension not in COUNTS:
        return None
    if whole.unit is not None and whole.unit.dimension not in COUNTS:
        return None
    even = part.values[0] == int(part.values[0]) or whole.values[0] in {100.0, 1e3}
    if not 0 <= part.values[0] <= whole.values[0] or (how != "out of" and not even):
        return None
    return Quantity((part.values[0] / whole.values[0], part.values[0]), part.start, whole.end)


_WORK: dict[str, Callable[[float, float], float]] = {
    "times": operator.mul, "over": operator.truediv, "plus": operator.add, "minus": operator.sub, "power": operator.pow,
}  # fmt: skip


def _sums(text: str, items: Sequence[Quantity]) -> list[Quantity]:
    """Runs of items with operators between them become one item of the run's value."""
    found: list[Quantity] = []
    run: list[Quantity] = []
    signs: list[str] = []
    for item in items:
        sign = _sign_between(text, run[-1], item) if run else ""
        if sign:
            run.append(item)
            signs.append(sign)
            continue
        if run:
            found.append(_worked_out(run, signs))
        run, signs = [item], []
    if run:
        found.append(_worked_out(run, signs))
    return found


def _sign_between(text: str, one: Quantity, other: Quantity) -> str:
    gap = text[one.end : other.start]
    if len(gap) > 50 or one.high is not None or other.high is not None:
        return ""
    if gap.isspace() and text[one.start : one.end].lower() in {"twice", "thrice"}:
        return "times"
    match = _OPERATOR.fullmatch(gap)
    if match is None:
        return ""
    sign = next(name for name, value in match.groupdict().items() if value)
    share = other.unit is not None and other.unit.dimension is Dimension.SHARE
    # "92 beats it by 0.1" is no division.
    return "" if sign == "by" and (share or len(re.findall(r"[^\W\d_]+", gap)) > 2) else sign


def _worked_out(run: Sequence[Quantity], signs: Sequence[str]) -> Quantity:
    if len(run) == 1:
        return run[0]
    values = []
    for by in ("times", "over") if "by" in signs else ("",):
        value = _value_of([_base(item) for item in run], [by if sign == "by" else sign for sign in signs])
        if value is not None:
            values.append(value)
    measured = [item for item in run if item.unit is not None and item.unit.dimension is not Dimension.SHARE]
    unit = measured[0] if len(measured) == 1 and "over" not in signs else None
    if not values:
        return replace(run[-1], start=run[0].start)
    if signs == ["by"] and run[0].values == run[1].values:
        values.append(run[0].values[0])  # "the maps are fifteen by fifteen"
    if signs == ["over"] and [item.values for item in run] == [(50.0,), (50.0,)]:
        values = [0.5]
    return Quantity(tuple(values), run[0].start, run[-1].end, unit.unit if unit else None, unit.name if unit else "")


def _base(item: Quantity) -> float:
    share = item.unit is not None and item.unit.dimension is Dimension.SHARE
    return item.values[0] * (item.unit.worth if item.unit is not None and share else 1.0)


def _value_of(values: list[float], signs: list[str]) -> float | None:
    values, signs = list(values), list(signs)
    for level in (("power",), ("times", "over"), ("plus", "minus")):
        at = 0
        while at < len(signs):
            if signs[at] not in level:
                at += 1
                continue
            try:
                value = _WORK[signs[at]](values[at], values[at + 1])
            except (ZeroDivisionError, OverflowError):
                return None
            if isinstance(value, complex) or not math.isfinite(value):
                return None
            values[at : at + 2] = [value]
            del signs[at]
    return values[0]


_FALLS_BEFORE = re.compile(
    r"\b(?:(?P<surely>down(?!\s+to\b)|drop(?:s|ped)?|fell|falls?|fallen|decreas\w*|declin\w*|shr[aiu]nks?|lower(?:s|ed)?|reduc\w*|sinks?|sank)"
    r"|(?P<perhaps>los\w+|deficit|shortfall|short|minus|negative))(?:\s+(?!to\b|so\b)[^\W\d_]+){0,4}\s*$",
    re.IGNORECASE,
)
_FALLS_AFTER = re.compile(
    r"\s*(?:[^\W\d_]+\s+){0,2}(?:down(?!\s+to\b)|lower|less|fewer|worse|below|short|too\s+(?:low|few|little)|in\s+the\s+red)\b"
    r"|\s*(?:decline|drop|decrease|fall|loss|reduction|dip|cut|deficit|shortfall)\b",
    re.IGNORECASE,
)


def _falling(text: str, item: Quantity) -> Quantity:
    if item.explicit:
        return item
    clause = re.split(r"[,;:]|\bbut\b|\bso\b", text[max(0, item.start - 70) : item.start])[-1]
    before = _FALLS_BEFORE.search(clause)
    if before is not None:
        return replace(item, falls=Falls.SURELY if before["surely"] else Falls.PERHAPS)
    return replace(item, falls=Falls.SURELY) if _FALLS_AFTER.match(text, item.end, item.end + 40) else item
