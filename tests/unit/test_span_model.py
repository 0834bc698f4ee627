from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.candidate.language import langid
from app.curation.spoken import SpokenAnswer, SpokenAnswers
from app.curation.train_listener import LEAD_INS, Example, _network, answers_to_learn, logits_of, padded
from app.domain.transcript import Span, SpanKind
from app.interviewing.listener import WORDS_AT_ONCE, Listener
from app.interviewing.span_model import (
    FEATURES,
    KINDS,
    SAID_SO,
    Array,
    SpanModel,
    by_word,
    features_of,
    spans_from,
    within,
    words_of,
)

ANSWER, CLARIFY, ASK, HINT = (KINDS.index(SpanKind(name)) for name in ("answer", "clarify", "ask", "hint"))
TEXTS = st.text(st.sampled_from("ab .,?!\n\t-é’"), max_size=80)


def sure(*kinds: int) -> Array:
    """Log probabilities of words whose kinds are beyond doubt."""
    found = np.full((len(kinds), len(KINDS)), -20.0, dtype=np.float32)
    for word, kind in enumerate(kinds):
        found[word, kind] = 0.0
    return found


def letters(text: str) -> tuple[Array, Sequence[tuple[int, int]]]:
    """A reader whose pieces are letters, each with its code as its state."""
    places = [(at, at + 1) for at, letter in enumerate(text) if not letter.isspace()]
    return np.array([[float(ord(text[start]))] for start, _ in places], dtype=np.float32).reshape(-1, 1), places


class Says(SpanModel):
    """Thinks the same of every word."""

    def __init__(self, kind: int) -> None:
        self._kind = kind

    def of_parts(self, states: Array, features: Array, parts: Sequence[slice]) -> list[Array]:
        assert len(states) == len(features)
        return [sure(*[self._kind] * len(states[part])) for part in parts]


@given(TEXTS)
def test_a_words_state_is_the_mean_of_its_pieces(text: str) -> None:
    at = words_of(text)
    means = by_word(*letters(text), at)
    wanted = [[np.mean([ord(letter) for letter in text[start:end]])] for start, end in at]
    assert means == pytest.approx(np.array(wanted, dtype=np.float32).reshape(-1, 1), rel=1e-5)


def test_a_word_that_was_not_read_has_no_state() -> None:
    states, pieces = letters("ab cd")
    assert by_word(states[:2], pieces[:2], [(0, 2), (3, 5)]).tolist() == [[97.5], [0.0]]


@given(TEXTS.filter(str.strip), st.data())
def test_spans_cover_what_can_be_seen_in_order_and_begin_at_words(text: str, data: st.DataObject) -> None:
    at = words_of(text)
    shape = (len(at), len(KINDS))
    odds = data.draw(hnp.arrays(np.float32, shape, elements=st.floats(-20, 0, width=32)))
    spans = spans_from(text, at, odds)
    assert (spans[0].start, spans[-1].end) == (at[0][0], at[-1][1])
    assert all(one.kind is not other.kind and one.end <= other.start for one, other in itertools.pairwise(spans))
    assert {span.start for span in spans} <= {start for start, _ in at}
    assert all(not text[one.end : other.start].strip() for one, other in itertools.pairwise(spans))


@given(TEXTS, st.integers(0, 80), st.integers(0, 80))
def test_words_within_are_those_that_begin_there(text: str, start: int, end: int) -> None:
    at = words_of(text)
    wanted = [index for index, (first, _) in enumerate(at) if start <= first < end]
    assert list(range(len(at)))[within(at, start, end)] == wanted


def test_a_change_of_kind_must_be_plainer_within_a_clause_than_after_a_sentence() -> None:
    odds = np.full((2, len(KINDS)), -30.0, dtype=np.float32)
    odds[0, ANSWER], odds[0, HINT] = 0.0, -30.0
    odds[1, ANSWER], odds[1, HINT] = -3.0, 0.0
    for text, changes in (("Splits. Clue", True), ("Splits clue", False), ("Splits, clue", True)):
        kinds = [span.kind for span in spans_from(text, words_of(text), odds, in_doubt=0.0)]
        assert (kinds == [SpanKind.ANSWER, SpanKind.HINT]) is changes, text


def test_what_is_in_doubt_is_an_answer() -> None:
    even = np.zeros((3, len(KINDS)), dtype=np.float32)
    (span,) = spans_from("one two three", words_of("one two three"), even)
    assert span == Span(SpanKind.ANSWER, 0, 13)


@pytest.mark.parametrize(("likelier", "heard"), [("hint", SpanKind.ANSWER), ("instruction", SpanKind.INSTRUCTION)])
def test_doubt_makes_an_answer_of_a_request_but_not_of_words_to_whoever_marks(likelier: str, heard: SpanKind) -> None:
    odds = np.full((3, len(KINDS)), -9.0, dtype=np.float32)
    odds[:, ANSWER], odds[:, KINDS.index(SpanKind(likelier))] = -1.0, -0.5
    assert spans_from("one two three", words_of("one two three"), odds) == (Span(heard, 0, 13),)


def test_the_features_say_what_the_rules_heard_and_where_a_word_stands() -> None:
    text = "A hint? I split."
    ruled = (Span(SpanKind.HINT, 0, 7), Span(SpanKind.ANSWER, 8, 16))
    rows = features_of(text, words_of(text), ruled, own_round=True)
    assert rows.shape == (4, FEATURES)
    assert rows[:, HINT].tolist() == [1, 1, 0, 0]
    assert rows[:, SAID_SO].tolist() == [1, 1, 0, 0]
    assert set(rows[:, SAID_SO + 2]) == {1.0}
    assert (np.diff(rows[:, SAID_SO + 3]) > 0).all()
    assert (np.diff(rows[:, SAID_SO + 4]) < 0).all()


@pytest.mark.parametrize("words", [1, 2, 7, 40])
def test_numpy_computes_what_torch_learned_whatever_it_was_padded_to(words: int) -> None:
    import torch

    torch.manual_seed(words)
    network = _network(12).eval()
    rows = np.random.default_rng(words)
    states = rows.normal(size=(words, 12)).astype(np.float32)
    features = rows.random((words, FEATURES)).astype(np.float32)
    arrays = {f"0/{name}": weight.numpy().astype(np.float16) for name, weight in network.state_dict().items()}
    network.load_state_dict({name[2:]: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()})
    kinds = np.zeros(words, dtype=np.int64)
    longer = Example(
        np.ones((50, 12), dtype=np.float32), np.ones((50, FEATURES), dtype=np.float32), np.zeros(50, dtype=np.int64)
    )
    padded_states, padded_features, _, there = padded([Example(states, features, kinds), longer])
    with torch.no_grad():
        wanted = torch.log_softmax(logits_of(network, padded_states, padded_features, there)[0, :words], dim=1)
    found = SpanModel.from_arrays(arrays).of_parts(states, features, [slice(0, words)])[0]
    assert found == pytest.approx(wanted.numpy(), abs=1e-4)


@pytest.fixture(scope="module")
def packaged() -> SpanModel:
    return SpanModel.packaged()


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 30), min_size=1, max_size=6), seed=st.integers(0, 2**32 - 1))
def test_parts_read_at_once_are_read_as_each_by_itself(packaged: SpanModel, lengths: list[int], seed: int) -> None:
    rows = np.random.default_rng(seed)
    ends = list(itertools.accumulate(lengths))
    states = rows.normal(scale=0.05, size=(ends[-1], 384)).astype(np.float32)
    features = rows.random((ends[-1], FEATURES)).astype(np.float32)
    parts = [slice(0, ends[-1]), *(slice(end - length, end) for end, length in zip(ends, lengths, strict=True))]
    for part, found in zip(parts, packaged.of_parts(states, features, parts), strict=True):
        assert found == pytest.approx(
            packaged.of_parts(states[part], features[part], [slice(0, part.stop - part.start)])[0], abs=1e-4
        )


@pytest.mark.parametrize(
    ("round_slug", "kind", "heard"),
    [
        ("candidate-questions", CLARIFY, SpanKind.ASK),
        ("fundamentals", ASK, SpanKind.CLARIFY),
        ("fundamentals", ANSWER, SpanKind.ANSWER),
    ],
)
def test_a_question_belongs_to_its_round(round_slug: str, kind: int, heard: SpanKind) -> None:
    (span,) = Listener(letters, langid(), Says(kind)).listen("is it a big team", round_slug)
    assert span == Span(heard, 0, 16)


@pytest.mark.parametrize(("text", "heard"), [("is there a hint", SpanKind.HINT), ("a big team", SpanKind.ANSWER)])
def test_what_the_network_hears_has_to_have_its_words(text: str, heard: SpanKind) -> None:
    (span,) = Listener(letters, langid(), Says(HINT)).listen(text, "fundamentals")
    assert span == Span(heard, 0, len(text))


ASKS_AND_ANSWERS = "How many orders come in a day? I would start with a simple baseline."


@pytest.mark.parametrize(("kind", "heard"), [(ANSWER, SpanKind.ANSWER), (HINT, SpanKind.HINT)])
def test_asking_for_what_is_held_back_is_asking_whatever_the_network_says(kind: int, heard: SpanKind) -> None:
    listener = Listener(letters, langid(), Says(kind))
    asked, rest = listener.listen(ASKS_AND_ANSWERS, "high-level-design")
    assert (asked.kind, rest.kind) == (SpanKind.CLARIFY, heard)
    assert ASKS_AND_ANSWERS[asked.start : asked.end] == "How many orders come in a day?"
    assert [span.kind for span in listener.listen(ASKS_AND_ANSWERS, "fundamentals")] == [heard]


OWN = "That is fine with me. Tell me about the team. That's all I wanted to know."


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        (ANSWER, [SpanKind.ANSWER, SpanKind.ASK, SpanKind.ANSWER]),
        (ASK, [SpanKind.ASK, SpanKind.ANSWER]),
        (HINT, [SpanKind.HINT]),
    ],
)
def test_in_the_candidates_round_a_sentence_asks_or_ends_by_its_words(kind: int, heard: list[SpanKind]) -> None:
    spans = Listener(letters, langid(), Says(kind)).listen(OWN, "candidate-questions")
    assert [span.kind for span in spans] == heard
    assert (spans[0].start, spans[-1].end) == (0, len(OWN))
    assert [OWN[span.start : span.end].strip() for span in spans if span.kind is SpanKind.ASK][:1] in (
        [],
        ["Tell me about the team."],
        ["That is fine with me. Tell me about the team."],
    )
    assert SpanKind.ASK not in [span.kind for span in Listener(letters, langid(), Says(ANSWER)).listen(OWN, "llm")]


def test_nothing_and_another_language_need_no_network() -> None:
    listener = Listener(letters, langid(), Says(HINT))
    assert listener.listen("", "coding") == ()
    assert listener.listen(" \n", "llm") == ()
    german = "Die Skalierung wird nur auf den Trainingsdaten angepasst, sonst ist das Ergebnis falsch."
    assert [span.kind for span in listener.listen(german, "llm")] == [SpanKind.OTHER_LANGUAGE]


def test_a_long_turn_is_read_in_pieces_and_no_word_is_lost() -> None:
    text = " ".join(["because"] * (2 * WORDS_AT_ONCE + 5))
    heard = Listener(letters, langid(), Says(ANSWER)).hear(text)
    assert heard.states.shape == (2 * WORDS_AT_ONCE + 5, 1)
    # The last word has the full stop that the turn lacks; no other has one, wherever a piece ends.
    assert np.ptp(heard.states[:-1]) == 0
    assert heard.states[-1] != heard.states[0]
    assert np.ptp(Listener(letters, langid(), Says(ANSWER)).hear(f"{text} or?").states[:-1]) == 0


def test_answers_are_learned_as_answers_throughout() -> None:
    spoken = [
        SpokenAnswers(
            question="llm/x", answers=(SpokenAnswer(style="strong", text="It is so.\n", marks={"a": "shown"}),)
        )
    ]
    turn, hesitant = answers_to_learn(spoken)
    assert (turn.text, turn.round, turn.spans) == ("It is so.", "llm", (Span(SpanKind.ANSWER, 0, 9),))
    assert hesitant.text.endswith(" It is so.")
    assert hesitant.text.startswith(LEAD_INS)
    assert hesitant.spans == (Span(SpanKind.ANSWER, 0, len(hesitant.text)),)
