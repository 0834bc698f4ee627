"""Callbacks: an earlier statement of one's own work that the next question concerns. Pure.

Only where the question itself names the subject: so the words recalled tell nothing that the question does not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.candidate.vocabulary import terms
from app.domain.quoted import RECALLED, RECALLED_JUST_NOW
from app.domain.transcript import Turn
from app.interviewing.said_before import clip, own_work, statements

RECALLED_WORDS = 9
MOST_RECALLS = 2
"""In one interview: more would sound like a file being read out."""
KEY = "recall:"


@dataclass(frozen=True, slots=True)
class Recall:
    """Words of an earlier answer that a question takes up."""

    key: str
    """So that the same is taken up once: `recall:fine-tuning`."""
    name: str
    """The technique that both speak of."""
    quote: str
    just_now: bool
    """Whether it was said on the question that is being left."""

    @property
    def spoken(self) -> str:
        """What is said before the question."""
        return (RECALLED_JUST_NOW if self.just_now else RECALLED).format(self.quote)


def recall(turns: Sequence[Turn], ask: str, taken: Collection[str], *, leaving: str) -> Recall | None:
    """The latest statement of the candidate's own work on what `ask` names; None where there is none, or enough were recalled.

    Args:
        turns: The conversation.
        ask: The words of the next question.
        taken: Keys of what was taken up already.
        leaving: Id of the question that is being left.
    """
    wanted = {term.name for term in terms(ask)}
    if not wanted or sum(key.startswith(KEY) for key in taken) >= MOST_RECALLS:
        return None
    for said in reversed(tuple(statements(turns))):
        for term in own_work(said.text):
            key = f"{KEY}{term.name}"
            if term.name in wanted and key not in taken:
                quote = clip(said.text, term.start, term.end, RECALLED_WORDS)
                return Recall(key, term.name, quote, said.question_id == leaving)
    return None
