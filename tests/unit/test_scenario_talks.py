"""Scenarios and tables played against the director alone."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from app.domain.interview import Mode, PlannedQuestion
from app.domain.transcript import FactTold, Move, MoveKind, SpanKind, Telling
from app.interviewing import fact_sheet
from app.interviewing.director.script import Replies
from app.interviewing.fact_sheet import pieces, requests
from app.interviewing.phrases.about_the_turn import ASSUME
from app.interviewing.phrases.onwards import KINDLY_ON, UNASKED
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.subject import subject_for
from app.interviewing.turn_rules import listen
from app.material.corpus import Corpus
from app.material.load import load
from app.material.tasks import CURVEBALL
from tests.support.builders import a_turn, an_interview
from tests.support.talks import Talk, an_interview_on

FRAUD = "scenarios/hld-payment-fraud"
TRAINING = "scenarios/hld-billion-parameter-training"
SPAM = "analytics/constant-spam-model"


def english(text: str) -> tuple[str, float]:
    return ("en", 1.0)


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    return load(Path("corpus"))


def play(question_id: str, seconds: int = 3000, minutes: float = 60, **changes: object) -> Talk:
    entry = corpus().rubric(question_id)
    planned = PlannedQuestion(question_id, seconds)
    talk = Talk(corpus(), an_interview_on((entry.round, minutes, [planned]), minutes=int(minutes) + 5, **changes))
    talk.open()
    return talk


def asked(*ids: str) -> Replies:
    return Replies(facts=tuple(FactTold(each, Telling.ASKED, 0, 5) for each in ids))


def ask(talk: Talk, *ids: str) -> Move:
    return talk.say("What is it?", SpanKind.CLARIFY, replies=asked(*ids))


def reply_of(question_id: str, fact_id: str) -> str:
    return next(fact.reply for fact in corpus().scenarios[question_id].facts if fact.id == fact_id)


def to_stage(talk: Talk, stage_id: str) -> Move:
    """Answers until that stage is opened."""
    for _ in range(60):
        move = talk.say("Well.")
        if move.part_id == stage_id and move.kind is MoveKind.ASK:
            return move
    raise AssertionError(stage_id)


def criteria_of(question_id: str, part_id: str) -> list[str]:
    return [each.criterion.id for each in corpus().rubric(question_id).criteria if each.part_id == part_id]


# --- the subject ------------------------------------------------------------------------------------------------------


def test_a_scenario_is_its_opening_its_stages_and_its_curveball_in_order() -> None:
    subject = subject_for(corpus(), an_interview(), PlannedQuestion(FRAUD, 1860))
    assert [part.id for part in subject.parts] == ["", "strictness", "flow", "thief", "learning", CURVEBALL]
    assert [criterion.id for criterion in subject.part("").criteria] == ["limits-before-method"]
    assert {criterion.id for criterion in subject.criteria} == {
        each.criterion.id for each in corpus().rubric(FRAUD).criteria
    }


@pytest.mark.parametrize("entry_id", sorted([*load(Path("corpus")).scenarios, *load(Path("corpus")).analytics]))
def test_every_entry_has_each_criterion_in_one_part_and_owes_no_more_than_its_budget(entry_id: str) -> None:
    for seconds in (200, 900, 4000):
        subject = subject_for(corpus(), an_interview(), PlannedQuestion(entry_id, seconds))
        ids = [criterion.id for criterion in subject.criteria]
        assert sorted(ids) == sorted(each.criterion.id for each in corpus().rubric(entry_id).criteria)
        assert sum(part.owed_s for part in subject.parts) <= seconds
        assert all(part.ask for part in subject.parts)


def test_lens_and_rewording_open_a_scenario_as_they_open_a_question() -> None:
    scenario = corpus().scenarios[FRAUD]
    plain = subject_for(corpus(), an_interview(company=""), PlannedQuestion(FRAUD, 900))
    reworded = subject_for(corpus(), an_interview(company=""), PlannedQuestion(FRAUD, 900, wording=1))
    lens = subject_for(corpus(), an_interview(company="uber"), PlannedQuestion(FRAUD, 900, wording=1))
    assert [each.parts[0].ask for each in (plain, reworded, lens)] == [
        scenario.opening,
        scenario.rewordings[0],
        scenario.lenses["uber"],
    ]


def test_the_table_is_the_interviews_own() -> None:
    tables = [subject_for(corpus(), an_interview(seed=seed), PlannedQuestion(SPAM, 500)).table for seed in (1, 1, 2, 3)]
    assert tables[0] == tables[1]
    assert len({table.rows for table in tables if table is not None}) == 3


# --- facts ------------------------------------------------------------------------------------------------------------


def test_nothing_of_the_fact_sheet_is_said_unasked() -> None:
    talk = play(FRAUD)
    held_back = [fact for fact in corpus().scenarios[FRAUD].facts if fact.volunteer_at is None]
    for _ in range(40):
        if talk.say("Well.").kind is MoveKind.CLOSE:
            break
    said = " ".join(turn.text for turn in talk.turns if turn.move is not None)
    assert held_back
    assert not [fact.id for fact in held_back if fact.reply in said]


def test_a_fact_is_told_when_asked_for_and_the_same_each_time() -> None:
    talk = play(FRAUD)
    first, again = ask(talk, "latency"), ask(talk, "latency")
    assert (first.kind, first.spoken) == (MoveKind.CLARIFY, reply_of(FRAUD, "latency"))
    assert again.spoken == f"{first.spoken} {corpus().scenarios[FRAUD].opening}", "told again, and the question waits"
    assert first.part_id == ""
    assert [each.id for each in first.facts] == ["latency"]


def test_several_facts_asked_for_at_once_are_told_at_once_in_their_order() -> None:
    move = ask(play(FRAUD), "latency", "daily_payments")
    assert move.spoken == f"{reply_of(FRAUD, 'latency')} {reply_of(FRAUD, 'daily_payments')}"


def test_a_stage_tells_what_it_volunteers_unless_it_was_asked_for() -> None:
    move = to_stage(play(FRAUD), "flow")
    stage = next(stage for stage in corpus().scenarios[FRAUD].stages if stage.id == "flow")
    told = f"{reply_of(FRAUD, 'cases_each')} {stage.ask}"
    assert any(move.spoken.endswith(f"{way} {told}") for way in UNASKED.ways)
    assert [(each.id, each.how) for each in move.facts] == [("cases_each", Telling.VOLUNTEERED)]
    talk = play(FRAUD)
    ask(talk, "cases_each")
    move = to_stage(talk, "flow")
    assert move.spoken.endswith(stage.ask)
    assert move.facts == ()
    assert not any(way in move.spoken for way in UNASKED.ways)


def test_who_cannot_estimate_a_fact_is_helped_once() -> None:
    fact = next(fact for fact in corpus().scenarios[TRAINING].facts if fact.id == "bytes_each")
    talk = play(TRAINING)
    assert ask(talk, "bytes_each").spoken == fact.reply
    move = talk.say("No idea.", SpanKind.DONT_KNOW)
    assert (move.kind, move.spoken) == (MoveKind.CLARIFY, fact.if_unknown)
    assert talk.say("No idea.", SpanKind.DONT_KNOW).spoken != fact.if_unknown
    known = fact_sheet.told(talk.turns, TRAINING)
    later = fact_sheet.asked_for(known, [FactTold("bytes_each", Telling.ASKED, 0, 3)])
    subject = subject_for(corpus(), talk.interview, talk.interview.plan.questions[0])
    assert fact_sheet.words_of(subject, later) == fact.if_unknown


def test_a_question_that_the_sheet_does_not_answer_gets_no_fact() -> None:
    assert play(FRAUD).say("May I use trees?", SpanKind.CLARIFY).spoken == ASSUME.usual


def test_a_question_to_oneself_amid_an_answer_is_passed_over() -> None:
    move = play(FRAUD).say("What do we want? To lose less.", SpanKind.CLARIFY, SpanKind.ANSWER)
    assert move.kind is MoveKind.PROBE


def test_asking_without_end_does_not_eat_the_stages_time() -> None:
    talk = play(FRAUD, seconds=1800, minutes=30)
    moves = [talk.say("How many?", SpanKind.CLARIFY, after_s=120, replies=asked("latency")) for _ in range(14)]
    opened = [move.part_id for move in moves if move.kind is MoveKind.ASK]
    assert opened[:2] == ["strictness", "flow"]
    assert moves[[move.kind for move in moves].index(MoveKind.ASK)].spoken.startswith(reply_of(FRAUD, "latency"))


# --- stages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [400, 900, 1860])
@pytest.mark.parametrize("entry_id", [FRAUD, TRAINING, "scenarios/case-battery-health", "scenarios/lld-rag-service"])
def test_every_stage_of_the_first_priority_is_reached_in_time(entry_id: str, seconds: int) -> None:
    talk = play(entry_id, seconds=seconds, minutes=seconds / 60)
    while talk.say("Well.", after_s=20).kind is not MoveKind.CLOSE:
        pass
    opened = {turn.move.part_id for turn in talk.turns if turn.move is not None}
    wanted = {stage.id for stage in corpus().scenarios[entry_id].stages if stage.priority == 1}
    assert wanted <= opened


def test_with_time_the_curveball_comes_once_and_after_its_stage() -> None:
    talk = play("scenarios/case-battery-health")
    while talk.say("Well.").kind is not MoveKind.CLOSE:
        pass
    curveball = corpus().scenarios["scenarios/case-battery-health"].curveball
    assert curveball is not None
    opened = [turn.move.part_id for turn in talk.turns if turn.move is not None and turn.move.kind is MoveKind.ASK]
    assert opened.count(CURVEBALL) == 1
    assert opened.index(CURVEBALL) == opened.index(curveball.at) + 1


def test_who_is_stuck_on_a_stage_is_led_to_the_next_one() -> None:
    talk = play(FRAUD)
    to_stage(talk, "strictness")
    first, second, third = talk.say("Hm."), talk.say("Hm."), talk.say("Hm.")
    assert (first.kind, second.kind) == (MoveKind.PROBE, MoveKind.PROBE)
    assert {first.criterion_id, second.criterion_id} == set(criteria_of(FRAUD, "strictness"))
    assert (third.kind, third.part_id) == (MoveKind.ASK, "flow")
    assert third.spoken.startswith(KINDLY_ON.ways)
    assert talk.say("Hm.").kind is MoveKind.PROBE, "the new stage has follow-ups of its own"


def test_probes_stay_with_the_stage_and_its_bound() -> None:
    talk = play(FRAUD)
    to_stage(talk, "flow")
    moves = [talk.say("Well.", shown=[each]) for each in criteria_of(FRAUD, "flow")]
    assert {move.part_id for move in moves if move.kind is MoveKind.PROBE} <= {"flow"}
    for part in ("", "strictness", "flow", "thief", "learning"):
        probes = [m for m in moves if m.kind is MoveKind.PROBE and m.part_id == part]
        assert len(probes) <= rules_of("high-level-design").probes_a_part


def test_what_had_to_come_first_is_not_probed_when_it_is_too_late() -> None:
    early, late = play(FRAUD), play(FRAUD)
    assert early.say("Let me think aloud.").criterion_id == "limits-before-method"
    move = late.say("Rules, then trees, then a heavy model.", shown=["cheap-then-thorough"])
    assert move.criterion_id != "limits-before-method"
    (point,) = [point for point in late.state().points if point.id == "limits-before-method"]
    assert point.too_late


# --- tables -----------------------------------------------------------------------------------------------------------


def test_a_table_comes_with_the_opening_alone_and_its_questions_one_by_one() -> None:
    talk = play(SPAM)
    assert talk.turns[0].move is not None
    assert talk.turns[0].move.table is not None
    exercise = corpus().analytics[SPAM]
    assert talk.turns[0].text.endswith(f"{exercise.opening} {exercise.questions[0].ask}")
    order: list[str] = []
    while (move := talk.say("Well.")).kind is not MoveKind.CLOSE:
        assert move.table is None
        if move.kind is MoveKind.ASK:
            order.append(move.part_id)
            assert not [each.ask for each in exercise.questions if each.id not in order and each.ask in move.spoken]
    assert order == [question.id for question in exercise.questions[1:]]


@pytest.mark.parametrize(("p", "left_unasked"), [(0.6, False), (0.8, True)])
def test_a_question_is_left_unasked_only_where_what_was_said_would_be_credited(p: float, left_unasked: bool) -> None:
    talk = play(SPAM)
    planned = talk.interview.plan.questions[0]
    talk.marks[SPAM] = {criterion.id: 0.1 for criterion in talk.subject_of(planned).criteria} | {"accuracy-value": p}
    move = talk.say("It never flags.", shown=["never-flags"])
    assert move.part_id == ("other-measures" if left_unasked else "how-accurate")


@pytest.mark.parametrize("mode", list(Mode))
def test_right_and_wrong_numbers_are_followed_without_a_verdict(mode: Mode) -> None:
    for shown in ([], ["accuracy-value"]):
        talk = play(SPAM, mode=mode)
        talk.say("It never flags.", shown=["never-flags"])
        move = talk.say("Eighty percent.", shown=shown)
        words = set(move.spoken.lower().replace(".", " ").replace(",", " ").split())
        assert not words & {"right", "wrong", "correct", "incorrect", "exactly", "no", "yes", "good", "unfortunately"}
    criterion = corpus().rubric(SPAM).criterion("accuracy-value")
    talk = play(SPAM, mode=mode)
    talk.say("It never flags.", shown=["never-flags"])
    assert talk.say("Eighty percent.").spoken == criterion.probe


# --- hearing questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "round_slug", "kinds"),
    [
        ("What's the latency budget?", "high-level-design", [SpanKind.CLARIFY]),
        ("And the base rate?", "case-study", [SpanKind.CLARIFY]),
        ("How common is fraud?", "fundamentals", [SpanKind.ANSWER]),
        ("How common is fraud? I'd guess it's rare.", "high-level-design", [SpanKind.CLARIFY, SpanKind.ANSWER]),
        ("It's better to refuse those, isn't it?", "high-level-design", [SpanKind.ANSWER]),
        ("Why not compare the expected loss with what a refusal costs us?", "low-level-design", [SpanKind.ANSWER]),
        ("I'd weigh both prices, because who else would pay for it?", "low-level-design", [SpanKind.ANSWER]),
    ],
)
def test_in_a_design_what_reads_as_a_question_is_heard_as_one(
    text: str, round_slug: str, kinds: list[SpanKind]
) -> None:
    assert [span.kind for span in listen(text, round_slug=round_slug, guess=english)] == kinds


def test_requests_are_questions_and_words_about_asking_with_their_places() -> None:
    text = "How many are there? I like trees. I'd ask how fast it has to answer."
    spans = listen(text, round_slug="high-level-design", guess=english)
    found = requests(a_turn(text=text, spans=spans))
    assert [(text[each.start : each.end], each.plain) for each in found] == [
        ("How many are there?", True),
        ("I'd ask how fast it has to answer.", False),
    ]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("How many are there?", ()),
        ("What does a mistake cost, and how long may I take?", ("What does a mistake cost", "how long may I take")),
        (
            "What are the latency budget, the volume and the fraud rate?",
            ("the latency budget", "the volume", "the fraud rate"),
        ),
        ("Which is worse, a lost mail or a spam mail seen?", ()),
    ],
)
def test_one_sentence_may_ask_for_several_things(sentence: str, parts: tuple[str, ...]) -> None:
    assert pieces(sentence) == (sentence, *parts)


def test_who_asks_again_beside_an_answer_is_followed_up() -> None:
    talk = play(FRAUD)
    ask(talk, "latency")
    move = talk.say("How fast? I'd take a forest.", SpanKind.CLARIFY, SpanKind.ANSWER, replies=asked("latency"))
    assert move.kind in {MoveKind.PROBE, MoveKind.ASK}
    assert "asked for latency again" in move.reason
