"""Quantities in a sentence: numerals with their sign and unit. Pure.

Names ("GPT-4"), dates and labels ("step 2") are none. What is spelled out of several is for `composites`, and what somebody means
by them for `numbers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from app.domain.numerals import Numeral, numerals
from app.domain.units import COUNTS, Dimension, Measured, Unit, unit_after, unit_before

MAX_NUMERALS = 400
"""Of one text; what comes before them is not read."""


class Falls(Enum):
    """Whether an item is said to go down."""

    SURELY = "surely"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, a range, or a sum that is spelled out: "30 of the 80", "64 times 8"."""

    values: tuple[float, ...]
    start: int
    end: int
    unit: Unit | None = None
    name: str = ""
    scale: float = 1.0
    fraction: bool = False
    ordinal: bool = False
    paired: bool = False
    explicit: bool = False
    """A sign was said."""
    high: float | None = None
    """Upper end of a range; `values` hold the lower."""
    give: float | None = None
    """Half width, of "0.96 plus or minus 0.01"."""
    falls: Falls | None = None
    rate: bool = False
    """Of something per time: "10 a second"."""
    level: bool = False
    """Names a level or a percentile: "95 % confidence", "the 90th percentile"."""


_LABEL_BEFORE = re.compile(
    r"(?<!\bevery )(?<!\beach )(?<!\bper )(?<!\ba )(?<!\bone )\b(?:"
    r"sections?|chapters?|questions?|steps?|fig(?:ure)?s?\.?|tables?|pages?|parts?|versions?|stages?|exercises?|options?|equations?|eq\.?|"
    r"slides?|problem|task|model|level|phase|round|type|class|arm|row|line|column|rule|number|(?<=\w\s)no\.|"
    r"week|day|quarter|gpt|llama|top|python|windows|iphone|covid|layer|seed|lemma|theorem|appendix|note|ticket|room|rule\s+of|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)[\s-]+(?:number\s+|no\.?\s*)?$",
    re.IGNORECASE,
)
_MONTH_AFTER = re.compile(
    r"\s*(?:st|nd|rd|th)?\s*(?:of\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|from|until|till|by|of|around|year|early|late|mid|circa|before|after|back in)\s+$", re.IGNORECASE
)
_NOT_A_YEAR_BEFORE = re.compile(r"\b(?:total|sum|all|result|end)\s+(?:of|in)\s+$", re.IGNORECASE)
_HALF_OF_WHAT = re.compile(
    r"\b(?:first|second|other|each|either|lower|upper|former|latter|in|by|this|that|one)\s+$", re.IGNORECASE
)
_PLACES = re.compile(r"\s*(?:significant\s+)?(?:decimals?|decimal\s+places|places|digits)\b", re.IGNORECASE)
_OF_A_YEAR = re.compile(r"\s*\)|\s+(?:edition|version|paper|season|report|survey|release)\b", re.IGNORECASE)
_HALF_WHAT = re.compile(r"[\s-]+(?:precision|life|lives|way|hearted|open|float)\b", re.IGNORECASE)
_COMPOUND = re.compile(r"[-‑](?!(?:to|ish|odd|fold)\b)[^\W\d_]{2,}", re.IGNORECASE)
_LEVEL_AFTER = re.compile(
    r"(?:st|nd|rd|th)?[\s-]*(?:confidence|ci\b|(?:confidence\s+)?interval|percentile|quantile|(?:significance\s+)?level|significance|power\b|"
    r"sure\b|certain\b|confident\b|figures?\b|sigma\s+(?:rule|event)|(?:fold|way|shot|bit|nearest)\b(?=\s+[a-z]))",
    re.IGNORECASE,
)
_ONE_OR_TWO = re.compile(r"\b(?:an?|one|in|every)\s+[^\W\d_]+\s+or\s+$", re.IGNORECASE)
_PER_TIME = re.compile(
    r"\s*(?:[^\W\d_]+\s+){0,2}(?:an?|per|each|every)\s+(?:second|minute|hour|day|week|month|year)\b|\s?/\s?(?:s|sec|min|h)\b",
    re.I,
)
_CLOCK = re.compile(r"\s*(?:[ap]\.?m\b|o['’]clock\b|:\d\d\s*(?:[ap]m)?\b)", re.IGNORECASE)
_DOUBLE_WHAT = re.compile(
    r"[\s-]+(?:descent|precision|check\w*|count\w*|blind|click|quantiz\w+|dip\w*|edged|loss|store)\b", re.IGNORECASE
)
_OF_FOLDS = re.compile(r"\s+(?:cross|validation|cv)\b", re.IGNORECASE)
_ONE_IS_MEANT = re.compile(
    r"\s*(?:in|out of|over|of every|divided|point|and|percent|per ?cent)\b|\s*[,.;:!?)]|\s*$", re.IGNORECASE
)
_ONE_IS_SAID_AFTER = re.compile(
    r"(?:^|[,;:=(]|\b(?:to|is|it's|that's|be|equals?|by|minus|less|plus|times|about|exactly|so|makes|gives|get|roughly|only|just|over|"
    r"and|from|than|negative|positive))\s*$",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"(?:(?P<minus>\b(?:minus|negative)\s+|[-−–]|(?:^|(?<=[:=(,]\s))[-−–]\s)|(?P<plus>\b(?:plus|positive)\s+|\+))"
    r"(?:about\s+|roughly\s+)?(?P<money>[€$£])?$",
    re.IGNORECASE,
)
_OF_A = re.compile(r"\s+of\s+an?\s+|\s+an?\s+|\s+of\s+one\s+")
_ONE_OF_A_UNIT = re.compile(
    r"(?:^|\b(?:takes?|is|it's|and|about|roughly|exactly|words|nearly|almost|just under|just over|so|be|maybe)\s+|[,:=]\s*)"
    r"(?P<article>an?)\s+",
    re.IGNORECASE,
)
_MULTIPLIED = re.compile(r"\s*(?:(?:the|minus|about)\s+|-)?(?P<bracket>\()?", re.IGNORECASE)
_THE_SECOND = re.compile(r"\s+(?:term|one|model|arm|row|layer|step|time|question|column)\b", re.IGNORECASE)
_NOT_THAT_UNIT = re.compile(
    r",?\s*(?:(?:no|sorry|wait|oops|rather|i\s+mean|i\s+meant|er|uh)\b[,.]?\s+){1,3}", re.IGNORECASE
)
_AND_A_PART = re.compile(r"\s+and\s+an?\s+(?P<part>half|quarter|third)\b", re.IGNORECASE)
_PARTS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}


def plain_quantities(text: str) -> list[Quantity]:
    """The numbers of a sentence as they stand, each with its sign and unit."""
    found: list[Quantity] = []
    singles = [Numeral((1.0,), place, place) for place in _units_alone(text)]
    read = sorted([*numerals(text), *singles], key=lambda numeral: numeral.start)
    starts = frozenset(numeral.start for numeral in read)
    for numeral in read[-MAX_NUMERALS:]:
        if found and numeral.start < found[-1].end:
            continue
        item = _measured(text, numeral, starts)
        if item.end > item.start and not _is_name(text, item):
            item = _signed(text, item, found[-1] if found else None)
            rate = bool(_PER_TIME.match(text, item.end, item.end + 40))
            found.append(replace(item, rate=rate, level=bool(_LEVEL_AFTER.match(text, item.end, item.end + 40))))
    return found


def _units_alone(text: str) -> list[int]:
    """Where "a minute", "a second and a half" begin: one of a unit. "100 a second" is none."""
    found = []
    for match in _ONE_OF_A_UNIT.finditer(text):
        unit = unit_after(text, match.end("article"))
        if unit is not None and unit.unit.dimension in {Dimension.TIME, Dimension.SHARE} and "point" not in unit.name:
            found.append(match.end("article"))
    return found


def _measured(text: str, numeral: Numeral, starts: frozenset[int]) -> Quantity:
    item = Quantity(
        numeral.values,
        numeral.start,
        numeral.end,
        scale=numeral.scale,
        fraction=numeral.fraction,
        ordinal=numeral.ordinal,
        paired=numeral.paired,
    )
    if item.ordinal:
        return item
    before = unit_before(text, item.start)
    after = unit_after(text, item.end)
    if after is None and item.fraction:
        link = _OF_A.match(text, item.end)
        after = unit_after(text, link.end() - 1) if link else None
    if after is not None and after.unit.dimension is Dimension.FACTOR:
        follows = _MULTIPLIED.match(text, after.end)
        if follows is not None and (follows["bracket"] or follows.end() in starts):
            after = None
    if after is not None and after.name == "second" and _THE_SECOND.match(text, after.end):
        after = None
    in_mathematics = text[item.start - 1 : item.start] == "$" == text[item.end : item.end + 1]
    unit: Measured | None = None if in_mathematics else after or before
    if unit is None:
        return item
    item = replace(item, unit=unit.unit, name=unit.name, start=min(item.start, unit.start), end=max(item.end, unit.end))
    instead = _NOT_THAT_UNIT.match(text, item.end)
    other = unit_after(text, instead.end() - 1) if instead is not None else None
    if other is not None and other.unit.dimension is unit.unit.dimension:
        return replace(item, unit=other.unit, name=other.name, end=other.end)
    part = _AND_A_PART.match(text, item.end)
    if part is not None:
        values = tuple(value + _PARTS[part["part"].lower()] for value in item.values)
        item = replace(item, values=values, end=part.end())
    return item


def _is_name(text: str, item: Quantity) -> bool:
    before, after = text[max(0, item.start - 30) : item.start], text[item.end : item.end + 30]
    said = text[item.start : item.end].lower()
    if item.unit is None and after[:1].isalpha() and not item.ordinal:
        return True
    if item.unit is None and _LABEL_BEFORE.search(before) and not re.match(r"\s*(?:%|percent)", after):
        return True
    if item.ordinal:
        return not (re.search(r"\bto\s+the\s+$", before, re.IGNORECASE) or _LEVEL_AFTER.match(after))
    if item.unit is None and (_MONTH_AFTER.match(after) or _PLACES.match(after)):
        return True
    if re.fullmatch(r"(?:19|20)\d\d", said) and _YEAR_BEFORE.search(before) and not _NOT_A_YEAR_BEFORE.search(before):
        return not re.match(r"\s+(?:\w+\s+)?(?:in total|altogether|of)\b", after)
    if said == "two" and _ONE_OR_TWO.search(before):
        return True
    if re.fullmatch(r"(?:19|20)\d\d", said) and (
        _OF_A_YEAR.match(after) or re.search(r"\bet al\.?,? $|[a-z][A-Z]\w* $", before)
    ):
        return True
    if said in {"half", "quarter"} and (_HALF_OF_WHAT.search(before) or _HALF_WHAT.match(after)):
        return True
    if said == "one" and not (_ONE_IS_MEANT.match(after) and (_ONE_IS_SAID_AFTER.search(before) or not before.strip())):
        return not re.match(r"\s+(?:over|in|out of|minus|plus|times|half)\b", after) or bool(
            re.search(r"\b(?:the|this|that|each|which)\s+$", before)
        )
    if said in {"double", "triple"} and _DOUBLE_WHAT.match(after):
        return True
    if re.fullmatch(r"(?:1\d|20)\d0s", said) or (item.name == "fold" and _OF_FOLDS.match(after)):
        return True
    if item.unit is not None and item.unit.dimension in COUNTS and f"-{item.name}" in said and item.name != "fold":
        return True
    return item.unit is None and bool(_COMPOUND.match(after) or _CLOCK.match(after))


def _signed(text: str, item: Quantity, previous: Quantity | None) -> Quantity:
    match = _SIGN.search(text, max(0, item.start - 20), item.start)
    if match is None:
        return item
    start = match.start()
    between = text[previous.end : start] if previous is not None else None
    symbol = match.group().strip(" €$£") in {"-", "−", "–", "+"}
    operates = (
        between is not None
        and previous is not None
        and (not between.strip() or (symbol and text[start - 1 : start].isalnum()))
    )
    if operates or (symbol and start > 0 and (text[start - 1].isalnum() or text[start - 1] in ")]")):
        return item
    if re.search(r"\bplus\s+or\s+$|[±+]/?\s*$", text[:start], re.IGNORECASE):
        return item
    values = tuple(-value for value in item.values) if match["minus"] else item.values
    return replace(item, values=values, start=start, explicit=True)
