"""Fits the two models of `app.scoring.relevance`: an answer to the question or to the one next door, a story of work or any other."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.curation.logistic import Logistic, auc
from app.curation.spoken import SpokenAnswers
from app.domain.sentences import sentences
from app.scoring.joined import Joined, voices_with
from app.scoring.looks import Look
from app.scoring.relevance import RELEVANT_AT, STORY_AT, STORY_VOICES, Neighbourhood, is_of_oneself
from app.scoring.relevance import VOICES as WHOLE_VOICES

ON_THE_QUESTION = frozenset(
    {"strong", "partial", "terse", "full", "half", "half-terse", "half-paraphrase", "full-non_native"}
)
"""Styles of spoken answers that keep to their question throughout."""
EXCERPTS_OF_A_STORY, TALK_BESIDE_A_STORY = 6, 8
"""Short texts of stories, and texts of small talk, that each question about oneself is held against."""
DOORS, EXCERPTS = 4, 5
"""Questions that count as next door, and short texts of each length drawn for and against a question."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A text seen as a whole beside a question."""

    question: str
    likeness: Mapping[str, float]
    values: tuple[Mapping[str, float], ...]
    """`FEATURES` of each criterion."""
    relevant: bool
    """Whether it answers the question."""

    @classmethod
    def of(cls, question: str, looks: Sequence[Look], *, relevant: bool) -> Whole:
        """From the looks at all of its criteria."""
        return cls(question, looks[0].voices, tuple(look.values for look in looks), relevant)


def next_door(
    spoken: Sequence[SpokenAnswers], ids: frozenset[str], neighbours: Neighbourhood, generator: random.Random
) -> Iterator[tuple[str, str, bool]]:
    """Questions with what answers them, a sentence or two of it, and with what answers the questions next door, whole and in part."""
    answers = {
        each.question: [answer.text for answer in each.answers if answer.style in ON_THE_QUESTION] for each in spoken
    }
    for question in sorted(ids):
        near = [name for name in neighbours.nearest(question) if name in answers][:DOORS]
        theirs = [text for name in near for text in generator.sample(answers[name], 2)]
        yield from ((question, text, False) for text in theirs)
        yield from ((question, excerpt(text, 2, generator), False) for text in theirs)
        for size in (1, 2):
            every = [text for name in near for text in answers[name]]
            for texts, relevant in ((answers.get(question, []), True), (every, False)):
                for _ in range(EXCERPTS if texts else 0):
                    yield question, excerpt(generator.choice(texts), size, generator), relevant


def stories(
    spoken: Sequence[SpokenAnswers], talk: Sequence[str], generator: random.Random
) -> Iterator[tuple[str, str, bool]]:
    """Every question about oneself with stories that answer it, a sentence or two of them, and talk about something else altogether.

    Likenesses learn nothing, so that no question has to be left out.
    """
    for each in sorted(spoken, key=lambda one: one.question):
        mine = [answer.text for answer in each.answers if answer.style in ON_THE_QUESTION]
        if not is_of_oneself(each.question) or not mine:
            continue
        yield from ((each.question, text, True) for text in mine)
        for at in range(EXCERPTS_OF_A_STORY):
            yield each.question, excerpt(generator.choice(mine), 1 + at % 2, generator), True
        yield from ((each.question, text, False) for text in generator.sample(sorted(talk), TALK_BESIDE_A_STORY))


def fit_story(told: Sequence[tuple[str, Mapping[str, float], bool]]) -> tuple[dict[str, float], dict[str, float]]:
    """The model of `is_story` over questions, likenesses and whether they are of a story, and by folds of questions how well it tells."""
    table = np.array([[voices[name] for name in STORY_VOICES] for _, voices, _ in told])
    truth, by = np.array([story for *_, story in told]), np.array([question for question, *_ in told])
    names = sorted(set(by))
    random.Random(0).shuffle(names)  # noqa: S311 - folds, not secrets
    held = np.zeros(len(table))
    for fold in range(5):
        test = np.isin(by, names[fold::5])
        held[test] = Logistic.fit(table[~test], truth[~test]).log_odds(table[test])
    p = 1.0 / (1.0 + np.exp(-held))
    return Logistic.fit(table, truth).named(STORY_VOICES), {
        "n": len(truth),
        "auc": auc(truth, held),
        "let_through_small_talk": round(float((p[~truth] >= STORY_AT).mean()), 3),
        "kept_back_of_stories_and_excerpts": round(float((p[truth] < STORY_AT).mean()), 3),
    }


def excerpt(text: str, size: int, generator: random.Random) -> str:
    """So many neighbouring sentences of a text, or all that it has."""
    parts = [part.text for part in sentences(text)]
    first = generator.randrange(max(1, len(parts) - size + 1))
    return " ".join(parts[first : first + size])


def fit_relevance(
    whole: Sequence[Whole], fitted: Joined, names: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """The model of `app.scoring.relevance`, and by folds of questions how well it tells."""
    table = np.array(
        [
            [voices[name] for name in WHOLE_VOICES]
            for each in whole
            for voices in [voices_with(each.likeness, each.values, fitted)]
        ]
    )
    truth, by = np.array([each.relevant for each in whole]), np.array([each.question for each in whole])
    held = np.zeros(len(table))
    for fold in range(5):
        test = np.isin(by, names[fold::5])
        held[test] = Logistic.fit(table[~test], truth[~test]).log_odds(table[test])
    p = 1.0 / (1.0 + np.exp(-held))
    return Logistic.fit(table, truth).named(WHOLE_VOICES), {
        "n": len(truth),
        "auc": auc(truth, held),
        "let_through_next_door": round(float((p[~truth] >= RELEVANT_AT).mean()), 3),
        "kept_back_on_the_question": round(float((p[truth] < RELEVANT_AT).mean()), 3),
    }
