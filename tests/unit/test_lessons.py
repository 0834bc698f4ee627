from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.curation.lessons import (
    CLAIMS,
    DOCUMENTS_KEPT,
    NEAR_TOPIC,
    OFF_TOPIC,
    Claim,
    Lesson,
    asides,
    authored,
    beside,
    facts_of,
    held_out,
    lessons_to_learn,
    negated,
    said_aloud,
    said_otherwise,
    split_of,
    together,
)
from app.curation.spoken import SpokenAnswers, base_of, read_spoken
from app.curation.train_pairs import batches, read_in
from app.domain.errors import TrainingDataMissing
from app.domain.sentences import sentences
from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN

SIX = ["strong", "partial", "wrong", "vague", "terse", "keywords"]
LABELS = {"absent": ABSENT, "shown": SHOWN, "contradicted": CONTRADICTED}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


@pytest.fixture(scope="module")
def spoken() -> list[SpokenAnswers]:
    return list(read_spoken(Path("evals/judging/answers")))


def a_data_folder(folder: Path, documents: int = 15) -> Path:
    rows = [
        {"doc_id": f"d{n}", "criterion": f"fact {k}", "answer": f"text {n}", "met": k % 2, "split": "train"}
        for n in range(documents)
        for k in range(4)
    ]
    rows.append({"doc_id": "dev", "criterion": "unseen", "answer": "a text", "met": 1, "split": "dev"})
    (folder / "realsumm").mkdir()
    (folder / "realsumm" / "realsumm.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_without_its_data_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataMissing, match=r"realsumm\.jsonl is not there"):
        facts_of(tmp_path)


def test_the_dev_documents_are_not_read_and_ten_others_not_learned(corpus: Corpus, tmp_path: Path) -> None:
    facts = facts_of(a_data_folder(tmp_path))
    assert {fact.document for fact in facts} == {f"d{n}" for n in range(15)}
    lessons, kept = lessons_to_learn(corpus, facts, [])
    assert len({fact.document for fact in kept}) == DOCUMENTS_KEPT
    learned = [lesson for lesson in lessons if lesson.text.startswith("text ")]
    assert len(learned) == 5
    assert all([claim.label for claim in lesson.claims] == [ABSENT, SHOWN, ABSENT, SHOWN] for lesson in learned)
    assert lessons_to_learn(corpus, facts, []) == (lessons, kept)


def test_examples_are_labelled_as_their_authors_meant(corpus: Corpus) -> None:
    ids = frozenset(sorted(split_of(corpus).learned)[:5])
    lessons = list(authored(corpus, ids, random.Random(1)))
    labels = {(claim.says, lesson.text): claim.label for lesson in lessons for claim in lesson.claims}
    criteria = [
        each.criterion for name in ids for each in corpus.rubric(name).criteria if each.criterion.evidence == "words"
    ]
    assert criteria
    for criterion in criteria:
        assert labels[criterion.says, criterion.shown_by[0]] == SHOWN
        assert labels[criterion.says, criterion.not_shown_by[0].says] == ABSENT
        assert labels[criterion.says, criterion.probe] == ABSENT
        assert {labels[criterion.says, text] for text in criterion.denied_by} == {CONTRADICTED}


def test_each_lesson_is_in_one_batch_and_batches_are_of_one_size_in_pieces() -> None:
    lengths = np.random.default_rng(0).integers(10, 400, 5000)
    every = np.arange(5000)
    made = batches(lengths, 0, every)
    assert sorted(index for batch in made for index in batch) == list(range(5000))
    assert max(len(batch) * lengths[batch].max() for batch in made) <= 2600
    assert batches(lengths, 0, every) == made
    assert batches(lengths, 1, every) != made


def test_what_is_read_once_is_in_one_pass_and_all_else_in_each() -> None:
    once = np.random.default_rng(0).random(500) < 0.4
    passes = [read_in(once, epoch, 3) for epoch in range(3)]
    counts = np.bincount(np.concatenate(passes), minlength=500)
    assert set(counts[once]) == {1}
    assert set(counts[~once]) == {3}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40)), max_size=80))
def test_put_together_no_claim_is_lost_and_none_is_made_twice(drawn: list[tuple[str, int]]) -> None:
    lessons = [Lesson(text, (Claim(f"claim {number}", ABSENT),)) for text, number in drawn]
    made = list(together(lessons))
    there = [(lesson.text, claim.says) for lesson in made for claim in lesson.claims]
    assert sorted(there) == sorted({(lesson.text, lesson.claims[0].says) for lesson in lessons})
    assert all(1 <= len(lesson.claims) <= CLAIMS for lesson in made)


def test_spoken_answers_are_to_questions_that_may_be_learned_and_marked_on_every_criterion(
    corpus: Corpus, spoken: list[SpokenAnswers]
) -> None:
    assert len(spoken) == 248
    assert held_out().isdisjoint(each.question for each in spoken)
    for each in spoken:
        due = {one.criterion.id for one in corpus.rubric(each.question).criteria if one.criterion.evidence == "words"}
        assert [answer.style for answer in each.answers[:6]] == SIX
        assert all(set(answer.marks) == due for answer in each.answers)
        assert set(each.answers[5].marks.values()) == {"absent"}


def test_edits_change_the_marks_that_they_say_and_no_other(spoken: list[SpokenAnswers]) -> None:
    edited = [each for each in spoken if len(each.answers) > 6]
    assert len(edited) == len(spoken) == 248
    for each in edited:
        by_style = {answer.style: answer for answer in each.answers}
        assert len(by_style) == len(each.answers) == 20
        for style in ("paraphrase", "terse", "verbose", "dialect", "corrected"):
            assert by_style[f"half-{style}"].marks == by_style["half"].marks  # type: ignore[index]
        for style in ("full-contradicted", "full-loses", "half-gains"):
            answer = by_style[style]  # type: ignore[index]
            base = base_of(answer, each)
            assert base is not None
            changed = [name for name, mark in answer.marks.items() if base.marks[name] != mark]
            assert len(changed) == 1, (each.question, style)


def test_a_change_moves_the_mark_of_its_criterion_alone_and_a_near_miss_none(spoken: list[SpokenAnswers]) -> None:
    kinds = Counter(change.kind for each in spoken for change in each.changes)
    assert min(kinds[kind] for kind in ("loses", "contradicted", "gains", "near")) > 200
    for each in spoken:
        for change, made in zip(each.changes, each.changed(), strict=True):
            base = base_of(made, each)
            assert base is not None
            assert made.text != base.text
            assert change.put in made.text
            moved = {name for name, mark in made.marks.items() if base.marks[name] != mark}
            assert moved == (set() if change.kind == "near" else {change.criterion}), (each.question, change)


def test_a_change_that_does_not_fit_its_answer_is_refused(spoken: list[SpokenAnswers]) -> None:
    whole = next(each for each in spoken if each.changes)
    change = whole.changes[0].model_dump()
    for wrong in ({"find": "words that nobody said"}, {"criterion": "no-such"}, {"of": "full", "kind": "gains"}):
        with pytest.raises(ValidationError):
            SpokenAnswers.model_validate({**whole.model_dump(), "changes": [{**change, **wrong}]})


def test_asides_earn_nothing_and_none_is_of_the_battery() -> None:
    attacks = yaml.safe_load(Path("evals/judging/attacks.yaml").read_text(encoding="utf-8"))
    used = " ".join(" ".join(str(attack).lower().split()) for attack in attacks)
    assert len(asides()) > 80
    assert all(aside.strip() and " ".join(aside.lower().split()) not in used for aside in asides())
    claims = (Claim("It is so.", SHOWN, settled_by="It is so."), Claim("It is not.", ABSENT))
    for seed in range(60):
        lesson = beside("It is so. I said that. And more.", claims, random.Random(seed))
        assert "I said that." in lesson.text
        assert [claim.label for claim in lesson.claims] == [SHOWN, ABSENT]
        assert "{says}" not in lesson.text
        assert not any(claim.settled_by for claim in lesson.claims)


def test_only_answers_to_the_questions_asked_for_are_learned(corpus: Corpus, spoken: list[SpokenAnswers]) -> None:
    some = frozenset(each.question for each in spoken[:40])
    lessons = list(said_aloud(corpus, spoken, some, random.Random(1)))
    assert lessons == list(said_aloud(corpus, spoken, some, random.Random(1)))
    answer = spoken[0].answers[0]
    says = {one.criterion.id: one.criterion.says for one in corpus.rubric(spoken[0].question).criteria}
    plain = next(lesson for lesson in lessons if lesson.text == answer.text)
    labels = {claim.says: claim.label for claim in plain.claims}
    assert all(labels[says[name]] == LABELS[mark] for name, mark in answer.marks.items())
    assert not any(spoken[60].answers[0].text in lesson.text for lesson in lessons)
    foreign = [claim for claim in plain.claims if claim.says not in says.values()]
    assert len(foreign) == OFF_TOPIC + NEAR_TOPIC
    assert {claim.label for claim in foreign} == {ABSENT}


def test_words_that_settle_a_claim_stand_in_the_text_and_are_few(corpus: Corpus, spoken: list[SpokenAnswers]) -> None:
    some = frozenset(each.question for each in spoken[:40])
    settled = [
        (lesson, claim)
        for lesson in said_aloud(corpus, spoken, some, random.Random(1))
        for claim in lesson.claims
        if claim.settled_by
    ]
    assert len(settled) > 200
    for lesson, claim in settled:
        assert claim.settled_by in lesson.text
        assert claim.label != ABSENT
    assert any(len(sentences(lesson.text)) > 5 for lesson, _ in settled)


@pytest.mark.parametrize(
    ("text", "contrary"),
    [
        ("The scaler is fitted on train.", "The scaler is not fitted on train."),
        ("It does not need labels.", "It does need labels."),
        ("Split first, then fit.", ""),
    ],
)
def test_a_statement_is_turned_into_its_contrary_where_a_plain_verb_allows_it(text: str, contrary: str) -> None:
    assert negated(text) == contrary


def test_saying_it_otherwise_keeps_the_words_of_the_answer() -> None:
    text = "The loss goes down. Then it stalls for a while. I lower the rate."
    generator = random.Random(2)
    made = {said_otherwise(text, "A stray one. Another stray one.", generator) for _ in range(60)}
    assert len(made) > 10
    for each in made:
        there = each.lower().replace(".", "").split()
        assert all(word in there for word in text.lower().replace(".", "").split())
