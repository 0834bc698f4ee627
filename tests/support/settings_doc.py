"""The documentation of the settings, made from the settings: README's table and `.env.example`."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from app.settings import ANSWERS_IN_PART, PREFIX, ROOT, Settings

BEGIN, END = "<!-- settings: written by `make goldens` -->", "<!-- /settings -->"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable."""

    name: str
    default: str
    """As it would stand in the environment; empty for empty."""
    says: str
    allowed: str
    """Bounds or choices in words; empty where the type says it all."""
    group: str
    """What the group is for."""


def all_settings() -> list[Setting]:
    """Every variable, group by group, in the order of the code."""
    return list(_walk(Settings, PREFIX, "The process as a whole."))


def table() -> str:
    """README's table, between its two marks."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for each in all_settings():
        meaning = " ".join(part for part in (each.says, f"({each.allowed})" if each.allowed else "") if part)
        default = f"`{each.default}`" if each.default else ""
        rows.append(f"| `{each.name}` | {default} | {meaning.replace('|', chr(92) + '|')} |")
    return "\n".join([BEGIN, "", *rows, "", END])


def env_example() -> str:
    """`.env.example`: every variable with its default, all of them commented out."""
    lines = [
        "# All settings with their defaults. Viva reads no file of them by itself: copy this to .env, uncomment what is to",
        "# differ, and bring it into the shell with: set -a; . ./.env; set +a",
        "",
    ]
    group = ""
    for each in all_settings():
        if each.group != group:
            lines += ["", f"# --- {each.group}", ""]
            group = each.group
        about = " ".join(part for part in (each.says, f"({each.allowed})" if each.allowed else "") if part)
        lines += [f"# {about}"] if about else []
        lines.append(f"#{each.name}={each.default}")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def in_readme(readme: str) -> str:
    """README with the table as it should be."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + table() + after


def _walk(model: type[BaseModel], prefix: str, group: str) -> Iterator[Setting]:
    docs = _field_docs(model)
    nested = []
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            nested.append((name, kind))
            continue
        yield Setting(f"{prefix}{name.upper()}", _default(info.default), docs.get(name, ""), _allowed(info), group)
    for name, kind in nested:
        yield from _walk(kind, f"{prefix}{name.upper()}{ANSWERS_IN_PART}", inspect.cleandoc(kind.__doc__ or ""))


def _field_docs(model: type[BaseModel]) -> dict[str, str]:
    """The strings under the fields, those of parent classes too."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if not issubclass(each, BaseModel) or each.__module__ != Settings.__module__:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(each))).body[0]
        assert isinstance(body, ast.ClassDef)
        for line, after in zip(body.body, body.body[1:], strict=False):
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and isinstance(after, ast.Expr):
                value = after.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[line.target.id] = " ".join(value.value.split())
    return found


def _default(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        # Lists are JSON in the environment.
        return json.dumps([str(each) for each in value])
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix() if value.is_absolute() else value.as_posix()
    return str(value)


def _allowed(info: FieldInfo) -> str:
    choices = getattr(info.annotation, "__args__", ())
    if choices and all(isinstance(each, str) for each in choices):
        return ", ".join(choices)
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    found = []
    for each in info.metadata:
        for name, word in words.items():
            bound = getattr(each, name, None)
            if bound is not None:
                found.append(f"{word} {bound}")
    return ", ".join(found)
