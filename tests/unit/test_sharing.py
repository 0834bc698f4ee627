"""What a link shows: what was chosen, and nothing of the resume."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import quoted
from app.domain.interview import Claim, Plan
from app.domain.resume import Mention, Project
from app.domain.share import Share
from app.domain.transcript import Speaker, Turn
from app.interviewing.consistency import Clash, clash
from app.interviewing.phrases import saying_back
from app.interviewing.phrases.said_once import ALL, fresh
from app.interviewing.recall import Recall, recall
from app.material.load import load
from app.review.callback import callback
from app.review.practice import item_of
from app.review.sharing import ANSWER, RESUME, Shared, question_alone, shared
from tests.support.builders import (
    NOW,
    QUESTION,
    a_claim,
    a_move,
    a_resume,
    a_review,
    a_score,
    a_turn,
    an_interview,
    an_interviewers_turn,
)

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


# --- what the interviewer takes up from elsewhere -------------------------------------------------------------------------

HEADED = "Churn model for a Nordic telecom, Mar 2019 - Dec 2019"
BUILT = (
    "Trained an XGBoost model on 40,000 customers of three countries, and served it with FastAPI to the call centre."
)
RESUME_TEXT = f"{HEADED}\n{BUILT}"
BUILT_CLAIM = Claim(BUILT, len(HEADED) + 1, len(RESUME_TEXT), "Churn model")
RECALLED = "We tuned a small model with *LoRA* on tickets  from our own desk."


def noticed(now: str, *before: Turn, written: bool = True) -> Clash:
    """What the interviewer notices when `now` is said."""
    project = Project("Churn model", 0, len(RESUME_TEXT), (Mention("x", 0, 1),), (BUILT_CLAIM,))
    resume = a_resume(text=RESUME_TEXT, projects=(project,)) if written else None
    got = clash([*before, a_turn(seq=2, text=now)], resume, BUILT_CLAIM if written else None)
    assert got is not None
    return got


def only(text: str, *others: Turn, at: str = QUESTION, **changes: Any) -> Shared:
    """What a link shows of an interviewer's turn with `text`, of a plan with no claim in it."""
    turn = an_interviewers_turn(id="t9", seq=9, text=text, question_id=at, move=a_move(claim=None), marks=())
    return shared(a_share(**changes), an_interview(plan=Plan(())), [*others, turn], [])


def last_of(view: Shared) -> str:
    assert view.transcript is not None
    return view.transcript[-1].text


@pytest.mark.parametrize("now", ["I never used FastAPI.", "We had about 4,000 customers.", "I built it in 2015."])
@pytest.mark.parametrize("lead", ["", "Sure, once more. "])
def test_a_line_of_the_resume_is_taken_out_of_a_question_that_quotes_a_part_of_it(now: str, lead: str) -> None:
    got = noticed(now)
    assert got.from_resume
    assert got.before in got.spoken
    told = last_of(only(f"{lead}{got.spoken}"))
    assert got.before not in told
    assert told == f"{lead}{got.spoken}".replace(got.before, RESUME)
    assert got.now in told, "what was said on this very question stays"


def test_an_answer_that_is_not_shown_is_taken_out_of_such_a_question() -> None:
    earlier = a_turn(seq=1, text="I trained the *ranker*  with PyTorch.", question_id=OTHER)
    got = noticed("I've never used PyTorch.", earlier, written=False)
    assert not got.from_resume
    assert last_of(only(got.spoken, earlier)) == got.spoken
    hidden = last_of(only(got.spoken, earlier, questions=(QUESTION,)))
    assert hidden == got.spoken.replace(got.before, ANSWER)


def recalled(just_now: bool) -> tuple[Turn, Recall]:
    source = a_turn(seq=1, text=RECALLED, question_id=OTHER)
    got = recall([source], "When would you use LoRA?", (), leaving=OTHER if just_now else "x/y")
    assert got is not None
    assert got.just_now is just_now
    return source, got


@pytest.mark.parametrize("just_now", [True, False])
def test_words_recalled_before_a_question_are_shown_only_with_the_answer_they_are_of(just_now: bool) -> None:
    source, got = recalled(just_now)
    spoken = f"Here's the next one. {got.spoken} When would you use LoRA?"
    assert last_of(only(spoken, source)) == spoken
    bare = "Here's the next one. When would you use LoRA?"
    assert last_of(only(spoken, source, questions=(QUESTION,))) == bare
    alone = only(spoken, source, transcript=False, questions=(QUESTION,))
    assert alone.report is not None
    assert [each.asked for each in alone.report] == [bare]
    both = only(spoken, source, transcript=False)
    assert got.quote not in json.dumps(dataclasses.asdict(both), default=str), "the report alone has no answers"


def test_what_another_interview_left_open_is_never_shown() -> None:
    corpus = load(Path("corpus"))
    for question_id in ("fundamentals/data-leakage", "fundamentals/detect-overfitting"):
        rubric = corpus.rubric(question_id)
        criterion = rubric.criteria[0].criterion.id
        item = item_of([a_review(question_id=question_id, criterion_id=criterion, round=rubric.round)])
        assert item is not None
        for planned in ((), (question_id,)):
            lead = callback(corpus, item, planned)
            spoken = f"Hello, I'm Viva. {lead} What is leakage?"
            assert last_of(only(spoken)) == "Hello, I'm Viva. What is leakage?"


STOCK = [way for stock in ALL for way in stock.ways]
SAID_BACK = [
    *saying_back.SAID_BACK,
    *saying_back.NAMED,
    *saying_back.AGAIN_SAID,
    *saying_back.ASIDE,
    saying_back.SAID_BACK_PLAINLY,
    saying_back.ECHOED,
    saying_back.NAMED_PLAINLY,
    saying_back.AGAIN_PLAINLY,
    saying_back.ASIDE_PLAINLY,
]
FRAMES = [quoted.RESUME_HAS, quoted.ANSWER_HAD, *quoted.RECALLS, quoted.CALLBACK]


@pytest.mark.parametrize("frame", FRAMES)
def test_no_stock_wording_stands_in_a_frame_or_before_one_so_that_it_would_not_be_found(frame: str) -> None:
    """`fresh` exchanges a stock wording for another: one in a frame would change it."""
    secret = "words of elsewhere"
    for way in STOCK:
        assert not any(way in part for part in frame.split("{}"))
        spoken = fresh(f"{way} {frame.format(secret)} What is leakage?", STOCK)
        assert secret in spoken
        assert secret not in last_of(only(spoken))
    for wording in SAID_BACK:
        own = wording.format("my own words")
        told = last_of(only(f"{own} {frame.format(secret)} What is leakage?"))
        assert secret not in told
        assert told.startswith(own)
        assert told.endswith("What is leakage?")


def test_every_sentence_that_takes_up_words_from_elsewhere_is_made_of_a_frame() -> None:
    here = [
        noticed("I never used FastAPI.").spoken,
        noticed("I've never used PyTorch.", a_turn(text="I trained it with PyTorch."), written=False).spoken,
        recalled(True)[1].spoken,
        recalled(False)[1].spoken,
    ]
    for spoken in here:
        assert sum(quoted.found_again(frame).search(spoken) is not None for frame in FRAMES) == 1


@pytest.mark.parametrize("lead", ['It says "{}" here. ', 'Your resume has the line "{}". ', ""])
def test_a_question_stands_alone_where_only_the_line_before_it_is_taken_out(lead: str) -> None:
    assert question_alone(lead.format(RESUME) + "What was too slow?") == "What was too slow?"


def test_a_question_that_holds_the_line_keeps_it() -> None:
    asked = f'What was too slow in "{RESUME}"?'
    assert question_alone(asked) == asked
