"""Joins the voices on an interview's answers: fits `joined.json` on answers that the pair model did not learn."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from app.curation.alone import sentences_alone
from app.curation.lessons import LABELS, SPOKEN, exemplars, share_no_topic, split_of
from app.curation.logistic import Softmax, figures_of
from app.curation.spoken import SpokenAnswers, turn_of
from app.curation.train_relevance import Whole, fit_relevance, fit_story, next_door, stories
from app.curation.train_settling import claims, fit_settling, placed
from app.material.corpus import Corpus
from app.scoring.criterion_model import CompactScorer
from app.scoring.features import FEATURES, FEATURES_AT_ONCE
from app.scoring.joined import joined_weights
from app.scoring.looks import Look
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN
from app.scoring.stretches import stretches_of, units_of

JOIN_SEED = 20261121
SMALL_TALK_BESIDE = 12
"""Questions that each text of small talk is held against."""
SMALL_TALK_WEIGHT = 0.5
"""Of marks on such a text."""
ELSEWHERE_WEIGHT = 0.25
"""Of marks on an answer that earns nothing, as all do to another question: they are rare, and must not set the bar for all others."""
ALONE_WEIGHT = 0.3
"""Of marks on a single sentence: written by the hand that wrote what it is compared with, as no answer is. **Chosen** by folds: more
of them cost denials in spoken answers (decisions 0037, 0038)."""
OF_ANOTHER_WEIGHT = 0.3
"""Of that, what a mark counts for a criterion that the sentence was not written for, of which one in some twenty is shown too."""
FOLDS = 5
STATES = {"shown": SHOWN, "contradicted": CONTRADICTED}
"""In the order of their labels, ABSENT before them."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class JoinedMark:
    """What an interview's answer does with a criterion, and what the scorer sees of it."""

    kind: str
    question: str
    """All of one are in one fold."""
    values: Mapping[str, float]
    label: int
    """ABSENT, SHOWN or CONTRADICTED."""
    weight: float
    alone: bool = False
    """The answer is a single authored sentence."""


@dataclass(frozen=True, slots=True)
class _Text:
    question: str
    text: str
    marks: Mapping[str, int]
    is_spoken: bool
    astray: bool = False
    """It does not answer the question, or any."""
    weight: float = ELSEWHERE_WEIGHT
    """Of its marks, where it earns nothing."""


async def join_interview(
    corpus: Corpus, spoken: Sequence[SpokenAnswers], scorer: CompactScorer, say: Say
) -> dict[str, Any]:
    """Fits what marks an interview's answers, on exemplars, spoken answers and single sentences that the pair model did not learn.

    `scorer` reads closely. Figures are by folds of whole questions; *spoken, earning* leaves out answers that earn nothing, as all
    do that are held against a question elsewhere.
    """
    ids = split_of(corpus).joined
    settles, found = fit_settling(await placed(scorer, list(claims(spoken, ids))))
    say(f"settling sentences: {found['closely, shows']['found']} of {found['closely, shows']['n']} found by folds")
    scorer = scorer.weighing({**joined_weights(closely=True), **settles["closely"]})
    generator = random.Random(JOIN_SEED)  # noqa: S311 - a draw, not a secret
    marks: list[JoinedMark] = []
    whole: list[Whole] = []
    for each in _texts(corpus, spoken, ids, generator):
        looks = await _looks(scorer, each.question, each.text)
        earns = set(each.marks.values()) != {ABSENT}
        if each.astray or (each.is_spoken and earns):
            whole.append(Whole.of(each.question, looks, relevant=not each.astray))
        kind = f"{'spoken' if each.is_spoken else 'exemplars'}{', earning' if earns else ''}"
        weight = 1.0 if earns else each.weight
        marks += [
            JoinedMark(kind, each.question, look.values, each.marks[look.criterion.id], weight)
            for look in looks
            if look.criterion.id in each.marks
        ]
    say(f"{len(marks)} marks of answers read")
    for question, text, relevant in next_door(spoken, ids, scorer.neighbours, generator):
        whole.append(Whole.of(question, await _looks(scorer, question, text), relevant=relevant))
    say(f"{len(whole)} texts read as a whole")
    for alone in await sentences_alone(corpus, sorted(ids), scorer.halves, scorer.encode, generator):
        kind = f"alone, {alone.part}{' of another' if alone.of_another else ''}"
        weight = OF_ANOTHER_WEIGHT if alone.of_another else 1.0
        marks.append(JoinedMark(kind, alone.question, alone.values, alone.label, weight, alone=True))
    say(f"{len(marks)} marks, those of single sentences among them")
    made = fitted(marks, whole, await join_stories(spoken, scorer))
    for manner, weights in settles.items():
        made["weights"][manner].update(weights)
    made["figures"]["settling"] = found
    return made


def _texts(
    corpus: Corpus, spoken: Sequence[SpokenAnswers], ids: frozenset[str], generator: random.Random
) -> list[_Text]:
    """Exemplars and spoken answers; half of them at another question too; and small talk."""
    found = [
        _Text(question, exemplar.text, {one.id: LABELS[exemplar.marks[one.id]] for one in criteria}, is_spoken=False)
        for question, exemplar, criteria in exemplars(corpus, ids)
    ]
    found += [
        _Text(each.question, answer.text, {name: SPOKEN[mark] for name, mark in answer.marks.items()}, is_spoken=True)
        for each in spoken
        if each.question in ids
        for answer in each.answers
    ]
    asked = sorted({each.question for each in found})
    nothing = {other: {entry.criterion.id: ABSENT for entry in corpus.rubric(other).criteria} for other in asked}
    for each in found[::2]:
        other = generator.choice([other for other in asked if share_no_topic(corpus, other, each.question)])
        found.append(_Text(other, each.text, nothing[other], each.is_spoken, astray=True))
    # Talk about something else altogether: where nothing is like anything, a sum of voices must not lean to credit.
    for text in sorted(set(small_talk())):
        for other in generator.sample(asked, SMALL_TALK_BESIDE):
            found.append(_Text(other, text, nothing[other], is_spoken=True, astray=True, weight=SMALL_TALK_WEIGHT))
    return found


def fitted(
    marks: Sequence[JoinedMark], whole: Sequence[Whole], story: tuple[dict[str, float], dict[str, float]]
) -> dict[str, Any]:
    """Weights for a close reading and for one at once, and figures by folds of whole questions."""
    by, kinds = (np.array([getattr(mark, name) for mark in marks]) for name in ("question", "kind"))
    known = np.array([mark.label for mark in marks])
    counts = np.array([mark.weight * (ALONE_WEIGHT if mark.alone else 1.0) for mark in marks])
    names = sorted(set(by))
    random.Random(JOIN_SEED).shuffle(names)  # noqa: S311 - folds, not secrets
    made: dict[str, Any] = {"weights": {}, "figures": {}}
    for manner, features in (("closely", FEATURES), ("at_once", FEATURES_AT_ONCE)):
        weights, figures = made["weights"].setdefault(manner, {}), made["figures"].setdefault(manner, {})
        values = np.array([[mark.values[name] for name in features] for mark in marks])
        held = np.zeros((len(values), len(STATES)))
        for fold in range(FOLDS):
            test = np.isin(by, names[fold::FOLDS])
            held[test] = Softmax.fit(values[~test], known[~test], counts[~test]).log_odds(values[test])
        model = Softmax.fit(values, known, counts)
        for at, (state, label) in enumerate(STATES.items()):
            weights[state] = model.named(at, features)
            for kind in ("spoken", "spoken, earning", "exemplars", "alone"):
                some = np.char.startswith(kinds, kind)
                figures[f"{state}, {kind}"] = figures_of(known[some] == label, held[some, at])
            figures[f"{state}, alone, by what the sentence was written as"] = {
                kind.removeprefix("alone, "): round(float((held[kinds == kind, at] >= 0).mean()), 3)
                for kind in sorted({mark.kind for mark in marks if mark.alone})
            }
        weights["relevant"], figures["relevant"] = fit_relevance(whole, weights, names)
        weights["story"], figures["story"] = story
    return made


async def join_stories(
    spoken: Sequence[SpokenAnswers], scorer: CompactScorer
) -> tuple[dict[str, float], dict[str, float]]:
    """Fits whether what was told may answer a question about oneself; the network is not asked, and has learned none of it."""
    generator = random.Random(JOIN_SEED)  # noqa: S311 - a draw, not a secret
    told = []
    for question, text, is_one in stories(spoken, small_talk(), generator):
        units = units_of([turn_of(question, text)], question)
        if units:
            told.append((question, await scorer.likeness(question, units), is_one))
    return fit_story(told)


async def _looks(scorer: CompactScorer, question: str, text: str) -> list[Look]:
    """Of each criterion of words, what is made of the stretch that speaks most for it."""
    stretches = stretches_of(units_of([turn_of(question, text)], question))
    looks = [await scorer.look(question, stretch) for stretch in stretches]
    return [max(of_one, key=lambda each: each.values["shown"]) for of_one in zip(*looks, strict=True)]


def small_talk() -> list[str]:
    """Texts that have to do with no question."""
    return resources.files("app.curation").joinpath("small_talk.txt").read_text(encoding="utf-8").splitlines()
