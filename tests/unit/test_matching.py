from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.matching import FOLLOWS_AT, LEANS_AT, Match, Questions, Recogniser, asking, compared, follows
from tests.support.embedders import HashingEmbedder
from tests.support.material import write_corpus

pytestmark = pytest.mark.anyio

LEAKAGE = "The test score is too good. What happened?"
SCALING = "Why would anybody bring columns to one common scale before fitting nearest neighbours?"
UNMATCHED = Match(None, 0.1, "fundamentals/leakage", why_not="far")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    root: Path = write_corpus(tmp_path_factory.mktemp("corpus"))
    read = load(root)
    second = read.questions["fundamentals/leakage"].model_copy(
        update={"id": "fundamentals/scaling", "ask": SCALING, "topics": ("scaling",)}
    )
    return Corpus(questions={**read.questions, second.id: second}, notes=read.notes, roles=read.roles)


class Encoder:
    def __init__(self) -> None:
        self._embedder = HashingEmbedder(dimension=512, max_words=10_000)
        self._embedder.load()
        self.calls = 0

    async def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.calls += 1
        return self._embedder.encode_passages(list(texts))


async def test_the_words_of_a_question_match_it(corpus: Corpus) -> None:
    (found,) = await Recogniser(corpus, Encoder()).recognise([SCALING], [""])
    assert found.question_id == "fundamentals/scaling"
    assert found.similarity == 1.0
    assert not found.why_not


@pytest.mark.parametrize("asked", ["When could you start with us?", "Lovely weather today!", "¿Qué?", "Почему?", "?!"])
async def test_small_talk_and_logistics_match_nothing(corpus: Corpus, asked: str) -> None:
    (found,) = await Recogniser(corpus, Encoder()).recognise([asked], [""])
    assert found.question_id is None
    assert found.why_not


async def test_no_question_is_taken_where_two_are_equally_near(corpus: Corpus) -> None:
    twin = corpus.questions["fundamentals/scaling"].model_copy(update={"id": "fundamentals/scaling-too"})
    twins = Corpus(questions={**corpus.questions, twin.id: twin})
    (found,) = await Recogniser(twins, Encoder()).recognise([SCALING], [""])
    assert found.question_id is None
    assert found.why_not == "two questions of the corpus are about as near"
    assert found.margin < 0.065


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("The distance is ruled by whichever column has the largest numbers.", "fundamentals/scaling-too"),
        ("The rows of the test were seen in training.", "fundamentals/scaling"),
        ("Sure.", None),
        ("", None),
        (
            "The rows of the test were seen in training. The distance is ruled by whichever column has the largest numbers.",
            None,
        ),
    ],
)
async def test_of_two_equally_near_questions_the_answer_decides_where_it_belongs_to_one(
    corpus: Corpus, answer: str, right: str | None
) -> None:
    first = corpus.questions["fundamentals/scaling"]
    says = "The distance is ruled by whichever column has the largest numbers."
    criterion = first.criteria[0].model_copy(update={"says": says})
    twin = first.model_copy(
        update={"id": "fundamentals/scaling-too", "criteria": (criterion,), "reference_answer": says}
    )
    twins = Corpus(questions={**corpus.questions, twin.id: twin})
    (found,) = await Recogniser(twins, Encoder()).recognise([SCALING], [answer])
    assert found.question_id == right
    assert bool(found.why_not) is (right is None)
    assert set(found.rivals) == {"fundamentals/scaling", "fundamentals/scaling-too"}


async def test_small_talk_around_a_question_takes_nothing_from_it(corpus: Corpus) -> None:
    lead = "Great, thanks, that's really helpful. I liked how you put that."
    assert asking(f"{lead} {SCALING} Take care.") == f"{SCALING} Take care."
    assert asking(lead) == lead
    assert asking(SCALING) == SCALING
    (found,) = await Recogniser(corpus, Encoder()).recognise([f"{lead} {SCALING} No rush at all."], [""])
    assert found.question_id == "fundamentals/scaling"


async def test_a_follow_up_stays_with_the_question_before_it(corpus: Corpus) -> None:
    asked = [SCALING, "And why does the scale of those columns matter?", "When could you start?", "And why so?"]
    answers = ["The distance is ruled by columns with a large scale.", "It counts more.", "In May.", "Because."]
    found = await Recogniser(corpus, Encoder()).recognise(asked, answers)
    assert [each.question_id for each in found] == ["fundamentals/scaling", "fundamentals/scaling", None, None]
    assert [each.follow_up for each in found] == [False, True, False, False]


async def test_the_corpus_is_encoded_once(corpus: Corpus) -> None:
    encode = Encoder()
    recogniser = Recogniser(corpus, encode)
    await recogniser.recognise([SCALING], [""])
    first = encode.calls
    await recogniser.recognise([SCALING], [""])
    assert encode.calls == first + 1


async def test_an_empty_corpus_matches_nothing() -> None:
    (found,) = await Recogniser(Corpus(), Encoder()).recognise([SCALING], [""])
    assert found.question_id is None


def test_a_sentence_that_is_asked_about_everything_is_not_compared_alone(corpus: Corpus) -> None:
    questions = Questions(corpus)
    rare = "Gradients vanish through saturated hyperbolic tangents upstream."
    assert questions.parts(f"{rare} How so?") == [f"{rare} How so?", rare]
    assert questions.parts(rare) == [rare]


def test_every_way_of_asking_is_compared(corpus: Corpus) -> None:
    texts = compared(corpus)
    assert {LEAKAGE, SCALING} <= set(texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "near", "match", "wanted"),
    [
        ("And why?", LEANS_AT, UNMATCHED, True),
        ("And why?", LEANS_AT - 0.01, UNMATCHED, False),
        ("How large is that?", LEANS_AT, UNMATCHED, True),
        ("Which layers freeze?", FOLLOWS_AT - 0.01, UNMATCHED, False),
        ("Which layers freeze?", FOLLOWS_AT, UNMATCHED, True),
        ("Which layers freeze?", 0.6, Match(None, 0.61, "other/question", why_not="two"), False),
        ("And why?", 0.5, Match("other/question", 0.7, "other/question"), False),
        ("And why?", 0.8, Match("other/question", 0.7, "other/question"), True),
        ("Which layers freeze?", 0.8, Match("other/question", 0.7, "other/question"), False),
    ],
)
def test_what_follows_up(text: str, near: float, match: Match, wanted: bool) -> None:
    assert follows(text, near, match) is wanted
