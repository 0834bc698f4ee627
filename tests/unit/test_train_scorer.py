from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from app.curation.train_scorer import DOCUMENTS_KEPT, _batches, facts_of, pairs_of, pairs_to_learn, split_of
from app.domain.errors import TrainingDataMissing
from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


def a_data_folder(folder: Path, documents: int = 15) -> Path:
    rows = [
        {"doc_id": f"d{n}", "criterion": f"fact {k}", "answer": "a text", "met": k % 2, "split": "train"}
        for n in range(documents)
        for k in range(4)
    ]
    rows.append({"doc_id": "dev", "criterion": "unseen", "answer": "a text", "met": 1, "split": "dev"})
    (folder / "realsumm").mkdir()
    (folder / "realsumm" / "realsumm.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_without_its_data_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataMissing, match=r"realsumm\.jsonl is not there"):
        facts_of(tmp_path)


def test_the_dev_documents_are_not_read_and_ten_others_not_learned(corpus: Corpus, tmp_path: Path) -> None:
    facts = facts_of(a_data_folder(tmp_path))
    assert {fact.document for fact in facts} == {f"d{n}" for n in range(15)}
    pairs, kept = pairs_to_learn(corpus, facts)
    assert len({fact.document for fact in kept}) == DOCUMENTS_KEPT
    assert len([pair for pair in pairs if pair.says.startswith("fact ")]) == 5 * 4
    assert pairs_to_learn(corpus, facts) == (pairs, kept)


def test_pairs_are_labelled_as_their_authors_meant(corpus: Corpus) -> None:
    ids = frozenset(sorted(split_of(corpus).learned)[:5])
    labels = {(pair.says, pair.text): pair.label for pair in pairs_of(corpus, ids, random.Random(1))}
    criteria = [
        each.criterion for name in ids for each in corpus.rubric(name).criteria if each.criterion.evidence == "words"
    ]
    assert criteria
    for criterion in criteria:
        assert labels[criterion.says, criterion.shown_by[0]] == SHOWN
        assert labels[criterion.says, criterion.not_shown_by[0].says] == ABSENT
        assert labels[criterion.says, criterion.probe] == ABSENT
        if criterion.denied_by:
            assert labels[criterion.says, criterion.denied_by] == CONTRADICTED


def test_each_pair_is_in_one_batch_and_batches_are_of_one_size_in_pieces() -> None:
    lengths = np.random.default_rng(0).integers(10, 200, 5000)
    batches = _batches(lengths, 0)
    assert sorted(index for batch in batches for index in batch) == list(range(5000))
    assert max(len(batch) * lengths[batch].max() for batch in batches) <= 2600
    assert _batches(lengths, 0) == batches
    assert _batches(lengths, 1) != batches
