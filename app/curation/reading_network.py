"""The pair model as a network: statements look at a text that is read once.

The layers are BERT's. Text and statements stand in one row; a token of the text attends to the text alone, one of a
statement to its statement and to the text. So the text's states are the same whatever it is held against, and any number
of statements costs one reading of the text and one of each statement, where a cross-encoder reads the text for each.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel

POINTER_WIDTH = 64
_FAR = -1e4


class ReadingNetwork(nn.Module):
    """Logits (n, 3) of n statements, and (n, pieces) of where each is settled in its text."""

    def __init__(self, bert: BertModel) -> None:
        """Takes the layers of `bert`; the two heads are new."""
        super().__init__()
        width = bert.config.hidden_size
        self.bert = bert
        self.heads = bert.config.num_attention_heads
        self.states = nn.Linear(width, 3)
        self.asks = nn.Linear(width, POINTER_WIDTH)
        self.answers = nn.Linear(width, POINTER_WIDTH)
        nn.init.normal_(self.states.weight, std=0.02)
        nn.init.zeros_(self.states.bias)

    def forward(
        self,
        input_ids: Tensor,
        token_type_ids: Tensor,
        position_ids: Tensor,
        segments: Tensor,
        rows: Tensor,
        places: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Reads a batch: logits, pointing, and the states (rows, pieces, width) half-way.

        Args:
            input_ids: Word pieces (rows, pieces), as are `token_type_ids` and `position_ids`.
            token_type_ids: 0 in statements, 1 in the text, as in BERT's pairs.
            position_ids: Of the text and of each statement counted by themselves.
            segments: 0 in the text, 1.. in the statements, -1 where the row is empty.
            rows: Row of each statement (n,).
            places: Where in its row each statement begins (n,).
        """
        embeddings = self.bert.embeddings
        hidden = embeddings.LayerNorm(
            embeddings.word_embeddings(input_ids)
            + embeddings.token_type_embeddings(token_type_ids)
            + embeddings.position_embeddings(position_ids)
        )
        mine, theirs = segments.unsqueeze(2), segments.unsqueeze(1)
        sees = (mine == theirs) | ((theirs == 0) & (mine > 0))
        mask = torch.where(sees, 0.0, _FAR).unsqueeze(1)
        half_way = hidden
        for number, layer in enumerate(self.bert.encoder.layer, start=1):
            hidden = self._through(layer, hidden, mask)
            if number == len(self.bert.encoder.layer) // 2:
                half_way = hidden
        heads = hidden[rows, places]
        points = (self.answers(hidden)[rows] @ self.asks(heads).unsqueeze(2)).squeeze(2) / math.sqrt(POINTER_WIDTH)
        return self.states(heads), torch.where(segments[rows] == 0, points.float(), _FAR), half_way

    def _through(self, layer: Any, hidden: Tensor, mask: Tensor) -> Tensor:
        rows, pieces, width = hidden.shape
        attention, after = layer.attention.self, layer.attention.output

        def split(each: Tensor) -> Tensor:
            return each.view(rows, pieces, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(attention.query(hidden)), split(attention.key(hidden)), split(attention.value(hidden))
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        # In training these are 16 bits; autocast would take the whole square of attention back to 32, at twice the time.
        with torch.autocast("cpu", enabled=False):
            shares = torch.softmax(scores + mask.to(scores.dtype), dim=-1)
        held = shares @ value
        hidden = after.LayerNorm(after.dense(held.transpose(1, 2).reshape(rows, pieces, width)) + hidden)
        wide = nn.functional.gelu(layer.intermediate.dense(hidden))
        found: Tensor = layer.output.LayerNorm(layer.output.dense(wide) + hidden)
        return found
