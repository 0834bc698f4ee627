"""Turns of candidates that were cut into spans by their writers: what the listener learns from and is measured with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from app.domain.errors import TrainingDataMissing
from app.domain.transcript import Span, SpanKind


@dataclass(frozen=True)
class Labelled:
    """A turn, and how its writer cut it."""

    id: str
    round: str
    text: str
    spans: tuple[Span, ...]


def labelled(folders: Iterable[Path]) -> list[Labelled]:
    """Every turn, in the order of the files; of equal ones the first.

    Raises:
        TrainingDataMissing: a folder has none.
    """
    found: dict[str, Labelled] = {}
    for folder in folders:
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise TrainingDataMissing(f"{folder}/*.yaml", "They lie under evals/listening in a checkout.")
        for file in files:
            for row in yaml.safe_load(file.read_text(encoding="utf-8")):
                spans, place = [], 0
                for kind, text in row["spans"]:
                    spans.append(Span(SpanKind(kind), place, place + len(text)))
                    place += len(text)
                whole = "".join(text for _, text in row["spans"])
                found.setdefault(whole, Labelled(row["id"], row["round"], whole, tuple(spans)))
    return list(found.values())


def halves(turns: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Those that may be looked at and learned, and every third, which is held out."""
    return [each for at, each in enumerate(turns) if at % 3 != 2], list(turns[2::3])


def apart(turns: Sequence[Labelled], held_out: Sequence[Labelled]) -> list[Labelled]:
    """The turns that nobody said in the same words among those held out: "idk" comes to every writer's mind."""
    said = {" ".join(turn.text.lower().split()) for turn in held_out}
    return [turn for turn in turns if " ".join(turn.text.lower().split()) not in said]


def kinds_by_word(text: str, spans: Sequence[Span]) -> list[SpanKind]:
    """The kind of each word, by where it begins."""
    found, place = [], 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        found.append(next(span.kind for span in spans if span.start <= start < span.end))
    return found
