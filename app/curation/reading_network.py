"""The pair model as a network: statements look at a text that is read once.

The layers are BERT's. A piece of the text attends to the text alone, one of a statement to its statement and to the text.
So the text's states are the same whatever it is held against, and any number of statements costs one reading of the text
and one of each statement, where a cross-encoder reads the text for each. Statements never look at one another, so that
what attention costs grows with their number and not with its square.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertModel

from app.scoring.pair_model import STATEMENT_PIECES

POINTER_WIDTH = 64
_FAR = -1e4


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
        self.narrow = width // self.heads
        self.states = nn.Linear(width, 3)
        self.asks = nn.Linear(width, POINTER_WIDTH)
        self.answers = nn.Linear(width, POINTER_WIDTH)
        nn.init.normal_(self.states.weight, std=0.02)
        nn.init.zeros_(self.states.bias)

    def forward(
        self, text_ids: Tensor, statement_ids: Tensor, statement_sizes: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Reads a text: logits, pointing, and the text's states (pieces, width) half-way.

        Args:
            text_ids: Word pieces of the text (pieces,).
            statement_ids: Those of the statements (n, longest), filled up behind each.
            statement_sizes: How many of them are read (n,).
        """
        (found,) = self.together([(text_ids, statement_ids, statement_sizes)])
        return found

    def together(self, several: Sequence[tuple[Tensor, Tensor, Tensor]]) -> list[tuple[Tensor, Tensor, Tensor]]:
        """The same for several texts with their statements: none sees another, but matrices are gone through once for all."""
        parts = [
            # What was filled up is not looked at: (n, 1, longest).
            _Part(
                text.shape[0],
                statements.shape[0],
                statements.shape[1],
                torch.where(torch.arange(statements.shape[1]) < sizes.unsqueeze(1), 0.0, _FAR).unsqueeze(1),
            )
            for text, statements, sizes in several
        ]
        hidden = self._joined([self._embedded(text, statements) for text, statements, _ in several])
        hidden = self.bert.embeddings.LayerNorm(hidden)
        half_way = hidden
        for number, layer in enumerate(self.bert.encoder.layer, start=1):
            hidden = self._through(layer, hidden, parts)
            if number == len(self.bert.encoder.layer) // 2:
                half_way = hidden
        found = []
        for part, own, half in zip(parts, _apart(hidden, parts), _apart(half_way, parts), strict=True):
            heads = own[part.long :].view(part.n, part.short, -1)[:, 0]
            points = self.asks(heads) @ self.answers(own[: part.long]).T / math.sqrt(POINTER_WIDTH)
            found.append((self.states(heads), points.float(), half[: part.long]))
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

    def _through(self, layer: Any, hidden: Tensor, parts: Sequence[_Part]) -> Tensor:
        """One layer over all pieces of all parts (pieces, width)."""
        attention, after = layer.attention.self, layer.attention.output
        query = attention.query(hidden) / math.sqrt(self.narrow)
        key, value = attention.key(hidden), attention.value(hidden)
        held = self._joined(
            [
                self._attended(*each)
                for each in zip(_apart(query, parts), _apart(key, parts), _apart(value, parts), parts, strict=True)
            ]
        )
        hidden = after.LayerNorm(after.dense(held) + hidden)
        wide = nn.functional.gelu(layer.intermediate.dense(hidden))
        found: Tensor = layer.output.LayerNorm(layer.output.dense(wide) + hidden)
        return found

    def _attended(self, query: Tensor, key: Tensor, value: Tensor, part: _Part) -> Tensor:
        """What the pieces of one part (pieces, width), its text's first, take from one another."""
        narrow = self.narrow

        def split(each: Tensor) -> tuple[Tensor, Tensor]:
            by_head = each.view(-1, self.heads, narrow).transpose(0, 1)
            return by_head[:, : part.long], by_head[:, part.long :]

        asks, keys, values = split(query), split(key), split(value)
        by_statement = (self.heads, part.n, part.short, narrow)
        # (heads, pieces of statements, pieces): what they see of the text, and each of itself.
        to_text = asks[1] @ keys[0].transpose(1, 2)
        to_itself = asks[1].reshape(by_statement) @ keys[1].reshape(by_statement).transpose(2, 3)
        scores = torch.cat([to_text, (to_itself + part.mask.to(to_itself.dtype)).flatten(1, 2)], dim=2)
        shares = _shares(scores)
        of_itself = shares[:, :, part.long :].reshape(self.heads, part.n, part.short, part.short)
        of_itself = of_itself @ values[1].reshape(by_statement)
        of_text = shares[:, :, : part.long] @ values[0]
        text = _shares(asks[0] @ keys[0].transpose(1, 2)) @ values[0]
        return torch.cat([text, of_text + of_itself.flatten(1, 2)], dim=1).transpose(0, 1).reshape(query.shape)

    @staticmethod
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
