from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.retrieval.finder import Findable, Finder, fused
from app.retrieval.lexical import LexicalIndex, terms
from tests.support.embedders import HashingEmbedder

TEXTS = {
    "trees#splits": "A decision tree picks the split with the largest drop in Gini impurity.",
    "trees#pruning": "Pruning a tree removes splits that do not pay on held-out rows.",
    "cache#keys": "A key-value cache keeps keys and values of earlier tokens.",
}
ITEMS = [Findable("note", name.partition("#")[0], name, text) for name, text in TEXTS.items()]


@pytest.fixture
def embedder() -> HashingEmbedder:
    model = HashingEmbedder()
    model.load()
    return model


def test_words_meet_by_their_stems_and_common_ones_do_not_count() -> None:
    assert terms("How do the trees split?") == terms("tree splits")
    scores = LexicalIndex(list(TEXTS.values())).scores("Gini impurity of trees")
    assert scores.argmax() == 0
    assert scores[2] == 0.0


def test_nothing_is_found_by_words_that_nobody_wrote() -> None:
    assert not LexicalIndex(list(TEXTS.values())).scores("zebra what is the").any()
    assert not LexicalIndex(["the", "of"]).scores("the").any()
    assert LexicalIndex([]).scores("tree").shape == (0,)


@pytest.mark.parametrize("method", ["dense", "lexical", "hybrid"])
def test_an_entry_comes_once_with_its_nearest_text(embedder: HashingEmbedder, method: str) -> None:
    finder = Finder(ITEMS, embedder.encode_passages(list(TEXTS.values())))
    query = "the split of a decision tree by Gini impurity"
    found = finder.find(query, embedder.encode_queries([query])[0], 5, method)  # type: ignore[arg-type]
    assert [hit.item.entry_id for hit in found].count("trees") == 1
    assert found[0].item.passage_id == "trees#splits"
    assert -1.0 <= found[0].similarity <= 1.0
    assert len(finder.find(query, embedder.encode_queries([query])[0], 1, method)) == 1  # type: ignore[arg-type]


def test_vectors_and_texts_must_be_as_many(embedder: HashingEmbedder) -> None:
    with pytest.raises(ValueError, match="3 texts, 1 vectors"):
        Finder(ITEMS, embedder.encode_passages(["one"]))
    assert Finder([], np.empty((0, 64), dtype=np.float32)).find("x", embedder.encode_queries(["x"])[0]) == []


def test_fusion_prefers_what_both_rank_well() -> None:
    assert fused(([1, 2, 3], [2, 3, 4]))[0] == 2
    assert fused(([7], [])) == [7]


@given(st.lists(st.lists(st.integers(0, 20), unique=True), min_size=1, max_size=3))
def test_fusion_gives_each_item_once_and_keeps_a_single_ranking(rankings: list[list[int]]) -> None:
    result = fused(rankings)
    assert sorted(result) == sorted({item for ranking in rankings for item in ranking})
    assert fused(rankings[:1]) == rankings[0]
