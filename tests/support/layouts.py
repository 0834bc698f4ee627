"""Short resumes of people who do not exist, laid out as people lay theirs out, and what a reader should find in each."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import docx
import yaml

from app.candidate.docx import read_docx
from app.candidate.limits import Limits
from app.candidate.plain import read_plain

_FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Sent:
    """A resume as sent, and what it says."""

    layout: str
    kind: str
    written: str
    due: tuple[tuple[str, tuple[str, ...]], ...]
    """Projects and positions in order, each with its claims."""

    def read(self) -> str:
        """The text that the reader keeps."""
        if self.kind == "docx":
            document = docx.Document()
            for line in self.written.rstrip("\n").split("\n"):
                document.add_paragraph(line)
            file = io.BytesIO()
            document.save(file)
            return read_docx(file.getvalue(), Limits()).text
        return read_plain(self.written.encode(), Limits(), markdown=self.kind == "md").text


def sent() -> tuple[Sent, ...]:
    """All of them."""
    return tuple(
        Sent(
            each["layout"],
            each["kind"],
            each["written"],
            tuple((due["name"], tuple(due["claims"])) for due in each["due"]),
        )
        for each in yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    )
