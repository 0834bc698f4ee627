"""Talk about something else altogether, with the packaged weights and the real embedder: nothing was said on the question."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from app.curation.lessons import held_out
from app.curation.train_scorer import small_talk, turn_of
from app.retrieval.embedder import SentenceTransformersEmbedder, Vectors
from app.scoring.criterion_model import CompactScorer
from tests.support.builders import an_interview
from tests.support.pairs import hold
from tests.support.slots import corpus

SAID = (
    "I went to the hairdresser on Friday and we talked about her holiday in the mountains for an hour.",
    "The soup was too salty, so my uncle added a potato, which helped, and we ate at nine.",
    "It's a long way to the lake, but the road is flat and there are plums on the trees in August.",
    "Shoes, gloves, a scarf, two tickets, a sandwich: I think I have packed all that I need for the trip.",
)
MOST = 0.02


@pytest.mark.parametrize("closely", [True, False])
def test_it_earns_next_to_nothing(closely: bool) -> None:
    assert not set(SAID) & set(small_talk())
    embedder = SentenceTransformersEmbedder(threads=2)
    embedder.load()

    async def encode(texts: Sequence[str]) -> Vectors:
        return embedder.encode_passages(list(texts))

    scorer = CompactScorer(corpus(), hold, encode, closely=closely)
    asked = random.Random(4).sample(sorted(held_out()), 12)
    marks = [
        mark
        for question in asked
        for text in SAID
        for mark in asyncio.run(scorer.mark(an_interview(), question, [turn_of(question, text)]))
    ]
    credited = [mark for mark in marks if mark.p_shown >= 0.5]
    assert len(credited) <= MOST * len(marks), credited
