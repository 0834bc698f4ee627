"""What the service waits for while it opens: a database, an index or a model that is busy or away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from app.api.dependencies import Services
from app.domain.errors import IndexUnavailable, StoreBusy, StoreUnavailable
from app.llm.model import ChatModel, ModelRateLimited, ModelTimeout, ModelUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

MODEL_RETRY_S = 5.0
"""Between two looks at a hosted model that is down when Viva starts."""
STORE_RETRY_S = 2.0
"""Between two looks at a database or an index that is busy or away when Viva starts."""
OPENING = ("opening the index and the models",)


async def once_there(step: Callable[[], Awaitable[T]], held: Services) -> T:
    """What `step` gives, once the database and the index answer; readiness says meanwhile what is waited for.

    Only for a step that may be repeated: one that fails has done nothing, or does the same again.
    """
    while True:
        try:
            found = await step()
        except (StoreBusy, StoreUnavailable, IndexUnavailable) as error:
            if held.not_ready != (str(error),):
                log.warning("start-up waits", reason=str(error))
            held.not_ready = (str(error),)
            await asyncio.sleep(STORE_RETRY_S)
        else:
            held.not_ready = OPENING
            return found


async def until_ready(models: Sequence[ChatModel | None], held: Services) -> None:
    """Returns when the models answer. One that is down is asked again; one that is set up wrongly ends the start."""
    for model in dict.fromkeys(each for each in models if each is not None):
        while True:
            try:
                await model.ready()
                break
            except (ModelUnavailable, ModelRateLimited, ModelTimeout) as error:
                held.not_ready = (str(error),)
                await asyncio.sleep(MODEL_RETRY_S)
