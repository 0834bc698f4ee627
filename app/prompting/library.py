"""All prompts, read and checked once at start-up. Of each id the highest version is used; older files stay for old scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from app.domain.errors import PromptInvalid
from app.prompting.template import Prompt, fence, parse

OUTPUTS = frozenset({"text", "Verdict"})
"""What a prompt may ask for: words, or a schema by name."""


class Library:
    """Prompts by id and version."""

    def __init__(self, prompts: Mapping[tuple[str, int], Prompt]) -> None:
        self._prompts = prompts
        self._latest: dict[str, Prompt] = {}
        for (prompt_id, _), prompt in sorted(prompts.items()):
            self._latest[prompt_id] = prompt

    @classmethod
    def load(cls, folder: Path, outputs: Collection[str] = OUTPUTS) -> Library:
        """All files `<role>/<name>.v<N>.md` below a folder.

        Raises:
            PromptInvalid: a file is wrong, misnamed or asks for an unknown schema, or there is none.
        """
        found: dict[tuple[str, int], Prompt] = {}
        for path in sorted(folder.glob("*/*.md")):
            where = path.relative_to(folder).as_posix()
            prompt = parse(path.read_text(encoding="utf-8"), where)
            expected = f"{prompt.head.id}.v{prompt.head.version}.md"
            if where != expected:
                raise PromptInvalid(where, f"by its id and version its name should be {expected}")
            if prompt.head.output not in outputs:
                raise PromptInvalid(where, f"its output '{prompt.head.output}' is none of {', '.join(sorted(outputs))}")
            found[prompt.head.id, prompt.head.version] = prompt
        if not found:
            raise PromptInvalid(str(folder.name), "there is no prompt in it")
        return cls(found)

    def get(self, prompt_id: str, version: int | None = None) -> Prompt:
        """The prompt in its highest version, or in the one named.

        Raises:
            PromptInvalid: there is none.
        """
        prompt = self._latest.get(prompt_id) if version is None else self._prompts.get((prompt_id, version))
        if prompt is None:
            raise PromptInvalid(prompt_id, "there is no such prompt")
        return prompt

    @staticmethod
    def fence(text: str) -> str:
        """Untrusted text between markers that it cannot forge."""
        return fence(text)
