"""A report as a PDF: the one place that knows fpdf2. Every number is a link to its words in the transcript at the end.

Characters that the typeface does not have (it has Latin, Greek, Cyrillic and many signs) become a white box.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from app.domain.transcript import Speaker, Turn
from app.review.document import (
    Block,
    Conversation,
    Grid,
    Heading,
    Items,
    Letter,
    Level,
    Line,
    Look,
    Paragraph,
    Prose,
    Scale,
    Words,
    refs_in,
)
from app.review.marking import Mark, marked
from app.review.places import Refs, one_a_turn
from app.review.report import Report
from app.review.telling.tell import anchors, tell

_FACE = "DejaVu"
_SIZE = 9.5
_LINE = 5.2
"""Height of a line, mm."""
_INK, _QUIET, _LINK, _GOOD, _BAD = (29, 31, 36), (96, 101, 112), (11, 87, 164), (20, 99, 58), (163, 38, 28)
_RULE, _GROUND = (213, 216, 222), (226, 229, 234)
_COLOUR = {Look.QUIET: _QUIET, Look.ADDED: _GOOD, Look.REMOVED: _BAD}
_CHARACTER, _CELL_LINES = 1.9, 40
"""Width of a wide character in a table, mm; lines that a cell may have: a row stands on one page or cannot be printed."""
_BOX = "\N{WHITE SQUARE}"
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_FENCE = re.compile(r"^\s*```.*$")
MORE_PLACES = 5
"""Links to further places beside a number, named by their turns."""


def report(made: Report) -> bytes:
    """The file."""
    return pages(tell(made), title=f"Report: {made.interview.role}, {made.interview.seniority}")


def pages(blocks: Sequence[Block], *, title: str) -> bytes:
    """The blocks, one below the other, as a file."""
    return _Writer(blocks, title=title).bytes()


def _cut(text: str, characters: int) -> str:
    """What a cell so many characters wide can hold, with an ellipsis where that is not all."""
    lines = [
        line[at : at + max(1, characters)]
        for line in text.split("\n")
        for at in range(0, max(1, len(line)), max(1, characters))
    ]
    if len(lines) <= _CELL_LINES:
        return text
    kept, left = [], _CELL_LINES
    for line in text.split("\n"):
        taken = line[: left * max(1, characters)]
        kept.append(taken)
        left -= max(1, -(-len(taken) // max(1, characters)))
        if left <= 0:
            break
    return "\n".join(kept).rstrip() + " …"


class _Pages(FPDF):
    """Numbered pages."""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(_FACE, size=7.5)
        self.set_text_color(*_QUIET)
        self.cell(0, 5, str(self.page_no()), align="C")


class _Writer:
    """Writes blocks one below the other."""

    def __init__(self, blocks: Sequence[Block], *, title: str) -> None:
        self._blocks = tuple(blocks)
        self._pdf = pdf = _Pages(format="A4")
        fonts = resources.files("app.review").joinpath("fonts")
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            with resources.as_file(fonts.joinpath(name)) as path:
                pdf.add_font(_FACE, style, str(path))
        font = pdf.fonts[_FACE.lower()]
        assert isinstance(font, TTFFont)
        self._known = frozenset(font.cmap)
        pdf.set_title(self._clean(title))
        pdf.set_creator("Viva")
        pdf.set_auto_page_break(True, margin=18)
        pdf.set_margins(20, 18, 20)
        pdf.add_page()
        self._refs: Refs = refs_in(self._blocks)
        self._turns = {
            turn.seq: turn for block in self._blocks if isinstance(block, Conversation) for turn in block.turns
        }
        names = [*anchors(self._blocks), *(ref.anchor for ref in self._refs if ref.seq in self._turns)]
        self._links = {name: pdf.add_link() for name in dict.fromkeys(names)}
        self._placed: set[str] = set()

    def bytes(self) -> bytes:
        """The finished file."""
        for block in self._blocks:
            self._block(block)
        for name, link in self._links.items():
            if name not in self._placed:
                # A place whose words were taken for nothing to print: the transcript's beginning is near enough.
                self._pdf.set_link(link, page=self._pdf.page_no())
        return bytes(self._pdf.output())

    # --- blocks ------------------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block.line)
            case Items():
                for number, item in enumerate(block.items, 1):
                    self._paragraph(
                        item.line, bullet=f"{number}." if block.numbered else "\N{BULLET}", indent=5, gap=0.5
                    )
                    for line in item.below:
                        self._paragraph(line, bullet="\N{EN DASH}", indent=10, gap=0.5)
                self._pdf.ln(1.5)
            case Grid():
                self._grid(block.columns, block.rows)
            case Scale():
                for level in block.levels:
                    self._level(level)
                self._pdf.ln(2)
            case Prose():
                self._prose(block.markdown)
            case Letter():
                self._plain(block.text.strip())
            case Conversation():
                for turn in block.turns:
                    self._turn(turn)

    def _heading(self, heading: Heading) -> None:
        pdf = self._pdf
        size = {1: 17.0, 2: 12.5}.get(heading.level, 10.0)
        pdf.ln({1: 0.0, 2: 4.0}.get(heading.level, 2.0))
        if pdf.will_page_break(size + 14):
            pdf.add_page()
        self._land(heading.anchor)
        pdf.set_font(_FACE, "B", size)
        pdf.set_text_color(*_INK)
        pdf.multi_cell(0, size * 0.5, self._clean(heading.text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        pdf.ln(1.5)

    def _paragraph(self, line: Line, *, bullet: str = "", indent: float = 0.0, gap: float = 2.0) -> None:
        pdf = self._pdf
        left = pdf.l_margin
        pdf.set_x(left + indent - (4.5 if bullet else 0))
        if bullet:
            self._ink(Look.PLAIN)
            pdf.cell(4.5, _LINE, bullet)
        pdf.set_left_margin(left + indent)
        for words in line:
            self._words(words)
        pdf.set_left_margin(left)
        pdf.ln(_LINE + gap)

    def _words(self, words: Words) -> None:
        text = (
            f"\N{LEFT DOUBLE QUOTATION MARK}{words.text}\N{RIGHT DOUBLE QUOTATION MARK}"
            if words.look is Look.QUOTE
            else words.text
        )
        link = self._links.get(words.to or (words.refs[0].anchor if words.refs else ""))
        self._ink(words.look, linked=link is not None)
        self._write(text, link)
        for ref in one_a_turn(words.refs)[1 : 1 + MORE_PLACES]:
            if ref.anchor in self._links:
                self._pdf.set_font(_FACE, size=6)
                self._write(f" t{ref.seq}", self._links[ref.anchor])
        self._pdf.set_font(_FACE, size=_SIZE)

    def _ink(self, look: Look, *, linked: bool = False) -> None:
        style = "B" if look is Look.STRONG else ""
        if look is Look.ADDED:
            style += "U"
        if look is Look.REMOVED:
            style += "S"
        self._pdf.set_font(_FACE, style, 8 if look is Look.QUIET else _SIZE)
        self._pdf.set_text_color(*(_LINK if linked else _COLOUR.get(look, _INK)))

    def _write(self, text: str, link: Any = None) -> None:
        clean = self._clean(text)
        if clean:
            self._pdf.write(_LINE, clean, link or "")

    def _plain(self, text: str, *, size: float = _SIZE) -> None:
        pdf = self._pdf
        self._ink(Look.PLAIN)
        pdf.set_font(_FACE, size=size)
        pdf.multi_cell(0, _LINE, self._clean(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        pdf.ln(2)

    def _prose(self, markdown: str) -> None:
        """The corpus's Markdown without its marks: paragraphs, and code as it stands."""
        code = False
        for paragraph in markdown.strip().split("\n\n"):
            lines, as_it_stands = [], code
            for line in paragraph.split("\n"):
                if _FENCE.match(line):
                    code, as_it_stands = not code, True
                    continue
                lines.append(line if code else _MARKS.sub("", line).lstrip("# "))
            text = (
                "\n".join(lines) if as_it_stands or "\n- " in f"\n{paragraph}" or "|" in paragraph else " ".join(lines)
            )
            if text.strip():
                self._plain(text.rstrip(), size=8.5)

    def _grid(self, columns: Sequence[str], rows: Sequence[Sequence[Line]]) -> None:
        pdf = self._pdf
        self._ink(Look.PLAIN)
        pdf.set_font(_FACE, size=8.5)
        pdf.set_draw_color(*_RULE)
        pdf.set_fill_color(255)
        room = pdf.epw / _CHARACTER
        widths = tuple(3 if at == 0 and len(columns) < 4 else 2 for at in range(len(columns)))
        with pdf.table(
            borders_layout="HORIZONTAL_LINES", line_height=4.6, col_widths=widths, text_align="LEFT", padding=0.8,
            first_row_as_headings=True,
        ) as table:  # fmt: skip
            table.row([self._clean(each) for each in columns])
            for line in rows:
                row = table.row()
                for at, cell in enumerate(line):
                    anchors_of = (each.refs[0].anchor for each in cell if each.refs)
                    link = next((self._links[name] for name in anchors_of if name in self._links), None)
                    style = FontFace(color=_LINK) if link is not None else None
                    text = _cut("".join(each.text for each in cell), round(room * widths[at] / sum(widths)))
                    row.cell(self._clean(text), link=link, style=style)
        pdf.ln(3)

    def _level(self, level: Level) -> None:
        pdf = self._pdf
        if pdf.will_page_break(12):
            pdf.add_page()
        self._paragraph(
            (Words(level.label, Look.STRONG, to=level.to), Words("  "), *level.note),
            gap=0,
        )
        if level.level is None:
            return
        x, y, width = pdf.l_margin, pdf.get_y(), 80.0
        step = width / 4
        pdf.set_fill_color(*_GROUND)
        pdf.rect(x, y + 1, width, 2.4, style="F")
        pdf.set_fill_color(*_LINK)
        pdf.rect(x, y + 1, max(1.2, step * level.level), 2.4, style="F")
        pdf.set_draw_color(*_INK)
        if level.low is not None and level.high is not None and level.low < level.high:
            pdf.line(x + step * level.low, y + 2.2, x + step * level.high, y + 2.2)
            for end in (level.low, level.high):
                pdf.line(x + step * end, y + 0.8, x + step * end, y + 3.6)
        if level.bar is not None:
            pdf.set_draw_color(*_BAD)
            pdf.line(x + step * level.bar, y, x + step * level.bar, y + 4.4)
        pdf.set_xy(x + width + 4, y - 0.4)
        self._words(Words(f"level {level.level:g} of 4", refs=level.refs))
        pdf.ln(_LINE + 1.5)

    # --- the transcript ------------------------------------------------------------------------------------------------------

    def _turn(self, turn: Turn) -> None:
        pdf = self._pdf
        if pdf.will_page_break(14):
            pdf.add_page()
        who = "You" if turn.speaker is Speaker.CANDIDATE else "Viva"
        own = [ref for ref in self._refs if ref.seq == turn.seq]
        self._ink(Look.STRONG)
        pdf.write(_LINE, f"{turn.seq}. {who}  ")
        self._ink(Look.PLAIN)
        self._marked(marked(turn.text, [ref for ref in own if not ref.in_code]))
        pdf.ln(_LINE + 1)
        if turn.move is not None and turn.move.table is not None:
            shown = turn.move.table
            self._grid(shown.columns, [[(Words(str(cell)),) for cell in row] for row in shown.rows])
        if turn.code:
            pdf.set_font(_FACE, size=8)
            self._marked(marked(turn.code, [ref for ref in own if ref.in_code]))
            pdf.ln(_LINE + 1)
        pdf.ln(1)

    def _marked(self, mark: Mark) -> None:
        if mark.ref is not None:
            self._land(mark.ref.anchor)
        for part in mark.parts:
            if isinstance(part, str):
                self._write(part)
            else:
                self._marked(part)

    def _land(self, anchor: str) -> None:
        if anchor in self._links:
            self._pdf.set_link(self._links[anchor], y=max(0.0, self._pdf.get_y() - 4), page=self._pdf.page_no())
            self._placed.add(anchor)

    def _clean(self, text: str) -> str:
        """The text as the typeface can show it, without what controls a line's direction or is not to be seen."""
        unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        unified = "".join(" " if each.isspace() and each != "\n" else each for each in unified)
        return "".join(
            each
            if ord(each) in self._known and (each == "\n" or each.isprintable())
            else "\n"
            if each == "\n"
            else _BOX
            for each in unified
        )
