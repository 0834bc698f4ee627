from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.curation.going_on import SENTENCES_BESIDE, keep, lessons_to_go_on, weights_of
from app.curation.lessons import Fact, Lesson, split_of
from app.curation.spoken import SpokenAnswers, read_spoken
from app.domain.sentences import sentences
from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN

TALK = ["The weather is nice today."]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


@pytest.fixture(scope="module")
def spoken() -> list[SpokenAnswers]:
    return list(read_spoken(Path("evals/judging/answers")))


@pytest.fixture(scope="module")
def lessons(corpus: Corpus, spoken: list[SpokenAnswers]) -> list[Lesson]:
    facts = [Fact("a", "a fact", "a text", met=True), Fact("kept", "another fact", "a text kept out", met=True)]
    return lessons_to_go_on(corpus, facts, facts[1:], spoken, TALK)


def test_every_authored_sentence_of_a_question_that_may_be_learned_is_gone_over(
    corpus: Corpus, lessons: list[Lesson]
) -> None:
    held = {(lesson.text, claim.says): claim.label for lesson in lessons for claim in lesson.claims}
    seen = 0
    for entry in corpus.asked():
        criteria = [each.criterion for each in corpus.rubric(entry.id).criteria if each.criterion.evidence == "words"]
        for criterion in criteria if entry.id in split_of(corpus).learned else ():
            for text in (*criterion.shown_by, *criterion.also_shown_by):
                assert held[text, criterion.says] == SHOWN
                seen += 1
            for text in criterion.denied_by:
                assert held[text, criterion.says] == CONTRADICTED
    assert seen > 8000


def test_nothing_of_a_question_that_may_not_be_learned_is(corpus: Corpus, lessons: list[Lesson]) -> None:
    may = {
        entry.criterion.says
        for each in corpus.asked()
        if each.id in split_of(corpus).learned
        for entry in corpus.rubric(each.id).criteria
    }
    assert {claim.says for lesson in lessons for claim in lesson.claims} <= may | {"a fact"}


def test_a_sentence_among_others_settles_its_criterion_and_the_others_are_of_one_answer(
    lessons: list[Lesson], spoken: list[SpokenAnswers]
) -> None:
    answers = [" ".join(answer.text.split()) for each in spoken for answer in each.answers]
    few = [each for each in lessons if not each.once and len(each.claims) == 1 and each.claims[0].settled_by]
    labels = Counter(each.claims[0].label for each in few)
    assert labels[SHOWN] > 1000
    assert labels[CONTRADICTED] > 1000
    assert labels[ABSENT] == 0
    for lesson in few[::97]:
        beside = [" ".join(part.split()) for part in lesson.text.split(lesson.claims[0].settled_by)]
        assert 1 <= sum(len(sentences(part)) for part in beside) <= SENTENCES_BESIDE
        assert any(all(part in answer for part in beside) for answer in answers)


def test_small_talk_earns_nothing_and_facts_kept_out_are_not_learned(lessons: list[Lesson]) -> None:
    (talk,) = [each for each in lessons if each.text == TALK[0]]
    assert {claim.label for claim in talk.claims} == {ABSENT}
    assert [each.claims[0].says for each in lessons if each.text in ("a text", "a text kept out")] == ["a fact"]


def a_model(seed: int) -> onnx.ModelProto:
    """A packaged matrix (3, 2) of one scale to a column, a table of one scale, and a bias."""
    draw = np.random.default_rng(seed)
    stored: dict[str, npt.NDArray[Any]] = {
        "upper.weight_quantized": draw.integers(-127, 127, (3, 2)).astype(np.int8),
        "upper.weight_scale": draw.random(2).astype(np.float32),
        "upper.weight_zero_point": np.zeros(2, dtype=np.int8),
        "lower.weight_quantized": draw.integers(0, 255, (4, 2)).astype(np.uint8),
        "lower.weight_scale": np.array(draw.random(), dtype=np.float32),
        "lower.weight_zero_point": np.array(draw.integers(0, 255), dtype=np.uint8),
        "upper.bias": draw.random(3).astype(np.float32),
        "a_constant": np.array([1], dtype=np.int64),
    }
    one = helper.make_tensor_value_info("one", TensorProto.INT64, [1])
    graph = helper.make_graph([], "some", [], [one], [numpy_helper.from_array(v, k) for k, v in stored.items()])
    return helper.make_model(graph)


def test_eight_bits_are_read_by_column_and_stand_the_other_way_round_in_the_network() -> None:
    model = a_model(1)
    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    found = weights_of(model)
    assert set(found) == {"upper.weight", "lower.weight", "upper.bias"}
    assert found["upper.weight"].shape == (2, 3)
    column = stored["upper.weight_quantized"][:, 1].astype(float) * float(stored["upper.weight_scale"][1])
    assert np.allclose(found["upper.weight"][1], column)
    point, scale = int(stored["lower.weight_zero_point"]), float(stored["lower.weight_scale"])
    assert np.allclose(found["lower.weight"], (stored["lower.weight_quantized"].astype(float) - point) * scale)


def test_what_is_kept_is_kept_to_the_bit_and_nothing_else() -> None:
    before, after = a_model(1), a_model(2)
    keep(["lower."], before, after)
    old, new, untouched = (
        {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
        for model in (before, after, a_model(2))
    )
    for name, each in new.items():
        assert np.array_equal(each, (old if name.startswith("lower.") else untouched)[name])
