"""Repaired answers, scored: does one's own answer with the report's sentences in place flip exactly what was missed?

    python -m evals.judging.repaired --battery              the middling answers of the battery, which nothing has learned
    python -m evals.judging.repaired                        those that the pair model learned from, of many more questions
    python -m evals.judging.repaired --answers 400          of so many of all styles, drawn by seed
    python -m evals.judging.repaired --battery --failures   and each that is not exact

Middling are `middling` of the battery, and the styles `partial`, `half` and `wrong` of `answers/`. What is lacking is what the
compact scorer of the report says, as in a report without a judge model.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from app.domain.score import Score
from app.domain.transcript import MoveKind, Speaker, Turn
from app.material.load import load as load_corpus
from app.review.desk import PATIENCE_S
from app.review.repair import Repair, Repairer, lacking
from app.scoring.assess import assess
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from app.wiring.reading import compact_scorer, cores, listener, sentence_vectors
from evals.judging.battery import INTERVIEW, SEED, WHEN, conversation, entries
from evals.shares import share

ANSWERS = Path(__file__).parent / "answers"
MIDDLING = ("partial", "half", "wrong")


@dataclass(frozen=True)
class Case:
    """A middling answer as it was scored, with its repair."""

    question_id: str
    style: str
    text: str
    lacking: int
    repair: Repair | None
    judged_s: float
    repaired_s: float

    @property
    def is_exact(self) -> bool:
        """Whether everything that was lacking is earned, and nothing else moved."""
        return self.repair is not None and self.repair.exact and len(self.repair.earns) == self.lacking

    @property
    def feedback_s(self) -> float:
        """What feedback right after the answer waits for: its score, and its repair as far as there is patience."""
        return self.judged_s + min(self.repaired_s, PATIENCE_S)


def written() -> Iterator[tuple[str, str, str]]:
    """Question, style and text of the answers that the pair model learned from; of chains there are none: they need a conversation."""
    for path in sorted(ANSWERS.glob("*.yaml")):
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from ((entry["question"], answer["style"], answer["text"]) for answer in entry["answers"])


def of_battery() -> Iterator[tuple[str, str, str]]:
    """The same of the battery, whose questions nothing has learned."""
    for entry in entries():
        yield from ((entry["question"], style, text) for style, text in entry["answers"].items())


async def repairs(first: int, count: int, styles: Sequence[str], *, battery: bool) -> AsyncIterator[Case]:
    """A case for each answer of these styles in which something is lacking; of `count` answers from `first` on, 0 for all."""
    settings = load_settings()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    pairs = PairModel(threads=cores(settings))
    compact = compact_scorer(settings, corpus, pairs)
    heard_by = listener(pairs)
    vectors = sentence_vectors(settings)

    async def score(interview: Any, turns: Sequence[Turn], question_id: str) -> Score:
        return await assess(interview, turns, question_id, corpus=corpus, compact=compact, judge=None, now=lambda: WHEN)

    async def likeness(texts: Sequence[str], others: Sequence[str]) -> Any:
        rows = vectors.encode([*texts, *others])
        return np.asarray(rows[: len(texts)] @ rows[len(texts) :].T)

    answers = list(of_battery() if battery else written())
    random.Random(SEED).shuffle(answers)
    for question_id, style, text in answers[first : first + count if count else None]:
        if style in styles and question_id in corpus.questions:
            rubric = corpus.rubric(question_id)
            said = [
                (Speaker.INTERVIEWER, corpus.questions[question_id].ask, MoveKind.OPEN),
                (Speaker.CANDIDATE, text, MoveKind.OPEN),
            ]
            turns = conversation(question_id, said, heard_by)
            began = time.perf_counter()
            scored = await score(INTERVIEW, turns, question_id)
            judged = time.perf_counter() - began
            if not lacking(scored):
                continue
            repair = await Repairer(score, likeness).repair(INTERVIEW, turns, scored, rubric)
            taken = time.perf_counter() - began
            yield Case(question_id, style, text, len(lacking(scored)), repair, judged, taken - judged)


def figures(cases: Sequence[Case]) -> Mapping[str, Any]:
    """Shares over the cases, and over all that was lacking in them, tried or not; times in seconds."""
    made = [(case, case.repair) for case in cases if case.repair is not None]
    wanted = sum(case.lacking for case in cases)
    return {
        "answers": len(cases),
        "exact": share(sum(case.is_exact for case in cases), len(cases)),
        "missed_criteria": wanted,
        "never_tried": wanted - sum(len(repair.earns) + len(repair.fails_to_earn) for _, repair in made),
        "flipped": share(sum(len(repair.earns) for _, repair in made), wanted),
        "answers_in_which_another_moved": share(sum(bool(repair.also_changes) for _, repair in made), len(cases)),
        "others_moved": sum(len(repair.also_changes) for _, repair in made),
        "feedback_s": _spread([case.feedback_s for case in cases]),
        "repaired_s": _spread([case.repaired_s for case in cases]),
    }


def row_of(case: Case) -> Mapping[str, Any]:
    """A case as a line of a file."""
    repair = case.repair
    return {
        "question": case.question_id,
        "style": case.style,
        "lacking": case.lacking,
        "exact": case.is_exact,
        "earns": repair.earns if repair else (),
        "fails": repair.fails_to_earn if repair else (),
        "moves": repair.also_changes if repair else (),
        "judged_s": round(case.judged_s, 2),
        "repaired_s": round(case.repaired_s, 2),
    }


def _spread(seconds: Sequence[float]) -> Mapping[str, float]:
    """Median, the 95th of a hundred, and the longest."""
    ordered = sorted(seconds) or [0.0]
    picked = {"p50": len(ordered) // 2, "p95": int(0.95 * (len(ordered) - 1)), "max": len(ordered) - 1}
    return {name: round(ordered[at], 2) for name, at in picked.items()}


async def gathered(first: int, count: int, styles: Sequence[str], *, battery: bool, rows: Path | None) -> list[Case]:
    """All cases; each is a line of `rows` as soon as it is there."""
    found = []
    async for case in repairs(first, count, styles, battery=battery):
        found.append(case)
        if rows is not None:
            with rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row_of(case)) + "\n")
    return found


def main() -> None:
    """Prints the figures, those of questions that the pair model did not learn apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=0, help="how many are drawn by seed, of all styles")
    parser.add_argument("--battery", action="store_true", help="those of the battery, which nothing has learned")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--rows", type=Path, help="a file that a line for each answer is added to")
    parser.add_argument("--styles", default="")
    parser.add_argument("--failures", action="store_true")
    chosen = parser.parse_args()
    styles = chosen.styles.split(",") if chosen.styles else ("middling",) if chosen.battery else MIDDLING
    cases = asyncio.run(gathered(chosen.first, chosen.answers, styles, battery=chosen.battery, rows=chosen.rows))
    print(
        json.dumps(
            {
                "all": figures(cases),
                **{style: figures([case for case in cases if case.style == style]) for style in styles},
            },
            indent=2,
        )
    )
    if chosen.failures:
        for case in cases:
            if not case.is_exact:
                print("---", case.question_id, case.style)
                if case.repair is not None:
                    print("fails", case.repair.fails_to_earn, "moves", case.repair.also_changes)
                    for each in case.repair.additions:
                        print("   ", each.criterion_id, "|", each.sentence, "|", each.earns)


if __name__ == "__main__":
    main()
