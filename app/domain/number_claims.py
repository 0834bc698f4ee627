"""How each number of a sentence is said: stated, denied, only mentioned, a bound, or left open beside another. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.composites import quantities
from app.domain.quantities import Quantity
from app.domain.units import COUNTS


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity, and what is said with it."""

    item: Quantity
    denied: bool = False
    aside: bool = False
    """Said as a reason, a comparison or an input: the answer only where nothing else is."""
    weak: bool = False
    """A level, a percentile, a bound: no answer by itself."""
    open_with_previous: bool = False
    """Left open between this and the one before: "0.37 or 0.8"."""


MAY_HOLD_NUMBERS = re.compile(
    r"\d|\b(?:an?|zero|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+t(?:y|ies)|hundred|thousand|"
    r"million|billion|trillion|dozen|half|halves|thirds?|quarters?|\w+ths?|twice|thrice|point|\w+fold|double[sd]?|tripled?s?|quadruple[sd]?)\b",
    re.IGNORECASE,
)
CORRECTS = re.compile(
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
_IN_A_ROW = re.compile(r"\s*(?:,|;|,?\s*and)\s*")
_TAKEN_BACK = re.compile(
    r"\b(?:scratch|strike|forget)\s+(?:that|it)\b|\bthat(?:'s|’s| was| is)\s+(?:wrong|not right)\b|^no,? wait\b"
    r"|\bi take (?:that|it) back\b",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:no|nope|nah|not really)[.,! ]*", re.IGNORECASE)
_SMALL = frozenset(
    "a about actually all almost an and answer approximately are around as at be by call circa close comes could do "
    "e exactly final for from get gets give gives got guess hmm i i'd i'll i'm i've in is it it'd it'll it's its "
    "just last let's make makes maybe me my near nearly no of ok okay or out over perhaps precisely probably result "
    "rather roughly say so sorry that that's the then there therefore think this to total um value we we'd we get "
    "well will would yes altogether hence thus approx some something like up works comes wait".split()
)


def claims_of(text: str) -> list[Claim]:
    """What a sentence says with numbers, in the order of their places."""
    items = _once(quantities(text))
    found: list[Claim] = []
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
            Claim(
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


def _in_reason(text: str, found: Sequence[Claim], item: Quantity) -> bool:
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


def _said_more_loosely(before: str, found: Sequence[Claim], item: Quantity) -> bool:
    """Whether a number only gives a feeling for the one before it: "125 s, so a little over two minutes"."""
    if not found or item.unit is None or not _LOOSELY.search(before):
        return False
    last = found[-1].item
    if last.unit is None or last.unit.dimension is not item.unit.dimension or not item.values[0]:
        return False
    ratio = last.values[0] * last.unit.worth / (item.values[0] * item.unit.worth)
    return 0.8 <= ratio <= 1.25 and ratio != 1.0


def _is_setting(before: str, after: str, found: Sequence[Claim], item: Quantity) -> bool:
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
    return bool(_OR.search(between)) and not _NO_CHOICE.search(between) and not CORRECTS.search(between)


def _without_lists(text: str, claims: list[Claim]) -> list[Claim]:
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


def withdraws(text: str, asked: bool) -> bool:
    """Whether a short sentence withdraws what was said: "No, scratch that.", or "No." after one's own question."""
    return len(text.split()) <= 8 and bool(_TAKEN_BACK.search(text) or (asked and _NO.fullmatch(text)))


def nothing_else(text: str, claims: Sequence[Claim]) -> bool:
    """Whether a sentence is only a number: it answers the question anew."""
    rest = text
    for claim in reversed(claims):
        rest = f"{rest[: claim.item.start]} {rest[claim.item.end :]}"
    words = re.findall(r"[^\W\d_]+(?:'[a-z]+)?", rest.lower().replace("’", "'"))
    return all(word in _SMALL for word in words)
