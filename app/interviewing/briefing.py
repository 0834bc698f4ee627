"""The exact messages a model is shown for a bridge. Pure.

Order matters for every prefix cache: the rules first, then the transcript as it grows, and what belongs to this move
last. Each briefing without its last block is a prefix of the next one of the same interview, until a window is full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.transcript import Speaker, Turn

Fence = Callable[[str], str]
"""Puts untrusted words between markers that they cannot forge."""


@dataclass(frozen=True, slots=True)
class Block:
    """One message as the model's wire knows it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Window:
    """How much of the transcript a model is shown.

    The embedded model is shown none: it reads 65 to 100 tokens a second, and what it says back is only the last
    answer. A hosted model reads the whole.
    """

    characters: int = 0
    """0 for no transcript."""


def compose(
    rules: Sequence[Block], turns: Sequence[Turn], last: Sequence[Block], window: Window, fence: Fence
) -> tuple[Block, ...]:
    """Rules, the transcript up to the last interviewer's turn, and the block of this move."""
    return (*rules, *_transcript(turns, window, fence), *last)


def prefix(rules: Sequence[Block], turns: Sequence[Turn], window: Window, fence: Fence) -> tuple[Block, ...]:
    """What the next briefing is sure to begin with: worth reading into a cache while the candidate thinks."""
    return (*rules, *_transcript(turns, window, fence))


def _transcript(turns: Sequence[Turn], window: Window, fence: Fence) -> tuple[Block, ...]:
    if window.characters <= 0:
        return ()
    last_spoken = max((index for index, turn in enumerate(turns) if turn.speaker is Speaker.INTERVIEWER), default=-1)
    blocks = [
        Block("assistant", turn.text) if turn.speaker is Speaker.INTERVIEWER else Block("user", fence(turn.text))
        for turn in turns[: last_spoken + 1]
    ]
    return tuple(blocks[_first_kept(blocks, window.characters) :])


def _first_kept(blocks: Sequence[Block], limit: int) -> int:
    """Index of the first block that is kept. Whole oldest turns go, half a window at a time, so that prefixes last."""
    first, total = 0, 0
    for index, block in enumerate(blocks):
        total += len(block.content)
        while total > limit and first < index:
            goal = limit // 2
            while total > goal and first < index:
                total -= len(blocks[first].content)
                first += 1
    return first
