"""Characters: what may stand in the text of a resume. Layout is not known here.

Idempotent, so that text can be cleaned both where it is read and where it is stored.
"""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# Word writes its bullets in the private area of the Symbol and Wingdings fonts.
_PRIVATE_BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06c\uf06e"
_SHOWN = {"\u00a0": " ", "\u2028": "\n", "\u2029": "\n", "\u2010": "-", "\u2011": "-", "\u2212": "-"}
_TABLE = str.maketrans(_LIGATURES | _SHOWN | dict.fromkeys(_PRIVATE_BULLETS, "\u2022"))
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85]")
_SOFT_HYPHEN = "\u00ad"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Cn"})
"""Controls, invisible formatting (zero width, bidirectional overrides, tags), lone surrogates, unassigned."""


def clean(text: str) -> str:
    """Only visible characters, spaces and line feeds remain; in NFC; ligatures are letters again.

    A soft hyphen at the end of a line becomes a hyphen (a broken word); elsewhere it is dropped. Tabs become four
    spaces. Characters of the private use area (icons) become a space.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
    text = text.replace(_SOFT_HYPHEN + "\n", "-\n").translate(_TABLE)
    if not text.isascii():
        text = "".join(map(_kept, text))
    else:
        text = "".join(character for character in text if character == "\n" or " " <= character <= "~")
    return unicodedata.normalize("NFC", text)


def _kept(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    return " " if category in ("Co", "Zs") else character


def visible_characters(text: str) -> int:
    """How many letters and digits there are."""
    return sum(character.isalnum() for character in text)
