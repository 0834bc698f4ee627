"""What a link shows: what was chosen, and nothing of the resume."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import Plan
from app.domain.share import Share
from app.domain.transcript import Speaker
from app.review.sharing import RESUME, Shared, shared
from tests.support.builders import NOW, QUESTION, a_claim, a_move, a_score, a_turn, an_interview, an_interviewers_turn

CLAIM = a_claim(text="Built an XGBoost churn model, 12 % fewer losses.", start=0, end=48)
OTHER = "chains/lora"


def a_share(**changes: Any) -> Share:
    return dataclasses.replace(Share("share-1", "interview-1", "for Anna", True, True, None, NOW), **changes)


def talk() -> list[Any]:
    quoting = f"You wrote: \u201c{CLAIM.text[:-1]}\u201d. How?"
    return [
        an_interviewers_turn(id="t1", seq=1, question_id=QUESTION, text="What is leakage?", marks=()),
        a_turn(id="t2", seq=2, question_id=QUESTION, text="I compare the loss."),
        an_interviewers_turn(
            id="t3",
            seq=3,
            question_id=OTHER,
            text=quoting,
            move=a_move(claim=CLAIM, question_id=OTHER, reason="a secret"),
        ),
        a_turn(id="t4", seq=4, question_id=OTHER, text="I built an XGBoost churn model."),
    ]


def seen(**changes: Any) -> Shared:
    interview = an_interview(plan=Plan(()), job_description="the job", resume_id="resume-1", title="mine")
    scores = [a_score(), a_score(question_id=OTHER)]
    return shared(a_share(**changes), interview, talk(), scores)


def told(view: Shared) -> str:
    return json.dumps(dataclasses.asdict(view), default=str, ensure_ascii=False)


def test_only_what_was_chosen_is_there() -> None:
    assert seen(report=False).report is None
    assert seen(transcript=False).transcript is None
    whole = seen()
    assert whole.transcript is not None
    assert whole.report is not None
    assert [turn.seq for turn in whole.transcript] == [1, 2, 3, 4]
    assert [question.question_id for question in whole.report] == [QUESTION, OTHER]
    some = seen(questions=(QUESTION,))
    assert some.transcript is not None
    assert some.report is not None
    assert [turn.seq for turn in some.transcript] == [1, 2]
    assert [question.question_id for question in some.report] == [QUESTION]
    assert OTHER not in told(some)


def test_the_resume_is_taken_out_of_the_interviewers_words_and_nothing_of_the_rest_comes_along() -> None:
    view = seen()
    assert view.transcript is not None
    assert view.transcript[2].text == f"You wrote: \u201c{RESUME}\u201d. How?"
    assert view.transcript[3].text == "I built an XGBoost churn model.", "the candidate's own words stay"
    everything = told(view)
    for secret in (
        "12 %",
        "the job",
        "resume-1",
        '"mine"',
        "a secret",
        "for Anna",
        "share-1",
        '"owner"',
        "interview-1",
        '"t1"',
    ):
        assert secret not in everything


def test_a_claim_in_the_plan_is_taken_out_as_well_however_it_is_broken() -> None:
    interview = an_interview()
    words = interview.plan.questions[1].claim
    assert words is not None
    broken = words.text.upper().replace(" ", "\n ")
    turn = an_interviewers_turn(seq=1, text=f"Tell me: {broken}!", marks=())
    view = shared(a_share(), interview, [turn], [])
    assert view.transcript is not None
    assert view.transcript[0].text == f"Tell me: {RESUME}!"


@given(st.text(max_size=40), st.text(min_size=1, max_size=20), st.text(max_size=40))
def test_no_claim_of_whole_words_is_shown(before: str, claim: str, after: str) -> None:
    spoken = claim.strip().rstrip(".")
    text = f"{before} \u201c{spoken}\u201d {after}"
    move = a_move(claim=a_claim(text=claim, start=0, end=len(claim)))
    view = shared(
        a_share(), an_interview(plan=Plan(())), [an_interviewers_turn(seq=1, text=text, move=move, marks=())], []
    )
    assert view.transcript is not None
    if spoken:
        assert f"\u201c{spoken}\u201d" not in view.transcript[0].text
    assert view.transcript[0].speaker is Speaker.INTERVIEWER
