"""The tiny form by which a model shows that it can fill forms: many servers accept a schema without keeping to it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from app.llm.model import (
    ChatModel,
    Message,
    ModelMisconfigured,
    ModelOutputInvalid,
    ModelTruncated,
    PromptRef,
    Request,
    Role,
    Sampling,
)


class Probe(BaseModel):
    """A form that no model can fill by accident."""

    colour: Literal["green"]


PROBE = Request(
    role=Role.INTERVIEWER,
    messages=(Message("user", 'Answer with a JSON object whose only field, "colour", is "green".'),),
    sampling=Sampling(max_output_tokens=32),
    prompt=PromptRef("ready", 1, ""),
    deadline_s=20.0,
)


async def prove(model: ChatModel) -> None:
    """Returns if the model fills the form.

    Raises:
        ModelMisconfigured: it does not keep to a schema.
        ModelError: what else stands in the way.
    """
    try:
        await model.fill(PROBE, Probe)
    except (ModelOutputInvalid, ModelTruncated) as error:
        raise ModelMisconfigured(f"'{model.name}' does not keep to a JSON schema") from error
