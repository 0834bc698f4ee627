"""The compact scorer of `viva judge` against people's labels, beside its floors, on what it has not learned.

    python -m evals.judging.labelled DIR
    python -m evals.judging.labelled DIR --slow       REALSumm by the embedded model's yes and no as well: about a second a fact

DIR holds realsumm/realsumm.jsonl (its dev documents are measured on) and saf_en/saf_en.jsonl (each question is left out of
the fit in turn). Intervals are of 95 %, from resampling documents or questions.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from app.curation.train_references import graded_of, left_out_in_turn, voices_of, within
from app.scoring.items import Item
from app.scoring.reference_model import ReferenceScorer
from app.settings import Settings, load
from app.wiring.commands import open_item_judge
from app.wiring.reading import make_embedder

Array = npt.NDArray[np.float64]
RESAMPLES = 1000
SEED = 20261121
_WORD = re.compile(r"[a-z0-9]+")


def overlap(wanted: str, text: str) -> float:
    """Share of the words of one text that stand in another, 0..1."""
    mine = set(_WORD.findall(wanted.lower()))
    return len(mine & set(_WORD.findall(text.lower()))) / max(1, len(mine))


def length(text: str) -> float:
    """Words of a text."""
    return float(len(_WORD.findall(text.lower())))


def interval(groups: Sequence[Any], figure: Callable[[npt.NDArray[np.intp]], float]) -> tuple[float, float]:
    """2.5 and 97.5 in 100 of a figure over rows, whole groups of which are drawn again and again."""
    by = np.array(groups)
    places = {name: np.flatnonzero(by == name) for name in sorted(set(groups))}
    generator = np.random.default_rng(SEED)
    names = list(places)
    found = [
        figure(np.concatenate([places[names[at]] for at in generator.integers(0, len(names), len(names))]))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(found, [0.025, 0.975])
    return round(float(low), 3), round(float(high), 3)


async def facts(settings: Settings, data: Path, *, slow: bool = False) -> dict[str, Any]:
    """REALSumm's dev documents: does a summary say a fact? With `slow`, by both voices, and by each of them alone."""
    from sklearn.metrics import roc_auc_score

    lines = (data / "realsumm" / "realsumm.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, filter(str.strip, lines)) if row["split"] == "dev"]
    met = np.array([bool(row["met"]) for row in rows])
    async with open_item_judge(settings, "both" if slow else "compact") as judged:
        found = [
            await judged(Item.model_validate(row)) for row in track(rows, "REALSumm dev", console=Console(stderr=True))
        ]
    scored = np.array([one.p is not None for one in found])
    p = np.array([one.p if one.p is not None else 0.0 for one in found])

    def auc(of: Array) -> Callable[[npt.NDArray[np.intp]], float]:
        return lambda places: float(roc_auc_score(met[places], of[places]))

    every = np.flatnonzero(scored)
    shared = np.array([overlap(row["criterion"], row["answer"]) for row in rows])
    sizes = np.array([length(row["answer"]) for row in rows])
    documents = [rows[place]["doc_id"] for place in every]
    voices = {
        f"auc_{name}_alone": round(auc(np.array([float(one.judges[name] or 0.0) for one in found]))(every), 3)
        for name in (("compact", "model") if slow else ())
    }
    return {
        "n": len(every),
        **voices,
        "unscored": int((~scored).sum()),
        "auc": round(auc(p)(every), 3),
        "auc_interval": interval(documents, lambda places: auc(p)(every[places])),
        "auc_floor_overlap": round(auc(shared)(every), 3),
        "auc_floor_length": round(auc(sizes)(every), 3),
        "false_credit": round(float((p[every] >= 0.5)[~met[every]].mean()), 3),
        "missed_credit": round(float((p[every] < 0.5)[met[every]].mean()), 3),
    }


def references(settings: Settings, data: Path) -> dict[str, Any]:
    """SAF: networking answers with teachers' scores, each question by a fit on the others."""
    embedder = make_embedder(settings, threads=2)
    embedder.load()
    graded = graded_of(data)
    held = left_out_in_turn(voices_of(graded, ReferenceScorer(embedder.word_pieces)), graded)
    due = np.array([one.score for one in graded])
    by = np.array([one.question_id for one in graded])
    names = sorted(set(by))
    ours = within(held, due, by)
    floors = {
        "overlap": within(np.array([overlap(one.reference, one.answer) for one in graded]), due, by),
        "length": within(np.array([np.log1p(length(one.answer)) for one in graded]), due, by),
    }

    def mean(of: Array) -> Callable[[npt.NDArray[np.intp]], float]:
        return lambda places: float(of[places].mean())

    figures: dict[str, Any] = {
        "n": len(graded),
        "questions": len(names),
        "mean_r": round(float(ours.mean()), 3),
        "mean_r_interval": interval(names, mean(ours)),
    }
    for name, floor in floors.items():
        figures[f"floor_{name}"] = round(float(floor.mean()), 3)
        figures[f"above_{name}_interval"] = interval(names, mean(ours - floor))
    return figures


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--slow", action="store_true", help="REALSumm alone, by the compact scorer and the embedded model"
    )
    options = parser.parse_args()
    data, settings = options.data, load()
    found = {"realsumm_dev": asyncio.run(facts(settings, data, slow=options.slow))}
    if not options.slow:
        found["saf"] = references(settings, data)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
