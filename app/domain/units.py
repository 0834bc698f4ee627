"""Units of measure as people write and say them, and what they are worth in one another. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What a unit measures. Units of one dimension are converted, those of two never agree."""

    DATA = "data"
    TIME = "time"
    SHARE = "share"
    EURO = "euro"
    DOLLAR = "dollar"
    POUND = "pound"
    CENT = "cent"
    """Of whichever currency is asked for."""
    FACTOR = "factor"
    PERSONS = "persons"
    PARAMETERS = "parameters"
    TOKENS = "tokens"
    ROWS = "rows"
    REQUESTS = "requests"
    LAYERS = "layers"


MONEY = frozenset({Dimension.EURO, Dimension.DOLLAR, Dimension.POUND, Dimension.CENT})
COUNTS = frozenset(
    {
        Dimension.PERSONS,
        Dimension.PARAMETERS,
        Dimension.TOKENS,
        Dimension.ROWS,
        Dimension.REQUESTS,
        Dimension.LAYERS,
        Dimension.FACTOR,
    }
)
"""Of nouns for what is counted."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, and its worth in the dimension's base: bytes, seconds, ones (for a share), whole units of a currency."""

    dimension: Dimension
    worth: float
    also: tuple[float, ...] = ()
    """Other worths in use: a month is of 30 days or a twelfth of a year."""


_DAY = 86_400.0


def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}

    def add(dimension: Dimension, worth: float, names: str, *also: float) -> None:
        for name in names.split():
            found[name.replace("_", " ")] = Unit(dimension, worth, also)

    add(Dimension.DATA, 1.0, "byte bytes")
    add(Dimension.DATA, 0.125, "bit bits")
    powers = (
        ("k", "kilo", "kibi"),
        ("m", "mega", "mebi"),
        ("g", "giga", "gibi"),
        ("t", "tera", "tebi"),
        ("p", "peta", "pebi"),
    )
    for power, (letter, decimal, binary) in enumerate(powers, 1):
        add(Dimension.DATA, 1000.0**power, f"{letter}b {decimal}byte {decimal}bytes {decimal}_byte {decimal}_bytes")
        add(Dimension.DATA, 1024.0**power, f"{letter}ib {binary}byte {binary}bytes")
        add(
            Dimension.DATA,
            1000.0**power / 8,
            f"{letter}bit {letter}bits {letter}bps {decimal}bit {decimal}bits {decimal}_bit {decimal}_bits",
        )
        add(Dimension.DATA, 1024.0**power / 8, f"{letter}ibit {binary}bit {binary}bits")
    add(Dimension.DATA, 1e6, "meg megs mega")
    add(Dimension.DATA, 1e9, "gig gigs giga")
    add(Dimension.DATA, 1e12, "tera")
    add(Dimension.TIME, 1e-9, "ns nanosecond nanoseconds nano_seconds")
    add(Dimension.TIME, 1e-6, "us µs μs microsecond microseconds micros micro_second micro_seconds")
    add(Dimension.TIME, 1e-3, "ms msec msecs millisecond milliseconds millis milli_second milli_seconds")
    add(Dimension.TIME, 1.0, "s sec secs second seconds")
    add(Dimension.TIME, 60.0, "min mins minute minutes")
    add(Dimension.TIME, 3600.0, "h hr hrs hour hours")
    add(Dimension.TIME, _DAY, "day days")
    add(Dimension.TIME, 7 * _DAY, "week weeks wk wks")
    add(Dimension.TIME, 14 * _DAY, "fortnight fortnights")
    add(Dimension.TIME, 30 * _DAY, "month months", 365 / 12 * _DAY, 365.25 / 12 * _DAY)
    add(Dimension.TIME, 365 * _DAY, "year years yr yrs", 365.25 * _DAY, 360 * _DAY)
    points = (
        "percentage_point percentage_points percent_point percent_points per_cent_points point points pp pps ppt ppts"
    )
    add(Dimension.SHARE, 0.01, f"% percent per_cent in_percent in_per_cent percentage procent pct {points}")
    add(Dimension.SHARE, 1e-4, "basis_point basis_points bp bps bips")
    add(Dimension.SHARE, 1e-3, "‰ permille per_mille per_mil promille")
    add(Dimension.SHARE, 1e-6, "ppm parts_per_million")
    add(Dimension.EURO, 1.0, "€ eur euro euros")
    add(Dimension.DOLLAR, 1.0, "$ usd dollar dollars buck bucks")
    add(Dimension.POUND, 1.0, "£ gbp pound pounds quid")
    add(Dimension.CENT, 0.01, "cent cents ct cts ¢")
    add(Dimension.FACTOR, 1.0, "x × times fold")
    add(Dimension.PERSONS, 1.0, "customer customers user users visitor visitors person persons people patient patients client clients "
        "subscriber subscribers buyer buyers shopper shoppers")  # fmt: skip
    add(Dimension.PARAMETERS, 1.0, "parameter parameters param params weight weights coefficient coefficients")
    add(Dimension.TOKENS, 1.0, "token tokens")
    add(Dimension.ROWS, 1.0, "row rows example examples image images document documents")
    add(Dimension.REQUESTS, 1.0, "request requests query queries")
    add(Dimension.LAYERS, 1.0, "layer layers head heads epoch epochs batch batches")
    return found


_UNITS = _units()
_NAMES = sorted((name for name in _UNITS if name[0].isalpha()), key=len, reverse=True)
_AFTER = re.compile(
    r"(?P<gap>[ \t\u00a0]{0,3}-?[ \t\u00a0]{0,3}|,[ ]in[ ]|,?[ ]as[ ]an?[ ])"
    r"(?:(?P<name>"
    + "|".join(re.escape(name).replace(r"\ ", r"[\s-]+") for name in _NAMES)
    + r")(?!\w)|(?P<sign>[%‰€$£¢×]))",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:(?<!\w)(?:eur|usd|gbp)\s?|[€$£]\s?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measured:
    """A unit found in a text, and its place."""

    unit: Unit
    name: str
    start: int
    end: int


def unit_named(name: str | None) -> Unit | None:
    """The unit of that name or symbol; None for a count of something ("loaves"), for "" and for None."""
    return _UNITS.get((name or "").strip().lower().replace("-", " "))


def unit_after(text: str, place: int) -> Measured | None:
    """The unit that follows a numeral which ends at `place`."""
    match = _AFTER.match(text, place)
    if match is None:
        return None
    name = re.sub(r"[\s-]+", " ", match["name"] or match["sign"]).lower()
    # "8 - s" is a subtraction, and "3-s" no three seconds.
    if "-" in match["gap"] and (match["gap"] != "-" or len(name) <= 2):
        return None
    if "," in match["gap"] and _UNITS[name].dimension is not Dimension.SHARE:
        return None  # "3, in second place"
    return Measured(_UNITS[name], name, match.end("gap"), match.end())


def unit_before(text: str, place: int) -> Measured | None:
    """The currency that stands before a numeral which begins at `place`: "€48,000", "EUR 199"."""
    match = _BEFORE.search(text, max(0, place - 5), place)
    if match is None:
        return None
    name = match.group().strip().lower()
    return Measured(_UNITS[name], name, match.start(), match.end())
