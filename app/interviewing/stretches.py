"""Stretches of an answer that can be said back word for word: whole clauses or phrases, and names of things. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.candidate.vocabulary import terms
from app.domain.sentences import STOP_WORDS, sentences, words
from app.interviewing.bridge import MARKUP, NEGATION, NOISES

_CLAUSE_BEGINS = frozenset(
    "and or so but if when while since as that which where who because then after before until unless than whereas though".split()
)
_PHRASE_BEGINS = frozenset("to on in for with from at by into onto between over under through across against".split())
"""Not `of`: what stands before it is half a name."""
_DANGLES_FIRST = (
    _CLAUSE_BEGINS
    | _PHRASE_BEGINS
    | frozenset("otherwise also plus else instead just perhaps maybe about rather".split())
)
_SET_PHRASES = frozenset({"at least", "at most", "in total", "under all", "by default", "in batches"})
_BEFORE_A_NAME = frozenset(
    "the a an of with in for on by from into over under between per each every all any no my our their its and or about".split()
)
"""Words after which a name of something stands rather than a deed."""
_CONDITIONS = frozenset("if when while unless until before after once though although whereas whether".split())
_RELATIVE = frozenset("who which that where whose".split())
_GROUNDS = frozenset("because since as and so but or".split())
"""What a clause may be quoted without: unlike an `if`, none of it changes what was said."""
_DETERMINERS = frozenset(
    "the a an this that these those each every any all no some my our your his her its their both another".split()
)
_SUBJECTS = frozenset("i we you he she it they there".split())
_FINITE = frozenset(
    "is are was were isn't aren't wasn't weren't has have had will would can could should must may might does do did "
    "won't can't couldn't doesn't don't didn't gets got goes went means needs gives says".split()
)
_TOLD_THAT = re.compile(
    r"^(?:thinks?|thought|sa(?:y|ys|id)|sees?|saw|show(?:s|ed|n)?|means?|meant|kn(?:ow|ows|ew)|suspect(?:s|ed)?|assum(?:e|es|ed)|"
    r"find|finds|found|tells?|told|sure|believ(?:e|es|ed)|check(?:s|ed)?|fact|way|reason|idea|problem|risk|so|hope|guess|notice[ds]?|"
    r"learn(?:s|ed|t)?|prov(?:e|es|ed)|argu(?:e|es|ed)|claim(?:s|ed)?|promis(?:e|es|ed)|happens?|out|is|was|be|not)$"
)
_MAY_END = frozenset("us me him them it one ones".split())
"""Small words that a phrase ends with: "to warn us" is not whole without its last."""
MOST_NAME_WORDS = 3
LEAST_LISTED = 2
_TO_US = re.compile(r"\b(?:you|your|yours|interview|question)\b|[\"“”?]", re.IGNORECASE)
"""Addressed to the interviewer, or quoted already: not said back."""
_ALOUD = re.compile(r"\b(?:you|your|yours|interview|question)\b|[\"“”?]", re.IGNORECASE)
_NO_NAME = re.compile(r"\b(?:no|any|every|some)(?:body|one|thing|where)\b|\w{3,}ly$", re.IGNORECASE)
_RUDE = re.compile(
    r"\b(?:pointless|ridiculous|stupid|idiot\w*|nonsense|dumb|useless|crap|shit\w*|fuck\w*|damn\w*|bullshit|absurd|moron\w*|"
    r"garbage(?! collect)|rubbish|hate(?! speech)|insult\w*|wast(?:e|ing) (?:of )?(?:my |our )?time|shut up|clown|pathetic)\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:mother|father|mum|mom|dad|parents?|wife|husband|girlfriend|boyfriend|divorc\w*|child(?:ren)?|son|daughter|brother|sister|"
    r"funeral|died|dead|death|dying|ill|illness|sick|hospital|cancer|depress\w*|anxi\w*|panic|cry(?:ing)?|pregnan\w*|religio\w*|"
    r"church|police|arrest\w*|fired|laid off|visa|salary|debt)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of an answer as they stand in it, or one name out of it."""

    text: str
    sentence: str
    """That it stands in."""
    seams: int = 0
    """Of its two ends, those at the end of a clause."""
    breaks: int = 0
    """Ends of clauses within it."""
    is_name: bool = False


def clauses(answer: str, most: int, *, freely: bool) -> Iterator[Stretch]:
    """Stretches of at most so many words, from where a clause or a phrase begins to where one ends.

    Without `freely`, none of a clause that may be spoken to the interviewer or tell of private matters.
    """
    for sentence in _sayable(answer, freely=freely):
        tokens = NOISES.sub("", sentence).split()
        cuts = [0, *(at for at in range(1, len(tokens)) if _begins(tokens, at, _CLAUSE_BEGINS)), len(tokens)]
        ends = sorted({*cuts, *(at for at in range(1, len(tokens)) if _begins(tokens, at, _PHRASE_BEGINS))})
        for start, end in itertools.combinations(ends, 2):
            clause = " ".join(tokens[max(at for at in cuts if at <= start) : min(at for at in cuts if at >= end)])
            if not freely and _TO_US.search(clause):
                continue
            if _runs_on(tokens, start, end) or _ends_in_mid_name(tokens, end):
                continue
            inner = sum(start < at < end for at in cuts)
            if inner and not (start in cuts and end in cuts):
                continue  # From the midst of one clause into another: "time, because same customers land".
            if _hangs(tokens, start, end):
                continue
            kept = _trimmed(tokens[start:end], within=start > 0)
            lost_words = [_word(token) for token in _cut_off(tokens[start:end], kept)]
            if _FINITE.intersection(lost_words) or (len(lost_words) > 1 and _PHRASE_BEGINS.intersection(lost_words)):
                continue  # What is left has lost its verb or its end: "whether the right passage", "same customers land".
            text = _plain(" ".join(kept))
            lost = bool(NEGATION.search(clause)) and not NEGATION.search(text)
            if text and len(words(text)) <= most and not lost and not _ALOUD.search(text):
                # What was cut short has no seam there.
                whole = bool(kept) and kept[-1] == tokens[end - 1]
                yield Stretch(text, sentence, (start in cuts) + (end in cuts and whole), inner)


def names(answer: str) -> Iterator[Stretch]:
    """Names of things: techniques and tools, single things of a list, and what stands after an article or the like.

    To name a thing says nothing about what was said of it, so that a negation may be left out.
    """
    for sentence in _sayable(answer, freely=False):
        found = [each.text for each in terms(sentence)]
        found += _listed(sentence)
        found += _after_articles(sentence)
        for text in dict.fromkeys(map(_plain, found)):
            unsaid = _ALOUD.search(text) or NEGATION.search(text) or _NO_NAME.search(text)
            if text and len(words(text)) <= MOST_NAME_WORDS and not unsaid:
                yield Stretch(text, sentence, is_name=True)


def is_rude(text: str) -> bool:
    """Whether a sentence judges the talk or insults: never said back."""
    return bool(_RUDE.search(text))


def is_private(text: str) -> bool:
    """Whether a sentence tells of matters that a stranger leaves alone."""
    return bool(_PRIVATE.search(text))


def _sayable(answer: str, *, freely: bool) -> Iterator[str]:
    for sentence in sentences(answer):
        text = sentence.text
        asks = text.rstrip("\"'”’)").endswith("?")
        if not asks and not MARKUP.search(text) and not is_rude(text) and (freely or not is_private(text)):
            yield text


def _listed(sentence: str) -> list[str]:
    """The items of a list, each of at most three words between commas, a colon or the end."""
    items = re.split(r"\s*[,;:]\s+|\s+(?:and|or)\s+", sentence.rstrip(".!… "))
    short = [
        re.sub(r"^(?:and|or)\s+", "", item)
        for item in items[1:]
        if 0 < len(words(item)) <= MOST_NAME_WORDS and not set(words(item)) & STOP_WORDS
    ]
    return short if len(short) >= LEAST_LISTED else []


def _after_articles(sentence: str) -> list[str]:
    """Runs of words with content after an article, a preposition or the like, to the next small word or comma."""
    found: list[str] = []
    tokens = sentence.split()
    for at in range(1, len(tokens)):
        if tokens[at - 1].lower() not in _BEFORE_A_NAME:
            continue
        run: list[str] = []
        for token in tokens[at:]:
            said = words(token)
            if not said or said[0].partition("'")[0] in STOP_WORDS or token[0] in '(“"':
                break
            run.append(token)
            if token[-1] in ",;:.!?…)":
                break
        found.append(" ".join(run))
    return found


def _begins(tokens: list[str], at: int, words_: frozenset[str]) -> bool:
    """Whether a clause or a phrase begins with the token there."""
    return tokens[at - 1][-1] in ",;:()–—" or tokens[at].strip(",;:").lower() in words_


def _runs_on(tokens: list[str], start: int, end: int) -> bool:
    """Whether a stretch goes on from a phrase or a clause inside a sentence into what that belongs to.

    "On phones | the top offers are hidden" without its first word; "people who | install it are loyal" without its first two.
    """
    first = _word(tokens[start])
    rest = [_word(token) for token in tokens[start + 1 : end]]
    if first in _PHRASE_BEGINS:
        within = zip(rest, rest[1:], tokens[start + 1 : end], strict=False)
        return any(
            after in _SUBJECTS | _FINITE
            or (
                after in _DETERMINERS
                and before not in _PHRASE_BEGINS | _CLAUSE_BEGINS | _DETERMINERS | {"of"}
                and token[-1] not in ",;:"
            )
            for before, after, token in within
        )
    told = start > 0 and bool(_TOLD_THAT.match(_word(tokens[start - 1])))
    if first in _RELATIVE and start > 0 and not (first == "that" and told):
        return any(word in _FINITE for word in rest[1:])
    return False


def _ends_in_mid_name(tokens: list[str], end: int) -> bool:
    """Whether it ends after the first of several adjectives: "the loyal, heavier spenders"."""
    if end >= len(tokens) or end < 2 or tokens[end - 1][-1] != ",":
        return False
    after = _word(tokens[end])
    return _word(tokens[end - 2]) in _DETERMINERS and after not in STOP_WORDS | _CLAUSE_BEGINS | _PHRASE_BEGINS


def _hangs(tokens: list[str], start: int, end: int) -> bool:
    """Whether it is a condition or a time without what hangs on it: "If the decoder is too strong"."""
    return _word(tokens[start]) in _CONDITIONS and end < len(tokens)


def _cut_off(tokens: list[str], kept: list[str]) -> list[str]:
    """The tokens at the end that are not kept."""
    if not kept:
        return []
    last = len(tokens) - 1 - tokens[::-1].index(kept[-1])
    return tokens[last + 1 :]


def _word(token: str) -> str:
    return token.strip(",;:.()").lower()


def _trimmed(tokens: list[str], *, within: bool) -> list[str]:
    """The tokens without what dangles at their ends, first ones only `within` a sentence."""
    while tokens and (
        within or _word(tokens[0]) in _GROUNDS or _word(tokens[0]) not in _CLAUSE_BEGINS | _PHRASE_BEGINS
    ):
        leads = tokens[0].strip(",;:").lower() in _DANGLES_FIRST
        if not leads or " ".join(tokens[:2]).lower() in _SET_PHRASES:
            break
        tokens = tokens[1:]
    while tokens and (not words(tokens[-1]) or _leads_on(words(tokens[-1])[0].partition("'")[0])):
        tokens = tokens[:-1]
    return tokens


def _leads_on(word: str) -> bool:
    return word in STOP_WORDS and word not in _MAY_END


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .,;:!…'\"-()")
