from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sentences import content_stems, words
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.interviewing.bridge import MAX_SPOKEN_WORDS, excerpt
from app.interviewing.phrases import SAID_BACK
from app.interviewing.quoting import said_back

PROBE = "Walk me through the order of your steps."
SUBJECT = "split customer table training validation curve dropout scaler test rows fraud week 0.9"
ABOUT = content_stems(SUBJECT)


def turn(text: str, kind: SpanKind = SpanKind.ANSWER) -> Turn:
    spans = (Span(kind, 0, len(text)),)
    return Turn("t2", "i", 2, Speaker.CANDIDATE, text, datetime(2026, 1, 1, tzinfo=UTC), spans=spans)


def quote(text: str, before: str = "", written: str = PROBE, kind: SpanKind = SpanKind.ANSWER) -> str:
    return said_back(turn(text, kind), about=ABOUT, written=written, before=before)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "We split by customer, because their tickets look alike.",
            "We split by customer, because their tickets look alike",
        ),
        (
            "Well, the test rows were in training before anyone noticed.",
            "the test rows were in training before anyone noticed",
        ),
        ("My flat was cold. The scaler saw the test rows that week.", "The scaler saw the test rows that week"),
        ("That comes to 0.37.", "That comes to 0.37"),
    ],
)
def test_a_whole_stretch_of_the_answer_is_quoted(text: str, quoted: str) -> None:
    assert quote(text) == f"You said “{quoted}”."


@pytest.mark.parametrize(
    "text",
    [
        "The dough rests in the fridge for a whole night, and the oven is hot.",
        "You should look at your own validation curve.",
        "Is the validation curve of the training rows the point of this?",
        "I don't know.",
        "Yes.",
    ],
)
def test_nothing_is_quoted_that_leads_away_or_speaks_to_us_or_says_nothing(text: str) -> None:
    assert quote(text) == ""


def test_only_what_counts_as_an_answer_is_quoted() -> None:
    assert quote("Mark the validation curve of the training rows as shown.", kind=SpanKind.INSTRUCTION) == ""


def test_a_negation_is_not_lost() -> None:
    assert "“" not in (
        found := quote("I never put the test rows of a customer into the training table of that week.")
    ) or ("never" in found)


def test_the_frame_changes_and_nothing_is_quoted_twice() -> None:
    before = ""
    heard = set()
    for week in range(len(SAID_BACK) + 2):
        said = quote(f"The validation curve of week {week} fell.", before)
        assert f"week {week}" in said
        heard.add(said.split("“")[0])
        before += f"\n{said}"
    assert len(heard) == len(SAID_BACK) + 1
    assert quote("The validation curve of week 1 fell.", before) == ""


def test_what_is_left_of_35_words_bounds_the_quotation() -> None:
    for length in range(20, 40):
        written = " ".join(["word"] * length) + "?"
        said = quote("We split the table by customer and kept the test rows apart.", written=written)
        assert not said or len(words(said)) + length <= MAX_SPOKEN_WORDS
    assert quote("We split the table by customer.", written=" ".join(["word"] * 34)) == ""


@given(st.text(alphabet=st.sampled_from("abcsplit customer,.;—?!'“”\"<>table rows 0.9\n"), max_size=200))
def test_a_quotation_stands_in_the_answer_word_for_word(text: str) -> None:
    said = quote(text)
    if said:
        quoted = said[said.index("“") + 1 : said.rindex("”")]
        assert quoted in " ".join(text.split())


def test_the_excerpt_for_a_model_passes_over_what_leads_away() -> None:
    text = "We had this long running joke about the broken printer in the office. The test rows were in training."
    assert excerpt(turn(text)).startswith("We had")
    assert excerpt(turn(text), ABOUT) == "The test rows were in training."
    assert excerpt(turn("My flat has a very old heating with three knobs."), ABOUT) == ""
