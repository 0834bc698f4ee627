from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sentences import sentences
from app.scoring.wording import Told, told


def of(statement: str, answer: str) -> Told | None:
    found = told(statement, [part.text for part in sentences(answer)])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("Merge sort is stable.", "merge sort is stable"),
        ("Writes go to a single leader.", "We have three zones. Well, writes go to a single leader, I think."),
        ("The cache is not told about writes.", "So the cache is not told about writes."),
    ],
)
def test_what_stands_there_word_for_word_is_said(statement: str, answer: str) -> None:
    assert of(statement, answer) is Told.SAID


@pytest.mark.parametrize(
    "answer",
    [
        "It's wrong that merge sort is stable.",
        "Merge sort is stable?",
        "I'm not sure that merge sort is stable.",
        "You could ask whether merge sort is stable.",
    ],
)
def test_what_is_denied_asked_or_left_open_is_not_said(answer: str) -> None:
    assert of("Merge sort is stable.", answer) is not Told.SAID


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        (
            "The bridge was closed after an inspection found cracks.",
            "The inspection found no cracks, so the bridge stayed open.",
        ),
        ("The tests cover negative numbers.", "Honestly, there isn't a test with negative numbers."),
        ("The candidate did not blame anybody.", "The candidate did blame somebody."),
    ],
)
def test_a_negation_too_many_denies(statement: str, answer: str) -> None:
    assert of(statement, answer) is Told.DENIED


@pytest.mark.parametrize(
    "answer",
    [
        "We fit the scaler on nothing but the training rows.",
        "The scaler is fitted on training rows, not on the test rows.",
        "The scaler was fitted on the training rows and not on all of them.",
        "We didn't just fit the scaler on the training rows.",
    ],
)
def test_what_is_only_set_against_it_denies_nothing(answer: str) -> None:
    assert of("The scaler is fitted on the training rows.", answer) is not Told.DENIED


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("The heart has four chambers.", "It has three chambers."),
        ("The peak load is 2,000 requests per second.", "Our peak is two hundred requests a second."),
        ("The tenant gives three months' notice.", "The tenant's notice is two weeks."),
        ("Events are deleted after 30 days.", "We keep events for a while. They're deleted after ten years."),
    ],
)
def test_another_number_of_the_same_thing_is_told(statement: str, answer: str) -> None:
    assert of(statement, answer) is Told.OTHER_NUMBER


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("The tenant gives three months' notice.", "The tenant has to give about 90 days of notice."),
        ("The peak load is 2,000 requests per second.", "At the busiest minute it's two thousand requests a second."),
        ("The heart has four chambers.", "Two atria and two ventricles."),
        (
            "Events are deleted after 30 days.",
            "The job that deletes events runs for 20 minutes and then again for 5 minutes.",
        ),
        ("All pictures of one person are on one side.", "I divided 1,300 persons and all of their pictures."),
        ("There are at least 3 replicas.", "We run five replicas."),
    ],
)
def test_the_same_number_otherwise_written_or_of_something_else_is_no_other_one(statement: str, answer: str) -> None:
    assert of(statement, answer) is not Told.OTHER_NUMBER


def test_the_sentence_that_tells_it_is_named() -> None:
    said = ["I like trees.", "It has three chambers.", "And a valve."]
    assert told("The heart has four chambers.", said) == (Told.OTHER_NUMBER, 1)


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=80), max_size=4))
def test_whatever_the_texts_the_place_is_one_of_the_sentences(statement: str, said: list[str]) -> None:
    found = told(statement, said)
    assert found is None or 0 <= found[1] < len(said)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("The reviewer was 28 years old.", "The reviewer was suspended for one week."),
        (
            "The returns came back on Thursday.",
            "Whoever ran the warehouse does not believe that the returns which came back on Thursday night had been checked by anybody.",
        ),
    ],
)
def test_an_age_is_no_duration_and_a_negation_about_something_else_denies_nothing(
    statement: str, sentence: str
) -> None:
    assert told(statement, [sentence]) is None
