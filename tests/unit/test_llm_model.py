from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import VivaError
from app.llm.embedded import EmbeddedModel, _disarmed
from app.llm.faults import retry_after_s, translate
from app.llm.langchain_model import LangChainModel
from app.llm.model import (
    ChatModel,
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
from app.llm.redaction import redact
from app.llm.repair import json_text
from app.llm.scripted import FunctionModel, ScriptedModel

ALL: list[ModelError] = [
    ModelUnavailable("it is starting"),
    ModelRateLimited(2.0),
    ModelRateLimited(),
    ModelRefused(),
    ModelRefused("content filter"),
    ModelTruncated(64),
    ModelOutputInvalid("the candidate's words"),
    ModelMisconfigured("no such model"),
    ModelTimeout(20),
]


@pytest.mark.parametrize("error", ALL)
def test_each_error_tells_a_person_and_keeps_words_to_itself(error: ModelError) -> None:
    assert isinstance(error, VivaError)
    assert str(error)[0].isupper()
    assert str(error).endswith(".")
    assert "candidate" not in str(error) + repr(error)


def test_all_models_are_of_one_kind() -> None:
    # For the type checker: an implementation that drifts from the protocol fails there.
    kinds: list[type[ChatModel]] = [OpenAIModel, LangChainModel, EmbeddedModel, ScriptedModel, FunctionModel]
    assert all(hasattr(kind, "stream") for kind in kinds)


class Odd(Exception):
    """An error shaped as the generated clients shape theirs."""

    def __init__(self, status: int | None, code: object = None, message: str = "no", name: str = "") -> None:
        super().__init__(message)
        self.status_code = status
        self.body = {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("status", "code", "becomes"),
    [
        (None, None, ModelUnavailable),
        (None, 500, ModelUnavailable),
        (None, 400, ModelMisconfigured),
        (408, None, ModelUnavailable),
        (409, None, ModelUnavailable),
        (500, None, ModelUnavailable),
        (529, None, ModelUnavailable),
        (302, None, ModelUnavailable),
        (429, None, ModelRateLimited),
        (429, "insufficient_quota", ModelMisconfigured),
        (400, "content_filter", ModelRefused),
        (400, None, ModelMisconfigured),
        (403, None, ModelMisconfigured),
        (422, None, ModelMisconfigured),
    ],
)
def test_what_becomes_of_a_status(status: int | None, code: object, becomes: type[ModelError]) -> None:
    assert type(translate(Odd(status, code), deadline_s=1, max_output_tokens=1)) is becomes


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 10:01:00 GMT"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 10:01:00 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 60.0),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:00 GMT", "date": "Sat, 21 Nov 2026 10:01:00 GMT"}, 0.0),
    ],
)
def test_the_wait_that_is_asked_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


@given(st.text(), st.text(), st.text(alphabet="abcdefXYZ0123456789-_", min_size=8, max_size=40))
def test_a_given_secret_is_never_shown(before: str, after: str, secret: str) -> None:
    assert secret not in redact(before + secret + after, secret)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("https://me:pw@host/simple", "me:pw"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("GET /x?api_key=abc&y=1", "abc"),
        ("key sk-proj-abc123 is wrong", "sk-proj-abc123"),
        ("provided: sk-ab***yz", "ab***yz"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, hidden: str) -> None:
    assert hidden not in redact(text)


def test_ordinary_words_stay() -> None:
    said = "The model 'ask-more' has no token limit; see https://host/a@b"
    assert redact(said) == said
    assert len(redact("x" * 9999)) == 300


@pytest.mark.parametrize("raw", ['{"a": 1}', '```json\n{"a": 1}\n```', '  ```\n{"a": 1}```\n'])
def test_the_object_within_a_fence(raw: str) -> None:
    assert json_text(raw).strip() == '{"a": 1}'


@given(st.text(alphabet="<|>｜im_endstar/ of_turn\u200b"))
def test_no_text_keeps_a_control_token(text: str) -> None:
    request = Request(Role.JUDGE, (Message("user", text),), Sampling(), PromptRef("p", 1, ""), 1)
    disarmed = _disarmed(request)
    said = disarmed.messages[0].content
    assert not {"<|", "<｜"} & {said[at : at + 2] for at in range(len(said))}
    assert "</s>" not in said
    assert said.replace("\u200b", "") == text.replace("\u200b", "")
    assert _disarmed(disarmed) == disarmed
