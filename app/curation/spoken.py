"""Spoken answers with their marks: what the scorer learns natural speech from. One file a question, written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.domain.errors import TrainingDataMissing
from app.domain.transcript import Span, SpanKind, Speaker, Turn

Style = Literal[
    # Six answers by different people.
    "strong", "partial", "wrong", "vague", "terse", "keywords",
    # A strong answer and a middling one, and edits of them; not every question has these.
    "full", "half",
    "half-paraphrase", "half-terse", "half-verbose", "half-dialect", "half-gains", "half-hedged", "half-corrected",
    "full-non_native", "full-recogniser", "full-negated", "full-contradicted", "full-loses",
    # Only as changes.
    "half-near",
]  # fmt: skip
MINIMAL = frozenset({"full-contradicted", "full-loses", "half-gains", "half-near"})
"""Edits that leave every other sentence as it was."""
SpokenMark = Literal["shown", "absent", "contradicted"]


class SpokenAnswer(BaseModel):
    """One answer, as somebody would say it, and what a strict, fair examiner makes of each criterion."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    style: Style
    text: str = Field(min_length=1)
    marks: dict[str, SpokenMark]
    """By criterion id; every criterion that is shown by words has one."""


class Change(BaseModel):
    """Some words of an answer, and what stands in their place, so that one claim is another; or none, for `near`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Literal["full", "half"]
    kind: Literal["loses", "contradicted", "gains", "near"]
    criterion: str
    find: str = Field(min_length=1)
    """Stands once in the answer."""
    put: str
    now: SpokenMark

    @property
    def style(self) -> Style:
        """The name of what it makes."""
        return cast(Style, f"{self.of}-{self.kind}")


class SpokenAnswers(BaseModel):
    """A file: all answers to one question, and changes of one claim in them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    answers: tuple[SpokenAnswer, ...] = Field(min_length=1)
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _fit(self) -> SpokenAnswers:
        for change in self.changes:
            base = self._base(change)
            if base.text.count(change.find) != 1:
                raise ValueError(f"'{change.find}' does not stand once in the {change.of} answer")
            if change.criterion not in base.marks:
                raise ValueError(f"'{change.criterion}' is not marked")
            if f"{change.of}-{change.kind}" not in MINIMAL:
                raise ValueError(f"there is no {change.of}-{change.kind}")
        return self

    def _base(self, change: Change) -> SpokenAnswer:
        found = next((each for each in self.answers if each.style == change.of), None)
        if found is None:
            raise ValueError(f"there is no {change.of} answer")
        return found

    def changed(self) -> Iterator[SpokenAnswer]:
        """The answers that the changes make."""
        for change in self.changes:
            base = self._base(change)
            text = base.text.replace(change.find, change.put)
            yield SpokenAnswer(style=change.style, text=text, marks={**base.marks, change.criterion: change.now})


def read_spoken(folder: Path) -> Iterator[SpokenAnswers]:
    """All files of a folder, in the order of their names.

    Raises:
        TrainingDataMissing: there is none, or one of them is not such a file.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise TrainingDataMissing(f"{folder}/*.yaml", "They lie under evals/judging/answers in a checkout.")
    for file in files:
        try:
            yield SpokenAnswers.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            first = str(error).splitlines()[0]
            raise TrainingDataMissing(f"{file} as marked answers", f"It cannot be read: {first}.") from error


def base_of(answer: SpokenAnswer, of: SpokenAnswers) -> SpokenAnswer | None:
    """The answer that a minimal edit was made of; None for any other."""
    if answer.style not in MINIMAL:
        return None
    base = answer.style.partition("-")[0]
    return next(each for each in of.answers if each.style == base)


def turn_of(question: str, text: str) -> Turn:
    """A text as a candidate's only answer on a question."""
    spans = (Span(SpanKind.ANSWER, 0, len(text)),)
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return Turn("t1", "training", 1, Speaker.CANDIDATE, text, when, question, spans=spans)
