"""A report as Markdown that a person reads. Places are told by the number of their turn; the transcript is a document of its own."""

from __future__ import annotations

from collections.abc import Iterator

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
)
from app.review.markdown import plain
from app.review.report import Report
from app.review.telling.tell import tell


def report(made: Report) -> str:
    """The whole report but the transcript."""
    blocks = [block for block in tell(made) if not isinstance(block, Conversation)]
    if blocks and isinstance(blocks[-1], Heading):
        blocks.pop()
    return "\n".join(line for block in blocks for line in _block(block)).rstrip() + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {_one_line(plain(block.text))}"
        case Paragraph():
            yield _line(block.line)
        case Items():
            for item in block.items:
                yield f"{'1.' if block.numbered else '-'} {_one_line(_line(item.line))}"
                for line in item.below:
                    yield f"  - {_one_line(_line(line))}"
        case Grid():
            yield f"| {' | '.join(block.columns)} |"
            yield f"|{'---|' * len(block.columns)}"
            for row in block.rows:
                yield f"| {' | '.join(_one_line(_line(cell)) for cell in row)} |"
        case Scale():
            yield "| question | level | assessed |"
            yield "|---|---|---|"
            for level in block.levels:
                yield f"| {plain(level.label)} | {_level(level)} | {_one_line(_line(level.note))} |"
        case Prose():
            yield block.markdown
        case Letter():
            yield "  \n".join(plain(line) for line in block.text.strip().split("\n"))
        case Conversation():
            pass
    yield ""


def _level(level: Level) -> str:
    return "-" if level.level is None else f"{level.level:g} of 4"


def _line(line: Line) -> str:
    return "".join(_words(each, first=not at) for at, each in enumerate(line)).strip()


def _words(words: Words, *, first: bool) -> str:
    # What begins a line acts otherwise than what stands in it.
    text = plain(words.text) if first else plain(f"x{words.text}")[1:]
    match words.look:
        case Look.STRONG:
            return f"**{text.strip()}**{' ' if text.endswith(' ') else ''}"
        case Look.QUIET:
            return f"<sub>{text}</sub>"
        case Look.CODE:
            return f"`{words.text.replace('`', '')}`"
        case Look.QUOTE:
            return f"“{text}”"
        case Look.ADDED:
            return _around(text, "**")
        case Look.REMOVED:
            return _around(text, "~~")
        case _:
            return text


def _around(text: str, mark: str) -> str:
    """The text with a mark on both sides, blanks outside of it: marks take hold of words alone."""
    bare = text.strip()
    if not bare:
        return text
    start = text.index(bare)
    return f"{text[:start]}{mark}{bare}{mark}{text[start + len(bare) :]}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
