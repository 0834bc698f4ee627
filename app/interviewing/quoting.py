"""Says a few of the candidate's own words back in quotation marks, where no model does or may. Pure.

A stretch of the last answer word for word: it can neither give an open criterion away nor invent, praise or correct.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.sentences import STOP_WORDS, content_stems, sentences, words
from app.domain.transcript import Turn
from app.interviewing.bridge import MARKUP, MAX_SPOKEN_WORDS, NEGATION
from app.interviewing.phrases import SAID_BACK, SAID_BACK_PLAINLY

MOST_QUOTED_WORDS = 9
LEAST_STEMS = 2
"""Of a stretch, one of them of the question's own subject; a figure alone will do as well."""
LEAST_WORDS = 3
ABOUT_SHARE = 0.25
"""Of a sentence's stems, those of the question's subject: a sentence with fewer leads away from it.

**Measured** on the battery's answers, in whose words the rubric has no part: half of 868 sentences have as many, of small talk a tenth.
"""
_CLAUSE_BEGINS = frozenset(
    "and or so but if when while since as that which where who because then after before until unless than whereas though".split()
)
_PHRASE_BEGINS = frozenset(
    "to on in of for with from at by into onto between over under through across against".split()
)
_TO_US = re.compile(r"\b(?:you|your|yours|interview|question)\b|[\"“”?]", re.IGNORECASE)
"""Addressed to the interviewer, or quoted already: not said back."""
_FIGURE = re.compile(r"\d")


def said_back(turn: Turn, *, about: frozenset[str], written: str, before: str) -> str:
    """One short sentence with words of the answer in quotation marks; "" where none are worth it, or there is no room.

    Args:
        turn: The candidate's last one.
        about: Stems of the words that belong to the question's subject.
        written: The words that follow.
        before: Everything the interviewer has said so far.
    """
    room = MAX_SPOKEN_WORDS - len(words(written))
    frame = next((each for each in SAID_BACK if not _was_heard(each, before)), SAID_BACK_PLAINLY)
    for wording in (frame, SAID_BACK_PLAINLY):
        most = min(MOST_QUOTED_WORDS, room - len(words(wording.format(""))))
        found = [(_worth(stretch, about, before), stretch.text) for stretch in _stretches(turn, most, about)]
        worth, chosen = max(found, key=lambda pair: pair[0], default=(0.0, ""))
        if worth > 0:
            return wording.format(chosen)
    return ""


def _was_heard(wording: str, before: str) -> bool:
    start, end = wording.split("{}")
    return (start in before) if len(start) > 1 else (end in before)


@dataclass(frozen=True, slots=True)
class _Stretch:
    text: str
    seams: int
    """Of its two ends, those at the end of a clause."""


def _stretches(turn: Turn, most: int, about: frozenset[str]) -> Iterator[_Stretch]:
    """Stretches of at most so many words, from where a clause or a phrase begins to where one ends."""
    for sentence in sentences(turn.answer_text()):
        stems = content_stems(sentence.text)
        leads_away = len(stems & about) < ABOUT_SHARE * len(stems) and not _FIGURE.search(sentence.text)
        if leads_away or MARKUP.search(sentence.text):
            continue
        tokens = sentence.text.split()
        clauses = [0, *(at for at in range(1, len(tokens)) if _begins(tokens, at, _CLAUSE_BEGINS)), len(tokens)]
        ends = sorted({*clauses, *(at for at in range(1, len(tokens)) if _begins(tokens, at, _PHRASE_BEGINS))})
        for start, end in itertools.combinations(ends, 2):
            clause = " ".join(tokens[max(at for at in clauses if at <= start) : min(at for at in clauses if at >= end)])
            text = _trimmed(tokens[start:end], clause, within=start > 0)
            if len(words(text)) <= most:
                yield _Stretch(text, (start in clauses) + (end in clauses))


def _begins(tokens: list[str], at: int, words_: frozenset[str]) -> bool:
    """Whether a clause or a phrase begins with the token there."""
    return tokens[at - 1][-1] in ",;:()–—" or tokens[at].strip(",;:").lower() in words_


def _trimmed(tokens: list[str], clause: str, *, within: bool) -> str:
    """The words without what dangles at their ends, a first one only `within` a sentence.

    "" where a negation of the clause would be lost, or where the interviewer is spoken to.
    """
    while within and tokens and tokens[0].strip(",;:").lower() in _CLAUSE_BEGINS | _PHRASE_BEGINS:
        tokens = tokens[1:]
    while tokens and (not words(tokens[-1]) or words(tokens[-1])[0].partition("'")[0] in STOP_WORDS):
        tokens = tokens[:-1]
    text = " ".join(tokens).strip(" .,;:!…'\"-")
    lost = bool(NEGATION.search(clause)) and not NEGATION.search(text)
    return "" if lost or _TO_US.search(clause) else text


def _worth(stretch: _Stretch, about: frozenset[str], before: str) -> float:
    """0 where it is not worth saying back."""
    stems = content_stems(stretch.text)
    on_topic = len(stems & about)
    figure = bool(_FIGURE.search(stretch.text))
    heard = stretch.text.lower() in before.lower()
    if (
        not stretch.text
        or heard
        or not (figure or (on_topic and len(stems) >= LEAST_STEMS and len(words(stretch.text)) >= LEAST_WORDS))
    ):
        return 0.0
    return on_topic + 0.5 * len(stems) + figure + 1.5 * stretch.seams - 0.1 * len(words(stretch.text))
