"""A language model as the one that points at what the patterns overlooked. What it says is believed by nobody: see `refine`."""

from __future__ import annotations

from app.candidate.model_extract import FillFailed, Suggestions
from app.llm.model import ChatModel, Message, ModelError, PromptRef, Request, Role, Sampling
from app.prompting.library import Library

PROMPT = "planner/read-resume"
DEADLINE_S = 20.0
"""A person waits for the upload; past it, what was found without a model stands."""


class ChatFill:
    """A `FillModel` over a `ChatModel`. Without one, as until a hosted model is opened, it gives no suggestions."""

    def __init__(self) -> None:
        self._model: ChatModel | None = None
        self._prompts: Library | None = None

    def bind(self, model: ChatModel, prompts: Library) -> None:
        """From now on this model is asked."""
        self._model, self._prompts = model, prompts

    async def fill(self, text: str, schema: type[Suggestions]) -> Suggestions:
        """Suggestions about a resume's text.

        Raises:
            FillFailed: there is no model, or it gave nothing usable.
        """
        if self._model is None or self._prompts is None:
            raise FillFailed("no model is bound")
        prompt = self._prompts.get(PROMPT)
        request = Request(
            role=Role.INTERVIEWER,
            messages=tuple(Message(message.role, message.content) for message in prompt.render(text=text)),
            sampling=Sampling(prompt.about.sampling.temperature, prompt.about.sampling.max_output_tokens),
            prompt=PromptRef(prompt.ref.id, prompt.ref.version, prompt.ref.hash),
            deadline_s=DEADLINE_S,
        )
        try:
            filled = await self._model.fill(request, schema)
        except ModelError as error:
            raise FillFailed(type(error).__name__) from error
        return filled.value
