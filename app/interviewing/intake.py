"""The candidate's words as they are stored: readable text, nothing invisible, nothing cut."""

from __future__ import annotations

import unicodedata

from app.domain.errors import TurnEmpty, TurnTooLong

MAX_CHARACTERS = 20_000
_KEPT_CONTROLS = {"\n", "\t"}
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def clean(text: str) -> str:
    """NFC, line breaks as line feeds, without control characters, lone surrogates and direction overrides.

    Raises:
        TurnTooLong: more than 20,000 characters.
        TurnEmpty: nothing visible is left.
    """
    if len(text) > MAX_CHARACTERS:
        raise TurnTooLong(limit_characters=MAX_CHARACTERS, characters=len(text))
    unified = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode("utf-8")
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", unified)
        if (character in _KEPT_CONTROLS or unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"})
        and character not in _BIDI
    ).strip()
    if not any(unicodedata.category(character)[0] in "LNPS" for character in kept):
        raise TurnEmpty
    return kept
