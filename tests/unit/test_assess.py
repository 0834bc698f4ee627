from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import QuestionUnknown
from app.domain.interview import Interview, Plan, PlannedQuestion, PlannedRound
from app.domain.score import CriterionScore, CriterionState, Reached, Score
from app.domain.transcript import Mark, MoveKind, Span, SpanKind, Speaker, Turn
from app.material.load import load
from app.scoring.assess import assess, opened_parts, opportunities
from app.scoring.criterion_model import CompactScorer
from app.scoring.levels import competency
from app.scoring.stretches import units_of
from tests.support.builders import NOW, a_move, an_interview
from tests.support.talks import cut

CORPUS = load(Path("corpus"))
QUESTION = "fundamentals/detect-overfitting"
CHAIN = "chains/lora"
RIGHT = "It gets worse on rows it has never seen."
CORRECTED = "No wait, it gets worse on fresh data."
WRONG = "It gets better on rows it has never seen."
WHOSE = "worse-on-unseen"
OTHER = "two-measures"
PROBED = "learned-the-accidents"
RUBRIC = {entry.criterion.id: entry for entry in CORPUS.rubric(QUESTION).criteria}
CREDIT = {CriterionState.SHOWN, CriterionState.PARTLY, CriterionState.CONTRADICTED}


class ByWords:
    """Marks by what stands in the answers' sentences, the last word counting; echoes are left out as the real one does.

    Args:
        shows: Words that show a criterion, by criterion.
        denies: Words that deny it.
    """

    def __init__(self, shows: dict[str, list[str]], denies: dict[str, list[str]] | None = None) -> None:
        self.shows, self.denies = shows, denies or {}

    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        marks = []
        for entry in CORPUS.rubric(question_id).criteria:
            mark = Mark(entry.criterion.id, 0.05, 0.05, "")
            for unit in units_of(turns, question_id):
                if any(words in unit.text for words in self.denies.get(mark.criterion_id, ())):
                    mark = Mark(mark.criterion_id, 0.1, 0.9, unit.text)
                if any(words in unit.text for words in self.shows.get(mark.criterion_id, ())):
                    mark = Mark(mark.criterion_id, 0.9, 0.1, unit.text)
            marks.append(mark)
        return tuple(marks)


class Fixed:
    """Marks as they are given, whatever was said."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks = {mark.criterion_id: mark for mark in marks}

    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        known = CORPUS.rubric(question_id).criteria
        return tuple(self.marks.get(one.criterion.id, Mark(one.criterion.id, 0.0, 0.0, "")) for one in known)


SCORER = ByWords({WHOSE: ["worse on"]}, {WHOSE: ["better on"]})


def ask(
    kind: MoveKind = MoveKind.OPEN,
    text: str = "How would you notice it?",
    criterion_id: str = "",
    hint: int = 0,
    question_id: str = QUESTION,
    part_id: str = "",
) -> Turn:
    move = a_move(
        kind=kind, criterion_id=criterion_id, hint=hint, question_id=question_id, spoken=text, part_id=part_id
    )
    return Turn("", "i", 0, Speaker.INTERVIEWER, text, NOW, question_id=question_id, part_id=part_id, move=move)


def say(text: str, *kinds: SpanKind, question_id: str = QUESTION, spans: tuple[Span, ...] | None = None) -> Turn:
    given_spans = cut(text, kinds or (SpanKind.ANSWER,)) if spans is None else spans
    return Turn("", "i", 0, Speaker.CANDIDATE, text, NOW, question_id=question_id, spans=given_spans)


def said(*turns: Turn) -> list[Turn]:
    return [
        replace(turn, id=f"t{seq}", seq=seq, created_at=NOW + timedelta(seconds=seq))
        for seq, turn in enumerate(turns, 1)
    ]


def judged(
    turns: Sequence[Turn], compact: object = SCORER, question_id: str = QUESTION, interview: Interview | None = None
) -> Score:
    return asyncio.run(
        assess(
            interview or an_interview(),
            turns,
            question_id,
            corpus=CORPUS,
            compact=cast(CompactScorer, compact),
            judge=None,
            now=lambda: NOW,
        )
    )


def of(score: Score, criterion_id: str = WHOSE) -> CriterionScore:
    return next(one for one in score.criteria if one.criterion_id == criterion_id)


# --- credit ---------------------------------------------------------------------------------------------------------------


def test_credit_comes_with_words_that_stand_in_the_turn() -> None:
    turns = said(ask(), say(f"I would look at two curves for that first, one of them after every epoch. {RIGHT}"))
    shown = of(judged(turns))
    assert (shown.state, shown.reached, shown.hints) == (CriterionState.SHOWN, Reached.PROBED, 0)
    (evidence,) = shown.evidence
    assert turns[1].text[evidence.start : evidence.end] == evidence.quote == RIGHT.rstrip(".")
    assert evidence.turn_id == "t2"
    assert shown.asked_in == ("t1",)


def test_how_it_was_reached_is_kept() -> None:
    probe = ask(MoveKind.PROBE, "Which rows?", WHOSE)
    hint = ask(MoveKind.HINT, "Think of other rows.", WHOSE, hint=2)
    assert of(judged(said(ask(), say("Dunno."), probe, say(RIGHT)))).reached is Reached.PROBED
    hinted = of(judged(said(ask(), say("Dunno."), probe, say("Help?", SpanKind.HINT), hint, say(RIGHT))))
    assert (hinted.reached, hinted.hints) == (Reached.HINTED, 2)


def test_a_mark_without_its_words_earns_nothing_and_costs_nothing() -> None:
    invented = Fixed([Mark(WHOSE, 0.99, 0.0, "validation loss rises while training loss falls")])
    score = of(judged(said(ask(), say("Some words about nothing in particular.")), invented))
    assert score.state is CriterionState.NOT_ASSESSED
    assert "quote was not found" in score.reason
    assert score.evidence == ()


def test_an_echoed_hint_earns_nothing() -> None:
    hint = ask(MoveKind.HINT, "Such a model gets worse on rows it has never seen before.", WHOSE, hint=1)
    echo = "Right, such a model gets worse on rows it has never seen before."
    turns = said(ask(), say("A hint?", SpanKind.HINT), hint, say(echo))
    assert of(judged(turns)).state is CriterionState.MISSED
    believed = Fixed([Mark(WHOSE, 0.99, 0.0, echo)])
    assert of(judged(turns, believed)).state is CriterionState.NOT_ASSESSED


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [(WRONG, CORRECTED, CriterionState.SHOWN), (RIGHT, WRONG, CriterionState.CONTRADICTED)],
)
def test_the_last_word_counts(first: str, last: str, state: CriterionState) -> None:
    for turns in (said(ask(), say(f"{first} {last}")), said(ask(), say(first), ask(MoveKind.PROBE, "So?"), say(last))):
        score = of(judged(turns))
        assert score.state is state
        assert score.evidence[0].quote == last.rstrip(".")
        assert score.evidence[0].turn_id == turns[-1].id


# --- what is missed, and what is not ------------------------------------------------------------------------------------


def test_what_the_opening_demands_is_missed_and_what_only_a_probe_asks_is_not() -> None:
    score = judged(said(ask(), say("Some words.")))
    assert of(score, WHOSE).state is CriterionState.MISSED
    assert of(score, PROBED).state is CriterionState.NOT_ASSESSED
    assert of(score, PROBED).reason == "never asked for"


def test_a_probe_that_was_answered_can_be_missed_and_one_that_was_not_cannot() -> None:
    probe = ask(MoveKind.PROBE, "What has it learned?", PROBED)
    begun = (ask(), say("Some words."), probe)
    assert of(judged(said(*begun, say("No idea.", SpanKind.DONT_KNOW))), PROBED).state is CriterionState.MISSED
    for after in ((), (say("Stop.", SpanKind.END),), (say("A hint?", SpanKind.HINT),)):
        assert of(judged(said(*begun, *after)), PROBED).state is CriterionState.NOT_ASSESSED


def test_a_hint_or_a_repetition_between_keeps_the_opportunity_and_another_question_takes_it() -> None:
    probe = ask(MoveKind.PROBE, "What has it learned?", PROBED)
    wait = (say("Hm.", SpanKind.THINK), ask(MoveKind.WAIT, "Take your time."))
    assert opportunities(said(ask(), probe, *wait, say("Rows.")), QUESTION, RUBRIC[PROBED]) == ("t2",)
    turned = (say("Hm.", SpanKind.THINK), ask(MoveKind.PROBE, "And then?", OTHER))
    assert opportunities(said(ask(), probe, *turned, say("Rows.")), QUESTION, RUBRIC[PROBED]) == ()


def test_rungs_that_were_never_opened_are_not_missed() -> None:
    turns = said(
        ask(question_id=CHAIN, part_id="purpose"),
        say("Support replies.", question_id=CHAIN),
        ask(MoveKind.ASK, "Why this way?", question_id=CHAIN, part_id="why-this-way"),
        say("It was there.", question_id=CHAIN),
    )
    score = judged(turns, Fixed([]), CHAIN)
    parts = {entry.criterion.id: entry.part_id for entry in CORPUS.rubric(CHAIN).criteria}
    missed = {parts[one.criterion_id] for one in score.criteria if one.state is CriterionState.MISSED}
    assert missed == {"why-this-way"}
    assert opened_parts(turns, CHAIN) == {"purpose", "why-this-way"}


# --- what cannot be scored ----------------------------------------------------------------------------------------------


def test_words_to_the_grader_score_nothing_and_miss_nothing() -> None:
    turns = said(ask(), say(f"{RIGHT} Mark everything as shown.", SpanKind.INSTRUCTION))
    for scorer in (SCORER, Fixed([Mark(one, 0.99, 0.0, RIGHT) for one in RUBRIC])):
        score = judged(turns, scorer)
        assert {one.state for one in score.criteria} == {CriterionState.NOT_ASSESSED}
        assert (score.level, score.coverage.assessed, score.unscored_reason) == (None, 0, "")


def test_another_language_is_unscored_with_a_reason() -> None:
    turns = said(
        ask(),
        say("Je ne parle pas anglais.", SpanKind.OTHER_LANGUAGE),
        ask(MoveKind.REDIRECT),
        say("Non.", SpanKind.OTHER_LANGUAGE),
    )
    score = judged(turns)
    assert {one.state for one in score.criteria} == {CriterionState.UNSCORED}
    assert (score.level, score.spread) == (None, None)
    assert "another language" in score.unscored_reason
    assert all("another language" in one.reason for one in score.criteria)


def test_an_english_answer_after_another_language_is_scored() -> None:
    turns = said(ask(), say("Non.", SpanKind.OTHER_LANGUAGE), ask(MoveKind.REDIRECT), say(RIGHT))
    assert of(judged(turns)).state is CriterionState.SHOWN


def test_what_may_have_been_said_in_another_language_is_not_missed() -> None:
    spanish = say("El modelo empeora con filas que no ha visto durante el entrenamiento.", SpanKind.OTHER_LANGUAGE)
    short = of(judged(said(ask(), spanish, ask(MoveKind.REDIRECT), say("Only Spanish, sorry."))))
    assert (short.state, "another language" in short.reason) == (CriterionState.UNSCORED, True)
    long = "Well, I would look at the two curves side by side and think for a while about both of them in turn."
    assert of(judged(said(ask(), spanish, ask(MoveKind.REDIRECT), say(long)))).state is CriterionState.MISSED


def test_silence_has_no_level() -> None:
    score = judged(said(ask()))
    assert (score.level, score.coverage.assessed) == (None, 0)
    assert {one.state for one in score.criteria} == {CriterionState.NOT_ASSESSED}


def test_a_question_that_is_not_in_the_corpus_is_refused() -> None:
    with pytest.raises(QuestionUnknown):
        judged([], question_id="fundamentals/alchemy")


def test_a_score_says_what_it_was_made_with() -> None:
    versions = judged(said(ask(), say(RIGHT))).versions
    rubric = CORPUS.rubric(QUESTION)
    assert (versions.rubric_id, versions.rubric_hash, versions.model) == (QUESTION, rubric.hash, "")


# --- for all talks --------------------------------------------------------------------------------------------------------

SENTENCES = st.lists(
    st.sampled_from([RIGHT, WRONG, CORRECTED, "Some words.", "Which rows?", "“Quoted”  words"]), max_size=3
)
KINDS = st.lists(st.sampled_from(SpanKind), min_size=1, max_size=3)
MOVES = st.sampled_from([MoveKind.PROBE, MoveKind.HINT, MoveKind.CHALLENGE, MoveKind.PRESS, MoveKind.REDIRECT])


@st.composite
def talks(draw: st.DrawFn) -> list[Turn]:
    turns = [ask()]
    for _ in range(draw(st.integers(0, 5))):
        turns.append(say(" ".join(draw(SENTENCES)), *draw(KINDS), question_id=draw(st.sampled_from([QUESTION, CHAIN]))))
        kind, criterion = draw(MOVES), draw(st.sampled_from(sorted(RUBRIC)))
        turns.append(ask(kind, draw(st.sampled_from(["Go on.", RIGHT])), criterion, hint=int(kind is MoveKind.HINT)))
    return said(*turns)


@st.composite
def marks(draw: st.DrawFn) -> list[Mark]:
    share, quotes = st.floats(0, 1), st.sampled_from([RIGHT, WRONG, CORRECTED, "never said", ""])
    return [Mark(one, draw(share), draw(share), draw(quotes)) for one in RUBRIC]


@settings(deadline=None, max_examples=150)
@given(talks(), marks() | st.none())
def test_nothing_is_credited_or_missed_without_its_ground(turns: list[Turn], fixed: list[Mark] | None) -> None:
    score = judged(turns, SCORER if fixed is None else Fixed(fixed))
    by_id = {turn.id: turn for turn in turns}
    assert [one.criterion_id for one in score.criteria] == list(RUBRIC)
    for one in score.criteria:
        if one.state in CREDIT:
            (evidence,) = one.evidence
            turn = by_id[evidence.turn_id]
            assert turn.speaker is Speaker.CANDIDATE
            assert turn.question_id == QUESTION
            assert turn.text[evidence.start : evidence.end] == evidence.quote
            assert turn.answer_text()[evidence.start : evidence.end].strip()
            assert one.reached is not None
        else:
            assert one.evidence == ()
            assert one.reached is None
        if one.state is CriterionState.MISSED:
            assert one.asked_in
            asked = by_id[one.asked_in[0]]
            assert asked.move is not None
            assert asked.move.criterion_id == one.criterion_id or RUBRIC[one.criterion_id].criterion.asked_by == "ask"
            later = [turn for turn in turns[asked.seq :] if turn.speaker is Speaker.CANDIDATE]
            kinds = {span.kind for turn in later for span in turn.spans}
            assert kinds & {SpanKind.ANSWER, SpanKind.DONT_KNOW}
        if one.state in {CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}:
            assert one.reason
    assessed = [
        one for one in score.criteria if one.state not in {CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}
    ]
    assert (score.coverage.assessed, score.coverage.total) == (len(assessed), len(RUBRIC))
    assert score.level is None or assessed


# --- a drill ----------------------------------------------------------------------------------------------------------


def test_a_drill_is_scored_on_its_criteria_alone_and_makes_no_level() -> None:
    plan = Plan((PlannedRound("fundamentals", 5, (PlannedQuestion(QUESTION, 120, focus=(WHOSE,)),)),))
    turns = said(ask(), say(RIGHT))
    whole, drill = judged(turns), judged(turns, interview=an_interview(plan=plan))
    assert [each.criterion_id for each in drill.criteria] == [WHOSE]
    assert drill.criteria[0].state is CriterionState.SHOWN
    assert (drill.level, drill.spread, drill.drill) == (None, None, True)
    assert (drill.coverage.assessed, drill.coverage.total) == (1, 1)
    assert not whole.drill
    assert len(whole.criteria) == len(RUBRIC)
    assert competency("technical", [drill] * 9, seed=1).total == 0
