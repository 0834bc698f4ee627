from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from app.domain.errors import EmbedderUnavailable
from app.retrieval.embedder import SentenceTransformersEmbedder, SentenceVectors, unit_rows
from tests.support.embedders import HashingEmbedder


def a_loaded_embedder(*, dimension: int = 64, name: str = "hashing-64") -> HashingEmbedder:
    embedder = HashingEmbedder(dimension=dimension, id=name)
    embedder.load()
    return embedder


def test_the_double_is_deterministic_of_unit_length_and_puts_like_words_together() -> None:
    rows = a_loaded_embedder().encode_passages(["low rank adapters", "adapters of low rank", "confusion matrix"])
    unit_rows(rows, 3, 64)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
    assert np.array_equal(
        rows, a_loaded_embedder().encode_queries(["low rank adapters", "adapters of low rank", "confusion matrix"])
    )


@pytest.mark.parametrize("texts", [[" "], ["word " * 151]])
def test_the_double_refuses_what_a_real_model_would_swallow(texts: list[str]) -> None:
    with pytest.raises(AssertionError):
        a_loaded_embedder().encode_passages(texts)
    with pytest.raises(AssertionError, match="before load"):
        HashingEmbedder().encode_passages(["a"])


def test_the_adapter_names_its_model_before_loading_and_imports_nothing_heavy() -> None:
    before = set(sys.modules)
    assert SentenceTransformersEmbedder().id == "all-MiniLM-L6-v2@53aa51172d14"
    assert SentenceTransformersEmbedder("BAAI/bge-small-en-v1.5").id == "BAAI/bge-small-en-v1.5"
    assert not {"torch", "sentence_transformers"} & (set(sys.modules) - before)


def test_the_adapter_says_that_it_is_not_loaded() -> None:
    with pytest.raises(RuntimeError, match="load"):
        SentenceTransformersEmbedder().encode_queries(["a"])


def test_without_its_package_the_adapter_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.retrieval.embedder._PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(EmbedderUnavailable, match="not installed"):
        SentenceTransformersEmbedder().load()


def test_other_weights_than_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "fake_weights" / "model").mkdir(parents=True)
    (tmp_path / "fake_weights" / "__init__.py").touch()
    (tmp_path / "fake_weights" / "model" / "model.safetensors").write_bytes(b"other")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("app.retrieval.embedder._PACKAGE", "fake_weights")
    with pytest.raises(EmbedderUnavailable, match="sha256 d9298a10d1b0"):
        SentenceTransformersEmbedder().load()


@pytest.mark.parametrize(
    "rows",
    [
        np.ones((1, 3), dtype=np.float32),
        np.eye(2, 3),
        np.eye(1, 3, dtype=np.float32),
        np.full((2, 3), np.nan, dtype=np.float32),
    ],
)
def test_what_no_embedder_owes_is_refused(rows: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    with pytest.raises(ValueError, match="embedder gave"):
        unit_rows(rows, 2, 3)


def test_no_sentence_is_embedded_twice() -> None:
    embedder = a_loaded_embedder()
    vectors = SentenceVectors(embedder)
    first = vectors.encode(["one thing", "another", "one thing"])
    again = vectors.encode(["another", "one thing", "a third"])
    assert embedder.read == ["one thing", "another", "a third"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(first[0], again[1])
    unit_rows(again, 3, 64)


def test_the_last_used_are_kept_and_more_than_fit_are_still_answered() -> None:
    embedder = a_loaded_embedder()
    vectors = SentenceVectors(embedder, capacity=2)
    vectors.encode(["a", "b"])
    vectors.encode(["a"])
    vectors.encode(["c"])  # b goes
    vectors.encode(["a", "c"])
    assert embedder.read == ["a", "b", "c"]
    vectors.encode(["b"])
    assert embedder.read[-1] == "b"
    unit_rows(vectors.encode(["d", "e", "f", "d"]), 4, 64)


def test_no_sentences_give_no_rows() -> None:
    assert SentenceVectors(a_loaded_embedder()).encode([]).shape == (0, 64)


def test_the_corpus_is_not_embedded_again_after_a_restart_nor_the_model_loaded(tmp_path: Path) -> None:
    first = SentenceVectors(a_loaded_embedder(), folder=tmp_path / "cache").encode_cached(["a b", "c d"])
    restarted = HashingEmbedder()
    second = SentenceVectors(restarted, folder=tmp_path / "cache").encode_cached(["c d", "a b"])
    assert np.array_equal(first, second[::-1])
    assert restarted.loads == 0


def test_a_new_sentence_of_the_corpus_is_embedded_alone(tmp_path: Path) -> None:
    SentenceVectors(a_loaded_embedder(), folder=tmp_path).encode_cached(["a b"])
    restarted = HashingEmbedder()
    SentenceVectors(restarted, folder=tmp_path).encode_cached(["a b", "c d"])
    assert restarted.read == ["c d"]
    third = HashingEmbedder()
    SentenceVectors(third, folder=tmp_path).encode_cached(["a b", "c d"])
    assert third.read == []


def test_what_a_candidate_said_is_never_on_disk(tmp_path: Path) -> None:
    vectors = SentenceVectors(a_loaded_embedder(), folder=tmp_path)
    vectors.encode_cached(["of the corpus"])
    size = next(tmp_path.iterdir()).stat().st_size
    vectors.encode(["of a candidate"])
    vectors.encode_cached(["of the corpus"])
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [size]


def test_another_model_has_another_file(tmp_path: Path) -> None:
    SentenceVectors(a_loaded_embedder(), folder=tmp_path).encode_cached(["a"])
    other = a_loaded_embedder(dimension=32, name="hashing-32")
    assert SentenceVectors(other, folder=tmp_path).encode_cached(["a"]).shape == (1, 32)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut off", b"no archive at all"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    SentenceVectors(a_loaded_embedder(), folder=tmp_path).encode_cached(["a"])
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for broken in (damage, whole[: len(whole) // 2]):
        file.write_bytes(broken)
        embedder = HashingEmbedder()
        SentenceVectors(embedder, folder=tmp_path).encode_cached(["a"])
        assert embedder.read == ["a"]
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
