"""Cuts passages into pieces that an embedding model reads whole. Knows no model and no index.

A model cuts what it cannot read without a word, and the end of a passage would then never be found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.domain.passage import Passage

CHUNKER = "headed-150w-254p-v2"
"""Version of all that decides here where a cut falls. Raise it with any such change, so that indexes are rebuilt."""

MAX_WORDS = 150
MAX_PIECES = 254
"""Word pieces that MiniLM reads, less its two marker tokens."""

_LIMIT = MAX_WORDS * MAX_PIECES
_SEPARATORS = ["\n\n", "\n", ". ", "? ", "! ", "; ", ": ", ", ", " ", ""]
_UNIT = re.compile(r"[^\W_]+|[^\w\s]|_")
_SLACK = 1.15
"""Room above an even share, so that whole sentences fit into as many parts as are needed."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to embed: a whole one, or a stretch of one under the id `<passage>~<n>`, n from 1."""

    passage: Passage
    start: int
    """Offset in the whole passage's text; `text[start:end]` is this passage's text."""
    end: int


def whole_id(passage_id: str) -> str:
    """Gives the id of the passage that a chunk was cut from; an uncut passage's own id."""
    return passage_id.partition("~")[0]


def pieces(text: str) -> int:
    """Estimates the word pieces of a text from above, without the tokenizer, which is slow to load.

    Four letters a piece; one character where a word holds a digit or a letter beyond ASCII; one for each mark.
    Real English technical prose has about three quarters of this.
    """
    return sum(_pieces_of(unit) for unit in _UNIT.findall(text))


def _pieces_of(unit: str) -> int:
    return -(-len(unit) // 4) if unit.isascii() and unit.isalpha() else len(unit)


def _cost(text: str) -> int:
    # One number for both limits, since the splitter takes one length function: at _LIMIT one of them is reached.
    return max(len(text.split()) * MAX_PIECES, pieces(text) * MAX_WORDS)


def searched(passage: Passage) -> str:
    """Gives what the embedder reads for a passage or a chunk: its heading, as much of it as there is room for, and its text.

    **Measured** on 149 questions of other banks: with headings 95 % find their subject among the first five entries,
    without them 85 %. A passage speaks of its subject; only its heading names it.
    """
    room = MAX_PIECES - pieces(passage.text)
    kept: list[str] = []
    for word in passage.heading.split():
        room -= pieces(word)
        if room < 1:
            break
        kept.append(word)
    return f"{' '.join(kept)}. {passage.text}" if kept else passage.text


def chunk(passage: Passage) -> list[Chunk]:
    """Cuts a passage where it is too long, at sentences if it can, into parts of about equal length.

    The parts are in order, do not overlap, and leave out nothing but white space between them.

    Raises:
        ValueError: The text is blank, or the id holds a `~`, which marks chunks.
    """
    text = passage.text
    if not text.strip():
        raise ValueError(f"passage {passage.id!r} has no text")
    if "~" in passage.id:
        raise ValueError(f"passage id {passage.id!r} holds a '~'")
    cost = _cost(text)
    if cost <= _LIMIT:
        return [Chunk(passage, 0, len(text))]
    parts = -(-cost // _LIMIT)
    spans = _spans(text, min(_LIMIT, int(cost / parts * _SLACK)))
    return [
        Chunk(replace(passage, id=f"{passage.id}~{number}", text=text[start:end]), start, end)
        for number, (start, end) in enumerate(spans, start=1)
    ]


def _spans(text: str, limit: int) -> list[tuple[int, int]]:
    """Gives start and end of each part, white space at its edges left out."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        keep_separator="end",
        chunk_size=limit,
        chunk_overlap=0,
        length_function=_cost,
        strip_whitespace=False,
    )
    spans: list[tuple[int, int]] = []
    cursor = 0
    for part in splitter.split_text(text):
        # Searched for from the cursor, not counted: the splitter may drop a part that is white space alone.
        core = part.strip()
        if not core:
            continue
        start = text.index(core, cursor)
        cursor = start + len(core)
        spans.append((start, cursor))
    return spans
