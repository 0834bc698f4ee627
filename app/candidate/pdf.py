"""PDF to text, with pypdf. Runs in the reading process only: a hostile file may hang or blow up here.

What pypdf raises on a damaged file is not caught: the process ends, and whoever started it says so.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import PyPdfError

from app.candidate.cleaning import clean, visible_characters
from app.candidate.columns import in_reading_order
from app.candidate.headings import SetLine, headings_by_type
from app.candidate.limits import Limits
from app.candidate.raw import Raw
from app.candidate.unwrap import unwrap
from app.domain.errors import ResumeEncrypted, ResumeTooManyPages, ResumeUnreadable, ResumeWithoutText

_LEAST_VISIBLE = 24
"""Letters and digits below which a file counts as a picture."""
_RAW_FACTOR = 12
"""How many laid-out characters (mostly spaces) are read for each character of text that is wanted."""
_DIGITS = re.compile(r"\d+")
_GLYPH_NAMES = re.compile(r"/[gG]\d{1,5}|\(cid:\d{1,5}\)")


def read_pdf(data: bytes, limits: Limits) -> Raw:
    """The text of all pages in reading order.

    Raises:
        ResumeEncrypted: the file opens with a password only; an empty user password is tried.
        ResumeTooManyPages: more pages than `limits.pages`.
        ResumeWithoutText: no page holds text.
        ResumeUnreadable: there are no pages.
    """
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise ResumeEncrypted
    count = len(reader.pages)
    if count > limits.pages:
        raise ResumeTooManyPages(limit=limits.pages, pages=count)
    if not count:
        raise ResumeUnreadable("the PDF has no pages")
    pages: list[str] = []
    silent = 0
    budget = limits.characters * _RAW_FACTOR
    warnings: list[str] = []
    for page in reader.pages:
        laid_out = clean(page.extract_text(extraction_mode="layout"))
        plain = "" if visible_characters(laid_out) >= _LEAST_VISIBLE else clean(page.extract_text())
        text = plain if visible_characters(plain) > visible_characters(laid_out) else laid_out
        silent += not text.strip()
        pages.append(text)
        budget -= len(text)
        if budget < 0:
            break
    if sum(map(visible_characters, pages)) < _LEAST_VISIBLE:
        raise ResumeWithoutText
    if silent:
        warnings.append(f"{silent} of {count} pages hold no text, perhaps pictures. What they show was not read.")
    if _GLYPH_NAMES.search("".join(pages)):
        warnings.append("A font of the PDF does not say which letters it draws; parts of the text may be wrong.")
    lines = in_reading_order(_without_running_lines(pages))
    return Raw(unwrap(lines, headings=headings_by_type(_set_lines(reader.pages[: len(pages)]))), tuple(warnings))


def _set_lines(pages: Iterable[PageObject]) -> list[SetLine]:
    """What stands together in one font, one size and one height, in the order of the file."""
    found: list[tuple[tuple[str, float, float], list[str]]] = []

    def visit(text: str, matrix: Sequence[float], text_matrix: Sequence[float], font: object, size: float) -> None:
        if not text.strip():
            return
        name = str(font.get("/BaseFont", "")) if isinstance(font, dict) else ""
        scale = abs(text_matrix[3] * matrix[3]) or 1.0
        place = (name, round(float(size) * scale, 1), round(text_matrix[5] * matrix[3] + matrix[5], 1))
        if not found or found[-1][0] != place:
            found.append((place, []))
        found[-1][1].append(text)

    for page in pages:
        # How a page is set is a hint only, and not worth the file where it cannot be had.
        with contextlib.suppress(PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            page.extract_text(visitor_text=visit)
    return [SetLine(line, place[:2]) for place, parts in found for line in "".join(parts).split("\n")]


def _without_running_lines(pages: list[str]) -> list[str]:
    """Pages without their page numbers, and without headers and footers that come back on every page."""
    split = [page.strip("\n").split("\n") for page in pages]
    edges: Counter[str] = Counter()
    for lines in split:
        edges.update({_DIGITS.sub("0", line.strip()) for line in (lines[0], lines[-1]) if line.strip()})
    kept: list[str] = []
    for number, lines in enumerate(split):
        first, last = 0, len(lines)
        if len(lines) >= _LEAST_LINES and _runs(lines[-1], edges, len(pages)):
            last -= 1
        if number and len(lines) >= _LEAST_LINES and _runs(lines[0], edges, len(pages)):
            first = 1
        kept.append("\n".join(lines[first:last]).strip("\n"))
    return kept


_LEAST_LINES = 4
"""Shorter pages have no header and no footer to speak of."""
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,3}(?:\s*(?:/|of)\s*\d{1,3})?$", re.IGNORECASE)


def _runs(line: str, edges: Counter[str], pages: int) -> bool:
    bare = line.strip(" -|\u2013")
    if _PAGE_NUMBER.match(bare):
        return True
    return pages > 1 and bool(bare) and edges[_DIGITS.sub("0", line.strip())] == pages
