"""`viva train-scorer`: makes the pair model and joins its voice with others. Seeded; two cores and two hours are enough.

Kept out of what the pair model learns: ten of REALSumm's training documents and a fifth of the corpus's questions, on
which the joining models are fitted. REALSumm's dev documents and the questions of `app/scoring/held_out.txt` are never
read, so that they can be measured on.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from app.curation.lessons import LABELS, SPOKEN, Fact, exemplars, facts_of, lessons_to_learn, share_no_topic, split_of
from app.curation.logistic import Logistic, figures_of
from app.curation.spoken import SpokenAnswers, read_spoken
from app.curation.train_pairs import train_pairs
from app.curation.train_references import graded_of, join_references
from app.curation.train_relevance import Whole, fit_relevance, fit_story, next_door, stories
from app.domain.score import VerdictState
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.scoring.criterion_model import CompactScorer, Look, stretches_of, units_of
from app.scoring.features import FEATURES as INTERVIEW_FEATURES
from app.scoring.features import FEATURES_AT_ONCE
from app.scoring.free_model import FEATURES, TAUGHT, Examples, FreeScorer, parts_of
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, PairModel
from app.scoring.reference_model import ReferenceScorer

JOIN_SEED = 20261121
SMALL_TALK_BESIDE = 12
"""Questions that each text of small talk is held against."""
SMALL_TALK_WEIGHT = 0.5
"""Of marks on such a text."""
COUNTS = {"exemplars": 0.3, "spoken": 0.5, "facts": 0.2}
"""Of the marks that bare statements are joined on: speech before writing, and the corpus before the news."""
ELSEWHERE_WEIGHT = 0.25
"""Of marks on an answer to another question: they are rare in interviews, and must not set the bar for all others."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BareMark:
    """A statement, a text, and whether it says the statement."""

    kind: str
    """One of `COUNTS`."""
    group: str
    """The question or document: all of one are in one fold."""
    text: str
    says: str
    shown: bool
    examples: Examples | None = None


def join(
    corpus: Corpus, facts: Sequence[Fact], spoken: Sequence[SpokenAnswers], scorer: FreeScorer, say: Say
) -> dict[str, Any]:
    """Fits the logistic models for bare statements on what the pair model did not learn; weights, and figures.

    Exemplars, spoken answers and facts count by `COUNTS`, however many there are. Spoken answers are held against a few examples drawn
    for each mark, as a stranger would hand them in. Figures are by folds of whole questions and documents.
    """
    generator = random.Random(JOIN_SEED)  # noqa: S311 - a draw, not a secret
    ids = split_of(corpus).joined
    marks = [
        BareMark(
            "exemplars",
            question,
            exemplar.text,
            one.says,
            exemplar.marks[one.id] is VerdictState.SHOWN,
            examples_of_free(one),
        )
        for question, exemplar, criteria in exemplars(corpus, ids)
        for one in criteria
    ]
    for each in spoken:
        if each.question in ids:
            criteria = {entry.criterion.id: entry.criterion for entry in corpus.rubric(each.question).criteria}
            marks += [
                BareMark(
                    "spoken",
                    each.question,
                    answer.text,
                    one.says,
                    mark == "shown",
                    a_few(examples_of_free(one), generator),
                )
                for answer in each.answers
                for one, mark in ((criteria[name], mark) for name, mark in answer.marks.items() if name in criteria)
            ]
    marks += [
        BareMark("facts", fact.document, fact.text, fact.says, fact.met)
        for fact in sorted(facts, key=lambda one: one.text)
    ]
    rows, taught = [], []
    for text, same in itertools.groupby(marks, key=lambda mark: mark.text):
        of_text = list(same)
        found, denials = scorer.features([mark.says for mark in of_text], text)
        for mark, row, denies in zip(of_text, found, denials, strict=True):
            rows.append([row[name] for name in FEATURES])
            if mark.examples is not None:
                values, *_ = scorer.example_features(mark.examples, parts_of(text), denies)
                taught.append([values[name] for name in TAUGHT if name != "free"])
    say(f"{len(rows)} marks read")
    table, helped_by = np.array(rows), np.array(taught)
    truth, kind, by = (np.array([getattr(mark, name) for mark in marks]) for name in ("shown", "kind", "group"))
    weight = np.zeros(len(marks))
    for name, share in COUNTS.items():
        weight[kind == name] = share * len(marks) / max(1, int((kind == name).sum()))
    ours = len(helped_by)
    names = sorted(set(by))
    random.Random(JOIN_SEED).shuffle(names)  # noqa: S311 - folds, not secrets
    folds = [np.isin(by, names[fold::5]) for fold in range(5)]
    alone, helped = np.zeros(len(table)), np.zeros(ours)
    for test in folds:
        alone[test] = Logistic.fit(table[~test], truth[~test], weight[~test]).log_odds(table[test])
    # What the statement alone comes to is taken from these folds here too: fitted on itself it would be believed too much.
    both = np.column_stack([alone[:ours], helped_by])
    for test in (fold[:ours] for fold in folds):
        helped[test] = Logistic.fit(both[~test], truth[:ours][~test], weight[:ours][~test]).log_odds(both[test])
    figures = {f"{name}, statement alone": figures_of(truth[kind == name], alone[kind == name]) for name in COUNTS} | {
        f"{name}, with examples": figures_of(truth[:ours][kind[:ours] == name], helped[kind[:ours] == name])
        for name in ("exemplars", "spoken")
    }
    return {
        "weights": {
            "free": Logistic.fit(table, truth, weight).named(FEATURES),
            "taught": Logistic.fit(both, truth[:ours], weight[:ours]).named(TAUGHT),
        },
        "figures": figures,
    }


def a_few(examples: Examples, generator: random.Random) -> Examples:
    """Two that show, one that does not and one denial, as far as there are so many."""

    def drawn(texts: Sequence[str], count: int) -> tuple[str, ...]:
        return tuple(generator.sample(texts, min(count, len(texts))))

    return Examples(drawn(examples.shown, 2), drawn(examples.not_shown, 1), drawn(examples.denied, 1))


async def join_interview(
    corpus: Corpus, spoken: Sequence[SpokenAnswers], scorer: CompactScorer, say: Say
) -> dict[str, Any]:
    """Fits what marks an interview's answers, on exemplars and spoken answers that the pair model did not learn.

    `scorer` reads closely. Figures are by folds of whole questions; *spoken, earning* leaves out answers that earn nothing, as all
    do that are held against a question elsewhere.
    """
    ids = split_of(corpus).joined
    texts = [
        (question, exemplar.text, {one.id: LABELS[exemplar.marks[one.id]] for one in criteria}, False)
        for question, exemplar, criteria in exemplars(corpus, ids)
    ]
    texts += [
        (each.question, answer.text, {name: SPOKEN[mark] for name, mark in answer.marks.items()}, True)
        for each in spoken
        if each.question in ids
        for answer in each.answers
    ]
    on_the_question = len(texts)
    # Half of the texts are held against a question that they do not answer, too.
    generator = random.Random(JOIN_SEED)  # noqa: S311 - a draw, not a secret
    asked = sorted({question for question, *_ in texts})
    for question, text, _, is_spoken in texts[::2]:
        elsewhere = [other for other in asked if share_no_topic(corpus, other, question)]
        other = generator.choice(elsewhere)
        nothing = {entry.criterion.id: ABSENT for entry in corpus.rubric(other).criteria}
        texts.append((other, text, nothing, is_spoken))
    # Talk about something else altogether: where nothing is like anything, a sum of voices must not lean to credit.
    talk = set(small_talk())
    for text in sorted(talk):
        for other in generator.sample(asked, SMALL_TALK_BESIDE):
            texts.append((other, text, {entry.criterion.id: ABSENT for entry in corpus.rubric(other).criteria}, True))
    rows, labels, groups, said, weights = [], [], [], [], []
    whole: list[Whole] = []
    for place, (question, text, marks, is_spoken) in enumerate(texts):
        looks = await _looks(scorer, question, text)
        earns = set(marks.values()) != {ABSENT}
        astray = place >= on_the_question
        if astray or (is_spoken and earns):
            whole.append(Whole.of(question, looks, relevant=not astray))
        for look in looks:
            if look.criterion.id in marks:
                rows.append([look.values[name] for name in INTERVIEW_FEATURES])
                labels.append(marks[look.criterion.id])
                groups.append(question)
                said.append(is_spoken)
                weights.append(1.0 if earns else SMALL_TALK_WEIGHT if text in talk else ELSEWHERE_WEIGHT)
    say(f"{len(rows)} marks of {len(texts)} answers read")
    for question, text, relevant in next_door(spoken, ids, scorer.neighbours, generator):
        whole.append(Whole.of(question, await _looks(scorer, question, text), relevant=relevant))
    say(f"{len(whole)} texts read as a whole")
    story = await join_stories(spoken, scorer)
    table, known, aloud, by = np.array(rows), np.array(labels), np.array(said), np.array(groups)
    weight = np.array(weights)
    names = sorted(set(groups))
    random.Random(JOIN_SEED).shuffle(names)  # noqa: S311 - folds, not secrets
    earning = weight == 1.0
    made: dict[str, Any] = {"weights": {"closely": {}, "at_once": {}}, "figures": {"closely": {}, "at_once": {}}}
    for manner, features in (("closely", INTERVIEW_FEATURES), ("at_once", FEATURES_AT_ONCE)):
        for state, label in (("shown", SHOWN), ("contradicted", CONTRADICTED)):
            # The network often takes a denial for what it denies: as a voice for *shown* it would speak for it.
            voices = [name for name in features if (state, name) != ("shown", "denial")]
            values = table[:, [INTERVIEW_FEATURES.index(name) for name in voices]]
            truth = known == label
            held = np.zeros(len(values))
            for fold in range(5):
                test = np.isin(by, names[fold::5])
                held[test] = Logistic.fit(values[~test], truth[~test], weight[~test]).log_odds(values[test])
            made["weights"][manner][state] = Logistic.fit(values, truth, weight).named(voices)
            for kind, some in (("spoken", aloud), ("spoken, earning", aloud & earning), ("exemplars", ~aloud)):
                made["figures"][manner][f"{state}, {kind}"] = figures_of(truth[some], held[some])
        fitted, figures = fit_relevance(whole, made["weights"][manner]["shown"], names)
        made["weights"][manner]["relevant"], made["figures"][manner]["relevant"] = fitted, figures
        made["weights"][manner]["story"], made["figures"][manner]["story"] = story
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


def turn_of(question: str, text: str) -> Turn:
    """A text as a candidate's only answer on a question."""
    spans = (Span(SpanKind.ANSWER, 0, len(text)),)
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return Turn("t1", "training", 1, Speaker.CANDIDATE, text, when, question, spans=spans)


def examples_of_free(criterion: Criterion) -> Examples:
    """A criterion's authored sentences as a stranger would hand them in."""
    return Examples(
        (*criterion.shown_by, *criterion.also_shown_by),
        tuple(each.says for each in criterion.not_shown_by),
        criterion.denied_by,
    )


def train(
    corpus: Corpus,
    data: Path,
    answers: Path,
    folder: Path,
    scorers_of: Callable[[PairModel], tuple[FreeScorer, CompactScorer, ReferenceScorer]],
    *,
    epochs: int = 2,
    threads: int = 2,
    pairs_too: bool = True,
    say: Say,
) -> Mapping[str, Any]:
    """All of it: the pair model, then the weights that join the voices, both left in `folder`; returns the figures.

    Raises:
        TrainingDataMissing: a data set or the base model is not there.
    """
    facts, graded = facts_of(data), graded_of(data)
    spoken = list(read_spoken(answers))
    lessons, kept = lessons_to_learn(corpus, facts, spoken)
    say(f"{len(lessons)} texts to learn; {len(kept)} facts and {len(split_of(corpus).joined)} entries to join with")
    if pairs_too:
        train_pairs(lessons, folder, epochs=epochs, threads=threads, say=say)
    free, compact, references = scorers_of(PairModel(threads=threads, folder=folder))
    made = {
        "free.json": join(corpus, kept, spoken, free, say),
        "joined.json": asyncio.run(join_interview(corpus, spoken, compact, say)),
        "reference.json": join_references(graded, references, say),
    }
    for name, each in made.items():
        whole = {"made_by": "viva train-scorer", **each}
        (folder / name).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return {name: each["figures"] for name, each in made.items()}
