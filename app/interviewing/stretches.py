"""Stretches of an answer that can be said back word for word: whole clauses or phrases, and names of things. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.candidate.vocabulary import terms
from app.domain.sentences import STOP_WORDS, sentences, words
from app.interviewing.beside import knows_no_more
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
_FILLERS = frozenset("honestly basically actually literally frankly obviously say like well yeah yes".split())
"""Words that somebody begins with while they look for the next; they say nothing of the rest."""
_SET_PHRASES = frozenset(
    "at least,at most,at random,at once,at scale,at night,in total,in batches,in parallel,in production,in practice,in advance,in time,"
    "under all,by default,by hand,by design,by chance,on average,on call,on purpose,on time,from scratch,over time".split(
        ","
    )
)
"""Of their first word and the next, neither says it alone: "hand from last year's week"."""
_BEFORE_A_NAME = frozenset(
    "the a an of with in for on by from into over under between per each every all any no my our their its and or about".split()
)
"""Words after which a name of something stands rather than a deed."""
_CONDITIONS = frozenset("if when while unless until before after once though although whereas whether".split())
_RELATIVE = frozenset("who which that where whose".split())
_GROUNDS = frozenset("because since as and so but or then".split())
"""What a clause may be quoted without: unlike an `if`, none of it changes what was said."""
_DETERMINERS = frozenset(
    "the a an this that these those each every any all no some my our your his her its their both another".split()
)
_DEGREES = frozenset(
    "long short big small large much many far fast slow few often hard bad good high low strong weak little well".split()
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
_MAY_END = frozenset("us me him them it one ones part point thing things way something someone".split())
"""Small words that a phrase ends with: "to warn us", "a random part" are not whole without their last."""
_MAY_CLOSE = _MAY_END | frozenset(
    "same up down off out over in on before after again once here there too now both all each other others more most next last".split()
)
"""Small words that a whole clause ends with: "the sum stays the same", "each tree needs the one before"."""
_EMBEDDED = frozenset("whether how what why where".split())
"""Within a sentence they begin a question that hangs on what stands before: "I'd look at | whether the error moves"."""
_TURNS = frozenset("but though although however".split())
"""What comes before is granted; the point comes after."""
_TAKEN_BACK = re.compile(
    r"^\W*(?:(?:and|or|but|oh|um|uh|er|hm)\W+)*(?:well\b|no\b|wait\b|actually\b|sorry\b|scratch that\b|i mean\b|or rather\b|"
    r"let me correct\b|that['’]s wrong\b|correction\b)",
    re.IGNORECASE,
)
"""What comes before is taken back, or put otherwise."""
_CORRECTED = re.compile(
    r"^\W*(?:(?:oh|no|um|uh|er|hm|ah)\W+)*(?:wait\b|actually,? no\b|sorry,|scratch that\b|correction\b|let me correct\b|"
    r"that['’]s wrong\b)",
    re.IGNORECASE,
)
"""A sentence that takes the one before it back."""
_CONTRACTED = re.compile(r"^(?:i|you|he|she|it|we|they|that|there|this|these|those)(?:['’]\w+)?$")
MOST_NAME_WORDS = 3
LEAST_LISTED = 2
MOST_LAST_WORDS = 3
"""After "and", of what is still the same list and no clause of its own."""
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
    granted: bool = False
    """Whether a "but" follows in its sentence: the point is what comes after."""


def clauses(answer: str, most: int, *, freely: bool) -> Iterator[Stretch]:
    """Stretches of at most so many words, from where a clause or a phrase begins to where one ends.

    Without `freely`, none of a clause that may be spoken to the interviewer or tell of private matters.
    """
    for sentence in _sayable(answer, freely=freely):
        tokens = NOISES.sub("", sentence).split()
        cuts = [0, *(at for at in range(1, len(tokens)) if _begins(tokens, at, _CLAUSE_BEGINS)), len(tokens)]
        ends = sorted({*cuts, *(at for at in range(1, len(tokens)) if _begins(tokens, at, _PHRASE_BEGINS))})
        for start, end in itertools.combinations(ends, 2):
            if _is_taken_back(tokens, end) or _parts_a_list(tokens, start, end, cuts):
                continue
            clause = " ".join(tokens[max(at for at in cuts if at <= start) : min(at for at in cuts if at >= end)])
            if not freely and _TO_US.search(clause):
                continue
            if _runs_on(tokens, start, end) or _ends_in_mid_name(tokens, end):
                continue
            inner = sum(start < at < end for at in cuts)
            if inner and not (start in cuts and end in cuts):
                continue  # From the midst of one clause into another: "time, because same customers land".
            if inner and _is_spliced(tokens, start, end, cuts):
                continue
            if _hangs(tokens, start, end):
                continue
            closed = _closes(tokens, end)
            kept = _trimmed(tokens[start:end], within=start > 0, closed=closed)
            lost_words = [_word(token) for token in _cut_off(tokens[start:end], kept)]
            if _FINITE.intersection(lost_words) or (len(lost_words) > 1 and _PHRASE_BEGINS.intersection(lost_words)):
                continue  # What is left has lost its verb or its end: "whether the right passage", "same customers land".
            if (closed and kept and _loses_its_end(tokens[start:end], kept)) or (start > 0 and _has_no_head(kept)):
                continue
            text = _plain(" ".join(kept))
            if text.count("(") != text.count(")"):
                continue
            lost = bool(NEGATION.search(clause)) and not NEGATION.search(text)
            if text and len(words(text)) <= most and not lost and not _ALOUD.search(text):
                # What was cut short has no seam there.
                whole = bool(kept) and kept[-1] == tokens[end - 1]
                granted = any(_word(token) in _TURNS for token in tokens[end:])
                yield Stretch(text, sentence, (start in cuts) + (end in cuts and whole), inner, granted=granted)


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
    said = sentences(answer)
    for sentence, after in itertools.zip_longest(said, said[1:]):
        text = sentence.text
        if after is not None and _CORRECTED.match(after.text):
            continue
        if knows_no_more(text):
            continue
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
    if tokens[at - 1][-1] in ",;:–—" or (
        tokens[at - 1][-1] in "()" and tokens[at - 1].count("(") != tokens[at - 1].count(")")
    ):
        return True
    word = tokens[at].strip(",;:").lower()
    if word == "so" and at + 1 < len(tokens):
        # "So long it took four seconds" begins nothing: only what goes on with its own subject, or with "that".
        return word in words_ and _may_be_subject(_word(tokens[at + 1]))
    return word in words_ and word == tokens[at].lower()


def _may_be_subject(word: str) -> bool:
    return word in _DETERMINERS | _PHRASE_BEGINS | _CONDITIONS or bool(_CONTRACTED.match(word)) or word not in _DEGREES


def _is_spliced(tokens: list[str], start: int, end: int, cuts: list[int]) -> bool:
    """Whether a stretch over several clauses begins or ends in the midst of what belongs together.

    "It's one that | does nearly everything, I get suspicious"; "fit | everything, imputation | , scaling, encoding".
    """
    if start > 0 and tokens[start - 1][-1] not in ",;:":
        return True
    if end < len(tokens) and tokens[end - 1][-1] == "," and _word(tokens[end]) not in _CLAUSE_BEGINS:
        return True
    if start == 0 and (end == len(tokens) or _word(tokens[0]) in _CONDITIONS):
        return False
    joined = (_word(tokens[at]) for at in cuts if start < at < end and tokens[at - 1][-1] == ",")
    return any(_CONTRACTED.match(word) or word in _DETERMINERS for word in joined)


def _parts_a_list(tokens: list[str], start: int, end: int, cuts: list[int]) -> bool:
    """Whether it leaves out the first or the last of several things, or what a noun stands for.

    "By city | and hour"; "riders | and drivers affect each other"; "the chance | that it works"; "between weekday | and promotion".
    """
    if start > 0 and _word(tokens[start]) in {"and", "or"} and tokens[start - 1][-1] not in ",;:–—":
        began = max(at for at in cuts if at < start)
        if start - began <= MOST_LAST_WORDS:
            return True
    inside = [_word(token) for token in tokens[start:end]]
    if "between" in inside and "and" not in inside[inside.index("between") :] and "and" in map(_word, tokens[end:]):
        return True
    if end >= len(tokens) or tokens[end - 1][-1] in ",;:–—":
        return False
    if _word(tokens[end]) == "that":
        return end + 1 < len(tokens) and bool(_CONTRACTED.match(_word(tokens[end + 1])))
    until = min(at for at in cuts if at > end)
    return _word(tokens[end]) in {"and", "or"} and until - end <= MOST_LAST_WORDS


def _has_no_head(kept: list[str]) -> bool:
    """Whether a stretch within a sentence begins with a verb whose subject stands before it, or as a question that hangs on something."""
    return bool(kept) and _word(kept[0]) in _FINITE | _EMBEDDED


def _is_taken_back(tokens: list[str], end: int) -> bool:
    """Whether what follows in the sentence corrects what was said before it."""
    return any(
        tokens[at - 1][-1] in ",;:–—" and _TAKEN_BACK.match(" ".join(tokens[at : at + 4]))
        for at in range(end, len(tokens))
    )


def _closes(tokens: list[str], end: int) -> bool:
    """Whether a clause is over there: at the end of the sentence, at a comma, or before what joins another clause to it."""
    return (
        end == len(tokens)
        or tokens[end - 1][-1] in ",;:"
        or _word(tokens[end]) in {"and", "or", "so", "but", "because"}
    )


def _loses_its_end(tokens: list[str], kept: list[str]) -> bool:
    """Whether words are cut off the end of a whole clause: it would say something else without them."""
    return bool(_cut_off(tokens, kept)) and not {_word(token) for token in _cut_off(tokens, kept)} <= _CLAUSE_BEGINS


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
    return first in _RELATIVE and start > 0 and not (first == "that" and told)


def _ends_in_mid_name(tokens: list[str], end: int) -> bool:
    """Whether it ends after the first of several adjectives: "the loyal, heavier spenders"."""
    if end >= len(tokens) or end < 2 or tokens[end - 1][-1] != ",":
        return False
    after = _word(tokens[end])
    return _word(tokens[end - 2]) in _DETERMINERS and after not in STOP_WORDS | _CLAUSE_BEGINS | _PHRASE_BEGINS


def _hangs(tokens: list[str], start: int, end: int) -> bool:
    """Whether it is a condition or a time without what hangs on it, "If the decoder is too strong", or what hangs on an "if"."""
    conditioned = start > 0 and _word(tokens[0]) in {"if", "unless"}
    return conditioned or (_word(tokens[start]) in _CONDITIONS and end < len(tokens))


def _cut_off(tokens: list[str], kept: list[str]) -> list[str]:
    """The tokens at the end that are not kept."""
    if not kept:
        return []
    last = len(tokens) - 1 - tokens[::-1].index(kept[-1])
    return tokens[last + 1 :]


def _word(token: str) -> str:
    return token.strip(",;:.()").lower()


def _trimmed(tokens: list[str], *, within: bool, closed: bool = False) -> list[str]:
    """The tokens without what dangles at their ends, first ones only `within` a sentence; fewer last ones where a clause is over."""
    tokens = _without_fillers(tokens)
    while tokens and (
        within or _word(tokens[0]) in _GROUNDS or _word(tokens[0]) not in _CLAUSE_BEGINS | _PHRASE_BEGINS
    ):
        leads = tokens[0].strip(",;:").lower() in _DANGLES_FIRST
        if not (leads or _points_elsewhere(tokens)) or " ".join(tokens[:2]).lower() in _SET_PHRASES:
            break
        tokens = _without_fillers(tokens[1:])
    may_end = _MAY_CLOSE if closed else _MAY_END
    while tokens and (not words(tokens[-1]) or _leads_on(words(tokens[-1])[0].partition("'")[0], may_end)):
        tokens = tokens[:-1]
    return tokens


def _points_elsewhere(tokens: list[str]) -> bool:
    """Whether a clause begins with a place that was named before it: "there my numbers set the prices"."""
    first, after = (*map(_word, tokens[:2]), "")[:2]
    return first in {"here", "there"} and after in _DETERMINERS | _SUBJECTS


def _without_fillers(tokens: list[str]) -> list[str]:
    while tokens and _word(tokens[0]) in _FILLERS:
        tokens = tokens[1:]
    return tokens


def _leads_on(word: str, may_end: frozenset[str]) -> bool:
    return word in STOP_WORDS and word not in may_end


def _plain(text: str) -> str:
    text = " ".join(text.split()).strip(" .,;:!…'\"-")
    while text and ((text[0] == "(" and ")" not in text) or (text[-1] == ")" and "(" not in text)):
        text = text[1:].strip() if text[0] == "(" else text[:-1].strip()
    return text
