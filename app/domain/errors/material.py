"""Corpora, lines, transcripts and rubrics that are handed in."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the corpus that has to be, or should be, repaired."""

    file: str
    """Path below the corpus's root; empty where it is about the corpus as a whole."""
    key: str
    """Where in the file: `criteria[right-count].value`; empty for the file as a whole."""
    says: str
    do: str
    """What to do about it."""
    severity: str = "error"
    """`error`, or `thin`: it works and is worth more material."""

    def __str__(self) -> str:
        """One line: place, what is wrong, what to do."""
        place = ": ".join(part for part in (self.file, self.key) if part)
        return f"{place or 'corpus'}: {self.says}. {self.do}."


@dataclass
class CorpusInvalid(VivaError):
    """The corpus cannot be used as it is written."""

    problems: tuple[Fault, ...]

    def __str__(self) -> str:
        """Lists every fault with its place and its remedy."""
        count = f"{len(self.problems)} fault{'' if len(self.problems) == 1 else 's'}"
        title = f"The corpus has {count}. Repair the files, then run 'viva material check'."
        return "\n".join([title, *(f"- {fault}" for fault in self.problems)])


@dataclass
class TrainingDataMissing(VivaError):
    """Something that the training of the scorer needs is not there."""

    what: str
    remedy: str

    def __str__(self) -> str:
        """Says what, and how to get it."""
        return f"{self.what} is not there. {self.remedy}"


@dataclass
class LinesInvalid(VivaError):
    """A file of JSON lines cannot be used as it is written."""

    file: str
    line: int
    """From 1."""
    says: str

    def __str__(self) -> str:
        """Says where and what."""
        return f"{self.file}, line {self.line}: {self.says}. Repair the line and run it again; nothing was written."


@dataclass
class TranscriptTooLarge(VivaError):
    """A conversation from elsewhere is larger than is read."""

    what: str
    """What there is too much of: bytes, turns, or characters in a turn."""
    limit: int
    found: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The transcript has {self.found:,} {self.what}; the limit is {self.limit:,}. Send it in parts."


@dataclass
class TranscriptInvalid(VivaError):
    """A conversation from elsewhere cannot be read as turns."""

    place: str
    """`line 3` of a text, or `turn 3` of a list."""
    says: str

    def __str__(self) -> str:
        """Says where and what."""
        return f"The transcript cannot be read at {self.place}: {self.says}."


@dataclass
class ForeignRubricInvalid(VivaError):
    """A rubric from elsewhere does not have the form that is read."""

    place: str
    """Path to the fault: `dimensions.0.levels`; empty for the file as a whole."""
    says: str

    def __str__(self) -> str:
        """Says where and what, and shows the form."""
        at = f" at {self.place}" if self.place else ""
        return (
            f"The rubric cannot be used{at}: {self.says}. Give dimensions, each with id, name and two to ten levels, "
            "each with level and text."
        )
