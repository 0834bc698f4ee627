"""What candidates ask in the round of their own questions, and when they have none left. Pure, by the words alone.

A turn that only begins as a refusal may still ask: "No problem. Tell me about the team." In doubt it asks, for the round that
is closed once stays closed.
"""

from __future__ import annotations

import re

from app.domain.sentences import content_stems, sentences
from app.domain.transcript import SpanKind, Turn
from app.interviewing.turn_rules import has_its_words, is_order

_NO_QUESTIONS = re.compile(
    r"^(?:\W*(?:no|nope|okay|ok|thanks|thank you|i think|well|nothing|that['’]s)\W+)*"
    r"(?:no(?:ne|pe)?|nothing|that['’]s (?:all|it)|that is all|i['’]m (?:good|fine|done|all set)|all (?:good|clear)|"
    r"no (?:more |further |other )?questions?|i (?:don['’]t|do not) have any(?: (?:more|other|further))?(?: questions?)?|"
    r"not (?:really|right now|from me|at the moment))\b.{0,160}$",
    re.IGNORECASE,
)
_WAS_ALL = re.compile(
    r"\W*(?:(?:no|nope|okay|ok|great|thanks|thank you|i think|well|then|so)\W+)*"
    r"(?:that(?:['’]s| is| was|['’]ll be| will be)|these were) (?:all|it|everything)"
    r"(?: (?:that )?i(?:['’]d like| would like| wanted| want| needed| need| had| have| wished) to (?:know|ask|hear)|"
    r" (?:from me|from my side|for (?:now|today|me)))*(?:\W+(?:thanks?|thank you|you|very much|so much|a lot|for your time))*\W*",
    re.IGNORECASE,
)
"""The whole of a sentence: nothing is left that could ask."""
_ANNOUNCES = re.compile(
    r"(?<!n't )(?<!n’t )(?<!cannot )\bwait\b(?! (?:to|for|until|till)\b)|\bhold on\b|\bhang on\b"
    r"|\b(?:one|an?) (?:more|last|final|other|further|quick)\b(?! time\b)"
    r"|\banother (?:question|one|thing)\b|\bnext (?:question|one|topic)\b|(?:^|[,;:.])\s*last (?:question|one|thing)\b"
    r"|\bi (?:do )?have (?:one|another|(?:an?|a few|some|two|more) questions?)\b|\bmoving on\b|\b(?:besides|except)\b",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"\bplease\b", re.IGNORECASE)
_CLAUSE = (
    r"(?:^|[,;:–—]|\b(?:and|but|now|then|just|please|well|also|first|instead|kindly|no|yes|yeah|right|okay|ok|"
    r"thanks|thank you|u+h+|u+m+)\b)\W*(?:so\W+)?"
)
"""Where a clause begins."""
_TELL = (
    r"(?:tell (?:me|us)(?! if you)|let me know (?:how|what|who|which|where|why|whether|about|more)|(?:walk|talk|take|run) me through|"
    r"show me|give me (?!(?:a|one|some) (?:sec|second|moment|minute|time)\b)|fill me in|"
    r"say (?:something|more|a (?:bit|little|word|few words))|describe|explain|elaborate|outline|speak (?:to|about)|go into)\b"
)
_REQUEST = re.compile(
    rf"{_CLAUSE}{_TELL}|\b(?:can|could|would|will|might) you (?:(?:please|also|maybe|just|perhaps) )*{_TELL}",
    re.IGNORECASE,
)
_BESIDES = r"(?: (?:also|still|just|really|rather|only|very much|do))*"
_WISH = re.compile(
    rf"\bi(?:['’]d| would){_BESIDES} (?:like|love|be (?:glad|happy|keen)) to "
    r"(?:know|hear(?! (?:back )?from)|learn|understand|see(?! you)|ask)\b"
    rf"|\bi(?:['’]d| would){_BESIDES} be (?:curious\b|interested\b(?! in (?:\w+ing|the (?:role|job|position|offer))\b))"
    rf"|\bi{_BESIDES} (?:want|wanted|need|wish) to (?:know|hear|learn|understand|ask)\b"
    rf"|\bi(?:['’]m| am| was){_BESIDES} (?:curious\b|wondering\b|interested (?:in )?(?:to|how|what|who|whether)\b)"
    rf"|\bi{_BESIDES} wonder(?:ed)?\b",
    re.IGNORECASE,
)
_OF_NOTHING = re.compile(
    r"\b(?:all|everything|nothing|anything|else|more|what|questions?)(?:\s+that)?\s+$", re.IGNORECASE
)
"""Before a wish: "nothing else I'd like to know" wishes for nothing."""
_ASKS = re.compile(
    rf"{_CLAUSE}(?:(?:what|how) about\b"
    r"|how (?:many|much|big|large|long|often|far|soon|do|does|did|is|are|was|can|could|will|would)\b"
    r"|what(?:['’]?s\b| (?!(?:i|you|he|she|we|they|it|an?|the|my|this|that)\b)(?:\w+ ){0,3}?"
    r"(?:do|does|did|is|are|was|were|can|could|will|would|has|have)\b)"
    r"|(?:when|where|why) (?:do|does|did|is|are|can|could|will|would)\b"
    r"|which (?!(?:is|was|are|were|has|have|had|will|would|can|could|i|you|we|they|it)\b)\w+)"
    r"|(?:^|[;:–—]|\b(?:and|but|just)\b)\W*who(?:['’]?s)? \w+"
    r"|^\W*(?:and|but|so)?\W*how (?:you|your|the|people)\b"
    r"|(?:^|[,;:–—]|\b(?:and|but|now|then)\b)\W*"
    r"(?:do|does|is|are|can|could|will|would|may|should) (?:you|your|the|there|people|we|i|this)\b",
    re.IGNORECASE,
)
"""A question by its form, as speech recognisers write it."""


def asks(sentence: str) -> bool:
    """Whether a sentence asks for something to be told, with a question mark or without."""
    if is_order(sentence):
        return False
    if sentence.rstrip().endswith("?") or _REQUEST.search(sentence) or _ASKS.search(sentence):
        return True
    return any(not _OF_NOTHING.search(sentence[: wish.start()]) for wish in _WISH.finditer(sentence))


def was_all(sentence: str) -> bool:
    """Whether a sentence says that nothing is left to ask, and nothing beside it: "That's all I wanted to know, thanks."."""
    return bool(_WAS_ALL.fullmatch(sentence))


def announces(text: str) -> bool:
    """Whether somebody says that a question follows: it may come with the next turn."""
    return bool(_ANNOUNCES.search(text))


def wants_no_more_questions(text: str) -> bool:
    """Whether the candidate, asked for their own questions, has none left."""
    if not _NO_QUESTIONS.match(text.strip()) or "?" in text or announces(text):
        return False
    said = [each.text for each in sentences(text)]
    return not any(asks(each) or _requests_something(each) for each in said)


def _requests_something(sentence: str) -> bool:
    """Whether a sentence says please, and not so that the end may come."""
    return bool(_PLEASE.search(sentence)) and not has_its_words(SpanKind.END, sentence)


def questions(turn: Turn) -> tuple[str, ...]:
    """What is asked in a candidate's turn, in order: each sentence that asks.

    Where one alone asks, or none by its words, it is all that was heard as asking: what stands around it belongs to it.
    """
    heard = [turn.text[span.start : span.end] for span in turn.spans if span.kind is SpanKind.ASK]
    asking = [each.text for text in heard for each in sentences(text) if asks(each.text) and content_stems(each.text)]
    return tuple(asking) if len(asking) > 1 else tuple(filter(None, [" ".join(heard)]))
