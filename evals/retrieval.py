"""Compares ways of finding what the corpus has on a question, on questions of other banks that were mapped by hand.

    python -m evals.retrieval ../shared/bench/question_banks/questions.jsonl

The mapping (`tests/golden/question_banks.csv`) holds ids only: for each question the entries of the corpus that are on its
topic, or the reason why it is out of scope. Found means: one of them is among the first five.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from app.curation.lookup import of_corpus
from app.material.load import load as load_corpus
from app.retrieval.finder import Finder, Found, Method
from app.settings import ROOT, load
from app.wiring.reading import sentence_vectors

MAPPING = ROOT / "tests" / "golden" / "question_banks.csv"
K = 5


@dataclass(frozen=True)
class Mapped:
    """A foreign question and the entries on its topic; none of them where it is out of scope."""

    id: str
    entries: frozenset[str]
    out_of_scope: str


def mapping(path: Path = MAPPING) -> list[Mapped]:
    """The questions mapped by hand."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Mapped(row["id"], frozenset(row["entries"].split()), row["out_of_scope"].strip())
            for row in csv.DictReader(lines)
        ]


def texts(bank: Path) -> dict[str, str]:
    """Words of each foreign question by id."""
    rows = (json.loads(line) for line in bank.read_text(encoding="utf-8").splitlines() if line.strip())
    return {row["id"]: row["question"] for row in rows}


def first_place(hits: Sequence[Found], wanted: frozenset[str]) -> int:
    """Place, from 1, of the first entry that is wanted; 0 where none is found."""
    return next((place for place, hit in enumerate(hits, 1) if hit.item.entry_id in wanted), 0)


def main() -> None:
    """Prints share found, and the mean of 1 / place, for each method."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bank", type=Path)
    parser.add_argument("--misses", action="store_true", help="print what was not found")
    arguments = parser.parse_args()
    settings = load()
    items = of_corpus(load_corpus(settings.corpus, settings.more_corpora))
    vectors = sentence_vectors(settings)
    finder = Finder(items, vectors.encode_cached([item.searched for item in items]))
    words = texts(arguments.bank)
    mapped = [each for each in mapping() if each.entries]
    queries: Mapping[str, str] = {each.id: words[each.id] for each in mapped}
    rows = dict(zip(queries, vectors.encode(list(queries.values())), strict=True))
    print(f"{len(mapped)} questions in scope, {len(items)} texts of the corpus")
    for method in get_args(Method):
        places, took_ms = [], []
        for each in mapped:
            began = time.perf_counter()
            hits = finder.find(queries[each.id], rows[each.id], K, method)
            took_ms.append(1000 * (time.perf_counter() - began))
            place = first_place(hits, each.entries)
            places.append(place)
            if arguments.misses and not place:
                print(f"  {method}: {each.id}: found {[hit.item.entry_id for hit in hits]}")
        found = sum(place > 0 for place in places) / len(places)
        reciprocal = statistics.fmean(1 / place if place else 0.0 for place in places)
        p95 = statistics.quantiles(took_ms, n=20)[-1]
        print(f"{method:8} found among {K}: {found:.3f}; mean reciprocal place: {reciprocal:.3f}; p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()
