from __future__ import annotations

from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.domain.errors import VivaError
from app.llm.model import (
    ChatModel,
    Completion,
    Delta,
    Message,
    ModelRefused,
    ModelUnavailable,
    PromptRef,
    Request,
    Role,
    Sampling,
)
from app.llm.scripted import Broken, FunctionModel, ScriptDeparted, ScriptedModel

pytestmark = pytest.mark.anyio


class Verdict(BaseModel):
    state: str


REQUEST = Request(Role.JUDGE, (Message("user", "two words"),), Sampling(), PromptRef("p", 1, "h"), 5)


async def text_of(model: ChatModel) -> tuple[list[str], Completion]:
    pieces: list[str] = []
    async with aclosing(model.stream(REQUEST)) as events:
        async for event in events:
            if isinstance(event, Completion):
                return pieces, event
            pieces.append(event.text)
    raise AssertionError("no completion")


async def test_replies_come_in_order_and_requests_are_kept() -> None:
    model = ScriptedModel(["one two", ("a", "b"), Verdict(state="shown"), lambda request: request.prompt.id])
    assert (await text_of(model))[0] == ["one ", "two"]
    assert (await text_of(model))[0] == ["a", "b"]
    assert (await model.fill(REQUEST, Verdict)).value == Verdict(state="shown")
    assert (await text_of(model))[0] == ["p"]
    assert model.requests == [REQUEST] * 4
    model.assert_done()


async def test_callables_may_be_awaited() -> None:
    async def later(request: Request) -> str:
        return "later"

    assert (await text_of(ScriptedModel([later])))[0] == ["later"]


@given(st.text())
async def test_pieces_make_up_the_text(text: str) -> None:
    pieces, end = await text_of(ScriptedModel([text]))
    assert "".join(pieces) == text
    assert all(pieces)
    assert end.finish_reason == "stop"


async def test_errors_come_as_scripted() -> None:
    model = ScriptedModel([ModelRefused("x"), Broken(["You "], ModelUnavailable("gone")), ModelRefused("y")])
    with pytest.raises(ModelRefused):
        await text_of(model)
    async with aclosing(model.stream(REQUEST)) as events:
        assert await anext(events) == Delta("You ")
        with pytest.raises(ModelUnavailable):
            await anext(events)
    with pytest.raises(ModelRefused):
        await model.fill(REQUEST, Verdict)


async def test_it_is_strict() -> None:
    model = ScriptedModel(["text", Verdict(state="shown")])
    with pytest.raises(ScriptDeparted, match="never asked"):
        model.assert_done()
    with pytest.raises(ScriptDeparted, match="fill asked for Verdict"):
        await model.fill(REQUEST, Verdict)
    with pytest.raises(ScriptDeparted, match="stream was called"):
        await text_of(model)
    with pytest.raises(ScriptDeparted, match="not in the script"):
        await text_of(model)
    model.expect("late")
    await model.aclose()
    with pytest.raises(ScriptDeparted, match="closed"):
        await text_of(model)
    assert not issubclass(ScriptDeparted, VivaError)


async def test_a_model_by_rule() -> None:
    model = FunctionModel(
        stream=lambda request: request.messages[-1].content, fill=lambda request, schema: schema(state="absent")
    )
    assert (await text_of(model))[0] == ["two ", "words"]
    assert (await model.fill(REQUEST, Verdict)).value.state == "absent"
    assert len(model.requests) == 2
    with pytest.raises(ScriptDeparted):
        await text_of(FunctionModel())
    with pytest.raises(ScriptDeparted):
        await FunctionModel().fill(REQUEST, Verdict)


async def test_odds_of_first_words_are_played_as_written() -> None:
    model = ScriptedModel([{"yes": 0.75}, "words"])
    assert await model.first_words(REQUEST) == {"yes": 0.75}
    with pytest.raises(ScriptDeparted):
        await model.first_words(REQUEST)
    with pytest.raises(ScriptDeparted):
        await FunctionModel().first_words(REQUEST)
    assert await FunctionModel(first_words=lambda _: {"no": 1.0}).first_words(REQUEST) == {"no": 1.0}
