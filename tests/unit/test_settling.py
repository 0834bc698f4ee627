"""Which sentence shows a criterion, which denies it, and what is fitted for that."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curation.spoken import SpokenAnswers
from app.curation.train_settling import Placed, claims, conditional_logit, fit_settling
from app.domain.transcript import Speaker, Turn
from app.material.corpus import Corpus
from app.material.load import load
from app.retrieval.embedder import Vectors
from app.scoring.criterion_model import CompactScorer
from app.scoring.features import SETTLING, SETTLING_AT_ONCE, Known, settling, settling_values
from app.scoring.joined import joined_weights, probabilities
from tests.support.builders import NOW, an_interview
from tests.support.embedders import hashed
from tests.unit.test_criterion_model import Pointing

NONE = np.zeros((0, 4), dtype=np.float32)


@cache
def corpus() -> Corpus:
    return load(Path("corpus"))


def rows(*places: int) -> Vectors:
    """Unit vectors along these axes, (n, 4)."""
    return np.eye(4, dtype=np.float32)[list(places)]


def known(shown: int, denies: int) -> Known:
    return Known(rows(shown), NONE, rows(denies), NONE, NONE)


@pytest.mark.parametrize("closely", [True, False])
def test_what_is_said_for_another_criterion_settles_nothing(closely: bool) -> None:
    criteria = [known(0, 1), known(2, 3)]
    mine = np.stack([rows(0)[0], rows(1)[0], (0.8 * rows(0) + 0.6 * rows(2))[0], rows(2)[0]])
    even = np.full(4, 0.25, dtype=np.float32)
    read = np.full((4, 3), 1 / 3, dtype=np.float32) if closely else None
    values = settling_values(mine, criteria, 0, even, read)
    assert set(values) >= set((SETTLING if closely else SETTLING_AT_ONCE)["shows"])
    assert settling(values, joined_weights(closely=closely)) == (0, 1)
    # Without the first, the mixed one is the best there is for it; it is none for the other, which has one of its own.
    left = settling_values(mine[1:], criteria, 0, even[1:], None if read is None else read[1:])
    assert settling(left, joined_weights(closely=closely))[0] == 1
    theirs = settling_values(mine, criteria, 1, even, read)
    assert settling(theirs, joined_weights(closely=closely))[0] == 3


@given(st.integers(1, 6), st.integers(0, 2**16))
def test_the_order_of_sentences_settles_nothing(count: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    mine = generator.normal(size=(count, 4)).astype(np.float32)
    mine /= np.linalg.norm(mine, axis=1, keepdims=True)
    shares = generator.dirichlet(np.ones(count)).astype(np.float32)
    read = generator.dirichlet(np.ones(3), size=count).astype(np.float32)
    order = generator.permutation(count)
    criteria = [known(0, 1), known(2, 3)]
    here = settling(settling_values(mine, criteria, 0, shares, read), joined_weights())
    there = settling(settling_values(mine[order], criteria, 0, shares[order], read[order]), joined_weights())
    assert (int(order[there[0]]), int(order[there[1]])) == here


def test_coefficients_find_the_right_row_and_not_the_loudest() -> None:
    generator = np.random.default_rng(7)
    tables, right = [], []
    for _ in range(80):
        table = generator.normal(size=(5, 2))
        table[:, 1] *= 10
        tables.append(table)
        right.append((int(np.argmax(table[:, 0])),))
    found = conditional_logit(tables, right)
    assert found[0] > 0
    assert found[0] > 20 * abs(found[1])
    both = conditional_logit([np.array([[1.0], [0.9], [0.0]])] * 4, [(0, 1)] * 4)
    assert both[0] > 0, "either of two may be right"


def test_a_change_says_where_a_claim_stands() -> None:
    text = "First I split. Then I scale on the training rows. It took a day."
    spoken = SpokenAnswers.model_validate(
        {
            "question": "q/one",
            "answers": [
                {"style": "full", "text": text, "marks": {"scaled": "shown", "time": "absent"}},
                {"style": "half", "text": "It took a day.", "marks": {"scaled": "absent", "time": "absent"}},
            ],
            "changes": [
                {
                    "of": "full",
                    "kind": "contradicted",
                    "criterion": "scaled",
                    "find": "on the training rows",
                    "put": "on all the rows",
                    "now": "contradicted",
                },
                {
                    "of": "full",
                    "kind": "loses",
                    "criterion": "scaled",
                    "find": "Then I scale on the training rows. ",
                    "put": "",
                    "now": "absent",
                },
                {
                    "of": "half",
                    "kind": "gains",
                    "criterion": "scaled",
                    "find": "a day.",
                    "put": "a day. I scaled on training rows.",
                    "now": "shown",
                },
                {
                    "of": "half",
                    "kind": "near",
                    "criterion": "scaled",
                    "find": "a day.",
                    "put": "a day. I scaled.",
                    "now": "absent",
                },
            ],
        }
    )
    found = [(each.which, each.text[each.start : each.end].strip()) for each in claims([spoken], frozenset({"q/one"}))]
    assert found == [
        ("shows", "on the training rows"),
        ("denies", "all the"),
        ("shows", "Then I scale on the training rows."),
        ("shows", "I scaled on training rows."),
    ]
    assert list(claims([spoken], frozenset({"q/two"}))) == []


def test_how_often_the_right_one_is_found_is_told_beside_chance() -> None:
    generator = np.random.default_rng(3)
    every = []
    for number in range(60):
        values = {name: generator.normal(size=4) for which in SETTLING.values() for name in which}
        which = ("shows", "denies")[number % 2]
        right = int(np.argmax(values["for" if which == "shows" else "denies"]))
        every.append(Placed(f"q/{number % 12}", which, values, (right,)))
    weights, figures = fit_settling(every)
    assert {manner: set(each) for manner, each in weights.items()} == {
        manner: {"shows", "denies"} for manner in ("closely", "at_once")
    }
    assert set(weights["closely"]["shows"]) == set(SETTLING["shows"])
    assert set(weights["at_once"]["denies"]) == set(SETTLING_AT_ONCE["denies"])
    for told in figures.values():
        assert told["n"] == 30
        assert told["by chance"] == 0.25
        assert told["found"] > 0.8


@given(st.floats(-6, 6), st.floats(-6, 6))
def test_what_nobody_asked_for_has_to_be_said_more_plainly(shown: float, denied: float) -> None:
    fitted = {"shown": {"shown": 1.0, "bias": 0.0}, "contradicted": {"denied": 1.0, "bias": 0.0}}
    values = {"shown": shown, "denied": denied}
    asked, unasked = probabilities(values, fitted), probabilities(values, fitted, unasked=True)
    assert unasked[0] < asked[0]
    assert unasked[1] < asked[1]
    assert unasked[0] / unasked[1] == pytest.approx(asked[0] / asked[1], rel=1e-6)


def test_a_rung_that_was_not_asked_yet_is_earned_by_plainer_words_than_one_that_was() -> None:
    chain = corpus().rubric("chains/a-b-testing")
    parts = list(dict.fromkeys(each.part_id for each in chain.criteria))

    def marked(*rungs: str) -> dict[str, float]:
        """Marks of an answer to the last of these rungs, all of which were asked."""
        said = [(Speaker.INTERVIEWER, "And what of that?", rung) for rung in rungs]
        said.append((Speaker.CANDIDATE, "We had seen it in the first week of the test.", rungs[-1]))
        turns = [
            Turn(f"t{seq}", "i1", seq, speaker, text, NOW, chain.id, part)
            for seq, (speaker, text, part) in enumerate(said, 1)
        ]
        marks = asyncio.run(CompactScorer(corpus(), Pointing().hold, hashed).mark(an_interview(), chain.id, turns))
        return {mark.criterion_id: mark.p_shown for mark in marks}

    first, second = marked(parts[0]), marked(parts[1], parts[0])
    by_part = {each.criterion.id: each.part_id for each in chain.criteria if each.criterion.evidence == "words"}
    lower = {criterion_id for criterion_id in by_part if first[criterion_id] < second[criterion_id]}
    assert {by_part[criterion_id] for criterion_id in lower} == {parts[1]}
    assert {first[name] == second[name] for name, part in by_part.items() if part != parts[1]} == {True}
