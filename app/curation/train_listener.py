"""`viva train-listener`: the network that hears what each word of a turn is. Seeded; minutes on two cores.

It stands on the states of the pair model in use: train it again after that. Learned are turns that were cut by their
writers, and answers to interview questions, of which every word is an answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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
TURNS_A_STEP = 8
RATE = 2e-3
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

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Example:
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


def train_listener(turns: Sequence[Labelled], read: Read, guess: LanguageGuess, file: Path, *, say: Say) -> SpanModel:
    """Trains on all turns and leaves the weights in `file`."""
    examples = [_example(turn, read, guess) for turn in turns]
    say(f"{len(examples)} turns read")
    arrays: dict[str, npt.NDArray[np.float16]] = {}
    for number, seed in enumerate(SEEDS):
        network = _trained(examples, seed)
        for name, weight in network.state_dict().items():
            arrays[f"{number}/{name}"] = weight.numpy().astype(np.float16)
        say(f"network {number + 1} of {len(SEEDS)} trained")
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return SpanModel.from_arrays(arrays)


def _example(turn: Labelled, read: Read, guess: LanguageGuess) -> _Example:
    heard = Listener(read, guess, SpanModel([])).hear(turn.text)
    ruled = listen(turn.text, round_slug=turn.round, guess=guess)
    features = features_of(turn.text, words_of(turn.text), ruled, own_round=turn.round == CANDIDATE_QUESTIONS)
    kinds = np.array([KINDS.index(kind) for kind in kinds_by_word(turn.text, turn.spans)], dtype=np.int64)
    return _Example(heard.states, features, kinds)


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


def logits_of(network: Any, states: Any, features: Any, *, dropout: float = 0.0) -> Any:
    """The same as `span_model` computes, in torch: (words, kinds) of one turn."""
    import torch
    from torch.nn.functional import dropout as dropped

    hidden = torch.relu(network["states"](dropped(states, dropout)) + network["features"](features)).T[None]
    for name in ("near", "next", "far"):
        hidden = hidden + torch.relu(network[name](dropped(hidden, dropout if name == "near" else 0.0)))
    rows = hidden[0].T
    whole = torch.cat([rows.mean(dim=0), rows.max(dim=0).values])
    return network["kinds"](dropped(torch.relu(rows + network["whole"](whole)), dropout))


def _trained(examples: Sequence[_Example], seed: int) -> Any:
    import torch
    from torch.nn.functional import cross_entropy

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = _network(examples[0].states.shape[1])
    with torch.no_grad():
        # Rows of unit length are small numbers: without this the rules' features would drown them at first.
        network["states"].weight.mul_(4.0)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    counts = np.bincount(np.concatenate([each.kinds for each in examples]), minlength=len(KINDS))
    weight = (counts.sum() / np.maximum(counts, 1)) ** RARE
    weights = torch.tensor(weight / weight.mean(), dtype=torch.float32)
    order = list(range(len(examples)))
    generator = random.Random(seed)  # noqa: S311 - an order, not a secret
    steps = PASSES * -(-len(order) // TURNS_A_STEP)
    step = 0
    for _ in range(PASSES):
        generator.shuffle(order)
        for first in range(0, len(order), TURNS_A_STEP):
            for group in optimiser.param_groups:
                group["lr"] = RATE * (1 - step / steps) + 1e-5
            losses = []
            for index in order[first : first + TURNS_A_STEP]:
                each = examples[index]
                logits = logits_of(network, torch.from_numpy(each.states), torch.from_numpy(each.features), dropout=0.3)
                loss = cross_entropy(logits, torch.from_numpy(each.kinds), weight=weights, label_smoothing=0.02)
                losses.append(loss * min(len(each.kinds), LONGEST) ** 0.5)
            whole: Any = torch.stack(losses).sum() / TURNS_A_STEP
            whole.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
    return network.eval()
