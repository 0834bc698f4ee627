"""Everything that can be set, typed and checked once. Read by `main`, `cli` and the migrations alone; values are handed down.

Environment variables begin with `VIVA_` and name group and field: `VIVA_DATABASE__URL`. A name that is not known is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from app.domain.errors import SettingsInvalid

ROOT = Path(__file__).resolve().parents[1]
"""The checkout, where `corpus/`, `prompts/` and `migrations/` lie."""
PREFIX = "VIVA_"
ANSWERS_IN_PART = "__"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Group):
    """Where Viva listens."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    api_keys: bool = False
    """Off on a laptop. On: every request needs `Authorization: Bearer <key>`, and sees only what is its own."""
    max_body_bytes: Annotated[int, Field(ge=10_000)] = 8 * 1024 * 1024
    max_import_bytes: Annotated[int, Field(ge=10_000)] = 128 * 1024 * 1024
    """Of a document with all of one's data."""
    grace_s: Annotated[float, Field(ge=0, le=300)] = 15.0
    """At shutdown, replies that are being written may finish for so long."""
    cpu_cores: Annotated[int, Field(ge=0, le=1024)] = 0
    """Cores that models may use together; 0 for all there are."""


class Database(_Group):
    """The store."""

    url: str = Field(default="", repr=False)
    """Empty: an SQLite file in the data folder."""
    busy_timeout_ms: Annotated[int, Field(ge=100, le=60_000)] = 5000


class RetrievalGroup(_Group):
    """The index of passages."""

    embedder: str = "all-MiniLM-L6-v2"
    """The packaged MiniLM, or any sentence-transformers id or path."""
    chroma_url: str = Field(default="", repr=False)
    """Empty: embedded Chroma in the data folder. Otherwise the address of a Chroma server."""


class ModelGroup(_Group):
    """One language model."""

    provider: Literal["embedded", "openai", "langchain", "none"] = "embedded"
    """`embedded`: llama.cpp in this process. `openai`: any OpenAI-compatible address. `langchain`: any of its providers."""
    name: str = ""
    """Model as its server knows it; for `langchain` as `provider:model`. Not used by `embedded`."""
    base_url: str = Field(default="", repr=False)
    """Of an OpenAI-compatible server, mostly with `/v1` at its end. Empty: the provider's own address."""
    api_key: SecretStr = SecretStr("")
    """`openai` reads it here alone and not in `OPENAI_API_KEY`; for `langchain`, empty is its provider's own variable."""
    concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    """Calls to it at the same time."""

    @model_validator(mode="after")
    def _complete(self) -> ModelGroup:
        if self.provider in {"openai", "langchain"} and not self.name:
            raise ValueError(f"provider '{self.provider}' needs a model: set the name beside it, ..__NAME")
        if self.provider == "langchain" and ":" not in self.name:
            raise ValueError("for langchain, name provider and model: anthropic:claude-sonnet-4")
        return self


class Judge(ModelGroup):
    """The model that judges; bound apart from the one that speaks."""

    timeout_s: Annotated[float, Field(gt=0, le=600)] = 60.0
    """For one call of a hosted judge."""
    samples: Annotated[int, Field(ge=1, le=9)] = 1
    """Calls for one answer; a hosted model can afford 3."""


class Embedded(_Group):
    """The model inside the process."""

    weights: Path | None = None
    """Another GGUF file; None for Qwen2.5-Coder-1.5B-Instruct, fetched once and checked."""
    weights_sha256: str = ""
    """Of that other file: weights are never used unchecked."""
    fetch: bool = True
    """Whether `viva setup` may fetch missing weights from the package index."""

    @model_validator(mode="after")
    def _checked(self) -> Embedded:
        if self.weights is not None and len(self.weights_sha256) != 64:
            raise ValueError("other weights need their sha256: set VIVA_EMBEDDED__WEIGHTS_SHA256")
        return self


class InterviewGroup(_Group):
    """How interviews are conducted."""

    bridge_deadline_s: Annotated[float, Field(gt=0, le=30)] = 3.5
    """Past it the written words are spoken without a bridge."""
    window_characters: Annotated[int, Field(ge=0, le=400_000)] = 0
    """Of the transcript that the speaking model is shown; 0 suits the embedded one."""


class SandboxGroup(_Group):
    """Where candidates' code runs."""

    prepare: bool = True
    """Whether serving compiles the Python of the coding round in the background where that was not done: once, two minutes."""


class Telemetry(_Group):
    """Logs. What is said in interviews is never in them."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = False


class Settings(BaseSettings):
    """All settings. Printing them is safe."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=ANSWERS_IN_PART, extra="forbid", frozen=True
    )

    data_dir: Path = Path(".viva")
    """Database, index, weights and caches."""
    corpus: Path = ROOT / "corpus"
    """Viva's own material; left alone but by those who replace all of it."""
    more_corpora: tuple[Path, ...] = ()
    """Folders of your own material beside it, as `--corpus` names them: a JSON list."""
    prompts: Path = ROOT / "prompts"
    server: Server = Server()
    database: Database = Database()
    retrieval: RetrievalGroup = RetrievalGroup()
    interviewer: ModelGroup = ModelGroup()
    judge: Judge = Judge()
    embedded: Embedded = Embedded()
    interview: InterviewGroup = InterviewGroup()
    sandbox: SandboxGroup = SandboxGroup()
    telemetry: Telemetry = Telemetry()
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Serving processes. More than one needs PostgreSQL, a Chroma server and a hosted model."""

    @model_validator(mode="after")
    def _pairs(self) -> Settings:
        if self.workers > 1:
            if not self.retrieval.chroma_url:
                raise ValueError("embedded Chroma is not safe for several processes: set VIVA_RETRIEVAL__CHROMA_URL")
            if "embedded" in {self.interviewer.provider, self.judge.provider}:
                raise ValueError(
                    "an embedded model serves one process: set VIVA_INTERVIEWER__PROVIDER and VIVA_JUDGE__PROVIDER"
                )
            if not self.database.url.startswith("postgres"):
                raise ValueError("several processes need PostgreSQL: set VIVA_DATABASE__URL")
        return self

    @property
    def database_url(self) -> str:
        """The database's address; may hold a password."""
        return self.database.url or f"sqlite:///{self.data_dir.resolve() / 'viva.db'}"


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsInvalid: names each variable that is wrong or unknown.
    """
    known = {name.upper() for name in Settings.model_fields}
    strange = sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX)
        and not name.startswith(f"{PREFIX}TEST_")
        and name[len(PREFIX) :].split(ANSWERS_IN_PART)[0].upper() not in known
    )
    if strange:
        raise SettingsInvalid(tuple(map(_unknown, strange)))
    try:
        return Settings()
    except SettingsError as error:
        named = re.search(r'field "(\w+)"', str(error))
        name = f"{PREFIX}{named[1].upper()}" if named else "a variable"
        raise SettingsInvalid((f"{name}: it cannot be read; lists and groups are written as JSON",)) from None
    except ValidationError as error:
        raise SettingsInvalid(
            tuple(_wrong(each["type"], each["loc"], each["msg"]) for each in error.errors())
        ) from None


def _wrong(kind: str, loc: Sequence[int | str], says: str) -> str:
    """One line on a variable that is wrong or unknown; a wrong value is not repeated, it may be a key."""
    name = _variable(loc)
    if kind == "extra_forbidden":
        return _unknown(name)
    says = says.removeprefix("Value error, ")
    return f"{name}: {says}" if name else says


def _variable(loc: Sequence[int | str]) -> str:
    return f"{PREFIX}{ANSWERS_IN_PART.join(str(part) for part in loc).upper()}" if loc else ""


def _unknown(name: str) -> str:
    near = get_close_matches(name, _names(Settings), n=1, cutoff=0.8)
    return f"{name} is not a setting of Viva" + (f": did you mean {near[0]}?" if near else "")


def _names(model: type[BaseModel], prefix: str = PREFIX) -> list[str]:
    found = []
    for name, info in model.model_fields.items():
        kind, variable = info.annotation, f"{prefix}{name.upper()}"
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found += _names(kind, f"{variable}{ANSWERS_IN_PART}")
        else:
            found.append(variable)
    return found
