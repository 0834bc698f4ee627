"""What the director is given besides the conversation: the words bound to an interview, and what code found for a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.transcript import FactTold
from app.interviewing.phrases.candidate_questions import UNKNOWN
from app.interviewing.subject import Subject


@dataclass(frozen=True, slots=True)
class Replies:
    """What code found for the candidate's question before the director is asked; empty where nothing was found."""

    clarification: str = ""
    """The corpus's reply to a question about the question."""
    facts: tuple[FactTold, ...] = ()
    """What was asked for of a scenario's fact sheet."""
    company: str = ""
    """The company's answer in the candidate's own round, or its answers."""
    rest: str = ""
    """What is said of other questions in the same turn."""
    does_not_know: str = UNKNOWN.usual


@dataclass(frozen=True, slots=True)
class Script:
    """Words that depend on persona and plan, bound once per interview."""

    introduction: str
    subjects: Mapping[str, Subject]
    """Every planned question's subject by id."""
