"""Words as the search knows them, and what a query can and cannot do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import MAX_WORD, Term, cut, places, snippet, understood

TEXT = "I compared K-Means with a café's naïve baseline; train_test_split was overfitting."


def _found(query: str, text: str = TEXT) -> list[str]:
    return [text[place.start : place.end] for place in places(text, understood(query))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("overfit", ["overfitting"]),
        ("OVERFITS", ["overfitting"]),
        ("cafe", ["café"]),
        ("naive baselines", ["naïve", "baseline"]),
        ("cafe\u0301", ["café"]),
        ("k-means", ["K-Means"]),
        ('"k means"', ["K-Means"]),
        ('"means k"', []),
        ("train_test_split", ["train_test_split"]),
        ('"test split', ["test_split"]),
        ("overfitt*", ["overfitting"]),
        ("base*", ["baseline"]),
        ("k-mea*", ["K-Means"]),
        ("*", []),
        ('" "', []),
        ("%_'; DROP TABLE turns; --", []),
    ],
)
def test_what_a_query_finds(query: str, found: list[str]) -> None:
    assert _found(query) == found


def test_a_query_is_understood_as_terms_and_each_counts_once() -> None:
    assert understood('leakage LEAKAGE "data leakage" leak*') == (
        Term(("leakag",)),
        Term(("data", "leakag")),
        Term(("leak",), beginning=True),
    )
    assert [term.said for term in understood('"data  Leakages" leak*')] == ["data  Leakages", "leak*"]


@pytest.mark.parametrize("query", ["", "   ", '"', '""', "***", "😀", "NEAR(", "(", "\u0301", "^:{}"])
def test_a_query_without_words_asks_for_nothing_or_for_plain_words(query: str) -> None:
    assert all(word.isalnum() for term in understood(query) for word in term.words)


@given(st.text(max_size=200))
def test_letters_and_digits_are_all_that_comes_through(query: str) -> None:
    for term in understood(query):
        assert term.words
        for word in term.words:
            assert word
            assert word.isalnum()
            assert len(word) <= MAX_WORD


@given(st.text(max_size=200))
def test_words_have_their_places_in_order(text: str) -> None:
    last = 0
    for word in cut(text):
        assert last <= word.start < word.end <= len(text)
        assert not text[word.start : word.end].isspace()
        last = word.end


@given(st.text(min_size=1, max_size=200))
def test_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    for word in cut(text):
        own = text[word.start : word.end]
        assert (word.start, word.end) in places(text, understood(own)) or any(
            place.start <= word.start and word.end <= place.end for place in places(text, understood(own))
        )


@given(st.text(max_size=900), st.text(max_size=12))
def test_a_snippet_is_a_stretch_of_its_text_that_holds_the_first_thing_found(text: str, query: str) -> None:
    found = places(text, understood(query))
    start, end = snippet(text, found)
    assert 0 <= start <= end <= len(text)
    if found:
        assert any(start <= place.start and place.end <= end for place in found)
    elif text:
        assert start == 0


def test_a_long_turn_is_shown_where_most_of_the_words_stand() -> None:
    text = "leakage once. " + "filler words here " * 60 + "the leakage in the data, a leakage of time. " + "end " * 80
    start, end = snippet(text, places(text, understood("leakage data")))
    assert "leakage in the data, a leakage" in text[start:end]
    assert end - start <= 260
    assert not text[start - 1].isalnum()
