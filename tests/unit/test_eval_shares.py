"""What evaluations tell as a share is a share of what was tried, and 1 only where nothing failed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.score import CriterionState
from app.review.repair import Repair
from evals.bench import first_words
from evals.judging import battery, repaired
from evals.shares import share


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_one_only_where_it_is_all(part: int, whole: int) -> None:
    found = share(min(part, whole), whole)
    assert found is not None
    assert (found == 1.0) is (part >= whole)
    assert found == pytest.approx(min(part, whole) / whole, abs=0.0011)


def test_one_that_fails_among_thousands_is_seen() -> None:
    assert share(2324, 2325) == 0.999
    assert share(9999, 10_000, digits=4) == 0.9999
    assert share(99_999, 100_000, digits=4) == 0.9999
    assert share(2, 3) == 0.667
    assert share(0, 0) is None


def an_outcome(credited: Sequence[str], quoted: Sequence[str]) -> battery.Outcome:
    case = battery.Case("nothing", "q", "text")
    states = dict.fromkeys(("a", "b", "c"), CriterionState.MISSED)
    return battery.Outcome(case, 1, states, {}, "", quoted=frozenset(quoted), credited=frozenset(credited))


def test_quotes_are_counted_by_the_credit_that_stands_on_them() -> None:
    empty = [an_outcome((), ())] * 2000
    found = battery.figures([*empty, an_outcome("abc", "abc"), an_outcome("a", "")], [])
    assert found["quotes_stand"] == {"n": 4, "share": 0.75}


def a_case(lacking: int, *earns: str, fails: Sequence[str] = (), made: bool = True) -> repaired.Case:
    repair = Repair("q", (), (), tuple(earns), tuple(fails), (), (), "compact") if made else None
    return repaired.Case("q", "middling", "text", lacking, repair, 0.1, 0.1)


def test_what_a_repair_never_tried_is_missed_too() -> None:
    cases = [a_case(2, "a", "b"), a_case(3, "a", "b"), a_case(2, made=False), a_case(2, "a", fails=["b"])]
    found = repaired.figures(cases)
    assert (found["missed_criteria"], found["never_tried"]) == (9, 3)
    assert found["flipped"] == share(5, 9)
    assert found["exact"] == 0.25
    assert [repaired.row_of(case)["exact"] for case in cases] == [True, False, False, False]


def streamed(*events: Mapping[str, object]) -> httpx2.Client:
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    answer = httpx2.MockTransport(lambda _: httpx2.Response(200, text=body))
    return httpx2.Client(transport=answer, base_url="http://viva")


def test_a_reply_without_a_visible_word_is_no_wait_of_nothing() -> None:
    delta = {"event": "turn.delta", "text": "And then?"}
    completed = {"event": "turn.completed", "turn": {"seq": 3}, "interview_state": "open"}
    with streamed(delta, completed) as http:
        first, whole, turn = first_words(http, "i", "It leaked.")
    assert 0 < first <= whole
    assert turn == {"seq": 3, "state": "open"}
    with streamed(completed) as http, pytest.raises(RuntimeError, match="before any word"):
        first_words(http, "i", "It leaked.")
    with streamed(delta) as http, pytest.raises(RuntimeError, match="never completed"):
        first_words(http, "i", "It leaked.")
