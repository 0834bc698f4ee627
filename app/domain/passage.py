"""Retrieved text and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A titled paragraph of the corpus, short enough for the embedder to read whole."""

    id: str
    """`<note>#<passage>` for a concept, `<entry>#<part>` for others."""
    source: str
    """Path of its file below `corpus/`."""
    kind: str
    """concept, question, chain, company, role."""
    text: str
    heading: str = ""
    """What the text is about, in the words of a title: read by the embedder before the text, and not shown."""
    topics: tuple[str, ...] = ()
    question_id: str = ""
    round: str = ""
    roles: tuple[str, ...] = ()
    secret: bool = False
    """A rubric, a reference answer: never shown to a candidate before their answer."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query."""

    passage: Passage
    similarity: float
    """Cosine, -1..1."""
