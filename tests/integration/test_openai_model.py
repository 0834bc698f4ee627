from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from app.domain.transcript import Usage
from app.llm.model import (
    ChatModel,
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
from app.llm.openai_model import OpenAIModel
from tests.support.fake_openai import KEY, MODEL, Fails, FakeOpenAI, HangsUp, Says, refused_url, says

pytestmark = pytest.mark.anyio


class Verdict(BaseModel):
    evidence: str
    state: Literal["shown", "absent"]
    count: int = Field(ge=0, le=3)


GOOD = '{"evidence": "dropout", "state": "shown", "count": 1}'
BAD = '{"evidence": "dropout", "state": "perhaps", "count": 9}'


class Naps:
    """Takes down how long it was asked to sleep, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def model(fake: FakeOpenAI, naps: Naps) -> AsyncIterator[OpenAIModel]:
    model = a_model(fake.url, naps)
    yield model
    await model.aclose()


@pytest.fixture
async def streaming(fake: FakeOpenAI, naps: Naps) -> AsyncIterator[OpenAIModel]:
    """Fills schemas from a stream, as the embedded model has to."""
    model = OpenAIModel(
        name=MODEL,
        base_url=fake.url,
        api_key=KEY,
        sleep=naps,
        jitter=random.Random(1),
        fill_by_stream=True,
        extra_body={"return_progress": True},
    )
    yield model
    await model.aclose()


def a_model(url: str, naps: Naps, *, max_concurrency: int = 4) -> OpenAIModel:
    return OpenAIModel(
        name=MODEL, base_url=url, api_key=KEY, sleep=naps, jitter=random.Random(1), max_concurrency=max_concurrency
    )


def a_request(*, deadline_s: float = 20.0, sampling: Sampling | None = None) -> Request:
    return Request(
        role=Role.INTERVIEWER,
        messages=(Message("system", "Be brief."), Message("user", "I used dropout.")),
        sampling=sampling or Sampling(max_output_tokens=64),
        prompt=PromptRef("interviewer/bridge", 1, "abc"),
        deadline_s=deadline_s,
    )


async def heard(model: ChatModel, request: Request) -> tuple[list[str], list[Completion]]:
    texts: list[str] = []
    ends: list[Completion] = []
    async with aclosing(model.stream(request)) as events:
        async for event in events:
            if isinstance(event, Delta):
                assert not ends
                texts.append(event.text)
            else:
                ends.append(event)
    return texts, ends


async def test_a_stream_is_deltas_and_then_one_completion(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says("You said ", "dropout."))
    texts, ends = await heard(model, a_request())
    assert texts == ["You said ", "dropout."]
    assert ends == [Completion(Usage(11, 7, 5), "fake-model-2026", "stop")]


async def test_the_request_on_the_wire(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says("x"), says("x"))
    await heard(model, a_request(sampling=Sampling(0.5, 40, 7, ("\n",))))
    await heard(model, a_request())
    first, second = (asked.body for asked in fake.requests)
    assert first["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "I used dropout."},
    ]
    assert (first["temperature"], first["max_tokens"], first["seed"], first["stop"]) == (0.5, 40, 7, ["\n"])
    assert not {"seed", "stop", "response_format", "max_completion_tokens"} & set(second)


async def test_the_limit_of_tokens_can_go_by_its_new_name(fake: FakeOpenAI) -> None:
    model = OpenAIModel(name=MODEL, base_url=fake.url, api_key=KEY, limit_name="max_completion_tokens")
    fake.expect(says("x"))
    await heard(model, a_request())
    assert fake.requests[0].body["max_completion_tokens"] == 64
    await model.aclose()


async def test_chunks_about_progress_are_no_text(streaming: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says("a", "b", progress=True))
    texts, ends = await heard(streaming, a_request())
    assert texts == ["a", "b"]
    assert len(ends) == 1
    assert fake.requests[0].body["return_progress"] is True


async def test_a_stream_cut_by_the_limit_says_so(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says("You", finish_reason="length"))
    texts, ends = await heard(model, a_request())
    assert texts == ["You"]
    assert ends[0].finish_reason == "length"


@pytest.mark.parametrize("spoilt", [says("a", "b", cut_after=1), says("a", unfinished=True)])
async def test_a_stream_that_breaks_off_after_words_is_not_begun_again(
    model: OpenAIModel, fake: FakeOpenAI, spoilt: Says
) -> None:
    fake.expect(spoilt)
    async with aclosing(model.stream(a_request())) as events:
        assert await anext(events) == Delta("a")
        with pytest.raises(ModelUnavailable):
            await anext(events)


async def test_a_stream_that_breaks_off_before_words_is_begun_again(
    model: OpenAIModel, fake: FakeOpenAI, naps: Naps
) -> None:
    fake.expect(HangsUp(), says("a", cut_after=0), says("a"))
    texts, _ = await heard(model, a_request())
    assert texts == ["a"]
    assert len(naps.seconds) == 2
    assert 0.25 <= naps.seconds[0] <= 0.5 <= naps.seconds[1] <= 1.0


@pytest.mark.parametrize(
    "payload",
    ["{broken", '{"hello": 1}', "[]", "5", '"text"', "null", '{"choices": [1]}', '{"error": {"message": "x"}}'],
)
async def test_nonsense_in_a_stream_is_an_outage(model: OpenAIModel, fake: FakeOpenAI, payload: str) -> None:
    fake.expect(says("a", events_instead=(payload,)))
    with pytest.raises(ModelUnavailable):
        await heard(model, a_request())


@pytest.mark.parametrize("spoilt", [says(refusal="I would rather not."), says(finish_reason="content_filter")])
async def test_a_refusal_in_a_stream(model: OpenAIModel, fake: FakeOpenAI, spoilt: Says) -> None:
    fake.expect(spoilt)
    with pytest.raises(ModelRefused):
        await heard(model, a_request())


async def test_leaving_a_stream_hangs_up_and_frees_the_place(fake: FakeOpenAI, naps: Naps) -> None:
    model = a_model(fake.url, naps, max_concurrency=1)
    never = asyncio.Event()
    fake.expect(says("a", "b", hold_after=(1, never)), says("c"))
    async with aclosing(model.stream(a_request())) as events:
        assert await anext(events) == Delta("a")
    await asyncio.wait_for(fake.client_left.wait(), 5)
    assert (await heard(model, a_request()))[0] == ["c"]
    await model.aclose()


@pytest.mark.parametrize("by_stream", [False, True])
async def test_cancelling_a_fill_hangs_up(
    model: OpenAIModel, streaming: OpenAIModel, fake: FakeOpenAI, by_stream: bool
) -> None:
    never = asyncio.Event()
    fake.expect(says(GOOD, hold_after=(0, never)) if by_stream else says(GOOD, hold_first=never))
    call = asyncio.create_task((streaming if by_stream else model).fill(a_request(), Verdict))
    await asyncio.wait_for(fake.asked.wait(), 5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.wait_for(fake.client_left.wait(), 5)


@pytest.mark.parametrize("held", ["first", "later"])
async def test_a_slow_stream_meets_its_deadline(model: OpenAIModel, fake: FakeOpenAI, held: str) -> None:
    never = asyncio.Event()
    fake.expect(says("a", hold_first=never) if held == "first" else says("a", "b", hold_after=(1, never)))
    with pytest.raises(ModelTimeout):
        await heard(model, a_request(deadline_s=0.2))
    await asyncio.wait_for(fake.client_left.wait(), 5)


async def test_waiting_for_a_place_counts_towards_the_deadline(fake: FakeOpenAI, naps: Naps) -> None:
    model = a_model(fake.url, naps, max_concurrency=1)
    never = asyncio.Event()
    fake.expect(says("a", "b", hold_after=(1, never)))
    async with aclosing(model.stream(a_request())) as events:
        await anext(events)
        with pytest.raises(ModelTimeout):
            await model.fill(a_request(deadline_s=0.05), Verdict)
    await model.aclose()


async def test_the_consumers_own_slowness_is_never_interrupted(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says("a", "b"))
    passed = asyncio.Event()
    async with aclosing(model.stream(a_request(deadline_s=0.5))) as events:
        await anext(events)
        # The deadline passes here, in the consumer's code: it may not be cancelled, only the next step fails.
        asyncio.get_running_loop().call_later(0.6, passed.set)
        await passed.wait()
        with pytest.raises(ModelTimeout):
            await anext(events)


async def test_filling(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says(GOOD))
    filled = await model.fill(a_request(), Verdict)
    assert filled.value == Verdict(evidence="dropout", state="shown", count=1)
    assert (filled.raw, filled.usage, filled.model) == (GOOD, Usage(11, 7, 5), "fake-model-2026")
    form = fake.requests[0].body["response_format"]["json_schema"]
    assert form["name"] == "Verdict"
    assert list(form["schema"]["properties"]) == ["evidence", "state", "count"]


async def test_filling_from_a_stream(streaming: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says(GOOD[:9], GOOD[9:], progress=True))
    filled = await streaming.fill(a_request(), Verdict)
    assert filled.value.state == "shown"
    assert filled.usage == Usage(11, 7, 5)
    assert fake.requests[0].body["stream"] is True


async def test_a_code_fence_around_the_object_is_no_error(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says(f"```json\n{GOOD}\n```"))
    assert (await model.fill(a_request(), Verdict)).value.count == 1


@pytest.mark.parametrize("bad", [BAD, '{"evidence": "dro', "Gladly!"])
async def test_one_repair_with_the_error_shown(model: OpenAIModel, fake: FakeOpenAI, bad: str) -> None:
    fake.expect(says(bad), says(GOOD))
    filled = await model.fill(a_request(), Verdict)
    assert filled.value.state == "shown"
    assert filled.usage == Usage(22, 14, 10)
    said = fake.requests[1].body["messages"]
    assert said[:2] == fake.requests[0].body["messages"]
    assert said[2] == {"role": "assistant", "content": bad}
    if bad == BAD:
        assert "state" in said[3]["content"]
        assert "count" in said[3]["content"]


async def test_after_one_repair_it_gives_up(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says(""), says("My secret words"))
    with pytest.raises(ModelOutputInvalid) as caught:
        await model.fill(a_request(), Verdict)
    assert caught.value.raw == "My secret words"
    assert "secret" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


@pytest.mark.parametrize("by_stream", [False, True])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says(GOOD, finish_reason="length"), ModelTruncated),
        (says(refusal="No."), ModelRefused),
        (says(GOOD, finish_reason="content_filter"), ModelRefused),
        (Fails(401, message="bad key"), ModelMisconfigured),
        (Fails(404, code="model_not_found"), ModelMisconfigured),
        (Fails(400, message="context too long"), ModelMisconfigured),
        (Fails(400, code="content_filter"), ModelRefused),
        (Fails(429, code="insufficient_quota"), ModelMisconfigured),
    ],
)
async def test_what_asking_again_cannot_mend_is_not_asked_again(
    model: OpenAIModel,
    streaming: OpenAIModel,
    fake: FakeOpenAI,
    answer: Says | Fails,
    error: type[ModelError],
    by_stream: bool,
) -> None:
    fake.expect(answer)
    with pytest.raises(error):
        await (streaming if by_stream else model).fill(a_request(), Verdict)


@pytest.mark.parametrize(
    "outage",
    [
        Fails(500),
        Fails(503, body="<html>gateway</html>", content_type="text/html"),
        Fails(200, body="<html>Log in</html>", content_type="text/html"),
        Fails(200, body="{broken"),
        Fails(200, body='{"choices": []}'),
        Fails(200, body='{"hello": 1}'),
        HangsUp(),
        says(GOOD, cut_after=0),
    ],
)
async def test_an_outage_is_tried_three_times(
    model: OpenAIModel, fake: FakeOpenAI, naps: Naps, outage: Says | Fails | HangsUp
) -> None:
    fake.expect(outage, outage, says(GOOD), outage, outage, outage)
    assert (await model.fill(a_request(), Verdict)).value.count == 1
    assert len(naps.seconds) == 2
    with pytest.raises(ModelUnavailable):
        await model.fill(a_request(), Verdict)


async def test_a_page_instead_of_a_stream(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(*[Fails(200, body="<html>Log in</html>", content_type="text/html")] * 3)
    with pytest.raises(ModelUnavailable):
        await heard(model, a_request())


async def test_nobody_listens(naps: Naps) -> None:
    model = a_model(refused_url(), naps)
    with pytest.raises(ModelUnavailable):
        await heard(model, a_request())
    assert len(naps.seconds) == 2
    await model.aclose()


async def test_a_rate_limit_is_waited_out_as_asked(model: OpenAIModel, fake: FakeOpenAI, naps: Naps) -> None:
    fake.expect(Fails(429, {"retry-after": "3"}), Fails(429, {"retry-after-ms": "1500"}), says("a"))
    assert (await heard(model, a_request()))[0] == ["a"]
    assert 3.25 <= naps.seconds[0] <= 3.5
    assert 2.0 <= naps.seconds[1] <= 2.5


async def test_a_rate_limit_beyond_the_deadline_is_told_at_once(
    model: OpenAIModel, fake: FakeOpenAI, naps: Naps
) -> None:
    date = {"date": "Sat, 21 Nov 2026 10:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 10:01:00 GMT"}
    fake.expect(Fails(429, date))
    with pytest.raises(ModelRateLimited) as caught:
        await model.fill(a_request(deadline_s=10), Verdict)
    assert caught.value.retry_after_s == 60
    assert naps.seconds == []


async def test_ready_proves_the_schema_once(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says('{"colour": "green"}'))
    await model.ready()
    await model.ready()


async def test_ready_tells_of_a_server_that_ignores_schemas(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says("green!"), says("green, as I said"))
    with pytest.raises(ModelMisconfigured, match="does not keep to a JSON schema"):
        await model.ready()


async def test_ready_is_proven_again_after_an_outage(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(says('{"colour": "green"}'), *[Fails(500)] * 3, Fails(401))
    await model.ready()
    with pytest.raises(ModelUnavailable):
        await heard(model, a_request())
    with pytest.raises(ModelMisconfigured):
        await model.ready()


@pytest.fixture
async def thinking() -> AsyncIterator[FakeOpenAI]:
    """A model that thinks before it answers, as OpenAI's newer ones do."""
    async with FakeOpenAI(thinks_tokens=900) as server:
        yield server


async def test_a_model_that_thinks_is_ready_fills_and_speaks(thinking: FakeOpenAI, naps: Naps) -> None:
    model = a_model(thinking.url, naps)
    thinking.expect(says('{"colour": "green"}'), says(GOOD), says("You said ", "dropout."))
    await model.ready()
    filled = await model.fill(a_request(sampling=Sampling(0.4, 90, 3)), Verdict)
    assert filled.value.state == "shown"
    assert (await heard(model, a_request(sampling=Sampling(0.0, 40, None, ("\n",)))))[0] == ["You said ", "dropout."]
    assert naps.seconds == []
    probes, fills = (
        [asked.body for asked in thinking.requests if asked.body["messages"][-1]["content"].startswith(begins)]
        for begins in ("Answer with", "I used")
    )
    # Refused twice, for the limit's old name and for its temperature, and not asked so again.
    assert ["temperature" in body for body in probes] == [True, True, False]
    assert ["temperature" in body for body in fills] == [False] * 3
    assert fills[0]["seed"] == 3
    assert fills[0]["max_completion_tokens"] > 900 + 90
    # The stop word is refused once and left out.
    assert ["stop" in body for body in fills] == [False, True, False]
    await model.aclose()


async def test_thinking_that_only_shows_in_the_bill_gets_room_too(fake: FakeOpenAI, naps: Naps) -> None:
    model = a_model(fake.url, naps)
    cut = says(finish_reason="length", thought_tokens=64)
    fake.expect(cut, says(GOOD), says("You said so."))
    assert (await model.fill(a_request(), Verdict)).value.state == "shown"
    assert (await heard(model, a_request()))[0] == ["You said so."]
    limits = [asked.body["max_tokens"] for asked in fake.requests]
    assert limits[0] == 64
    assert limits[1] == limits[2] > 1000
    await model.aclose()


async def test_a_stream_whose_words_were_all_thoughts_is_begun_again_with_room(fake: FakeOpenAI, naps: Naps) -> None:
    model = a_model(fake.url, naps)
    fake.expect(says(finish_reason="length", thought_tokens=64), says("So."))
    texts, ends = await heard(model, a_request())
    assert (texts, [end.finish_reason for end in ends]) == (["So."], ["stop"])
    await model.aclose()


async def test_room_that_does_not_do_is_told_with_the_limit_it_had(fake: FakeOpenAI, naps: Naps) -> None:
    model = a_model(fake.url, naps)
    cut = says(finish_reason="length", thought_tokens=64)
    fake.expect(cut, cut)
    with pytest.raises(ModelTruncated) as caught:
        await model.fill(a_request(), Verdict)
    assert caught.value.max_output_tokens == fake.requests[1].body["max_tokens"]
    await model.aclose()


@pytest.mark.parametrize(
    "other",
    [
        Fails(400, code="unsupported_value", param="messages[0].role"),
        Fails(400, code="unsupported_parameter", param="response_format"),
        Fails(400, code="invalid_value", param="temperature"),
        Fails(500, code="unsupported_value", param="temperature"),
    ],
)
async def test_only_a_parameter_that_can_be_spared_is_left_out(
    model: OpenAIModel, fake: FakeOpenAI, other: Fails
) -> None:
    fake.expect(*[other] * (3 if other.status == 500 else 1), says(GOOD))
    with pytest.raises(ModelUnavailable if other.status == 500 else ModelMisconfigured):
        await model.fill(a_request(), Verdict)
    await model.fill(a_request(), Verdict)
    assert all("temperature" in asked.body for asked in fake.requests)


async def test_two_calls_at_once_both_learn_of_one_refusal(thinking: FakeOpenAI, naps: Naps) -> None:
    model = a_model(thinking.url, naps)
    thinking.expect(says(GOOD), says(GOOD))
    found = await asyncio.gather(*(model.fill(a_request(), Verdict) for _ in range(2)))
    assert [each.value.state for each in found] == ["shown", "shown"]
    await model.aclose()


async def test_no_key_in_any_text(model: OpenAIModel, fake: FakeOpenAI) -> None:
    fake.expect(Fails(401, message=f"Incorrect API key provided: {KEY}. See https://me:pw@host/x?api_key=abc"))
    with pytest.raises(ModelMisconfigured) as caught:
        await heard(model, a_request())
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(model)
    assert "Incorrect API key" in told
    for secret in (KEY, "me:pw", "abc"):
        assert secret not in told


async def test_no_place_is_lost_whatever_happens(fake: FakeOpenAI, naps: Naps) -> None:
    model = a_model(fake.url, naps, max_concurrency=1)
    fake.expect(Fails(401), says("a", cut_after=1), says("oh"), says("oh"), says("b"))
    with pytest.raises(ModelMisconfigured):
        await heard(model, a_request())
    with pytest.raises(ModelUnavailable):
        await heard(model, a_request())
    with pytest.raises(ModelOutputInvalid):
        await model.fill(a_request(), Verdict)
    assert (await heard(model, a_request(deadline_s=5)))[0] == ["b"]
    await model.aclose()
