"""DOCX to text, with python-docx. Runs in the reading process only.

The package is measured before it is opened. Entities are not resolved and nothing outside the file is fetched
(python-docx parses with `resolve_entities=False`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from app.candidate.cleaning import clean, visible_characters
from app.candidate.headings import SetLine, headings_by_type
from app.candidate.limits import Limits
from app.candidate.raw import Raw
from app.candidate.unwrap import unwrap
from app.candidate.wording import BULLET
from app.domain.errors import ResumeUnreadable, ResumeWithoutText

_RATIO_FROM_BYTES = 1024 * 1024
_MOST_PARTS = 2000
_DEEPEST = 8
_HEADING_STYLE = re.compile(r"heading\s*([1-6])$", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list (?:bullet|number)\s*([2-5])?$", re.IGNORECASE)
_HIDDEN = "Hidden text of the document was left out."

_P, _TBL, _TR, _TC, _T = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "t"))
_TEXT_BOX, _VALUE, _RUN = qn("w:txbxContent"), qn("w:val"), qn("w:r")
_AS_TEXT = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "",
}
_LEFT_OUT = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:rPr"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
"""Deleted words, properties, and the second copy of a text box that is kept for old programs."""


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
        lines += reading.blocks(section.header._element)
    lines += reading.blocks(document.element.body)
    text = unwrap(lines, wrapped=False, headings=headings_by_type(_set_lines(document.element.body)))
    if not visible_characters(text):
        raise ResumeWithoutText
    return Raw(text, (_HIDDEN,) if reading.hid else ())


def _set_lines(body: Any) -> list[SetLine]:
    """The paragraphs, in tables too, with style, weight, capitals and size; runs of more than one type make a type of their own."""
    found: list[SetLine] = []
    for paragraph in body.iter(_P):
        runs = [run for run in paragraph.iter(_RUN) if any((t.text or "").strip() for t in run.iter(_T))]
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        named = style.get(_VALUE) if style is not None else ""
        faces = frozenset(
            tuple(_property(run, name) for name in ("w:b", "w:caps", "w:smallCaps", "w:sz", "w:color", "w:u"))
            for run in runs
        )
        found.append(SetLine("".join(t.text or "" for run in runs for t in run.iter(_T)), (named, faces)))
    return found


def _property(run: Any, name: str) -> str:
    """The value of a run's own property; `on` where it is set without one, empty where it is not set."""
    element = run.find(f"{qn('w:rPr')}/{qn(name)}")
    return "" if element is None else element.get(_VALUE) or "on"


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


class _Reading:
    """Walks the XML of one document. lxml bounds the depth of the tree, so recursion is bounded too."""

    def __init__(self, style_names: dict[str, str]) -> None:
        self._style_names = style_names
        self.hid = False

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[str]:
        """Lines of the paragraphs and tables below `parent`, in order."""
        for child in parent:
            if child.tag == _P:
                yield from self._paragraph(child, depth)
            elif child.tag == _TBL and depth < _DEEPEST:
                yield ""
                for row in child.iter(_TR):
                    if row.getparent() is child:
                        yield from self._row(row, depth + 1)
                yield ""
            elif child.tag not in _LEFT_OUT and depth < _DEEPEST:
                yield from self.blocks(child, depth + 1)

    def _row(self, row: Any, depth: int) -> Iterator[str]:
        cells = [list(self.blocks(cell, depth)) for cell in row if cell.tag == _TC]
        filled = [[line for line in cell if line.strip()] for cell in cells]
        if all(len(cell) <= 1 for cell in filled):
            texts = [cell[0].strip() for cell in filled if cell]
            is_label = len(texts) == 2 and len(texts[0].split()) <= 4 and not BULLET.match(texts[1])
            yield (": " if is_label and texts[0][-1] not in ":.,;" else "    ").join(texts)
            return
        for cell in cells:
            yield from cell
            yield ""

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[str]:
        text: list[str] = []
        boxes: list[Any] = []
        self._collect(paragraph, text, boxes)
        lines = clean("".join(text)).split("\n")
        prefix = self._prefix(paragraph)
        first = True
        for line in lines:
            if first and prefix and line.strip():
                bullet = BULLET.match(line.strip())
                yield prefix + line.strip()[bullet.end() if bullet else 0 :]
                first = False
            else:
                yield line
        for box in boxes:
            if depth < _DEEPEST:
                yield from self.blocks(box, depth + 1)

    def _collect(self, element: Any, text: list[str], boxes: list[Any]) -> None:
        for child in element:
            if child.tag in _LEFT_OUT:
                continue
            if child.tag == _TEXT_BOX:
                boxes.append(child)
            elif child.tag == _T:
                text.append(child.text or "")
            elif child.tag in _AS_TEXT:
                text.append(_AS_TEXT[child.tag])
            elif child.tag == _RUN and self._is_hidden(child):
                self.hid = True
            else:
                self._collect(child, text, boxes)

    @staticmethod
    def _is_hidden(run: Any) -> bool:
        vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        return vanish is not None and vanish.get(_VALUE) not in ("0", "false", "off")

    def _prefix(self, paragraph: Any) -> str:
        """What the style of a paragraph says of it, as Markdown."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        style = properties.find(qn("w:pStyle"))
        name = self._style_names.get(style.get(_VALUE), "") if style is not None else ""
        heading = _HEADING_STYLE.match(name)
        if heading or name.lower() == "title":
            return "#" * (int(heading.group(1)) + 1 if heading else 1) + " "
        numbering = properties.find(qn("w:numPr"))
        if numbering is not None:
            number, level = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
            if number is not None and number.get(_VALUE) == "0":
                return ""
            return "  " * _small(level.get(_VALUE) if level is not None else "0") + "- "
        listed = _LIST_STYLE.match(name)
        return "  " * (_small(listed.group(1) or "1") - 1) + "- " if listed else ""


def _small(number: str) -> int:
    return min(int(number), 4) if number.isdigit() else 0
