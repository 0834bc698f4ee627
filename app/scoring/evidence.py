"""Are the quotes really there? Pure.

A quote counts when it stands verbatim, white space and quote marks aside, in words of the candidate that are an answer,
and when it is not what the interviewer had just said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from app.domain.score import Evidence
from app.domain.sentences import content_stems, sentences, words
from app.domain.transcript import Speaker, Turn

_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "–": "-", "—": "-"}
)
_NEGATION = re.compile(r"\b(?:not|no|never|neither|nor|none|cannot|without)\b|n't\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
MIN_CHARACTERS = 2
_AGREEING = content_stems("right okay yeah yep sure correct exactly true indeed")
"""Said before an echo, and nothing of one's own."""


def ground(quote: str, turns: Sequence[Turn]) -> Evidence | None:
    """Where the quote stands in the candidate's own answers, or None. The last place wins, as the last word does."""
    wanted = _folded(quote)[0].strip(" \"'.…,;:")
    if len(wanted) < MIN_CHARACTERS or not any(character.isalnum() for character in wanted):
        return None
    for index in range(len(turns) - 1, -1, -1):
        turn = turns[index]
        if turn.speaker is not Speaker.CANDIDATE:
            continue
        folded, places = _folded(turn.answer_text())
        at = _whole_words(folded, wanted)
        if at < 0:
            continue
        start, end = places[at], places[at + len(wanted) - 1] + 1
        found = turn.text[start:end]
        if is_echo(found, turns[:index]):
            continue
        return Evidence(found, turn.id, start, end)
    return None


def is_echo(text: str, before: Sequence[Turn]) -> bool:
    """Whether the words only give back what the interviewer said before.

    They stand there as they are, or each of their content words does, all in one turn. Who denies what was asked, or takes
    one of two things that were offered, gives nothing back.
    """
    said = [turn.text for turn in before if turn.speaker is Speaker.INTERVIEWER]
    if len(words(text)) < 4:
        return False
    folded = _folded(text)[0].strip(" \"'.…,;:").lower()
    if any(folded in _folded(one)[0].lower() for one in said):
        return True
    mine = content_stems(text) - _AGREEING
    return len(mine) >= 3 and any(
        mine <= content_stems(one) and not _denies(text, one) and not _chooses(text, one) for one in said
    )


def _denies(text: str, asked: str) -> bool:
    return bool(_NEGATION.search(text.translate(_QUOTES))) and not _NEGATION.search(asked.translate(_QUOTES))


def _chooses(text: str, asked: str) -> bool:
    """Whether it names one side of an "or" of the interviewer's and not the other."""
    mine = content_stems(text)
    if " or " in f" {' '.join(words(text))} ":
        return False
    for sentence in sentences(asked):
        sides = _OR.split(sentence.text)
        for left, right in pairwise(sides):
            before, after = _in_order(left)[::-1][:2], _in_order(right)[:2]
            one = next((stem for stem in before if stem not in after), "")
            other = next((stem for stem in after if stem not in before), "")
            if one and other and (one in mine) != (other in mine):
                return True
    return False


def _in_order(text: str) -> list[str]:
    return [stem for word in words(text) for stem in content_stems(word)]


def _whole_words(text: str, wanted: str) -> int:
    """Last index at which `wanted` stands on word boundaries, any case; -1 if nowhere."""
    low, target = text.lower(), wanted.lower()
    if len(low) != len(text) or len(target) != len(wanted):
        low, target = text, wanted
    at = low.rfind(target)
    while at >= 0:
        before = low[at - 1] if at > 0 else " "
        after = low[at + len(target)] if at + len(target) < len(low) else " "
        if not (before.isalnum() and target[0].isalnum()) and not (after.isalnum() and target[-1].isalnum()):
            return at
        at = low.rfind(target, 0, at + len(target) - 1)
    return -1


def _folded(text: str) -> tuple[str, list[int]]:
    """Text with white space runs as one space and plain quote marks, and for each character its place in the original."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_QUOTES)):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "
        characters.append(character)
        places.append(place)
    return "".join(characters), places
