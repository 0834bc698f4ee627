"""Language models, as the settings have it, and who else hears something of what is said."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from app.api import (
    origin,
)
from app.api.dependencies import Recipient
from app.llm.model import ChatModel
from app.llm.weights import QWEN, Pin
from app.material.corpus import Corpus
from app.prompting.library import Library
from app.scoring.model_judge import JudgeManner, ModelJudge
from app.scoring.slow_voice import SlowVoice
from app.settings import ModelGroup, Settings
from app.wiring.reading import cores


def judge_manner(settings: Settings) -> JudgeManner:
    """How a hosted judge is asked."""
    return JudgeManner(samples=settings.judge.samples, deadline_s=settings.judge.timeout_s)


def judges(
    settings: Settings, model: ChatModel | None, prompts: Library, corpus: Corpus, *, given: bool
) -> tuple[ModelJudge | None, SlowVoice | None]:
    """What the judge's model does: a hosted one gives verdicts; the embedded one is weak at these and says yes or no.

    `given` says that the model is not the settings' choice.
    """
    if model is None:
        return None, None
    if not given and settings.judge.provider == "embedded":
        return None, SlowVoice(model, prompts)
    return ModelJudge(model, prompts, corpus, judge_manner(settings)), None


async def open_models(
    settings: Settings, closing: AsyncExitStack, *, interviewer: ChatModel | None = None, judge: ChatModel | None = None
) -> tuple[ChatModel | None, ChatModel | None]:
    """The models of interviewer and judge, where none is given; one embedded model serves both roles where both ask for it."""
    embedded: ChatModel | None = None
    found: list[ChatModel | None] = []
    for given, group in ((interviewer, settings.interviewer), (judge, settings.judge)):
        if given is not None:
            found.append(given)
        elif group.provider == "none" or (interviewer is not None and judge is None):
            found.append(None)
        elif group.provider == "embedded":
            if embedded is None:
                embedded = await open_embedded(settings)
                closing.push_async_callback(embedded.aclose)
            found.append(embedded)
        else:
            model = hosted(group)
            closing.push_async_callback(model.aclose)
            found.append(model)
    return found[0], found[1]


async def open_embedded(settings: Settings) -> ChatModel:
    """The embedded model, started."""
    from app.llm.embedded import EmbeddedModel

    path, pin = language_model(settings)
    model = EmbeddedModel(path, pin, threads=llama_threads(settings))
    await model.start()
    return model


def language_model(settings: Settings) -> tuple[Path, Pin]:
    """Where the embedded model's weights are, and what they must be."""
    chosen = settings.embedded
    if chosen.weights is not None:
        size = chosen.weights.stat().st_size if chosen.weights.exists() else 0
        return chosen.weights, Pin(chosen.weights_sha256.lower(), size)
    return settings.data_dir / QWEN.filename, QWEN.pin


def llama_threads(settings: Settings) -> int:
    """All cores but one, which is for the embedder, the database and everyone else.

    **Measured**: with every core taken, one busy neighbour makes llama.cpp's threads wait for each other, and a sentence of
    1.5 s takes more than 10.
    """
    return max(1, cores(settings) - 1)


def hosted(group: ModelGroup) -> ChatModel:
    """A model that another process serves."""
    key = group.api_key.get_secret_value()
    if group.provider == "langchain":
        from app.llm.langchain_model import LangChainModel

        provider, _, name = group.name.partition(":")
        return LangChainModel(
            provider=provider,
            name=name,
            api_key=key,
            base_url=group.base_url,
            max_concurrency=group.concurrency,
        )
    from app.llm.openai_model import OpenAIModel

    return OpenAIModel(
        name=group.name,
        base_url=group.base_url or "https://api.openai.com/v1",
        api_key=key or "none",
        max_concurrency=group.concurrency,
    )


def recipients(settings: Settings) -> tuple[Recipient, ...]:
    """Other machines that get something of what is said; none where everything is on this one."""
    found = []
    if (host := _model_host(settings.interviewer)) is not None:
        found.append(Recipient(host, "the text of your resume, and what you say, so that the interviewer can answer"))
    if (host := _model_host(settings.judge)) is not None:
        found.append(Recipient(host, "your answers, to judge them"))
    if (host := _elsewhere(settings.database_url)) is not None:
        found.append(Recipient(host, "everything that is stored: it is the database"))
    if (host := _elsewhere(settings.retrieval.chroma_url)) is not None:
        found.append(Recipient(host, "sentences of yours as vectors, to find passages that fit them"))
    return tuple(found)


def _model_host(group: ModelGroup) -> str | None:
    if group.provider in {"none", "embedded"}:
        return None
    if group.base_url:
        return _elsewhere(group.base_url)
    return "api.openai.com" if group.provider == "openai" else group.name.partition(":")[0]


def _elsewhere(url: str) -> str | None:
    """The host of an address on another machine; None for this one's."""
    host = urlsplit(url).hostname or ""
    return host if host and host not in origin.OWN_NAMES else None
