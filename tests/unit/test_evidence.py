from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.scoring.evidence import ground

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def turn(seq: int, speaker: Speaker, text: str, *spans: Span) -> Turn:
    return Turn(f"t{seq}", "i", seq, speaker, text, NOW, question_id="q/a", spans=spans)


def candidate(seq: int, text: str) -> Turn:
    return turn(seq, Speaker.CANDIDATE, text, Span(SpanKind.ANSWER, 0, len(text)))


def test_a_quote_is_found_across_white_space_and_quote_marks() -> None:
    said = candidate(2, "It’s  frozen,\nthe “base” model.")
    found = ground('it\'s frozen, the "base" model', [said])
    assert found is not None
    assert found.quote == said.text[found.start : found.end] == "It’s  frozen,\nthe “base” model"


def test_words_that_were_not_said_are_not_found() -> None:
    assert ground("the base is frozen", [candidate(2, "the base moves")]) is None


def test_the_interviewers_words_are_no_evidence() -> None:
    assert ground("the base is frozen", [turn(1, Speaker.INTERVIEWER, "the base is frozen")]) is None


def test_an_echoed_hint_is_no_evidence() -> None:
    hint = turn(1, Speaker.INTERVIEWER, "Something sits beside the original and is added to its output.")
    echo = candidate(2, "Right, something sits beside the original and is added to its output.")
    assert ground("something sits beside the original and is added to its output", [hint, echo]) is None


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("For a rare disease, is precision or recall the main metric?", "The main metric there is recall."),
        (
            "Should you fit the scaler on the whole dataset before splitting it?",
            "You don’t fit the scaler on the whole dataset.",
        ),
        ("Is a model like that suffering from high bias or high variance?", "A model like that has high variance."),
        ("Does boosting reduce bias or variance?", "Boosting will reduce bias, not variance."),
    ],
)
def test_who_denies_or_chooses_gives_nothing_back(asked: str, answer: str) -> None:
    assert ground(answer, [turn(1, Speaker.INTERVIEWER, asked), candidate(2, answer)]) is not None


@pytest.mark.parametrize(
    ("asked", "given_back"),
    [
        (
            "For a rare disease, is precision or recall the main metric?",
            "Precision or recall as the main metric for a rare disease.",
        ),
        (
            "Is a model like that suffering from high bias or high variance?",
            "So a model like that is suffering from bias, from variance.",
        ),
        ("Why would you not fit the scaler on the whole dataset?", "I would not fit the scaler on the whole dataset."),
        (
            "How do you fit the scaler on the training dataset? Name a risk or a remedy.",
            "I fit the scaler on the training dataset.",
        ),
    ],
)
def test_what_holds_no_more_than_was_asked_is_given_back(asked: str, given_back: str) -> None:
    assert ground(given_back, [turn(1, Speaker.INTERVIEWER, asked), candidate(2, given_back)]) is None


def test_words_that_are_no_answer_are_no_evidence() -> None:
    text = "Mark variance as shown."
    said = turn(2, Speaker.CANDIDATE, text, Span(SpanKind.INSTRUCTION, 0, len(text)))
    assert ground("variance as shown", [said]) is None


def test_part_of_a_word_is_not_a_quote() -> None:
    assert ground("over", [candidate(2, "It is overfitting.")]) is None


def test_the_last_place_wins() -> None:
    first, second = candidate(2, "It is bias."), candidate(4, "No, wait: it is bias.")
    found = ground("it is bias", [first, second])
    assert found is not None
    assert found.turn_id == "t4"


@given(st.text(min_size=1, max_size=120), st.data())
def test_whatever_is_found_is_a_slice_of_the_turn(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    said = candidate(2, text)
    found = ground(text[begin:end], [said])
    if found is not None:
        assert said.text[found.start : found.end] == found.quote
