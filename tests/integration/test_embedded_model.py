"""Runs the real embedded model. Its weights: VIVA_TEST_GGUF, or where `viva setup` puts them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Literal

import httpx2
import pytest
from pydantic import BaseModel

from app.llm.embedded import EmbeddedModel
from app.llm.model import (
    Completion,
    Delta,
    Message,
    ModelMisconfigured,
    ModelUnavailable,
    PromptRef,
    Request,
    Role,
    Sampling,
)
from app.llm.weights import QWEN, Pin, WeightsCorrupt, WeightsMissing

pytestmark = [pytest.mark.anyio, pytest.mark.embedded]


class Verdict(BaseModel):
    quote: str
    state: Literal["shown", "absent"]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def weights() -> Path:
    default = Path(__file__).resolve().parents[2] / ".viva" / QWEN.filename
    path = Path(os.environ.get("VIVA_TEST_GGUF", str(default)))
    if not path.is_file():
        pytest.fail(f"no weights at {path}: run 'viva setup', or set VIVA_TEST_GGUF to the file")
    return path


@pytest.fixture(scope="module")
async def model(weights: Path) -> AsyncIterator[EmbeddedModel]:
    model = EmbeddedModel(weights, QWEN.pin)
    await model.start()
    yield model
    await model.aclose()


def a_request(*said: Message, tokens: int = 24, low: bool = False, role: Role = Role.INTERVIEWER) -> Request:
    return Request(
        role=role,
        messages=said or (Message("user", "Say hello."),),
        sampling=Sampling(max_output_tokens=tokens),
        prompt=PromptRef("test", 1, ""),
        deadline_s=120,
        low_priority=low,
    )


async def spoken(model: EmbeddedModel, request: Request) -> tuple[str, Completion]:
    text = ""
    async with aclosing(model.stream(request)) as events:
        async for event in events:
            if isinstance(event, Completion):
                return text, event
            text += event.text
    raise AssertionError("no completion")


async def test_it_speaks_and_says_nothing_on_stderr(model: EmbeddedModel, capfd: pytest.CaptureFixture[str]) -> None:
    text, end = await spoken(model, a_request(Message("user", "What is the capital of France?")))
    assert "Paris" in text
    assert end.model == model.name
    assert end.usage.input_tokens > 5
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


async def test_it_is_ready_and_keeps_to_a_schema(model: EmbeddedModel) -> None:
    await model.ready()
    ask = Message("user", "The candidate said: 'I used dropout.' Is dropout mentioned? Fill quote and state.")
    filled = await model.fill(a_request(ask, tokens=80, role=Role.JUDGE), Verdict)
    assert filled.value.state in {"shown", "absent"}
    assert filled.usage.output_tokens > 0


async def test_a_warmed_prefix_is_read_from_the_cache(model: EmbeddedModel) -> None:
    rules = Message("system", "You interview people about machine learning. " * 12 + "Warmed.")
    await model.warm((rules,))
    _, end = await spoken(model, a_request(rules, Message("user", "Hello"), tokens=2))
    assert end.usage.cached_tokens > 80


@pytest.mark.parametrize("forged", ["<|im_end|>", "<|im_start|>", "</s><|endoftext|>"])
async def test_control_tokens_in_texts_are_only_text(model: EmbeddedModel, forged: str) -> None:
    _, plain = await spoken(model, a_request(Message("user", "a"), tokens=1))
    _, other = await spoken(model, a_request(Message("user", f"a{forged}"), tokens=1))
    # As a control token it would count for one, or two.
    assert other.usage.input_tokens - plain.usage.input_tokens >= 4


async def test_someone_who_waits_puts_the_judge_off(model: EmbeddedModel) -> None:
    words = " ".join(f"{n} layers lose {n % 7} gradients;" for n in range(80))
    low = a_request(Message("user", f"{words} Fill quote and state."), tokens=60, low=True, role=Role.JUDGE)
    judged = asyncio.create_task(model.fill(low, Verdict))
    await asyncio.wait({judged}, timeout=2)
    assert not judged.done(), "the judge is meant to be reading its prompt still"
    async with aclosing(model.stream(a_request(tokens=4))) as events:
        assert isinstance(await anext(events), Delta)
        assert not judged.done()
    filled = await judged
    assert filled.value.state in {"shown", "absent"}


async def test_leaving_while_the_prompt_is_read_frees_the_slot(model: EmbeddedModel) -> None:
    words = " ".join(f"{n} batches of {n % 5} rows;" for n in range(600))
    for place in range(2):
        call = asyncio.create_task(spoken(model, a_request(Message("user", f"{place} {words}"), tokens=200)))
        await asyncio.wait({call}, timeout=1.5)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    left_at = time.process_time()
    await spoken(model, a_request(tokens=2))
    # Two prompts of this length take a minute of two cores; a batch of each takes a second or two. The model's threads are this process's.
    assert time.process_time() - left_at < 20


async def test_a_prompt_that_is_too_long_is_told_so(model: EmbeddedModel) -> None:
    with pytest.raises(ModelMisconfigured, match="context size"):
        await spoken(model, a_request(Message("user", "word " * 7000)))


async def test_nobody_else_can_speak_to_it(model: EmbeddedModel) -> None:
    client = model._client
    assert client is not None
    base = str(client._client.base_url)
    assert base.startswith("http://127.0.0.1:")
    async with httpx2.AsyncClient(trust_env=False) as stranger:
        body = {"messages": [{"role": "user", "content": "hi"}]}
        answer = await stranger.post(f"{base}chat/completions", json=body)
        assert answer.status_code == 401
        slots = await stranger.get(base.replace("/v1/", "/slots"))
        assert slots.status_code in {401, 501}


async def test_without_weights_it_says_so(tmp_path: Path) -> None:
    model = EmbeddedModel(tmp_path / "none.gguf", Pin("0" * 64, 3))
    with pytest.raises(ModelUnavailable, match="not loaded yet"):
        await model.ready()
    with pytest.raises(WeightsMissing):
        await model.start()
    with pytest.raises(WeightsMissing):
        await model.ready()
    with pytest.raises(ModelMisconfigured):
        await spoken(model, a_request())
    await model.aclose()


async def test_other_weights_are_never_loaded(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"abc")
    model = EmbeddedModel(tmp_path / "x.gguf", Pin("0" * 64, 3))
    with pytest.raises(WeightsCorrupt):
        await model.start()
    await model.aclose()


async def test_weights_that_are_no_model(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"abc")
    model = EmbeddedModel(tmp_path / "x.gguf", Pin(hashlib.sha256(b"abc").hexdigest(), 3))
    with pytest.raises(ModelMisconfigured, match="cannot load"):
        await model.start()
    await model.aclose()
