"""How well the listener cuts a candidate's turn, and how numbers in prose are read.

    python -m evals.listening           figures over all turns that may be looked at, and over the held-out third
    python -m evals.listening --look    and each turn of the former that is cut otherwise

`turns/` was written by language models that had not seen the listener; every third turn is held out. F1 is over words: a word
is right where its span has the kind that the writer gave it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.candidate.language import langid
from app.domain.numbers import matches
from app.domain.transcript import Span, SpanKind
from app.interviewing.listener import listen

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    """A turn, and how its writer cut it."""

    id: str
    round: str
    text: str
    spans: tuple[Span, ...]


def labelled() -> list[Labelled]:
    """Every turn, in the order of the files; of equal ones the first."""
    found: dict[str, Labelled] = {}
    for file in sorted((HERE / "turns").glob("*.yaml")):
        for row in yaml.safe_load(file.read_text(encoding="utf-8")):
            spans, place = [], 0
            for kind, text in row["spans"]:
                spans.append(Span(SpanKind(kind), place, place + len(text)))
                place += len(text)
            whole = "".join(text for _, text in row["spans"])
            found.setdefault(whole, Labelled(row["id"], row["round"], whole, tuple(spans)))
    return list(found.values())


def halves(turns: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Those that may be looked at, and every third, which is held out."""
    return [each for at, each in enumerate(turns) if at % 3 != 2], list(turns[2::3])


def kinds_by_word(text: str, spans: Sequence[Span]) -> list[SpanKind]:
    """The kind of each word, by where it begins."""
    found, place = [], 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        found.append(next(span.kind for span in spans if span.start <= start < span.end))
    return found


def figures(turns: Sequence[Labelled]) -> dict[str, Any]:
    """F1 of each kind and their mean; true answers that were heard as something else, as a share of their words."""
    guess = langid()
    right: Counter[SpanKind] = Counter()
    due: Counter[SpanKind] = Counter()
    given: Counter[SpanKind] = Counter()
    whole = 0
    for turn in turns:
        wanted = kinds_by_word(turn.text, turn.spans)
        heard = kinds_by_word(turn.text, listen(turn.text, round_slug=turn.round, guess=guess))
        whole += wanted == heard
        due.update(wanted)
        given.update(heard)
        right.update(one for one, other in zip(wanted, heard, strict=True) if one is other)
    f1 = {str(kind): round(2 * right[kind] / (due[kind] + given[kind]), 3) for kind in SpanKind if due[kind]}
    return {
        "turns": len(turns),
        "cut_as_labelled": round(whole / len(turns), 3),
        "macro_f1": round(sum(f1.values()) / len(f1), 3),
        "f1": f1,
        "answer_words_unjudged": round(1 - right[SpanKind.ANSWER] / due[SpanKind.ANSWER], 4),
    }


def numbers() -> dict[str, Any]:
    """Phrasings of numbers, judged as intended or not: those that may be looked at, and every third."""
    rows = yaml.safe_load((HERE / "numbers.yaml").read_text(encoding="utf-8"))
    judged = []
    for row in rows:
        tolerance = 0.0 if row["tolerance"] == "exact" else float(row["tolerance"].rstrip("%")) / 100
        found = matches(row["text"], float(row["value"]), tolerance, unit=row["unit"])
        judged.append((found is not None) is row["right"])
    seen, held = [each for at, each in enumerate(judged) if at % 3 != 2], judged[2::3]
    return {
        "phrasings": len(rows),
        "as_intended": {
            name: round(sum(half) / len(half), 3) for name, half in (("may_be_looked_at", seen), ("held_out", held))
        },
    }


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", action="store_true", help="each turn that is cut otherwise, but those held out")
    look = parser.parse_args().look
    seen, held = halves(labelled())
    if look:
        guess = langid()
        for turn in seen:
            heard = listen(turn.text, round_slug=turn.round, guess=guess)
            if kinds_by_word(turn.text, heard) != kinds_by_word(turn.text, turn.spans):
                print(turn.id, [(str(span.kind), turn.text[span.start : span.end]) for span in turn.spans])
                print("   heard", [(str(span.kind), turn.text[span.start : span.end]) for span in heard])
    print(json.dumps({"may_be_looked_at": figures(seen), "held_out": figures(held), "numbers": numbers()}, indent=1))


if __name__ == "__main__":
    main()
