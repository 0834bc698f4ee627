"""The half of the pair model that is taught single sentences, on a small network and a small corpus."""

from __future__ import annotations

import random
from importlib import resources
from pathlib import Path

import numpy as np
import torch

from app.curation.reading_network import Holding, HoldingSentence, Reading, ReadingNetwork, SentenceHalf, parts_of
from app.curation.train_pairs import Example, tensors_of
from app.curation.train_sentences import kept_network, lessons_of, loss_of
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, PairModel, inputs_of
from tests.integration.test_reading_network import STATEMENTS, TEXT
from tests.integration.test_reading_network import network as network
from tests.support.material import small_corpus

QUESTION = "fundamentals/leakage"
INPUTS = (TEXT, torch.tensor([each[:3] for each in STATEMENTS]), torch.tensor([3, 3, 3]))


def test_what_shows_denies_its_denials_and_what_denies_denies_its_examples(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    criteria = {entry.criterion.says: entry.criterion for entry in corpus.rubric(QUESTION).criteria}
    lessons = list(lessons_of(corpus, frozenset({QUESTION}), random.Random(1)))
    assert not list(lessons_of(corpus, frozenset(), random.Random(1)))
    told = {each.text for each in lessons}
    for criterion in criteria.values():
        assert told >= {*criterion.shown_by, *criterion.denied_by, *(each.says for each in criterion.not_shown_by)}
        for each in (one for one in lessons if one.text in {*criterion.shown_by, *criterion.denied_by}):
            label = SHOWN if each.text in criterion.shown_by else CONTRADICTED
            assert each.claims[0].says == criterion.says
            for claim in each.claims:
                assert claim.says != each.text
                if claim.says == criterion.says or claim.says in criterion.shown_by:
                    assert claim.label == label
                elif claim.says in criterion.denied_by:
                    assert (label, claim.label) == (SHOWN, CONTRADICTED)
                else:
                    assert claim.says in criteria
                    assert claim.label == ABSENT


def test_it_begins_as_the_half_for_answers_and_what_it_is_taught_changes_it_alone(network: ReadingNetwork) -> None:
    half = SentenceHalf(network)
    example = Example(
        {"text_ids": TEXT.numpy(), "statement_ids": INPUTS[1].numpy(), "statement_sizes": INPUTS[2].numpy()},
        (SHOWN, CONTRADICTED, ABSENT),
        (1.0, 1.0, 0.5),
        (),
    )
    inputs = tensors_of([example, example])
    parts = parts_of(inputs)
    with torch.no_grad():
        read = network.read(inputs, parts)
        before = network(*INPUTS)[0]
        assert torch.allclose(half.held(read, parts), torch.cat([before, before]), atol=1e-5)
    optimiser = torch.optim.AdamW(half.parameters(), lr=1e-2)
    losses = []
    for _ in range(60):
        loss = loss_of(half.held(read, parts), [example, example])
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] / 2
    with torch.no_grad():
        assert torch.equal(network(*INPUTS)[0], before)
        exported = HoldingSentence(half)(Reading(network)(*INPUTS), *INPUTS)
        assert exported.argmax(dim=1).tolist() == [SHOWN, CONTRADICTED, ABSENT]


def test_halves_one_after_the_other_are_the_whole(network: ReadingNetwork) -> None:
    with torch.no_grad():
        logits, points, states = network(*INPUTS)
        hidden = Reading(network)(*INPUTS)
        halves = Holding(network)(hidden, *INPUTS)
    assert torch.allclose(halves[0], logits, atol=1e-5)
    assert torch.allclose(halves[1], points, atol=1e-5)
    assert torch.equal(hidden[: len(TEXT)], states)


def test_the_packaged_network_out_of_its_8_bits_reads_as_it_does_in_them() -> None:
    folder = Path(str(resources.files("app.scoring").joinpath("weights")))
    network, model = kept_network(folder).eval(), PairModel(folder=folder)
    text, statements = "The rows were in both tables.", ["Rows were shared.", "It rains."]
    told = np.stack([each.p for each in model.hold(statements, text)])
    assert model._pieces is not None
    (read,) = model._pieces.texts([text])
    inputs = inputs_of(read, model._pieces.statements(statements))
    with torch.no_grad():
        logits, _, _ = network(*(torch.from_numpy(each) for each in inputs.values()))
    assert np.allclose(torch.softmax(logits, dim=1).numpy(), told, atol=0.08)
