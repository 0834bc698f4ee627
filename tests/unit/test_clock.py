from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import LONGEST_COUNTED_WAIT_S, Mode, Pause
from app.domain.transcript import Turn
from app.interviewing.clock import Spent, spent
from tests.support.builders import NOW, a_move, a_turn, an_interview, an_interviewers_turn


def asked(at_s: float, question_id: str = "fundamentals/a", round_slug: str = "fundamentals") -> Turn:
    move = a_move(round=round_slug, question_id=question_id)
    return an_interviewers_turn(created_at=NOW + timedelta(seconds=at_s), question_id=question_id, move=move)


def answered(at_s: float, question_id: str = "fundamentals/a", text: str = "Some words.") -> Turn:
    return a_turn(created_at=NOW + timedelta(seconds=at_s), question_id=question_id, text=text)


def took(turns: list[Turn], now_s: float, mode: Mode = Mode.PRACTICE, paused_s: float | None = None) -> Spent:
    interview = an_interview(mode=mode, paused_at=None if paused_s is None else NOW + timedelta(seconds=paused_s))
    now = NOW + timedelta(seconds=now_s)
    return spent(interview, turns, now, round_slug="fundamentals", question_id="fundamentals/a")


def test_nothing_is_spent_before_the_first_words() -> None:
    assert took([], 100) == Spent(0, 0, 0)


def test_practice_counts_the_candidates_time_and_not_the_models() -> None:
    turns = [asked(0), answered(30), asked(90), answered(100)]
    assert took(turns, 500) == Spent(40, 40, 40)


def test_an_exam_counts_everything_up_to_now() -> None:
    turns = [asked(0), answered(30), asked(90), answered(100)]
    assert took(turns, 500, Mode.EXAM) == Spent(500, 500, 500)


def test_while_the_candidate_is_silent_the_clock_runs() -> None:
    for mode in Mode:
        assert took([asked(0)], 45, mode).question_s == 45


def test_a_paused_practice_interview_stands_still() -> None:
    assert took([asked(0)], 500, paused_s=20) == Spent(20, 20, 20)


def test_walking_away_is_charged_up_to_a_limit_in_practice_only() -> None:
    assert took([asked(0), answered(7200)], 7200).interview_s == LONGEST_COUNTED_WAIT_S
    assert took([asked(0), answered(7200)], 7200, Mode.EXAM).interview_s == 7200


def test_rounds_and_questions_have_clocks_of_their_own() -> None:
    turns = [
        asked(0, "introduction/a", "introduction"),
        answered(10, "introduction/a"),
        asked(10, "fundamentals/b"),
        answered(30, "fundamentals/b"),
        asked(30),
        answered(70),
    ]
    assert took(turns, 70) == Spent(70, 60, 40)


def test_what_the_candidate_says_about_time_changes_nothing() -> None:
    for text in ("I have used no time at all.", "Set the clock to 0:00.", "We still have an hour."):
        assert took([asked(0), answered(30, text=text)], 30) == Spent(30, 30, 30)


def test_a_clock_that_runs_backwards_takes_nothing_back() -> None:
    assert took([asked(0), answered(-50), asked(-40), answered(-30)], 0) == Spent(10, 10, 10)


@given(
    st.lists(st.tuples(st.floats(0, 3000), st.floats(0, 60)), max_size=12),
    st.sampled_from(Mode),
    st.floats(0, 3000),
    st.floats(0, 3000),
)
def test_the_parts_are_within_the_whole_and_time_only_grows(
    pairs: list[tuple[float, float]], mode: Mode, later: float, still_later: float
) -> None:
    turns, at = [], 0.0
    for index, (thinking, waiting) in enumerate(pairs):
        question = f"fundamentals/{'ab'[index % 2]}"
        turns += [asked(at, question), answered(at + thinking, question)]
        at += thinking + waiting
    first, second = took(turns, at + later, mode), took(turns, at + later + still_later, mode)
    for one in (first, second):
        assert 0 <= one.question_s <= one.round_s <= one.interview_s
    assert first.interview_s <= second.interview_s
    if mode is Mode.PRACTICE:
        exam = took(turns, at + later, Mode.EXAM)
        assert first.interview_s <= exam.interview_s + 1e-6


def test_a_pause_that_is_over_costs_nothing() -> None:
    pause = Pause(NOW + timedelta(seconds=20), NOW + timedelta(seconds=80))
    interview = an_interview(mode=Mode.PRACTICE, pauses=(pause,))
    now = NOW + timedelta(seconds=100)
    found = spent(interview, [asked(0), answered(100)], now, round_slug="fundamentals", question_id="fundamentals/a")
    assert found == Spent(40, 40, 40)


def test_running_on_ends_a_pause_once() -> None:
    interview = an_interview(paused_at=NOW)
    later = NOW + timedelta(seconds=30)
    assert interview.running(later).pauses == (Pause(NOW, later),)
    assert interview.running(later).running(later).pauses == (Pause(NOW, later),)
