"""What judges in the service beside its worker: at once, over again, and bare statements between people's turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from anyio import from_thread, to_thread

from app.api.dependencies import Services
from app.domain.interview import Interview
from app.domain.score import Score
from app.domain.transcript import Turn
from app.rescoring import Rescorer
from app.retrieval.search import Retrieval
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import Examples, FreeScorer, ReadAlone, Reading
from app.scoring.pair_model import PairModel, Probabilities


async def compact_score(
    held: Services, compact: CompactScorer, interview: Interview, turns: Sequence[Turn], question_id: str
) -> Score:
    """The score of a question by the compact scorer alone, at once."""
    return await assess(interview, turns, question_id, corpus=held.corpus, compact=compact, judge=None, now=held.now)


async def rescored(rescorer: Rescorer, interview_id: str, dry_run: bool) -> Mapping[str, Any]:
    """What scoring an interview again changed, or would change."""
    return (await rescorer.rescore(interview_id, dry_run=dry_run)).json()


def forget(scorers: Sequence[CompactScorer]) -> None:
    """Their last readings are gone, and the words in them."""
    for each in scorers:
        each.forget()


def alone_in_thread(retrieval: Retrieval, pairs: PairModel) -> ReadAlone:
    """The scorer for bare statements beside people who are being interviewed: each reading waits for its turn."""

    async def alone(criteria: Sequence[tuple[str, Examples]], answer: str) -> list[Reading]:
        def read() -> list[Reading]:
            scorer = FreeScorer(lambda texts: from_thread.run(retrieval.encode, texts), _ReadsInThread(pairs))
            return scorer.read(criteria, answer)

        return await to_thread.run_sync(read)

    return alone


class _ReadsInThread:
    """A pair model that is shared with the event loop, for code in another thread."""

    def __init__(self, pairs: PairModel) -> None:
        self._pairs = pairs

    def read(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """Probabilities for each (statement, text); statements about one text are read together."""
        found = np.empty((len(pairs), 3), dtype=np.float32)
        for text in dict.fromkeys(text for _, text in pairs):
            places = [place for place, (_, each) in enumerate(pairs) if each == text]
            told = from_thread.run(self._pairs.hold_in_thread, [pairs[place][0] for place in places], text)
            found[places] = [each.p for each in told]
        return found
