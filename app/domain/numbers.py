"""Which number somebody commits to, and whether it is the wanted one: "30 of 80, that's 0.4, no wait, 37.5 %" is 0.375. Pure.

A text is read sentence by sentence, and a sentence from its end: what stands last is what was meant, unless it was denied, only
mentioned, or given together with another: `number_claims` says which. How numbers are written stands in `numerals`, `units`,
`quantities` and `composites`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.number_claims import CORRECTS, MAY_HOLD_NUMBERS, Claim, claims_of, nothing_else, withdraws
from app.domain.quantities import Quantity, plain_quantities
from app.domain.sentences import sentences
from app.domain.target_number import Wanted
from app.domain.units import Dimension, unit_named


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
    if not MAY_HOLD_NUMBERS.search(sentence):
        return ()
    return tuple(
        Stated(claim.item, claim.denied, claim.weak, claim.open_with_previous) for claim in claims_of(sentence)
    )


def corrects(text: str) -> bool:
    """Whether words put right what was said before them: "no, sorry, 3"."""
    return bool(CORRECTS.search(text))


def takes_back(sentence: str) -> bool:
    """Whether a short sentence withdraws what was said before it: "No, that's wrong."."""
    return withdraws(sentence, asked=False)


def only_a_number(sentence: str) -> bool:
    """Whether a sentence has one number and no word with content beside it: "Sorry, three million."."""
    claims = claims_of(sentence) if MAY_HOLD_NUMBERS.search(sentence) else []
    return len(claims) == 1 and nothing_else(CORRECTS.sub(" ", sentence), claims_of(CORRECTS.sub(" ", sentence)))


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
    wanted = Wanted((target, *also), tolerance, unit_named(unit), unit, signed or target < 0)
    set_aside = replace(wanted, targets=tuple(others))
    told = replace(wanted, targets=tuple(given), tolerance=0.0)
    stands: Commitment | None = None
    for index, answer in enumerate(answers):
        asked = False
        for sentence in sentences(answer):
            claims = claims_of(sentence.text) if MAY_HOLD_NUMBERS.search(sentence.text) else []
            if any(claim.denied and wanted.met_by(claim.item) for claim in claims) or withdraws(sentence.text, asked):
                stands = None
            asked = sentence.text.endswith("?")
            corrects = bool(CORRECTS.search(sentence.text))
            groups = _groups(_in_question(claims, wanted, set_aside, None if corrects else told, anywhere))
            right = [group for group in groups if all(wanted.met_by(claim.item) for claim in group)]
            if right and (
                right[-1] is groups[-1] or (anywhere and not _corrected(sentence.text, right[-1], groups[-1]))
            ):
                number = _told(right[-1][-1].item)
                number = replace(number, start=number.start + sentence.start, end=number.end + sentence.start)
                stands = Commitment(index, number)
            elif groups and stands is not None:
                anew = stands.answer == index and nothing_else(sentence.text, claims)
                anew = anew and (not asked or sentence.text.lower().startswith("or "))
                stands = None if corrects or anew else stands
    return stands


def _in_question(
    claims: Sequence[Claim], wanted: Wanted, set_aside: Wanted, told: Wanted | None, anywhere: bool
) -> list[Claim]:
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


def _groups(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Those between which it is left open in one group."""
    groups: list[list[Claim]] = []
    for claim in claims:
        if groups and claim.open_with_previous:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _corrected(text: str, group: Sequence[Claim], last: Sequence[Claim]) -> bool:
    return bool(CORRECTS.search(text[group[-1].item.end : last[-1].item.start]))


def _told(item: Quantity) -> Number:
    share = item.unit is not None and item.unit.dimension is Dimension.SHARE
    worth = item.unit.worth if item.unit is not None and share else 1.0
    return Number(item.values[0] * worth, item.start, item.end, share, item.name)
