"""All prompts of a folder, checked together when the process starts: a broken prompt stops it, not an interview."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import VivaError
from app.prompting.template import Prompt, PromptBroken

_NAME = re.compile(r"(?P<name>[a-z][a-z0-9-]*)\.v(?P<version>[1-9][0-9]*)\.md")


@dataclass
class PromptUnknown(VivaError):
    """A prompt was asked for that is not in the library."""

    prompt_id: str
    version: int | None

    def __str__(self) -> str:
        """Names it."""
        which = "" if self.version is None else f" in version {self.version}"
        return f"There is no prompt '{self.prompt_id}'{which}. Prompts are the files prompts/<role>/<name>.v<N>.md."


class Library:
    """The prompts by id and version."""

    def __init__(self, prompts: Collection[Prompt]) -> None:
        """Takes prompts that are checked already; `load` is the usual way."""
        self._prompts = {(prompt.ref.id, prompt.ref.version): prompt for prompt in prompts}

    @classmethod
    def load(cls, folder: Path, *, outputs: Collection[str] | None = None) -> Library:
        """Reads `folder/<role>/<name>.v<N>.md`; raises `PromptBroken` at the first file that does not hold.

        `outputs` are the names of the schemas there are; None leaves `output` unchecked.
        """
        files = sorted(path for path in folder.glob("*/*") if path.is_file() and not path.name.startswith("."))
        if not files:
            raise PromptBroken(str(folder), "the folder holds no prompt")
        return cls([_read(path, outputs) for path in files])

    def get(self, prompt_id: str, version: int | None = None) -> Prompt:
        """The prompt in this version, or in its newest; raises `PromptUnknown`."""
        if version is None:
            version = max((known for one, known in self._prompts if one == prompt_id), default=None)
        if version is None or (prompt_id, version) not in self._prompts:
            raise PromptUnknown(prompt_id, version)
        return self._prompts[prompt_id, version]

    def __iter__(self) -> Iterator[Prompt]:
        """All versions of all prompts, by id and version."""
        return (self._prompts[key] for key in sorted(self._prompts))


def _read(path: Path, outputs: Collection[str] | None) -> Prompt:
    where = f"{path.parent.name}/{path.name}"
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise PromptBroken(where, "its name must be <name>.v<N>.md")
    try:
        prompt = Prompt.parse(path.read_text(encoding="utf-8"), where)
    except UnicodeDecodeError as error:
        raise PromptBroken(where, "it is not UTF-8") from error
    about, role = prompt.about, path.parent.name
    # One place of truth: id, role and version are in the path as well, so that no two files can claim the same.
    if (about.role, about.id, about.version) != (role, f"{role}/{named['name']}", int(named["version"])):
        raise PromptBroken(
            where, f"its path asks for role {role}, id {role}/{named['name']}, version {named['version']}"
        )
    if outputs is not None and about.output != "text" and about.output not in outputs:
        raise PromptBroken(where, f"there is no schema '{about.output}' for its output")
    return prompt
