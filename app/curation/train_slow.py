"""`viva train-scorer --slow`: how the embedded model's yes or no is joined with the compact scorer's probability. Seeded.

Fitted on what the pair model did not learn: a draw of spoken answers and exemplars of the corpus's joining questions, and
of REALSumm's training documents left out. Each mark is a call of about a second.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.curation.join_interview import JOIN_SEED
from app.curation.lessons import LABELS, SPOKEN, Fact, exemplars, split_of
from app.curation.logistic import Logistic, figures_of
from app.curation.spoken import SpokenAnswers, turn_of
from app.material.corpus import Corpus
from app.scoring.assess import REACH
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import Examples, FreeScorer
from app.scoring.joined import joined_weights, probabilities
from app.scoring.pair_model import SHOWN
from app.scoring.slow_voice import SlowVoice
from app.scoring.stretches import stretches_of, units_of

MARKS = 200
"""Asked about of interviews, and as many of facts."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A statement about a text, what the compact scorer makes of it, and what is true."""

    question: str
    says: str
    text: str
    p: float
    shown: bool
    group: str


async def join_slow(
    corpus: Corpus,
    facts: Sequence[Fact],
    spoken: Sequence[SpokenAnswers],
    compact: CompactScorer,
    free: FreeScorer,
    voice: SlowVoice,
    say: Say,
) -> dict[str, Any]:
    """Weights of `slow.json`, and figures by folds of whole questions or documents.

    Raises:
        RuntimeError: the model failed in the midst: nothing is fitted on a part.
    """
    generator = random.Random(JOIN_SEED)  # noqa: S311 - a draw, not a secret
    drawn = {
        "interview": await _of_interviews(corpus, spoken, compact, generator),
        "statement": _of_facts(generator.sample(list(facts), min(MARKS, len(facts))), free),
    }
    made: dict[str, Any] = {"weights": {}, "figures": {}}
    tables, truths = [], []
    for name, every in drawn.items():
        # Those about one text stand together: what they share is read once.
        doubts = sorted(every, key=lambda each: (each.text, each.says))
        slow = await _ask(voice, doubts, name, say)
        table = np.array([[np.log(each.p / (1 - each.p)), odds] for each, odds in zip(doubts, slow, strict=True)])
        truth = np.array([each.shown for each in doubts])
        by = np.array([each.group for each in doubts])
        groups = sorted(set(by))
        random.Random(JOIN_SEED).shuffle(groups)  # noqa: S311 - folds, not secrets
        held = np.zeros(len(table))
        for fold in range(5):
            test = np.isin(by, groups[fold::5])
            held[test] = Logistic.fit(table[~test], truth[~test]).log_odds(table[test])
        made["weights"][name] = Logistic.fit(table, truth).named(("compact", "slow"))
        for voice_name, odds in (("compact", table[:, 0]), ("slow", table[:, 1]), ("joined", held)):
            made["figures"][f"{name}, {voice_name}"] = figures_of(truth, odds)
        tables.append(table)
        truths.append(truth)
    alone = Logistic.fit(np.concatenate(tables)[:, 1:], np.concatenate(truths)).named(("slow",))
    made["weights"]["alone"] = {"compact": 0.0, **alone}
    return made


async def _of_interviews(
    corpus: Corpus, spoken: Sequence[SpokenAnswers], compact: CompactScorer, generator: random.Random
) -> list[Doubt]:
    """Marks that are in doubt, of texts drawn until there are enough."""
    ids = split_of(corpus).joined
    texts = [
        (question, exemplar.text, {one.id: LABELS[exemplar.marks[one.id]] for one in criteria})
        for question, exemplar, criteria in exemplars(corpus, ids)
    ]
    texts += [
        (each.question, answer.text, {name: SPOKEN[mark] for name, mark in answer.marks.items()})
        for each in spoken
        if each.question in ids
        for answer in each.answers
    ]
    generator.shuffle(texts)
    found: list[Doubt] = []
    for question, text, marks in texts:
        if len(found) >= MARKS:
            break
        asked = corpus.entry(question)
        for stretch in stretches_of(units_of([turn_of(question, text)], question))[:1]:
            for look in await compact.look(question, stretch):
                p, _ = probabilities(look.values, joined_weights())
                if look.criterion.id in marks and not look.given_back and REACH[0] <= p <= REACH[1]:
                    shown = marks[look.criterion.id] == SHOWN
                    said = str(getattr(asked, "ask", "") or getattr(asked, "opening", ""))
                    found.append(Doubt(said, look.criterion.says, " ".join(text.split()), p, shown, question))
    return found


def _of_facts(facts: Sequence[Fact], free: FreeScorer) -> list[Doubt]:
    found = []
    for fact in facts:
        (reading,) = free.read([(fact.says, Examples())], fact.text)
        p = min(max(reading.p, 1e-4), 1 - 1e-4)
        found.append(Doubt("", fact.says, fact.text, p, fact.met, fact.document))
    return found


async def _ask(voice: SlowVoice, doubts: Sequence[Doubt], name: str, say: Say) -> list[float]:
    found: list[float] = []
    for each in doubts:
        voiced = await voice.hold(each.question, [each.says], each.text)
        odds = voiced.log_odds[0]
        if odds is None:
            raise RuntimeError(voiced.failure)
        found.append(odds)
        if len(found) % 50 == 0:
            say(f"{name}: {len(found)} of {len(doubts)} asked")
    return found
