"""Renders a fictional person to PDF and DOCX in the layouts that people send."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from evals.resumes.people import Part, Person, Work

PDF_LAYOUTS = ("one-column", "two-column", "dates-left")
DOCX_LAYOUTS = ("styled", "plain", "table")
_APART = " >> "
_LINE = 5.0
"""Millimetres."""


@dataclass(frozen=True, slots=True)
class File:
    """A resume as sent."""

    person: Person
    kind: str
    """`pdf` or `docx`."""
    layout: str
    data: bytes


def files(person: Person) -> Iterator[File]:
    """The person's resume in each layout that its file asks for; ValueError for a layout that is none."""
    for layout in person.pdf:
        if layout not in PDF_LAYOUTS:
            raise ValueError(f"no layout '{layout}'")
        yield File(person, "pdf", layout, _Pdf(person, layout).made())
    for layout in person.docx:
        if layout not in DOCX_LAYOUTS:
            raise ValueError(f"no layout '{layout}'")
        yield File(person, "docx", layout, _docx(person, layout))


class _Pdf:
    """A page under way. The fonts are those that every reader has, so the arrow, which they lack, becomes a dash."""

    def __init__(self, person: Person, layout: str) -> None:
        self.person = person
        self.layout = layout
        self.pdf = FPDF(format="A4")
        self.pdf.core_fonts_encoding = "cp1252"
        self.pdf.set_auto_page_break(True, margin=15)
        self.pdf.set_margins(18, 16, 18)
        self.pdf.add_page()

    def made(self) -> bytes:
        self.left, self.right = self.pdf.l_margin, self.pdf.w - self.pdf.r_margin
        self.write(self.person.name, size=17, style="B", line=9)
        for line in self.person.contact:
            self.write(line, size=9)
        if self.layout == "two-column":
            top, edge = self.pdf.get_y(), self.right
            self.right = self.left + 48
            for part in (part for part in self.person.parts if part.side):
                self.part(part)
            self.pdf.page = 1
            self.pdf.set_y(top)
            self.left, self.right = self.left + 56, edge
            for part in (part for part in self.person.parts if not part.side):
                self.part(part)
        else:
            for part in self.person.parts:
                self.part(part)
        return bytes(self.pdf.output())

    def write(self, text: str, *, size: float = 10, style: str = "", line: float = _LINE, indent: float = 0) -> None:
        self.pdf.set_font("Helvetica", style, size)
        self.pdf.set_x(self.left + indent)
        width = self.right - self.left - indent
        self.pdf.multi_cell(width, line, _known(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def part(self, part: Part) -> None:
        self.pdf.ln(3)
        self.write(part.heading, size=12.5, style="B", line=7)
        for line in part.lines:
            self.headed(line, style="")
        for work in part.work:
            self.work(work)

    def headed(self, line: str, *, style: str) -> None:
        said, _, apart = line.partition(_APART)
        if apart:
            top = self.pdf.get_y()
            self.pdf.set_font("Helvetica", "", 10)
            if self.layout == "dates-left":
                self.pdf.set_xy(self.left, top)
                self.pdf.cell(38, _LINE, _known(apart), new_x=XPos.LMARGIN, new_y=YPos.TOP)
            else:
                width = self.pdf.get_string_width(_known(apart)) + 2
                self.pdf.set_xy(self.right - width, top)
                self.pdf.cell(width, _LINE, _known(apart), align="R", new_x=XPos.LMARGIN, new_y=YPos.TOP)
            self.pdf.set_y(top)
        self.write(said, style=style, indent=self.indent)

    @property
    def indent(self) -> float:
        return 40 if self.layout == "dates-left" else 0

    def work(self, work: Work) -> None:
        if work.head:
            self.pdf.ln(1.5)
        for at, line in enumerate(work.head):
            self.headed(line, style="" if at else "B")
        for line in work.body:
            if line.startswith("- "):
                self.pdf.set_font("Helvetica", "", 10)
                self.pdf.set_x(self.left + self.indent + 2)
                self.pdf.cell(4, _LINE, _known("\u2022"), new_x=XPos.RIGHT, new_y=YPos.TOP)
                self.write(line[2:], indent=self.indent + 6)
            else:
                self.write(line, indent=self.indent)
        for inside in work.inside:
            self.work(inside)


def _known(text: str) -> str:
    return text.replace("\u2192", "\u2013")


def _docx(person: Person, layout: str) -> bytes:
    document = docx.Document()
    styled = layout == "styled"
    if styled:
        document.add_heading(person.name, level=0)
    else:
        run = document.add_paragraph().add_run(person.name)
        run.bold = True
        run.font.size = Pt(18)
    for line in person.contact:
        document.add_paragraph(line)
    for part in person.parts:
        if styled:
            document.add_heading(part.heading, level=1)
        else:
            run = document.add_paragraph().add_run(part.heading)
            run.bold = True
            run.font.size = Pt(13)
        for line in part.lines:
            _headed(document, line, style=None, bold=False)
        if layout == "table" and part.work:
            table = document.add_table(rows=0, cols=2)
            for work in part.work:
                _row(table.add_row().cells, work)
        else:
            for work in part.work:
                _told(document, work, styled=styled, level=2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _headed(document: Any, line: str, *, style: str | None, bold: bool) -> None:
    said, _, apart = line.partition(_APART)
    paragraph = document.add_paragraph(style=style)
    paragraph.add_run(said).bold = bold or None
    if apart:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(15.5), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run("\t" + apart)


def _told(document: Any, work: Work, *, styled: bool, level: int) -> None:
    for at, line in enumerate(work.head):
        _headed(document, line, style=f"Heading {level}" if styled and not at else None, bold=not at)
    for line in work.body:
        if not line.startswith("- "):
            document.add_paragraph(line)
        elif styled:
            document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph("\u2022\t" + line[2:])
    for inside in work.inside:
        _told(document, inside, styled=styled, level=level + 1)


def _row(cells: Any, work: Work) -> None:
    """What is set apart goes to the left cell, everything else to the right one."""
    apart = [line.partition(_APART)[2] for line in work.head if _APART in line]
    cells[0].text = apart[0] if apart else ""
    lines = [line.partition(_APART)[0] for line in work.head]
    first = cells[1].paragraphs[0]
    first.add_run(lines[0] if lines else "").bold = True
    for line in lines[1:]:
        cells[1].add_paragraph(line)
    for line in work.body:
        if line.startswith("- "):
            cells[1].add_paragraph(line[2:], style="List Bullet")
        else:
            cells[1].add_paragraph(line)
    for inside in work.inside:
        _told(cells[1], inside, styled=False, level=3)
