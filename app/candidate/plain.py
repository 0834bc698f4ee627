"""Markdown and plain text to the text that is stored."""

from __future__ import annotations

import codecs
import re

from app.candidate.cleaning import clean, visible_characters
from app.candidate.limits import Limits
from app.candidate.raw import Raw
from app.candidate.unwrap import unwrap
from app.domain.errors import ResumeEmpty

_READ_FACTOR = 4
"""How many characters are read for each that is wanted: indentation and blank lines go away."""
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_AUTO_LINK = re.compile(r"<([^<>\s]{1,300}[@:][^<>\s]{1,300})>")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|`{1,2}|~~)(?=\S)([^\n*`~]{1,400}?)(?<=\S)\1(?![\w*])")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<!--.{0,2000}?-->", re.DOTALL)
_FENCE = re.compile(r"^ {0,8}(?:```|~~~).{0,40}$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^ {0,8}\|(.{1,600})\| {0,8}$", re.MULTILINE)
_TABLE_RULE = re.compile(r"^ {0,8}\|?(?: {0,8}:?-{3,80}:? {0,8}\|){1,20}[-: |]{0,80}$\n?", re.MULTILINE)
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")

_GUESSED = "The text is not UTF-8; it was read as Western European. Letters with accents may be wrong."


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text of bytes by its byte order mark, as UTF-8, or else as Windows Latin with a warning; never fails."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return text, ("Some characters could not be read.",) if "\ufffd" in text else ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), (_GUESSED,)
    except UnicodeDecodeError:
        return data.decode("latin-1"), (_GUESSED,)


def is_binary(data: bytes) -> bool:
    """Whether bytes without a byte order mark are no text: a NUL, or one control character in fifty."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return False
    head = data[:65_536]
    return b"\0" in head or sum(byte in _CONTROLS for byte in head) * 50 > len(head)


def read_plain(data: bytes, limits: Limits, *, markdown: bool) -> Raw:
    """The text of a Markdown or text file.

    Raises:
        ResumeEmpty: no letter and no digit.
    """
    decoded, warnings = decode(data)
    text = clean(decoded[: limits.characters * _READ_FACTOR])
    if not visible_characters(text):
        raise ResumeEmpty
    unwrapped = unwrap((_without_markup(text) if markdown else text).split("\n"))
    if len(decoded) > limits.characters * _READ_FACTOR:
        # Makes the cut known even where white space alone was beyond it.
        warnings = (*warnings, "The file is very long; its end was not read.")
    return Raw(unwrapped, warnings)


def _without_markup(text: str) -> str:
    """Markdown without emphasis, links, tags, fences and table rules; headings and list markers stay."""
    text = _FENCE.sub("", _TAG.sub("", _AUTO_LINK.sub(r"\1", text)))
    text = _LINK.sub(r"\1", text)
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    text = _TABLE_RULE.sub("", text)
    return _TABLE_ROW.sub(lambda row: "    ".join(cell.strip() for cell in row.group(1).split("|")), text)
