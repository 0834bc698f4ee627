"""The pair model as a network: statements look at a text that is read once.

The layers are BERT's. A piece of the text attends to the text alone, one of a statement to its statement and to the text.
So the text's states are the same whatever it is held against, and any number of statements costs one reading of the text
and one of each statement, where a cross-encoder reads the text for each. Statements never look at one another, so that
what attention costs grows with their number and not with its square.

Half-way the layers part: one upper half holds statements against a whole answer, another against a single sentence.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertModel

from app.scoring.pair_model import STATEMENT_PIECES

POINTER_WIDTH = 64
_FAR = -1e4

Inputs = tuple[Tensor, Tensor, Tensor]
"""Word pieces of a text (pieces,), those of its statements (n, longest), filled up behind each, and how many of them are read (n,)."""


class _Part(NamedTuple):
    """A text and its statements among others: pieces of the text, statements, pieces of the longest, what to look at."""

    long: int
    n: int
    short: int
    mask: Tensor


class ReadingNetwork(nn.Module):
    """Logits (n, 3) of n statements, and (n, pieces) of where each is settled in its text."""

    def __init__(self, bert: BertModel) -> None:
        """Takes the layers of `bert`; the two heads are new."""
        super().__init__()
        width = bert.config.hidden_size
        self.bert = bert
        self.heads = bert.config.num_attention_heads
        self.lower = len(bert.encoder.layer) // 2
        self.states = nn.Linear(width, 3)
        self.asks = nn.Linear(width, POINTER_WIDTH)
        self.answers = nn.Linear(width, POINTER_WIDTH)
        nn.init.normal_(self.states.weight, std=0.02)
        nn.init.zeros_(self.states.bias)

    def forward(
        self, text_ids: Tensor, statement_ids: Tensor, statement_sizes: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Reads one of `Inputs`: logits, pointing, and the text's states (pieces, width) half-way."""
        (found,) = self.together([(text_ids, statement_ids, statement_sizes)])
        return found

    def together(self, several: Sequence[Inputs]) -> list[tuple[Tensor, Tensor, Tensor]]:
        """The same for several texts with their statements: none sees another, but matrices are gone through once for all."""
        parts = parts_of(several)
        half_way = self.read(several, parts)
        return [
            (*told, half[: part.long])
            for part, told, half in zip(parts, self.held(half_way, parts), _apart(half_way, parts), strict=True)
        ]

    def read(self, several: Sequence[Inputs], parts: Sequence[_Part]) -> Tensor:
        """The lower half: states (pieces of all parts, width), in each part the text's first."""
        hidden = _joined([self._embedded(text, statements) for text, statements, _ in several])
        hidden = self.bert.embeddings.LayerNorm(hidden)
        for layer in self.bert.encoder.layer[: self.lower]:
            hidden = _through(layer, hidden, parts, self.heads)
        return hidden

    def held(self, half_way: Tensor, parts: Sequence[_Part]) -> list[tuple[Tensor, Tensor]]:
        """The upper half: logits and pointing, from `read`."""
        hidden = half_way
        for layer in self.bert.encoder.layer[self.lower :]:
            hidden = _through(layer, hidden, parts, self.heads)
        found = []
        for part, own in zip(parts, _apart(hidden, parts), strict=True):
            heads = own[part.long :].view(part.n, part.short, -1)[:, 0]
            points = self.asks(heads) @ self.answers(own[: part.long]).T / math.sqrt(POINTER_WIDTH)
            found.append((self.states(heads), points.float()))
        return found

    def _embedded(self, text_ids: Tensor, statement_ids: Tensor) -> Tensor:
        """(pieces, width), the text's first."""
        embeddings = self.bert.embeddings
        in_text, in_statement = torch.arange(text_ids.shape[0]), torch.arange(statement_ids.shape[1])
        # A text's positions begin after those of the longest statement, and its kind is 1, as in BERT's pairs.
        text = embeddings.word_embeddings(text_ids) + embeddings.position_embeddings(in_text + STATEMENT_PIECES)
        text = text + embeddings.token_type_embeddings(torch.ones_like(text_ids))
        statement = embeddings.word_embeddings(statement_ids) + embeddings.position_embeddings(in_statement)
        statement = statement + embeddings.token_type_embeddings(torch.zeros_like(statement_ids))
        return torch.cat([text, statement.flatten(0, 1)])


class SentenceHalf(nn.Module):
    """Another upper half, for texts of a sentence or two; it begins as the one of the network and does not point."""

    def __init__(self, network: ReadingNetwork) -> None:
        """Takes copies; the lower half stays the network's."""
        super().__init__()
        self.heads = network.heads
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in network.bert.encoder.layer[network.lower :])
        self.states = copy.deepcopy(network.states)

    def held(self, half_way: Tensor, parts: Sequence[_Part]) -> Tensor:
        """Logits (statements of all parts, 3), from the network's `read`."""
        hidden = half_way
        for layer in self.layers:
            hidden = _through(layer, hidden, parts, self.heads)
        return _joined(
            [
                self.states(own[part.long :].view(part.n, part.short, -1)[:, 0])
                for part, own in zip(parts, _apart(hidden, parts), strict=True)
            ]
        )


class Reading(nn.Module):
    """The lower half for one of `Inputs`, as it is exported."""

    def __init__(self, network: ReadingNetwork) -> None:
        """Nothing is copied."""
        super().__init__()
        self.network = network

    def forward(self, text_ids: Tensor, statement_ids: Tensor, statement_sizes: Tensor) -> Tensor:
        """States (pieces, width), the text's first."""
        several = [(text_ids, statement_ids, statement_sizes)]
        return self.network.read(several, parts_of(several))


class Holding(nn.Module):
    """The upper half for one of `Inputs`, as it is exported."""

    def __init__(self, network: ReadingNetwork) -> None:
        """Nothing is copied."""
        super().__init__()
        self.network = network

    def forward(
        self, hidden: Tensor, text_ids: Tensor, statement_ids: Tensor, statement_sizes: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits (n, 3) and pointing (n, pieces), from `Reading`."""
        ((logits, points),) = self.network.held(hidden, parts_of([(text_ids, statement_ids, statement_sizes)]))
        return logits, points


class HoldingSentence(nn.Module):
    """The other upper half for one of `Inputs`, as it is exported."""

    def __init__(self, half: SentenceHalf) -> None:
        """Nothing is copied."""
        super().__init__()
        self.upper = half

    def forward(self, hidden: Tensor, text_ids: Tensor, statement_ids: Tensor, statement_sizes: Tensor) -> Tensor:
        """Logits (n, 3), from `Reading`."""
        found: Tensor = self.upper.held(hidden, parts_of([(text_ids, statement_ids, statement_sizes)]))
        return found


def parts_of(several: Sequence[Inputs]) -> list[_Part]:
    """How the pieces of several texts with their statements lie behind one another."""
    return [
        # What was filled up is not looked at: (n, 1, longest).
        _Part(
            text.shape[0],
            statements.shape[0],
            statements.shape[1],
            torch.where(torch.arange(statements.shape[1]) < sizes.unsqueeze(1), 0.0, _FAR).unsqueeze(1),
        )
        for text, statements, sizes in several
    ]


def _through(layer: Any, hidden: Tensor, parts: Sequence[_Part], heads: int) -> Tensor:
    """One layer over all pieces of all parts (pieces, width)."""
    attention, after = layer.attention.self, layer.attention.output
    query = attention.query(hidden) / math.sqrt(hidden.shape[1] // heads)
    key, value = attention.key(hidden), attention.value(hidden)
    held = _joined(
        [
            _attended(*each, heads)
            for each in zip(_apart(query, parts), _apart(key, parts), _apart(value, parts), parts, strict=True)
        ]
    )
    hidden = after.LayerNorm(after.dense(held) + hidden)
    wide = nn.functional.gelu(layer.intermediate.dense(hidden))
    found: Tensor = layer.output.LayerNorm(layer.output.dense(wide) + hidden)
    return found


def _attended(query: Tensor, key: Tensor, value: Tensor, part: _Part, heads: int) -> Tensor:
    """What the pieces of one part (pieces, width), its text's first, take from one another."""
    narrow = query.shape[1] // heads

    def split(each: Tensor) -> tuple[Tensor, Tensor]:
        by_head = each.view(-1, heads, narrow).transpose(0, 1)
        return by_head[:, : part.long], by_head[:, part.long :]

    asks, keys, values = split(query), split(key), split(value)
    by_statement = (heads, part.n, part.short, narrow)
    # (heads, pieces of statements, pieces): what they see of the text, and each of itself.
    to_text = asks[1] @ keys[0].transpose(1, 2)
    to_itself = asks[1].reshape(by_statement) @ keys[1].reshape(by_statement).transpose(2, 3)
    scores = torch.cat([to_text, (to_itself + part.mask.to(to_itself.dtype)).flatten(1, 2)], dim=2)
    shares = _shares(scores)
    of_itself = shares[:, :, part.long :].reshape(heads, part.n, part.short, part.short)
    of_itself = of_itself @ values[1].reshape(by_statement)
    of_text = shares[:, :, : part.long] @ values[0]
    text = _shares(asks[0] @ keys[0].transpose(1, 2)) @ values[0]
    return torch.cat([text, of_text + of_itself.flatten(1, 2)], dim=1).transpose(0, 1).reshape(query.shape)


def _joined(each: Sequence[Tensor]) -> Tensor:
    return each[0] if len(each) == 1 else torch.cat(list(each))


def _apart(pieces: Tensor, parts: Sequence[_Part]) -> Sequence[Tensor]:
    if len(parts) == 1:
        return [pieces]
    return torch.split(pieces, [part.long + part.n * part.short for part in parts])


def _shares(scores: Tensor) -> Tensor:
    # In training these are 16 bits; autocast would take the whole square of attention back to 32, at twice the time.
    with torch.autocast("cpu", enabled=False):
        return torch.softmax(scores, dim=-1)
