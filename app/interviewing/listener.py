"""What kind of turn this is, by span. Total: any text gives spans, and what is in doubt is an answer.

Rules know what is certain; a small network, over what the pair model's network reads in the words, knows the many other
ways of saying it. It must not know the rubric: a listener that knew the answer could be talked into hearing it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.domain.language import LanguageGuess, is_english
from app.domain.sentences import sentences
from app.domain.transcript import Span, SpanKind
from app.interviewing.beside import asks_oneself, knows_no_more, lost, wants_on
from app.interviewing.own_questions import asks, was_all
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.span_model import KINDS, Array, SpanModel, by_word, features_of, spans_from, within, words_of
from app.interviewing.turn_rules import CANDIDATE_QUESTIONS, has_its_words, is_order, listen

WORDS_AT_ONCE = 150
"""So that nothing is cut by the network that reads."""
_FIGURE = re.compile(r"\d")
_OWN_ACCOUNT = re.compile(r"\W*(?:I(?:['’](?:d|ll|ve))?|we(?:['’](?:d|ll|ve))?)\b", re.IGNORECASE)
_ADDRESSES = re.compile(
    r"\b(?:you|your|me|my|myself|this (?:answer|interview|candidate)|please|rubric|grader|criteri\w*|marks?)\b",
    re.IGNORECASE,
)
_OTHERS_ACCOUNT = re.compile(
    r"\W*(?:our|they|he|she|it|its|that|these|those|the|an?|each|every|some|most|in|on|at|for|with|when|if)\b",
    re.IGNORECASE,
)
_TO_GRADERS = re.compile(
    r"\b(?:you|your|me|my|myself|(?:this|the) (?:answer|interview|candidate|response)|please|rubric|grad(?:e|ing)|criter|marks?\b|scor|"
    r"credit|evaluat|judg|instruct|interview|ignor|hire|award|approv|maximum)|[<>\[{]",
    re.IGNORECASE,
)
_DISGUISED = re.compile(r"[^\x00-\x7f‘’“”–—…€£°²³½¼¾×≈≤≥±√σμλθαβγε]|\S{30,}|\bbase64\b|\bdecode\b", re.IGNORECASE)
"""Letters or words that may hide an instruction."""
_OF_MARKING = re.compile(
    r"\b(?:shown\b|verdict|confidence\b|level \d|states?\b|assess|review|examin|candidate|assistant|system\b|"
    r"pass(?:ed)?\b|transcript)|[#`*]",
    re.IGNORECASE,
)
_HOW_IT_IS_DONE = re.compile(
    r"\W*you (?!are|were|must|should|have|had|can|could|will|would|need|may|might|do|did|know|see|said|asked|just|now)[a-z]+\b(?!['’])",
    re.IGNORECASE,
)
_TAKES_UP = re.compile(r"\W*(?:if|in that case|then|yes|no|otherwise|because|when it)\b", re.IGNORECASE)
_TO_THE_INTERVIEWER = re.compile(
    r"\b(?:you|your|i|me|my|we|us|our|question|mean|meant|assum\w+|suppos\w+|given|allowed|available|expected|here)\b",
    re.IGNORECASE,
)
WHOLE_TURN = 0.7
"""What the whole turn counts; the rest is each sentence's by itself."""
BEYOND_DOUBT = 1000.0
"""Log odds that no cost of a change of kind makes up for."""

Read = Callable[[str], tuple[Array, Sequence[tuple[int, int]]]]
"""States (pieces, d) of a text's word pieces and their places; bound in `main`."""


class Listening(Protocol):
    """A listener as the event loop needs it."""

    async def hear(self, text: str) -> Heard:
        """Reads a text beside whatever else goes on."""
        ...

    def spans(self, heard: Heard, round_slug: str) -> tuple[Span, ...]:
        """See `Listener.spans`."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A text as it was read; which round it was said in need not be known yet."""

    text: str
    places: tuple[tuple[int, int], ...]
    states: Array
    """(words, d)."""


_MAY_ASK = re.compile(
    r"\b(?:you|your|hints?|clues?|repeat|again|skip|question|please|sorry|next|minute|second|moment|done|stop|pass|idea|idk|know|sure)\b"
    r"|^\W*(?:(?:so|and|or|but|um+|uh+|hm+|ok|okay|wait|well)\W+)*(?:what|which|who|whose|how|why|when|where|is|are|was|do|does|did|"
    r"can|could|should|would|will|may|shall|am|any)\b",
    re.IGNORECASE,
)
"""Of a last sentence: it may be a request, as which it is heard without a stop."""


class Listener:
    """Hears turns. Not safe for several threads at once, as `read` is not."""

    def __init__(self, read: Read, guess: LanguageGuess, model: SpanModel | None = None) -> None:
        """`model` is by default the packaged one, which belongs to the packaged pair model."""
        self._read = read
        self._guess = guess
        self._model = model or SpanModel.packaged()

    def hear(self, text: str) -> Heard:
        """Reads a text: some fifteen milliseconds for each `WORDS_AT_ONCE` words."""
        places = words_of(text)
        rows = []
        for first in range(0, len(places), WORDS_AT_ONCE):
            some = places[first : first + WORDS_AT_ONCE]
            begin, end = some[0][0], some[-1][1]
            said = text[begin:end]
            states, pieces = self._read(_stopped(said) if end == places[-1][1] else said)
            rows.append(by_word(states, pieces, [(start - begin, end - begin) for start, end in some]))
        return Heard(text, tuple(places), np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32))

    def spans(self, heard: Heard, round_slug: str) -> tuple[Span, ...]:
        """Spans that cover the text from its first to its last visible character, in order, none empty; () for a blank text."""
        text = heard.text
        if not heard.places:
            return ()
        if not is_english(text, self._guess):
            return (Span(SpanKind.OTHER_LANGUAGE, 0, len(text)),)
        own_round = round_slug == CANDIDATE_QUESTIONS
        ruled = listen(text, round_slug=round_slug, guess=self._guess)
        features = features_of(text, heard.places, ruled, own_round=own_round)
        odds = _orders_stay(self._odds(heard, features), heard)
        if rules_of(round_slug).holds_back:
            odds = _asking_stays(odds, heard.places, ruled)
        found = _in_doubt_as_ruled(text, spans_from(text, heard.places, odds), ruled)
        if not rules_of(round_slug).holds_back and not own_round:
            found = _asks_itself(text, _answers_itself(text, found))
        if not own_round and (wants_on(text) or _knows_no_more(text)):
            found = _goes_on(text, found)
        if not own_round and lost(text):
            found = _asks_back(found)
        return _in_its_round(_as_worded(text, found) if own_round else found, own_round=own_round)

    def listen(self, text: str, round_slug: str) -> tuple[Span, ...]:
        """`hear` and `spans` in one."""
        return self.spans(self.hear(text), round_slug)

    def _odds(self, heard: Heard, features: Array) -> Array:
        """Log odds (words, kinds): the mean of those in the whole turn, which count more, and in each sentence by itself.

        In the whole turn alone, a request at its end would swallow a short answer before it.
        """
        cut = [within(heard.places, part.start, part.end) for part in sentences(heard.text)]
        parts = [part for part in cut if part.start < part.stop]
        whole, *by_sentence = self._model.of_parts(heard.states, features, [slice(0, len(heard.places)), *parts])
        found = whole.copy()
        for part, alone in zip(parts, by_sentence, strict=True):
            found[part] = WHOLE_TURN * whole[part] + (1 - WHOLE_TURN) * alone
        return found


class ListenerInThread:
    """A `Listener` for the event loop."""

    def __init__(self, listener: Listener, run: Callable[[Callable[[str], Heard], str], Awaitable[Heard]]) -> None:
        """`run` calls a function in the thread that may use the network that reads."""
        self._listener = listener
        self._run = run

    async def hear(self, text: str) -> Heard:
        """See `Listener.hear`."""
        return await self._run(self._listener.hear, text)

    def spans(self, heard: Heard, round_slug: str) -> tuple[Span, ...]:
        """See `Listener.spans`."""
        return self._listener.spans(heard, round_slug)

    async def listen(self, text: str, round_slug: str) -> tuple[Span, ...]:
        """`hear` and `spans` in one."""
        return self.spans(await self.hear(text), round_slug)


def _orders_stay(odds: Array, heard: Heard) -> Array:
    """The odds (words, kinds), where a sentence that orders whoever marks about is that beyond doubt, whatever stands beside it."""
    found = odds.copy()
    for part in sentences(heard.text):
        if is_order(part.text):
            certain = within(heard.places, part.start, part.end)
            found[certain] = -BEYOND_DOUBT
            found[certain, KINDS.index(SpanKind.INSTRUCTION)] = 0.0
    return found


def _asking_stays(odds: Array, places: Sequence[tuple[int, int]], ruled: Sequence[Span]) -> Array:
    """The odds (words, kinds), where facts are held back: what the rules hear as asking for one is asking, beyond doubt.

    The network learned from rounds in which a question is rarely the work itself.
    """
    asking = [span for span in ruled if span.kind is SpanKind.CLARIFY]
    found = odds.copy()
    for span in asking:
        certain = within(places, span.start, span.end)
        found[certain] = -BEYOND_DOUBT
        found[certain, KINDS.index(SpanKind.CLARIFY)] = 0.0
    return found


def _in_doubt_as_ruled(text: str, spans: Sequence[Span], ruled: Sequence[Span]) -> tuple[Span, ...]:
    """The spans; those that hold no word of their kind are what the rules hear in them, which is mostly an answer.

    So is a sentence beside others of the kind that tells something: "I don't know. That comes to 2.9."
    """
    found: list[Span] = []
    to_graders = _may_address_graders(text, ruled)
    for span in spans:
        if (span.kind is not SpanKind.INSTRUCTION or to_graders) and has_its_words(
            span.kind, text[span.start : span.end]
        ):
            told = [
                Span(span.kind, part.start + span.start, part.end + span.start)
                for part in sentences(text[span.start : span.end])
                if _is_told(span.kind, part.text)
            ]
        else:
            told = [span]
        at = span.start
        for each in told:
            if each.start > at:
                found.append(Span(span.kind, at, each.start))
            found += [
                Span(rule.kind, max(rule.start, each.start), min(rule.end, each.end))
                for rule in ruled
                if rule.start < each.end and each.start < rule.end
            ]
            at = each.end
        if at < span.end:
            found.append(Span(span.kind, at, span.end))
    return tuple(span for span in found if span.start < span.end)


def _may_address_graders(text: str, ruled: Sequence[Span]) -> bool:
    """Whether anything in a turn may be meant for whoever marks; where nothing may, no instruction is in it."""
    return bool(
        _TO_GRADERS.search(text)
        or _OF_MARKING.search(text)
        or _DISGUISED.search(text)
        or any(span.kind is SpanKind.INSTRUCTION for span in ruled)
    )


def _is_told(kind: SpanKind, sentence: str) -> bool:
    """Whether a sentence tells something by itself.

    A figure does; beside an instruction, what the speaker or others did, or how one does it, without a word to whoever marks.
    """
    if kind is SpanKind.INSTRUCTION:
        own, others = _OWN_ACCOUNT.match(sentence), _OTHERS_ACCOUNT.match(sentence)
        if _HOW_IT_IS_DONE.match(sentence) and not has_its_words(kind, sentence):
            return True
        return bool(own and not _ADDRESSES.search(sentence)) or bool(others and not _TO_GRADERS.search(sentence))
    return bool(_FIGURE.search(sentence)) and not has_its_words(kind, sentence)


def _answers_itself(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, where a question that its speaker goes on to answer is part of the answer.

    "Was the passage found? If not, the search is to blame." So it is where nobody is addressed, and the next words take up what
    the answer may be.
    """
    return tuple(
        Span(SpanKind.ANSWER, span.start, span.end)
        if span.kind is SpanKind.CLARIFY
        and after is not None
        and after.kind is SpanKind.ANSWER
        and _TAKES_UP.match(text[after.start : after.end])
        and not _TO_THE_INTERVIEWER.search(text[span.start : span.end])
        else span
        for span, after in itertools.zip_longest(spans, spans[1:])
        if span is not None
    )


def _asks_itself(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, where a question that its speaker would ask of the matter is part of the answer."""
    own = [each for each in sentences(text) if asks_oneself(each.text)]
    found: list[Span] = []
    for span in spans:
        at = span.start
        if span.kind is SpanKind.CLARIFY:
            for each in own:
                start, end = max(at, each.start), min(span.end, each.end)
                if start < end:
                    found += [Span(span.kind, at, start), Span(SpanKind.ANSWER, start, end)]
                    at = end
        found.append(Span(span.kind, at, span.end))
    return tuple(span for span in found if span.start < span.end)


def _as_worded(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans of the candidate's own round, where a sentence asks that does so by its words, and "that's all I wanted to know" does not.

    The network learned questions mostly by their mark.
    """
    found: list[Span] = []
    for span in spans:
        said = sentences(text[span.start : span.end])
        if span.kind not in {SpanKind.ANSWER, SpanKind.ASK} or not said:
            found.append(span)
            continue
        bounds = [span.start, *(each.start + span.start for each in said[1:]), span.end]
        for each, (start, end) in zip(said, itertools.pairwise(bounds), strict=True):
            kind = span.kind
            if kind is SpanKind.ANSWER and not each.text.endswith("?") and asks(each.text):
                kind = SpanKind.ASK
            elif kind is SpanKind.ASK and was_all(each.text):
                kind = SpanKind.ANSWER
            found.append(Span(kind, start, end))
    return tuple(found)


def _stopped(text: str) -> str:
    """With a full stop, where it has none and does not look like a request: a typed fragment reads like a question cut short."""
    return f"{text}." if text[-1:].isalnum() and not _MAY_ASK.search(sentences(text)[-1].text) else text


def _asks_back(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans of a turn that says that its question was not understood: no "I don't know", which would be an answer to it."""
    return tuple(
        Span(SpanKind.CLARIFY, span.start, span.end) if span.kind is SpanKind.DONT_KNOW else span for span in spans
    )


def _knows_no_more(text: str) -> bool:
    said = sentences(text)
    return bool(said) and all(knows_no_more(each.text) for each in said)


def _goes_on(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, where the last sentence is the wish to go on, and no answer that could be quoted or scored."""
    said = sentences(text)
    first = len(said) - 1
    while first and knows_no_more(said[first - 1].text):
        first -= 1
    start = said[first].start
    before = [Span(each.kind, each.start, min(each.end, start)) for each in spans if each.start < start]
    end = spans[-1].end if spans else len(text)
    return (*before, Span(SpanKind.DONT_KNOW, start if before else spans[0].start, end))


def _in_its_round(spans: Sequence[Span], *, own_round: bool) -> tuple[Span, ...]:
    """Questions are about the question, but in the candidate's own round to the interviewer."""
    wrong, right = (SpanKind.CLARIFY, SpanKind.ASK) if own_round else (SpanKind.ASK, SpanKind.CLARIFY)
    found: list[Span] = []
    for span in spans:
        kind = right if span.kind is wrong else span.kind
        if found and found[-1].kind is kind:
            found[-1] = Span(kind, found[-1].start, span.end)
        else:
            found.append(Span(kind, span.start, span.end))
    return tuple(found)
