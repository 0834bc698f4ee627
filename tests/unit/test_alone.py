"""Single sentences read as whole answers, for fitting: held out from what they are compared with."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.curation.alone import DRAWN, PARTS, Alone, bare_of, sentences_alone, without
from app.curation.join_interview import ALONE_WEIGHT, FOLDS, JoinedMark, fitted
from app.curation.train_relevance import Whole
from app.material.entries import Criterion
from app.scoring.criterion_model import Halves
from app.scoring.features import FEATURES, FEATURES_AT_ONCE, known_of
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, Probabilities, Told
from app.scoring.relevance import VOICES
from tests.support.embedders import hashed
from tests.support.material import a_criterion, small_corpus

QUESTION = "fundamentals/leakage"
TOLD = Told(np.array([0.9, 0.05, 0.05], dtype=np.float32), np.ones(1, dtype=np.float32), ((0, 1),))


class Reader:
    """Stands for the pair model; keeps what it was asked."""

    def __init__(self) -> None:
        self.held: list[tuple[list[str], str]] = []

    async def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        self.held.append((list(statements), text))
        return [TOLD for _ in statements]

    async def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        assert sentence == self.held[-1][1]
        return np.stack([np.array([0.2, 0.7, 0.1], dtype=np.float32)] * len(statements))


@pytest.fixture
def read(tmp_path: Path) -> tuple[list[Alone], Reader, int]:
    corpus, reader = small_corpus(tmp_path), Reader()
    found = asyncio.run(
        sentences_alone(corpus, [QUESTION], Halves(reader.hold, reader.hold_sentence), hashed, random.Random(1))
    )
    return found, reader, len(corpus.rubric(QUESTION).criteria)


def test_each_sentence_is_held_against_every_criterion_and_shows_or_denies_its_own(
    read: tuple[list[Alone], Reader, int],
) -> None:
    found, reader, criteria = read
    assert len(found) == len(reader.held) * criteria
    own = [each for each in found if not each.of_another]
    assert len(own) == len(reader.held)
    assert all(each.label == PARTS[each.part] for each in own)
    assert {each.label for each in found if each.of_another} <= {ABSENT}
    assert all(set(each.values) == set(FEATURES) for each in found)
    assert all(count <= DRAWN[part] * criteria for part, count in Counter(each.part for each in own).items())
    assert {each.part for each in own} >= {"shown", "against", "states"}


def test_no_sentence_is_compared_with_itself_but_the_statement(read: tuple[list[Alone], Reader, int]) -> None:
    found, reader, _ = read
    own = [each for each in found if not each.of_another]
    for each, (statements, text) in zip(own, reader.held, strict=True):
        assert (text in statements) == (each.part == "states")
        assert (each.values["states"] > 0.999) == (each.part == "states")
        if each.part == "shown":
            assert each.values["for"] < 0.999
        if each.part == "denies":
            assert each.values["denies"] < 0.999


def test_an_example_is_taken_out_of_the_criterion_and_of_its_vectors() -> None:
    criterion = Criterion.model_validate(a_criterion(denied_by=["No row is.", "Nothing is."]))
    assert bare_of(criterion, criterion.shown_by[0]).shown_by == criterion.shown_by[1:]
    assert bare_of(criterion, "No row is.").denied_by == ("Nothing is.",)
    (known,) = known_of([(("a", "b"), (), ("c",), ("d",), ())], np.eye(4, dtype=np.float32))
    assert np.array_equal(without(known, "shown", 0).shown, known.shown[1:])
    assert len(without(known, "denies", 0).denies) == 0


def test_what_is_fitted_has_a_weight_for_every_voice_and_hardly_hears_sentences_alone() -> None:
    generator = random.Random(3)

    def a_mark(kind: str, label: int, *, alone: bool) -> JoinedMark:
        values = {name: generator.gauss(0.0, 1.0) for name in FEATURES}
        # Answers tell what is shown by one voice, single sentences by its opposite: whoever counts more decides its sign.
        values["for"] = (1.0 if label == SHOWN else -1.0) * (-1.0 if alone else 1.0) + generator.gauss(0.0, 0.3)
        return JoinedMark(kind, f"fundamentals/q{generator.randrange(4 * FOLDS)}", values, label, 1.0, alone=alone)

    kinds = (("spoken, earning", False), ("exemplars, earning", False), ("alone, shown", True))
    marks = [
        a_mark(kind, label, alone=alone)
        for kind, alone in kinds
        for label in (ABSENT, SHOWN, CONTRADICTED)
        for _ in range(60)
    ]
    names = sorted({mark.question for mark in marks})
    whole = [
        Whole(name, {voice: generator.random() + relevant for voice in VOICES}, (marks[0].values,), relevant)
        for name in names
        for relevant in (True, False)
    ]
    made = fitted(marks, whole, ({"bias": 0.0}, {"auc": 1.0}))
    assert set(made["weights"]["closely"]["shown"]) == {*FEATURES, "bias"}
    assert set(made["weights"]["at_once"]["contradicted"]) == {*FEATURES_AT_ONCE, "bias"}
    assert made["weights"]["closely"]["shown"]["for"] > 0
    assert ALONE_WEIGHT < 1
    figures = made["figures"]["closely"]
    assert figures["shown, spoken, earning"]["auc"] > 0.9
    assert figures["shown, alone"]["auc"] < 0.1
    assert set(figures["shown, alone, by what the sentence was written as"]) == {"shown"}
