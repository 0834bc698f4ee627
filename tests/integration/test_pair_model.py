"""The packaged weights of the pair model, on onnxruntime."""

from __future__ import annotations

import hashlib
from importlib import resources

import numpy as np
import pytest

from app.retrieval.embedder import SentenceTransformersEmbedder
from app.scoring.free_model import Examples, FreeScorer
from app.scoring.pair_model import ABSENT, CONTRADICTED, HOLDING, READING, SENTENCES, SHOWN, TEXT_PIECES, PairModel
from evals.judging import plain
from tests.support.processes import CORES
from tests.support.slots import corpus

SAID = ("Anna Kova moved to Oslo.", "Last spring Anna Kova packed her things and moved to Oslo for good.")
UNSAID = ("Anna Kova moved to Oslo.", "The harbour was closed for three days because of the storm.")


@pytest.fixture(scope="module")
def pairs() -> PairModel:
    return PairModel(threads=CORES)


def test_it_tells_what_is_said_from_what_is_not(pairs: PairModel) -> None:
    said, unsaid = pairs.read([SAID, UNSAID])
    assert said[SHOWN] > said[ABSENT]
    assert unsaid[ABSENT] > unsaid[SHOWN]


def test_a_text_is_read_the_same_whatever_else_is_held_against_it(pairs: PairModel) -> None:
    says, text = SAID
    (alone,) = pairs.hold([says], text)
    among = pairs.hold([f"Statement number {n} is about the weather." for n in range(40)] + [says], text)
    assert len(among) == 41
    assert np.allclose([each.p.sum() for each in among], 1.0, atol=1e-5)
    # Activations are put into 8 bits by the range of the row, so that a neighbour moves the last digits.
    assert np.allclose(alone.p, among[-1].p, atol=0.08)
    assert pairs.hold([], text) == []
    assert pairs.read([]).shape == (0, 3)


def test_a_long_text_and_a_long_statement_are_cut_and_not_refused(pairs: PairModel) -> None:
    (told,) = pairs.hold(["word " * 400], "one two " * 4000)
    assert len(told.offsets) == TEXT_PIECES
    assert told.p.sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_a_text_without_a_word_says_nothing(pairs: PairModel, text: str) -> None:
    for told in pairs.hold([SAID[0], ""], text):
        assert told.p.tolist() == [1.0, 0.0, 0.0]
        assert told.share(0, 9) == 0.0
    assert pairs.hold_sentence([SAID[0], ""], text).tolist() == [[1.0, 0.0, 0.0]] * 2
    assert pairs.states(text)[0].shape == (0, pairs.states("one")[0].shape[1])


@pytest.mark.parametrize("text", ["a", "中文", "[PAD]", "[CLS] [SEP]", "\U0001f600", "\x00", "?"])
def test_strange_texts_are_read(pairs: PairModel, text: str) -> None:
    (told,) = pairs.hold([SAID[0]], text)
    assert told.p.sum() == pytest.approx(1.0, abs=1e-5)


def test_pointing_is_shares_of_the_whole_text(pairs: PairModel) -> None:
    text = f"We had a long winter. {SAID[1]} Her brother stayed behind with the dogs."
    (told,) = pairs.hold([SAID[0]], text)
    assert told.points.sum() == pytest.approx(1.0, abs=1e-4)
    assert told.share(0, len(text)) == pytest.approx(1.0, abs=1e-4)
    middle = text.index("Her")
    assert told.share(0, middle) + told.share(middle, len(text)) == pytest.approx(1.0, abs=1e-4)
    assert told.share(3, 3) == 0.0


def test_the_same_pairs_give_the_same_numbers(pairs: PairModel) -> None:
    first = pairs.read([SAID, UNSAID])
    assert all(np.array_equal(first, pairs.read([SAID, UNSAID])) for _ in range(9))


def test_a_statement_is_read_with_the_sentence_that_says_it() -> None:
    embedder = SentenceTransformersEmbedder(threads=CORES)
    embedder.load()
    scorer = FreeScorer(lambda texts: embedder.encode_passages(list(texts)), PairModel(threads=CORES))
    answer = f"It was a long year. {SAID[1]} Her brother stayed."
    said, unsaid = scorer.read([(SAID[0], Examples()), ("The harbour was closed.", Examples())], answer)
    assert said.p > 0.5 > unsaid.p
    assert said.evidence == SAID[1]


def test_the_half_for_sentences_tells_what_is_said_from_its_contrary_better_than_the_half_for_answers(
    pairs: PairModel,
) -> None:
    """Sixty pairs of plain sentences by another hand, of questions that nothing has learned."""
    material = corpus()
    found: dict[str, list[float]] = {
        "sentences, right": [],
        "sentences, wrong": [],
        "answers, right": [],
        "answers, wrong": [],
    }
    for row in plain.answers()[::2]:
        criteria = {each.criterion.id: each.criterion.says for each in material.rubric(row["question"]).criteria}
        says = criteria[row["criterion"]]
        for kind in ("right", "wrong"):
            (by_sentences,) = pairs.hold_sentence([says], row[kind])
            (by_answers,) = pairs.hold([says], row[kind])
            for half, p in (("sentences", by_sentences), ("answers", by_answers.p)):
                found[f"{half}, {kind}"].append(float(np.log(p[SHOWN] + 1e-6) - np.log(p[CONTRADICTED] + 1e-6)))
    above = {
        half: np.mean([[one > other for other in found[f"{half}, wrong"]] for one in found[f"{half}, right"]])
        for half in ("sentences", "answers")
    }
    assert len(found["sentences, right"]) == 60
    assert above["sentences"] > 0.85
    assert above["sentences"] > above["answers"]


def test_the_half_for_sentences_takes_any_number_of_statements(pairs: PairModel) -> None:
    among = pairs.hold_sentence([SAID[0]] * 60, SAID[1])
    assert among.shape == (60, 3)
    assert np.allclose(among.sum(axis=1), 1.0, atol=1e-5)
    assert pairs.hold_sentence([], SAID[1]).shape == (0, 3)


def test_the_weights_fit_the_repository() -> None:
    folder = resources.files("app.scoring").joinpath("weights")
    models = [folder.joinpath(name).read_bytes() for name in (READING, HOLDING, SENTENCES)]
    assert sum(map(len, models)) < 40 * 2**20
    card = folder.joinpath("CARD.md").read_text(encoding="utf-8")
    assert all(hashlib.sha256(each).hexdigest() in card for each in models)
