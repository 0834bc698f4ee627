"""Whether a text is English. Another language is told so and never scored; a doubtful one counts as English."""

from __future__ import annotations

import re
from typing import Protocol

_FUNCTION_WORDS = frozenset(
    "the a an and or but if then so of to in on at by for with from as is are was were be been it its this that these "
    "those we i you he she they my our your their not no do does did have has had can could would will should when "
    "because which who what where how there than more less just about into over also only very".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")

MIN_WORDS = 6
"""Shorter texts in Latin letters are full of terms that look like any language."""
MAX_FUNCTION_WORD_SHARE = 0.12
"""Above this share of English function words a text is English, whatever a classifier says."""


class LanguageGuess(Protocol):
    """A classifier of text: ISO 639-1 code and probability 0..1."""

    def __call__(self, text: str) -> tuple[str, float]:
        """The most likely language and its probability."""
        ...


def is_english(text: str, guess: LanguageGuess) -> bool:
    """False only where the text is clearly in another language: by its letters, or long enough and without English words."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return True
    latin = sum(1 for character in letters if _LATIN.match(character))
    # Greek letters of formulas are few; half of the letters elsewhere is another script.
    if latin < len(letters) / 2:
        return len(letters) < 4
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < MIN_WORDS:
        return True
    share = sum(1 for word in words if word in _FUNCTION_WORDS) / len(words)
    if share > MAX_FUNCTION_WORD_SHARE:
        return True
    code, probability = guess(text)
    return code == "en" or probability < 0.99
