"""`viva train-listener`: the network that hears what each word of a turn is. Seeded; minutes on two cores.

It stands on the states of the pair model in use: train it again after that. Learned are turns that were cut by their
writers, lessons written to the same brief, answers to interview questions, of which every word is an answer, and turns joined of others
(`joined_turns`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.curation.joined_turns import joined
from app.curation.labelled_turns import Labelled, kinds_by_word
from app.curation.spoken import SpokenAnswers
from app.domain.language import LanguageGuess
from app.domain.sentences import sentences
from app.domain.transcript import Span, SpanKind
from app.interviewing.listener import Listener, Read
from app.interviewing.span_model import FEATURES, KINDS, Array, SpanModel, features_of, words_of
from app.interviewing.turn_rules import CANDIDATE_QUESTIONS, listen

SEEDS = (1, 2, 3)
PASSES = 12
TURNS_A_STEP = 12
RATE = 2e-3
JOINED_TURNS, JOINED_LESSONS = 750, 450
BESIDE = 2 / 3
"""Of all that stands beside the turns, as much is learned in each pass, drawn anew."""
STEPS_APART = 6
"""Turns of like length are padded together, of so many steps at a time."""
WIDTH = 64
TAPS = 5
ANSWERS = 250
"""Of the spoken answers, as many as are learned beside the turns; as many again are cut to a few sentences and begin hesitantly."""
LEAD_INS = (
    "I'm not sure, but I think", "Not sure this is right, but", "I don't know the exact number, but", "I might be wrong here,",
    "If I remember correctly,", "I'm guessing, but", "No idea what it's called, but", "Honestly I'd have to look it up, but",
    "Hm, let me think aloud.", "Good question.", "Sorry, I'm a bit nervous.", "I forgot the name, but", "I haven't done it myself, but",
    "Don't quote me on this,", "I can't recall the formula, though", "I never got this completely, but", "Okay, give me a try.",
    "I'm not an expert in that, still", "I'm stuck on the name, but the idea is this:", "Let me start somewhere.",
    "I'm not sure I understand all of it, but", "Not certain, I'd say", "Just guessing now:", "I'd ask the team first, but",
)  # fmt: skip
"""Said by people who then answer: all of it is an answer."""
RARE = 0.4
"""A kind counts by its share of all words to the power of minus this."""
LONGEST = 40
"""A turn counts by the root of its words, up to so many."""
CUT = 60
"""Of what is one kind throughout, a stretch of so many words at most is learned at a time."""
DROPOUT = 0.3
PADDING = -100
"""The kind of no word."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A turn as it is learned: words by d, words by features, words."""

    states: Array
    features: Array
    kinds: npt.NDArray[np.int64]


def answers_to_learn(spoken: Sequence[SpokenAnswers], seed: int = 0) -> list[Labelled]:
    """A draw of spoken answers as turns that are answers throughout."""
    every = [(each.question, answer) for each in spoken for answer in each.answers]
    generator = random.Random(seed)  # noqa: S311 - a draw, not a secret
    drawn = generator.sample(every, min(ANSWERS, len(every)))
    found = []
    for number, (question, answer) in enumerate(drawn):
        text = answer.text.strip()
        spans = (Span(SpanKind.ANSWER, 0, len(text)),)
        found.append(Labelled(f"answer-{number}", question.partition("/")[0], text, spans))
    return [*found, *(_hesitant(each, generator) for each in found)]


def _hesitant(turn: Labelled, generator: random.Random) -> Labelled:
    """The same with a lead-in, and cut to one to three of its sentences."""
    parts = [part.text for part in sentences(turn.text)]
    first = generator.randrange(len(parts))
    words = f"{generator.choice(LEAD_INS)} {' '.join(parts[first : first + generator.randint(1, 3)])}"
    return Labelled(f"{turn.id}-hesitant", turn.round, words, (Span(SpanKind.ANSWER, 0, len(words)),))


def train_listener(
    turns: Sequence[Labelled], lessons: Sequence[Labelled], read: Read, guess: LanguageGuess, file: Path, *, say: Say
) -> SpanModel:
    """Trains on the turns, and on part of the rest in each pass, and leaves the weights in `file`."""
    own = [_example(turn, read, guess) for turn in turns]
    beside = [
        _example(turn, read, guess)
        for turn in (*lessons, *joined(turns, JOINED_TURNS, seed=9), *joined(lessons, JOINED_LESSONS, seed=8))
    ]
    weights = _weights([*own, *beside[: len(lessons)]])
    say(f"{len(own) + len(beside)} turns read")
    arrays: dict[str, npt.NDArray[np.float16]] = {}
    for number, seed in enumerate(SEEDS):
        network, generator = _network_of(seed, own[0].states.shape[1]), random.Random(seed)  # noqa: S311 - an order
        share = round(BESIDE * len(beside))
        _learn(network, [[*own, *generator.sample(beside, share)] for _ in range(PASSES)], weights, generator)
        for name, weight in network.state_dict().items():
            arrays[f"{number}/{name}"] = weight.numpy().astype(np.float16)
        say(f"network {number + 1} of {len(SEEDS)} trained")
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return SpanModel.from_arrays(arrays)


def _example(turn: Labelled, read: Read, guess: LanguageGuess) -> Example:
    heard = Listener(read, guess, SpanModel([])).hear(turn.text)
    ruled = listen(turn.text, round_slug=turn.round, guess=guess)
    features = features_of(turn.text, words_of(turn.text), ruled, own_round=turn.round == CANDIDATE_QUESTIONS)
    kinds = np.array([KINDS.index(kind) for kind in kinds_by_word(turn.text, turn.spans)], dtype=np.int64)
    return Example(heard.states, features, kinds)


def _weights(examples: Sequence[Example]) -> Array:
    """What a word of each kind counts."""
    counts = np.bincount(np.concatenate([each.kinds for each in examples]), minlength=len(KINDS))
    weight = (counts.sum() / np.maximum(counts, 1)) ** RARE
    found: Array = (weight / weight.mean()).astype(np.float32)
    return found


def _network(width: int) -> Any:
    from torch import nn

    return nn.ModuleDict(
        {
            "states": nn.Linear(width, WIDTH),
            "features": nn.Linear(FEATURES, WIDTH),
            "near": nn.Conv1d(WIDTH, WIDTH, TAPS, padding=TAPS // 2),
            "next": nn.Conv1d(WIDTH, WIDTH, TAPS, padding=TAPS // 2),
            "far": nn.Conv1d(WIDTH, WIDTH, TAPS, padding=2 * (TAPS // 2), dilation=2),
            "whole": nn.Linear(2 * WIDTH, WIDTH),
            "kinds": nn.Linear(WIDTH, len(KINDS)),
        }
    )


def _network_of(seed: int, width: int) -> Any:
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = _network(width)
    with torch.no_grad():
        # Rows of unit length are small numbers: without this the rules' features would drown them at first.
        network["states"].weight.mul_(4.0)
    return network


def logits_of(network: Any, states: Any, features: Any, there: Any, *, dropout: float = 0.0) -> Any:
    """The same as `span_model` computes, in torch: (turns, words, kinds) of turns padded to one length.

    Of (turns, words, d), (turns, words, f) and (turns, words, 1), which is 1 for a word and 0 for padding.
    """
    import torch
    from torch.nn.functional import dropout as dropped

    hidden = torch.relu(network["states"](dropped(states, dropout)) + network["features"](features)) * there
    for name in ("near", "next", "far"):
        across = dropped(hidden, dropout if name == "near" else 0.0).transpose(1, 2)
        hidden = hidden + torch.relu(network[name](across)).transpose(1, 2) * there
    means = hidden.sum(dim=1) / there.sum(dim=1)
    # What a relu leaves is never below zero, so that padding is never the greatest.
    context = network["whole"](torch.cat([means, hidden.max(dim=1).values], dim=1))
    return network["kinds"](dropped(torch.relu(hidden + context[:, None]), dropout))


def _learn(network: Any, passes: Sequence[Sequence[Example]], weights: Array, generator: random.Random) -> None:
    """Goes over what is to be learned in each pass, more and more slowly."""
    import torch
    from torch.nn.functional import cross_entropy

    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    by_kind = torch.from_numpy(weights)
    steps = [step for examples in passes for step in _steps(examples, generator)]
    network.train()
    for number, step in enumerate(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - number / len(steps)) + 1e-5
        states, features, kinds, there = padded(step)
        logits = logits_of(network, states, features, there, dropout=DROPOUT)
        by_word = cross_entropy(
            logits.transpose(1, 2), kinds, weight=by_kind, label_smoothing=0.02, ignore_index=PADDING, reduction="none"
        )
        lengths = there[:, :, 0].sum(dim=1)
        by_turn = by_word.sum(dim=1) / (by_kind[kinds.clamp(min=0)] * there[:, :, 0]).sum(dim=1)
        whole: Any = (by_turn * lengths.clamp(max=LONGEST).sqrt()).sum() / TURNS_A_STEP
        whole.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
    network.eval()


def _steps(examples: Sequence[Example], generator: random.Random) -> list[list[Example]]:
    """The examples in steps, turns of like length together, in any order."""
    together = TURNS_A_STEP * STEPS_APART
    order = [_cut(each, generator) for each in examples]
    generator.shuffle(order)
    found: list[list[Example]] = []
    for first in range(0, len(order), together):
        some = sorted(order[first : first + together], key=lambda each: len(each.kinds))
        found += [some[at : at + TURNS_A_STEP] for at in range(0, len(some), TURNS_A_STEP)]
    generator.shuffle(found)
    return found


def _cut(example: Example, generator: random.Random) -> Example:
    """A stretch of what is long and of one kind."""
    length = len(example.kinds)
    if length <= CUT or (example.kinds != example.kinds[0]).any():
        return example
    words = generator.randint(CUT // 3, CUT)
    first = generator.randint(0, length - words)
    part = slice(first, first + words)
    return Example(example.states[part], example.features[part], example.kinds[part])


def padded(step: Sequence[Example]) -> tuple[Any, Any, Any, Any]:
    """States, features, kinds and which words there are, each (turns, words, ...)."""
    import torch
    from torch.nn.utils.rnn import pad_sequence

    def same(rows: Sequence[npt.NDArray[Any]], value: float) -> Any:
        return pad_sequence([torch.from_numpy(each) for each in rows], batch_first=True, padding_value=value)

    kinds = same([each.kinds for each in step], PADDING)
    there = (kinds != PADDING).to(torch.float32)[:, :, None]
    return same([each.states for each in step], 0.0), same([each.features for each in step], 0.0), kinds, there
