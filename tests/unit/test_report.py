from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.code import CodeOutcome, Kind, Outcome, ReviewerView, ShownTest
from app.domain.interview import Interview, InterviewState, PlannedQuestion
from app.domain.score import Competency, CriterionKind, CriterionState, Evidence, Score
from app.domain.transcript import MoveKind, Span, SpanKind, Turn
from app.material.corpus import Corpus
from app.review import markdown, report_markdown
from app.review.delivery import delivery
from app.review.places import Ref, one_a_turn
from app.review.report import Judged, Report, Talk, UnaskedQuestion, build
from app.scoring.levels import round_levels
from tests.support.builders import (
    NOW,
    QUESTION,
    a_claim,
    a_move,
    a_score,
    a_turn,
    an_interview,
    an_interviewers_turn,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![shot](https://evil.example/x.png)",
    "<https://evil.example>",
    "https://evil.example and www.evil.example",
    "# A heading",
    "A heading\n===",
    "A heading\n---",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> a quote",
    "- a list\n+ another\n* a third\n1. a fourth\n2) a fifth",
    "```\ncode\n```\n~~~\ncode\n~~~",
    "text\n\n    indented code\n\n\ttabbed code",
    "**bold** __bold__ `code` ~~gone~~",
    "&lt;b&gt; &#60;b&#62;",
    "\\<b> \\\\<b>",
    "[1]: https://evil.example\n[^1]: note",
    "<!-- hidden -->",
    "one\r# two\r\n# three",
]


def question_asked(question_id: str = QUESTION, at_s: float = 0, **changes: object) -> Turn:
    move = a_move(kind=MoveKind.OPEN, question_id=question_id, spoken="How would you notice it?")
    turn = an_interviewers_turn(
        id=f"asked-{question_id}",
        text=move.spoken,
        move=move,
        question_id=question_id,
        created_at=NOW + timedelta(seconds=at_s),
    )
    return replace(turn, **changes)  # type: ignore[arg-type]


def made(
    turns: Sequence[Turn] = (),
    scores: Sequence[Score] = (),
    *,
    pending: int = 0,
    failures: dict[str, str] | None = None,
    interview: Interview | None = None,
    competencies: Sequence[Competency] = (),
) -> Report:
    closed = interview or an_interview(state=InterviewState.CLOSED)
    judged = Judged(tuple(scores), pending, failures or {}, tuple(competencies), round_levels(scores))
    return build(Talk(closed, tuple(turns), Corpus()), judged)


# --- the report -------------------------------------------------------------------------------------------------------------


def test_a_report_counts_what_is_pending_and_is_complete_only_without() -> None:
    waiting = made([question_asked()], pending=1)
    assert (waiting.complete, waiting.pending) == (False, 1)
    assert "**1 of 1 judgements are still being made.**" in report_markdown.report(waiting)
    assert "Being judged." in report_markdown.report(waiting)
    done = made([question_asked()], [a_score()])
    assert (done.complete, done.pending) == (True, 0)
    assert "still being made" not in report_markdown.report(done)


def test_an_open_interview_has_no_complete_report() -> None:
    assert not made([question_asked()], [a_score()], interview=an_interview()).complete


def test_what_could_not_be_judged_says_so_and_is_not_called_unanswered() -> None:
    report = made([question_asked(), a_turn()], failures={QUESTION: "the judge's word could not be read"})
    assert (report.failed, report.questions[0].failed) == (1, "the judge's word could not be read")
    written = report_markdown.report(report)
    assert "Not judged: the judge's word could not be read" in written
    assert "could not be judged" in written
    assert "no question was answered" not in written


def test_planned_questions_that_never_came_are_named() -> None:
    report = made([question_asked()], [a_score()])
    assert report.never_asked.questions == (UnaskedQuestion("chains/lora", "project-deep-dive"),)
    assert report.never_asked.rounds == ("project-deep-dive",)
    assert "There was no time for: LoRA." in report_markdown.report(report)


def test_why_one_judge_was_alone_is_told_once_and_without_the_name_of_a_fault() -> None:
    alone = "the judge model failed: ModelTimeout; the compact scorer judged alone"
    one = replace(a_score().criteria[1], state=CriterionState.MISSED)
    first = replace(one, criterion_id="a", reason=f"asked, and not in the answer; {alone}")
    second = replace(one, criterion_id="b", reason=alone)
    written = report_markdown.report(made([question_asked(), a_turn()], [a_score(criteria=(first, second))]))
    assert written.count("the judge model was too slow; the compact scorer judged alone") == 1
    assert "All of it: " in written
    assert "ModelTimeout" not in written


def test_a_reserve_that_was_not_reached_is_no_gap() -> None:
    plain = an_interview(state=InterviewState.CLOSED)
    spare = (PlannedQuestion("fundamentals/data-leakage", 300),)
    rounds = tuple(replace(each, reserve=spare) for each in plain.plan.rounds)
    reserved = replace(plain, plan=replace(plain.plan, rounds=rounds))
    turns, scores = [question_asked()], [a_score()]
    assert made(turns, scores, interview=reserved).never_asked == made(turns, scores, interview=plain).never_asked


def test_a_question_keeps_the_words_it_was_asked_in_and_the_claim() -> None:
    claim = a_claim()
    asked = question_asked("chains/lora", move=a_move(question_id="chains/lora", claim=claim))
    again = replace(asked, id="again", text="And then?")
    report = made([asked, a_turn(), again])
    assert [(one.question_id, one.asked, one.claim) for one in report.questions] == [
        ("chains/lora", "How would you notice it?", claim.text)
    ]
    assert "It stood on your resume" in report_markdown.report(report)


def test_time_is_counted_from_question_to_answer() -> None:
    turns = [question_asked(), a_turn(created_at=NOW + timedelta(seconds=42.5))]
    assert made(turns).questions[0].time.seconds == 42.5


def test_credit_is_shown_with_its_quote_turn_and_passage() -> None:
    written = report_markdown.report(made([question_asked(seq=1), a_turn(seq=2)], [a_score()]))
    assert "“I compare the loss” (turn 2, held against `generalization/overfitting#curves`)" in written
    assert "never asked for" in written


# --- next steps -------------------------------------------------------------------------------------------------------------


def missed(question_id: str, *criteria: tuple[str, CriterionKind, CriterionState]) -> Score:
    base = a_score().criteria[1]
    return a_score(
        question_id=question_id,
        criteria=tuple(
            replace(base, criterion_id=name, kind=kind, state=state, next_time=f"Say {name}.")
            for name, kind, state in criteria
        ),
    )


MUST, SHOULD, BONUS = CriterionKind.MUST, CriterionKind.SHOULD, CriterionKind.BONUS
MISSED, WRONG = CriterionState.MISSED, CriterionState.CONTRADICTED


def steps(*scores: Score) -> list[str]:
    return [step.criterion_id for step in made(scores=scores).next_steps]


def test_next_steps_are_three_at_most_each_from_another_question_where_there_are_some() -> None:
    first = missed("q/1", ("a", MUST, MISSED), ("b", MUST, MISSED))
    assert steps(first, missed("q/2", ("c", BONUS, MISSED)), missed("q/3", ("d", SHOULD, MISSED))) == ["a", "d", "c"]
    assert steps(first, missed("q/2", ("c", BONUS, MISSED))) == ["a", "c", "b"]


def test_of_equal_worth_what_was_said_wrong_comes_before_what_was_left_out() -> None:
    assert steps(missed("q/1", ("a", MUST, MISSED), ("b", MUST, WRONG)))[0] == "b"
    assert steps(missed("q/1", ("a", SHOULD, WRONG)), missed("q/2", ("b", MUST, MISSED)))[0] == "b"


def test_what_was_never_asked_or_shown_is_no_next_step() -> None:
    score = missed("q/1", ("a", MUST, CriterionState.SHOWN), ("b", MUST, CriterionState.NOT_ASSESSED))
    assert steps(score) == []
    assert "next" not in report_markdown.report(made(scores=[score])).split("## Overview")[0]


def test_three_next_steps_say_where_to_read() -> None:
    scores = [missed(f"q/{number}", (f"c{number}", MUST, MISSED)) for number in range(4)]
    written = report_markdown.report(made(scores=scores))
    assert "## Three things to do next" in written
    assert "1. Say c0. (0, read `generalization/overfitting#remedies`)" in written


# --- delivery ---------------------------------------------------------------------------------------------------------------


def test_delivery_counts_answers_only() -> None:
    text = "Um, first I think it overfits because the rows leak. Give me a hint."
    at = text.index("Give")
    turn = a_turn(text=text, spans=(Span(SpanKind.ANSWER, 0, at), Span(SpanKind.HINT, at, len(text))))
    counted = delivery([question_asked(), turn, a_turn(text="", spans=())])
    assert (counted.answers.value, counted.words.value) == (1, 10)
    assert (counted.fillers.in_100_words, counted.hedges.in_100_words) == (10.0, 10.0)
    assert counted.structure.in_100_words == 20.0
    assert [text[place.start : place.end] for place in counted.structure.refs] == ["first", "because"]
    assert [(each.words, each.count) for each in counted.hedges.found] == [("i think", 1)]


def test_delivery_of_nothing_is_nothing() -> None:
    counted = delivery([])
    figures = (counted.answers, counted.words, counted.words_an_answer, counted.longest_answer)
    assert [each.value for each in figures] == [0, 0, 0, 0]
    assert (counted.fillers.count, counted.fillers.in_100_words, counted.jargon) == (0, 0.0, None)


def test_a_report_has_no_word_about_chances_or_people() -> None:
    written = report_markdown.report(made([question_asked(seq=1), a_turn(seq=2)], [a_score()])).lower()
    assert not re.search(r"percentile|hire|hired|chance of|personality|smart|talent", written)


# --- hostile words ------------------------------------------------------------------------------------------------------------

_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")


def bare(text: str) -> str:
    """The text without its escaped characters: what is left of markup would act."""
    return _ESCAPED.sub("\N{REPLACEMENT CHARACTER}", text)


def acts(text: str) -> list[str]:
    """Everything in Markdown text that would be more than words."""
    left = bare(text)
    found = re.findall(r"[`*_{}\[\]<>#|~!]", left)
    found += re.findall(r"&(?!amp;|lt;|gt;|nbsp;)", left)
    found += re.findall(r"(?mi)^\s*(?:[-+]|\d+[.)])(?=\s|$)|^\s*[=-]+\s*$|^(?: {4}|\t)|https?://|www\.", left)
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words(text: str) -> None:
    assert acts(markdown.plain(text)) == []


@given(st.text(alphabet=st.sampled_from("ab \n\t\\`*_{}[]<>#|~!-+=.:/&1)ws;"), max_size=40))
def test_no_text_is_markup(text: str) -> None:
    assert acts(markdown.plain(text)) == []


def unescaped(written: str) -> str:
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written).replace("&nbsp;", " ")
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(st.text(alphabet=st.characters(exclude_characters="\t\r"), max_size=60))
def test_what_is_read_is_what_was_said(text: str) -> None:
    assert unescaped(markdown.plain(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words_in_transcript_and_report(text: str) -> None:
    claim = a_claim(text=text)
    asked = question_asked(move=a_move(claim=claim, reason=text))
    turn = a_turn(text=text)
    quoted = replace(a_score().criteria[0], evidence=(Evidence(text, turn.id, 0, len(text)),))
    scores = [a_score(criteria=(quoted,))]
    documents = [
        markdown.transcript(an_interview(), [asked, turn], revealed=True),
        report_markdown.report(made([asked, turn], scores, failures={"q/9": text})),
    ]
    for document in documents:
        assert "<script" not in document
        assert "<img" not in document
        assert not re.search(r"(?<!\\)\]\(javascript", document)
        assert not re.search(r"(?m)^#+ A heading|^\| a \| b|^> a quote|^=+$|^```|^- a list|^# (?:two|three)", document)


@pytest.mark.parametrize(
    "text", [*HOSTILE, "```\n<script>alert(1)</script>", "``````\n# a heading\n`````", "~~~\n> a quote"]
)
def test_code_stays_in_its_fence(text: str) -> None:
    document = markdown.transcript(an_interview(), [a_turn(text="", spans=(), code=text)], revealed=True)
    lines = document.splitlines()
    fences = [at for at, line in enumerate(lines) if re.fullmatch(r"`{3,}", line)]
    opening = fences[0]
    closing = next(at for at in fences[1:] if len(lines[at]) >= len(lines[opening]))
    assert lines[opening + 1 : closing] == text.splitlines()
    assert "<script" not in "\n".join(lines[:opening] + lines[closing:])


def test_a_transcript_says_of_hidden_tests_how_many_pass_and_no_more() -> None:
    test = ShownTest("f('secret')", "secret", "", Outcome(Kind.FAILED, "secret", "secret"))
    view = ReviewerView("", (replace(test, outcome=Outcome(Kind.PASSED)),), (test,), "", "", (), "secret", "secret")
    turn = a_turn(text="", spans=(), code="def f(x): ...", outcome=CodeOutcome(view))
    document = markdown.transcript(an_interview(), [turn], revealed=True)
    assert "1 of 1 visible and 0 of 1 hidden ones pass" in document
    assert "secret" not in document


def test_a_transcript_gives_reasons_only_once_revealed() -> None:
    turns = [question_asked(), a_turn(), an_interviewers_turn()]
    hidden = markdown.transcript(an_interview(), turns, revealed=False)
    shown = markdown.transcript(an_interview(), turns, revealed=True)
    assert "nearest to the last words" not in hidden
    assert "nearest to the last words" in shown
    assert "**1. You:** I compare the loss" in hidden


def test_places_in_one_turn_are_named_once() -> None:
    places = (Ref(4, 0, 3), Ref(2, 5, 9), Ref(4, 7, 9), Ref(2, 0, 1))
    assert one_a_turn(places) == (Ref(4, 0, 3), Ref(2, 5, 9))
    assert one_a_turn(()) == ()
