from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.curation.train_references import graded_of, join_references
from app.domain.errors import TrainingDataMissing
from app.scoring.reference_model import VOICES, ReferenceScorer
from tests.support.embedders import word_pieces


def test_graded_answers_are_needed_and_weights_of_a_share_are_never_negative(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataMissing, match=r"saf_en\.jsonl is not there"):
        graded_of(tmp_path)
    reference = "Momentum smooths noisy gradients while warmup protects early steps"
    rows = [
        {
            "question_id": f"q{n}",
            "question": "",
            "reference": reference,
            "answer": " ".join(reference.split()[: 2 + k]) if k else "  ",
            "score": k,
            "max_score": 5,
            "split": "training" if n < 3 else "unseen_questions",
        }
        for n in range(4)
        for k in range(6)
    ]
    (tmp_path / "saf_en").mkdir()
    (tmp_path / "saf_en" / "saf_en.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    graded = graded_of(tmp_path)
    assert len(graded) == 20
    assert sum(one.learned for one in graded) == 15
    made = join_references(graded, ReferenceScorer(word_pieces), lambda _: None)
    assert all(made["weights"][name] >= 0 for name in VOICES)
    assert made["figures"]["mean_r_within_question"] > 0.95
