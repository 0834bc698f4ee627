"""`viva train-scorer`: makes the pair model and joins its voice with others. Seeded; two cores and two and a half hours are enough.

Kept out of what the pair model learns: ten of REALSumm's training documents and a fifth of the corpus's questions, on
which the joining models are fitted. REALSumm's dev documents and the questions of `app/scoring/held_out.txt` are never
read, so that they can be measured on.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.curation.join_interview import JOIN_SEED, join_interview
from app.curation.lessons import Fact, exemplars, facts_of, lessons_to_learn, split_of
from app.curation.logistic import Logistic, figures_of
from app.curation.spoken import SpokenAnswers, read_spoken
from app.curation.train_pairs import train_pairs
from app.curation.train_references import graded_of, join_references
from app.curation.train_sentences import train_sentences
from app.domain.score import VerdictState
from app.material.corpus import Corpus
from app.scoring.authored import examples_alone
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import FEATURES, TAUGHT, Examples, FreeScorer, parts_of
from app.scoring.pair_model import PairModel
from app.scoring.reference_model import ReferenceScorer

COUNTS = {"exemplars": 0.3, "spoken": 0.5, "facts": 0.2}
"""Of the marks that bare statements are joined on: speech before writing, and the corpus before the news."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BareMark:
    """A statement, a text, and whether it says the statement."""

    kind: str
    """One of `COUNTS`."""
    group: str
    """The question or document: all of one are in one fold."""
    text: str
    says: str
    shown: bool
    examples: Examples | None = None


def join(
    corpus: Corpus, facts: Sequence[Fact], spoken: Sequence[SpokenAnswers], scorer: FreeScorer, say: Say
) -> dict[str, Any]:
    """Fits the logistic models for bare statements on what the pair model did not learn; weights, and figures.

    Exemplars, spoken answers and facts count by `COUNTS`, however many there are. Spoken answers are held against a few examples drawn
    for each mark, as a stranger would hand them in. Figures are by folds of whole questions and documents.
    """
    generator = random.Random(JOIN_SEED)  # noqa: S311 - a draw, not a secret
    ids = split_of(corpus).joined
    marks = [
        BareMark(
            "exemplars",
            question,
            exemplar.text,
            one.says,
            exemplar.marks[one.id] is VerdictState.SHOWN,
            examples_alone(one),
        )
        for question, exemplar, criteria in exemplars(corpus, ids)
        for one in criteria
    ]
    for each in spoken:
        if each.question in ids:
            criteria = {entry.criterion.id: entry.criterion for entry in corpus.rubric(each.question).criteria}
            marks += [
                BareMark(
                    "spoken",
                    each.question,
                    answer.text,
                    one.says,
                    mark == "shown",
                    a_few(examples_alone(one), generator),
                )
                for answer in each.answers
                for one, mark in ((criteria[name], mark) for name, mark in answer.marks.items() if name in criteria)
            ]
    marks += [
        BareMark("facts", fact.document, fact.text, fact.says, fact.met)
        for fact in sorted(facts, key=lambda one: one.text)
    ]
    rows, taught = [], []
    for text, same in itertools.groupby(marks, key=lambda mark: mark.text):
        of_text = list(same)
        found, denials = scorer.features([mark.says for mark in of_text], text)
        for mark, row, denies in zip(of_text, found, denials, strict=True):
            rows.append([row[name] for name in FEATURES])
            if mark.examples is not None:
                values, *_ = scorer.example_features(mark.examples, parts_of(text), denies)
                taught.append([values[name] for name in TAUGHT if name != "free"])
    say(f"{len(rows)} marks read")
    table, helped_by = np.array(rows), np.array(taught)
    truth, kind, by = (np.array([getattr(mark, name) for mark in marks]) for name in ("shown", "kind", "group"))
    weight = np.zeros(len(marks))
    for name, share in COUNTS.items():
        weight[kind == name] = share * len(marks) / max(1, int((kind == name).sum()))
    ours = len(helped_by)
    names = sorted(set(by))
    random.Random(JOIN_SEED).shuffle(names)  # noqa: S311 - folds, not secrets
    folds = [np.isin(by, names[fold::5]) for fold in range(5)]
    alone, helped = np.zeros(len(table)), np.zeros(ours)
    for test in folds:
        alone[test] = Logistic.fit(table[~test], truth[~test], weight[~test]).log_odds(table[test])
    # What the statement alone comes to is taken from these folds here too: fitted on itself it would be believed too much.
    both = np.column_stack([alone[:ours], helped_by])
    for test in (fold[:ours] for fold in folds):
        helped[test] = Logistic.fit(both[~test], truth[:ours][~test], weight[:ours][~test]).log_odds(both[test])
    figures = {f"{name}, statement alone": figures_of(truth[kind == name], alone[kind == name]) for name in COUNTS} | {
        f"{name}, with examples": figures_of(truth[:ours][kind[:ours] == name], helped[kind[:ours] == name])
        for name in ("exemplars", "spoken")
    }
    return {
        "weights": {
            "free": Logistic.fit(table, truth, weight).named(FEATURES),
            "taught": Logistic.fit(both, truth[:ours], weight[:ours]).named(TAUGHT),
        },
        "figures": figures,
    }


def a_few(examples: Examples, generator: random.Random) -> Examples:
    """Two that show, one that does not and one denial, as far as there are so many."""

    def drawn(texts: Sequence[str], count: int) -> tuple[str, ...]:
        return tuple(generator.sample(texts, min(count, len(texts))))

    return Examples(drawn(examples.shown, 2), drawn(examples.not_shown, 1), drawn(examples.denied, 1))


def train(
    corpus: Corpus,
    data: Path,
    answers: Path,
    folder: Path,
    scorers_of: Callable[[PairModel], tuple[FreeScorer, CompactScorer, ReferenceScorer]],
    *,
    epochs: int = 2,
    threads: int = 2,
    pairs_too: bool = True,
    sentences_too: bool = True,
    say: Say,
) -> Mapping[str, Any]:
    """All of it: the pair model, its half for sentences, then the weights that join the voices, left in `folder`; returns the figures.

    What is not trained has to be in `folder` already.

    Raises:
        TrainingDataMissing: a data set or the base model is not there.
    """
    facts, graded = facts_of(data), graded_of(data)
    spoken = list(read_spoken(answers))
    lessons, kept = lessons_to_learn(corpus, facts, spoken)
    say(f"{len(lessons)} texts to learn; {len(kept)} facts and {len(split_of(corpus).joined)} entries to join with")
    if pairs_too:
        train_pairs(lessons, folder, epochs=epochs, threads=threads, say=say)
    if sentences_too:
        train_sentences(corpus, split_of(corpus).learned, folder, threads=threads, say=say)
    free, compact, references = scorers_of(PairModel(threads=threads, folder=folder))
    made = {
        "free.json": join(corpus, kept, spoken, free, say),
        "joined.json": asyncio.run(join_interview(corpus, spoken, compact, say)),
        "reference.json": join_references(graded, references, say),
    }
    for name, each in made.items():
        whole = {"made_by": "viva train-scorer", **each}
        (folder / name).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return {name: each["figures"] for name, each in made.items()}
