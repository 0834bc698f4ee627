"""What a person said of their own work, sentence by sentence: ground for callbacks and questions about contradictions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.candidate.vocabulary import Term, terms
from app.domain.sentences import sentences, words
from app.domain.transcript import SpanKind, Speaker, Turn

_DID = re.compile(
    r"\b(?:I|we)(?:'ve|’ve| have)?(?: also| then| mostly| just| even)? (?:used|built|wrote|trained|deployed|worked with|set up|ran|"
    r"fine-tuned|implemented|generated|made|put|moved|switched to|applied|tuned|shipped|quantized|distilled|designed|measured|tested|"
    r"tried|added|chose|replaced|compared|evaluated|introduced)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:not|never|no|nothing|none|without|cannot|nor|neither|would|could|should|might|may|if|suppose|imagine|pretend|instead of|"
    r"rather than)\b|n['’]t\b|\?|[\"“”]",
    re.IGNORECASE,
)
_UNSPOKEN = re.compile(r"[<>{}\[\]#*`|\\?\"“”‘«»_~]+")
_SAID_KINDS = frozenset({SpanKind.ANSWER, SpanKind.DONT_KNOW})


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer."""

    text: str
    question_id: str
    seq: int


def statements(turns: Sequence[Turn]) -> Iterator[Statement]:
    """Every sentence that counts as an answer, in order; also those that say what somebody does not know."""
    for turn in turns:
        if turn.speaker is not Speaker.CANDIDATE:
            continue
        for span in turn.spans:
            if span.kind in _SAID_KINDS:
                for each in sentences(turn.text[span.start : span.end]):
                    yield Statement(each.text, turn.question_id, turn.seq)


def own_work(text: str) -> tuple[Term, ...]:
    """Techniques and tools that a sentence plainly says its speaker used; () for a doubtful, conditional or negated one."""
    done = _DID.search(text)
    if done is None or _DOUBT.search(text):
        return ()
    return tuple(term for term in terms(text) if term.start >= done.end())


def clip(text: str, start: int, end: int, most_words: int) -> str:
    """At most so many words of a text around `start:end`, as they can be said: one line, no markup, no question mark."""
    before, middle, after = (plainly(part).split() for part in (text[:start], text[start:end], text[end:]))
    room = max(0, most_words - len(middle))
    lead = before[-min(len(before), max(room // 2, room - len(after))) :] if room and before else []
    tail = after[: room - len(lead)]
    # A figure such as 4,000 counts as two where words are counted.
    while (lead or tail) and len(words(" ".join([*lead, *middle, *tail]))) > most_words:
        (lead if len(lead) > len(tail) else tail).pop(0 if len(lead) > len(tail) else -1)
    return " ".join([*lead, *middle[:most_words], *tail]).strip(" ,;:.!-–—")


def plainly(text: str) -> str:
    """A text as it can be said: without markup, quotation marks and question marks."""
    return _UNSPOKEN.sub(" ", text)
