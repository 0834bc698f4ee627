"""What the pair model learns from: texts, and what each does with some statements. Seeded."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from app.curation.restating import restated
from app.curation.spoken import SpokenAnswer, SpokenAnswers, base_of
from app.domain.errors import TrainingDataMissing
from app.domain.score import VerdictState
from app.domain.sentences import sentences, words
from app.material.corpus import Corpus
from app.material.entries import Criterion, Exemplar
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN

SPLIT_SEED, LESSON_SEED = 7, 3
DOCUMENTS_KEPT = 10
"""Of REALSumm's training documents, for joining the voices."""
QUESTIONS_LEARNED = 0.8
OFF_TOPIC = 2
"""Criteria of questions elsewhere that each spoken answer is held against."""
SAID_OTHERWISE = 0.3
"""Share of spoken answers that are also read in another manner."""
SAID_BESIDE = 0.35
"""Share of spoken answers that are also read with something around them that earns nothing."""
NEAR_TOPIC, NEAR_TOPIC_WEIGHT = 1, 0.5
"""Criteria of other questions on its topic that each spoken answer is held against; now and then one of them is shown."""
CLAIMS_PUT_IN = 1
"""Lessons made of an answer that is silent on a criterion."""
CLAIMS = 12
"""Statements that one text is held against at once."""
LABELS = {VerdictState.ABSENT: ABSENT, VerdictState.SHOWN: SHOWN, VerdictState.CONTRADICTED: CONTRADICTED}
SPOKEN = {"absent": ABSENT, "shown": SHOWN, "contradicted": CONTRADICTED}
_FILLERS = ("um,", "uh,", "like,", "you know,", "so,", "well,", "I mean,", "kind of", "sort of", "let me think,")
_TAKEN_BACK = (
    "No, wait.",
    "Sorry, I got that wrong.",
    "Let me correct that.",
    "Actually, no, it's the other way round.",
)
_NOT = re.compile(r"\bnot\b|n't\b")
_VERB = re.compile(r"\b(?:is|are|was|were|can|could|should|would|will|must|does|do|has|have|had|may|might)\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement, and what a text does with it."""

    says: str
    label: int
    """ABSENT, SHOWN or CONTRADICTED."""
    weight: float = 1.0
    settled_by: str = ""
    """The words of the text that settle it, verbatim, where they are known."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, held against one statement or several."""

    text: str
    claims: tuple[Claim, ...]
    once: bool = False
    """Read in one pass over the data and not in each: a second time would learn its claims by heart."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of REALSumm."""

    document: str
    says: str
    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Split:
    """Ids of entries: those that are learned, and those that join the voices."""

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


def lessons_to_learn(
    corpus: Corpus, facts: Sequence[Fact], spoken: Sequence[SpokenAnswers]
) -> tuple[list[Lesson], list[Fact]]:
    """All that the pair model learns, and the facts that it does not."""
    generator = random.Random(LESSON_SEED)  # noqa: S311 - a draw, not a secret
    learned = split_of(corpus).learned
    documents = sorted({fact.document for fact in facts})
    generator.shuffle(documents)
    kept = frozenset(documents[:DOCUMENTS_KEPT])
    found = [
        *authored(corpus, learned, generator),
        *said_aloud(corpus, spoken, learned, generator),
    ]
    # The same fact is judged on some two dozen summaries.
    summaries = (
        Lesson(fact.text, (Claim(fact.says, SHOWN if fact.met else ABSENT),), once=True)
        for fact in facts
        if fact.document not in kept
    )
    return [*together(found), *together(summaries)], [fact for fact in facts if fact.document in kept]


def together(lessons: Iterable[Lesson]) -> Iterator[Lesson]:
    """The same lessons with all claims about one text in one, at most `CLAIMS` of them, each statement once."""
    claims: dict[tuple[str, bool], dict[str, Claim]] = {}
    for lesson in lessons:
        known = claims.setdefault((lesson.text, lesson.once), {})
        for claim in lesson.claims:
            known.setdefault(claim.says, claim)
    for (text, once), each in claims.items():
        held = tuple(each.values())
        for first in range(0, len(held), CLAIMS):
            yield Lesson(text, held[first : first + CLAIMS], once)


def authored(corpus: Corpus, ids: frozenset[str], generator: random.Random) -> Iterator[Lesson]:
    """Of the corpus: examples for and against, denials, what is only asked, a neighbour's examples, exemplars."""
    for entry in corpus.asked():
        if entry.id not in ids:
            continue
        rubric = corpus.rubric(entry.id)
        criteria = [each.criterion for each in rubric.criteria if each.criterion.evidence == "words"]
        for criterion in criteria:
            yield from _examples(criterion, [each for each in criteria if each.id != criterion.id], generator)
        for exemplar in rubric.exemplars:
            marked = [each for each in criteria if exemplar.marks[each.id] in LABELS]
            if marked:
                yield Lesson(exemplar.text, tuple(Claim(each.says, LABELS[exemplar.marks[each.id]]) for each in marked))


def _examples(criterion: Criterion, others: Sequence[Criterion], generator: random.Random) -> Iterator[Lesson]:
    def lesson(text: str, label: int, weight: float = 1.0) -> Lesson:
        return Lesson(text, (Claim(criterion.says, label, weight),))

    yield from (lesson(text, SHOWN) for text in (*criterion.shown_by, *criterion.also_shown_by))
    yield from (lesson(each.says, ABSENT) for each in criterion.not_shown_by)
    yield from (lesson(text, CONTRADICTED) for text in criterion.denied_by)
    contrary = negated(generator.choice(criterion.shown_by))
    if contrary:
        # Not each of them is a contradiction in the end; hence the weight.
        yield lesson(contrary, CONTRADICTED, 0.5)
    for asked in (criterion.probe, criterion.hints[0].says):
        yield lesson(asked, ABSENT, 0.5)
        given_back = restated(asked)
        if given_back:
            yield lesson(generator.choice(given_back), ABSENT, 0.7)
            yield lesson(" ".join(given_back), ABSENT, 0.5)
    for other in generator.sample(list(others), min(2, len(others))):
        yield lesson(generator.choice(other.shown_by), ABSENT, 0.7)


def said_aloud(
    corpus: Corpus, spoken: Sequence[SpokenAnswers], ids: frozenset[str], generator: random.Random
) -> Iterator[Lesson]:
    """Spoken answers to the questions `ids`: as they are, said otherwise, with a claim put in, and off the topic."""
    mine = [each for each in spoken if each.question in ids]
    for each in mine:
        criteria = {entry.criterion.id: entry.criterion for entry in corpus.rubric(each.question).criteria}
        others = [other for other in mine if share_no_topic(corpus, other.question, each.question)]
        near = [other for other in mine if other not in others and other is not each]
        for answer in (*each.answers, *each.changed()):
            claims = _marked(answer, base_of(answer, each), criteria)
            elsewhere = [
                Claim(generator.choice(corpus.rubric(other.question).criteria).criterion.says, ABSENT, weight)
                for some, count, weight in ((others, OFF_TOPIC, 1.0), (near, NEAR_TOPIC, NEAR_TOPIC_WEIGHT))
                for other in generator.sample(some, min(count, len(some)))
            ]
            yield Lesson(answer.text, (*claims, *elsewhere))
        for answer in each.answers:
            claims = _marked(answer, base_of(answer, each), criteria)
            if generator.random() < SAID_BESIDE:
                yield beside(answer.text, claims, generator)
            if generator.random() < SAID_OTHERWISE:
                stray = generator.choice(generator.choice(others).answers).text
                unplaced = tuple(Claim(claim.says, claim.label) for claim in claims)
                yield Lesson(said_otherwise(answer.text, stray, generator), unplaced)
        for name, criterion in criteria.items():
            silent = [answer for answer in each.answers if answer.marks.get(name) == "absent"]
            if silent:
                made = list(_with_a_claim(criterion, criteria, generator.choice(silent), generator))
                yield from generator.sample(made, min(CLAIMS_PUT_IN, len(made)))


def _marked(answer: SpokenAnswer, base: SpokenAnswer | None, criteria: dict[str, Criterion]) -> tuple[Claim, ...]:
    """The marks; where one alone differs from the answer that it was made of, the words that make the difference."""
    changed = [name for name, mark in answer.marks.items() if base is not None and base.marks[name] != mark]
    new = ""
    if base is not None and len(changed) == 1:
        known = {part.text for part in sentences(base.text)}
        fresh = [part for part in sentences(answer.text) if part.text not in known]
        if fresh and len(fresh) <= 3:
            new = answer.text[fresh[0].start : fresh[-1].end]
    return tuple(
        Claim(criteria[name].says, SPOKEN[mark], settled_by=new if name in changed and mark != "absent" else "")
        for name, mark in answer.marks.items()
    )


def share_no_topic(corpus: Corpus, one: str, other: str) -> bool:
    """Whether two entries are about different things altogether."""
    return set(corpus.entry(one).topics).isdisjoint(corpus.entry(other).topics)


@lru_cache(maxsize=1)
def asides() -> tuple[str, ...]:
    """What may stand around an answer and earns nothing; `{says}` is for a statement."""
    text = resources.files("app.curation").joinpath("asides.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("# "))
    return tuple(line.encode("raw_unicode_escape").decode("unicode_escape") for line in lines)


def beside(text: str, claims: Sequence[Claim], generator: random.Random) -> Lesson:
    """A text with one or two asides somewhere in it: they earn nothing, also where they quote what is not shown."""
    silent = [claim.says for claim in claims if claim.label == ABSENT]
    found = text
    for _ in range(generator.choice((1, 1, 2))):
        aside = generator.choice(asides())
        if "{says}" in aside:
            if not silent:
                continue
            aside = aside.replace("{says}", generator.choice(silent))
        parts = [part.text for part in sentences(found)]
        at = generator.choice((0, len(parts), generator.randint(0, len(parts))))
        found = " ".join([*parts[:at], aside, *parts[at:]])
    return Lesson(found, tuple(Claim(claim.says, claim.label) for claim in claims))


def _with_a_claim(
    criterion: Criterion, criteria: dict[str, Criterion], answer: SpokenAnswer, generator: random.Random
) -> Iterator[Lesson]:
    """An answer that is silent on a criterion, with one sentence put in that settles it, or one that takes it back."""
    rest = tuple(
        Claim(criteria[name].says, SPOKEN[mark], 0.5) for name, mark in answer.marks.items() if name != criterion.id
    )

    def put(label: int, weight: float, *claims: str) -> Lesson:
        parts = [part.text for part in sentences(answer.text)]
        at = generator.randint(0, len(parts))
        settles = "" if label == ABSENT else claims[-1]
        text = " ".join([*parts[:at], *claims, *parts[at:]])
        return Lesson(text, (Claim(criterion.says, label, weight, settles), *rest))

    shown = generator.choice((*criterion.shown_by, *criterion.also_shown_by))
    yield put(SHOWN, 1.0, shown)
    if criterion.not_shown_by:
        yield put(ABSENT, 1.0, generator.choice(criterion.not_shown_by).says)
    denial = generator.choice(criterion.denied_by)
    yield put(CONTRADICTED, 1.0, denial)
    yield put(SHOWN, 0.5, denial, generator.choice(_TAKEN_BACK), shown)
    yield put(CONTRADICTED, 0.5, shown, generator.choice(_TAKEN_BACK), denial)


def said_otherwise(text: str, stray: str, generator: random.Random) -> str:
    """The same claims in another manner: with fillers, without punctuation, its sentences turned round, or padded by `stray`."""
    parts = [part.text for part in sentences(text)]
    manner = generator.choice(("fillers", "bare", "order", "padded"))
    if manner == "fillers":
        each = text.split()
        return " ".join(f"{generator.choice(_FILLERS)} {word}" if generator.random() < 1 / 9 else word for word in each)
    if manner == "bare":
        return " ".join(words(text))
    if manner == "order":
        generator.shuffle(parts)
        return " ".join(parts)
    padding = [part.text for part in sentences(stray)][:3]
    return " ".join([*padding, *parts] if generator.random() < 0.5 else [*parts, *padding])


def negated(text: str) -> str:
    """The first statement of a sentence turned into its contrary; "" where no plain verb allows it."""
    undone = _NOT.sub("", text, count=1)
    if undone != text:
        return " ".join(undone.split())
    done = _VERB.sub(lambda match: f"{match.group()} not", text, count=1)
    return done if done != text else ""


def exemplars(corpus: Corpus, ids: frozenset[str]) -> Iterator[tuple[str, Exemplar, list[Criterion]]]:
    """Exemplars with the criteria of words that they are marked `shown` or not by."""
    for entry in corpus.asked():
        if entry.id in ids:
            rubric = corpus.rubric(entry.id)
            for exemplar in rubric.exemplars:
                criteria = [
                    each.criterion
                    for each in rubric.criteria
                    if each.criterion.evidence == "words" and exemplar.marks[each.criterion.id] in LABELS
                ]
                if criteria:
                    yield entry.id, exemplar, criteria
