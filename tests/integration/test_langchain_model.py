from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from app.domain.transcript import Usage
from app.llm.langchain_model import LangChainModel
from app.llm.model import (
    Completion,
    Delta,
    Message,
    ModelError,
    ModelMisconfigured,
    ModelOutputInvalid,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelTruncated,
    ModelUnavailable,
    PromptRef,
    Request,
    Role,
    Sampling,
)
from tests.support.fake_openai import KEY, MODEL, Fails, FakeOpenAI, HangsUp, Says, says

pytestmark = pytest.mark.anyio


class Verdict(BaseModel):
    evidence: str
    state: Literal["shown", "absent"]
    count: int = Field(ge=0, le=3)


GOOD = '{"evidence": "dropout", "state": "shown", "count": 1}'


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def model(fake: FakeOpenAI) -> AsyncIterator[LangChainModel]:
    model = LangChainModel(provider="openai", name=MODEL, api_key=KEY, base_url=fake.url)
    yield model
    await model.aclose()


def a_request(*, deadline_s: float = 20.0, sampling: Sampling | None = None) -> Request:
    return Request(
        role=Role.JUDGE,
        messages=(Message("system", "Be brief."), Message("user", "I used dropout.")),
        sampling=sampling or Sampling(max_output_tokens=64),
        prompt=PromptRef("judge/criteria", 1, "abc"),
        deadline_s=deadline_s,
    )


async def heard(model: LangChainModel, request: Request) -> list[Delta | Completion]:
    async with aclosing(model.stream(request)) as events:
        return [event async for event in events]


async def test_a_stream(model: LangChainModel, fake: FakeOpenAI) -> None:
    fake.expect(says("You said ", "dropout."))
    assert await heard(model, a_request(sampling=Sampling(0.5, 40, 7, ("\n",)))) == [
        Delta("You said "),
        Delta("dropout."),
        Completion(Usage(11, 7, 5), "fake-model-2026", "stop"),
    ]
    body = fake.requests[0].body
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert (body["temperature"], body["max_completion_tokens"], body["seed"], body["stop"]) == (0.5, 40, 7, ["\n"])


async def test_filling_carries_the_sampling_too(model: LangChainModel, fake: FakeOpenAI) -> None:
    fake.expect(says(GOOD))
    filled = await model.fill(a_request(sampling=Sampling(0.7, 90, 3)), Verdict)
    assert filled.value == Verdict(evidence="dropout", state="shown", count=1)
    assert (filled.raw, filled.usage, filled.model) == (GOOD, Usage(11, 7, 5), "fake-model-2026")
    body = fake.requests[0].body
    assert (body["temperature"], body["max_completion_tokens"], body["seed"]) == (0.7, 90, 3)


@pytest.mark.parametrize("bad", ['{"evidence": "dropout", "state": "perhaps", "count": 9}', "Gladly!"])
async def test_what_langchain_raises_instead_of_returning_is_repaired_once(
    model: LangChainModel, fake: FakeOpenAI, bad: str
) -> None:
    fake.expect(says(bad), says(GOOD), says(bad), says(bad))
    assert (await model.fill(a_request(), Verdict)).value.state == "shown"
    assert "does not fit the form" in fake.requests[1].body["messages"][-1]["content"]
    with pytest.raises(ModelOutputInvalid):
        await model.fill(a_request(), Verdict)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says(GOOD, finish_reason="length"), ModelTruncated),
        (says(refusal="No."), ModelRefused),
        (says(GOOD, finish_reason="content_filter"), ModelRefused),
        (Fails(401), ModelMisconfigured),
        (Fails(429, {"retry-after": "3"}), ModelRateLimited),
        (Fails(500), ModelUnavailable),
        (HangsUp(), ModelUnavailable),
        (Fails(200, body="<html>", content_type="text/html"), ModelUnavailable),
        (Fails(200, body='{"hello": 1}'), ModelUnavailable),
        (Fails(200, body="{bro"), ModelUnavailable),
    ],
)
async def test_what_a_fill_ends_with(
    model: LangChainModel, fake: FakeOpenAI, answer: Says | Fails | HangsUp, error: type[ModelError]
) -> None:
    fake.expect(answer)
    with pytest.raises(error):
        await model.fill(a_request(), Verdict)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says("a", cut_after=1), ModelUnavailable),
        (says("a", unfinished=True), ModelUnavailable),
        (says("a", events_instead=("{bro",)), ModelUnavailable),
        (says("a", events_instead=("[]",)), ModelUnavailable),
        (says("a", finish_reason="content_filter"), ModelRefused),
        (Fails(429, {"retry-after": "3"}), ModelRateLimited),
        (Fails(200, body="<html>", content_type="text/html"), ModelUnavailable),
    ],
)
async def test_what_a_stream_ends_with(
    model: LangChainModel, fake: FakeOpenAI, answer: Says | Fails, error: type[ModelError]
) -> None:
    fake.expect(answer)
    with pytest.raises(error) as caught:
        await heard(model, a_request())
    if isinstance(caught.value, ModelRateLimited):
        assert caught.value.retry_after_s == 3


async def test_the_deadline_and_leaving_hang_up(model: LangChainModel, fake: FakeOpenAI) -> None:
    never = asyncio.Event()
    fake.expect(says("a", "b", hold_after=(1, never)), says("a", "b", hold_after=(1, never)))
    with pytest.raises(ModelTimeout):
        await heard(model, a_request(deadline_s=0.5))
    await asyncio.wait_for(fake.client_left.wait(), 5)
    fake.client_left.clear()
    async with aclosing(model.stream(a_request())) as events:
        assert await anext(events) == Delta("a")
    await asyncio.wait_for(fake.client_left.wait(), 5)


async def test_nothing_is_traced_even_where_tracing_is_on(model: LangChainModel, fake: FakeOpenAI) -> None:
    from langchain_core.runnables import RunnableLambda
    from langsmith import Client, tracing_context

    class Spy(Client):
        def __init__(self) -> None:
            super().__init__(api_url=fake.url, api_key="x", auto_batch_tracing=False)
            self.seen: list[object] = []

        def create_run(self, *args: Any, **kwargs: Any) -> None:
            self.seen.append(args)

        def update_run(self, *args: Any, **kwargs: Any) -> None:
            self.seen.append(args)

    spy = Spy()
    with tracing_context(enabled=True, client=spy):
        fake.expect(says("a"), says(GOOD))
        await heard(model, a_request())
        await model.fill(a_request(), Verdict)
        assert spy.seen == []
        # The spy would have seen it.
        await RunnableLambda(str).ainvoke(1)
        assert spy.seen


async def test_tracing_is_off_in_the_environment_of_the_tests() -> None:
    from langsmith.utils import tracing_is_enabled

    assert not tracing_is_enabled()


async def test_no_key_in_any_text(model: LangChainModel, fake: FakeOpenAI) -> None:
    fake.expect(Fails(401, message=f"Incorrect API key provided: {KEY}"))
    with pytest.raises(ModelMisconfigured) as caught:
        await model.fill(a_request(), Verdict)
    assert KEY not in "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(model)


def test_an_unknown_provider_is_told_at_once() -> None:
    with pytest.raises(ModelMisconfigured):
        LangChainModel(provider="no-such", name="x")


def test_a_missing_package_is_told_at_once() -> None:
    with pytest.raises(ModelMisconfigured, match="langchain-anthropic"):
        LangChainModel(provider="anthropic", name="x", api_key="y")
