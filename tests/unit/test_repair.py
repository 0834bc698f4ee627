"""Repairs: pieces give back what was said and what is added; the search keeps the best it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import Interview
from app.domain.score import CriterionState, Evidence, Score
from app.domain.transcript import MoveKind, Span, SpanKind, Turn
from app.material.corpus import Rubric, RubricCriterion
from app.material.entries import Criterion
from app.review.repair import Edit, PieceKind, Repairer, answer_for, repaired_turn
from tests.support.builders import NOW, QUESTION, a_move, a_score, a_turn, an_interview, an_interviewers_turn
from tests.support.material import a_criterion

pytestmark = pytest.mark.anyio
SHOWN, MISSED, WRONG = CriterionState.SHOWN, CriterionState.MISSED, CriterionState.CONTRADICTED


def text_of(pieces: Any, without: PieceKind) -> str:
    return "".join(piece.text for piece in pieces if piece.kind is not without)


def test_a_sentence_is_put_behind_another() -> None:
    turn = a_turn(text="We split late. Then we trained.")
    changed, pieces = repaired_turn(turn, [Edit("c", turn.id, 14, 14, "The rows were seen before.")])
    assert changed.text == "We split late. The rows were seen before. Then we trained."
    assert changed.answer_text() == changed.text
    assert [piece.kind for piece in pieces] == [PieceKind.SAID, PieceKind.ADDED, PieceKind.SAID]


def test_what_ends_without_a_full_stop_gets_one() -> None:
    turn = a_turn(text="we split late")
    changed, _ = repaired_turn(turn, [Edit("c", turn.id, 13, 13, "Rows were seen.")])
    assert changed.text == "we split late. Rows were seen."


def test_words_are_replaced_and_what_was_no_answer_stays_none() -> None:
    text = "The rows are fresh. Give me a hint."
    spans = (Span(SpanKind.ANSWER, 0, 19), Span(SpanKind.HINT, 19, len(text)))
    turn = a_turn(text=text, spans=spans)
    changed, pieces = repaired_turn(turn, [Edit("c", turn.id, 0, 19, "The rows were seen.")])
    assert changed.text == "The rows were seen. Give me a hint."
    assert changed.answer_text().strip() == "The rows were seen."
    assert [piece.kind for piece in pieces] == [PieceKind.REMOVED, PieceKind.ADDED, PieceKind.SAID]


@given(st.data())
def test_pieces_hold_what_was_said_and_what_is_added(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab. \n!é", min_size=1, max_size=60))
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edits = []
    for start, end in zip(places[::2], places[1::2], strict=False):
        edits.append(Edit("c", "turn-1", start, data.draw(st.sampled_from([start, end])), "X."))
    turn = a_turn(text=text)
    changed, pieces = repaired_turn(turn, edits)
    assert text_of(pieces, PieceKind.ADDED) == text
    assert text_of(pieces, PieceKind.REMOVED) == changed.text
    assert changed.answer_text() == changed.text
    assert all(text[piece.start : piece.end] == piece.text for piece in pieces if piece.kind is not PieceKind.ADDED)
    assert sum(piece.kind is PieceKind.ADDED for piece in pieces) == len(edits)


# --- which answer ---------------------------------------------------------------------------------------------------------------


def asked(seq: int, **changes: Any) -> Turn:
    move = a_move(kind=MoveKind.PROBE, criterion_id="c2")
    return an_interviewers_turn(
        id=f"asked-{seq}", seq=seq, move=move, created_at=NOW + timedelta(seconds=seq), **changes
    )


def test_a_sentence_belongs_to_the_answer_after_it_was_last_asked_for() -> None:
    turns = [asked(1), a_turn(id="one", seq=2), asked(3), a_turn(id="two", seq=4), a_turn(id="three", seq=6)]
    missed = replace(a_score().criteria[1], state=MISSED, asked_in=("asked-1", "asked-3"))
    found = answer_for(turns, QUESTION, missed, first=False)
    assert found is not None
    assert found.id == "two"
    first = answer_for(turns, QUESTION, missed, first=True)
    assert first is not None
    assert first.id == "one"
    wrong = replace(missed, state=WRONG, evidence=(Evidence("x", "three", 0, 1),))
    said = answer_for(turns, QUESTION, wrong, first=False)
    assert said is not None
    assert said.id == "three"


def test_there_is_nothing_to_repair_where_nothing_was_answered() -> None:
    hint = a_turn(spans=(Span(SpanKind.HINT, 0, 5),), text="Hint?")
    assert answer_for([asked(1), hint], QUESTION, a_score().criteria[1], first=False) is None


# --- the search -----------------------------------------------------------------------------------------------------------------


def rubric(*criteria: dict[str, Any]) -> Rubric:
    parts = tuple(RubricCriterion(Criterion.model_validate(each)) for each in criteria)
    return Rubric(QUESTION, 1, "ab" * 32, "fundamentals", parts)


def score_of(turns: Sequence[Turn], phrases: dict[str, str]) -> Score:
    """A criterion is shown where its phrase was said, and missed elsewhere."""
    said = " ".join(turn.answer_text() for turn in turns)
    base = a_score().criteria[1]
    return a_score(
        criteria=tuple(
            replace(
                base,
                criterion_id=name,
                state=SHOWN if phrase in said else MISSED,
                evidence=(Evidence(phrase, "turn-1", 0, 1),) if phrase in said else (),
            )
            for name, phrase in phrases.items()
        )
    )


def repairer(phrases: dict[str, str], tried: list[str]) -> Repairer:
    async def score(interview: Interview, turns: Sequence[Turn], question_id: str) -> Score:
        tried.append(turns[-1].text)
        return score_of(turns, phrases)

    async def likeness(texts: Sequence[str], others: Sequence[str]) -> Any:
        return np.zeros((len(texts), len(others)), dtype=np.float32)

    return Repairer(score, likeness)


async def test_another_way_is_tried_where_one_does_not_earn_it() -> None:
    turns = [asked(1), a_turn(seq=2, text="We split.")]
    phrases = {"names-the-cause": "also train"}
    tried: list[str] = []
    made = await repairer(phrases, tried).repair(an_interview(), turns, score_of(turns, phrases), rubric(a_criterion()))
    assert made is not None
    assert made.exact
    assert tried[1:] == [
        "We split. The test rows were in training.",
        "We split. Seen before.",
        "We split. Test row is also train row.",
    ]
    assert made.additions[0].sentence == "Test row is also train row."


async def test_what_moves_another_where_it_stands_is_tried_at_the_end() -> None:
    turns = [asked(1), a_turn(seq=2, text="We split. Then we trained.")]
    phrases = {"names-the-cause": "were in training", "other": "We split. Then"}

    async def likeness(texts: Sequence[str], others: Sequence[str]) -> Any:
        return np.array([[0.9], [0.3]], dtype=np.float32)

    tried: list[str] = []
    mending = replace(repairer(phrases, tried), likeness=likeness)
    both = rubric(a_criterion(), a_criterion("other"))
    made = await mending.repair(an_interview(), turns, score_of(turns, phrases), both)
    assert made is not None
    assert made.exact
    assert tried[1:] == [
        "We split. The test rows were in training. Then we trained.",
        "We split. Then we trained. The test rows were in training.",
    ]


async def test_what_cannot_be_earned_is_said() -> None:
    turns = [asked(1), a_turn(seq=2, text="We split.")]
    phrases = {"names-the-cause": "nobody says this"}
    made = await repairer(phrases, []).repair(an_interview(), turns, score_of(turns, phrases), rubric(a_criterion()))
    assert made is not None
    assert (made.exact, made.fails_to_earn, made.earns) == (False, ("names-the-cause",), ())


async def test_a_way_that_earns_something_else_too_gives_way_to_another() -> None:
    turns = [asked(1), a_turn(seq=2, text="We split.")]
    phrases = {"names-the-cause": "before", "other": "training"}
    score = score_of(turns, phrases)
    never = replace(score.criteria[1], state=CriterionState.NOT_ASSESSED)
    tried: list[str] = []
    both = rubric(a_criterion(shown_by=["Seen before.", "In training before.", "Known before."]), a_criterion("other"))
    made = await repairer(phrases, tried).repair(
        an_interview(), turns, replace(score, criteria=(score.criteria[0], never)), both
    )
    assert made is not None
    assert made.additions[0].sentence == "Seen before."
    assert made.exact


async def test_nothing_lacking_is_nothing_to_repair_and_tests_are_not_mended_with_words() -> None:
    turns = [asked(1), a_turn(seq=2, text="We split.")]
    phrases = {"names-the-cause": "split"}
    tried: list[str] = []
    mending = repairer(phrases, tried)
    assert await mending.repair(an_interview(), turns, score_of(turns, phrases), rubric(a_criterion())) is None
    by_tests = rubric(a_criterion(evidence="tests"))
    assert await mending.repair(an_interview(), turns, score_of(turns, {"names-the-cause": "x"}), by_tests) is None
    assert tried == []


async def test_a_repair_is_made_once() -> None:
    turns = [asked(1), a_turn(seq=2, text="We split.")]
    phrases = {"names-the-cause": "training"}
    tried: list[str] = []
    mending = repairer(phrases, tried)
    first = await mending.repair(an_interview(), turns, score_of(turns, phrases), rubric(a_criterion()))
    count = len(tried)
    assert await mending.repair(an_interview(), turns, score_of(turns, phrases), rubric(a_criterion())) == first
    assert len(tried) == count
