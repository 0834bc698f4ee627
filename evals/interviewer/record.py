"""What is kept of one sitting: the talk with what is known of it. A JSON file each, so that detectors can read it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evals.interviewer.version import OtherVersion, Version

QUESTIONS = frozenset({"open", "ask", "move-on", "change-round"})
"""Moves that open something."""
FOLLOW_UPS = frozenset({"probe", "challenge", "press", "check"})
"""Moves that dig on."""
AIMED = FOLLOW_UPS - {"check"}
"""Those of which it is known what they were aimed at: the corpus does not say which figures a check may ask about."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a candidate's turn, and what it earns by the marks of whoever wrote it."""

    text: str
    earns: tuple[str, ...] = ()
    """Ids of criteria of the question it was said on."""
    what: str = "answer"
    """`answer`, `story`, `beside` the point, `clarify`, `hint`, `ask`, `repeat`, `end`, `instruction`, `dont-know`, `noise`."""
    wrong: tuple[str, ...] = ()
    """Ids of the criteria that it is a near miss or a denial of, and of misconceptions."""


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of either side."""

    by: str
    """`interviewer` or `candidate`."""
    text: str
    at_s: float
    """Seconds of the candidate's clock since the opening."""
    question_id: str = ""
    part_id: str = ""
    said: tuple[Said, ...] = ()
    code: str = ""
    heard: tuple[str, ...] = ()
    """Kinds of spans, as the listener heard a candidate's turn."""
    move: str = ""
    """Of the interviewer: what kind, for what reason, on what."""
    reason: str = ""
    round: str = ""
    criterion_id: str = ""
    misconception_id: str = ""
    hint: int = 0
    facts: tuple[tuple[str, str], ...] = ()
    """(fact, how it was told)."""
    claim: str = ""
    written: str = ""
    """The words that stand without a bridge."""
    source: str = ""
    """`written` or `model`, and why a model was not heard."""
    marks: Mapping[str, float] = field(default_factory=dict)
    """What the compact scorer believed before this turn, by criterion."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One interview of one candidate."""

    who: str
    role: str
    rounds: tuple[str, ...]
    seed: int
    model: str
    director: str
    seniority: str
    minutes: int
    resume: str
    """Its text; empty where there is none."""
    lines: tuple[Line, ...] = ()
    closed: str = ""
    """Why it closed; empty where it never did."""
    failure: str = ""
    """The error that it broke off with."""
    levels: Mapping[str, int | None] = field(default_factory=dict)
    """By question."""
    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """State of each criterion, by question."""
    musts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Criteria of kind must for this person, by question."""
    budgets: Mapping[str, float] = field(default_factory=dict)
    """Seconds that the plan gives each question."""
    round_budgets: Mapping[str, float] = field(default_factory=dict)
    """Seconds that the plan gives each round."""
    made_by: Version = field(default_factory=Version)
    """Nothing known where it is none that was held."""

    @property
    def key(self) -> str:
        """Its name among all sittings."""
        return key_of(self.who, self.role, self.rounds, self.seed, self.director)

    @property
    def spoken(self) -> Iterator[tuple[int, Line]]:
        """The interviewer's turns with their places."""
        return ((at, line) for at, line in enumerate(self.lines) if line.by == "interviewer")

    def answer_before(self, at: int) -> Line | None:
        """The candidate's turn that the line at `at` replies to."""
        return self.lines[at - 1] if at > 0 and self.lines[at - 1].by == "candidate" else None

    def earned(self, question_id: str, before: int) -> dict[str, int]:
        """Criteria of a question that were earned before the line at `before`, each with the place where it was first."""
        found: dict[str, int] = {}
        for at, line in enumerate(self.lines[:before]):
            if line.by == "candidate" and line.question_id == question_id:
                for said in line.said:
                    for criterion in said.earns:
                        found.setdefault(criterion, at)
        return found


def key_of(who: str, role: str, rounds: tuple[str, ...], seed: int, director: str) -> str:
    """`strong.ml-engineer.fundamentals.7.viva`."""
    return ".".join((who, role, "+".join(rounds) or "all", str(seed), director))


def write(folder: Path, sitting: Sitting) -> None:
    """Keeps a sitting; a reader meets all of it or nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{sitting.key}.json"
    half = place.with_suffix(".half")
    half.write_text(json.dumps(asdict(sitting), ensure_ascii=False), encoding="utf-8")
    half.replace(place)


def read(place: Path) -> Sitting:
    """The sitting of a file.

    Raises:
        OtherVersion: It does not say what made it.
    """
    found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    if "made_by" not in found:
        raise OtherVersion(f"{place} does not say what made it: it was kept before talks did")
    made_by = Version(**found.pop("made_by"))
    lines = tuple(_line(each) for each in found.pop("lines"))
    rounds = tuple(found.pop("rounds"))
    musts = {question: tuple(each) for question, each in found.pop("musts").items()}
    return Sitting(**found, lines=lines, rounds=rounds, musts=musts, made_by=made_by)


def _line(found: dict[str, Any]) -> Line:
    said = tuple(
        Said(each["text"], tuple(each["earns"]), each["what"], tuple(each["wrong"])) for each in found.pop("said")
    )
    facts = tuple((fact, how) for fact, how in found.pop("facts"))
    return Line(**found | {"heard": tuple(found["heard"])}, said=said, facts=facts)
