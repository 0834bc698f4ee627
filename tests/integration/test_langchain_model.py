from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import aclosing
from types import ModuleType
from typing import Any, ClassVar, Literal

import httpx2
import pytest
from langchain.chat_models.base import _get_chat_model_creator
from langchain_core import exceptions as langchain_errors
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
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


async def test_ready_proves_the_schema_once(model: LangChainModel, fake: FakeOpenAI) -> None:
    fake.expect(says('{"colour": "green"}'))
    await model.ready()
    await model.ready()


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([Fails(401, message="Incorrect API key provided")], ModelMisconfigured),
        ([Fails(404, code="model_not_found")], ModelMisconfigured),
        ([says("green!"), says("green, as I said")], ModelMisconfigured),
        ([Fails(503)], ModelUnavailable),
    ],
)
async def test_ready_tells_what_stands_in_the_way(
    model: LangChainModel, fake: FakeOpenAI, answers: list[Says | Fails], error: type[ModelError]
) -> None:
    fake.expect(*answers)
    with pytest.raises(error):
        await model.ready()


async def test_a_model_that_thinks_is_ready_fills_and_speaks() -> None:
    async with FakeOpenAI(thinks_tokens=900) as thinking:
        model = LangChainModel(provider="openai", name=MODEL, api_key=KEY, base_url=thinking.url)
        thinking.expect(says('{"colour": "green"}'), says(GOOD), says("You said ", "dropout."))
        await model.ready()
        assert (await model.fill(a_request(sampling=Sampling(0.4, 90, 3)), Verdict)).value.state == "shown"
        events = await heard(model, a_request(sampling=Sampling(0.0, 40, None, ("\n",))))
        assert events[:-1] == [Delta("You said "), Delta("dropout.")]
        assert ["temperature" in asked.body for asked in thinking.requests].count(True) == 1
        await model.aclose()


async def test_thinking_that_only_shows_in_the_bill_gets_room_too(model: LangChainModel, fake: FakeOpenAI) -> None:
    cut = says(finish_reason="length", thought_tokens=64)
    fake.expect(cut, says(GOOD), says("You said so."))
    assert (await model.fill(a_request(), Verdict)).value.state == "shown"
    assert (await heard(model, a_request()))[0] == Delta("You said so.")
    limits = [asked.body["max_completion_tokens"] for asked in fake.requests]
    assert limits[0] == 64
    assert limits[1] == limits[2] > 1000


class ChatDeepSeek(ChatOpenAI):
    """As the real one is: OpenAI's client under another provider's name."""


class Foreign(BaseChatModel):
    """A provider whose client raises what it likes."""

    error: ClassVar[Exception] = Exception("broken")
    model: str = ""

    @property
    def _llm_type(self) -> str:
        return "foreign"

    def _generate(self, *_: Any, **__: Any) -> Any:
        raise type(self).error


class ApiError(Exception):
    """As clients made by Fern shape it: Cohere's."""

    def __init__(self, status_code: int) -> None:
        self.headers, self.status_code, self.body = {"retry-after": "3"}, status_code, {"message": f"no {KEY}"}


class ClientError(Exception):
    """As botocore shapes it: Bedrock's."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"An error occurred ({code})")
        self.response = {
            "Error": {"Code": code, "Message": f"no {KEY}"},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
        }


class APIError(Exception):
    """As Google's client shapes it."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code} no {KEY}")
        self.code, self.status, self.message = code, "STATUS", f"no {KEY}"


class NoCredentialsError(Exception):
    pass


def of_mistral(status: int) -> Exception:
    request = httpx2.Request("POST", "https://api/chat")
    return httpx2.HTTPStatusError(f"no {KEY}", request=request, response=httpx2.Response(status, request=request))


def wrapped(status: int) -> Exception:
    error = RuntimeError("calling failed")
    error.__cause__ = APIError(status)
    return error


def a_provider(monkeypatch: pytest.MonkeyPatch, package: str, name: str, kind: type[BaseChatModel]) -> None:
    """A package that is not installed, with this class in it."""
    module = ModuleType(package)
    setattr(module, name, kind)
    monkeypatch.setitem(sys.modules, package, module)
    _get_chat_model_creator.cache_clear()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Fails(429, {"retry-after": "3"}), ModelRateLimited),
        (Fails(401), ModelMisconfigured),
        (HangsUp(), ModelUnavailable),
    ],
)
async def test_a_provider_that_uses_openais_client_raises_the_same_errors(
    monkeypatch: pytest.MonkeyPatch, fake: FakeOpenAI, answer: Fails | HangsUp, error: type[ModelError]
) -> None:
    a_provider(monkeypatch, "langchain_deepseek", "ChatDeepSeek", ChatDeepSeek)
    options = {"stream_usage": True}
    model = LangChainModel(provider="deepseek", name=MODEL, api_key=KEY, base_url=fake.url, options=options)
    fake.expect(answer, answer)
    with pytest.raises(error):
        await model.fill(a_request(), Verdict)
    with pytest.raises(error):
        await heard(model, a_request())


RAISED: dict[str, tuple[Exception, type[ModelError]]] = {
    "fern-429": (ApiError(429), ModelRateLimited),
    "fern-401": (ApiError(401), ModelMisconfigured),
    "fern-503": (ApiError(503), ModelUnavailable),
    "boto-429": (ClientError("ThrottlingException", 429), ModelRateLimited),
    "boto-403": (ClientError("AccessDeniedException", 403), ModelMisconfigured),
    "boto-no-key": (NoCredentialsError(), ModelMisconfigured),
    "google-429": (APIError(429), ModelRateLimited),
    "google-404": (APIError(404), ModelMisconfigured),
    "httpx-429": (of_mistral(429), ModelRateLimited),
    "httpx-401": (of_mistral(401), ModelMisconfigured),
    "httpx-502": (of_mistral(502), ModelUnavailable),
    "httpx-late": (httpx2.ConnectTimeout("late"), ModelUnavailable),
    "wrapped-403": (wrapped(403), ModelMisconfigured),
    "langchain-rate": (langchain_errors.ModelRateLimitError("slow down"), ModelRateLimited),
    "langchain-key": (langchain_errors.ModelAuthenticationError(f"no {KEY}"), ModelMisconfigured),
    "langchain-down": (langchain_errors.ModelAPIError("down"), ModelUnavailable),
    "langchain-late": (langchain_errors.ModelTimeoutError("late"), ModelTimeout),
    "its-own": (Exception(f"the candidate's words and {KEY}"), ModelUnavailable),
}


@pytest.mark.parametrize("name", RAISED)
async def test_what_any_provider_raises_is_an_error_of_the_seam(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    raised, error = RAISED[name]
    a_provider(monkeypatch, "langchain_cohere", "ChatCohere", Foreign)
    monkeypatch.setattr(Foreign, "error", raised)
    model = LangChainModel(provider="cohere", name="command", api_key=KEY)
    with pytest.raises(error) as caught:
        await heard(model, a_request())
    assert type(caught.value) is error
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert KEY not in told
    assert "candidate's words" not in told


async def test_a_provider_without_forms_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    a_provider(monkeypatch, "langchain_cohere", "ChatCohere", Foreign)
    with pytest.raises(ModelMisconfigured):
        await LangChainModel(provider="cohere", name="command", api_key=KEY).ready()


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
