"""A report as a page of its own: no script, nothing from elsewhere, and every number a link to its words in the same document."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources

from markdown_it import MarkdownIt

from app.domain.transcript import Speaker, Turn
from app.exercises.tables import Table
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
from app.review.telling.tell import tell

MORE_PLACES = 5
"""Links to further places beside a number, named by their turns; JSON has them all."""
STYLE = resources.files("app.review").joinpath("page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
SECURITY_POLICY = f"{_POLICY}; frame-ancestors 'self'"
"""For the header; in the page stands the part that a page can say of itself."""
_TAG = {Look.STRONG: "strong", Look.CODE: "code", Look.QUOTE: "q", Look.ADDED: "ins", Look.REMOVED: "del"}
_SCALE = 4
_WIDTH = 200
_PROSE = MarkdownIt("commonmark", {"html": False}).enable("table")
# Words of the corpus lead nowhere: a page that is kept for years should not.
_PROSE.disable(["image", "autolink", "link", "reference"])


def report(made: Report) -> str:
    """The whole page."""
    blocks = tell(made)
    refs = refs_in(blocks)
    title = next((block.text for block in blocks if isinstance(block, Heading)), "Report")
    headings = [block for block in blocks if isinstance(block, Heading) and block.level == 2 and block.anchor]
    contents = "".join(f'<li><a href="#{escape(each.anchor)}">{escape(each.text)}</a></li>' for each in headings)
    body = "\n".join(part for block in blocks for part in _block(block, refs))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#report">To the report</a>\n'
        f'<nav aria-label="Contents"><ul>{contents}</ul></nav>\n<main id="report">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _block(block: Block, refs: Refs) -> Iterator[str]:
    match block:
        case Heading():
            anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
            yield f"<h{block.level}{anchor}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            yield f"<p>{_line(block.line)}</p>"
        case Items():
            tag = "ol" if block.numbered else "ul"
            yield f"<{tag}>"
            for item in block.items:
                below = "".join(f"<li>{_line(line)}</li>" for line in item.below)
                yield f"<li>{_line(item.line)}{f'<ul>{below}</ul>' if below else ''}</li>"
            yield f"</{tag}>"
        case Grid():
            yield _table(block.columns, [[_line(cell) for cell in row] for row in block.rows])
        case Scale():
            rows = [[_label(each), _drawn(each), _line(each.note)] for each in block.levels]
            yield f'<div class="scale">{_table(("question", "level", "assessed"), rows, caption=block.what)}</div>'
        case Prose():
            yield f'<div class="prose">{_PROSE.render(block.markdown)}</div>'
        case Letter():
            yield f'<p class="letter">{escape(block.text.strip())}</p>'
        case Conversation():
            yield '<ol class="transcript">'
            for turn in block.turns:
                yield _turn(turn, refs)
            yield "</ol>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in columns)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{cell}</td>" if at else f'<th scope="row">{cell}</th>' for at, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    # A wide table scrolls by itself, with the keys too.
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption or columns[0])}">'
        f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _label(level: Level) -> str:
    return f'<a href="#{escape(level.to)}">{escape(level.label)}</a>'


def _drawn(level: Level) -> str:
    """The level as a number that leads to its words, and as a bar with its spread and the level that is asked for."""
    if level.level is None:
        return "-"
    step = _WIDTH / _SCALE
    parts = [f'<rect class="ground" x="0" y="4" width="{_WIDTH}" height="8" rx="4"/>']
    parts.append(f'<rect class="level" x="0" y="4" width="{max(4.0, step * level.level):g}" height="8" rx="4"/>')
    if level.low is not None and level.high is not None and level.low < level.high:
        parts.append(
            f'<path class="spread" d="M{step * level.low:g} 8H{step * level.high:g}M{step * level.low:g} 3V13M{step * level.high:g} 3V13"/>'
        )
    if level.bar is not None:
        parts.append(f'<path class="bar" d="M{step * level.bar:g} 0V16"/>')
    drawing = f'<svg viewBox="-2 0 {_WIDTH + 4} 16" width="{_WIDTH + 4}" height="16" aria-hidden="true">{"".join(parts)}</svg>'
    return f"{_words(Words(f'{level.level:g} of {_SCALE}', refs=level.refs))} {drawing}"


def _line(line: Line) -> str:
    return "".join(_words(each) for each in line)


def _words(words: Words) -> str:
    text = escape(words.text)
    if words.look is Look.QUIET:
        text = f"<small>{text}</small>"
    elif words.look in _TAG:
        text = f"<{_TAG[words.look]}>{text}</{_TAG[words.look]}>"
    if words.to:
        return f'<a href="#{escape(words.to)}">{text}</a>'
    if not words.refs:
        return text
    first, *others = one_a_turn(words.refs)
    more = "".join(
        f'<a class="place" href="#{place.anchor}" aria-label="also in turn {place.seq}">t{place.seq}</a>'
        for place in others[:MORE_PLACES]
    )
    return f'<a href="#{first.anchor}">{text}</a>{f"<sup>{more}</sup>" if more else ""}'


def _turn(turn: Turn, refs: Refs) -> str:
    mine = turn.speaker is Speaker.CANDIDATE
    own = [ref for ref in refs if ref.seq == turn.seq]
    who = "You" if mine else "Viva"
    text = f'<p class="said">{_marked(marked(turn.text, [ref for ref in own if not ref.in_code]))}</p>'
    table = ""
    if turn.move is not None and turn.move.table is not None:
        shown = Table(turn.move.table.columns, turn.move.table.rows)
        rows = [[escape(str(cell)) for cell in row] for row in shown.rows]
        table = _table(shown.columns, rows, caption=turn.move.table.title)
    code = ""
    if turn.code:
        code = f'<pre tabindex="0"><code>{_marked(marked(turn.code, [ref for ref in own if ref.in_code]))}</code></pre>'
    return (
        f'<li class="{"mine" if mine else "theirs"}" id="turn-{turn.seq}" value="{turn.seq}">'
        f"<strong>{turn.seq}. {who}</strong>{text}{table}{code}</li>"
    )


def _marked(mark: Mark) -> str:
    inner = "".join(escape(part) if isinstance(part, str) else _marked(part) for part in mark.parts)
    return inner if mark.ref is None else f'<span id="{mark.ref.anchor}">{inner}</span>'
