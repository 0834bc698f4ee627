"""DOCX to text, with python-docx. Runs in the reading process only.

The package is measured before it is opened. Entities are not resolved and nothing outside the file is fetched
(python-docx parses with `resolve_entities=False`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.oxml.ns import qn

from app.candidate.cleaning import clean, visible_characters
from app.candidate.limits import Limits
from app.candidate.raw import Raw
from app.candidate.unwrap import unwrap
from app.candidate.wording import BULLET
from app.domain.errors import ResumeUnreadable, ResumeWithoutText

_RATIO_FROM_BYTES = 1024 * 1024
_MOST_PARTS = 2000
_DEEPEST_TABLE = 6
_HEADING_STYLE = re.compile(r"heading\s*([1-6])$", re.IGNORECASE)
_HIDDEN = "Hidden text of the document was left out."

_P, _TBL, _TR, _TC, _R, _T = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "r", "t"))
_TAB, _BR, _CR, _NO_BREAK, _SOFT = (qn(f"w:{tag}") for tag in ("tab", "br", "cr", "noBreakHyphen", "softHyphen"))
_TEXT_BOX, _VANISH, _STYLE, _NUMBERING, _LEVEL, _VALUE = (
    qn(f"w:{tag}") for tag in ("txbxContent", "vanish", "pStyle", "numPr", "ilvl", "val")
)
_DELETED = qn("w:del")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLOCK_WRAPPERS = frozenset({qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:body")})


def read_docx(data: bytes, limits: Limits) -> Raw:
    """The text of header, body, tables and text boxes, one line for each paragraph.

    Raises:
        ResumeUnreadable: not a Word document, or one that unpacks to more than `limits` allow.
        ResumeWithoutText: the document holds no text.
    """
    _weigh(data, limits)
    document = docx.Document(io.BytesIO(data))
    names = {style.style_id: style.name or "" for style in document.styles}
    reading = _Reading(names)
    lines: list[str] = []
    for section in list(document.sections)[:1]:
        lines += reading.blocks(section.header._element, 0)  # noqa: SLF001
    lines += reading.blocks(document.element.body, 0)
    text = unwrap_paragraphs(lines)
    if not visible_characters(text):
        raise ResumeWithoutText
    return Raw(text, (_HIDDEN,) if reading.hid else ())


def _weigh(data: bytes, limits: Limits) -> None:
    """Sizes are taken from the directory; `zipfile` never reads a part beyond the size it states."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile as error:
        raise ResumeUnreadable("the DOCX file is damaged or cut off") from error
    unpacked = sum(part.file_size for part in parts)
    too_dense = unpacked > _RATIO_FROM_BYTES and unpacked > limits.unpack_ratio * max(len(data), 1)
    if unpacked > limits.unpacked_bytes or too_dense or len(parts) > _MOST_PARTS:
        raise ResumeUnreadable("the DOCX file unpacks to far more than a resume holds")
    if not any(part.filename == "word/document.xml" for part in parts):
        raise ResumeUnreadable("the file is an archive but not a Word document")
