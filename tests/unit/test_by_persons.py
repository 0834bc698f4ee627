from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import InterviewState
from app.domain.remarks import OVERRIDE_STATES, LabellerRole, Override
from app.domain.score import CriterionState
from app.material.corpus import Corpus
from app.review import page, report_markdown
from app.review.by_persons import counted, marks_of
from app.review.places import Places
from app.review.report import Judged, Report, Talk, build
from tests.support.builders import QUESTION, a_score, a_turn, an_interview, an_interviewers_turn
from tests.support.whole_person import an_override

ASKED = an_interviewers_turn(id="turn-0", seq=1, question_id=QUESTION)
SAID = a_turn(seq=2)
PLACES = Places((ASKED, SAID))


def override(**changes: Any) -> Override:
    usual: dict[str, Any] = {"turn_id": "", "start": 0, "end": 0, "quote": "", "by": "Dana", "why": "It says so."}
    return replace(an_override("o", "interview-1", "x"), **{**usual, **changes})


def made(*overrides: Override) -> Report:
    talk = Talk(an_interview(state=InterviewState.CLOSED), (ASKED, SAID), Corpus())
    return build(talk, Judged((a_score(),)), overrides=overrides)


def test_the_latest_of_each_person_stands_beside_what_the_machine_says_now() -> None:
    first = override(id="1", criterion_id="c1", state=CriterionState.MISSED)
    second = override(id="2", criterion_id="c1", state=CriterionState.PARTLY)
    coach = override(id="3", criterion_id="c1", role=LabellerRole.COACH, state=CriterionState.SHOWN)
    marks = marks_of(QUESTION, a_score(), [first, second, coach], PLACES)
    assert [(each.override.id, each.machine_now, each.otherwise) for each in marks] == [
        ("2", CriterionState.SHOWN, True),
        ("3", CriterionState.SHOWN, False),
    ]
    assert (counted(marks).judged, counted(marks).otherwise) == (1, 1)


def test_a_mark_leads_to_the_words_that_were_marked_or_else_to_the_machines() -> None:
    marked = override(turn_id=SAID.id, start=2, end=9, quote=SAID.text[2:9], criterion_id="c1")
    (one,) = marks_of(QUESTION, a_score(), [marked], PLACES)
    assert [(ref.turn_id, ref.start, ref.end) for ref in one.refs] == [(SAID.id, 2, 9)]
    (other,) = marks_of(QUESTION, a_score(), [override(criterion_id="c1")], PLACES)
    assert other.refs == PLACES.criterion(QUESTION, a_score().criteria[0])
    assert other.refs


def test_a_mark_on_a_criterion_that_is_gone_is_still_told() -> None:
    gone = override(criterion_id="gone", says="Names the season.")
    (mark,) = marks_of(QUESTION, a_score(), [gone], PLACES)
    assert mark.machine_now is None
    assert "Names the season." in report_markdown.report(made(gone))


@pytest.mark.parametrize("state", OVERRIDE_STATES)
def test_no_mark_of_a_person_moves_a_level(state: CriterionState) -> None:
    plain, judged = made(), made(override(criterion_id="c1", state=state))
    assert judged.questions[0].score == plain.questions[0].score
    assert (judged.rounds, judged.competencies, judged.bar, judged.next_steps) == (
        plain.rounds,
        plain.competencies,
        plain.bar,
        plain.next_steps,
    )


def test_what_levels_rest_on_is_always_said() -> None:
    assert "Every level rests on the machine's marks alone." in report_markdown.report(made())
    told = report_markdown.report(made(override(criterion_id="c1", state=CriterionState.MISSED)))
    assert "Persons judged 1 criterion, 1 otherwise" in told
    assert "Judged by Dana, the candidate: **missed**, when the machine said missed. It says so." in told
    agreeing = report_markdown.report(made(override(criterion_id="c1", state=CriterionState.SHOWN)))
    assert "Persons judged 1 criterion, none otherwise" in agreeing


@given(st.text(alphabet="<>[]()*_`|#&\"' abc\n", min_size=1, max_size=40))
def test_what_a_person_writes_is_text(why: str) -> None:
    html = page.report(made(override(criterion_id="c1", why=f"<script>{why}", by=f"<b>{why}")))
    assert "<script>" not in html.partition("</style>")[2]
    assert "<b>" not in html
