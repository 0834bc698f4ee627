"""What an edited plan may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.api.interview_schemas import PlanIn
from app.api.interviews import _plan
from app.domain.errors import PlanInvalid
from app.material.load import load
from tests.support.builders import an_interview

CORPUS = load(Path("corpus"))


def wish(*rounds: tuple[str, str]) -> PlanIn:
    return PlanIn.model_validate(
        {
            "rounds": [
                {"round": slug, "minutes": 5, "questions": [{"question_id": question, "seconds": 200}]}
                for slug, question in rounds
            ]
        }
    )


def test_a_round_stands_in_it_once() -> None:
    leakage, scaling = ("fundamentals", "fundamentals/data-leakage"), ("fundamentals", "fundamentals/feature-scaling")
    story = ("behavioural", "behavioural/learning-fast")
    assert [each.round for each in _plan(wish(leakage, story), an_interview(), CORPUS).rounds] == [
        "fundamentals",
        "behavioural",
    ]
    with pytest.raises(PlanInvalid, match="the round fundamentals stands in it twice"):
        _plan(wish(leakage, story, scaling), an_interview(), CORPUS)
