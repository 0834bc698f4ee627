"""Places of a transcript in an address, marks on text, stretches that can be chosen, and where a chart's marks lie."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import across, level_row, plot_y, progress_plot, time_line
from app.web.marking import Unclear, chosen, selected
from app.web.places import MAX_PLACES, Mark, Place, pieces, read, span, stretches, transcript, write
from app.web.report import MAX_DRILLED, to_drill
from app.web.words import clock

places = st.builds(
    lambda seq, start, length, code: {"seq": seq, "start": start, "end": start + length, "in_code": code},
    st.integers(1, 999),
    st.integers(0, 9999),
    st.integers(1, 500),
    st.booleans(),
)
marks = st.builds(Mark, st.integers(-5, 60), st.integers(-5, 60), st.sampled_from(["shown", "note", "word"]))


@given(st.lists(places, max_size=40))
def test_what_is_written_is_read(refs: list[dict[str, Any]]) -> None:
    assert {(int(each.turn), each.start, each.end, each.in_code) for each in read(write(refs))} == {
        (each["seq"], each["start"], each["end"], each["in_code"]) for each in refs
    }


@given(st.text(max_size=200))
def test_any_address_is_read_without_a_fault(written: str) -> None:
    assert len(read(written)) <= MAX_PLACES


def test_an_address_of_places() -> None:
    assert read("3.5-9,x,2c.0-4,3.9-5,3.5-9") == (Place("3", 5, 9), Place("2", 0, 4, True))
    refs = [{"seq": 3, "start": 5, "end": 9}, {"seq": 3, "start": 7, "end": 7}]
    assert transcript(refs, "abc") == "/interviews/abc/transcript?words=3.5-9#w1"
    assert transcript([], "abc") == ""
    quote = {"turn_id": "c" * 32, "start": 0, "end": 4, "in_code": True, "quote": "x = "}
    assert read(write([quote, quote])) == (Place("c" * 32, 0, 4, True),)


@given(st.text(max_size=50), st.lists(marks, max_size=8))
def test_pieces_are_the_text_and_each_mark_covers_its_own(text: str, on: list[Mark]) -> None:
    cut = pieces(text, on)
    assert "".join(piece.text for piece in cut) == text
    for number, mark in enumerate(on):
        alone = pieces(text, [Mark(mark.start, mark.end, mark.kind, str(number))])
        covered = "".join(piece.text for piece in alone if piece.marks)
        assert covered == text[max(0, mark.start) : max(0, mark.end)]
    assert sum(len(piece.opens) for piece in cut) == sum(len(piece.closes) for piece in cut)


@given(st.text(max_size=400))
def test_every_word_can_be_chosen_and_nothing_else(text: str) -> None:
    cut = stretches(text)
    assert all(text[each.start : each.end] == each.text and each.text.strip() for each in cut)
    assert all(one.end <= other.start for one, other in itertools.pairwise(cut))
    left = list(text)
    for each in cut:
        left[each.start : each.end] = " " * (each.end - each.start)
    assert not "".join(left).strip()


def test_a_long_sentence_can_be_chosen_in_parts() -> None:
    text = "I split by time first, because the rows of one shop are alike and a random split would mix them; then I scale. Done!"
    assert [each.text for each in stretches(text)] == [
        "I split by time first, because the rows of one shop are alike and a random split would mix them;",
        "then I scale.",
        "Done!",
    ]


def test_from_the_first_to_the_last_that_was_checked() -> None:
    assert chosen(["t1 40-55", "t1 3-9"]) == ("t1", 3, 55)
    for wrong in ([], ["t1 3-9", "t2 3-9"], ["t1 9-3"], ["t1 x-y"], ["t1"]):
        with pytest.raises(Unclear):
            chosen(wrong)
    assert span(["²-9"]) is None


def test_words_of_an_address_must_be_there() -> None:
    turns = [{"id": "a", "seq": 2, "text": "I was there", "code": "x = 1"}]
    found = selected(turns, "a", 2, 5)
    assert found is not None
    assert found.quote == "was"
    in_code = selected(turns, "a", 0, 1, in_code=True)
    assert in_code is not None
    assert in_code.quote == "x"
    for place in [("b", 2, 5), ("a", 5, 2), ("a", 2, 50), ("a", None, 5)]:
        assert selected(turns, *place) is None


def test_levels_lie_on_their_ticks() -> None:
    assert level_row(None).at is None
    row = level_row(2.0, 1.0, 4.0)
    assert row.low is not None
    assert row.high is not None
    assert row.at == across(0.5) == 50.0
    assert row.low < 50.0 < row.high <= 100.0
    assert level_row(3.0).width == 0


def _turns(gaps_s: list[float]) -> list[dict[str, Any]]:
    now, turns = datetime(2026, 11, 21, 9, tzinfo=UTC), []
    for number, gap in enumerate(gaps_s):
        now += timedelta(seconds=gap)
        speaker = "candidate" if number % 2 else "interviewer"
        move = None if number % 2 else {"kind": "probe" if number % 4 else "ask", "round": "fundamentals"}
        turns.append(
            {
                "seq": number + 1,
                "speaker": speaker,
                "text": "word " * (number + 1),
                "code": "",
                "move": move,
                "question_id": f"a/q{number // 4}",
                "created_at": now.isoformat(),
            }
        )
    return turns


@given(st.lists(st.floats(0, 4000), min_size=2, max_size=30))
def test_the_time_line_keeps_its_order_and_its_bounds(gaps_s: list[float]) -> None:
    line = time_line(_turns(gaps_s))
    assert line is not None
    spots = [each.at for each in line.bars]
    assert spots == sorted(spots)
    assert all(0 <= spot <= 100 for spot in spots)
    assert all(0 <= each.at <= each.at + each.width <= 101 for each in line.stretches)
    assert len(line.stretches) == (len(gaps_s) + 3) // 4
    assert len(line.marks) <= 7


def test_a_time_line_in_minutes() -> None:
    line = time_line(_turns([0, 60, 0, 60, 0, 60, 0, 60]))
    assert line is not None
    assert line.total_s == 240
    assert [minute for _, minute in line.marks] == [0, 1, 2, 3, 4]
    assert [each.lasts_s for each in line.stretches] == [120, 120]
    assert [each.kind for each in line.ticks] == ["probe", "probe"]
    assert max(each.height for each in line.bars) == 44.0
    assert time_line(_turns([0])) is None


def test_progress_goes_up_the_page() -> None:
    plot = progress_plot([{"share": 0.0, "drill": False}, {"share": 1.0, "drill": True}])
    assert plot.points[0].y > plot.points[1].y
    assert (plot.points[0].at, plot.points[1].at) == (across(0), across(1))
    assert len(plot.lines) == 1
    assert progress_plot([{"share": 0.5, "drill": False}]).points[0].at == 50.0
    assert plot_y(0.5) == (plot_y(0) + plot_y(1)) / 2


def test_musts_are_drilled_first_and_what_was_shown_is_not() -> None:
    def one(state: str, kind: str, name: str) -> dict[str, str]:
        return {"state": state, "kind": kind, "id": name}

    criteria = [
        one("shown", "must", "a"),
        one("missed", "bonus", "b"),
        one("partly", "must", "c"),
        one("not-assessed", "must", "d"),
    ]
    report = {
        "questions": [{"question_id": "x/y", "score": {"criteria": criteria}}, {"question_id": "x/z", "score": None}]
    }
    assert to_drill(report) == ["x/y c", "x/y b"]
    many = {
        "questions": [{"question_id": "x/y", "score": {"criteria": [one("missed", "must", str(n)) for n in range(99)]}}]
    }
    assert len(to_drill(many)) == MAX_DRILLED


def test_a_clock() -> None:
    assert (clock(250), clock(5.4), clock(0)) == ("4:10", "0:05", "0:00")
