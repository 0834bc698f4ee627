"""Checks of a chain: asked once, neutrally, of what the candidate said themselves, and never where anything of it is unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.interview import PlannedQuestion
from app.domain.sentences import words
from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing.director.follow_ups import LEAST_TO_RECONCILE_S
from app.interviewing.slot_checks import MOST_CHECKS, due, key_of
from app.interviewing.slots import filled
from app.interviewing.state import taken_up
from app.material.corpus import DEEP_DIVE
from app.material.entries import Chain, Condition, Slot
from tests.support.plays import stand_on
from tests.support.slots import CLAIM, case, corpus, subject_of, turns_of
from tests.support.talks import Talk, an_interview_on

TOO_MUCH = "Our vectors have 768 dimensions, and the whole index took 1 gigabyte."
PASSAGES = "Support agents asked. The index had 2 million passages of the manuals."


def on(*chains: str, seconds: int = 900, minutes: int = 60) -> Talk:
    """An interview that is nothing but these chains."""
    planned = [PlannedQuestion(f"chains/{each}", seconds, claim=CLAIM) for each in chains]
    talk = Talk(corpus(), an_interview_on((DEEP_DIVE, minutes, planned), minutes=minutes))
    talk.open()
    return talk


def say(talk: Talk, *answers: str, after_s: float = 10.0) -> list[Move]:
    return [talk.say(each, after_s=after_s) for each in answers]


def checks(moves: Sequence[Move]) -> list[str]:
    return [move.takes_up.rpartition("/")[2] for move in moves if move.kind is MoveKind.CHECK]


def test_a_sum_that_does_not_come_out_is_asked_about_with_the_figures_as_they_were_said() -> None:
    talk = on("rag")
    _, asked = say(talk, PASSAGES, TOO_MUCH)
    assert asked.kind is MoveKind.CHECK
    assert asked.spoken == (
        "Let me add that up with you. 2 million passages, 768 numbers each, in 1 gigabyte. How is each number stored?"
    )
    assert asked.takes_up == "check:chains/rag/index-in-memory"
    assert asked.reason == (
        "check index-in-memory: passages × dimensions > memory × 10^9; "
        "passages 2 million (turn 2), dimensions 768 (turn 4), memory 1 (turn 4)"
    )
    assert not asked.criterion_id, "it asks for no criterion, so none is scored by it"


def test_afterwards_the_talk_goes_on_where_it_was_and_the_check_is_not_asked_again() -> None:
    talk = on("rag")
    say(talk, PASSAGES)
    part = talk.turns[-1].part_id
    asked, after = say(talk, TOO_MUCH, "One byte each, product quantization made them smaller than that.")
    assert asked.part_id == part
    assert after.kind in {MoveKind.PROBE, MoveKind.ASK}
    assert (after.part_id == part) == (after.kind is MoveKind.PROBE)
    moved = (talk.turns[-1].move for _ in range(6))
    rest = [
        talk.say(f"{PASSAGES} {TOO_MUCH}") for move in moved if move is not None and move.kind is not MoveKind.CLOSE
    ]
    assert rest
    assert checks(rest) == []


def test_a_check_is_repeated_when_somebody_asks_to_hear_it_again() -> None:
    talk = on("rag")
    _, asked = say(talk, PASSAGES, TOO_MUCH)
    assert talk.say("Say that again?", SpanKind.REPEAT).spoken.endswith(asked.spoken)


def test_the_answer_to_a_check_ends_no_patience() -> None:
    talk = on("rag")
    say(talk, PASSAGES, TOO_MUCH)
    before = talk.state().fruitless
    say(talk, "I don't remember.")
    assert talk.state().fruitless == before


def test_figures_that_come_out_are_not_asked_about() -> None:
    talk = on("rag")
    assert checks(say(talk, PASSAGES, "Our vectors have 768 dimensions, and the whole index took 8 gigabytes.")) == []


@pytest.mark.parametrize(
    "said",
    [
        "Our vectors have 768 dimensions.",
        "Our vectors have 768 dimensions, and the whole index would take 1 gigabyte.",
        "Our vectors have 768 or 1,536 dimensions, and the whole index took 1 gigabyte.",
        "Our vectors have 768 dimensions, and the whole index took less than 1 gigabyte.",
        "A colleague's vectors have 768 dimensions, and the whole index took 1 gigabyte.",
    ],
)
def test_nothing_is_asked_where_a_figure_is_unknown(said: str) -> None:
    assert checks(say(on("rag"), PASSAGES, said)) == []


def test_a_check_needs_time_for_its_answer() -> None:
    talk = on("rag", seconds=300, minutes=5)
    say(talk, PASSAGES)
    late = 300 - 10 - LEAST_TO_RECONCILE_S + 1
    assert checks(say(talk, TOO_MUCH, after_s=late)) == []


def test_a_drill_has_no_checks() -> None:
    chain = corpus().chains["chains/rag"]
    planned = PlannedQuestion(chain.id, 900, claim=CLAIM, focus=tuple(each.id for each in chain.criteria[:3]))
    talk = Talk(corpus(), an_interview_on((DEEP_DIVE, 15, [planned]), minutes=15))
    talk.open()
    assert checks(say(talk, PASSAGES, TOO_MUCH)) == []


def test_at_most_two_are_asked_in_an_interview() -> None:
    talks = {
        "rag": (PASSAGES, TOO_MUCH),
        "semantic-search": ("Shoppers. Our index has five million vectors.", TOO_MUCH),
        "model-serving": (
            "There were four workers, each copy took 3 gigabytes. The machine had 8 gigabytes of memory.",
        )
        * 2,
        "recommender-system": ("Readers. We had 100 users and 20 items, 5,000 interactions in all.",) * 2,
    }
    alone = [checks(say(on(chain), *said)) for chain, said in talks.items()]
    assert [len(each) for each in alone] == [1, 1, 1, 1], "each of them would be asked by itself"
    talk = on(*talks, seconds=120)
    moves: list[Move] = []
    while not moves or moves[-1].kind is not MoveKind.CLOSE:
        here = talk.turns[-1].question_id.removeprefix("chains/")
        said = talks[here][len([each for each in moves if each.question_id.endswith(here)]) % 2]
        moves += say(talk, said, after_s=25)
    assert len(checks(moves)) == MOST_CHECKS


def test_what_was_never_spoken_of_is_asked_about_before_the_rung_is_left() -> None:
    talk = on("rag")
    named = {each.id for each in corpus().chains["chains/rag"].criteria}
    say(talk, PASSAGES)
    stand_on(talk, "judged")
    move = talk.say("On two hundred questions we got a recall of 0.81.", shown=named)
    while move.kind is MoveKind.PRESS:
        move = talk.say("I'd keep it.", shown=named)
    assert move.kind is MoveKind.CHECK
    assert move.spoken.startswith("You measured a recall of 0.81. What did people use")
    assert move.reason.startswith(
        "check better-than-what: nothing was said of yardstick; metric a recall of 0.81 (turn "
    )


def test_what_was_compared_is_not_asked_about() -> None:
    talk = on("rag")
    named = {each.id for each in corpus().chains["chains/rag"].criteria}
    say(talk, PASSAGES)
    stand_on(talk, "judged")
    said = "On two hundred questions we got a recall of 0.81, the keyword search had 0.6."
    assert checks([talk.say(said, shown=named)]) == []


def test_words_of_a_candidate_come_back_as_plain_text() -> None:
    talk = case("rag", "purpose | <b>We</b> had 2 million passages. {memory} `1`", f"finding | {TOO_MUCH} <script>")
    found = due(subject_of("rag"), turns_of(talk), frozenset())
    assert found is not None
    assert not set(found.spoken) & set("<>{}[]`*")


def test_a_check_of_too_many_words_is_not_asked() -> None:
    rag = subject_of("rag")
    check = rag.checks[0]
    wordy = check.model_copy(update={"ask": f"{check.ask} {'And so on. ' * 20}"})
    turns = turns_of(case("rag", f"purpose | {PASSAGES}", f"finding | {TOO_MUCH}"))
    assert due(rag, turns, frozenset()) is not None
    assert due(replace(rag, checks=(wordy,)), turns, frozenset()) is None


# --- any talk -------------------------------------------------------------------------------------------------------

PIECES = [
    PASSAGES,
    TOO_MUCH,
    "We got a recall of 0.81.",
    "There were four workers, each copy took 3 gigabytes.",
    "The machine had 8 gigabytes of memory.",
    "We adapted a model with 70 billion parameters.",
    "Our card has 24 gigabytes, and the frozen weights were in 16 bits.",
    "We trained 100 percent of the weights.",
    "Sorry, it was 3 million passages.",
    "No, that's wrong.",
    "It was better than before.",
    "Our F1 was 93 percent, our precision was 40 percent, our recall was 50 percent.",
    "I don't know.",
]


@settings(deadline=None, max_examples=60)
@given(
    chain=st.sampled_from(["rag", "model-serving", "lora", "fine-tuning", "named-entity-recognition"]),
    said=st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(PIECES)).map(" ".join), max_size=12),
    shown=st.booleans(),
)
def test_in_any_talk_a_check_is_asked_at_most_once_and_only_of_what_is_known(
    chain: str, said: list[str], shown: bool
) -> None:
    talk = on(chain)
    named = {each.id for each in corpus().chains[f"chains/{chain}"].criteria} if shown else set()
    asked: list[str] = []
    for text in said:
        if talk.turns[-1].move is not None and talk.turns[-1].move.kind is MoveKind.CLOSE:
            break
        move = talk.say(text, shown=named)
        if move.kind is not MoveKind.CHECK:
            continue
        asked.append(move.takes_up)
        check = next(each for each in subject_of(chain).checks if key_of(f"chains/{chain}", each.id) == move.takes_up)
        known = filled(talk.subject_of(talk.interview.plan.questions[0]), talk.turns)
        assert set(check.needs) <= set(known)
        assert len(words(move.spoken)) <= 35
        assert not re.search(r"\{\w+\}", move.spoken)
        assert move.spoken.count("?") == 1
    assert len(asked) == len(set(asked)) <= MOST_CHECKS
    assert set(asked) <= taken_up(talk.turns)


def test_all_checks_but_those_on_free_words_can_be_asked() -> None:
    def can_be_known(slot: Slot) -> bool:
        return bool(slot.said_with or slot.unit) if slot.kind == "number" else slot.tells in {"measure", "difference"}

    def can_be_noticed(slot: Slot, chain: Chain) -> bool:
        return bool(slot.tells or slot.said_with) and any(slot.id in rung.fills for rung in chain.rungs)

    never = []
    for chain in corpus().chains.values():
        slots = {slot.id: slot for slot in chain.slots}
        for check in chain.checks:
            empty = check.when.empty if isinstance(check.when, Condition) else None
            known = all(can_be_known(slots[name]) for name in check.needs)
            if not known or (empty is not None and not can_be_noticed(slots[empty], chain)):
                never.append(f"{chain.id}/{check.id}")
    assert never == [
        "chains/clustering/better-than-what",
        "chains/dimensionality-reduction/better-than-without",
        "chains/fine-tuning/which-figure",
        "chains/project-choices/chosen-over-what",
        "chains/project-in-production/released-but-watched",
    ]
