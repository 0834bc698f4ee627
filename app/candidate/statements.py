"""Sentences of a text that is not trusted: bounded pieces only, so that time stays linear in the length of the text."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.sentences import Sentence, sentences

LONGEST = 1_000
"""Characters of a sentence. A longer one is cut at a space: no claim is that long, and nothing hides behind more."""


def sentences_in(text: str, start: int, end: int) -> Iterator[Sentence]:
    """The sentences of `text[start:end]` with offsets into `text`, in order, none across a line end."""
    while start < end:
        line_end = text.find("\n", start, end)
        stop = line_end if line_end >= 0 else end
        while stop - start > LONGEST:
            space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            cut = space if space > 0 else start + LONGEST
            yield from _shifted(text, start, cut)
            start = cut
        yield from _shifted(text, start, stop)
        start = stop + 1


def _shifted(text: str, start: int, end: int) -> Iterator[Sentence]:
    for found in sentences(text[start:end]):
        yield Sentence(found.text, start + found.start, start + found.end)
