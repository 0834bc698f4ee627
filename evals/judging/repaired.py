"""Repaired answers, scored: does one's own answer with the report's sentences in place flip exactly what was missed?

    python -m evals.judging.repaired                   the middling answers to all questions
    python -m evals.judging.repaired --questions 40    of so many, drawn by seed
    python -m evals.judging.repaired --failures        and each that is not exact

Middling are the styles `partial`, `half` and `wrong` of `answers/`: something shown, something lacking. What is lacking is what the
compact scorer of the report says, as in a report without a judge model.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from app.curation.lessons import held_out
from app.domain.score import Score
from app.domain.transcript import MoveKind, Speaker, Turn
from app.main import compact_scorer, cores, listener, sentence_vectors
from app.material.load import load as load_corpus
from app.review.repair import Repair, Repairer, lacking
from app.scoring.assess import assess
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from evals.judging.battery import INTERVIEW, SEED, WHEN, conversation

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
    seconds: float
    """To score and to repair it: what feedback right after an answer waits for."""


async def repairs(first: int, questions: int, styles: Sequence[str]) -> list[Case]:
    """A case for each middling answer in which something is lacking; `questions` of them from `first` on, 0 for all."""
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

    repairer = Repairer(score, likeness)
    files = sorted(path for path in ANSWERS.glob("*.yaml") if not path.name.startswith("chains__"))
    random.Random(SEED).shuffle(files)
    found = []
    for path in files[first : first + questions if questions else None]:
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        question_id = entry["question"]
        if question_id not in corpus.questions:
            # What is asked in several parts needs a conversation; these answers are to one question.
            continue
        rubric = corpus.rubric(question_id)
        for answer in entry["answers"]:
            if answer["style"] not in styles:
                continue
            said = [
                (Speaker.INTERVIEWER, corpus.questions[question_id].ask, MoveKind.OPEN),
                (Speaker.CANDIDATE, answer["text"], MoveKind.OPEN),
            ]
            turns = conversation(question_id, said, heard_by)
            began = time.perf_counter()
            scored = await score(INTERVIEW, turns, question_id)
            if not lacking(scored):
                continue
            repair = await repairer.repair(INTERVIEW, turns, scored, rubric)
            taken = time.perf_counter() - began
            found.append(Case(question_id, answer["style"], answer["text"], len(lacking(scored)), repair, taken))
    return found


def figures(cases: Sequence[Case]) -> Mapping[str, Any]:
    """Shares over the cases; times in seconds."""
    made = [(case, case.repair) for case in cases if case.repair is not None]
    wanted = sum(len(repair.earns) + len(repair.fails_to_earn) for _, repair in made)
    seconds = sorted(case.seconds for case in cases)
    return {
        "answers": len(cases),
        "exact": _share(sum(repair.exact for _, repair in made), len(cases)),
        "missed_criteria": wanted,
        "flipped": _share(sum(len(repair.earns) for _, repair in made), wanted),
        "answers_in_which_another_moved": _share(sum(bool(repair.also_changes) for _, repair in made), len(cases)),
        "others_moved": sum(len(repair.also_changes) for _, repair in made),
        "feedback_s_p50": round(seconds[len(seconds) // 2], 2) if seconds else None,
        "feedback_s_p95": round(seconds[int(0.95 * (len(seconds) - 1))], 2) if seconds else None,
        "feedback_s_max": round(seconds[-1], 2) if seconds else None,
    }


def row_of(case: Case, apart: Collection[str]) -> Mapping[str, Any]:
    """A case as a line of a file."""
    repair = case.repair
    return {
        "question": case.question_id,
        "style": case.style,
        "held_out": case.question_id in apart,
        "lacking": case.lacking,
        "exact": repair is not None and repair.exact,
        "earns": repair.earns if repair else (),
        "fails": repair.fails_to_earn if repair else (),
        "moves": repair.also_changes if repair else (),
        "seconds": round(case.seconds, 2),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def main() -> None:
    """Prints the figures, those of questions that the pair model did not learn apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--rows", type=Path, help="a file that a line for each answer is added to")
    parser.add_argument("--styles", default=",".join(MIDDLING))
    parser.add_argument("--failures", action="store_true")
    chosen = parser.parse_args()
    cases = asyncio.run(repairs(chosen.first, chosen.questions, chosen.styles.split(",")))
    apart = held_out()
    print(
        json.dumps(
            {
                "all": figures(cases),
                "held_out": figures([case for case in cases if case.question_id in apart]),
                **{
                    style: figures([case for case in cases if case.style == style])
                    for style in chosen.styles.split(",")
                },
            },
            indent=2,
        )
    )
    if chosen.rows:
        with chosen.rows.open("a", encoding="utf-8") as file:
            for case in cases:
                file.write(json.dumps(row_of(case, apart)) + "\n")
    if chosen.failures:
        for case in cases:
            if case.repair is None or not case.repair.exact:
                print("---", case.question_id, case.style)
                if case.repair is not None:
                    print("fails", case.repair.fails_to_earn, "moves", case.repair.also_changes)
                    for each in case.repair.additions:
                        print("   ", each.criterion_id, "|", each.sentence, "|", each.earns)


if __name__ == "__main__":
    main()
