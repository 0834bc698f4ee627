"""Golden talks: every play of every chain, heard by the listener's rules and moved on by the director, goes as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.transcript import MoveKind, SpanKind
from app.interviewing.conditions import spoke_of_team_alone, was_anothers
from app.material.corpus import Corpus
from app.material.entries import PlayMove, PlayTurn
from app.material.load import load
from tests.support.plays import CLOCKS, Replayed, kinds_of, replay
from tests.support.slots import Case, values

CORPUS: Corpus = load(Path("corpus"))
PLAYS = [(chain, play) for chain in CORPUS.chains.values() for play in chain.plays]


@pytest.mark.parametrize(("chain", "play"), PLAYS, ids=[f"{chain.id}/{play.id}" for chain, play in PLAYS])
def test_a_play_goes_as_it_is_written(chain, play) -> None:  # type: ignore[no-untyped-def]
    went: list[list[Replayed]] = []
    for clock in CLOCKS:
        went.append(list(replay(CORPUS, chain, play, clock)))
        if all(each.as_told for each in went[-1]):
            return
    best = max(went, key=lambda each: sum(one.as_told for one in each))
    wrong = [
        f"on {one.turn.rung} the play says {one.turn.next}, and came {one.came}" for one in best if not one.as_told
    ]
    pytest.fail("; ".join(wrong))


def test_there_are_plays_of_every_chain_and_most_need_no_hurry() -> None:
    assert {chain.id for chain, _ in PLAYS} == set(CORPUS.chains)
    unhurried = [all(each.as_told for each in replay(CORPUS, chain, play, CLOCKS[0])) for chain, play in PLAYS]
    assert sum(unhurried) >= 0.95 * len(PLAYS)


def test_what_candidates_say_in_plays_is_heard_as_answers() -> None:
    for _, play in PLAYS:
        for turn in play.turns:
            kinds = set(kinds_of(turn.candidate))
            assert kinds & {SpanKind.ANSWER, SpanKind.DONT_KNOW}, turn.candidate


@pytest.mark.parametrize(
    "said",
    [
        "The evaluation. The training itself was a colleague's.",
        "To be honest, a colleague did that.",
        "That wasn't my part.",
        "Someone else built it before I came.",
        "I didn't do that, I only joined later.",
    ],
)
def test_work_of_another_is_heard(said: str) -> None:
    assert was_anothers(said)


@pytest.mark.parametrize(
    "said",
    [
        "A colleague labelled, and I trained it.",
        "Half of them got the new page, the others kept the old one.",
        "I did it alone.",
        "The features are mine, the model's from a colleague.",
        "We built it together.",
        "Another group of users came later.",
    ],
)
def test_work_that_was_shared_or_ones_own_is_not_taken_for_anothers(said: str) -> None:
    assert not was_anothers(said)


def test_our_products_are_no_team_that_did_the_work() -> None:
    assert not spoke_of_team_alone("It didn't know our products.")
    assert spoke_of_team_alone("We tuned it and got good results.")


def test_what_lies_between_is_not_asked_of_one_who_did_not_do_it() -> None:
    chain = CORPUS.chains["chains/lora"]
    play = next(each for each in chain.plays if each.id == "a-colleague-did")
    *_, last = replay(CORPUS, chain, play, CLOCKS[0])
    way = next(rung.if_not_mine for rung in chain.rungs if rung.id == "your-hands")
    assert way is not None
    assert (last.move.kind, last.move.part_id) == (MoveKind.ASK, way.to)
    assert last.move.spoken.startswith(way.says)
    assert last.move.reason.startswith("the work was another's")


def test_slots_that_a_play_tells_are_filled_where_a_check_follows() -> None:
    asked = [(chain, play, turn) for chain, play in PLAYS for turn in play.turns if _check_of(turn)]
    assert len(asked) >= 2
    for chain, play, last in asked:
        told = play.turns[: play.turns.index(last) + 1]
        known = values(Case(chain.id.removeprefix("chains/"), tuple((turn.rung, turn.candidate) for turn in told)))
        assert {slot: known[slot] for turn in told for slot in turn.slots} == {
            slot: value for turn in told for slot, value in turn.slots.items()
        }


def _check_of(turn: PlayTurn) -> str:
    return (turn.next.check or "") if isinstance(turn.next, PlayMove) else ""
