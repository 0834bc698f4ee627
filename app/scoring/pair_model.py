"""The pair model: a small cross-encoder that reads a criterion and an answer together, in 8 bits on onnxruntime.

Where likeness sees that two texts are about the same thing, this one was trained to see whether the one says the other.
`viva train-scorer` makes it; the card beside its weights says from what, how well, and where it fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Probabilities = npt.NDArray[np.float32]
"""(n, 3): absent, shown, contradicted; rows add up to 1."""

ABSENT, SHOWN, CONTRADICTED = range(3)
MAX_PIECES = 224
"""Of criterion and answer together; the answer is cut."""
_BATCH = 16


class PairModel:
    """Loaded on first use; not safe for several threads at once."""

    def __init__(self, *, threads: int = 1, folder: Path | None = None) -> None:
        """Takes the cores that onnxruntime may use, and another folder than the packaged one; loads nothing."""
        self._threads = threads
        self._folder: Traversable = folder or resources.files("app.scoring").joinpath("weights")
        self._session: InferenceSession | None = None
        self._tokenizer: Tokenizer | None = None

    def load(self) -> None:
        """Reads weights and word pieces from the package; does nothing the second time."""
        if self._session is not None:
            return
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # Spinning threads would take the cores from llama.cpp between two answers.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            self._folder.joinpath("pair_model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_str(self._folder.joinpath("tokenizer.json").read_text(encoding="utf-8"))
        tokenizer.enable_truncation(MAX_PIECES, strategy="only_second")
        tokenizer.no_padding()
        self._tokenizer = tokenizer

    def read(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """Probabilities for each (criterion, text)."""
        self.load()
        assert self._session is not None
        assert self._tokenizer is not None
        found = np.empty((len(pairs), 3), dtype=np.float32)
        encoded = self._tokenizer.encode_batch(list(pairs))
        # Pairs of one length go together: padding is read like words.
        order = sorted(range(len(pairs)), key=lambda index: len(encoded[index].ids))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            longest = len(encoded[batch[-1]].ids)
            ids = np.zeros((len(batch), longest), dtype=np.int64)
            kinds, mask = np.zeros_like(ids), np.zeros_like(ids)
            for row, index in enumerate(batch):
                one = encoded[index]
                ids[row, : len(one.ids)] = one.ids
                kinds[row, : len(one.ids)] = one.type_ids
                mask[row, : len(one.ids)] = 1
            (logits,) = self._session.run(None, {"input_ids": ids, "token_type_ids": kinds, "attention_mask": mask})
            raised = np.exp(logits - logits.max(axis=1, keepdims=True))
            found[batch] = raised / raised.sum(axis=1, keepdims=True)
        return found
