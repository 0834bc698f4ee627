"""`viva judge`: answers against criteria from anywhere, without a corpus and without an interview, so that anyone can measure.

An item holds one answer against one criterion, or against a reference answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.domain.errors import LinesInvalid
from app.domain.language import LanguageGuess, is_english
from app.domain.sentences import words
from app.scoring.free_model import Examples, FreeScorer, Reading
from app.scoring.reference_model import ReferenceScorer

State = Literal["shown", "absent", "contradicted", "unscored"]
SHOWN_AT = 0.5
MAX_CHARACTERS = 200_000
"""Of an answer: some four hours of speech. What is longer is a file in the wrong place, and would be read for an hour."""
OTHER_LANGUAGE = "answered in another language than English"


class ItemExamples(BaseModel):
    """Authored sentences that show the criterion, that only seem to, and that deny it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    shown: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    @field_validator("shown", "not_shown", "denied")
    @classmethod
    def _can_be_read(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        # A blank one has no meaning that an answer could be near to.
        return tuple(_whole(text) for text in texts if words(text))


class Item(BaseModel):
    """One line of `--in`; keys that are not named here are passed over, and one that is null is a missing one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1)
    question: str = ""
    criterion: str = ""
    reference: str = ""
    answer: str
    examples: ItemExamples = ItemExamples()

    @model_validator(mode="before")
    @classmethod
    def _null_is_missing(cls, row: object) -> object:
        """Tables that are written out as lines have null where a cell is empty."""
        if not isinstance(row, dict):
            return row
        found = {name: value for name, value in row.items() if value is not None}
        if isinstance(examples := found.get("examples"), dict):
            found["examples"] = {name: value for name, value in examples.items() if value is not None}
        return found

    @field_validator("id", "question", "criterion", "reference", "answer")
    @classmethod
    def _can_be_written(cls, text: str) -> str:
        return _whole(text)

    @field_validator("answer")
    @classmethod
    def _can_be_read_in_time(cls, text: str) -> str:
        if len(text) > MAX_CHARACTERS:
            raise ValueError(f"it has {len(text):,} characters, and {MAX_CHARACTERS:,} are read")
        return text

    @model_validator(mode="after")
    def _one_of_two(self) -> Item:
        if bool(self.criterion.strip()) == bool(self.reference.strip()):
            raise ValueError('give either "criterion" or "reference"')
        return self


def _whole(text: str) -> str:
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("half of a character (a lone surrogate) stands in it")
    return text


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is written for an item."""

    id: str
    p: float | None
    """0..1; None where it is unscored. For a reference the share of what it says."""
    state: State
    evidence: str = ""
    """Verbatim from the answer; empty where nothing shows or denies it."""
    unscored_reason: str = ""
    judges: Mapping[str, float | str | None] = field(default_factory=dict)
    """Where two judged: the `p` of each, and why one has none."""

    def line(self) -> str:
        """As one line of JSON."""
        row: dict[str, object] = {"id": self.id, "p": self.p, "state": self.state, "evidence": self.evidence}
        if self.unscored_reason:
            row["unscored_reason"] = self.unscored_reason
        if self.judges:
            row["judges"] = dict(self.judges)
        return json.dumps(row, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of `--in` that is no item."""

    number: int
    """From 1."""
    says: str
    id: str = ""
    """Its id where it has one."""


def read_items(path: Path) -> Iterator[Item | BadLine]:
    """Each line of a JSONL file as an item, or what is wrong with it; blank lines are passed over."""
    seen: set[str] = set()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as error:
                yield BadLine(number, _no_json(error))
                continue
            name = str(row.get("id", "")) if isinstance(row, dict) else ""
            try:
                item = Item.model_validate(row)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                yield BadLine(number, f"{place}: {first['msg']}" if place else first["msg"], name)
                continue
            if item.id in seen:
                yield BadLine(number, f"the id '{item.id}' stands twice")
                continue
            seen.add(item.id)
            yield item


def _no_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return "no UTF-8"
    return "its JSON is nested too deep" if isinstance(error, RecursionError) else "it holds a number without end"


def whole_lines(path: Path) -> frozenset[str]:
    """Ids that an earlier run has written. A last line that was cut off is taken out of the file, or ended where only its end is missing.

    Raises:
        LinesInvalid: a line is no prediction, nor the beginning of one at the end: the file is something else, and is left alone.
    """
    if not path.is_file():
        return frozenset()
    # By line feeds alone, and as bytes: a quote may hold other marks that end a line for some, and a cut may fall inside a letter.
    lines = re.findall(rb"[^\n]*\n|[^\n]+", path.read_bytes())
    found = []
    for number, line in enumerate(lines, start=1):
        name = _predicted(line)
        if name is not None:
            found.append(name)
        elif number < len(lines) or not _cut_off(line):
            raise LinesInvalid(str(path), number, "it is no prediction of an earlier run")
    cut = len(lines) - len(found)
    if cut:
        path.write_bytes(b"".join(lines[:-1]))
    elif lines and not lines[-1].endswith(b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")
    return frozenset(found)


def _predicted(line: bytes) -> str | None:
    """The id of a line that is a prediction, else None. An item has an id too, and its answer says that it is none."""
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or "answer" in row:
        return None
    return row["id"] if isinstance(row.get("id"), str) else None


def _cut_off(line: bytes) -> bool:
    """Whether it is the beginning of a prediction, and not somebody's own last line."""
    begins = b'{"id":'
    return not line.endswith(b"\n") and (line.startswith(begins) or begins.startswith(line))


class ItemJudge:
    """Judges items with the compact scorer. The same item gives the same prediction, always."""

    def __init__(self, scorer: FreeScorer, references: ReferenceScorer, guess: LanguageGuess) -> None:
        self._scorer = scorer
        self._references = references
        self._guess = guess

    def judge(self, item: Item) -> Prediction:
        """The prediction for one item; a blank answer shows nothing, one in another language is unscored."""
        if plain := without_judging(item, self._guess):
            return plain
        examples = Examples(item.examples.shown, item.examples.not_shown, item.examples.denied)
        if item.criterion.strip():
            (reading,) = self._scorer.read([(item.criterion, examples)], item.answer)
            return _prediction(item.id, reading)
        share = self._references.share(item.reference, item.answer, item.question)
        state: State = "shown" if share.p >= SHOWN_AT else "absent"
        return Prediction(item.id, round(share.p, 4), state, share.evidence if state == "shown" else "")

    def nearest(self, item: Item) -> str:
        """The sentence of the answer that comes nearest to showing what the item asks for, verbatim."""
        examples = Examples(item.examples.shown, item.examples.not_shown, item.examples.denied)
        if item.criterion.strip():
            return self._scorer.read([(item.criterion, examples)], item.answer)[0].evidence
        return self._references.share(item.reference, item.answer, item.question).evidence


def without_judging(item: Item, guess: LanguageGuess) -> Prediction | None:
    """The prediction where the answer has no word or is in another language; None for any other."""
    if not any(each.isalnum() for each in item.answer):
        return Prediction(item.id, 0.0, "absent")
    if not is_english(item.answer, guess):
        return Prediction(item.id, None, "unscored", unscored_reason=OTHER_LANGUAGE)
    return None


def _prediction(item_id: str, reading: Reading) -> Prediction:
    state: State = "absent"
    if reading.p >= SHOWN_AT:
        state = "shown"
    elif reading.p_contradicted >= SHOWN_AT:
        state = "contradicted"
    quotes = {"shown": reading.evidence, "contradicted": reading.denial or reading.evidence}
    return Prediction(item_id, round(reading.p, 4), state, quotes.get(state, ""))
