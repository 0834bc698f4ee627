"""Appeals on written cases: do true ones recover the point, and do false ones not?

    python -m evals.appeals [--look]

`cases/` holds a true and a false appeal on each of 52 questions that no training reads, written by a language model that had
not seen the scorer. Those of every second question may be looked at, the others are only counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.domain.errors import AppealInvalid
from app.domain.score import CriterionState
from app.domain.transcript import MoveKind, Speaker, Turn
from app.interviewing.listener import Listener
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.scoring.appeals import Hearing, hear, marked_words
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import Examples, FreeScorer, Reading
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from app.wiring.reading import cores, listener, scorers
from evals.judging.battery import INTERVIEW, WHEN, conversation

HERE = Path(__file__).parent


@dataclass(frozen=True)
class AppealCase:
    """An answer, the words of it that are marked, and whether they show the criterion."""

    id: str
    question: str
    criterion: str
    due: bool
    answer: str
    marked: str


def cases() -> list[AppealCase]:
    """All of them, in the order of the files; white space collapsed."""
    found = []
    for file in sorted((HERE / "cases").glob("*.yaml")):
        for row in yaml.safe_load(file.read_text(encoding="utf-8")):
            answer, marked = (" ".join(row[name].split()) for name in ("answer", "marked"))
            found.append(AppealCase(row["id"], row["question"], row["criterion"], row["due"], answer, marked))
    return found


def halves(all_cases: Sequence[AppealCase]) -> tuple[list[AppealCase], list[AppealCase]]:
    """Those that may be looked at, and those of every second question."""
    asked = sorted({case.question for case in all_cases})
    seen = frozenset(asked[::2])
    return [case for case in all_cases if case.question in seen], [
        case for case in all_cases if case.question not in seen
    ]


@dataclass(frozen=True)
class Decided:
    """What became of a case."""

    case: AppealCase
    shown_before: bool
    """Whether the score had the point already, so that nobody would appeal."""
    hearing: Hearing


async def decide(corpus: Corpus, compact: CompactScorer, free: FreeScorer, ears: Listener, case: AppealCase) -> Decided:
    """Scores the answer, then hears the appeal."""

    async def alone(criteria: Sequence[tuple[str, Examples]], answer: str) -> list[Reading]:
        return free.read(criteria, answer)

    ask = corpus.questions[case.question].ask
    turns: list[Turn] = conversation(
        case.question,
        [(Speaker.INTERVIEWER, ask, MoveKind.OPEN), (Speaker.CANDIDATE, case.answer, MoveKind.OPEN)],
        ears,
    )
    score = await assess(INTERVIEW, turns, case.question, corpus=corpus, compact=compact, judge=None, now=lambda: WHEN)
    criterion = next(each for each in score.criteria if each.criterion_id == case.criterion)
    said = turns[-1]
    start = said.text.index(case.marked)
    try:
        marked = marked_words(turns, case.question, said.id, start, start + len(case.marked))
    except AppealInvalid as error:
        # Words that were heard as an instruction, say, are refused before anybody judges them.
        refused = Hearing(False, str(error), (), score.versions)
        return Decided(case, criterion.state is CriterionState.SHOWN, refused)
    rubric = corpus.rubric(case.question)
    hearing = await hear(INTERVIEW, turns, rubric, criterion, marked, compact=compact, alone=alone, judge=None)
    return Decided(case, criterion.state is CriterionState.SHOWN, hearing)


def figures(decided: Sequence[Decided]) -> dict[str, Any]:
    """Shares of the true appeals that are upheld, and of the false ones; first of all, then of those that somebody would make.

    `false_that_raise`: of all false ones, those that are upheld for a point that the score did not have. Upheld for a point that it
    had, an appeal raises nothing.
    """
    raise_it = [each.hearing.upheld and not each.shown_before for each in decided if not each.case.due]
    found: dict[str, Any] = {
        "cases": len(decided),
        "false_that_raise": round(sum(raise_it) / max(1, len(raise_it)), 3),
    }
    for name, some in (("all", decided), ("missed before", [each for each in decided if not each.shown_before])):
        true = [each.hearing.upheld for each in some if each.case.due]
        false = [each.hearing.upheld for each in some if not each.case.due]
        found[name] = {
            "true": len(true),
            "upheld": round(sum(true) / max(1, len(true)), 3),
            "false": len(false),
            "upheld_wrongly": round(sum(false) / max(1, len(false)), 3),
        }
    return found


async def measure(*, look: bool) -> dict[str, Any]:
    """Figures of both halves."""
    settings = load_settings()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    pairs = PairModel(threads=cores(settings))
    (free, compact, _), ears = scorers(settings, corpus, pairs), listener(pairs)
    seen, held = [[await decide(corpus, compact, free, ears, case) for case in half] for half in halves(cases())]
    if look:
        for each in seen:
            if each.hearing.upheld != each.case.due:
                p = [one.p for one in each.hearing.judges]
                print(each.case.id, each.case.question, each.case.criterion, "due" if each.case.due else "not due", p)
                print("   ", each.case.marked)
    return {"may be looked at": figures(seen), "held out": figures(held)}


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", action="store_true", help="those of the first half that are decided otherwise")
    print(json.dumps(asyncio.run(measure(look=parser.parse_args().look)), indent=1))


if __name__ == "__main__":
    main()
