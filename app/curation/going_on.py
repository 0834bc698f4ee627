"""How the pair model learns what has come to the corpus, from where it stands: its upper half alone, in two short passes.

Its lower half stays to the bit what it was: the listener stands on its states (`PairModel.states`), and need not be trained again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from app.curation.lessons import (
    SPOKEN,
    Claim,
    Fact,
    Lesson,
    authored,
    said_aloud,
    split_of,
    together,
)
from app.curation.spoken import SpokenAnswers
from app.domain.sentences import sentences
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN

if TYPE_CHECKING:
    from onnx import ModelProto

    from app.curation.reading_network import ReadingNetwork

SEED = 19
SPOKEN_AGAIN = 0.4
"""Share of the lessons of spoken answers that are gone over again, half of them in each pass, so that they are not forgotten."""
FACTS_AGAIN = 250
TALK_AGAINST = 10
"""Criteria that each text of small talk is held against."""
TALK_WEIGHT = 0.7
SENTENCES_BESIDE = 3
"""Of a silent answer, around a sentence that settles a criterion: at most so many."""


def lessons_to_go_on(
    corpus: Corpus,
    facts: Sequence[Fact],
    kept: Sequence[Fact],
    spoken: Sequence[SpokenAnswers],
    small_talk: Sequence[str],
) -> list[Lesson]:
    """All that is authored, alone and among a few sentences of an answer; part of the rest. Never the facts `kept`."""
    generator = random.Random(SEED)  # noqa: S311 - a draw, not a secret
    learned = split_of(corpus).learned
    aloud = list(together(said_aloud(corpus, spoken, learned, generator)))
    again = generator.sample(aloud, round(SPOKEN_AGAIN * len(aloud)))
    documents = {fact.document for fact in kept}
    news = [
        Lesson(fact.text, (Claim(fact.says, SHOWN if fact.met else ABSENT),))
        for fact in facts
        if fact.document not in documents
    ]
    generator.shuffle(news)
    criteria = [
        entry.criterion
        for each in corpus.asked()
        if each.id in learned
        for entry in corpus.rubric(each.id).criteria
        if entry.criterion.evidence == "words"
    ]
    found = [
        *authored(corpus, learned, generator),
        *windows(corpus, learned, spoken, generator),
        *(
            Lesson(
                text, tuple(Claim(each.says, ABSENT, TALK_WEIGHT) for each in generator.sample(criteria, TALK_AGAINST))
            )
            for text in small_talk
        ),
    ]
    once = [Lesson(each.text, each.claims, once=True) for each in (*again, *together(news[:FACTS_AGAIN]))]
    return [*together(found), *once]


def windows(
    corpus: Corpus, ids: frozenset[str], spoken: Sequence[SpokenAnswers], generator: random.Random
) -> Iterator[Lesson]:
    """Of each criterion an example, a denial, and what does not earn it, each among sentences of an answer silent on it."""
    for each in spoken:
        if each.question not in ids:
            continue
        criteria = [entry.criterion for entry in corpus.rubric(each.question).criteria]
        for criterion in criteria:
            silent = [answer for answer in each.answers if answer.marks.get(criterion.id) == SPOKEN_ABSENT]
            if silent and criterion.evidence == "words":
                for label, said in _settling(criterion, criteria, generator):
                    yield _among(said, generator.choice(silent).text, criterion.says, label, generator)


SPOKEN_ABSENT = next(name for name, label in SPOKEN.items() if label == ABSENT)


def _settling(
    criterion: Criterion, criteria: Sequence[Criterion], generator: random.Random
) -> Iterator[tuple[int, str]]:
    yield SHOWN, generator.choice((*criterion.shown_by, *criterion.also_shown_by))
    yield CONTRADICTED, generator.choice(criterion.denied_by)
    others = [text for each in criteria if each.id != criterion.id for text in (*each.shown_by, *each.denied_by)]
    yield (
        ABSENT,
        generator.choice(
            [*(each.says for each in criterion.not_shown_by), *generator.sample(others, min(2, len(others)))]
        ),
    )


def _among(said: str, answer: str, statement: str, label: int, generator: random.Random) -> Lesson:
    parts = [part.text for part in sentences(answer)]
    count = generator.randint(1, min(SENTENCES_BESIDE, len(parts)))
    first = generator.randint(0, len(parts) - count)
    at = first + generator.randint(0, count)
    text = " ".join([*parts[first:at], said, *parts[at : first + count]])
    return Lesson(text, (Claim(statement, label, settled_by="" if label == ABSENT else said),))


def of_packaged(network: ReadingNetwork, packaged: Path) -> ModelProto:
    """Puts the weights of a packaged `pair_model.onnx` into the network, out of their 8 bits; returns the file as read."""
    import onnx
    import torch

    model = onnx.load(str(packaged))
    network.load_state_dict({name: torch.from_numpy(each) for name, each in weights_of(model).items()})
    return model


def weights_of(model: ModelProto) -> Mapping[str, npt.NDArray[np.float32]]:
    """By their names in the network. Matrices of 8 bits stand the other way round in the file, one scale to a column."""
    from onnx import numpy_helper

    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name, each in stored.items():
        if name.endswith(_WHOLE):
            of = name.removesuffix(_WHOLE)
            value = (each.astype(np.float32) - stored[f"{of}_zero_point"]) * stored[f"{of}_scale"]
            found[of] = np.ascontiguousarray(value if stored[f"{of}_scale"].ndim == 0 else value.T, dtype=np.float32)
        elif name.endswith((".weight", ".bias")):
            found[name] = each.astype(np.float32)
    return found


_WHOLE = "_quantized"


def frozen(network: ReadingNetwork) -> list[str]:
    """Stops all below the network's half from learning; returns how the names of those weights begin."""
    below = len(network.bert.encoder.layer) // 2
    network.bert.embeddings.requires_grad_(requires_grad=False)
    for layer in network.bert.encoder.layer[:below]:
        layer.requires_grad_(requires_grad=False)
    return ["bert.embeddings.", *(f"bert.encoder.layer.{number}." for number in range(below))]


def keep(names: Sequence[str], before: ModelProto, after: Any) -> None:
    """Takes the weights whose names begin so over from the file of before: a second rounding would move some of them."""
    old = {each.name: each for each in before.graph.initializer}
    for each in after.graph.initializer:
        if each.name.startswith(tuple(names)):
            each.CopyFrom(old[each.name])
