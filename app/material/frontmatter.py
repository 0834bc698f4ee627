"""Text files with front-matter, read strictly: a key given twice or a broken block is told with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_HEADING = re.compile(r"^##\s+(.+?)\s*$")


class MalformedFile(Exception):
    """A file that does not have the form of an entry."""

    def __init__(self, key: str, says: str, do: str) -> None:
        super().__init__(f"{key}: {says}")
        self.key = key
        self.says = says
        self.do = do


def split(text: str) -> tuple[dict[str, Any], str]:
    """Front-matter and body.

    Raises:
        MalformedFile: there is no front-matter, or it is no YAML mapping.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        raise MalformedFile(
            "", "the file does not begin with a line '---'", "Put the front-matter between two such lines"
        )
    end = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise MalformedFile("", "the front-matter has no end", "Close it with a line '---'")
    body = "\n".join(lines[end + 1 :])
    return mapping_of("\n".join(lines[1:end]), first_line=2), body


def sections(body: str) -> list[tuple[str, str]]:
    """Title and text of each `## ` section, in order.

    Raises:
        MalformedFile: text before the first title, an empty section, or a title given twice.
    """
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        heading = _HEADING.match(line)
        if heading:
            found.append((heading.group(1), []))
        elif found:
            found[-1][1].append(line)
        elif line.strip():
            raise MalformedFile("", "text stands before the first '## ' title", "Move it below a title")
    texts: dict[str, str] = {}
    for title, kept in found:
        text = "\n".join(kept).strip()
        if title in texts:
            raise MalformedFile(f"## {title}", "the title stands twice", "Give one of them another")
        if not text:
            raise MalformedFile(f"## {title}", "the section is empty", "Write it, or remove its title")
        texts[title] = text
    return list(texts.items())


def mapping_of(text: str, *, first_line: int = 1) -> dict[str, Any]:
    """A YAML mapping.

    Raises:
        MalformedFile: it is no YAML, no mapping, or has a key twice.
    """
    try:
        data = yaml.load(text, Loader=_Strict)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + first_line}" if mark else ""
        says = f"this is no YAML: {error.problem or 'it cannot be read'}"
        raise MalformedFile(line, says, "Quote a text that holds ': ' or begins with a special character") from error
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise MalformedFile("", f"this is no YAML: {reason}", "Remove the character, or quote the text") from error
    if not isinstance(data, dict):
        raise MalformedFile("", "there are no keys", "Write 'key: value' lines")
    return data


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_Base):  # type: ignore[misc]
    """The safe loader, in C where there is one, that refuses a key given twice: YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is a word", key_node.start_mark)
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{key_node.value}' is given twice", key_node.start_mark
                )
            seen.add(key_node.value)
        built: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return built


# --- what pydantic found, for a person --------------------------------------------------------------------------------


def key_path(data: object, loc: Sequence[str | int]) -> str:
    """`criteria[right-count].hints[1].says`: list items by their id where they have one, else by number from 1."""
    path, here = "", data
    for step in loc:
        if isinstance(step, int):
            item = here[step] if isinstance(here, list) and step < len(here) else None
            name = item.get("id") if isinstance(item, Mapping) else None
            path += f"[{name if isinstance(name, str) else step + 1}]"
            here = item
        elif isinstance(here, Mapping) and step in here:
            path += f".{step}" if path else step
            here = here[step]
        elif not path or (isinstance(here, Mapping) and re.fullmatch(r"[a-z_]+", step)):
            path += f".{step}" if path else step
            here = None
    return path


def is_echo(error: ErrorDetails) -> bool:
    """Whether a list is only called too short because its items have faults, which are told by themselves."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def remedy(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong with a key and what to do, without the words of a library."""
    kind, last, given = error["type"], str(error["loc"][-1]) if error["loc"] else "", error.get("input")
    if kind == "missing":
        return "it is missing", f"Add '{last}'"
    if kind == "extra_forbidden":
        if given is None:
            return (
                f"there is no key '{last}'",
                "If it is the rest of a text after a comma or a '?', put that text in quotes; else remove it",
            )
        return f"there is no key '{last}' here", "Correct its spelling, or remove it"
    if kind == "too_short":
        return f"it has {len(given)} of at least {error['ctx']['min_length']}", "Add what is missing"
    if kind == "string_type" and not isinstance(given, list | Mapping):
        return f"a text is wanted, and YAML reads {given!r} as {type(given).__name__}", "Put it in quotes"
    if kind == "string_pattern_mismatch":
        return f"{given!r} does not have the form of a {last or 'name'}", f"It must match {error['ctx']['pattern']}"
    if kind in {"enum", "literal_error"}:
        return f"{given!r} is none of the choices", f"Choose {error['ctx']['expected']}"
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, "), "See docs/corpus.md"
    return error["msg"][:1].lower() + error["msg"][1:], "See docs/corpus.md"
