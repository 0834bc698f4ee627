from __future__ import annotations

import numpy as np
import pytest

from app.scoring.criterion_model import examples_of, given_back
from tests.support.embedders import HashingEmbedder
from tests.support.material import small_corpus


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("Those rows could have been before, where.", True),
        ("Think about the order of the steps.", True),
        ("The test rows were in training.", False),
        ("A giraffe eats leaves.", False),
    ],
)
def test_a_probe_or_hint_given_back_is_no_answer(
    tmp_path_factory: pytest.TempPathFactory, said: str, back: bool
) -> None:
    model = HashingEmbedder()
    model.load()
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    examples = examples_of(corpus.rubric("fundamentals/leakage").criteria[0].criterion)
    vectors = {name: model.encode_passages(list(texts)) for name, texts in examples.items() if texts}
    vector = model.encode_passages([said])[0]
    nearest = float((vectors["for"] @ vector).max())
    assert given_back(vector, vectors, {"for": nearest}) is back


def test_without_anything_asked_nothing_is_given_back() -> None:
    none = np.empty((0, 64), dtype=np.float32)
    assert not given_back(np.ones(64, dtype=np.float32) / 8.0, {"asked": none}, {"for": 0.0})
