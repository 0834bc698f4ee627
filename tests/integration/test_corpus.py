"""Viva's own corpus: whole, within its rules, and found by questions that it has not seen."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from app.curation.check import examine
from app.curation.lookup import look_up, of_corpus
from app.material.corpus import Corpus
from app.material.entries import Question
from app.material.load import read
from app.retrieval.embedder import SentenceTransformersEmbedder, SentenceVectors, Vectors
from app.settings import ROOT
from evals.retrieval import MAPPING, first_place, mapping, texts
from tests.support.processes import CORES

pytestmark = pytest.mark.embedding

CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"
COVERAGE = SHARED / "coverage"
BANK = SHARED / "bench" / "question_banks" / "questions.jsonl"
Encode = Callable[[Sequence[str]], Vectors]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    reading = read(CORPUS)
    assert not reading.problems
    return reading.corpus


@pytest.fixture(scope="module")
def encode() -> Encode:
    embedder = SentenceTransformersEmbedder(threads=CORES)
    embedder.load()
    # On no disk: what this finds must not hang on what an earlier run left.
    return SentenceVectors(embedder, capacity=200_000).encode


def test_every_rule_that_needs_no_model_holds(corpus: Corpus) -> None:
    """Near-duplicates and probes that tell are looked for by `viva material check`, which `make test` runs before this."""
    listed = COVERAGE if COVERAGE.is_dir() else None
    looked = list(examine(corpus, [CORPUS], None, None, listed))
    assert {each.at for each in looked} >= {"entries", "passages", "plans", "solutions and tables"}
    wrong = [str(fault) for each in looked for fault in each.faults if fault.severity == "error"]
    assert wrong == []


def test_the_corpus_is_as_large_as_it_says(corpus: Corpus) -> None:
    scenarios = [scenario.round for scenario in corpus.scenarios.values()]
    counts = {
        "questions": (len(corpus.questions), 240),
        "full questions": (sum(map(is_full, corpus.questions.values())), 40),
        "notes": (len(corpus.notes), 130),
        "chains": (len(corpus.chains), 30),
        "full chains": (sum(len(chain.plays) >= 3 for chain in corpus.chains.values()), 8),
        "high-level designs": (scenarios.count("high-level-design"), 25),
        "low-level designs": (scenarios.count("low-level-design"), 25),
        "cases": (scenarios.count("case-study"), 15),
        "problems": (len(corpus.problems), 24),
        "SQL problems": (sum(problem.language == "sql" for problem in corpus.problems.values()), 8),
        "tables": (len(corpus.analytics), 12),
        "companies": (len(corpus.companies), 8),
        "roles": (len(corpus.roles), 6),
    }
    assert {name: have for name, (have, least) in counts.items() if have < least} == {}


def is_full(question: Question) -> bool:
    """Five exemplars, a misconception, a drill: more than the schema demands."""
    drills = any(criterion.drill is not None for criterion in question.criteria)
    return len(question.exemplars) >= 5 and bool(question.misconceptions) and drills


def test_the_mapping_of_foreign_questions_is_whole(corpus: Corpus) -> None:
    mapped = mapping()
    known = {entry.id for entry in corpus.asked()} | set(corpus.notes)
    assert len({each.id for each in mapped}) == len(mapped) == 150
    assert all(bool(each.entries) != bool(each.out_of_scope) for each in mapped)
    assert {entry for each in mapped for entry in each.entries} <= known
    assert sum(bool(each.out_of_scope) for each in mapped) <= 15


@pytest.mark.skipif(not BANK.is_file(), reason="the foreign questions are not part of the project: only their ids are")
def test_nine_in_ten_foreign_questions_find_their_subject_among_the_first_five(corpus: Corpus, encode: Encode) -> None:
    words = texts(BANK)
    mapped = {each.id: each.entries for each in mapping(MAPPING) if each.entries}
    queries = [(name, words[name]) for name in mapped]
    places = [
        first_place(hits, mapped[name])
        for name, hits in look_up(queries, of_corpus(corpus), encode, encode, k=5, method="dense")
    ]
    assert np.mean([place > 0 for place in places]) >= 0.9


def test_what_is_declined_has_a_reason() -> None:
    with (CORPUS / "declined.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    assert all(len(row["reason"].split()) >= 3 for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        for path in (word.strip("(),;") for word in row["reason"].split() if word.startswith(("app/", "tests/"))):
            assert (ROOT / Path(path)).exists(), row
