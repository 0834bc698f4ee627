"""The packaged weights of the pair model, on onnxruntime."""

from __future__ import annotations

import hashlib
from importlib import resources

import numpy as np
import pytest

from app.retrieval.embedder import SentenceTransformersEmbedder
from app.scoring.free_model import Examples, FreeScorer
from app.scoring.pair_model import ABSENT, SHOWN, PairModel

SAID = ("Anna Kova moved to Oslo.", "Last spring Anna Kova packed her things and moved to Oslo for good.")
UNSAID = ("Anna Kova moved to Oslo.", "The harbour was closed for three days because of the storm.")


@pytest.fixture(scope="module")
def pairs() -> PairModel:
    return PairModel(threads=2)


def test_it_tells_what_is_said_from_what_is_not(pairs: PairModel) -> None:
    said, unsaid = pairs.read([SAID, UNSAID])
    assert said[SHOWN] > said[ABSENT]
    assert unsaid[ABSENT] > unsaid[SHOWN]


def test_its_rows_are_probabilities_and_the_same_whatever_stands_beside_them(pairs: PairModel) -> None:
    alone = pairs.read([SAID])
    among = pairs.read([UNSAID, SAID, ("One.", "word " * 400)])
    assert np.allclose(among.sum(axis=1), 1.0, atol=1e-5)
    # Activations are put into 8 bits by the range of the batch, so that a neighbour moves the last digits.
    assert np.allclose(alone[0], among[1], atol=0.08)
    assert pairs.read([]).shape == (0, 3)


def test_the_same_pairs_give_the_same_numbers(pairs: PairModel) -> None:
    first = pairs.read([SAID, UNSAID])
    assert all(np.array_equal(first, pairs.read([SAID, UNSAID])) for _ in range(9))


def test_a_statement_is_read_with_the_sentence_that_says_it() -> None:
    embedder = SentenceTransformersEmbedder(threads=2)
    embedder.load()
    scorer = FreeScorer(lambda texts: embedder.encode_passages(list(texts)), PairModel(threads=2))
    answer = f"It was a long year. {SAID[1]} Her brother stayed."
    said, unsaid = scorer.read([(SAID[0], Examples()), ("The harbour was closed.", Examples())], answer)
    assert said.p > 0.5 > unsaid.p
    assert said.evidence == SAID[1]


def test_the_weights_fit_the_repository() -> None:
    folder = resources.files("app.scoring").joinpath("weights")
    model = folder.joinpath("pair_model.onnx").read_bytes()
    assert len(model) < 40 * 2**20
    card = folder.joinpath("CARD.md").read_text(encoding="utf-8")
    assert hashlib.sha256(model).hexdigest() in card
