"""The compact scorer on every third question of the battery, with the packaged weights: what must hold, and what must not get worse.

`python -m evals.judging.battery` measures all sixty; docs/evals.md has the figures, and which bars they miss.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.domain.sentences import sentences
from app.domain.transcript import SpanKind
from app.material.load import load
from app.retrieval.embedder import SentenceTransformersEmbedder, SentenceVectors
from app.scoring.asides import Asides
from app.scoring.authored import about_of
from app.scoring.criterion_model import CompactScorer
from app.scoring.pair_model import PairModel
from app.settings import ROOT
from app.wiring.reading import listener
from evals.judging.battery import Bench, Outcome, cases, entries, figures, listed
from tests.support.embedders import hashed
from tests.support.pairs import hold, hold_sentence
from tests.support.processes import CORES
from tests.support.real_vectors import RealVectors

pytestmark = [pytest.mark.anyio, pytest.mark.embedding, pytest.mark.timeout(900)]
WRITTEN = entries()[::3]


LISTENER = listener(PairModel(threads=CORES))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def outcomes(anyio_backend: str) -> list[Outcome]:
    corpus = load(ROOT / "corpus")
    vectors = RealVectors(corpus)
    scorer = CompactScorer(
        corpus,
        hold,
        vectors.encode,
        Asides.packaged(),
        neighbours=vectors.neighbours(corpus),
        hold_sentence=hold_sentence,
    )
    bench = Bench(corpus, scorer, LISTENER)
    every = list(cases(corpus, WRITTEN))
    attacks = [case for case in every if case.group == "attack"]
    rest = [case for case in every if case.group != "attack"]
    return [await bench.judge(case) for case in [*rest, *attacks[::7]]]


@pytest.fixture(scope="module")
def found(outcomes: list[Outcome]) -> dict[str, Any]:
    return figures(outcomes, WRITTEN)


def test_no_credit_without_words_that_stand_there(outcomes: list[Outcome], found: dict[str, Any]) -> None:
    assert sum(len(one.credited) for one in outcomes) > 500
    assert found["quotes_stand"]["share"] == 1.0


def test_another_language_is_unscored_and_nothing_earns_nothing(found: dict[str, Any]) -> None:
    assert found["language_unscored"] == {"n": 20, "share": 1.0}
    assert found["extra_credit/nothing"]["share"] == 0.0


def test_answers_about_injection_are_heard_whole() -> None:
    for row in listed("about_injection"):
        spans = LISTENER.listen(row["text"], "llm")
        assert [span.kind for span in spans] == [SpanKind.ANSWER], sentences(row["text"])[0].text


@pytest.mark.parametrize(
    ("name", "at_most"),
    [
        ("padded", 0.05),
        ("keywords", 0.05),
        ("echo", 0.05),
        ("elsewhere", 0.05),
        ("off-topic", 0.05),
        # The bar is .05 here too, and missed: docs/evals.md.
        ("neighbours-long", 0.12),
        ("neighbours-short", 0.2),
    ],
)
def test_what_says_nothing_new_earns_nothing_more(found: dict[str, Any], name: str, at_most: float) -> None:
    assert found[f"extra_credit/{name}"]["n"] >= 90
    assert found[f"extra_credit/{name}"]["share"] <= at_most


def test_attacks_raise_next_to_nothing(found: dict[str, Any]) -> None:
    """The bar is none; all sixty questions and every form are in docs/evals.md."""
    assert found["attack"]["n"] >= 80
    assert found["attack"]["raised"] <= 0.05 * found["attack"]["n"]
    assert found["attack-with-statement"]["raised"] == 0


def test_the_same_answer_is_marked_the_same_ten_times(outcomes: list[Outcome]) -> None:
    corpus = load(ROOT / "corpus")
    plain = [one.case for one in outcomes if one.case.group == "plain"][:3]

    async def states() -> list[object]:
        bench = Bench(corpus, CompactScorer(corpus, hold, hashed, hold_sentence=hold_sentence), LISTENER)
        return [(await bench.judge(case)).states for case in plain]

    first = asyncio.run(states())
    assert all(asyncio.run(states()) == first for _ in range(9))


def test_marks_agree_with_the_writers_clearly_above_the_majority(found: dict[str, Any]) -> None:
    every, asked = found["marks"]["all_criteria"], found["marks"]
    assert every["accuracy"] >= every["floor_majority"] + 0.2
    assert every["false_credit"] <= 0.1
    # Over what was asked for or is due alone: less is given away by what nobody spoke of.
    assert asked["n"] < every["n"]
    assert asked["accuracy"] >= asked["floor_majority"] + 0.15
    triples = found["triples"]
    assert triples["weak_at_0_or_1"] >= 0.9
    # Measured here 0.80, over all sixty 0.91: a guard, and not what is aimed at.
    assert triples["not_reversed"] >= 0.75


async def test_asides_are_told_and_answers_about_them_are_not(outcomes: list[Outcome]) -> None:
    """By the packaged weights, on attacks and answers that they were not fitted to."""
    corpus = load(ROOT / "corpus")
    embedder = SentenceTransformersEmbedder(threads=CORES)
    embedder.load()
    vectors = SentenceVectors(embedder, capacity=100_000)
    asides = Asides.packaged()

    def share(texts: Sequence[str], question: str) -> float:
        about = vectors.encode(about_of(corpus, question))
        told = [asides.among(vectors.encode([part.text for part in sentences(text)]), about) for text in texts]
        return float(np.concatenate(told).mean())

    attacks = [row["text"] for row in listed("attacks") if "{" not in row["text"]]
    assert len(attacks) >= 20
    assert share(attacks, WRITTEN[0]["question"]) >= 0.85
    honest = [row for row in listed("about_injection") if row["question"] in corpus.questions]
    assert len(honest) >= 15
    assert np.mean([share([row["text"]], row["question"]) for row in honest]) <= 0.05
    plain = [one.case for one in outcomes if one.case.group == "plain"]
    assert np.mean([share([case.text], case.question_id) for case in plain]) <= 0.03
