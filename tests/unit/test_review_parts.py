"""The parts of a report by themselves: places, marks in a text, confidence, the bar, job lines, rounds, a note of thanks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.candidate.job_description import lines_of
from app.domain.interview import (
    InterviewState,
    JobPlace,
    Mode,
    Plan,
    PlannedQuestion,
    PlannedRound,
    Seniority,
    Strictness,
)
from app.domain.score import Coverage, CriterionKind, CriterionScore, CriterionState, Evidence, Score
from app.domain.transcript import MoveKind, Span, SpanKind
from app.material.corpus import Corpus
from app.material.load import load
from app.review.bar import bar
from app.review.confidence import MIN_FOR_FIGURE, RatedQuestion, ledger
from app.review.job_lines import lines_tested, planned_for, probes
from app.review.marking import Mark, marked
from app.review.places import Places, Ref, answered
from app.review.reference import reference
from app.review.thank_you import draft
from app.scoring.levels import round_levels
from tests.support.builders import QUESTION, a_claim, a_move, a_score, a_turn, an_interview, an_interviewers_turn

SHOWN, MISSED, NEVER = CriterionState.SHOWN, CriterionState.MISSED, CriterionState.NOT_ASSESSED
MUST, SHOULD = CriterionKind.MUST, CriterionKind.SHOULD


def a_criterion(name: str, state: CriterionState, kind: CriterionKind = MUST, **changes: object) -> CriterionScore:
    return replace(a_score().criteria[1], criterion_id=name, state=state, kind=kind, **changes)  # type: ignore[arg-type]


# --- places -----------------------------------------------------------------------------------------------------------------------


def test_an_answer_is_where_it_was_heard_and_touching_spans_are_one() -> None:
    text = "  It overfits. I don't know more. Hint?"
    spans = (Span(SpanKind.ANSWER, 0, 15), Span(SpanKind.DONT_KNOW, 15, 33), Span(SpanKind.HINT, 33, len(text)))
    (place,) = answered(a_turn(text=text, spans=spans, code=""))
    assert text[place.start : place.end] == "It overfits. I don't know more."
    assert [each.in_code for each in answered(a_turn(text="", spans=(), code="def f(): ..."))] == [True]


def test_what_is_missing_stands_on_the_words_that_asked_and_on_the_answers_that_lack_it() -> None:
    asked = an_interviewers_turn(id="turn-0", seq=1, text="How would you notice it?")
    said = a_turn(seq=2)
    places = Places((asked, said))
    missed = a_criterion("c", MISSED, asked_in=("turn-0",))
    assert [place.seq for place in places.criterion(QUESTION, missed)] == [1, 2]
    shown = replace(missed, state=SHOWN, evidence=(Evidence("loss", "turn-1", 14, 18),))
    assert places.criterion(QUESTION, shown) == (Ref(2, 14, 18, False, "turn-1"),)
    assert [place.seq for place in places.criterion(QUESTION, a_criterion("c", NEVER))] == [1]


@given(st.text(alphabet="ab c", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8))
def test_a_marked_text_is_the_text_and_holds_every_place_once(text: str, pairs: list[tuple[int, int]]) -> None:
    refs = [Ref(1, start, end, False, "t") for start, end in pairs]
    tree = marked(text, refs)

    def told(mark: Mark) -> str:
        return "".join(part if isinstance(part, str) else told(part) for part in mark.parts)

    found: list[Ref] = []
    starts: dict[Ref, str] = {}

    def gather(mark: Mark) -> None:
        if mark.ref is not None:
            found.append(mark.ref)
            starts[mark.ref] = told(mark)
        for part in mark.parts:
            if isinstance(part, Mark):
                gather(part)

    gather(tree)
    assert told(tree) == text
    valid = {ref for ref in refs if ref.start < ref.end <= len(text)}
    assert sorted(found) == sorted(valid)
    assert all(text[ref.start : ref.end].startswith(starts[ref]) and starts[ref] for ref in valid)


# --- confidence -------------------------------------------------------------------------------------------------------------------


def rated(*pairs: tuple[int, int]) -> list[RatedQuestion]:
    return [
        RatedQuestion(f"q/{at}", "i", percent, level, (Ref(at, 0, 1, False, "t"),))
        for at, (percent, level) in enumerate(pairs)
    ]


def test_few_questions_have_counts_and_no_figure() -> None:
    held = ledger(rated((90, 3), (10, 1)))
    assert (held.rated, held.reached, held.mean_percent, held.brier) == (2, 1, 50.0, None)
    assert [(band.low, band.rated, band.reached) for band in held.bands] == [(0, 1, 0), (80, 1, 1)]
    assert "too few answers" in held.says


@pytest.mark.parametrize(
    ("pairs", "brier", "word"),
    [
        ([(100, 3)] * 5, 0.0, "fits"),
        ([(90, 0)] * 6, 0.81, "surer"),
        ([(10, 4)] * 6, 0.81, "more than you gave yourself credit"),
        ([(50, 3), (50, 0), (50, 3), (50, 0), (50, 3)], 0.25, "fits"),
    ],
)
def test_a_figure_comes_with_what_it_can_tell(pairs: list[tuple[int, int]], brier: float, word: str) -> None:
    held = ledger(rated(*pairs))
    assert held.brier == brier
    assert word in held.says


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 4)), max_size=20))
def test_bands_hold_every_question_once(pairs: list[tuple[int, int]]) -> None:
    held = ledger(rated(*pairs))
    assert sum(band.rated for band in held.bands) == held.rated == len(pairs)
    assert sum(band.reached for band in held.bands) == held.reached
    assert (held.brier is None) is (len(pairs) < MIN_FOR_FIGURE)
    assert not any(character.isdigit() for character in held.says)


# --- bar and rounds ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seniority", "strictness", "level"),
    [
        (Seniority.JUNIOR, Strictness.STANDARD, 2),
        (Seniority.MID, Strictness.STANDARD, 3),
        (Seniority.STAFF, Strictness.STRICT, 4),
        (Seniority.MID, Strictness.STRICT, 4),
        (Seniority.JUNIOR, Strictness.GENTLE, 1),
    ],
)
def test_strictness_moves_the_bar(seniority: Seniority, strictness: Strictness, level: int) -> None:
    interview = an_interview(seniority=seniority, strictness=strictness)
    assert bar(interview, [], Places(())).level == level


def test_missing_musts_decide_and_where_none_is_missing_what_is_expected() -> None:
    below = a_score(level=1, criteria=(a_criterion("a", MISSED), a_criterion("b", MISSED, SHOULD)))
    near = a_score(question_id="q/2", level=3, criteria=(a_criterion("c", SHOWN), a_criterion("d", MISSED, SHOULD)))
    found = bar(an_interview(strictness=Strictness.STRICT), [below, near], Places(()))
    assert [each.criterion_id for each in found.deciding] == ["a", "d"]
    assert (found.reached, found.questions) == (0, 2)


def test_a_round_has_a_level_where_enough_of_it_was_asked() -> None:
    disputed = replace(a_criterion("b", MISSED), disagreement=True)
    asked = a_score(criteria=(a_criterion("a", SHOWN), disputed))
    unasked = a_score(
        question_id="q/2",
        round="llm",
        criteria=(a_criterion("a", SHOWN), *[a_criterion(str(n), NEVER) for n in range(3)]),
    )
    one, other = round_levels([asked, unasked])
    assert (one.level, one.spread, one.coverage) == (2.0, (2.0, 4.0), Coverage(2, 2))
    assert (other.level, other.spread, other.coverage) == (None, None, Coverage(1, 4))


# --- job description --------------------------------------------------------------------------------------------------------------


def test_a_line_is_tested_by_a_term_or_by_what_is_alike_and_only_where_it_was_answered() -> None:
    lines = lines_of("- Serve models with Triton\n- Tell stories with data\n- Deep learning\n")
    asked = an_interviewers_turn(id="turn-0", seq=1, text="How did you use Triton, in deep learning?")
    said = a_turn(seq=2)
    assert probes([asked], []) == ()
    found = probes([asked, said], [])
    likeness = np.array([[0.1], [0.7], [0.49]], dtype=np.float32)
    tested = lines_tested(lines, found, likeness)
    assert [[(by.how, by.term) for by in line.tested_by] for line in tested.lines] == [
        [("term", "Triton")] if lines[0].terms else [],
        [("likeness", "")],
        [],
    ]
    assert tested.testable == 3
    assert all(line.tested_by == () for line in lines_tested(lines, (), None).lines)


def test_a_line_is_tested_by_what_the_plan_had_for_it_once_that_was_answered() -> None:
    lines = lines_of("- Talk to customers\n- Mentor others\n")
    planned = PlannedQuestion(QUESTION, 300, tests=(JobPlace(lines[1].start, lines[1].end),))
    interview = an_interview(plan=Plan((PlannedRound("fundamentals", 5, (planned,)),)))
    asked = an_interviewers_turn(id="turn-0", seq=1)
    assert planned_for(interview, [asked]) == {}
    tested = lines_tested(lines, (), None, planned_for(interview, [asked, a_turn(seq=2)]))
    assert [[(by.question_id, by.how) for by in line.tested_by] for line in tested.lines] == [[], [(QUESTION, "topic")]]


# --- reference answers and the note -------------------------------------------------------------------------------------------------


def test_a_reference_answer_waits_for_an_answer_and_for_the_end_of_an_exam() -> None:
    asked = an_interviewers_turn(id="turn-0", seq=1, move=a_move(kind=MoveKind.ASK))
    for mode, state, text in (
        (Mode.PRACTICE, InterviewState.OPEN, "no longer in the corpus"),
        (Mode.EXAM, InterviewState.OPEN, "no longer in the corpus"),
    ):
        found = reference(an_interview(mode=mode, state=state), [asked], QUESTION, Corpus())
        assert found.text is None
        assert text in found.withheld


def test_a_note_of_thanks_names_only_what_happened() -> None:
    asked = an_interviewers_turn(id="turn-0", seq=1, move=a_move(kind=MoveKind.ASK, claim=a_claim()))
    said = a_turn(seq=2)
    note = draft(an_interview(company="neutral"), [asked, said], [_missed()], Corpus())
    assert note.startswith("Dear [name],"), "who stands for no company is nobody to write to"
    assert "We spoke about detect overfitting." in note
    assert "“Spam filter” in my resume" in note
    assert "answering my questions" not in note
    assert "[your name]" in note
    assert draft(an_interview(), [asked], [], Corpus()) == ""


def test_a_note_of_thanks_reads_as_a_person_would_write_it() -> None:
    corpus = load(Path("corpus"))
    ids = ("introduction/about-yourself", "chains/fine-tuning", "chains/quantization", "chains/lora", "chains/rag")
    turns = [a_turn(id=f"turn-{number}", seq=number, question_id=each) for number, each in enumerate(ids, 1)]
    scores = [a_score(question_id=each, criteria=(a_criterion("a", MISSED),)) for each in ids[:2]]
    note = draft(an_interview(company="neutral", role="ml-engineer"), turns, scores, corpus)
    assert (
        "for the position of machine learning engineer. We spoke about fine-tuning, quantization, LoRA and other things."
        in note
    )
    assert "something that I left out on fine-tuning:" in note
    assert "AI engineer" in draft(an_interview(company="neutral", role="ai-engineer"), turns, scores, corpus)


def _missed() -> Score:
    return a_score(criteria=(a_criterion("a", MISSED),))
