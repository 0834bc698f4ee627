"""What of a list of items the corpus does not cover yet, and what it copied from the texts that the list was made of."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.domain.errors import Fault
from app.material.corpus import Corpus

RUN_WORDS = 8
"""Words in a row that two texts share by copying, and hardly by chance."""
MOST_DECLINED = 0.15

_WORD = re.compile(r"[a-z0-9]+")
_TEXT_FILES = frozenset({".md", ".yaml", ".yml", ".txt"})


def items(table: Path) -> dict[str, str]:
    """Words of each item by its id, from a CSV with the columns `id` and `item`, or a folder with `seed-items.csv`."""
    path = table / "seed-items.csv" if table.is_dir() else table
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["item"] for row in csv.DictReader(lines)}


def declined(root: Path) -> dict[str, str]:
    """The reason for each item that the corpus leaves out, from `declined.csv`; empty where there is none."""
    path = root / "declined.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: (row.get("reason") or "").strip() for row in csv.DictReader(lines)}


def gaps(corpus: Corpus, wanted: Mapping[str, str], left_out: Mapping[str, str]) -> Iterator[Fault]:
    """Items that nothing covers, reasons that are none, items both covered and declined, and too many declined."""
    covered = {item for entry in corpus.asked() for item in entry.covers}
    for entries in (corpus.notes, corpus.roles, corpus.companies):
        covered |= {item for each in entries.values() for item in each.covers}
    file = "declined.csv"
    for item in left_out:
        if item not in wanted:
            yield Fault(file, item, "there is no such item", "Remove the row")
        elif item in covered:
            yield Fault(file, item, "it is covered as well", "Remove the row")
        elif len(left_out[item].split()) < 3:
            yield Fault(file, item, "the reason is missing", "Say why, or name the module or test that keeps it")
    if wanted and len(left_out) > MOST_DECLINED * len(wanted):
        says = f"{len(left_out)} of {len(wanted)} items are declined, at most {MOST_DECLINED:.0%} may be"
        yield Fault(file, "", says, "Cover more of them")
    for item, words in wanted.items():
        if item not in covered and item not in left_out:
            yield Fault("", item, f"nothing covers it: {words}", "Cover it, or give a reason in declined.csv")


def copied(root: Path, sources: Path) -> Iterator[Fault]:
    """Runs of eight words that stand in a file of the corpus and in one of `sources` (`*.txt`), each file once a source."""
    known: dict[tuple[str, ...], str] = {}
    for source in sorted(sources.glob("*.txt")):
        for run in _runs(source.read_text(encoding="utf-8")):
            known.setdefault(run, source.name)
    for path in sorted(each for each in root.rglob("*") if each.suffix in _TEXT_FILES and each.is_file()):
        told: set[str] = set()
        for run in _runs(path.read_text(encoding="utf-8")):
            name = known.get(run)
            if name is not None and name not in told:
                told.add(name)
                file = path.relative_to(root).as_posix()
                yield Fault(file, "", f"'{' '.join(run)}' stands in {name}", "Say it in your own words")


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    for start in range(len(words) - RUN_WORDS + 1):
        yield tuple(words[start : start + RUN_WORDS])
