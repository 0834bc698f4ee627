"""What a bare statement's own words tell: they stand there as they are, they are denied, or their number is another.

The network was taught on people's paraphrases, and is unsure of just these. Pure; English.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from app.domain.numbers import stated
from app.domain.sentences import STOP_WORDS, content_stems, sentences, stem, words
from app.domain.units import Dimension

DENIED_FROM = 0.6
"""Share of a statement's content words that a sentence with a negation too many must have, to be its denial."""
DENIED_WITHIN = 1.75
"""Times a statement's content words that such a sentence has at most: in a longer one the negation may be about something else.
**Measured** on 18,975 facts held against summaries of news: with any length the rule takes 203 sentences that say the fact for denials of
it, and 85 that do not; with this 21 and 5. Of six denials in the half looked at of the statements in docs/evals.md it finds five."""
ABOUT_IT = 0.25
"""Share of its content words from which a sentence with a number of the same kind is about the same."""
_SAME_NUMBER = 0.02
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nothing|nobody|cannot|without|wrong|false|untrue)\b|n['’]t\b", re.IGNORECASE
)
_NO_NEGATION = re.compile(
    r"\b(?:nothing|none|no one)\s+(?:but|other than|except)\b|(?:\bnot|n['’]t)\s+(?:only|just|merely)\b", re.IGNORECASE
)
_BUT_NOT = re.compile(r"(?:,|\b(?:and|but|rather than))\s+(?:not|never|no)\b[^,.;]*", re.IGNORECASE)
"""What is set against what was said: "on the training rows and not on the test rows"."""
_OPEN = re.compile(r"\b(?:if|whether|unless|should|would|could|might|may|maybe|perhaps)\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:at least|at most|more than|less than|fewer than|up to|over|under|above|below|within)\s+(?:an?\s+|the\s+)?$",
    re.IGNORECASE,
)
_OLD = re.compile(r"[\s-]+olds?\b", re.IGNORECASE)
_WORD_AFTER = re.compile(r"[\s-]*([A-Za-z]+)")


class Told(StrEnum):
    """What the words alone tell."""

    SAID = "said"
    DENIED = "denied"
    OTHER_NUMBER = "other_number"


def told(statement: str, said: Sequence[str]) -> tuple[Told, int] | None:
    """What the sentences of an answer do with a statement as far as their words alone tell it, and in which; None where they do not."""
    wanted = content_stems(statement)
    if not wanted or not said:
        return None
    shares = [len(wanted & content_stems(each)) / len(wanted) for each in said]
    nearest = max(range(len(said)), key=lambda at: shares[at])
    for at, each in enumerate(said):
        if _stands_in(statement, each):
            return Told.SAID, at
    other = _other_number(statement, said)
    if other is not None:
        return Told.OTHER_NUMBER, other
    short = len(content_stems(said[nearest])) <= DENIED_WITHIN * len(wanted)
    if len(wanted) > 1 and short and shares[nearest] >= DENIED_FROM and _denies(said[nearest], statement):
        return Told.DENIED, nearest
    return None


def _denies(sentence: str, statement: str) -> bool:
    """Whether one is negated and the other is not at all; "nothing but" is no negation, nor what is only set against something."""
    mine, theirs = (_NO_NEGATION.sub(" ", text) for text in (sentence, statement))
    strictly = [bool(_NEGATION.search(_BUT_NOT.sub(" ", text))) for text in (mine, theirs)]
    return strictly[0] != strictly[1] and not (_NEGATION.search(mine) and _NEGATION.search(theirs))


def _stands_in(statement: str, sentence: str) -> bool:
    """Word for word, with nothing before or after it that denies it or leaves it open."""
    mine, theirs = words(statement), words(sentence)
    if len(mine) < 3 or sentence.rstrip("\"')”’ ").endswith("?"):
        return False
    for at in range(len(theirs) - len(mine) + 1):
        if theirs[at : at + len(mine)] == mine:
            around = " ".join([*theirs[:at], ",", *theirs[at + len(mine) :]])
            return not _NEGATION.search(around) and not _OPEN.search(around)
    return False


def _other_number(statement: str, said: Sequence[str]) -> int | None:
    """The sentence that gives another number than the statement's, of the same kind and about the same.

    A statement with several numbers, or with a "one" that is no number, is left to those who read it.
    """
    mine = list(_measures(statement))
    if len(mine) != 1 or mine[0][0] == 1:
        return None
    ((value, kind),) = mine
    alike = [(at, other) for at, each in enumerate(said) for other, of in _measures(each) if of == kind]
    if len(alike) != 1 or math.isclose(alike[0][1], value, rel_tol=_SAME_NUMBER):
        return None
    about = content_stems(statement) - (_units_in(statement) if isinstance(kind, Dimension) else frozenset())
    at = alike[0][0]
    return at if len(about & content_stems(said[at])) >= ABOUT_IT * max(1, len(about)) else None


def _measures(text: str) -> Iterator[tuple[float, Dimension | str]]:
    """Plain numbers and what each is of: a dimension, then in its base, or the noun behind it."""
    for sentence in sentences(text):
        for each in stated(sentence.text):
            item = each.quantity
            if _BOUND.search(sentence.text[: item.start]):
                continue
            if each.denied or each.bound or item.ordinal or item.level or len(item.values) > 1 or item.high is not None:
                continue
            if item.unit is not None and _OLD.match(sentence.text, item.end):
                yield item.values[0] * item.unit.worth, "age"
            elif item.unit is not None:
                yield item.values[0] * item.unit.worth, item.unit.dimension
            elif (after := _WORD_AFTER.match(sentence.text, item.end)) and after[1].lower() not in STOP_WORDS:
                yield item.values[0], stem(after[1].lower())


def _units_in(text: str) -> frozenset[str]:
    """Stems of the words that only name a number or its unit."""
    return frozenset(
        name
        for sentence in sentences(text)
        for each in stated(sentence.text)
        for name in content_stems(sentence.text[each.quantity.start : each.quantity.end])
    )
