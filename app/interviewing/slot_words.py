"""Whether a number in a candidate's sentence is a fact of their own project, and of which slot. Pure.

Conservative: a figure that was never given is worse than one that is missed. What is another's, imagined, wished for,
a part of something or a bound of it is passed over, and so is everything that cannot be told from its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.domain.numbers import Stated
from app.domain.numerals import Numeral, numerals
from app.domain.quantities import Quantity
from app.domain.units import Dimension, Unit, unit_named
from app.material.entries import Slot

MEASURED = frozenset({Dimension.DATA, Dimension.TIME, Dimension.SHARE})
_NOT_OWN = re.compile(
    r"\b(?:if|shuffled|permuted|suppose|supposing|imagine|"
    r"pretend|unless|hypothetical\w*|in theory|next time|people (?:say|claim|think|get|report)|"
    r"other (?:people|teams?|companies)|papers?|literature|blogs?|benchmark says|colleagues?|competitors?|friends?|vendors?|interns?|"
    r"elsewhere|typical(?:ly)?|usual(?:ly)?|in general|generally|public set|wanted|want|wish\w*|hop(?:e|ed|ing)|plan(?:s|ned)? to|planned|"
    r"aim(?:ed|ing)?|target\w*|goal\w*|require[sd]?|expect(?:ed)?|promised?|guess(?:ed)?|estimated?|told|says?|said to|"
    r"reported|you(?! (?:know|see|asked|said|mentioned)\b)|"
    r"not sure|no idea|don['’]t (?:know|remember|recall)|forgot(?:ten)?|remind|some of (?:them|it|those|these)|"
    r"old (?:one|models?|systems?|rules?|way|version|index|network|pipeline|service|code)|legacy|baseline|"
    r"previous(?:ly)?|earlier|originally?|initial(?:ly)?|at first|to begin with|at the start|used to|before|back then)\b|[\"“”«»?]",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:would|could|should|might|may|can|can't|cannot|will|won't|must|let's|somebody|someone|they|their|he|she|another|need(?:s|ed)?)\b|"
    r"\b(?:I|we|you|it|they|that)['’](?:d|ll)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:no|not|never|none|nor|neither|hardly|without)\b|n['’]t\b", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:I|we|our|ours|us|my|mine|was|were|had|took|got|ran|held|came|did|used|reached|had|counted|trained|it|there)\b|"
    r"\b[a-z]+ed\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(r"\b(?:has|have|needs?|costs?|holds?|contains?)\b", re.IGNORECASE)
_NOT_GENERAL = re.compile(
    r"\b(?:I|we|our|ours|us|my|mine|was|were|had|took|got|ran|held|came|reached)\b", re.IGNORECASE
)
_PART = re.compile(
    r"\b(?:test|tests|tested|testing|validation|validate|held[- ]out|holdout|subset|samples?|sampled|first|second|third|"
    r"last|per|each|every|"
    r"other|others|more|additional|extra|new|batch|batches|left|remaining|random|randomly|rare|positive|top|best|worst|only|except|half|"
    r"checked|looked at|look at|read|annotated|removed|dropped|threw|duplicates?|errors?|failed|wrong|compared|tried|try|sent|asked|twice|"
    r"without|instead|less|fewer|than|versus|against|unquantized|uncompressed|full precision|half precision|a month|a week|a year|"
    r"for a while|later|afterwards grew|grew|at a time|at once|shuffled|permuted|easy|easier|hard|simple|single)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:reduc\w*|decreas\w*|increas\w*|drop\w*|fell|fall\w*|rose|ris\w*|lift\w*|cut|gain\w*|los[ets]\w*|improv\w*|"
    r"more|less|fewer|better|worse|"
    r"higher|lower|up|down|from|went (?:up|down|to \d)|relative|saved?|savings?|points? (?:more|less)|against|differ\w*)\b",
    re.IGNORECASE,
)
_SEGMENT = re.compile(
    r"[,;:()–—]+\s+(?!which (?:was|is|were)\b)|\s+(?:and|but|so|which(?! (?:was|is|were)\b)|because|where|while|when|"
    r"whereas|although|then|who|that's|though)\s+",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:at least|at most|up to|over|under|above|below|more than|less than|fewer than|no more than|as many as|as much as|"
    r"maximum of|minimum of|beyond|within|nearly all|of the|of those|of these|after|until|till|since|to|by)\s+"
    r"(?:about\s+|roughly\s+|around\s+)?$",
    re.IGNORECASE,
)
_ALMOST = (
    r"(?:(?:about|around|roughly|some|nearly|almost|exactly|just|only just|approximately|circa|in total|"
    r"a total of|all|the|those|these|maybe)\s+)"
)
_OWNER = re.compile(
    r"\b(?:had|has|have|held|holds?|contains?|contained|with|was|were|is|are|been|got|get|ran|run|runs|took|takes|trained|train|grouped|"
    r"counted|collected|labelled|labeled|used|use|uses|started|reached|came to|ended up with|on|at|our|my|over|into|out of|gave|gives|made|"
    r"indexed|stored|an?|solved|searched|[a-z]{3,}s from)\s+" + _ALMOST + r"{0,3}$",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^\s*(?:well|yes|okay|so|and|or|it's|that's|that is|altogether|in total)?[,\s]*" + _ALMOST + r"{0,3}$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:had|have|has|was|were|is|are|went|got|came|left|wrote|said|did|do|does|[a-z]{2,}ed)\b(?!\s+(?:in|from|what)\b)",
    re.IGNORECASE,
)
_FILLER = (
    r"(?:(?!(?:of|and|or|in|per|with|to|for|from|than|at|on|by|as|the|an?|each|every|is|are|was|were|that|which|times|"
    r"words?|pages?|tokens?|"
    r"sentences?|characters?|lines?|minutes?|seconds?|hours?|days?|weeks?|months?|years?|bits?|bytes?|percent|points?|some|about|around|"
    r"roughly|almost|nearly|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|"
    r"thousand|million|billion|dozen)\b)"
    r"[a-z][a-z'’-]*\s+)"
)
_LINK = re.compile(
    r"\s*(?:[:=]\s*)?(?:,\s*which\s+)?(?:(?:of|is|was|are|were|(?:was|is|stood) at|had|has|have|got|came to|reached|with|took|takes|a|an|"
    r"saw|counted|in the end|ended at|"
    r"about|around|roughly|some|nearly|almost|exactly|just|only|still|then)\s+){0,4}$",
    re.IGNORECASE,
)
_LINK_OF_MANY = re.compile(
    r"\s*(?:[:=]|\b(?:is|was|are|were|came to|reached|in total)\b)\s*" + _ALMOST + r"{0,3}$", re.IGNORECASE
)
"""After a plural: "passages of 200 words" and "users had 3 devices" count something else."""
_TIME_HAD = re.compile(r"\b(?:had|have|got|have got)\s+" + _ALMOST + r"{0,3}$", re.IGNORECASE)
"""Time that one has is a limit, and not what something took."""
_ENDS = re.compile(
    r"\s*(?:$|[.,;:!?)%–—]|(?:and|but|in|on|at|for|with|so|which|because|then|when|where|while|altogether|overall|total|too|after|by)\b)",
    re.IGNORECASE,
)
_GIVEN_AS = {"billion": 1e9, "million": 1e6, "thousand": 1e3}
_BITS = frozenset({"bit", "bits"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence between its joints, in the places of the sentence."""

    start: int
    end: int


def is_own(sentence: str, asked: bool) -> bool:
    """Whether a sentence can be a statement of the speaker's own project; `asked` where the question was about just that."""
    if _NOT_OWN.search(_said_again(sentence)):
        return False
    return bool(_OWN.search(sentence)) or (
        asked and not (_GENERAL.search(sentence) and not _NOT_GENERAL.search(sentence))
    )


def _said_again(sentence: str) -> str:
    return re.sub(r"\b(?:as|like) I (?:told you|said)(?: earlier| before)?\b", " ", sentence, flags=re.IGNORECASE)


def is_so(sentence: str, segment: Segment) -> bool:
    """Whether a stretch of a sentence tells what was, and not what would be, has to be, or was another's."""
    return not _NOT_SO.search(sentence, segment.start, segment.end)


def is_negated(sentence: str, segment: Segment) -> bool:
    """Whether a stretch denies something."""
    return bool(_NEGATED.search(sentence, segment.start, segment.end))


def segment_at(sentence: str, place: int) -> Segment:
    """The stretch that a place belongs to."""
    return next(each for each in reversed(segments(sentence)) if each.start <= place)


def segments(sentence: str) -> tuple[Segment, ...]:
    """The sentence cut at its joints."""
    found, start = [], 0
    for match in _SEGMENT.finditer(sentence):
        found.append(Segment(start, match.start()))
        start = match.end()
    return (*found, Segment(start, len(sentence)))


def spaced(sentence: str, slots: Sequence[Slot]) -> str:
    """The sentence with a space for the hyphen before a slot's words, so that "768-dimensional" is a number: no place changes."""
    heads = sorted({re.escape(each.split()[0]) for slot in slots for each in (*slot.said_with, *_unit_words(slot))})
    if not heads:
        return sentence
    return re.sub(rf"(?<=\w)[-‑](?=(?:{'|'.join(heads)})\b)", " ", sentence, flags=re.IGNORECASE)


def value_of(item: Quantity, slot: Slot) -> float | None:
    """What a quantity is in the slot's unit; None where it measures something else."""
    if slot.unit in _GIVEN_AS:
        return item.values[0] / _GIVEN_AS[slot.unit] if _counts(item.unit) else None
    wanted = unit_named(slot.unit) if slot.unit not in _BITS else None
    if wanted is None or wanted.dimension not in MEASURED:
        if item.unit is not None and item.unit.dimension in MEASURED:
            fits = slot.unit in _BITS and item.name in _BITS
            return item.values[0] if fits else None
        return item.values[0]
    if item.unit is None:
        share = wanted.dimension is Dimension.SHARE and 0.0 < item.values[0] < 1.0
        return round(item.values[0] / wanted.worth, 9) if share else None
    if item.unit.dimension is not wanted.dimension or item.name in _BITS:
        return None
    return (
        item.values[0] if item.unit.worth == wanted.worth else round(item.values[0] * item.unit.worth / wanted.worth, 9)
    )


def numeral_of(sentence: str, item: Quantity) -> Numeral | None:
    """The one numeral that a quantity is; None for a sum, a ratio, a range or a unit alone."""
    if (
        len(item.values) != 1
        or item.high is not None
        or item.give is not None
        or item.explicit
        or item.ordinal
        or item.paired
        or item.level
    ):
        return None
    found = numerals(sentence[item.start : item.end])
    if len(found) != 1 or found[0].paired:
        return None
    return replace(found[0], start=found[0].start + item.start, end=found[0].end + item.start)


@dataclass(frozen=True, slots=True)
class Around:
    """What a number stands among."""

    sentence: str
    """As `spaced` gives it."""
    segment: Segment
    """Where in it the number stands."""
    quantities: tuple[Quantity, ...]
    """The other ones of the segment."""
    slots: tuple[Slot, ...]
    """The chain's other ones."""


def stands_with(item: Quantity, numeral: Numeral, slot: Slot, around: Around, *, asked: bool) -> bool:
    """Whether a number stands with the slot's words, as the whole of what they name.

    Args:
        item: The number.
        numeral: Its numeral.
        slot: Whose number it may be.
        around: What it stands among.
        asked: Whether the question was about the slot: its unit will do then, where no other slot has the same.
    """
    sentence, segment = around.sentence, around.segment
    before, after = sentence[segment.start : numeral.start], sentence[numeral.end : segment.end]
    about = sentence[segment.start : segment.end]
    wanted = unit_named(slot.unit) if slot.unit not in _BITS else None
    measured = wanted is not None and wanted.dimension in MEASURED
    by_unit = asked and not measured and all(other.unit != slot.unit for other in around.slots)
    words = (*slot.said_with, *(_unit_words(slot) if by_unit else ()))
    if not words or _BOUND.search(sentence[: numeral.start]):
        return False
    qualifying = _without(about, words)
    if _PART.search(qualifying) or (measured and _CHANGE.search(qualifying)):
        return False
    if wanted is not None and wanted.dimension is Dimension.TIME and _TIME_HAD.search(before):
        return False
    if _follows(after, sentence[item.end : segment.end], item, wanted, words):
        return measured or slot.unit in _BITS or _is_whole(before, after, words)
    if _precedes(before, sentence[item.end :], item, wanted, slot.said_with):
        return True
    return measured and _is_near(item, slot, around)


def _is_near(item: Quantity, slot: Slot, around: Around) -> bool:
    """Whether the words stand in the same stretch as a measured number, with no rival of either."""
    about = around.sentence[around.segment.start : around.segment.end]
    if item.unit is None or not speaks_of(about, slot.said_with):
        return False
    dimension = item.unit.dimension
    return not any(
        each.unit is not None and each.unit.dimension is dimension for each in around.quantities
    ) and not any(_alike(slot, other) and speaks_of(about, other.said_with) for other in around.slots)


def _unit_words(slot: Slot) -> tuple[str, ...]:
    if not slot.unit or slot.unit in _GIVEN_AS:
        return ()
    return (slot.unit, slot.unit.removesuffix("s")) if slot.unit in _BITS else (slot.unit,)


def _follows(after: str, beyond: str, item: Quantity, wanted: Unit | None, words: Sequence[str]) -> bool:
    """Whether the words come right after the number: "2 million short passages"."""
    pattern = _after_number(tuple(words))
    if pattern.match(after) and (item.unit is None or _any_of(tuple(words)).match(after.lstrip(" -"))):
        return True
    same = item.unit is not None and wanted is not None and item.unit.dimension is wanted.dimension
    return same and bool(pattern.match(beyond))


def _precedes(before: str, beyond: str, item: Quantity, wanted: Unit | None, words: Sequence[str]) -> bool:
    """Whether the words come right before the number, and nothing that it could count comes after it: "a rank of 16"."""
    if not words:
        return False
    found = list(_any_of(tuple(words)).finditer(before))
    if not found:
        return False
    many = found[-1].group().lower().endswith("s")
    if not (_LINK_OF_MANY if many else _LINK).fullmatch(before[found[-1].end() :]):
        return False
    same = item.unit is not None and wanted is not None and item.unit.dimension is wanted.dimension
    return (item.unit is None or same) and bool(_ENDS.match(beyond))


def _is_whole(before: str, after: str, words: Sequence[str]) -> bool:
    """Whether the count is of all there were: owned by a word before it, or said by itself, and not of those that did something."""
    if _OWNER.search(before):
        return True
    match = _after_number(tuple(words)).match(after)
    rest = after[match.end() :] if match is not None else after
    return bool(_OPENS.match(before)) and not _VERB.search(rest)


def _without(about: str, words: Sequence[str]) -> str:
    """The words around a number without those that are the slot's own: a test is no part where patients of the test are asked for."""
    return _any_of(tuple(sorted(words, key=len, reverse=True))).sub(" ", about)


@lru_cache(maxsize=1024)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in words), re.IGNORECASE)


@lru_cache(maxsize=1024)
def _after_number(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[\s-]*{_FILLER}{{0,2}}(?:{_any_of(words).pattern})", re.IGNORECASE)


def _counts(unit: Unit | None) -> bool:
    return unit is None or unit.dimension not in MEASURED


def _alike(one: Slot, other: Slot) -> bool:
    """Whether one number may fill either of two slots."""
    mine, theirs = unit_named(one.unit), unit_named(other.unit)
    return other.kind == "number" and mine is not None and theirs is not None and mine.dimension is theirs.dimension


def speaks_of(text: str, words: Sequence[str]) -> bool:
    """Whether any of the words stands in the text."""
    return bool(words) and bool(_any_of(tuple(words)).search(text))


def in_segment(segment: Segment, all_: Sequence[Stated]) -> Iterator[Quantity]:
    """The quantities of a segment."""
    return (each.quantity for each in all_ if segment.start <= each.quantity.start < segment.end)
