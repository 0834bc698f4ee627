"""Teaches the pair model's other upper half single sentences: what is authored, held against statements, examples and denials. Seeded.

Whole answers teach a network to find a claim among others; whether one confident sentence says a thing or its contrary they hardly
teach it (decision 0038). The lower half stays as it is packaged, in 8 bits, so that this half learns from what it will be given.
"""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.curation.lessons import Claim, Lesson, negated
from app.curation.train_pairs import Example, Say, batches, export_half, in_pieces, sample_of, tensors_of
from app.domain.errors import TrainingDataMissing
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.scoring.pair_model import ABSENT, CONTRADICTED, HOLDING, READING, SENTENCES, SHOWN, Pieces

if TYPE_CHECKING:
    from torch import Tensor

    from app.curation.reading_network import ReadingNetwork

TORCH_SEED, LESSON_SEED = 1, 11
RATE, WARM_STEPS = 1e-4, 150
PASSES = 1
BESIDE_WEIGHT, ELSEWHERE_WEIGHT, NEGATED_WEIGHT = 0.6, 0.7, 0.4
"""Of an example or denial as the statement, of another criterion, and of a sentence negated by a rule: not each is what it is taken for."""


def lessons_of(corpus: Corpus, ids: frozenset[str], generator: random.Random) -> Iterator[Lesson]:
    """Each authored sentence of the questions `ids` against its criterion, an example and a denial of it, and another criterion.

    What shows a criterion contradicts its denials, and what denies it contradicts its examples. Some texts have two sentences, of which
    one settles it.
    """
    for entry in corpus.asked():
        if entry.id in ids:
            criteria = [
                each.criterion for each in corpus.rubric(entry.id).criteria if each.criterion.evidence == "words"
            ]
            for criterion in criteria:
                yield from _of_one(criterion, [each for each in criteria if each is not criterion], generator)


def _of_one(criterion: Criterion, others: Sequence[Criterion], generator: random.Random) -> Iterator[Lesson]:
    shown = (*criterion.shown_by, *criterion.also_shown_by)

    def lesson(text: str, label: int, weight: float = 1.0) -> Lesson:
        claims = [Claim(criterion.says, label, weight)]
        for texts, its_label in ((shown, label), (criterion.denied_by if label == SHOWN else (), CONTRADICTED)):
            left = [each for each in texts if each != text]
            if left:
                claims.append(Claim(generator.choice(left), its_label, BESIDE_WEIGHT * weight))
        if others:
            claims.append(Claim(generator.choice(others).says, ABSENT, ELSEWHERE_WEIGHT))
        return Lesson(text, tuple(claims))

    yield from (lesson(text, SHOWN) for text in shown)
    yield from (lesson(each.says, ABSENT) for each in criterion.not_shown_by)
    yield from (lesson(text, CONTRADICTED) for text in criterion.denied_by)
    contrary = negated(generator.choice(criterion.shown_by))
    if contrary:
        yield lesson(contrary, CONTRADICTED, NEGATED_WEIGHT)
    if others:
        other = generator.choice(others)
        for texts, label in ((shown, SHOWN), (criterion.denied_by, CONTRADICTED)):
            two = [generator.choice(texts), generator.choice(other.shown_by)]
            generator.shuffle(two)
            yield Lesson(" ".join(two), (Claim(criterion.says, label), Claim(other.says, SHOWN)))


def train_sentences(corpus: Corpus, ids: frozenset[str], folder: Path, *, threads: int, say: Say) -> None:
    """Leaves `pair_sentences.onnx` beside the pair model in `folder`.

    Raises:
        TrainingDataMissing: the package that reads and writes ONNX is not installed.
    """
    if importlib.util.find_spec("onnx") is None:
        raise TrainingDataMissing("The package onnx", "Install the extra: pip install 'viva-interviewer[train]'.")
    import torch
    from tokenizers import Tokenizer

    from app.curation.reading_network import HoldingSentence, Reading, SentenceHalf, parts_of

    torch.manual_seed(TORCH_SEED)
    torch.set_num_threads(threads)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces = Pieces(tokenizer)
    network = kept_network(folder).requires_grad_(requires_grad=False)
    half = SentenceHalf(network).requires_grad_().train()
    generator = random.Random(LESSON_SEED)  # noqa: S311 - a draw, not a secret
    passes = [in_pieces(list(lessons_of(corpus, ids, generator)), pieces) for _ in range(PASSES)]
    plan = [
        [examples[place] for place in batch]
        for number, examples in enumerate(passes)
        for batch in batches(_lengths(examples), number, np.arange(len(examples)))
    ]
    weights = list(half.parameters())
    optimiser = torch.optim.AdamW(
        [
            {"params": [weight for weight in weights if weight.ndim > 1], "weight_decay": 0.01},
            {"params": [weight for weight in weights if weight.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=RATE,
    )
    began, losses = time.perf_counter(), []
    for step, batch in enumerate(plan):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, step / WARM_STEPS) * (1 - step / len(plan))
        inputs = tensors_of(batch)
        parts = parts_of(inputs)
        with torch.no_grad():
            half_way = network.read(inputs, parts)
        loss = loss_of(half.held(half_way, parts), batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        if step % 100 == 99:
            left = (time.perf_counter() - began) / (step + 1) * (len(plan) - step - 1) / 60
            say(f"sentences: step {step + 1} of {len(plan)}, loss {np.mean(losses[-100:]):.3f}, {left:.0f} min left")
    sample = sample_of(tokenizer)
    hidden = {"hidden": Reading(network)(*sample.values()).detach(), **sample}
    export_half(HoldingSentence(half.eval()), hidden, {"logits": {0: "statements"}}, folder / SENTENCES)


def loss_of(logits: Tensor, batch: Sequence[Example]) -> Any:
    """The loss over some lessons, a scalar tensor, from logits (statements of all, 3)."""
    import torch

    labels = torch.tensor([label for one in batch for label in one.labels])
    weights = torch.tensor([weight for one in batch for weight in one.weights])
    each = torch.nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=0.03)
    return (each * weights).sum() / weights.sum()


def _lengths(examples: Sequence[Example]) -> Any:
    return np.array([each.inputs["text_ids"].size + each.inputs["statement_ids"].size for each in examples])


def kept_network(folder: Path) -> ReadingNetwork:
    """The network of a folder's weights, out of their 8 bits."""
    import onnx
    import torch
    from onnx import numpy_helper
    from transformers import BertConfig, BertModel

    from app.curation.reading_network import ReadingNetwork

    kept: dict[str, Any] = {}
    for name in (READING, HOLDING):
        for each in onnx.load(str(folder / name)).graph.initializer:
            kept[each.name.removeprefix("network.")] = numpy_helper.to_array(each)
    words, width = kept["bert.embeddings.word_embeddings.weight_quantized"].shape
    layers = 1 + max(int(name.split(".")[3]) for name in kept if name.startswith("bert.encoder.layer."))
    config = BertConfig(
        vocab_size=words,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // 32,
        intermediate_size=kept["bert.encoder.layer.0.intermediate.dense.bias"].size,
        max_position_embeddings=len(kept["bert.embeddings.position_embeddings.weight_quantized"]),
    )
    network = ReadingNetwork(BertModel(config, add_pooling_layer=False))
    state = network.state_dict()
    for name, known in state.items():
        if name in kept:
            found = kept[name]
        else:
            found = kept[f"{name}_quantized"].astype(np.float32) - kept[f"{name}_zero_point"].astype(np.float32)
            found *= kept[f"{name}_scale"]
            # Matrices are kept as they are multiplied from the right; tables of vectors are not.
            found = found if "embeddings" in name else found.T
        state[name] = torch.tensor(found, dtype=known.dtype)
    network.load_state_dict(state)
    return network
