"""Talk about something else altogether, with the packaged weights and the real embedder: nothing was said on the question."""

from __future__ import annotations

import asyncio
import random

import pytest

from app.curation.lessons import held_out
from app.curation.train_scorer import small_talk, turn_of
from app.scoring.criterion_model import CompactScorer
from evals.judging.battery import PERSONAL, listed
from tests.support.builders import an_interview
from tests.support.pairs import hold
from tests.support.real_vectors import RealVectors
from tests.support.slots import corpus

MOST = 0.05
"""The bar on talk about something else, of all criteria."""

pytestmark = pytest.mark.embedding


@pytest.mark.parametrize("closely", [True, False])
def test_it_earns_next_to_nothing(closely: bool) -> None:
    said = [row["text"] for row in listed("elsewhere")][::3]
    assert len(said) == 7
    assert not set(said) & set(small_talk())
    vectors = RealVectors(corpus())
    scorer = CompactScorer(corpus(), hold, vectors.encode, closely=closely, neighbours=vectors.neighbours(corpus()))
    personal = sorted(each for each in corpus().questions if each.startswith(PERSONAL))
    generator = random.Random(4)
    asked = [*generator.sample(sorted(held_out()), 8), *generator.sample(personal, 8)]
    marks = [
        mark
        for question in asked
        for text in said
        for mark in asyncio.run(scorer.mark(an_interview(), question, [turn_of(question, text)]))
    ]
    credited = [mark for mark in marks if mark.p_shown >= 0.5]
    assert len(marks) > 300
    assert len(credited) <= MOST * len(marks), credited
