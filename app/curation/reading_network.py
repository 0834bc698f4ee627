"""The pair model as a network: statements look at a text that is read once.

The layers are BERT's. A piece of the text attends to the text alone, one of a statement to its statement and to the text.
So the text's states are the same whatever it is held against, and any number of statements costs one reading of the text
and one of each statement, where a cross-encoder reads the text for each. Statements never look at one another, so that
what attention costs grows with their number and not with its square.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel

from app.scoring.pair_model import STATEMENT_PIECES

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
        self, text_ids: Tensor, statement_ids: Tensor, statement_sizes: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Reads a text: logits, pointing, and the text's states (pieces, width) half-way.

        Args:
            text_ids: Word pieces of the text (pieces,).
            statement_ids: Those of the statements (n, longest), filled up behind each.
            statement_sizes: How many of them are read (n,).
        """
        long, (n, short) = text_ids.shape[0], statement_ids.shape
        embeddings = self.bert.embeddings
        in_text, in_statement = torch.arange(long), torch.arange(short)
        # A text's positions begin after those of the longest statement, and its kind is 1, as in BERT's pairs.
        text = embeddings.word_embeddings(text_ids) + embeddings.position_embeddings(in_text + STATEMENT_PIECES)
        text = text + embeddings.token_type_embeddings(torch.ones_like(text_ids))
        statement = embeddings.word_embeddings(statement_ids) + embeddings.position_embeddings(in_statement)
        statement = statement + embeddings.token_type_embeddings(torch.zeros_like(statement_ids))
        hidden = embeddings.LayerNorm(torch.cat([text, statement.flatten(0, 1)]))
        # (n, 1, longest): what was filled up is not looked at.
        mask = torch.where(in_statement < statement_sizes.unsqueeze(1), 0.0, _FAR).unsqueeze(1)
        half_way = hidden[:long]
        for number, layer in enumerate(self.bert.encoder.layer, start=1):
            hidden = self._through(layer, hidden, mask, (long, n, short))
            if number == len(self.bert.encoder.layer) // 2:
                half_way = hidden[:long]
        heads = hidden[long:].view(n, short, -1)[:, 0]
        points = self.asks(heads) @ self.answers(hidden[:long]).T / math.sqrt(POINTER_WIDTH)
        return self.states(heads), points.float(), half_way

    def _through(self, layer: Any, hidden: Tensor, mask: Tensor, sizes: tuple[int, int, int]) -> Tensor:
        """One layer over all pieces (pieces, width), the text's first. `sizes`: its pieces, statements, pieces of each."""
        attention, after = layer.attention.self, layer.attention.output
        long, n, short = sizes
        narrow = hidden.shape[-1] // self.heads

        def split(each: Tensor) -> tuple[Tensor, Tensor]:
            by_head = each.view(-1, self.heads, narrow).transpose(0, 1)
            return by_head[:, :long], by_head[:, long:]

        query = split(attention.query(hidden) / math.sqrt(narrow))
        key, value = split(attention.key(hidden)), split(attention.value(hidden))
        by_statement = (self.heads, n, short, narrow)
        # (heads, pieces of statements, pieces): what they see of the text, and each of itself.
        to_text = query[1] @ key[0].transpose(1, 2)
        to_itself = query[1].reshape(by_statement) @ key[1].reshape(by_statement).transpose(2, 3)
        scores = torch.cat([to_text, (to_itself + mask.to(to_itself.dtype)).flatten(1, 2)], dim=2)
        shares = _shares(scores)
        of_itself = shares[:, :, long:].reshape(self.heads, n, short, short) @ value[1].reshape(by_statement)
        of_text = shares[:, :, :long] @ value[0]
        text = _shares(query[0] @ key[0].transpose(1, 2)) @ value[0]
        held = torch.cat([text, of_text + of_itself.flatten(1, 2)], dim=1).transpose(0, 1).reshape(hidden.shape)
        hidden = after.LayerNorm(after.dense(held) + hidden)
        wide = nn.functional.gelu(layer.intermediate.dense(hidden))
        found: Tensor = layer.output.LayerNorm(layer.output.dense(wide) + hidden)
        return found


def _shares(scores: Tensor) -> Tensor:
    # In training these are 16 bits; autocast would take the whole square of attention back to 32, at twice the time.
    with torch.autocast("cpu", enabled=False):
        return torch.softmax(scores, dim=-1)
