"""How much of one text stands in another. The evaluation's own measure: roots of words by their rarity, and letters in threes.

Roots are cut and counted by code that the interviewer does not use. What a root is worth is not independent of it: the interviewer
weighs stems over the same texts by the same formula, and quotes what passes the same line.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_WORD = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*", re.IGNORECASE)
_CLOSED = frozenset(
    "a an the this that these those it its he she they them their there here who whom whose which what when where why how "
    "i me my we us our you your yours one ones some any all both each every either neither other others another such same "
    "and or but nor so yet if then than as because since while though although unless until whether not no only just even "
    "of in on at by for with without from to into onto over under about above below between through during before after "
    "against among across along around off out up down again once very too also still already quite rather really more "
    "most less least much many few lot lots be am is are was were been being do does did done doing have has had having "
    "can could may might must shall should will would let get gets got go goes going gone come comes came make makes made "
    "take takes took taken give gives gave given say says said tell tells told think thinks thought know knows knew see "
    "look looks want wants need needs put keep thing things something anything nothing everything someone anyone way s t "
    "re ve ll d m don doesn didn isn wasn aren won can't okay ok um uh hm yes well like now".split()
)


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """A word cut to what its inflections share: at most six letters."""
    word = word.lower()
    if word[0].isdigit():
        return word.replace(",", "").rstrip(".")
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    if len(word) > 5:
        for ending in ("ing", "ed", "ly", "er"):
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                word = word[: -len(ending)]
                break
    return word.rstrip("e")[:6] or word


@lru_cache(maxsize=100_000)
def roots(text: str) -> frozenset[str]:
    """Roots of the words that carry content; numbers are such."""
    words = [word.lower() for word in _WORD.findall(text.replace("’", "'"))]
    return frozenset(root(word) for word in words if word not in _CLOSED and (len(word) > 1 or word.isdigit()))


def words(text: str) -> list[str]:
    """Words as a person counts them."""
    return [each for each in text.split() if any(character.isalnum() for character in each)]


@lru_cache(maxsize=50_000)
def _threes(text: str) -> Counter[str]:
    plain = " ".join(_WORD.findall(text.lower()))
    return Counter(plain[at : at + 3] for at in range(max(0, len(plain) - 2)))


def alike(one: str, other: str) -> float:
    """0..1: cosine of the letters in threes. From 0.9 on the two are the same sentence."""
    a, b = _threes(one), _threes(other)
    dot = sum(count * b[each] for each, count in a.items())
    length = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return dot / length if length else 0.0


class Rarity:
    """What a root is worth: much, where few texts have it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = Counter(each for text in texts for each in roots(text))
        self._texts = max(2, len(texts))

    def of(self, each: str) -> float:
        """At least 0.3."""
        return max(0.3, math.log(self._texts / (1 + self._counts[each])))

    def share(self, part: Iterable[str], whole: frozenset[str]) -> float:
        """Weighted share of the roots of `part` that are in `whole`, 0..1; 0 for no roots."""
        weights = {each: self.of(each) for each in part}
        total = sum(weights.values())
        return sum(weight for each, weight in weights.items() if each in whole) / total if total else 0.0

    def weight(self, some: Iterable[str]) -> float:
        """What roots are worth together."""
        return sum(self.of(each) for each in some)
