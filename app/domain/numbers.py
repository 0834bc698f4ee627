"""Numbers as people write and say them: "65,536", "about 0.37", "37 %", "3/8", "1.2 million", "sixty-five thousand". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (index + 2) for index, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "b": 1e9, "bn": 1e9, "trillion": 1e12}
_DIGITS = re.compile(
    r"(?<![\w.])(?P<sign>-)?(?P<whole>\d{1,3}(?:[,  ]\d{3})+|\d+)(?P<part>\.\d+)?(?:e(?P<power>[+-]?\d{1,2}))?"
    r"(?:\s*/\s*(?P<under>\d+(?:\.\d+)?))?\s*(?P<after>%|percent\b|per cent\b|(?:thousand|million|billion|trillion|bn|k|m|b)\b)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its place in the text. A percentage is given as its share: 37 % is 0.37."""

    value: float
    start: int
    end: int
    percent: bool = False


def numbers(text: str) -> tuple[Number, ...]:
    """All numbers of a text in the order of their places."""
    found = [*_written(text), *_spoken(text)]
    return tuple(sorted(found, key=lambda number: number.start))


def matches(text: str, target: float, tolerance: float) -> Number | None:
    """The last number of the text within `tolerance` (relative share, or absolute for a target of 0) of `target`.

    A percentage also counts by its points: 37 % meets a target of 37.
    """
    room = abs(target) * tolerance if target else tolerance
    room = max(room, 1e-9)
    for number in reversed(numbers(text)):
        values = (number.value, number.value * 100) if number.percent else (number.value,)
        if any(abs(value - target) <= room for value in values):
            return number
    return None


def _written(text: str) -> list[Number]:
    found = []
    for match in _DIGITS.finditer(text):
        value = float(re.sub(r"\D", "", match["whole"]) + (match["part"] or ""))
        if match["sign"]:
            value = -value
        if match["power"]:
            value *= 10.0 ** int(match["power"])
        if match["under"] and float(match["under"]) != 0:
            value /= float(match["under"])
        after = (match["after"] or "").lower()
        percent = after in {"%", "percent", "per cent"}
        if percent:
            value /= 100.0
        elif after:
            value *= _SCALES[after]
        found.append(Number(value, match.start(), match.end(), percent))
    return found


def _spoken(text: str) -> list[Number]:
    """Runs of number words; "a hundred" and "two hundred and fifty-six thousand" included, a lone "one" left out."""
    found: list[Number] = []
    run: list[re.Match[str]] = []
    previous_end = -1
    for match in [*_WORD.finditer(text), None]:
        word = match.group().lower() if match else ""
        gap = text[previous_end : match.start()] if match and run else ""
        counts = word in _UNITS or word in _TENS or word == "hundred" or (word in _SCALES and len(word) > 2)
        joins = word == "and" and bool(run)
        if match and (counts or joins) and (not run or re.fullmatch(r"[\s-]*", gap)):
            run.append(match)
        else:
            _close(text, run, found)
            run = [match] if match and counts else []
        previous_end = match.end() if match else previous_end
    return found


def _close(text: str, run: list[re.Match[str]], found: list[Number]) -> None:
    while run and run[-1].group().lower() == "and":
        run.pop()
    spoken = [match.group().lower() for match in run]
    if not run or spoken == ["one"]:
        return
    total, group = 0.0, 0.0
    for word in spoken:
        if word in _UNITS:
            group += _UNITS[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in _SCALES:
            total += (group or 1) * _SCALES[word]
            group = 0
    end = run[-1].end()
    percent = bool(re.match(r"\s*(?:%|percent\b|per cent\b)", text[end:], re.IGNORECASE))
    value = (total + group) / (100.0 if percent else 1.0)
    # "4.2 million" was read as digits with their scale: a scale word alone is not a second number.
    if all(word in _SCALES for word in spoken) and re.search(r"\d\s*$", text[: run[0].start()]):
        return
    found.append(Number(value, run[0].start(), end, percent))
