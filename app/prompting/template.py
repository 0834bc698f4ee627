"""One prompt: what its file declares, and the messages it makes of inputs. Knows nothing of models or of folders.

A prompt file is YAML front-matter between two lines `---`, then a Jinja body. A body line that is exactly `# system`,
`# user` or `# assistant` begins a message. The body is split *before* anything is rendered, and each message is a
template of its own: an input that contains such a line is only text.

Inputs have shapes: `str`, `int`, `float`, `bool`, `untrusted` (a string of foreign words), a list as `list[str]` or
`[shape]`, a record as a mapping of names to shapes. What is untrusted comes out through the filter `fence` alone,
which is proven when the file is loaded, for all of its paths and not only for those that are rendered some day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast, get_args

import yaml
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.errors import VivaError
from app.prompting.fence import fence
from app.prompting.shapes import Shape, ShapeWrong, check_template, fits, parse_shape

Speaks = Literal["system", "user", "assistant"]
PromptRole = Literal["interviewer", "planner", "assessor", "judge"]

_FILE = re.compile(r"\A---\n(?P<head>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)
_MARKER = re.compile(r"^# ([a-z]+)[ \t]*$", re.MULTILINE)

_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    # Text for a model and no page: foreign words go through the fence instead.
    autoescape=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["fence"] = fence


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sampling(_Closed):
    """How the words of this prompt are to be drawn."""

    temperature: float = Field(ge=0, le=2)
    max_output_tokens: int = Field(ge=1)


class FrontMatter(_Closed):
    """What a prompt file declares about itself."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$")
    """`<role>/<name>`, as the file's path says."""
    version: int = Field(ge=1)
    role: PromptRole
    purpose: str = Field(min_length=1)
    inputs: dict[str, object]
    output: str = Field(min_length=1)
    """`text`, or the name of the schema to fill."""
    sampling: Sampling
    changes: str | list[str] = Field(min_length=1)
    """What is new in this version, and why."""


class Rendered(NamedTuple):
    """One message, ready to be sent."""

    role: Speaks
    content: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Which file, exactly."""

    id: str
    version: int
    hash: str
    """Sha256 of the whole file, front-matter included, in hexadecimal."""


@dataclass
class PromptBroken(VivaError):
    """A prompt file does not hold together. Found at start-up, before anyone is interviewed."""

    where: str
    reason: str

    def __str__(self) -> str:
        """Says which file and what is wrong with it."""
        return f"The prompt {self.where} cannot be used: {self.reason}."


@dataclass
class PromptInputWrong(VivaError):
    """A prompt was given other inputs than it declares."""

    prompt_id: str
    reason: str

    def __str__(self) -> str:
        """Says which input; never repeats its value."""
        return f"The prompt '{self.prompt_id}' was given wrong inputs: {self.reason}."


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file, checked. `Prompt.parse` makes it."""

    ref: Ref
    about: FrontMatter
    _inputs: Mapping[str, Shape]
    _sections: tuple[tuple[Speaks, Template], ...]

    @classmethod
    def parse(cls, text: str, where: str) -> Prompt:
        """The prompt in the file's text; raises `PromptBroken`, naming `where`."""
        text = text.replace("\r\n", "\n")
        parts = _FILE.match(text)
        if parts is None:
            raise PromptBroken(where, "it does not begin with front-matter between two lines '---'")
        try:
            about = FrontMatter.model_validate(yaml.safe_load(parts["head"]))
            inputs = {name: parse_shape(shape, name) for name, shape in about.inputs.items()}
            sections, used = _sections(parts["body"], inputs)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            at = ".".join(str(step) for step in first["loc"]) or "the front-matter"
            raise PromptBroken(where, f"{at}: {first['msg']}") from error
        except (yaml.YAMLError, ShapeWrong) as error:
            raise PromptBroken(where, str(error)) from error
        except TemplateError as error:
            raise PromptBroken(where, f"its body is no template: {error}") from error
        if unused := sorted(set(inputs) - used):
            raise PromptBroken(where, f"declared and never used: {', '.join(unused)}")
        ref = Ref(about.id, about.version, hashlib.sha256(text.encode()).hexdigest())
        return cls(ref, about, inputs, sections)

    def render(self, **inputs: object) -> tuple[Rendered, ...]:
        """The messages. Sections that come out blank are left out; raises `PromptInputWrong`."""
        if set(inputs) != set(self._inputs):
            missing = sorted(set(self._inputs) - set(inputs))
            unknown = sorted(set(inputs) - set(self._inputs))
            raise PromptInputWrong(self.ref.id, f"missing {missing}, unknown {unknown}")
        try:
            for name, shape in self._inputs.items():
                fits(inputs[name], shape, name)
        except ShapeWrong as error:
            raise PromptInputWrong(self.ref.id, str(error)) from None
        rendered = [Rendered(role, template.render(inputs).strip()) for role, template in self._sections]
        return tuple(message for message in rendered if message.content)


def _sections(body: str, inputs: Mapping[str, Shape]) -> tuple[tuple[tuple[Speaks, Template], ...], frozenset[str]]:
    """The templates of the messages, and the inputs they use."""
    before, *rest = _MARKER.split(body)
    if before.strip() or not rest:
        raise ShapeWrong("its body must begin with a line '# system', '# user' or '# assistant'")
    sections: list[tuple[Speaks, Template]] = []
    used: frozenset[str] = frozenset()
    for role, source in zip(rest[::2], rest[1::2], strict=True):
        if role not in get_args(Speaks):
            raise ShapeWrong(f"the line '# {role}' begins no message: a heading needs a capital or a second word")
        used |= check_template(_environment.parse(source), inputs)
        sections.append((cast(Speaks, role), _environment.from_string(source)))
    return tuple(sections), used
