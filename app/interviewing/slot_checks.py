"""Which check of a chain is due: a sum over the candidate's own figures that does not come out, or what nobody has spoken of. Pure.

Asked about once and neutrally, never scored. In doubt it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.sentences import words
from app.domain.transcript import Turn
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.said_before import plainly
from app.interviewing.slots import Said, filled, is_empty
from app.interviewing.subject import Subject, template_names
from app.material.entries import Condition, SlotCheck
from app.material.expressions import ExpressionInvalid, comparison, holds

KEY = "check:"
MOST_CHECKS = 2
"""Asked in one interview."""
_ONE = frozenset({"1", "one", "One"})


@dataclass(frozen=True, slots=True)
class Due:
    """A check to ask now."""

    key: str
    """So that it is asked once: `check:chains/rag/index-in-memory`."""
    reason: str
    spoken: str
    is_sum: bool
    """Whether figures do not come out; False where something was not spoken of."""


def key_of(question_id: str, check_id: str) -> str:
    """The key that a move keeps of a check."""
    return f"{KEY}{question_id}/{check_id}"


def due(subject: Subject, turns: Sequence[Turn], taken: Collection[str]) -> Due | None:
    """The first check of the chain that is due and was not asked; None where there is none, or where enough were asked.

    Args:
        subject: What is talked about.
        turns: The conversation.
        taken: Keys of what was taken up already.
    """
    if subject.drill or not subject.checks or sum(key.startswith(KEY) for key in taken) >= MOST_CHECKS:
        return None
    open_ = [check for check in subject.checks if key_of(subject.question_id, check.id) not in taken]
    known = filled(subject, turns) if open_ else {}
    for check in open_:
        if set(check.needs) <= set(known) and _applies(check, subject, turns, known):
            spoken = _spoken(check, known)
            if spoken:
                key = key_of(subject.question_id, check.id)
                return Due(key, _reason(check, known), spoken, not isinstance(check.when, Condition))
    return None


def _applies(check: SlotCheck, subject: Subject, turns: Sequence[Turn], known: Mapping[str, Said]) -> bool:
    if isinstance(check.when, Condition):
        return _holds(check.when, subject, turns, known)
    try:
        return holds(check.when, {name: said.value for name, said in known.items() if not isinstance(said.value, str)})
    except ExpressionInvalid:
        # A figure by which nothing can be divided, or one too large: there is no sum to ask about.
        return False


def _holds(condition: Condition, subject: Subject, turns: Sequence[Turn], known: Mapping[str, Said]) -> bool:
    """Only what is certain of slots: other conditions are for rungs."""
    if condition.any:
        return any(_holds(each, subject, turns, known) for each in condition.any)
    if condition.empty:
        return condition.empty not in known and is_empty(subject, condition.empty, turns)
    if condition.slot:
        return condition.slot in known and known[condition.slot].value == condition.is_
    return False


def _spoken(check: SlotCheck, known: Mapping[str, Said]) -> str:
    """The words with the values as they were said; "" where a name is not known, or where they are too many."""
    if not template_names(check.ask) <= set(known):
        return ""
    spoken = check.ask
    for name in template_names(check.ask):
        said = plainly(known[name].words)
        if said in _ONE:
            spoken = re.sub(rf"\{{{name}\}} ([a-z]+)s\b", rf"{{{name}}} \1", spoken)
        spoken = spoken.replace("{" + name + "}", said)
    spoken = spoken[:1].upper() + spoken[1:]
    return spoken if len(words(spoken)) <= MAX_SPOKEN_WORDS else ""


def _reason(check: SlotCheck, known: Mapping[str, Said]) -> str:
    """For a person to read: "check index-in-memory: passages × dimensions > memory × 10 ** 9; passages 2 million (turn 4), ..."."""
    if isinstance(check.when, Condition):
        why = f"nothing was said of {check.when.empty}" if check.when.empty else "its condition holds"
    else:
        why = comparison(check.when).replace(" * ", " × ").replace(" ** ", "^")
    figures = ", ".join(f"{name} {plainly(known[name].words)} (turn {known[name].seq})" for name in check.needs)
    return f"check {check.id}: {why}; {figures}"
