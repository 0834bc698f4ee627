"""The pair model as a network, small and with drawn weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from app.curation.reading_network import ReadingNetwork
from app.curation.train_pairs import Example, loss_of
from app.scoring.pair_model import ABSENT, SHOWN, STATEMENT_PIECES, TEXT_PIECES

TEXT = torch.tensor([5, 9, 2, 7, 7, 3])
STATEMENTS = [[1, 8, 4, 11], [1, 6, 4], [1, 9, 2, 7, 3, 4]]


@pytest.fixture(scope="module")
def network() -> ReadingNetwork:
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=16,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=TEXT_PIECES + STATEMENT_PIECES,
        # Wide enough that what a piece sees moves what comes out.
        initializer_range=0.5,
    )
    network = ReadingNetwork(BertModel(config, add_pooling_layer=False)).eval()
    torch.nn.init.normal_(network.states.weight)
    return network


def read(network: ReadingNetwork, statements: list[list[int]], *, longest: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    longest = longest or max(map(len, statements))
    filled = torch.tensor([each + [0] * (longest - len(each)) for each in statements])
    with torch.inference_mode():
        found: tuple[Tensor, Tensor, Tensor] = network(TEXT, filled, torch.tensor([len(each) for each in statements]))
    return found


def test_a_statement_is_read_the_same_whatever_stands_beside_it_or_behind_it(network: ReadingNetwork) -> None:
    together, pointing, _ = read(network, STATEMENTS)
    for place, each in enumerate(STATEMENTS):
        alone, points, _ = read(network, [each], longest=len(each) + place)
        assert torch.allclose(alone[0], together[place], atol=1e-4)
        assert torch.allclose(points[0], pointing[place], atol=1e-4)
    assert not torch.allclose(together[0], together[1], atol=0.05)


def test_the_text_does_not_see_what_it_is_held_against(network: ReadingNetwork) -> None:
    assert torch.equal(read(network, STATEMENTS)[2], read(network, STATEMENTS[::-1])[2])


def test_a_statement_sees_the_text(network: ReadingNetwork) -> None:
    here = read(network, STATEMENTS)[0]
    with torch.inference_mode():
        there, _, _ = network(TEXT.flip(0), torch.tensor([STATEMENTS[1]]), torch.tensor([3]))
    assert not torch.allclose(here[1], there[0], atol=0.05)


def test_texts_gone_through_together_are_read_as_each_alone(network: ReadingNetwork) -> None:
    several = [
        (TEXT[: 3 + place], torch.tensor([each, each[::-1]]), torch.tensor([len(each), len(each)]))
        for place, each in enumerate(STATEMENTS)
    ]
    with torch.inference_mode():
        together, alone = network.together(several), [network(*each) for each in several]
    for here, there in zip(together, alone, strict=True):
        assert all(torch.allclose(one, other, atol=1e-5) for one, other in zip(here, there, strict=True))
    assert not torch.allclose(alone[0][0], alone[1][0], atol=0.05)


def test_what_it_is_taught_lowers_its_loss_and_moves_its_pointing() -> None:
    torch.manual_seed(6)
    config = BertConfig(
        vocab_size=16,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=TEXT_PIECES + STATEMENT_PIECES,
    )
    network = ReadingNetwork(BertModel(config, add_pooling_layer=False))
    inputs = {
        "text_ids": TEXT.numpy(),
        "statement_ids": np.array([[1, 9, 2], [1, 12, 0]]),
        "statement_sizes": np.array([3, 2]),
    }
    lesson = Example(inputs, (SHOWN, ABSENT), (1.0, 1.0), ((1, 3), None))
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-2)
    losses = []
    for _ in range(40):
        loss = loss_of(network, [lesson, lesson])
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] / 2
    _, points, _ = network(**{name: torch.from_numpy(each) for name, each in inputs.items()})
    assert float(torch.softmax(points, dim=1)[0, 1:3].detach().sum()) > 0.9
