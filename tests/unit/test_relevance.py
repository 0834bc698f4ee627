from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.material.load import load
from app.retrieval.embedder import SentenceTransformersEmbedder, Vectors
from app.scoring.authored import earning
from app.scoring.joined import joined_weights, voices_with
from app.scoring.looks import Look, deciding, settled
from app.scoring.relevance import (
    FEWEST_QUESTIONS,
    RELEVANT_AT,
    STORY_VOICES,
    VOICES,
    Neighbourhood,
    is_of_oneself,
    neighbourhood_of,
    relevant,
)
from app.scoring.stretches import Unit
from app.wiring.reading import asides_for, neighbours_for
from tests.support.builders import NOW
from tests.support.embedders import HashingEmbedder
from tests.support.material import small_corpus

TELLS = {**dict.fromkeys(VOICES, 0.0), "gap_mean": 10.0, "bias": 0.0}


def an_answers_unit() -> Unit:
    spans = (Span(SpanKind.ANSWER, 0, 2),)
    turn = Turn("t1", "i1", 1, Speaker.CANDIDATE, "So", NOW, "fundamentals/leakage", spans=spans)
    return Unit("So", turn, 0, 2)


def in_a_circle(questions: int) -> Neighbourhood:
    """Questions with one sentence each, in as many directions of a plane."""
    turns = 2 * np.pi * np.arange(questions) / questions
    rows = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    return neighbourhood_of({f"q{number}": ["a sentence"] for number in range(questions)}, rows)


def test_a_sentence_on_the_question_lies_nearer_to_it_than_to_any_other() -> None:
    around = in_a_circle(40)
    here, there = around.rows[[3]], around.rows[[20]]
    on_it = around.likeness("q3", here)
    astray = around.likeness("q3", there)
    assert on_it["mine_mean"] == pytest.approx(1.0)
    assert on_it["other_mean"] == pytest.approx(math.cos(2 * math.pi / 40), abs=1e-5)
    assert on_it["place"] == 0.0
    assert on_it["gap_mean"] > 0 > astray["gap_mean"]
    assert astray["place"] > 0
    both = around.likeness("q3", np.concatenate([here, there]))
    assert both["gap_best"] == pytest.approx(on_it["gap_best"])
    assert astray["gap_mean"] < both["gap_mean"] < on_it["gap_mean"]


def test_likeness_says_how_near_anything_lies_that_interviews_are_about() -> None:
    around = in_a_circle(40)
    assert around.likeness("q3", around.rows[[20]])["any_max"] == pytest.approx(1.0)
    assert around.likeness("q3", around.rows[[3]])["any_max"] == pytest.approx(1.0)
    away = np.array([[0.5, 0.5]], dtype=np.float32)
    assert around.likeness("q3", away)["any_max"] < 0.8


def test_the_nearest_questions_come_first_and_the_question_itself_is_not_among_them() -> None:
    order = in_a_circle(40).nearest("q3")
    assert set(order[:2]) == {"q2", "q4"}
    assert order[-1] == "q23"
    assert len(order) == 39


def test_a_small_corpus_and_a_question_it_does_not_have_tell_nothing() -> None:
    few = in_a_circle(FEWEST_QUESTIONS - 1)
    assert few.likeness("q3", few.rows[[3]]) == {}
    many = in_a_circle(FEWEST_QUESTIONS)
    assert many.likeness("elsewhere", many.rows[[3]]) == {}
    assert many.likeness("q3", many.rows[[3]])
    assert relevant({}, TELLS)


def test_vectors_of_another_embedder_tell_nothing() -> None:
    corpus = load(Path("corpus"))

    def encode(texts: Sequence[str]) -> Vectors:
        return np.eye(64, dtype=np.float32)[np.arange(len(texts)) % 64]

    question, mine = next(iter(corpus.questions)), np.eye(64, dtype=np.float32)[:1]
    assert neighbours_for(SentenceTransformersEmbedder(), corpus, encode).likeness(question, mine)
    for other in (HashingEmbedder(), SentenceTransformersEmbedder("another/model")):
        assert neighbours_for(other, corpus, encode).likeness(question, mine) == {}
        assert asides_for(other) is None


def test_every_question_of_the_corpus_has_sentences_that_earn_it() -> None:
    corpus = load(Path("corpus"))
    earns = earning(corpus)
    assert set(earns) == {entry.id for entry in corpus.asked() if corpus.rubric(entry.id).criteria}
    for name, texts in list(earns.items())[:50]:
        says = {each.criterion.says for each in corpus.rubric(name).criteria}
        assert says <= set(texts)


def test_a_stretch_that_is_about_another_question_neither_earns_nor_denies(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    criterion = next(iter(corpus.questions.values())).criteria[0]
    fitted = {"shown": {"bias": 2.0}, "contradicted": {"bias": -2.0}, "relevant": TELLS}
    unit = an_answers_unit()
    line = math.log(RELEVANT_AT / (1 - RELEVANT_AT)) / TELLS["gap_mean"]
    for gap, counts in ((line + 0.01, True), (line - 0.01, False)):
        voices = {**dict.fromkeys(VOICES, 0.0), "gap_mean": gap}
        look = Look(criterion, {}, unit, unit, given_back=False, voices=voices)
        assert look.counts(fitted) is counts
        assert (settled(criterion.id, [look], fitted).p_shown > 0.5) is counts
        assert bool(deciding([look], fitted)) is counts


def test_a_story_of_ones_own_may_lie_nearer_to_what_it_tells_of_than_to_what_was_asked(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A failed forecast is told in the words of forecasts, and is no answer to a question about them."""
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    criterion = next(iter(corpus.questions.values())).criteria[0]
    near_to_any = {**dict.fromkeys(STORY_VOICES, 0.0), "any_max": 10.0, "bias": -5.0}
    fitted = {"shown": {"bias": 2.0}, "contradicted": {"bias": -2.0}, "relevant": TELLS, "story": near_to_any}
    unit = an_answers_unit()
    told = {**dict.fromkeys(VOICES, 0.0), "gap_mean": -0.5, "any_max": 0.9}
    for of_oneself in (True, False):
        look = Look(criterion, {}, unit, unit, given_back=False, voices=told, of_oneself=of_oneself)
        assert look.counts(fitted) is of_oneself
    elsewhere = Look(criterion, {}, unit, unit, given_back=False, voices={**told, "any_max": 0.3}, of_oneself=True)
    assert not elsewhere.counts(fitted)
    assert Look(criterion, {}, unit, unit, given_back=False, of_oneself=True).counts(fitted)


def test_introductions_behaviour_and_the_company_are_about_oneself() -> None:
    assert all(is_of_oneself(each) for each in ("introduction/a", "behavioural/a", "company-fit/a"))
    assert not is_of_oneself("fundamentals/behavioural")


def test_the_packaged_models_hold_a_surer_answer_for_a_likelier_one() -> None:
    for closely in (True, False):
        fitted = joined_weights(closely=closely)["relevant"]
        assert set(fitted) == {*VOICES, "bias"}
        assert fitted["mean"] > 0
        assert fitted["gap_mean"] > 0
        story = joined_weights(closely=closely)["story"]
        assert set(story) == {*STORY_VOICES, "bias"}
        assert all(story[name] > 0 for name in STORY_VOICES)


def test_the_voices_of_a_stretch_are_the_best_and_the_mean_of_its_criteria() -> None:
    values = [{"a": 1.0}, {"a": 3.0}]
    fitted = {"shown": {"a": 2.0, "bias": -1.0}, "contradicted": {"bias": -30.0}}
    assert voices_with({"place": 0.5}, values, fitted) == pytest.approx({"place": 0.5, "best": 5.0, "mean": 3.0})
