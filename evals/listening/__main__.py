"""How well the listener cuts a candidate's turn, and how numbers in prose are read.

    python -m evals.listening           figures over the turns that are learned, and over the held-out third
    python -m evals.listening --look    and each turn of the former that is cut otherwise

`turns/` was written by language models that had not seen the listener, before it was built; the third of them that
`app/curation/held_out_turns.txt` lists is held out. The others are learned, with the turns of `lessons/`, which were written
later to the same brief. F1 is over words: a word is right where its span has the kind that the writer gave it.

`mistakable/` has answers that sound like a request, an order, ignorance or a pause and are none; nothing learns them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from app.curation.labelled_turns import Labelled, kinds_by_word, labelled, parted
from app.domain.numbers import matches
from app.domain.transcript import SpanKind
from app.interviewing.listener import Listener
from app.scoring.pair_model import PairModel
from app.wiring.reading import listener
from evals.shares import share

HERE = Path(__file__).parent
TURNS, LESSONS, MISTAKABLE = HERE / "turns", HERE / "lessons", HERE / "mistakable"
NUMBERS, HELD_OUT_NUMBERS = HERE / "numbers.yaml", HERE / "held_out_numbers.txt"


def figures(turns: Sequence[Labelled], ears: Listener) -> dict[str, Any]:
    """F1 of each kind and their mean; true answers that were heard as something else, as a share of their words."""
    right: Counter[SpanKind] = Counter()
    due: Counter[SpanKind] = Counter()
    given: Counter[SpanKind] = Counter()
    whole = 0
    for turn in turns:
        wanted = kinds_by_word(turn.text, turn.spans)
        heard = kinds_by_word(turn.text, ears.listen(turn.text, turn.round))
        whole += wanted == heard
        due.update(wanted)
        given.update(heard)
        right.update(one for one, other in zip(wanted, heard, strict=True) if one is other)
    f1 = {str(kind): round(2 * right[kind] / (due[kind] + given[kind]), 3) for kind in SpanKind if due[kind]}
    return {
        "turns": len(turns),
        "cut_as_labelled": share(whole, len(turns)),
        "macro_f1": round(sum(f1.values()) / len(f1), 3),
        "f1": f1,
        "answer_words_unjudged": round(1 - right[SpanKind.ANSWER] / due[SpanKind.ANSWER], 4),
    }


def heard_as_answers(turns: Sequence[Labelled], ears: Listener) -> dict[str, Any]:
    """Of turns that are answers throughout, the share that is heard as such to the last word, and that of their words."""
    heard = [kinds_by_word(turn.text, ears.listen(turn.text, turn.round)) for turn in turns]
    words = [kind is SpanKind.ANSWER for kinds in heard for kind in kinds]
    whole = sum(all(kind is SpanKind.ANSWER for kind in kinds) for kinds in heard)
    return {"turns": len(turns), "whole": share(whole, len(turns)), "words": share(sum(words), len(words), digits=4)}


def phrasings() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Phrasings of numbers: those that may be looked at, and the listed third that is held out; KeyError for a listed one that is none."""
    rows = {row["id"]: row for row in yaml.safe_load(NUMBERS.read_text(encoding="utf-8"))}
    held = HELD_OUT_NUMBERS.read_text(encoding="utf-8").split()
    return [row for each, row in rows.items() if each not in held], [rows[each] for each in held]


def numbers() -> dict[str, Any]:
    """Phrasings of numbers, judged as intended or not."""
    halves = dict(zip(("may_be_looked_at", "held_out"), phrasings(), strict=True))
    return {
        "phrasings": sum(len(rows) for rows in halves.values()),
        "as_intended": {name: share(sum(map(as_intended, rows)), len(rows)) for name, rows in halves.items()},
    }


def as_intended(row: dict[str, Any]) -> bool:
    """Whether a right number is found in a phrasing, and a wrong one not."""
    tolerance = 0.0 if row["tolerance"] == "exact" else float(row["tolerance"].rstrip("%")) / 100
    found = matches(row["text"], float(row["value"]), tolerance, unit=row["unit"])
    return (found is not None) is row["right"]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", action="store_true", help="each turn that is cut otherwise, but those held out")
    look = parser.parse_args().look
    seen, held = parted(labelled([TURNS]))
    ears = listener(PairModel(threads=2))
    if look:
        for turn in seen:
            heard = ears.listen(turn.text, turn.round)
            if kinds_by_word(turn.text, heard) != kinds_by_word(turn.text, turn.spans):
                print(turn.id, [(str(span.kind), turn.text[span.start : span.end]) for span in turn.spans])
                print("   heard", [(str(span.kind), turn.text[span.start : span.end]) for span in heard])
    found = {
        "learned": figures(seen, ears),
        "held_out": figures(held, ears),
        "mistakable": heard_as_answers(labelled([MISTAKABLE]), ears),
        "numbers": numbers(),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
