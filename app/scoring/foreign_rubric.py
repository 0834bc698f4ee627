"""A rubric from elsewhere: dimensions with a text for each level. Reads it, and says the level. Pure.

**The rule.** The text of a level is read as statements, each sentence one, and each is held against what the candidate said by
the scorer for bare statements. A level's likelihood is the mean probability of its statements. Where no level reaches `BEARS_AT`
nothing that was said bears on the dimension, and there is no level. Otherwise the odds of the likelihoods, normalised, weigh the
levels; the level is the given one nearest to the expected level, the lower of two equally near. The likeliest of the others is
the runner-up, and the two together are the spread.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.domain.errors import ForeignRubricInvalid
from app.domain.sentences import sentences, words

MAX_BYTES = 200_000
BEARS_AT = 0.2
_EDGE = 0.02
"""Likelihoods are kept this far from 0 and 1, so that no single one decides by its odds alone."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class ForeignLevel(BaseModel):
    """A level and what somebody does who is on it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    level: int = Field(ge=-1_000, le=1_000)
    text: Words


class ForeignDimension(BaseModel):
    """What is graded."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Line
    name: Line
    description: str = Field(default="", max_length=2_000)
    levels: tuple[ForeignLevel, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _levels_differ(self) -> ForeignDimension:
        if len({each.level for each in self.levels}) < len(self.levels):
            raise ValueError("a level stands twice")
        return self


class ForeignRubric(BaseModel):
    """A rubric that is not the corpus's."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    dimensions: tuple[ForeignDimension, ...] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _ids_differ(self) -> ForeignRubric:
        if len({each.id for each in self.dimensions}) < len(self.dimensions):
            raise ValueError("an id of a dimension stands twice")
        return self


@dataclass(frozen=True, slots=True)
class Chosen:
    """The level of a dimension."""

    level: int
    expected: float
    """Mean of the levels under their weights, before it is rounded to a given one."""
    likeliest: int
    """The level of the greatest weight: its words decided."""
    runner_up: int
    """The likeliest of the others than `level`."""


def read_rubric(data: bytes) -> ForeignRubric:
    """A rubric from YAML or JSON.

    Raises:
        ForeignRubricInvalid: too large, not readable, or of another form.
    """
    if len(data) > MAX_BYTES:
        raise ForeignRubricInvalid("", f"it has {len(data):,} bytes, and {MAX_BYTES:,} are read")
    try:
        text = data.decode("utf-8")
        found = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except UnicodeDecodeError:
        raise ForeignRubricInvalid("", "it is not UTF-8") from None
    except (ValueError, RecursionError, yaml.YAMLError):
        raise ForeignRubricInvalid("", "it is neither YAML nor JSON") from None
    try:
        return ForeignRubric.model_validate(found)
    except ValidationError as error:
        # Without the input: aliases of YAML can make it larger than memory once it is written out.
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise ForeignRubricInvalid(".".join(str(part) for part in first["loc"]), first["msg"]) from None


def statements(level: ForeignLevel) -> tuple[str, ...]:
    """The sentences of a level's text; the text itself where none has a word in plain letters."""
    return tuple(part.text for part in sentences(level.text) if words(part.text)) or (level.text,)


def chosen(likelihoods: Sequence[tuple[int, float]]) -> Chosen | None:
    """The level by the rule above, from (level, likelihood 0..1) of at least two levels; None where none bears on it."""
    if max(p for _, p in likelihoods) < BEARS_AT:
        return None
    held = [(level, min(1 - _EDGE, max(_EDGE, p))) for level, p in sorted(likelihoods)]
    odds = [(level, p / (1 - p)) for level, p in held]
    total = sum(weight for _, weight in odds)
    expected = sum(level * weight for level, weight in odds) / total
    level = min((level for level, _ in odds), key=lambda each: (round(abs(each - expected), 9), each))
    likeliest = max(odds, key=lambda each: each[1])[0]
    runner_up = max((each for each in odds if each[0] != level), key=lambda each: each[1])[0]
    return Chosen(level, round(expected, 2), likeliest, runner_up)
