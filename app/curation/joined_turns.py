"""Turns joined of what different turns say: half an answer and half a request, which writers seldom write.

Drawn by a seed. Some are joined as a dictated turn would be, without a stop or a capital between one thing and the next.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from app.curation.labelled_turns import Labelled
from app.domain.sentences import sentences
from app.domain.transcript import Span, SpanKind
from app.interviewing.turn_rules import CANDIDATE_QUESTIONS

PATTERNS = {
    "clarify answer": 9, "answer instruction": 9, "answer hint": 8, "think answer": 7, "answer dont-know": 7, "dont-know answer": 7,
    "answer clarify": 6, "hint answer": 6, "answer end": 6, "repeat answer": 5, "dont-know hint": 5, "answer repeat": 4, "answer ask": 4,
    "ask end": 3, "dont-know instruction": 3, "think dont-know": 3, "think hint": 3, "dont-know end": 3, "answer dont-know hint": 3,
    "think answer hint": 3, "clarify answer clarify": 2, "answer clarify answer": 2, "answer think": 2, "repeat think": 2,
    "think answer end": 2, "instruction answer": 2, "answer think answer": 2,
}  # fmt: skip
"""What stands beside what, and how often that is drawn: about as in the turns that are learned."""
DICTATED = 0.3
OWN_ROUND = 0.05
"""So often as well, what needs no question is said in the candidate's own round."""
UNSTOPPED = 0.12
"""So often a sentence runs on into the next."""
MOST_SENTENCES = 3
"""Of an answer."""
_MARKS = re.compile(r"[.,!?;:…\"()]+(?=\s|$)|(?<=\s)[\"(]|^[\"(]")

_Pool = dict[tuple[bool, SpanKind], list[tuple[str, str]]]
"""Texts, each with its round, by whether that is the candidate's own, and by kind."""


def joined(turns: Sequence[Labelled], count: int, seed: int) -> list[Labelled]:
    """So many turns, each of two or three spans of other turns."""
    generator = random.Random(seed)  # noqa: S311 - a draw, not a secret
    pool = _pool(turns)
    patterns = [
        (own, kinds, weight * (OWN_ROUND if own and SpanKind.ASK not in kinds else 1.0))
        for own, kinds, weight in _patterns()
        if all((own, kind) in pool for kind in kinds)
    ]
    weights = [weight for _, _, weight in patterns]
    if not patterns:
        return []
    drawn = generator.choices(patterns, weights, k=count)
    return [
        _joined(f"joined-{seed}-{number}", kinds, own, pool, generator) for number, (own, kinds, _) in enumerate(drawn)
    ]


def _patterns() -> list[tuple[bool, tuple[SpanKind, ...], int]]:
    """Of both sorts of rounds; in the candidate's own, a question is to the interviewer."""
    found = []
    for names, weight in PATTERNS.items():
        kinds = tuple(SpanKind(name) for name in names.split())
        if SpanKind.ASK not in kinds:
            found.append((False, kinds, weight))
        found.append((True, tuple(SpanKind.ASK if kind is SpanKind.CLARIFY else kind for kind in kinds), weight))
    return found


def _pool(turns: Sequence[Labelled]) -> _Pool:
    found: _Pool = defaultdict(list)
    for turn in turns:
        for span in turn.spans:
            text = turn.text[span.start : span.end].strip()
            if text:
                found[turn.round == CANDIDATE_QUESTIONS, span.kind].append((text, turn.round))
    return dict(found)


def _joined(number: str, kinds: Sequence[SpanKind], own: bool, pool: _Pool, generator: random.Random) -> Labelled:
    dictated = generator.random() < DICTATED
    bits: list[str] = []
    rounds: dict[SpanKind, str] = {}
    for kind in kinds:
        text, rounds[kind] = generator.choice(pool[own, kind])
        if kind is SpanKind.ANSWER:
            parts = [part.text for part in sentences(text)]
            first = generator.randrange(len(parts))
            text = " ".join(parts[first : first + generator.randint(1, MOST_SENTENCES)])
        bits.append(_dictated(text) if dictated else text)
    if not dictated:
        bits = [*(_stopped(one, generator) for one in bits[:-1]), bits[-1]]
        bits = [bits[0], *(_run_on(one, other) for one, other in pairwise(bits))]
    spans: list[Span] = []
    place = 0
    for kind, bit in zip(kinds, bits, strict=True):
        end = place + len(bit) + (len(spans) < len(bits) - 1)
        spans.append(Span(kind, place, end))
        place = end
    return Labelled(number, rounds.get(SpanKind.ANSWER) or rounds[kinds[0]], " ".join(bits), tuple(spans))


def _dictated(text: str) -> str:
    """As speech is written down by a machine that knows no stops."""
    return " ".join(_MARKS.sub("", text).split()).lower() or text


def _stopped(text: str, generator: random.Random) -> str:
    """With a stop at its end, mostly; else running on."""
    if generator.random() < UNSTOPPED:
        return (text.rstrip(".!") or text) + generator.choice((",", ""))
    return text if text[-1] in ".!?,;:-…" else text + "."


def _run_on(before: str, text: str) -> str:
    return text[0].lower() + text[1:] if before.endswith(",") and not text.startswith("I") else text
