"""Places that persons mark, and labels made of what they say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import PlaceInvalid
from app.domain.remarks import LabellerRole, Override
from app.domain.score import CriterionState
from app.domain.transcript import Span, SpanKind
from app.review.labels import answer_of, labels, latest
from app.review.marked_words import marked, marked_answer
from tests.support.builders import NOW, QUESTION, a_turn, an_interviewers_turn

TURN = a_turn(text="I think it's X. Could I have a hint?", code="x = 1")


def an_override(number: int = 1, **changes: Any) -> Override:
    made = Override(
        f"o{number}", "interview-1", QUESTION, "c2", "Names a remedy.", CriterionState.SHOWN, "It does.", LabellerRole.PEER, "",
        "", 0, 0, "", CriterionState.MISSED, NOW + timedelta(minutes=number),
    )  # fmt: skip
    return replace(made, **changes)


def test_words_code_or_a_whole_turn_can_be_marked() -> None:
    assert marked([TURN], TURN.id, 0, 7).quote == "I think"
    assert marked([TURN], TURN.id, 0, 5, in_code=True).quote == "x = 1"
    assert marked([TURN], TURN.id, None, None).quote is None


@given(st.integers(-5, 60), st.integers(-5, 60), st.booleans())
def test_what_is_marked_is_there_or_refused(start: int, end: int, in_code: bool) -> None:
    text = TURN.code if in_code else TURN.text
    try:
        found = marked([TURN], TURN.id, start, end, in_code=in_code)
    except PlaceInvalid:
        assert not 0 <= start < end <= len(text)
        return
    assert found.quote
    assert found.quote == text[start:end]


@pytest.mark.parametrize(
    ("turn_id", "start", "end", "in_code"),
    [("other", 0, 1, False), (TURN.id, 0, None, False), (TURN.id, None, 1, False), (TURN.id, None, None, True)],
)
def test_half_a_place_is_none(turn_id: str, start: int | None, end: int | None, in_code: bool) -> None:
    with pytest.raises(PlaceInvalid):
        marked([TURN], turn_id, start, end, in_code=in_code)


def test_an_answer_is_the_candidates_own_on_the_question() -> None:
    asked = an_interviewers_turn(id="asked", seq=0, question_id=QUESTION)
    assert marked_answer([asked, TURN], QUESTION, TURN.id, 0, 7).quote == "I think"
    with pytest.raises(PlaceInvalid, match="not the candidate's"):
        marked_answer([asked, TURN], QUESTION, "asked", 0, 3)
    with pytest.raises(PlaceInvalid, match="do not belong"):
        marked_answer([asked, TURN], "fundamentals/other", TURN.id, 0, 3)


def test_only_answers_are_in_the_answer_of_a_label() -> None:
    hint = TURN.text.index("Could")
    spans = (Span(SpanKind.ANSWER, 0, hint), Span(SpanKind.HINT, hint, len(TURN.text)))
    second = a_turn(id="t2", seq=3, text="And Y.", spans=())
    assert answer_of([replace(TURN, spans=spans), an_interviewers_turn(seq=2), second]) == "I think it's X.\nAnd Y."
    silent = replace(TURN, spans=(Span(SpanKind.HINT, 0, len(TURN.text)),))
    assert answer_of([silent]) == "x = 1", "the code, where there are no words"


def test_the_latest_word_of_each_person_counts() -> None:
    first = an_override(1)
    every = [
        first,
        an_override(2, by="Anna"),
        an_override(3, state=CriterionState.PARTLY),
        an_override(4, criterion_id="c3"),
    ]
    assert latest(every) == {"o2", "o3", "o4"}
    assert [each.label for each in labels(every, [])] == ["shown", "partly", "shown"]


@given(st.text(max_size=60))
def test_a_label_is_one_line_whatever_was_said(said: str) -> None:
    (label,) = labels([an_override(why=said, by=said)], [a_turn(text=said or "x", spans=())])
    line = label.line()
    assert "\n" not in line
    assert json.loads(line)["why"] == said
    assert json.loads(line)["source"] == "human"
