from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passage import Passage
from app.retrieval.chunking import MAX_PIECES, MAX_WORDS, chunk, pieces, searched, whole_id

WORDS = st.sampled_from(
    ["loss", "gradient", "x_1^2,", "e.g.", "3.14159", "overfitting.", "naïve", "(a)", "why?", "- b;"]
)
PROSE = st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\n", "\n\n"])), min_size=1, max_size=600).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
TEXTS = st.one_of(PROSE, st.text(max_size=2000), st.text(alphabet="ab\n .", max_size=1500)).filter(str.strip)


def a_passage(text: str) -> Passage:
    return Passage(id="note#part", source="concepts/note.md", kind="concept", text=text, topics=("t",), secret=True)


def sentences(count: int) -> str:
    return " ".join(f"This is sentence {number} of a passage, and it has twelve words." for number in range(count))


def test_a_passage_of_the_full_length_is_left_whole() -> None:
    passage = a_passage(" ".join(["word"] * MAX_WORDS))
    assert [(c.passage, c.start, c.end) for c in chunk(passage)] == [(passage, 0, len(passage.text))]


def test_one_word_more_makes_two_numbered_parts_that_keep_the_rest() -> None:
    first, second = chunk(a_passage(" ".join(["word"] * (MAX_WORDS + 1))))
    assert (first.passage.id, second.passage.id) == ("note#part~1", "note#part~2")
    assert second.passage.topics == ("t",)
    assert second.passage.secret
    assert whole_id(second.passage.id) == "note#part"


def test_cuts_fall_between_sentences_and_the_parts_are_about_equal() -> None:
    parts = chunk(a_passage(sentences(20)))
    assert len(parts) == 2
    assert all(part.passage.text.startswith("This is") and part.passage.text.endswith(".") for part in parts)
    lengths = [len(part.passage.text.split()) for part in parts]
    assert min(lengths) > 0.7 * max(lengths)


def test_few_words_of_many_pieces_are_cut_too() -> None:
    text = " ".join(["f(x_1)=e^{-x/2};"] * 60)
    assert pieces(text) > MAX_PIECES
    assert len(chunk(a_passage(text))) > 1


def test_a_word_without_end_is_cut() -> None:
    assert len(chunk(a_passage("x" * 5000))) > 1


@pytest.mark.parametrize(
    ("text", "expected"), [("loss", 1), ("gradients", 3), ("a_b", 3), ("1e-9", 4), ("学习", 2), (" ", 0)]
)
def test_pieces(text: str, expected: int) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_passage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        chunk(a_passage(text))


def test_an_id_that_looks_like_a_chunk_is_refused() -> None:
    with pytest.raises(ValueError, match="~"):
        chunk(Passage(id="note#part~2", source="", kind="concept", text="words"))


@given(TEXTS)
def test_offsets_slice_back_and_nothing_but_white_space_is_lost(text: str) -> None:
    cursor = 0
    for part in chunk(a_passage(text)):
        assert text[part.start : part.end] == part.passage.text
        assert not text[cursor : part.start].strip()
        assert part.start >= cursor
        cursor = part.end
    assert not text[cursor:].strip()


@given(TEXTS)
def test_every_part_can_be_read_whole(text: str) -> None:
    for part in chunk(a_passage(text)):
        assert part.passage.text.strip()
        assert len(part.passage.text.split()) <= MAX_WORDS
        assert pieces(part.passage.text) <= MAX_PIECES


@given(TEXTS)
def test_ids_are_unique_and_lead_back_to_the_passage(text: str) -> None:
    ids = [part.passage.id for part in chunk(a_passage(text))]
    assert len(set(ids)) == len(ids)
    assert {whole_id(passage_id) for passage_id in ids} == {"note#part"}


def test_the_heading_is_read_before_the_text_and_gives_way_to_it() -> None:
    headed = replace(a_passage("Each point joins the nearest center."), heading="K-means clustering: the loop")
    assert searched(headed) == "K-means clustering: the loop. Each point joins the nearest center."
    assert searched(a_passage("Bare.")) == "Bare."
    full = replace(a_passage(" ".join(["loss"] * MAX_WORDS)), heading="word " * 500)
    assert searched(full).endswith(full.text)
    assert len(searched(full)) > len(full.text)


@given(TEXTS, st.text(alphabet="ab _;é\n", max_size=1500))
def test_what_is_read_always_fits_the_model(text: str, heading: str) -> None:
    for part in chunk(replace(a_passage(text), heading=heading)):
        assert pieces(searched(part.passage)) <= MAX_PIECES
