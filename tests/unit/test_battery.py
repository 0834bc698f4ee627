"""The battery's texts are what they say: a judge is measured with them, so a slip in them would be its error."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curation.lessons import held_out, split_of
from app.domain.sentences import sentences, words
from app.material.corpus import Corpus
from app.material.load import load
from evals.judging.battery import as_asked, cases, entries, listed, reordered, with_typos

ENTRIES = entries()
IDS = [entry["question"] for entry in ENTRIES]
BENIGN = {"paraphrase", "fillers", "recogniser", "non_native", "dialect", "terse", "verbose"}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


def test_it_stands_on_sixty_questions_that_no_training_reads(corpus: Corpus) -> None:
    assert len(IDS) == 60
    assert set(IDS) == held_out()
    split = split_of(corpus)
    assert held_out().isdisjoint(split.learned | split.joined)
    assert split.learned.isdisjoint(split.joined)
    assert len(split.learned) > 100
    assert len(split.joined) > 50


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_its_marks_are_of_criteria_that_there_are(corpus: Corpus, entry: dict[str, Any]) -> None:
    known = {each.criterion.id for each in corpus.rubric(entry["question"]).criteria}
    musts = {each.criterion.id for each in corpus.rubric(entry["question"]).criteria if each.criterion.kind == "must"}
    shows = {name: set(ids) for name, ids in entry["shows"].items()}
    about = {entry[name]["criterion"] for name in ("contradicted", "hedged", "corrected")}
    about |= {pair["criterion"] for pair in entry["minimal"]}
    assert set().union(*shows.values()) | about | set(entry["asked"]) <= known
    assert musts <= shows["strong"]
    assert musts & shows["middling"]
    assert musts - shows["middling"]
    assert not shows["weak"]
    assert set(entry["benign"]) == BENIGN
    for pair in entry["minimal"]:
        assert (pair["criterion"] in shows[pair["from"]]) is (pair["change"] == "loses")


def test_an_answer_is_held_to_what_its_writer_was_asked(corpus: Corpus) -> None:
    then = as_asked(corpus, ENTRIES)
    changed = 0
    for entry in ENTRIES:
        asked = {each.id for each in then.questions[entry["question"]].criteria if each.asked_by == "ask"}
        assert asked == set(entry["asked"])
        changed += asked != {each.id for each in corpus.questions[entry["question"]].criteria if each.asked_by == "ask"}
    assert changed
    others = corpus.questions.keys() - set(IDS)
    assert all(then.questions[each] is corpus.questions[each] for each in others)


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_its_edits_are_edits_of_what_they_say(entry: dict[str, Any]) -> None:
    answers = entry["answers"]
    middling = [part.text for part in sentences(answers["middling"])]
    padded = iter(words(entry["padded"]))
    assert all(word in padded for word in words(answers["middling"]))
    assert len(words(entry["padded"])) > len(words(answers["middling"])) + 40
    for pair in entry["minimal"]:
        if pair["change"] == "gains":
            assert len(words(pair["text"])) > len(words(answers["middling"]))
            assert sum(sentence in pair["text"] for sentence in middling) >= len(middling) - 1
    assert entry["contradicted"]["text"] != answers["strong"]
    longest = max(answers, key=lambda name: len(words(answers[name])))
    assert longest == entry["longest"]


def test_in_half_of_the_triples_the_weak_answer_is_the_longest() -> None:
    assert sum(entry["longest"] == "weak" for entry in ENTRIES) == 30


def test_there_are_a_dozen_forms_of_attack_and_twenty_answers_about_them(corpus: Corpus) -> None:
    assert len({each["name"] for each in listed("attacks")}) >= 12
    about = listed("about_injection")
    assert len(about) == 20
    assert all(each["question"] in corpus.questions for each in about)


def test_each_case_names_criteria_and_questions_that_there_are(corpus: Corpus) -> None:
    found = list(cases(corpus, ENTRIES[:3]))
    again = list(cases(corpus, ENTRIES[:3]))
    assert found == again
    assert {case.question_id for case in found} == set(IDS[:3])
    off_topic = [case.text for case in found if case.group == "off-topic"]
    assert len(off_topic) == 3
    assert all(text not in {entry["answers"]["strong"] for entry in ENTRIES[:1]} for text in off_topic[:1])


@given(st.integers(0, 1000))
def test_typos_and_another_order_keep_the_words(seed: int) -> None:
    text = "Gradient descent follows the slope. Momentum smooths it considerably, batch by batch. The rest is patience."
    turned = reordered(text, random.Random(seed))
    assert sorted(part.text for part in sentences(turned)) == sorted(part.text for part in sentences(text))
    typed = with_typos(text, random.Random(seed))
    assert len(typed.split()) == len(text.split())
    assert sum(one != other for one, other in zip(typed.split(), text.split(), strict=True)) <= 6
