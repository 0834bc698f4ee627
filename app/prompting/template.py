"""A prompt as a file: front-matter, then messages under `# system`, `# user` and `# assistant`, each a Jinja body.

Untrusted text enters through the filter `fence` only: between markers that it cannot forge, because they are taken out of it.
The messages are split before anything is rendered, so that no value can begin a message.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Literal

import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.errors import PromptInvalid

OPEN, CLOSE = "<<<", ">>>"
_MARKER = re.compile(r"[<>]{2,}|[‹›«»＜＞]{2,}")
_SECTION = re.compile(r"(?m)^# (system|user|assistant)[ \t]*$")
Speaks = Literal["system", "user", "assistant"]


def fence(text: str) -> str:
    """The text between markers. Runs of angle brackets inside it are spaced out, so that it holds no marker of its own."""
    return f"{OPEN}{neutral(text)}{CLOSE}"


def neutral(text: str) -> str:
    """The text without anything that reads as a marker. Applying it twice changes nothing more."""
    spaced = _MARKER.sub(lambda match: " ".join(match.group()), text)
    # A bracket at either end would grow together with the marker beside it.
    head = " " if spaced[:1] in {"<", ">"} else ""
    tail = " " if spaced[-1:] in {"<", ">"} else ""
    return f"{head}{spaced}{tail}"


class SamplingIn(BaseModel):
    """How the model draws, as the file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float = Field(ge=0, le=2)
    max_output_tokens: int = Field(ge=1, le=16_000)


class Head(BaseModel):
    """The front-matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z_]+/[a-z_]+$")
    version: int = Field(ge=1)
    role: Literal["interviewer", "planner", "assessor"]
    purpose: str
    inputs: dict[str, str]
    output: str
    sampling: SamplingIn
    changes: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Which file, exactly."""

    id: str
    version: int
    hash: str
    """sha256 of the whole file, hexadecimal."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message ready for a model."""

    role: Speaks
    content: str


_JINJA = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)
_JINJA.filters["fence"] = fence


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt file."""

    head: Head
    ref: Ref
    sections: tuple[tuple[Speaks, str], ...]

    @property
    def sampling(self) -> SamplingIn:
        """How the model draws."""
        return self.head.sampling

    def render(self, **inputs: Any) -> tuple[Rendered, ...]:
        """The messages with the inputs in them.

        Raises:
            PromptInvalid: an input is missing, unknown, or used in a way that the sandbox refuses.
        """
        if set(inputs) != set(self.head.inputs):
            wrong = ", ".join(sorted(set(inputs) ^ set(self.head.inputs)))
            raise PromptInvalid(self.head.id, f"inputs do not match its declaration: {wrong}")
        try:
            return tuple(
                Rendered(speaks, _JINJA.from_string(body).render(**inputs).strip()) for speaks, body in self.sections
            )
        except TemplateError as error:
            raise PromptInvalid(self.head.id, f"it cannot be rendered: {error.message}") from error


def parse(text: str, where: str) -> Prompt:
    """A prompt from the text of its file.

    Raises:
        PromptInvalid: unknown keys, no message, or declared inputs that differ from those used.
    """
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise PromptInvalid(where, "it must begin with front-matter between two lines of ---")
    try:
        loaded = yaml.safe_load(parts[1])
        head = Head.model_validate(loaded)
    except (yaml.YAMLError, ValidationError) as error:
        raise PromptInvalid(where, f"its front-matter is wrong: {error}") from error
    pieces = _SECTION.split(parts[2])
    if pieces[0].strip() or len(pieces) < 3:
        raise PromptInvalid(where, "its body must begin with '# system', '# user' or '# assistant'")
    sections = tuple(zip(pieces[1::2], (body.strip() for body in pieces[2::2]), strict=True))
    used: set[str] = set()
    for _, body in sections:
        try:
            used |= meta.find_undeclared_variables(_JINJA.parse(body))
        except TemplateError as error:
            raise PromptInvalid(where, f"it is no template: {error.message}") from error
    if used != set(head.inputs):
        wrong = ", ".join(sorted(used ^ set(head.inputs)))
        raise PromptInvalid(where, f"declared inputs and used variables differ: {wrong}")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Prompt(head, Ref(head.id, head.version, digest), sections)  # type: ignore[arg-type]
