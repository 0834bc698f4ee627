"""The difference between two scorings of one question. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from app.domain.score import CriterionScore, CriterionState, Score, Versions


@dataclass(frozen=True, slots=True)
class StateChange:
    """A criterion that both scorings have, in two states."""

    criterion_id: str
    says: str
    """As the later rubric has it."""
    before: CriterionState
    after: CriterionState
    quote_before: str
    """The candidate's words it rested on; empty where it rested on none."""
    quote_after: str
    on_appeal: bool
    """Whether an appeal credited it in the later scoring."""


@dataclass(frozen=True, slots=True)
class OneSided:
    """A criterion that only one of the two rubrics has."""

    criterion_id: str
    says: str
    state: CriterionState


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One thing that took part in both scorings, in two versions."""

    what: str
    """A field of `Versions`."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """What two scorings of one question differ in; quotes alone, and probabilities, are no difference."""

    question_id: str
    level_before: int | None
    level_after: int | None
    changed: tuple[StateChange, ...]
    added: tuple[OneSided, ...]
    """Criteria that only the later rubric has."""
    removed: tuple[OneSided, ...]
    """Criteria that only the earlier rubric had."""
    versions: tuple[VersionChange, ...]

    @property
    def empty(self) -> bool:
        """Whether level, states, rubric and versions are the same."""
        same_level = self.level_before == self.level_after
        return same_level and not (self.changed or self.added or self.removed or self.versions)


def difference(before: Score, after: Score) -> ScoreDifference:
    """What changed from one scoring to the other.

    Raises:
        ValueError: they are not of one question.
    """
    if before.question_id != after.question_id:
        raise ValueError(f"scores of two questions: {before.question_id} and {after.question_id}")
    old = {criterion.criterion_id: criterion for criterion in before.criteria}
    new = {criterion.criterion_id: criterion for criterion in after.criteria}
    changed = tuple(
        _changed(old[each], criterion)
        for each, criterion in new.items()
        if each in old and old[each].state is not criterion.state
    )
    return ScoreDifference(
        question_id=after.question_id,
        level_before=before.level,
        level_after=after.level,
        changed=changed,
        added=tuple(_one_sided(criterion) for each, criterion in new.items() if each not in old),
        removed=tuple(_one_sided(criterion) for each, criterion in old.items() if each not in new),
        versions=_versions(before.versions, after.versions),
    )


def _changed(before: CriterionScore, after: CriterionScore) -> StateChange:
    return StateChange(
        criterion_id=after.criterion_id,
        says=after.says,
        before=before.state,
        after=after.state,
        quote_before=_quote(before),
        quote_after=_quote(after),
        on_appeal=bool(after.appeal_id),
    )


def _quote(criterion: CriterionScore) -> str:
    return criterion.evidence[0].quote if criterion.evidence else ""


def _one_sided(criterion: CriterionScore) -> OneSided:
    return OneSided(criterion.criterion_id, criterion.says, criterion.state)


def _versions(before: Versions, after: Versions) -> tuple[VersionChange, ...]:
    found = []
    for each in fields(Versions):
        one, other = str(getattr(before, each.name)), str(getattr(after, each.name))
        if one != other:
            found.append(VersionChange(each.name, one, other))
    return tuple(found)


def as_json(found: ScoreDifference) -> dict[str, Any]:
    """Plain values for JSON, `empty` among them."""
    return {**asdict(found), "empty": found.empty}


def as_lines(found: ScoreDifference) -> list[str]:
    """Lines for a person: the question with its levels, then what changed, set in."""
    if found.empty:
        return [f"{found.question_id}: nothing changed, {_level(found.level_after)}"]
    levels = _level(found.level_before)
    if found.level_before != found.level_after:
        levels += f" -> {_level(found.level_after)}"
    return [f"{found.question_id}: {levels}", *(f"  {line}" for line in _details(found))]


def _details(found: ScoreDifference) -> Iterator[str]:
    for change in found.changed:
        appeal = ", on appeal" if change.on_appeal else ""
        yield f"{change.criterion_id}: {change.before} -> {change.after}{appeal} ({change.says})"
        for title, quote in (("before", change.quote_before), ("after", change.quote_after)):
            if quote:
                yield f'  {title}: "{_one_line(quote)}"'
    for one in found.added:
        yield f"{one.criterion_id}: new in the rubric, {one.state} ({one.says})"
    for one in found.removed:
        yield f"{one.criterion_id}: no longer in the rubric, was {one.state} ({one.says})"
    for version in found.versions:
        yield f"{version.what}: {_shown(version.before)} -> {_shown(version.after)}"


def _level(level: int | None) -> str:
    return "no level" if level is None else f"level {level}"


def _shown(version: str) -> str:
    """A version as it is read: of a hash the first characters, "none" where there is none."""
    return version[:12] if len(version) == 64 else version or "none"


def _one_line(quote: str) -> str:
    """The candidate's words on one line, without what a terminal would act on."""
    return "".join(character for character in " ".join(quote.split()) if character.isprintable())
