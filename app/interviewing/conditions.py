"""When a rung of a chain may be asked: the `when` of the corpus held against what the candidate said. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.material.entries import Condition

WE_ALONE = frozenset(
    {"only we and the team, and no part of one's own", "we did everything, with no share of one's own named"}
)
"""Conditions of the corpus that are no phrases to listen for, but mean `spoke_of_team_alone`."""
_WE = re.compile(r"\b(?:we|(?:the|my|our) team)\b", re.IGNORECASE)
"""Who did it. "Our products" says nothing of that."""
_OWN = re.compile(r"\b(?:i|i'm|i've|i'd|my own|my part|myself|mine)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:(?:a|my|another|the other|one of my) (?:colleagues?|team ?mates?|co-?workers?|friend|contractor|team)(?:['’]s)?|"
    r"some(?:one|body) else|a vendor|the vendor|a consultancy)\b",
    re.IGNORECASE,
)
_NOT_I = re.compile(
    r"\b(?:was(?:n['’]t| not) (?:me|mine|my (?:part|work|job))|not (?:my (?:part|work)|mine)|"
    r"i was(?:n['’]t| not) (?:involved|part of it)|i only (?:watched|joined later)|"
    r"i (?:did not|didn['’]t) (?:do|build|write|train|work on|make) (?:that|this|it|any of (?:it|that|this)))\b",
    re.IGNORECASE,
)
_I_DID = re.compile(
    r"\bI(?:['’]ve| have)?(?: mostly| also| then| mainly)? (?:did(?! not)|built|wrote|trained|made|ran|handled|owned|designed|"
    r"chose|set up|led|cleaned|tuned|deployed|measured|evaluated|implemented)\b|"
    r"\b(?:alone|myself|by my own|on my own)\b|\b(?:is|are|was|were) mine\b",
    re.IGNORECASE,
)


def holds(condition: Condition | None, *, heard: str, role: str, slots: Mapping[str, object]) -> bool:
    """Whether a rung's condition holds. `heard` is the claim and all answers on the subject; None always holds."""
    if condition is None:
        return True
    if condition.any:
        return any(holds(each, heard=heard, role=role, slots=slots) for each in condition.any)
    if condition.heard:
        return spoke_of_team_alone(heard) if condition.heard in WE_ALONE else says(heard, condition.heard)
    if condition.role:
        return role in condition.role
    if condition.slot:
        return condition.slot in slots and slots[condition.slot] == condition.is_
    if condition.empty:
        return condition.empty not in slots
    return False


def spoke_of_team_alone(text: str) -> bool:
    """Whether an answer has "we" and nothing that the speaker did."""
    return bool(_WE.search(text)) and not _OWN.search(text)


def was_anothers(text: str) -> bool:
    """Whether somebody says that the work was another's, and names nothing that they did themselves."""
    return bool(_OTHERS.search(text) or _NOT_I.search(text)) and not _I_DID.search(text)


def says(text: str, phrase: str) -> bool:
    """Whether any of the comma-separated phrases stands in the text as whole words."""
    return any(
        re.search(rf"(?<!\w){re.escape(each.strip())}(?!\w)", text, re.IGNORECASE)
        for each in phrase.split(",")
        if each.strip()
    )
