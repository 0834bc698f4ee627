"""The packaged pair model, read once for all tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from app.scoring.pair_model import PairModel, Probabilities, Told


@lru_cache(maxsize=1)
def pair_model() -> PairModel:
    return PairModel()


async def hold(statements: Sequence[str], text: str) -> list[Told]:
    return pair_model().hold(statements, text)


async def hold_sentence(statements: Sequence[str], sentence: str) -> Probabilities:
    return pair_model().hold_sentence(statements, sentence)
