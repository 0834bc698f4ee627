"""The slow voice: how sure a language model is, by its yes or no, that an answer says a statement.

A small model is a weak judge when it writes, but its first word's odds tell more than the word. They are joined with the
compact scorer's by a logistic model (`viva train-scorer --slow`); the compact scorer's words remain the evidence.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from app.llm.model import ChatModel, Message, ModelError, PromptRef, Request, Role, Sampling
from app.prompting.library import Library

PROMPT = "judge/says"
UNTOLD = 1e-6
"""Probability of a word that is not among those told."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """What the model thinks of some statements about one text."""

    log_odds: tuple[float | None, ...]
    """Yes against no, for each statement; None where the model failed."""
    model: str
    prompt: PromptRef
    failure: str = ""
    """Why something is missing; empty where nothing is."""


class SlowVoice:
    """Asks a model about statements, one call each."""

    def __init__(
        self,
        model: ChatModel,
        prompts: Library,
        *,
        deadline_s: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`deadline_s` is for all statements about one text together: a report waits for no more than that."""
        self._model = model
        self._prompts = prompts
        self._deadline_s = deadline_s
        self._monotonic = monotonic

    @property
    def name(self) -> str:
        """The model asked."""
        return self._model.name

    async def hold(self, question: str, statements: Sequence[str], answer: str) -> Voiced:
        """Log odds for each statement; never raises a `ModelError`. After a failure no further call is made."""
        prompt = self._prompts.get(PROMPT)
        ref = PromptRef(prompt.ref.id, prompt.ref.version, prompt.ref.hash)
        found: list[float | None] = []
        failure = ""
        ends_at = self._monotonic() + self._deadline_s
        for says in statements:
            left_s = ends_at - self._monotonic()
            if left_s <= 0 and not failure:
                failure = "the judge model was too slow"
            if failure:
                found.append(None)
                continue
            rendered = prompt.render(question=question, answer=answer, says=says)
            request = Request(
                role=Role.JUDGE,
                messages=tuple(Message(message.role, message.content) for message in rendered),
                sampling=Sampling(temperature=0.0, max_output_tokens=1),
                prompt=ref,
                deadline_s=left_s,
                low_priority=True,
            )
            try:
                found.append(log_odds(await self._model.first_words(request)))
            except ModelError as error:
                failure = f"the judge model failed: {type(error).__name__}"
                found.append(None)
        return Voiced(tuple(found), self._model.name, ref, failure)


def log_odds(words: Mapping[str, float]) -> float:
    """Of yes against no, from the odds of an answer's first word."""
    return math.log((words.get("yes", 0.0) + UNTOLD) / (words.get("no", 0.0) + UNTOLD))


@lru_cache(maxsize=1)
def slow_weights() -> Mapping[str, Mapping[str, float]]:
    """For `interview` and `statement` each: coefficients of `compact` and `slow` log odds, and a `bias`."""
    text = resources.files("app.scoring").joinpath("weights").joinpath("slow.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return loaded


def joined(p: float, slow: float, weights: Mapping[str, float]) -> float:
    """The compact scorer's probability and the slow voice's log odds as one probability, 0..1."""
    kept = min(max(p, 1e-4), 1 - 1e-4)
    total = weights["compact"] * math.log(kept / (1 - kept)) + weights["slow"] * slow + weights["bias"]
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
