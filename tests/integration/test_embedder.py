from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from app.domain.errors import EmbedderUnavailable
from app.domain.passage import Passage
from app.retrieval.chunking import chunk, pieces
from app.retrieval.embedder import SentenceTransformersEmbedder, unit_rows

pytestmark = pytest.mark.embedding

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformersEmbedder:
    model = SentenceTransformersEmbedder(threads=1)
    model.load()
    return model


def test_rows_are_of_unit_length_and_the_same_one_by_one(embedder: SentenceTransformersEmbedder) -> None:
    texts = ["LoRA trains two small matrices.", "A confusion matrix counts errors by kind.", "Hi."]
    rows = unit_rows(embedder.encode_passages(texts), 3, 384)
    single = np.concatenate([embedder.encode_passages([text]) for text in texts])
    # Sixteen bits where the processor has them: batches may differ in the third place, never in their direction.
    assert np.all((rows * single).sum(axis=1) > 0.999)
    assert embedder.dimension == 384


def test_texts_read_in_one_line_see_nothing_of_each_other(embedder: SentenceTransformersEmbedder) -> None:
    cut_off = "We split by patient, not by image. " * 60
    texts = ["LoRA trains two small matrices.", "", "Hi.", cut_off, "It does not."]
    rows = embedder.encode_passages(texts)
    for at, text in enumerate(texts):
        alone = embedder.encode_passages([text])[0]
        beside = embedder.encode_passages(["Something else altogether, said by somebody else.", text])[1]
        assert rows[at] @ alone > 0.999
        assert beside @ alone > 0.999
    # As many as are read in a batch, with padding.
    many = embedder.encode_passages([*texts, *["Filling."] * 40])
    assert np.all((many[: len(texts)] * rows).sum(axis=1) > 0.999)


def test_a_paraphrase_is_nearer_than_another_subject(embedder: SentenceTransformersEmbedder) -> None:
    query = embedder.encode_queries(["How do you keep a network from memorising its training set?"])[0]
    near, far = embedder.encode_passages(
        ["Regularisation and early stopping reduce overfitting.", "A star schema keeps facts apart from dimensions."]
    )
    assert query @ near > query @ far + 0.1


def test_nothing_is_printed_and_no_text_gives_no_rows(
    embedder: SentenceTransformersEmbedder, capfd: pytest.CaptureFixture[str]
) -> None:
    SentenceTransformersEmbedder().load()
    assert embedder.encode_passages([]).shape == (0, 384)
    embedder.encode_passages(["words"] * 100)
    assert capfd.readouterr() == ("", "")


def test_loading_leaves_torch_with_the_threads_it_was_given(embedder: SentenceTransformersEmbedder) -> None:
    import torch

    assert embedder.encode_queries(["words"]).shape == (1, 384)
    assert torch.get_num_threads() == 1


def test_a_model_that_is_not_here_is_refused_without_asking_the_network(tmp_path: Path) -> None:
    for name in ("viva-tests/no-such-model", str(tmp_path)):
        with pytest.raises(EmbedderUnavailable, match="not on this machine"):
            SentenceTransformersEmbedder(name).load()


def test_no_chunk_of_the_corpus_is_cut_off_by_the_model(embedder: SentenceTransformersEmbedder) -> None:
    """Holds the estimate of word pieces against the tokenizer, on all the prose there is."""
    tokenizer = embedder._loaded().tokenizer
    checked = 0
    for file in sorted(CORPUS.rglob("*.md")):
        body = file.read_text(encoding="utf-8").split("---\n", 2)[-1]
        for number, section in enumerate(re.split(r"^## .*$", body, flags=re.MULTILINE)):
            if not section.strip():
                continue
            for part in chunk(Passage(id=f"{file.stem}#{number}", source="", kind="concept", text=section)):
                real = len(tokenizer.tokenize(part.passage.text))
                assert real <= pieces(part.passage.text) <= 254, part.passage.id
                checked += 1
    assert checked
