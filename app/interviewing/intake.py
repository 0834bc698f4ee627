"""The candidate's words as they are stored: readable text, nothing invisible, nothing cut."""

from __future__ import annotations

import re
import unicodedata

from app.domain.errors import CodeTooLong, TurnEmpty, TurnTooLong

MAX_CHARACTERS = 20_000
MAX_CODE_CHARACTERS = 20_000
_KEPT_CONTROLS = {"\n", "\t"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Direction overrides, zero-width characters and tags are all `Cf`: with them a text reads otherwise than it is heard."""


def clean(text: str) -> str:
    """NFC, line breaks as line feeds, without control and format characters and lone surrogates.

    Raises:
        TurnTooLong: more than 20,000 characters.
        TurnEmpty: nothing visible is left.
    """
    if len(text) > MAX_CHARACTERS:
        raise TurnTooLong(limit_characters=MAX_CHARACTERS, characters=len(text))
    kept = readable(text)
    if not any(unicodedata.category(character)[0] in "LNPS" for character in kept):
        raise TurnEmpty
    return kept


def readable(text: str) -> str:
    """The same for any text, of any length, which may come out empty."""
    visible = "".join(
        character
        for character in re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", text)
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in _INVISIBLE
    )
    return unicodedata.normalize("NFC", visible).strip()


def clean_code(code: str) -> str:
    """Code as it is stored, shown and run: what is seen is what runs. "" where nothing but white space is left.

    Line breaks become line feeds; control and format characters, direction overrides among them, are taken out.
    Nothing else is changed: letters in a string are the candidate's business.

    Raises:
        CodeTooLong: more than 20,000 characters.
    """
    if len(code) > MAX_CODE_CHARACTERS:
        raise CodeTooLong(limit_characters=MAX_CODE_CHARACTERS, characters=len(code))
    kept = "".join(
        character
        for character in code.replace("\r\n", "\n").replace("\r", "\n")
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in _INVISIBLE
    )
    return kept.strip("\n").rstrip() if kept.strip() else ""
