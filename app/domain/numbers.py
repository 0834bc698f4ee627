"""Which number somebody commits to, and whether it is the wanted one: "30 of 80, that's 0.4, no wait, 37.5 %" is 0.375. Pure.

A text is read sentence by sentence, and a sentence from its end: what stands last is what was meant, unless it was denied, only
mentioned, or given together with another. How numbers are written stands in `numerals`, `units`, `quantities` and `composites`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.composites import quantities
from app.domain.quantities import Falls, Quantity, plain_quantities
from app.domain.sentences import sentences
from app.domain.units import COUNTS, MONEY, Dimension, Unit, unit_named


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its place in the text. A percentage is given as its share: 37 % is 0.37."""

    value: float
    start: int
    end: int
    percent: bool = False
    unit: str = ""
    """As it was said: "ms", "gigabytes"; empty where none was."""


def numbers(text: str) -> tuple[Number, ...]:
    """All numbers of a text in the order of their places, whatever they are there for; names ("GPT-4") and dates are left out."""
    return tuple(_told(item) for item in plain_quantities(text))


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity of a sentence, and how it is said."""

    quantity: Quantity
    denied: bool
    bound: bool
    """Not a value but a limit of one, a level or a percentile: "more than 3"."""
    or_the_one_before: bool
    """Left open between this and the one before: "8 or 16"."""


def stated(sentence: str) -> tuple[Stated, ...]:
    """The quantities of one sentence in the order of their places, whatever they are there for."""
    if not _MAY_HOLD_NUMBERS.search(sentence):
        return ()
    return tuple(Stated(claim.item, claim.denied, claim.weak, claim.open_with_previous) for claim in _claims(sentence))


def corrects(text: str) -> bool:
    """Whether words put right what was said before them: "no, sorry, 3"."""
    return bool(_CORRECTS.search(text))


def takes_back(sentence: str) -> bool:
    """Whether a short sentence withdraws what was said before it: "No, that's wrong."."""
    return _takes_back(sentence, asked=False)


def only_a_number(sentence: str) -> bool:
    """Whether a sentence has one number and no word with content beside it: "Sorry, three million."."""
    claims = _claims(sentence) if _MAY_HOLD_NUMBERS.search(sentence) else []
    return len(claims) == 1 and _nothing_else(_CORRECTS.sub(" ", sentence), _claims(_CORRECTS.sub(" ", sentence)))


def matches(
    text: str,
    target: float,
    tolerance: float,
    *,
    unit: str | None = None,
    also: Sequence[float] = (),
    others: Sequence[float] = (),
    given: Sequence[float] = (),
    signed: bool = False,
    anywhere: bool = False,
) -> Number | None:
    """The number that the text commits to, where it is the wanted one; None where it is another, or where there is none.

    The last value that was not taken back decides. A range counts where it is as narrow as the tolerance, two values left open
    count where both are right. A number in passing ("step 2", "95 % confidence", "2019", "GPT-4") is none.

    Args:
        text: One answer, or one sentence of it.
        target: What is wanted, in `unit`; a share (0.37) where there is no unit.
        tolerance: Relative share of the target, or the distance itself for a target of 0.
        unit: In which the target is counted: "ms", "bytes", "percentage points", "customers". A number in another unit of the same
            dimension is converted, one without a unit is taken to be in this one, and one of another dimension is passed over.
            "" for a plain number, which is not measured in time, data or money; None where that is not known: then a number in any
            unit is taken as it was said.
        also: Other targets that will do as well.
        others: What is right elsewhere in the same question: it takes nothing back.
        given: Numbers that the question gave. They are the answer only where they are the target.
        signed: The target has a direction, so that "down 3" is -3 and not 3. Of a negative target it is always so.
        anywhere: The number counts wherever it is stated and not taken back, as where an answer goes on to what follows from it;
            otherwise only what a sentence ends with.
    """
    found = commitment(
        (text,),
        target,
        tolerance,
        unit=unit,
        also=also,
        others=others,
        given=given,
        signed=signed,
        anywhere=anywhere,
    )
    return None if found is None else found.number


@dataclass(frozen=True, slots=True)
class Commitment:
    """A number that was committed to, and in which of several answers."""

    answer: int
    number: Number


def commitment(
    answers: Sequence[str],
    target: float,
    tolerance: float,
    *,
    unit: str | None = None,
    also: Sequence[float] = (),
    others: Sequence[float] = (),
    given: Sequence[float] = (),
    signed: bool = False,
    anywhere: bool = False,
) -> Commitment | None:
    """As `matches`, over several answers in their order: a later one takes an earlier one's number back by correcting it in words.

    Another number alone does not: asked how one came to it, one speaks of other numbers.
    """
    wanted = _Wanted((target, *also), tolerance, unit_named(unit), unit, signed or target < 0)
    set_aside = replace(wanted, targets=tuple(others))
    told = replace(wanted, targets=tuple(given), tolerance=0.0)
    stands: Commitment | None = None
    for index, answer in enumerate(answers):
        asked = False
        for sentence in sentences(answer):
            claims = _claims(sentence.text) if _MAY_HOLD_NUMBERS.search(sentence.text) else []
            if any(claim.denied and wanted.met_by(claim.item) for claim in claims) or _takes_back(sentence.text, asked):
                stands = None
            asked = sentence.text.endswith("?")
            corrects = bool(_CORRECTS.search(sentence.text))
            groups = _groups(_in_question(claims, wanted, set_aside, None if corrects else told, anywhere))
            right = [group for group in groups if all(wanted.met_by(claim.item) for claim in group)]
            if right and (
                right[-1] is groups[-1] or (anywhere and not _corrected(sentence.text, right[-1], groups[-1]))
            ):
                number = _told(right[-1][-1].item)
                number = replace(number, start=number.start + sentence.start, end=number.end + sentence.start)
                stands = Commitment(index, number)
            elif groups and stands is not None:
                anew = stands.answer == index and _nothing_else(sentence.text, claims)
                anew = anew and (not asked or sentence.text.lower().startswith("or "))
                stands = None if corrects or anew else stands
    return stands


def _in_question(
    claims: Sequence[_Claim], wanted: _Wanted, set_aside: _Wanted, told: _Wanted | None, anywhere: bool
) -> list[_Claim]:
    """Those of a sentence's claims that can be its answer."""
    said = [claim for claim in claims if not claim.denied and wanted.fits(claim.item)]
    if told is not None:
        said = [
            claim
            for claim in said
            if claim.open_with_previous or wanted.met_by(claim.item) or not told.met_by(claim.item)
        ]
    plain = [claim for claim in said if not claim.aside and (anywhere or not claim.weak)]
    plain = plain or [claim for claim in said if anywhere or not claim.weak]
    while len(plain) > 1 and set_aside.met_by(plain[-1].item) and not wanted.met_by(plain[-1].item):
        plain.pop()
    return plain


def _groups(claims: Sequence[_Claim]) -> list[list[_Claim]]:
    """Those between which it is left open in one group."""
    groups: list[list[_Claim]] = []
    for claim in claims:
        if groups and claim.open_with_previous:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _corrected(text: str, group: Sequence[_Claim], last: Sequence[_Claim]) -> bool:
    return bool(_CORRECTS.search(text[group[-1].item.end : last[-1].item.start]))


def _told(item: Quantity) -> Number:
    share = item.unit is not None and item.unit.dimension is Dimension.SHARE
    worth = item.unit.worth if item.unit is not None and share else 1.0
    return Number(item.values[0] * worth, item.start, item.end, share, item.name)


# --- what is wanted ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
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


# --- claims: what is said with them -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Claim:
    item: Quantity
    denied: bool = False
    aside: bool = False
    """Said as a reason, a comparison or an input: the answer only where nothing else is."""
    weak: bool = False
    """A level, a percentile, a bound: no answer by itself."""
    open_with_previous: bool = False
    """Left open between this and the one before: "0.37 or 0.8"."""


_MAY_HOLD_NUMBERS = re.compile(
    r"\d|\b(?:an?|zero|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+t(?:y|ies)|hundred|thousand|"
    r"million|billion|trillion|dozen|half|halves|thirds?|quarters?|\w+ths?|twice|thrice|point|\w+fold|double[sd]?|tripled?s?|quadruple[sd]?)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"(?:^|[,;.:?]\s*|\b(?:hmm|ah|oh|but|and|wait|well),?\s+)no\b(?=\s*[,.;:!…-]|\s+(?:wait|sorry|actually|it|it's|that|that's|i)\b|\s+\d|\s*$)"
    r"|(?:^|[,;.:…]\s*|\b(?:oh|no|but|hmm),?\s+)(?:wait|actually|rather)\b(?!\s+(?:for|until|till|than)\b)"
    r"|\b(?:sorry|correction|(?:scratch|strike)\s+(?:that|it)|hang\s+on|hold\s+on|oops|on\s+second\s+thoughts?|i\s+mean|i\s+meant|"
    r"i\s+was\s+wrong|i\s+misspoke|my\s+mistake|let\s+me\s+(?:redo|correct|fix)|that(?:'s|’s|\s+was|\s+is)\s+wrong|miscounted)\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|never|cannot|hardly|neither|nor|no\s+way|any(?:thing|where)\s+(?:but|except|other\s+than)|rule[sd]?\s+out|exclude[sd]?|doubt)\b|n't\b|n’t\b)"
    r"(?!\s+(?:far|more|less|quite|only|much|over|under|above|below|too|exactly|to mention|sure|counting|including|bad))"
    r"(?:\s+(?:think|believe|say|get|mean|it's|it’s|it|is|be|that|that's|was|are|an?|the|about|around|roughly|exactly|really|possibly|just|simply|"
    r"like|any|way|sum|add|up|amount|come|comes|out|at|to|as|equal|value|answer|rate|result|share|number|of|minus|negative|anything|anywhere|near)){0,6}\s*$|\bwhether\s+(?:it's\s+)?$",
    re.IGNORECASE,
)
_NOT_EXACTLY = re.compile(
    r"\b(?:mistaken|wrong|sure|certain|know|remember|exact(?:ly)?|forget|hard|matter)\b[^,;:]*$", re.IGNORECASE
)
_BELIEVED = re.compile(
    r"\b(?:first|initially|originally|wrongly|earlier|before|previously|naively?|people|one|you|they|you'd|i'd|some|others|somebody|"
    r"everyone|might|would have|had),?\s+(?:i\s+|we\s+)?"
    r"(?:would\s+|might\s+|may\s+|could\s+)?(?:thought|think|thinks|guessed|guess|said|say|believed|"
    r"assumed|had|wrote)\b[^,;:]*$"
    r"|\b(?:colleague|friend|manager|teacher|teammate|neighbou?r|textbook)s?\s+(?:would\s+|might\s+)?(?:say|says|said|get|gets|got|have|had|thinks?)\b[^,;:]*$"
    r"|\b(?:naive|naïve|wrong|tempting|intuitive)\s+(?:[^\W\d_]+\s+)?(?:answer|guess|result|value|number|one)\b[^,;:]*$"
    r"|\b(?:thought|guessed|assumed)\s+(?:it\s+(?:was|is|were|would\s+be)\s+|at\s+first\s+)[^,;:]*$",
    re.IGNORECASE,
)
_I_SAY = re.compile(r"\bi(?:'d|’d|\s+would)?\s+(?:say|guess|think|expect)\b", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"[^.;]{0,30}?(?:\bwhich\s+(?:is|was|would\s+be|can't\s+be|isn't)\s+(?:wrong|not|n't|a\s+mistake|incorrect|right\b(?<=isn't\sright))"
    r"|\b(?:is|was|would\s+be|that's|that’s|be)\s+(?:wrong|incorrect|a\s+mistake|not\s+(?:right|it|correct|the\s+answer)|nonsense)\b"
    r"|\bbut\s+(?:it|that|this)(?:\s+is|\s+was|'s|’s)?\s*(?:not|n't|isn't|isn’t|wasn't|can't\s+be)\b"
    r"|\b(?:isn't|wasn't|can't\s+be|is\s+not|wouldn't\s+be)\s+(?:right|it|correct|true|the\s+answer)\b"
    r"|,?\s*\b(?:no|wait)\b[,.]?\s*(?:wait|sorry|no|that's\s+wrong)?\s*[.!]?\s*$"
    r"|\b(?:scratch|strike|forget)\s+that\b)|\s*(?:at\s+first|initially|originally)\b",
    re.IGNORECASE,
)
_INPUT_BEFORE = re.compile(
    r"(?:[<>≤≥]\s*|\b(?:than|below|above|versus|vs\.?|against|compared\s+(?:to|with)|unlike|instead\s+of|(?:up|down)\s+from|beats|exceeds|outperforms|rather\s+than|given|assuming|beside|without|despite|"
    r"divid(?:e|ed|ing)\s+(?:\w+\s+)?by|multipl(?:y|ied|ying)\s+(?:\w+\s+)?(?:by|with)|adding|summing|subtracting|dividing|multiplying|"
    r"(?:square\s+)?root\s+of|log(?:arithm)?\s+of|sum\s+over|over\s+all|"
    r"(?:threshold|limit|cut-?off|baseline|goal|requirement|budget|with\s+an?\s+\w+|at\s+an?\s+\w+)\s+(?:of|at|is))"
    r"\s+(?:(?:about|the|all|our|their|a|roughly)\s+)?)$",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"(?<!\bbit )(?<!\bslightly )(?<!\blittle )(?<!\bjust )(?<!\bsomewhat )(?<!\bno )(?<!\bmarginally )(?<!\btouch )(?<!\bmuch )"
    r"(?<!\bbarely )(?<!\bhardly )(?<!\bnot )\b(?:more|less|fewer|greater|lower|higher|smaller|larger|bigger)\s+than\s+$"
    r"|\b(?:north|south|upwards|in\s+excess)\s+of\s+$",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|given\s+that|provided|assuming|if|unless|whereas|although|though|even\s+though|while|when)\b|,\s*(?:as|for)\s"
    r"|\b(?:in\s+total|altogether|all\s+told|in\s+all)\s*[:(–—-]",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"\b(?:so|hence|thus|therefore|which\s+(?:is|makes|gives|means|leaves)|that's|that’s|that\s+(?:is|makes|gives)|makes|gives|get|comes\s+(?:to|out)|"
    r"equals|leaves|then|i'd\s+say|it's|it’s|it\s+is|in\s+other\s+words)\b|[=:]",
    re.IGNORECASE,
)
_PARAMETER_BEFORE = re.compile(
    r"\b(?:alpha|seed)\s+(?:of\s+|at\s+)?$|\b(?:with|for|at|using)\s+(?:an?\s+)?k\s*=\s*$", re.IGNORECASE
)
_SETTING_BEFORE = re.compile(
    r"\s*,?\s*(?:(?:averaged?|measured|computed|taken|estimated|validated)\s+)?(?:on|over|across|from|using)\s+(?:[^\W\d_]+\s+){0,4}|[^\d;:.=]{0,20}\b(?:but|though|although)\s+with\s+(?:[^\W\d_]+\s+)?|,\s*and\s+i\s+[^\d,;:.]{0,30}\s",
    re.IGNORECASE,
)
_LOOSELY = re.compile(
    r"\b(?:a\s+(?:little|bit|touch|hair)|just|slightly|somewhat|well)\s+(?:over|under|above|below|(?:more|less)\s+than)\s+$",
    re.IGNORECASE,
)
_OR = re.compile(
    r"(?<!plus )\b(?:or|alternatively|otherwise)\b,?\s*(?:(?:if|when|depending)\s[^,;]{0,50}?)?"
    r"(?:(?:else|maybe|perhaps|possibly|even|also|again|it's|it’s|it|is|could|might|be|that's|about|around|roughly|like|more|closer|to|as|"
    r"much|high|low|at|most|least|the|a|an|something|still|then|you|we|i|get|say|would|may)\s+)*$",
    re.IGNORECASE,
)
_NO_CHOICE = re.compile(
    r"\bor\s+(?:so|thereabouts|rather|better|actually|more\s+precisely|to\s+be|in\s+other)\b", re.IGNORECASE
)
_MAYBE = re.compile(
    r"[\s,;?]*(?:and|but)?\s*(?:maybe|perhaps|possibly|could(?:\s+also)?\s+be|might(?:\s+also)?\s+be|it\s+could(?:\s+also)?\s+be|"
    r"it\s+might(?:\s+also)?\s+be|or)\s*(?:even\s+|also\s+|it's\s+|about\s+|around\s+)?",
    re.IGNORECASE,
)


_IN_A_LIST = re.compile(r"\s*(?:,|,?\s*or|,?\s*nor|,?\s*and)\s*", re.IGNORECASE)
"""Between numbers that are denied together, "not 60, 75 or 80"; where one comma stands alone the second one is meant, "not 60, 75"."""


def _claims(text: str) -> list[_Claim]:
    items = _once(quantities(text))
    found: list[_Claim] = []
    for at, item in enumerate(items):
        previous = items[at - 1].end if at else 0
        following = items[at + 1].start if at + 1 < len(items) else len(text)
        before = text[max(previous, item.start - 120) : item.start]
        after = text[item.end : min(following, item.end + 80)]
        clause = re.split(r"[;:]|,(?!\s*(?:not|and\s+not)\b)|(?<!anything\s)\bbut\b|\bso\b|=", before)[-1]
        goes_on = at + 1 < len(items) and bool(_IN_A_LIST.fullmatch(text[item.end : items[at + 1].start]))
        listed = _IN_A_LIST.fullmatch(before)
        shared = at > 0 and found[-1].denied and listed is not None and (goes_on or listed.group().strip() != ",")
        left_open = at > 0 and _left_open(text[max(previous, item.start - 200) : item.start])
        found.append(
            _Claim(
                item,
                denied=shared or _denied(clause, after),
                aside=bool(_INPUT_BEFORE.search(before))
                or (not left_open and (_in_reason(text, found, item) or _said_more_loosely(before, found, item)))
                or (not left_open and _is_setting(before, after, found, item)),
                weak=item.level or bool(_BOUND_BEFORE.search(before)),
                open_with_previous=left_open,
            )
        )
    return _without_lists(text, found)


def _once(items: Sequence[Quantity]) -> list[Quantity]:
    """Without those that only say again how the one before came about: "62.5 percent, which is 100 minus 37.5"."""
    return [
        item
        for at, item in enumerate(items)
        if not (
            at and item.unit is None and items[at - 1].unit is not None and item.values[:1] == items[at - 1].values[:1]
        )
    ]


def _denied(clause: str, after: str) -> bool:
    if _DENIED_AFTER.match(after):
        return True
    if _BELIEVED.search(clause) and not _I_SAY.search(clause):
        return True
    return bool(_DENIED_BEFORE.search(clause)) and not _NOT_EXACTLY.search(clause)


def _in_reason(text: str, found: Sequence[_Claim], item: Quantity) -> bool:
    """Whether a number only supports one that was said before: "0.55, because 11 of the 20 hold up"."""
    firm = next((claim.item.end for claim in reversed(found) if not claim.aside and not claim.denied), None)
    if firm is None:
        return False
    between = text[max(firm, item.start - 400) : item.start]
    reason = _REASON.search(between)
    if reason is None:
        return False
    _, _, new_clause = between[reason.end() :].replace(";", ",").partition(",")
    return not _CONCLUDES.search(new_clause)


def _said_more_loosely(before: str, found: Sequence[_Claim], item: Quantity) -> bool:
    """Whether a number only gives a feeling for the one before it: "125 s, so a little over two minutes"."""
    if not found or item.unit is None or not _LOOSELY.search(before):
        return False
    last = found[-1].item
    if last.unit is None or last.unit.dimension is not item.unit.dimension or not item.values[0]:
        return False
    ratio = last.values[0] * last.unit.worth / (item.values[0] * item.unit.worth)
    return 0.8 <= ratio <= 1.25 and ratio != 1.0


def _is_setting(before: str, after: str, found: Sequence[_Claim], item: Quantity) -> bool:
    """Whether a number says under which circumstances the one before it holds: "0.75, averaged over 10 folds", "6400 at alpha 0.05"."""
    if not any(not claim.aside and not claim.denied and not claim.weak for claim in found):
        return False
    if _PARAMETER_BEFORE.search(before):
        return True
    if _CONCLUDES.search(before):
        return False
    counted = item.unit is None or item.unit.dimension in COUNTS
    named = item.unit is not None or bool(re.match(r"\s+[a-z]{3,}", after))
    return counted and named and item.scale == 1.0 and bool(_SETTING_BEFORE.fullmatch(before))


def _left_open(between: str) -> bool:
    if _MAYBE.fullmatch(between):
        return True
    return bool(_OR.search(between)) and not _NO_CHOICE.search(between) and not _CORRECTS.search(between)


_IN_A_ROW = re.compile(r"\s*(?:,|;|,?\s*and)\s*")


def _without_lists(text: str, claims: list[_Claim]) -> list[_Claim]:
    """Three and more numbers in a row are data, not answers."""
    found = list(claims)
    start = 0
    for at in range(1, len(claims) + 1):
        if at < len(claims):
            gap = text[claims[at - 1].item.end : claims[at].item.start]
            if len(gap) <= 12 and _IN_A_ROW.fullmatch(gap):
                continue
        if at - start >= 3:
            found[start:at] = [replace(claim, aside=True) for claim in claims[start:at]]
        start = at
    return found


_TAKEN_BACK = re.compile(
    r"\b(?:scratch|strike|forget)\s+(?:that|it)\b|\bthat(?:'s|’s| was| is)\s+(?:wrong|not right)\b|^no,? wait\b"
    r"|\bi take (?:that|it) back\b",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:no|nope|nah|not really)[.,! ]*", re.IGNORECASE)


def _takes_back(text: str, asked: bool) -> bool:
    """Whether a short sentence withdraws what was said: "No, scratch that.", or "No." after one's own question."""
    return len(text.split()) <= 8 and bool(_TAKEN_BACK.search(text) or (asked and _NO.fullmatch(text)))


_SMALL = frozenset(
    "a about actually all almost an and answer approximately are around as at be by call circa close comes could do "
    "e exactly final for from get gets give gives got guess hmm i i'd i'll i'm i've in is it it'd it'll it's its "
    "just last let's make makes maybe me my near nearly no of ok okay or out over perhaps precisely probably result "
    "rather roughly say so sorry that that's the then there therefore think this to total um value we we'd we get "
    "well will would yes altogether hence thus approx some something like up works comes wait".split()
)


def _nothing_else(text: str, claims: Sequence[_Claim]) -> bool:
    """Whether a sentence is only a number: it answers the question anew."""
    rest = text
    for claim in reversed(claims):
        rest = f"{rest[: claim.item.start]} {rest[claim.item.end :]}"
    words = re.findall(r"[^\W\d_]+(?:'[a-z]+)?", rest.lower().replace("’", "'"))
    return all(word in _SMALL for word in words)
