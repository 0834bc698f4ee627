"""Numerals as people write and say them: "65,536", "0,37", "4.2k", "sixteen thirty", "one and a half", "two thirds". Pure.

Reads values alone. What they measure is for `units`, what somebody means by them for `numbers`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

_ONES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
} | {"nought": 0.0, "naught": 0.0, "nil": 0.0}
_TENS = {
    word: 10.0 * (index + 2)
    for index, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
} | {"fourty": 40.0}
_SCALES = {
    "thousand": 1e3,
    "grand": 1e3,
    "million": 1e6,
    "mil": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
}
_LETTERS = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
_MULTIPLIERS = _SCALES | {"hundred": 100.0, "dozen": 12.0}
_PARTS = {
    "half": 2.0, "third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0, "eighth": 8.0,
    "ninth": 9.0, "tenth": 10.0, "eleventh": 11.0, "twelfth": 12.0, "thirteenth": 13.0, "fourteenth": 14.0, "fifteenth": 15.0,
    "sixteenth": 16.0, "twentieth": 20.0, "thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "sixtieth": 60.0, "eightieth": 80.0,
    "hundredth": 100.0, "thousandth": 1e3, "millionth": 1e6,
}  # fmt: skip
_PLURAL_PARTS = {f"{word}s": value for word, value in _PARTS.items() if word != "half"} | {"halves": 2.0}
_PLURAL_SCALES = {f"{word}s": value for word, value in _SCALES.items()}
"""After a number only: "185 millions"; "millions of rows" is none."""
_ADVERBS = {
    "twice": 2.0, "thrice": 3.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "triple": 3.0, "triples": 3.0, "tripled": 3.0,
    "quadruple": 4.0, "quadruples": 4.0, "quadrupled": 4.0,
} | {f"{word}fold": value for word, value in {**_ONES, **_TENS, "hundred": 100.0, "thousand": 1e3}.items()}  # fmt: skip
_WORDS = {*_ONES, *_TENS, *_MULTIPLIERS, *_PARTS, *_PLURAL_PARTS, *_ADVERBS, "a", "an", "and", "of", "point", "oh", "o"}

_ATOM = re.compile(
    r"(?P<digits>(?<![\w.])(?:"
    r"\d+ \d{1,2}/(?!0+(?!\d))\d{1,2}(?![\d/])|\d*[½¼¾⅓⅔⅕⅖⅗⅘⅙⅛⅜⅝⅞]|"  # 1 1/4, 2½
    r"\d{1,4} point \d{1,4}(?!\d)|0·\d+(?![\d·])|"  # 42 point 2, as it is dictated; 0·083
    r"\d{1,3}(?:[,'’]\d{3})+(?!\d)(?:\.\d+)?"  # 1,234,567.8
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)(?:,\d+)?|\d{1,3}\.\d{3},\d+"  # 1.234.567,8
    r"|\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?!\d)"  # 1 234 567
    r"|\d+(?:[.,]\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?)"
    r"|(?P<word>[^\W\d_]+)"
)
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}")
_PLAIN_DIGITS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_COMMA_IS_DECIMAL = re.compile(r"\bcomma\b", re.IGNORECASE)
_DOT_IS_FOR_THOUSANDS = re.compile(
    r"\b(?:dots?|separators?|thousands)\b|€|\b(?:eur|euros?|cents?|kunden)\b", re.IGNORECASE
)
_RECURS = re.compile(r"\s*(?:recurring|repeating)\b", re.IGNORECASE)
_ISH = re.compile(r"-?ish\b", re.IGNORECASE)
_PART_SPELLED = re.compile(r"(?P<whole>\d{1,3})/(?P<parts>\d{1,3})(?:ths?|rds?|nds?)\b", re.IGNORECASE)
"""3/8ths, 2/3rds."""
_AFTER_HOURS = re.compile(r"\d\s?h(?:rs?)?\s?$", re.IGNORECASE)
_VAGUE = re.compile(r"\b(?:few|several|some|many|couple(?:\s+of)?)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral and its place in the text."""

    values: tuple[float, ...]
    """Those that it can stand for, the likeliest first: "105.000" is 105, or 105,000 to a European."""
    start: int
    end: int
    scale: float = 1.0
    """Of the word or letter that closes it: 1e6 in "1.2 million", 1 where there is none."""
    fraction: bool = False
    """Said as a part: "a third", "three quarters"."""
    ordinal: bool = False
    """It is "10th", or "tenth" in "to the tenth"."""
    paired: bool = False
    """Said in two parts, "twelve fifty": of money it may be whole units and hundredths."""

    @property
    def value(self) -> float:
        """The likeliest value."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class _Atom:
    text: str
    start: int
    end: int
    values: tuple[float, ...] = ()


def numerals(text: str) -> tuple[Numeral, ...]:
    """All numerals of a text in the order of their places; those that belong to a name ("GPT-4", "fp32") are left out."""
    atoms = _atoms(text)
    found: list[Numeral] = []
    at = 0
    while at < len(atoms):
        read = _numeral(text, atoms, at)
        if read is None:
            at += 1
            continue
        numeral, at = read
        if all(math.isfinite(value) for value in numeral.values):
            found.append(numeral)
    return tuple(found)


def _atoms(text: str) -> list[_Atom]:
    found = []
    for match in _ATOM.finditer(text):
        if match["digits"]:
            found.append(_Atom("", match.start(), match.end(), _digits(match.group(), text)))
        else:
            found.append(_Atom(match.group().lower(), match.start(), match.end()))
    return found


def _digits(literal: str, text: str) -> tuple[float, ...]:
    """The values of a literal; dots and commas are told apart by how many digits follow them."""
    mixed = re.fullmatch(r"(\d+) (\d+)/(\d+)", literal)
    if mixed is not None:
        return (float(mixed[1]) + float(mixed[2]) / float(mixed[3]),)
    if not literal[-1].isdecimal():
        return (float(literal[:-1] or 0) + unicodedata.numeric(literal[-1]),)
    literal = literal.replace(" point ", ".").replace("·", ".")
    literal, _, power = re.sub(r"[\s'’]", "", literal).lower().partition("e")
    factor = f"e{power}" if power else ""
    dots, commas = literal.count("."), literal.count(",")
    if dots and commas:
        decimal = max(".", ",", key=literal.rfind)
        plain = literal.replace("," if decimal == "." else ".", "").replace(",", ".")
        return (float(plain + factor),)
    if commas == 1 and not re.fullmatch(r"[1-9]\d{0,2},\d{3}", literal):
        return (float(literal.replace(",", ".") + factor),)
    if commas:
        whole = float(literal.replace(",", "") + factor)
        if commas == 1 and _COMMA_IS_DECIMAL.search(text):
            return whole, float(literal.replace(",", ".") + factor)
        return (whole,)
    if dots > 1:
        return (float(literal.replace(".", "") + factor),)
    value = float(literal + factor)
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", literal) and (literal.endswith("00") or _DOT_IS_FOR_THOUSANDS.search(text)):
        return value, float(literal.replace(".", ""))
    return (value,)


# --- one numeral ------------------------------------------------------------------------------------------------------


def _numeral(text: str, atoms: Sequence[_Atom], at: int) -> tuple[Numeral, int] | None:
    """The numeral that begins at an atom, and the atom after it."""
    first = atoms[at]
    if first.values:
        return _from_digits(text, atoms, at)
    if first.text not in _WORDS or first.text in {"and", "of", "o", "oh"}:
        return None
    if first.text in {"a", "an"}:
        return _after_article(text, atoms, at)
    if first.text in _ADVERBS:
        return Numeral((_ADVERBS[first.text],), first.start, first.end), at + 1
    if first.text == "half":
        return _part(text, atoms, at, 0.5, at + 1)
    before = text[max(0, first.start - 12) : first.start]
    if first.text in _PARTS or first.text in _PLURAL_PARTS:
        if re.search(r"\b(?:every|each)\s+$", before, re.I) and first.text in _PARTS:
            return _part(text, atoms, at, 1.0 / _PARTS[first.text], at + 1)
        if first.text in _PARTS and re.search(r"\bto\s+the\s+$", before, re.I):
            return Numeral((_PARTS[first.text],), first.start, first.end, ordinal=True), at + 1
        return None
    if first.text in _MULTIPLIERS and _VAGUE.search(before):
        return None
    read = _cardinal(text, atoms, at)
    if read is None:
        return None
    numeral, after = _closed(text, atoms, at, *read)
    apart = [word for word in re.findall(r"[a-z]+", text[numeral.start : numeral.end].lower()) if word != "and"]
    paired = 100 <= numeral.value < 10_000 and not {*apart} & {*_MULTIPLIERS, "point"}
    return replace(numeral, paired=paired), after


def _from_digits(text: str, atoms: Sequence[_Atom], at: int) -> tuple[Numeral, int] | None:
    first = atoms[at]
    before = text[max(0, first.start - 6) : first.start]
    if re.search(r"[^\W\d_]\d*[-‑]$|#$", before):
        return None
    spelled = _PART_SPELLED.match(text, first.start)
    if spelled is not None and float(spelled["parts"]):
        end = spelled.end()
        after = next((place for place in range(at, len(atoms)) if atoms[place].start >= end), len(atoms))
        return Numeral((float(spelled["whole"]) / float(spelled["parts"]),), first.start, end, fraction=True), after
    recurs = _RECURS.match(text, first.end)
    written = text[first.start : first.end]
    if recurs is not None and re.fullmatch(r"\d*\.\d{1,6}", written):
        return Numeral((float(written + written[-1] * 12),), first.start, recurs.end()), at + 2
    ish = _ISH.match(text, first.end)
    if ish is not None:
        return Numeral(first.values, first.start, ish.end()), at + 2
    raised = _SUPERSCRIPT.match(text, first.end)
    if raised is not None:
        power = int(raised.group().translate(_PLAIN_DIGITS))
        values = tuple(value**power for value in first.values if value or power > 0)
        return (Numeral(values, first.start, raised.end()), at + 1) if values and abs(power) < 100 else None
    end, after, scale = first.end, at + 1, 1.0
    if after < len(atoms) and atoms[after].start <= first.end + 1 and not atoms[after].values:
        letters, raw = atoms[after].text, text[atoms[after].start : atoms[after].end]
        attached = atoms[after].start == first.end
        if attached and letters in {"st", "nd", "rd", "th"}:
            return Numeral(first.values, first.start, atoms[after].end, ordinal=True), after + 1
        apart = text[first.end : atoms[after].start] == " " and (raw.isupper() or len(raw) > 1)
        if letters == "m" and attached and _AFTER_HOURS.search(before):
            return Numeral(first.values, first.start, atoms[after].end), after + 1
        if letters in _LETTERS and (attached or (apart and letters != "t")):
            scale, end, after = _LETTERS[letters], atoms[after].end, after + 1
    return _closed(text, atoms, at, tuple(value * scale for value in first.values), after, scale, end)


def _after_article(text: str, atoms: Sequence[_Atom], at: int) -> tuple[Numeral, int] | None:
    """What "a" begins: "a third", "a hundred and five", "a dozen"."""
    if not _joined(text, atoms, at + 1) or atoms[at + 1].values:
        return None
    word = atoms[at + 1].text
    if word in _MULTIPLIERS:
        read = _cardinal(text, atoms, at + 1)
        return None if read is None else _closed(text, atoms, at, *read)
    if word in _PARTS:
        return _part(text, atoms, at, 1.0 / _PARTS[word], at + 2)
    if word == "half":
        return _part(text, atoms, at, 0.5, at + 2)
    return None


def _cardinal(text: str, atoms: Sequence[_Atom], at: int) -> tuple[tuple[float, ...], int, float, int] | None:
    """A whole or decimal number in words: its value, the atom after it, its last scale and its end."""
    total, group, scale, said = 0.0, 0.0, 1.0, False
    last = ""
    start = at
    while at < len(atoms) and (at == start or _joined(text, atoms, at)) and not atoms[at].values:
        word = atoms[at].text
        if word in _ONES or word in _TENS:
            value = _ONES.get(word, _TENS.get(word, 0.0))
            if last == "ones" or (last == "tens" and not 0 < value < 10):
                if not (0 < group < 100 and value >= 10) or last == "pair":
                    break
                group, last = group * 100 + value, "tens" if word in _TENS else "pair"  # "sixteen thirty"
            else:
                group, last = group + value, "tens" if word in _TENS else "ones"
            scale = 1.0
        elif word in {"oh", "o"} and last in {"ones", "tens"} and 0 < group < 100:
            if not (_joined(text, atoms, at + 1) and 0 < _ONES.get(atoms[at + 1].text, 0.0) < 10):
                break
            group, last = group * 100, "hundred"
        elif word in {"hundred", "dozen"}:
            group, last, scale = (group or 1.0) * _MULTIPLIERS[word], "hundred", _MULTIPLIERS[word]
        elif word in _SCALES:
            if said and not group:
                total *= _SCALES[word]
            else:
                total += (group or 1.0) * _SCALES[word]
            group, last, scale = 0.0, "scale", _SCALES[word]
        elif word == "and" and last in {"hundred", "scale"} and _small_follows(text, atoms, at + 1):
            at += 1
            continue
        else:
            break
        said = True
        at += 1
    value = total + group
    if _point_follows(text, atoms, at, said):
        digits, at = _decimals(text, atoms, at + 1)
        value, scale, said = value + float(f"0.{digits}"), 1.0, True
    if not said:
        return None
    return (value,), at, scale, atoms[at - 1].end


def _small_follows(text: str, atoms: Sequence[_Atom], at: int) -> bool:
    if not _joined(text, atoms, at):
        return False
    word = atoms[at].text
    if word not in _ONES and word not in _TENS:
        return False
    return not (_joined(text, atoms, at + 1) and atoms[at + 1].text in {*_PARTS, *_PLURAL_PARTS})


def _point_follows(text: str, atoms: Sequence[_Atom], at: int, said: bool) -> bool:
    if at >= len(atoms) or atoms[at].text not in {"point", "comma"} or (said and not _joined(text, atoms, at)):
        return False
    if atoms[at].text == "comma" and not said:
        return False
    return _joined(text, atoms, at + 1) and atoms[at + 1].text in {*_ONES, *_TENS, "oh", "o"}


def _decimals(text: str, atoms: Sequence[_Atom], at: int) -> tuple[str, int]:
    """Digits after "point": "six nine three", "fifty-five", "oh five"."""
    digits, tens = "", False
    start = at
    while at < len(atoms) and (at == start or _joined(text, atoms, at)):
        word = atoms[at].text
        if word in _TENS:
            digits, tens = digits + f"{_TENS[word]:.0f}", True
        elif word in {"oh", "o"}:
            digits, tens = digits + "0", False
        elif word in _ONES:
            value = f"{_ONES[word]:.0f}"
            digits, tens = (digits[:-1] + value if tens and 0 < _ONES[word] < 10 else digits + value), False
        else:
            break
        at += 1
    return digits, at


def _closed(
    text: str, atoms: Sequence[_Atom], first: int, values: tuple[float, ...], at: int, scale: float, end: int
) -> tuple[Numeral, int]:
    """With what may follow a number: parts, a mixed fraction, a scale."""
    begin = atoms[first].start
    word = atoms[at].text if _joined(text, atoms, at) else ""
    few = word in {"quarter", "third"} and 1.0 < values[0] < 10.0  # "three quarter", as not only natives say
    if word in _PLURAL_PARTS or (word in _PARTS and values == (1.0,)) or few:
        whole = _PLURAL_PARTS.get(word, _PARTS.get(word, 1.0))
        return _part(text, atoms, first, values[0] / whole, at + 1)
    mixed = _mixed(text, atoms, at)
    if mixed is not None:
        share, at = mixed
        # "two million and a half" is two and a half million.
        values, end = tuple(value + share * (scale if scale >= 1e3 else 1.0) for value in values), atoms[at - 1].end
    word = atoms[at].text if _joined(text, atoms, at) else ""
    if word in {"k", "m", "b"} and not atoms[at - 1].values and text[atoms[at].start].isupper():
        factor = _LETTERS[word]
        return Numeral(tuple(value * factor for value in values), begin, atoms[at].end, factor), at + 1
    while _joined(text, atoms, at) and atoms[at].text in _MULTIPLIERS | _PLURAL_SCALES:
        factor = (_MULTIPLIERS | _PLURAL_SCALES)[atoms[at].text]
        values, scale, end = tuple(value * factor for value in values), scale * factor, atoms[at].end
        at += 1
    return Numeral(values, begin, end, scale), at


def _mixed(text: str, atoms: Sequence[_Atom], at: int) -> tuple[float, int] | None:
    """The share of "and a half", "and three quarters", and the atom after it."""
    if not (_joined(text, atoms, at) and atoms[at].text == "and" and _joined(text, atoms, at + 1)):
        return None
    word, after = atoms[at + 1].text, at + 2
    count = 1.0 if word in {"a", "an"} else _ONES.get(word, 0.0)
    if word == "half":
        return 0.5, after
    if not count or not _joined(text, atoms, after):
        return None
    part = atoms[after].text
    if part in _PARTS and count == 1.0:
        return 1.0 / _PARTS[part], after + 1
    if part in _PLURAL_PARTS:
        return count / _PLURAL_PARTS[part], after + 1
    return None


def _part(text: str, atoms: Sequence[_Atom], first: int, value: float, at: int) -> tuple[Numeral, int]:
    """A part, and of what scale: "half a million", "a quarter of a million", "half a dozen"."""
    numeral = Numeral((value,), atoms[first].start, atoms[at - 1].end, fraction=True)
    after = at + 1 if _joined(text, atoms, at) and atoms[at].text == "of" else at
    if not _joined(text, atoms, after):
        return numeral, at
    if atoms[after].text in {"a", "one"} and _joined(text, atoms, after + 1):
        after += 1
    elif after == at:
        return numeral, at
    word = atoms[after].text
    if word not in _MULTIPLIERS or (
        _joined(text, atoms, after + 1) and atoms[after + 1].text in _WORDS - {"a", "of", "and", "an"}
    ):
        return numeral, at
    factor = _MULTIPLIERS[word]
    return replace(numeral, values=(value * factor,), end=atoms[after].end, scale=factor, fraction=False), after + 1


def _joined(text: str, atoms: Sequence[_Atom], at: int) -> bool:
    """Whether an atom follows the one before it in one breath: white space or a hyphen between them."""
    if not 0 < at < len(atoms):
        return False
    gap = text[atoms[at - 1].end : atoms[at].start]
    if atoms[at].values:
        return False
    return len(gap) <= 3 and gap.strip(" \t\n\u00a0-‐‑") == "" and bool(gap)
