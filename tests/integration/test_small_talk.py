"""Talk about something else altogether, with the packaged weights and the real embedder: nothing was said on the question."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from app.curation.join_interview import small_talk
from app.curation.lessons import held_out
from app.curation.spoken import turn_of
from app.domain.transcript import Mark, Turn
from app.scoring.criterion_model import CompactScorer
from app.scoring.joined import joined_weights
from app.scoring.stretches import stretches_of, units_of
from evals.judging import looking_back, plain
from evals.judging.battery import PERSONAL, listed
from tests.support.builders import an_interview
from tests.support.pairs import hold, hold_sentence
from tests.support.real_vectors import RealVectors
from tests.support.slots import corpus

MOST = 0.05
"""The bar on talk about something else, of all criteria."""

pytestmark = pytest.mark.embedding


@pytest.mark.parametrize("closely", [True, False])
def test_it_earns_next_to_nothing(closely: bool) -> None:
    said = [row["text"] for row in listed("elsewhere")][::3]
    assert len(said) == 7
    assert not set(said) & set(small_talk())
    vectors = RealVectors(corpus())
    scorer = CompactScorer(
        corpus(),
        hold,
        vectors.encode,
        closely=closely,
        neighbours=vectors.neighbours(corpus()),
        hold_sentence=hold_sentence,
    )
    personal = sorted(each for each in corpus().questions if each.startswith(PERSONAL))
    generator = random.Random(4)
    asked = [*generator.sample(sorted(held_out()), 8), *generator.sample(personal, 8)]
    marks = [
        mark
        for question in asked
        for text in said
        for mark in asyncio.run(scorer.mark(an_interview(), question, [turn_of(question, text)]))
    ]
    credited = [mark for mark in marks if mark.p_shown >= 0.5]
    assert len(marks) > 300
    assert len(credited) <= MOST * len(marks), credited


def test_a_short_answer_belongs_to_the_story_before_it() -> None:
    question = "behavioural/failed-in-production"
    story = (
        "We shipped a demand forecast for fresh food that had learned from the months before the holidays. Two weeks later the stores "
        "ordered far too much bread, and I was the one who had signed off on the evaluation."
    )
    vectors = RealVectors(corpus())
    scorer = CompactScorer(
        corpus(), hold, vectors.encode, neighbours=vectors.neighbours(corpus()), hold_sentence=hold_sentence
    )
    earlier = units_of([turn_of(question, story)], question)
    (short,) = stretches_of(units_of([turn_of(question, "Because nobody had told us.")], question))
    fitted = joined_weights()
    by_itself = asyncio.run(scorer.look(question, short))
    going_on = asyncio.run(scorer.look(question, short, before=earlier))
    assert not any(look.counts(fitted) for look in by_itself)
    assert all(look.counts(fitted) or look.given_back for look in going_on)


def test_one_plain_sentence_earns_what_it_says_and_little_else() -> None:
    """The lines are a little above what all of them gave; docs/evals.md has the figures."""
    every = plain.answers()
    asked = {row["question"] for row in every}
    assert asked == held_out()
    assert all(
        row["criterion"] in {each.criterion.id for each in corpus().rubric(row["question"]).criteria} for row in every
    )
    vectors = RealVectors(corpus())
    scorer = CompactScorer(
        corpus(), hold, vectors.encode, neighbours=vectors.neighbours(corpus()), hold_sentence=hold_sentence
    )
    found = asyncio.run(plain.measure(scorer, every[::2]))
    assert found["right, own"]["n"] == 60
    assert found["right, others"]["n"] > 180
    assert found["right, own"]["credited"] >= 0.85
    assert found["right, own"]["contradicted"] <= 0.05
    assert found["right, others"]["credited"] <= 0.12
    assert found["wrong, own"]["credited"] <= 0.45
    assert found["wrong, own"]["contradicted"] >= 0.45
    assert found["beside, own"]["credited"] <= 0.1


def test_what_one_would_do_differently_is_heard_whatever_the_project_was_about() -> None:
    """The lines are a little beside what all chains gave; docs/evals.md has the figures."""
    chains = looking_back.asked_in(corpus())
    assert len(chains) >= 20
    vectors = RealVectors(corpus())
    scorer = CompactScorer(
        corpus(), hold, vectors.encode, neighbours=vectors.neighbours(corpus()), hold_sentence=hold_sentence
    )
    found = asyncio.run(looking_back.measure(scorer, chains[::6]))
    assert found["reasoned"]["n"] == found["empty"]["n"] == 40
    assert found["reasoned"]["credited"] >= 0.8
    assert found["empty"]["credited"] <= 0.05
    assert found["everyday"]["credited"] <= 0.15


def test_what_is_shared_moves_no_other_criterion_and_is_heard_where_it_was_asked() -> None:
    chain, criterion = next(each for each in looking_back.asked_in(corpus()) if each[0] == "chains/gradient-boosting")
    vectors = RealVectors(corpus())
    with_all, alone = (
        CompactScorer(
            corpus(), hold, vectors.encode, neighbours=vectors.neighbours(corpus()), hold_sentence=hold_sentence
        )
        for _ in range(2)
    )
    alone._shared = {}
    said = "I would put the depots' opening hours in, since closed days looked like zero demand to the forecast."
    turn = turn_of(chain, said)

    def marked(scorer: CompactScorer, turn: Turn) -> dict[str, Mark]:
        return {mark.criterion_id: mark for mark in asyncio.run(scorer.mark(an_interview(), chain, [turn]))}

    found, before = marked(with_all, turn), marked(alone, turn)
    assert found.pop(criterion).p_shown > before.pop(criterion).p_shown
    assert any(mark.p_shown > 0 for mark in before.values())
    assert found == before
    elsewhere = marked(with_all, replace(turn, part_id="another-part"))
    assert elsewhere[criterion].p_shown == 0.0
