"""The sentence a model may say before the written words: the candidate's own words, said back. Checked here before it is heard.

The rule is strict because it can be: a bridge that brings any content word of its own is dropped, so it can neither
give an open criterion away nor invent, praise or correct. The written words then stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from app.domain.sentences import content_stems, sentences, stem, words
from app.domain.transcript import Turn

MAX_BRIDGE_WORDS = 16
MAX_SPOKEN_WORDS = 35
"""Of a follow-up as a whole, the bridge included."""
SHORTEST_BRIDGE_WORDS = 5
"""A probe that leaves less room is spoken alone, and no model is asked."""
EXCERPT_WORDS = 45

_PRAISE = re.compile(
    r"\b(?:great|good|nice|excellent|perfect|correct|right|exactly|well done|impressive|wonderful|fantastic|wrong|incorrect|"
    r"mistaken|unfortunately|interesting|indeed|absolutely)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(r"\b(?:not|no|never|nothing|none|without|cannot|nor|neither)\b|n['’]t\b", re.IGNORECASE)
_SPEAKER = re.compile(r"^you\b", re.IGNORECASE)
NOISES = re.compile(
    r"^(?:(?:u+m+|u+h+|e+r+m?|h+m+|okay|ok|well|so|oh|let me see|let's see|i mean|sorry|you know)[,.…]*\s+)+(?=\S)",
    re.IGNORECASE,
)
"""Before what is said; nobody wants to hear them again."""
_USES = re.compile(r"\bus(?:e|es|ed|ing)\b", re.IGNORECASE)
"""A small word that claims something: who names a thing need not have used it."""
MARKUP = re.compile(r"[<>{}\[\]#*`|\\]")


class Refusal(StrEnum):
    """Why a bridge is not said."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    QUESTION = "question"
    FORM = "form"
    JUDGES = "judges"
    NEW_WORDS = "leak"
    """A content word that the candidate did not say."""
    TURNED = "turned"
    """The candidate's negation was lost or one was put in."""
    CUT_SHORT = "cut-short"
    """It breaks off after a word that leads on to more."""
    OTHERWISE = "otherwise"
    """What somebody else did, or the candidate would do, told as the candidate's deed."""
    REPEATED = "repeated"


_LEADS_ON = re.compile(
    r"\b(?:a|an|the|and|or|but|nor|if|when|while|whether|that|which|who|whose|because|since|as|than|of|to|in|on|at|by|for|from|with|into|"
    r"onto|between|over|under|through|across|against|whatever|otherwise|more|most|is|are|was|were|be|been|has|have|had|my|your|"
    r"our|their|its|his|her|every|each|any|both|either|neither|very|so|such|also|even|just|I|we|they|it['’]s|I['’]d|I['’]m)[\s.!,;:]*$",
    re.IGNORECASE,
)
SAME_BEGINNING_WORDS = 6
_ATTRIBUTES = re.compile(
    r"^you(?:['’]ve| have| also| just)* (?:said|say|mention(?:ed)?|named?|told|tell|described?|explain(?:ed)?|noted?|called?|"
    r"talk(?:ed)?|spoke|brought up|point(?:ed)? out)\b",
    re.IGNORECASE,
)
"""It tells what was said, and not what was done."""
_OWN = re.compile(r"^(?:i|we|you|my|our|me|us|myself|ourselves)(?:['’]\w+)?$")
_JOINS = frozenset("and but or so because while then since".split())
_BESIDE_A_DEED = frozenset(
    "then first also just now later once again always often usually never not to had have has been was were be would could "
    "should did do does got get started starting ended ending up by from with in on at for the a an both only still even".split()
)
"""Small words before a deed whose doer was named before, or not at all."""
_MODAL = re.compile(r"^(?:would|could|should|might|may|will|shall)$|['’](?:d|ll)$")


def excerpt(turn: Turn, about: frozenset[str] | None = None) -> str:
    """The words of an answer that are worth saying back: its fullest sentence of at most 45 words; "" if there is none.

    Only words that count as an answer: an instruction to the grader is never shown to the model that speaks. Where `about`
    holds the stems of the question's subject, a sentence without any of them is passed over: it leads away.
    """
    best, most = "", 0
    for sentence in sentences(turn.answer_text()):
        said = words(sentence.text)
        stems = content_stems(sentence.text)
        if len(said) < 3 or (about is not None and not stems & about):
            continue
        weight = len(stems) if len(said) <= EXCERPT_WORDS else 1
        if weight >= most and weight > 1:
            best, most = " ".join(sentence.text.split()[:EXCERPT_WORDS]), weight
    return NOISES.sub("", best)


def refusal(bridge: str, *, said: str, written: str, before: str) -> Refusal | None:
    """Why `bridge` may not be said, or None.

    Args:
        bridge: One sentence by the model.
        said: The excerpt it was to say back.
        written: The words that follow it.
        before: Everything the interviewer has said so far.
    """
    spoken = words(bridge)
    if len(spoken) < 3:
        return Refusal.EMPTY
    if len(spoken) > MAX_BRIDGE_WORDS or len(spoken) + len(words(written)) > MAX_SPOKEN_WORDS:
        return Refusal.TOO_LONG
    if "?" in bridge:
        return Refusal.QUESTION
    if not _SPEAKER.match(bridge) or MARKUP.search(bridge) or bridge.rstrip()[-1] not in ".!":
        return Refusal.FORM
    if _PRAISE.search(bridge) and not (set(_found(_PRAISE, bridge)) <= set(_found(_PRAISE, said))):
        return Refusal.JUDGES
    if not content_stems(bridge) or not _known(bridge, said) or (_USES.search(bridge) and not _USES.search(said)):
        return Refusal.NEW_WORDS
    if bool(NEGATION.search(bridge)) != bool(NEGATION.search(said)):
        return Refusal.TURNED
    if not _as_told(bridge, said):
        return Refusal.OTHERWISE
    if _LEADS_ON.search(bridge):
        return Refusal.CUT_SHORT
    beginning = " ".join(bridge.lower().split()[:SAME_BEGINNING_WORDS]).rstrip(".!,:;")
    if beginning in " ".join(before.lower().split()):
        return Refusal.REPEATED
    return None


def _known(bridge: str, said: str) -> bool:
    """Whether each content word of the bridge is one of the candidate's, inflected at most."""
    theirs = content_stems(said) | {stem(word) for word in words(said)}
    return all(any(_same(mine, other) for other in theirs) for mine in content_stems(bridge))


def _as_told(bridge: str, said: str) -> bool:
    """Whether the first thing that the bridge says the candidate did is something they did, or would do, by their own words.

    "LightGBM had to beat it" is no "You beat LightGBM", "Marketing looked at it" no "You looked at it", "I'd compare" no "You compared".
    """
    if _ATTRIBUTES.match(bridge):
        return True
    wanted = content_stems(bridge)
    deed = next(word for word in words(bridge) if stem(word) in wanted)
    theirs = _tokens(said)
    return any(_is_own(theirs, at, deed) for at, (word, _) in enumerate(theirs) if _same(stem(deed), stem(word)))


def _is_own(said: Sequence[tuple[str, bool]], at: int, deed: str) -> bool:
    """Whether the speaker is who does what stands there, and no "would" is lost."""
    begins = max((place + 1 for place in range(at) if said[place][1] or said[place][0] in _JOINS), default=0)
    before = [word for word, _ in said[begins:at]]
    if not any(_OWN.match(word) for word in before) and any(
        word not in _BESIDE_A_DEED and not word.endswith("ly") for word in before
    ):
        return False
    return not (deed.endswith("ed") and said[at][0] != deed and any(_MODAL.search(word) for word in before))


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Each word in lower case, and whether a mark that parts clauses follows it."""
    found: list[tuple[str, bool]] = []
    for token in text.split():
        said = words(token)
        found += [(word, False) for word in said]
        if said and token[-1] in ",;:.!?–—)":
            found[-1] = (said[-1], True)
    return found


def _same(one: str, other: str) -> bool:
    one, other = one.replace("z", "s"), other.replace("z", "s")
    short, long = sorted((one, other), key=len)
    if long in {short, short + "s"}:
        return True
    # Inflections only: a shared stem of five letters, and an ending of at most three.
    return len(short) >= 5 and long.startswith(short[:-1]) and len(long) - len(short) <= 3


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.lower() for match in pattern.findall(text)]
