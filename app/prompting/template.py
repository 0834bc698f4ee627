"""One prompt: what its file declares, and the messages it makes of inputs. Knows nothing of models or of where files lie.

A prompt file is YAML front-matter between two lines `---`, then a Jinja body. A body line that is exactly `# system`,
`# user` or `# assistant` begins a message. The body is split *before* anything is rendered, and each message is a
template of its own: a value that contains such a line is only text.

Inputs have shapes: `str`, `int`, `float`, `bool`, `untrusted` (a string of foreign words), a list as `list[str]` or
`[shape]`, a record as a mapping of names to shapes. What is untrusted may reach the output through the filter `fence`
alone; that is checked when the file is loaded, on all of its paths, not only on those that are rendered some day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.domain.errors import VivaError
from app.prompting.fence import fence
from app.prompting.shapes import Shape, check_template, fits, parse_shape

Speaks = Literal["system", "user", "assistant"]
PromptRole = Literal["interviewer", "planner", "assessor", "judge"]

_FILE = re.compile(r"\A---\n(?P<head>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)
_MARKER = re.compile(r"^# (?P<role>[a-z]+)[ \t]*$", re.MULTILINE)
_ROLES: tuple[Speaks, ...] = ("system", "user", "assistant")

_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - text for a model, not a page; foreign words go through the fence
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["fence"] = fence
_environment.globals.clear()


class PromptBroken(VivaError):
    pass
