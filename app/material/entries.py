"""The interview material as typed values: criteria, questions, chains, notes. Frozen; unknown keys are refused.

What a file may hold stands here and nowhere else. Whether ids point somewhere is for `structure`, whether the words are
good enough is for `checks`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from app.domain.interview import Seniority
from app.domain.score import CriterionKind, VerdictState

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""Usable in an expression and in braces: `gpu_memory`."""
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(?:/[a-z0-9-]+)+$")]
PassageId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+#[a-z0-9-]+$")]
CoverageId = Annotated[str, StringConstraints(pattern=r"^S\d{3}-\d{4}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _listed(value: object) -> object:
    """One text stands for a list of one."""
    return [value] if isinstance(value, str | int | float) else value


def _share(value: object) -> object:
    """`2%` is 0.02."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return float(value.strip()[:-1]) / 100.0
    return value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0.0, lt=1.0)]


class Entry(BaseModel):
    """Base of everything read from the corpus."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hint(Entry):
    """One rung of a hint ladder."""

    says: Text
    still_to_say: Text
    """What the candidate has to add, so that the hint given back earns nothing."""


class NotShown(Entry):
    """A near miss: fluent, close, wrong or empty."""

    says: Text
    because: Text


class KindWhen(Entry):
    """Changes a criterion's kind where all that is named holds."""

    kind: CriterionKind
    seniority: tuple[Seniority, ...] = ()
    roles: tuple[Slug, ...] = ()
    heard: Text | None = None

    @model_validator(mode="after")
    def _says_when(self) -> KindWhen:
        if not (self.seniority or self.roles or self.heard):
            raise ValueError("say when: seniority, roles or heard")
        return self

    def holds(self, seniority: str, role: str, heard: Collection[str]) -> bool:
        """Whether it applies; `heard` are phrases that the candidate is known to have said."""
        if self.seniority and seniority not in self.seniority:
            return False
        if self.roles and role not in self.roles:
            return False
        return self.heard is None or self.heard.casefold() in {phrase.casefold() for phrase in heard}


class Press(Entry):
    """Pushes back on a right answer. Recorded, never scored down."""

    says: Text
    holds_when: Text


class Value(Entry):
    """A number that an answer must contain."""

    is_: int | float | str = Field(alias="is")
    """A number, or an expression over the drawn names: `2 * size * rank`."""
    tolerance: Share
    """A share of the value, `2%` or 0.02; for a value of 0 the distance itself."""
    also: Annotated[tuple[int | float | str, ...], BeforeValidator(_listed)] = ()
    """Other numbers that will do as well."""


class Drill(Entry):
    """A short question of its own on one criterion."""

    ask: Text
    shown_by: Texts
    value: Value | None = None


class Criterion(Entry):
    """One checkable statement that an answer shows or does not show."""

    id: Slug
    says: Text
    kind: CriterionKind
    skill: Literal["technical", "problem-solving"]
    asked_by: Literal["ask", "probe"]
    """`ask`: the opening demands it. `probe`: without its probe it cannot be missed."""
    cites: PassageId
    probe: Text
    hints: Annotated[tuple[Hint, ...], Field(min_length=1)]
    shown_by: Annotated[Texts, Field(min_length=1)]
    not_shown_by: Annotated[tuple[NotShown, ...], Field(min_length=1)]
    denied_by: Annotated[Texts, Field(min_length=1)]
    """Ways of saying the contrary, with confidence."""
    next_time: Text
    kind_when: tuple[KindWhen, ...] = ()
    after: tuple[Slug, ...] = ()
    """Criteria that must be closed before this one is probed."""
    also_shown_by: Texts = ()
    """Further ways of earning it, by cases and in rough speech: answers are compared with them, and nobody is shown them."""
    accepts: Texts = ()
    partly_when: Text | None = None
    partly_by: Texts = ()
    press: Press | None = None
    drill: Drill | None = None
    evidence: Literal["words", "number", "tests", "order", "absence"] = "words"
    value: Value | None = None
    before: tuple[Slug, ...] = ()
    """For `order`: criteria of which nothing may have been said earlier than this."""

    @model_validator(mode="after")
    def _partly_is_whole(self) -> Criterion:
        if bool(self.partly_when) != bool(self.partly_by):
            raise ValueError("partly_when and partly_by belong together: add the one that is missing")
        return self

    def kind_for(self, seniority: str, role: str, heard: Collection[str] = ()) -> CriterionKind:
        """What it is worth for this person: the first `kind_when` that holds, else its own kind."""
        for rule in self.kind_when:
            if rule.holds(seniority, role, heard):
                return rule.kind
        return self.kind


class Clarification(Entry):
    """What may be told when asked; nothing in it is an answer."""

    about: Text
    asked_as: Annotated[Texts, Field(min_length=1)]
    reply: Text


class Misconception(Entry):
    """A wrong belief that is heard often, and the case that unsettles it."""

    id: Slug
    says: Text
    said_as: Text
    not_said_as: Text
    """Near in words and not the misconception."""
    spoils: Slug | None = None
    """The criterion it contradicts."""
    serious: bool
    challenge: Text
    settled_by: Text
    cites: PassageId


class Opens(Entry):
    """Where a word of the candidate leads."""

    heard: Text
    to: EntryId


class Exemplar(Entry):
    """A whole first answer with its marks, from its words alone."""

    id: Slug
    text: Text
    marks: Mapping[Slug, VerdictState]


class QuestionSeconds(Entry):
    """Budgets of a question in seconds."""

    first_answer: Annotated[int, Field(ge=10, le=1800)]
    whole: Annotated[int, Field(ge=30, le=7200)]
    """With all follow-ups."""


class Written(Entry):
    """What every entry with a rubric says of itself."""

    id: EntryId
    version: Annotated[int, Field(ge=1)]
    topics: Annotated[tuple[Slug, ...], Field(min_length=1)]
    roles: Annotated[tuple[Slug, ...], Field(min_length=1)]
    seniority: Annotated[tuple[Seniority, ...], Field(min_length=1)]
    covers: tuple[CoverageId, ...]
    reference_answer: str = ""
    """The body's `## Reference answer`."""
    for_the_reviewer: str = ""
    """The body's `## For the reviewer`."""


class Question(Written):
    """A question with its rubric."""

    round: Slug
    difficulty: Annotated[int, Field(ge=1, le=5)]
    seconds: QuestionSeconds
    ask: Text
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    exemplars: Annotated[tuple[Exemplar, ...], Field(min_length=1)]
    listener: Literal["engineer", "layperson"] = "engineer"
    rewordings: Texts = ()
    parallel: Texts = ()
    """Same rubric on a new surface, for a retry."""
    lenses: Mapping[Slug, Text] = Field(default_factory=dict)
    """A company's own opening, by company."""
    clarifications: tuple[Clarification, ...] = ()
    enemies: tuple[EntryId, ...] = ()
    """Questions whose wording answers this one, or is answered by it."""
    opens: tuple[Opens, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()


# --- chains -----------------------------------------------------------------------------------------------------------


class Condition(Entry):
    """When a rung or a check applies: exactly one of its keys, or `any` of several."""

    any: tuple[Condition, ...] = ()
    heard: Text | None = None
    """Phrases, separated by commas, one of which stands in the claim or the answers."""
    role: tuple[Slug, ...] = ()
    slot: Name | None = None
    is_: int | float | str | None = Field(default=None, alias="is")
    """What `slot` must hold."""
    empty: Name | None = None
    """A slot of which nothing is known."""

    @model_validator(mode="after")
    def _one_thing(self) -> Condition:
        given = [name for name in ("any", "heard", "role", "slot", "empty") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("give exactly one of any, heard, role, slot, empty")
        if (self.slot is None) != (self.is_ is None):
            raise ValueError("slot and is belong together")
        return self


class Slot(Entry):
    """A fact of the candidate's project. Never graded, never guessed."""

    id: Name
    what: Text
    kind: Literal["text", "number"]
    unit: Text | None = None
    said_with: Texts = ()
    """Words one of which stands with its number, whatever was asked; for a text the words that speak of it."""
    least: float = 0.0
    """Below it a number is something else."""
    tells: Literal["measure", "difference", "comparison", "uncertainty"] | None = None
    """What kind of statement a text is, so that it can be told from words: the first two are filled in, the others only noticed."""

    @model_validator(mode="after")
    def _told_as_its_kind(self) -> Slot:
        if self.kind == "number" and self.tells:
            raise ValueError("tells is for a slot of kind text")
        if self.kind == "text" and self.least:
            raise ValueError("least is for a slot of kind number")
        return self


class SlotCheck(Entry):
    """A sum over the candidate's own figures, asked about neutrally where it does not come out."""

    id: Slug
    needs: Annotated[tuple[Name, ...], Field(min_length=1)]
    when: Condition | Text
    """A condition, the name of one of `expressions.CONDITIONS`, or a comparison over slots."""
    ask: Text
    settled_by: Text


class NotMine(Entry):
    """What to say and where to go where the work was a colleague's."""

    says: Text
    to: Slug


class Rung(Entry):
    """One step down a chain."""

    id: Slug
    depth: Literal["story", "decision", "mechanism", "mathematics", "cost", "limits", "counterfactual"]
    priority: Annotated[int, Field(ge=1, le=3)]
    """1 is kept when time is short, 3 is dropped first."""
    seconds: Annotated[int, Field(ge=10, le=1800)]
    ask: Text
    ask_otherwise: Text | None = None
    """Said where a name in `ask` is not known, or its `when` fails."""
    when: Condition | None = None
    after: tuple[Slug, ...] = ()
    """Criteria of the chain that must be closed before."""
    roles: tuple[Slug, ...] = ()
    seniority: tuple[Seniority, ...] = ()
    draw: Mapping[Name, Annotated[tuple[int | float, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Numbers of which one is drawn for each interview, by name."""
    fills: tuple[Name, ...] = ()
    scored: bool = True
    criteria: tuple[Criterion, ...] = ()
    if_not_mine: NotMine | None = None
    opens: tuple[Opens, ...] = ()

    @model_validator(mode="after")
    def _scored_has_criteria(self) -> Rung:
        if self.scored != bool(self.criteria):
            raise ValueError("a rung has criteria, or it says scored: false")
        return self


class ChainSeconds(Entry):
    """Budget of a chain in seconds."""

    whole: Annotated[int, Field(ge=60, le=7200)]


class Leave(Entry):
    """When to stop digging, kindly, and with something the candidate can answer."""

    after_rungs_with_nothing_shown: Annotated[int, Field(ge=1)]
    says: Text
    to: Slug


class PlayMove(Entry):
    """A move that is no rung: exactly one of the keys."""

    challenge: Slug | None = None
    probe: Slug | None = None
    press: Slug | None = None
    check: Slug | None = None
    hint: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[1-9]$")] | None = None
    """`<criterion>/<n>`."""

    @model_validator(mode="after")
    def _one_move(self) -> PlayMove:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("give exactly one of challenge, probe, press, check, hint")
        return self


class PlayTurn(Entry):
    """What a candidate says on a rung, and what has to follow."""

    rung: Slug
    candidate: Text
    next: Slug | PlayMove
    after_hint: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[1-9]$")] | None = None
    slots: Mapping[Name, int | float | str] = Field(default_factory=dict)
    marks: Mapping[Slug, VerdictState] = Field(default_factory=dict)


class PlayGiven(Entry):
    """Who is talking about what."""

    role: Slug
    seniority: Seniority
    claim: Text


class Play(Entry):
    """A short talk with the moves and marks it must lead to."""

    id: Slug
    given: PlayGiven
    turns: Annotated[tuple[PlayTurn, ...], Field(min_length=1)]


class Chain(Written):
    """From "you used X" down its rungs."""

    technique: Text
    recognised_by: Texts = ()
    """Phrases of a resume, met as whole words."""
    any_project: bool = False
    """The chain for projects whose techniques no other chain knows."""
    not_this: Texts = ()
    """Phrases that mean something else of the same name."""
    spoken_as: Mapping[Text, Texts] = Field(default_factory=dict)
    """What a speech recogniser makes of a term."""
    seconds: ChainSeconds
    slots: tuple[Slot, ...] = ()
    checks: tuple[SlotCheck, ...] = ()
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1)]
    misconceptions: tuple[Misconception, ...] = ()
    leave: Leave | None = None
    plays: tuple[Play, ...] = ()

    @model_validator(mode="after")
    def _can_be_opened(self) -> Chain:
        if bool(self.recognised_by) == self.any_project:
            raise ValueError("give recognised_by, or any_project: true, and not both")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria of all rungs, in order."""
        return tuple(criterion for rung in self.rungs for criterion in rung.criteria)


# --- notes ------------------------------------------------------------------------------------------------------------


class NotePassage(Entry):
    """One paragraph of a note under its heading."""

    id: Slug
    text: Text


class ConceptNote(Entry):
    """What criteria cite: a short text in titled paragraphs."""

    id: Slug
    version: Annotated[int, Field(ge=1)]
    title: Text
    topics: Annotated[tuple[Slug, ...], Field(min_length=1)]
    covers: tuple[CoverageId, ...]
    passages: Annotated[tuple[NotePassage, ...], Field(min_length=1)]
    """From the body: each `## <slug>` with its paragraph."""
