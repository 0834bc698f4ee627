"""Turns of candidates that were cut into spans by their writers: what the listener learns from and is measured with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import yaml

from app.domain.errors import TrainingDataMissing
from app.domain.transcript import Span, SpanKind

HELD_OUT = "held_out_turns.txt"


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


def held_out_turns() -> frozenset[str]:
    """Ids of the turns that no training reads: a third, listed, so that none moves when turns are added."""
    return frozenset(resources.files("app.curation").joinpath(HELD_OUT).read_text(encoding="utf-8").split())


def parted(turns: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Those that may be looked at and learned, and those held out.

    Raises:
        TrainingDataMissing: a turn that is held out is not among them, so that it may be there under another id.
    """
    held = held_out_turns()
    missing = sorted(held - {each.id for each in turns})
    if missing:
        raise TrainingDataMissing(f"the turn {missing[0]}", f"{HELD_OUT} holds it out: was it renamed?")
    return [each for each in turns if each.id not in held], [each for each in turns if each.id in held]


def turns_to_learn(turns: Path, lessons: Path) -> tuple[list[Labelled], list[Labelled]]:
    """The turns and the lessons that a training may read: nothing that is held out, under whatever id it stands.

    Raises:
        TrainingDataMissing: a folder has none, or a turn that is held out is not among them.
    """
    seen, held = parted(labelled([turns]))
    return apart(seen, held), apart(labelled([lessons]), held)


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
