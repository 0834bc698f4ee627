"""`viva train-scorer`: makes the pair model and joins its voice with others. Seeded; two cores and two hours are enough.

Kept out of what the pair model learns: ten of REALSumm's training documents and a fifth of the corpus's questions, on
which the joining models are fitted. REALSumm's dev documents and the questions of `app/scoring/held_out.txt` are never
read, so that they can be measured on.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.curation.lessons import LABELS, SPOKEN, Fact, exemplars, facts_of, lessons_to_learn, share_no_topic, split_of
from app.curation.spoken import SpokenAnswers, read_spoken
from app.curation.train_pairs import train_pairs
from app.domain.errors import TrainingDataMissing
from app.domain.score import VerdictState
from app.domain.sentences import sentences, words
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.scoring.criterion_model import CompactScorer, Look, stretches_of, units_of, voices_with
from app.scoring.features import FEATURES as INTERVIEW_FEATURES
from app.scoring.features import FEATURES_AT_ONCE
from app.scoring.free_model import FEATURES, Examples, FreeScorer
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, PairModel
from app.scoring.reference_model import VOICES, ReferenceScorer
from app.scoring.relevance import RELEVANT_AT, Neighbourhood
from app.scoring.relevance import VOICES as WHOLE_VOICES

JOIN_SEED = 20261121
SMALL_TALK_BESIDE = 12
"""Questions that each text of small talk is held against."""
SMALL_TALK_WEIGHT = 0.5
"""Of marks on such a text."""
ON_THE_QUESTION = frozenset(
    {"strong", "partial", "terse", "full", "half", "half-terse", "half-paraphrase", "full-non_native"}
)
"""Styles of spoken answers that keep to their question throughout."""
DOORS, EXCERPTS = 4, 5
"""Questions that count as next door, and short texts of each length drawn for and against a question."""
ELSEWHERE_WEIGHT = 0.25
"""Of marks on an answer to another question: they are rare in interviews, and must not set the bar for all others."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """A row of SAF: an answer beside a reference, with a teacher's score 0..1."""

    question_id: str
    question: str
    reference: str
    answer: str
    score: float
    learned: bool
    """Whether it is of the training split."""


def join(corpus: Corpus, facts: Sequence[Fact], scorer: FreeScorer, say: Say) -> dict[str, Any]:
    """Fits the logistic models over the voices on what the pair model did not learn; weights, and figures.

    Exemplars and facts count alike, however many there are. Figures are by folds of whole questions and documents.
    """
    rows, taught, labels, groups = [], [], [], []
    for question, exemplar, criteria in exemplars(corpus, split_of(corpus).joined):
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
        first = Logistic.fit(table[~test], truth[~test], weights[~test])
        alone[test] = first.log_odds(table[test])
        here, there = test[:marks], ~test[:marks]
        told = first.log_odds(table[:marks])
        second = Logistic.fit(np.column_stack([told, known])[there], truth[:marks][there])
        helped[here] = second.log_odds(np.column_stack([told, known])[here])
    free = Logistic.fit(table, truth, weights)
    with_examples = Logistic.fit(np.column_stack([free.log_odds(table[:marks]), known]), truth[:marks])
    voices = ("pair", "pair_sentence", "nearest", "whole", "words")
    return {
        "weights": {"free": free.named(FEATURES), "taught": with_examples.named(("free", "for", "margin"))},
        "figures": {
            "exemplars, statement alone": figures_of(truth[ours], alone[ours]),
            "exemplars, with examples": figures_of(truth[ours], helped),
            "facts, statement alone": figures_of(truth[~ours], alone[~ours]),
            "voices_alone_auc": {
                name: {voice: _auc(of, values[:, FEATURES.index(voice)]) for voice in voices}
                for name, of, values in (("exemplars", truth[ours], table[ours]), ("facts", truth[~ours], table[~ours]))
            },
        },
    }


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
    table, known, aloud, by = np.array(rows), np.array(labels), np.array(said), np.array(groups)
    weight = np.array(weights)
    names = sorted(set(groups))
    random.Random(JOIN_SEED).shuffle(names)  # noqa: S311 - folds, not secrets
    earning = weight == 1.0
    made: dict[str, Any] = {"weights": {"closely": {}, "at_once": {}}, "figures": {"closely": {}, "at_once": {}}}
    for manner, features in (("closely", INTERVIEW_FEATURES), ("at_once", FEATURES_AT_ONCE)):
        values = table[:, [INTERVIEW_FEATURES.index(name) for name in features]]
        for state, label in (("shown", SHOWN), ("contradicted", CONTRADICTED)):
            truth = known == label
            held = np.zeros(len(values))
            for fold in range(5):
                test = np.isin(by, names[fold::5])
                held[test] = Logistic.fit(values[~test], truth[~test], weight[~test]).log_odds(values[test])
            made["weights"][manner][state] = Logistic.fit(values, truth, weight).named(features)
            for kind, some in (("spoken", aloud), ("spoken, earning", aloud & earning), ("exemplars", ~aloud)):
                made["figures"][manner][f"{state}, {kind}"] = figures_of(truth[some], held[some])
        fitted, figures = _fit_relevance(whole, made["weights"][manner]["shown"], names)
        made["weights"][manner]["relevant"], made["figures"][manner]["relevant"] = fitted, figures
    return made


async def _looks(scorer: CompactScorer, question: str, text: str) -> list[Look]:
    """Of each criterion of words, what is made of the stretch that speaks most for it."""
    stretches = stretches_of(units_of([turn_of(question, text)], question))
    looks = [await scorer.look(question, stretch) for stretch in stretches]
    return [max(of_one, key=lambda each: each.values["shown"]) for of_one in zip(*looks, strict=True)]


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


def excerpt(text: str, size: int, generator: random.Random) -> str:
    """So many neighbouring sentences of a text, or all that it has."""
    parts = [part.text for part in sentences(text)]
    first = generator.randrange(max(1, len(parts) - size + 1))
    return " ".join(parts[first : first + size])


def _fit_relevance(
    whole: Sequence[Whole], shown: Mapping[str, float], names: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """The model of `app.scoring.relevance`, and by folds of questions how well it tells."""
    table = np.array(
        [
            [voices[name] for name in WHOLE_VOICES]
            for each in whole
            for voices in [voices_with(each.likeness, each.values, shown)]
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
        "auc": _auc(truth, held),
        "let_through_next_door": round(float((p[~truth] >= RELEVANT_AT).mean()), 3),
        "kept_back_on_the_question": round(float((p[truth] < RELEVANT_AT).mean()), 3),
    }


def small_talk() -> list[str]:
    """Texts that have to do with no question."""
    return resources.files("app.curation").joinpath("small_talk.txt").read_text(encoding="utf-8").splitlines()


def graded_of(data: Path) -> list[Graded]:
    """SAF's rows with an answer.

    Raises:
        TrainingDataMissing: the file is not there.
    """
    file = data / "saf_en" / "saf_en.jsonl"
    if not file.is_file():
        raise TrainingDataMissing(
            str(file), "One object a line: question_id, question, reference, answer, score, max_score, split."
        )
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Graded(
            row["question_id"],
            row["question"],
            row["reference"],
            row["answer"],
            float(row["score"]) / float(row["max_score"]),
            row["split"] == "training",
        )
        for row in rows
        if words(row["answer"])
    ]


def voices_of(graded: Sequence[Graded], scorer: ReferenceScorer) -> npt.NDArray[np.float64]:
    """(answers, voices): what each voice says of each answer."""
    return np.array(
        [[scorer.voices(one.reference, one.answer, one.question)[name] for name in VOICES] for one in graded]
    )


def left_out_in_turn(table: npt.NDArray[np.float64], graded: Sequence[Graded]) -> npt.NDArray[np.float64]:
    """Shares (answers,), each question's by a fit on all others."""
    due = np.array([one.score for one in graded])
    by = np.array([one.question_id for one in graded])
    held = np.zeros(len(graded))
    for question in sorted(set(by)):
        test = by == question
        weights, bias = _shares(table[~test], due[~test], by[~test])
        held[test] = table[test] @ weights + bias
    return held


def join_references(graded: Sequence[Graded], scorer: ReferenceScorer, say: Say) -> dict[str, Any]:
    """Fits the voices of a share on SAF's training split; the figures leave out each of all its questions in turn."""
    table = voices_of(graded, scorer)
    say(f"{len(graded)} graded answers read")
    due = np.array([one.score for one in graded])
    by = np.array([one.question_id for one in graded])
    learned = np.array([one.learned for one in graded])
    held = left_out_in_turn(table, graded)
    lengths = np.array([float(len(words(one.answer))) for one in graded])
    weights, bias = _shares(table[learned], due[learned], by[learned])
    named = {name: round(float(value), 5) for name, value in zip(VOICES, weights, strict=True)}
    return {
        "weights": {**named, "bias": round(bias, 5)},
        "figures": {
            "questions": len(set(by)),
            "answers": len(graded),
            "mean_r_within_question": round(float(np.mean(within(held, due, by))), 3),
            "floor_words": round(float(np.mean(within(table[:, VOICES.index("words")], due, by))), 3),
            "floor_length": round(float(np.mean(within(lengths, due, by))), 3),
            "r_of_all": round(float(np.corrcoef(held, due)[0, 1]), 3),
        },
    }


def _shares(
    table: npt.NDArray[np.float64], due: npt.NDArray[np.float64], by: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.float64], float]:
    """Weights >= 0 that rank answers within each question, brought to the scale of the scores over all; and the bias."""
    from sklearn.linear_model import LinearRegression, Ridge

    spread = table.std(axis=0) + 1e-9
    mine, wanted, weight = table / spread, due.copy(), np.ones(len(due))
    for question in sorted(set(by)):
        here = by == question
        mine[here] -= mine[here].mean(axis=0)
        wanted[here] = (wanted[here] - wanted[here].mean()) / (wanted[here].std() + 0.05)
        weight[here] = 1.0 / here.sum()
    weight *= len(due) / weight.sum()
    ranked = Ridge(alpha=30.0, positive=True).fit(mine, wanted, sample_weight=weight).coef_ / spread
    scale = LinearRegression(positive=True).fit((table @ ranked)[:, None], due)
    return ranked * scale.coef_[0], float(scale.intercept_)


def within(
    given: npt.NDArray[np.float64], due: npt.NDArray[np.float64], by: npt.NDArray[Any]
) -> npt.NDArray[np.float64]:
    """The correlation within each question, in the order of their names; 0 where its answers are all scored alike."""
    found = []
    for question in sorted(set(by)):
        here = by == question
        varies = given[here].std() > 0 and due[here].std() > 0
        found.append(float(np.corrcoef(given[here], due[here])[0, 1]) if varies else 0.0)
    return np.array(found)


def turn_of(question: str, text: str) -> Turn:
    """A text as a candidate's only answer on a question."""
    spans = (Span(SpanKind.ANSWER, 0, len(text)),)
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return Turn("t1", "training", 1, Speaker.CANDIDATE, text, when, question, spans=spans)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: coefficients (d,) on the values as they come, fitted on values of equal spread."""

    coefficients: npt.NDArray[np.float64]
    bias: float

    @classmethod
    def fit(
        cls,
        table: npt.NDArray[np.float64],
        truth: npt.NDArray[np.bool_],
        weights: npt.NDArray[np.float64] | None = None,
    ) -> Logistic:
        """Fits it on values (n, d) with truth (n,), rows counted by `weights` (n,)."""
        from sklearn.linear_model import LogisticRegression

        spread = table.std(axis=0) + 1e-9
        model = LogisticRegression(C=0.1, max_iter=2000).fit(table / spread, truth, sample_weight=weights)
        return cls(model.coef_[0] / spread, float(model.intercept_[0]))

    def log_odds(self, table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Of values (n, d): (n,)."""
        found: npt.NDArray[np.float64] = table @ self.coefficients + self.bias
        return found

    def named(self, names: Sequence[str]) -> dict[str, float]:
        """The coefficients by name, and the `bias`."""
        values = {name: round(float(value), 5) for name, value in zip(names, self.coefficients, strict=True)}
        return {**values, "bias": round(self.bias, 5)}


def examples_of_free(criterion: Criterion) -> Examples:
    """A criterion's authored sentences as a stranger would hand them in."""
    denied = (criterion.denied_by,) if criterion.denied_by else ()
    return Examples(tuple(criterion.shown_by), tuple(each.says for each in criterion.not_shown_by), denied)


def _auc(truth: npt.NDArray[np.bool_], value: npt.NDArray[np.float64]) -> float:
    from sklearn.metrics import roc_auc_score

    return round(float(roc_auc_score(truth, value)), 3)


def figures_of(truth: npt.NDArray[np.bool_], log_odds: npt.NDArray[np.float64]) -> dict[str, float]:
    """How well log odds (n,) tell what is true: AUC, accuracy at even odds and its floor, false credit; shares 0..1."""
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
        "free.json": join(corpus, kept, free, say),
        "joined.json": asyncio.run(join_interview(corpus, spoken, compact, say)),
        "reference.json": join_references(graded, references, say),
    }
    for name, each in made.items():
        whole = {"made_by": "viva train-scorer", **each}
        (folder / name).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return {name: each["figures"] for name, each in made.items()}
