from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sentences import words
from app.scoring.reference_model import CHUNK_WORDS, NOTHING_AT, VOICES, ReferenceScorer, Vectors, share_of
from tests.support.embedders import word_pieces

REFERENCE = "Momentum smooths noisy gradients. Warmup protects early steps."


class Pieces:
    """Remembers the longest text it was given."""

    def __init__(self) -> None:
        self.longest = 0

    def __call__(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        self.longest = max(self.longest, *(len(text.split()) for text in texts))
        return word_pieces(texts)


def test_the_more_of_a_reference_is_said_the_more_it_counts() -> None:
    scorer = ReferenceScorer(Pieces())
    shares = [
        scorer.share(REFERENCE, answer).p
        for answer in ("Giraffes eat leaves.", "Momentum smooths noisy gradients.", REFERENCE)
    ]
    assert shares == sorted(set(shares))
    assert scorer.share(REFERENCE, "I guess. Warmup protects early steps.").evidence == "Warmup protects early steps."


def test_what_the_question_says_already_earns_less_than_what_it_does_not() -> None:
    scorer = ReferenceScorer(Pieces())
    asked = "What do noisy gradients need?"
    given_back = scorer.voices(REFERENCE, "Noisy gradients.", asked)["pieces"]
    own = scorer.voices(REFERENCE, "Momentum smooths.", asked)["pieces"]
    assert own > given_back
    assert scorer.voices(REFERENCE, "Noisy gradients.")["pieces"] == pytest.approx(
        scorer.voices(REFERENCE, "Momentum smooths.")["pieces"], abs=0.15
    )


def test_a_slip_of_the_pen_is_half_forgiven() -> None:
    voices = ReferenceScorer(Pieces()).voices("gradients", "gradeints")
    assert voices["words"] == 0.0
    assert 0.0 < voices["letters"] < 1.0


@pytest.mark.parametrize("blank", ["", " ", "...", "?!"])
def test_a_blank_answer_has_no_share(blank: str) -> None:
    share = ReferenceScorer(Pieces()).share(REFERENCE, blank)
    assert (share.p, share.evidence) == (0.0, "")


def test_long_texts_are_read_in_pieces_that_the_embedder_can_hold() -> None:
    pieces = Pieces()
    ReferenceScorer(pieces).share(" ".join(f"term{n}" for n in range(700)), "word " * 400)
    assert pieces.longest == CHUNK_WORDS


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=50))
def test_whatever_the_texts_the_share_is_a_share(reference: str, answer: str, question: str) -> None:
    scorer = ReferenceScorer(Pieces())
    if words(reference):
        assert 0.0 <= scorer.share(reference, answer, question).p <= 1.0
        if words(answer):
            voices = scorer.voices(reference, answer, question)
            assert set(voices) == set(VOICES)
            assert all(0.0 <= value <= 1 + 1e-6 for value in voices.values())


@given(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5))
def test_who_is_above_whom_does_not_change_and_a_share_begins_at_nothing(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert share_of(low) <= share_of(high)
    if high - low > 1e-6 and low >= 0 and high <= 1:
        assert share_of(low) < share_of(high)
    assert (share_of(0), share_of(1)) == (0, 1)
    assert share_of(NOTHING_AT) < 0.05
