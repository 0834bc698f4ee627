"""What a scenario's fact sheet tells, and when: to those who ask, at its stage, or to those who could not estimate it. Pure.

Which fact a question is after is heard by `ear`; everything else about facts is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.sentences import content_stems, sentences, words
from app.domain.transcript import FactTold, MoveKind, SpanKind, Telling, Turn
from app.interviewing.subject import Subject
from app.material.expressions import names_in

_REQUEST = re.compile(
    r"\b(?:i(?:'d|’d| would| want to| need to| have to| should)(?: first| also| then)?(?: like to| want to| need to)? "
    r"(?:ask|know|clarify|find out)|tell me|(?:my )?(?:first|next) question (?:is|would be))\b",
    re.IGNORECASE,
)
"""Asks without a question mark, as speech recognisers write it."""
_ANOTHER = re.compile(
    r"(?:[,;:]\s*(?:and\s+|or\s+)?|\s+and\s+)(?=(?:what|which|who|whose|how|when|where|is|are|do|does|did|can|will)\b)",
    re.IGNORECASE,
)
"""Between two questions in one sentence."""
_LIST = re.compile(
    r"^\W*(?:(?:so|and|okay|ok|first|then)\W+)*(?:what(?:'s|’s| is| are| about)|tell me(?: about)?|give me|i(?:'d|’d| would)(?: first)?"
    r"(?: like to know| want to know| need to know| ask(?: about| for)?))\s+",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:,|\band\b|\bplus\b)\s*", re.IGNORECASE)
LEAST_WORDS = 2
TOLD_BY_THE_QUESTION = 0.7
"""Of a fact's content words, from which the question that follows it tells it."""
MOST_REQUESTS = 12
"""Looked at in one turn, and parts in one sentence: nobody asks more at once."""


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence of the candidate's in which something is asked; it stands at `start:end` of the turn."""

    text: str
    start: int
    end: int
    plain: bool
    """A question by its form; otherwise an answer that speaks of asking, such as "I'd ask how many there are"."""


def requests(turn: Turn) -> tuple[Request, ...]:
    """What is asked in a candidate's turn, in order."""
    found: list[Request] = []
    for span in turn.spans:
        if span.kind not in {SpanKind.CLARIFY, SpanKind.ANSWER}:
            continue
        for each in sentences(turn.text[span.start : span.end]):
            plain = span.kind is SpanKind.CLARIFY
            if plain or _REQUEST.search(each.text):
                found.append(Request(each.text, each.start + span.start, each.end + span.start, plain))
    return tuple(found[:MOST_REQUESTS])


def pieces(sentence: str) -> tuple[str, ...]:
    """What one sentence asks, a text each: the whole of it first, then its questions, or the members of its list."""
    several = [part.strip(" ?.,") for part in _ANOTHER.split(sentence)]
    if len(several) == 1 and (head := _LIST.match(sentence)) is not None:
        several = [part.strip(" ?.,") for part in _ITEM.split(sentence[head.end() :])]
    if len(several) == 1:
        return (sentence,)
    return (sentence, *[part for part in several if len(words(part)) >= LEAST_WORDS][:MOST_REQUESTS])


def told(turns: Sequence[Turn], question_id: str) -> dict[str, Telling]:
    """Facts that the candidate knows, each with how it was told last."""
    known: dict[str, Telling] = {}
    for turn in turns:
        if turn.move is not None and turn.question_id == question_id:
            known |= {each.id: each.how for each in turn.move.facts}
    return known


def words_of(subject: Subject, facts: Iterable[FactTold]) -> str:
    """The replies, each once and always the same; where the help was given once, it is the reply."""
    by_id = {fact.id: fact for fact in subject.facts}
    spoken = [
        (by_id[each.id].if_unknown or "") if each.how is Telling.HELPED else by_id[each.id].reply for each in facts
    ]
    return " ".join(dict.fromkeys(text for text in spoken if text))


def volunteered(subject: Subject, stage_id: str, known: Iterable[str]) -> tuple[FactTold, ...]:
    """What is told when a stage begins, though nobody asked."""
    wanted = [fact for fact in subject.facts if fact.volunteer_at == stage_id and fact.id not in set(known)]
    return tuple(FactTold(fact.id, Telling.VOLUNTEERED) for fact in wanted)


def beyond(subject: Subject, facts: Iterable[FactTold], ask: str) -> tuple[FactTold, ...]:
    """The facts that a stage's question does not tell by itself: nobody says one thing twice in one breath."""
    by_id = {fact.id: content_stems(fact.reply) for fact in subject.facts}
    asked = content_stems(ask)
    return tuple(each for each in facts if len(by_id[each.id] & asked) < TOLD_BY_THE_QUESTION * len(by_id[each.id]))


def helped(subject: Subject, turns: Sequence[Turn], known: Mapping[str, Telling]) -> tuple[FactTold, ...]:
    """What is told to somebody who does not know what they should have estimated.

    That is a fact just asked for, or one that goes into the figure just probed for.
    """
    last = next((turn.move for turn in reversed(turns) if turn.move is not None), None)
    if last is None:
        return ()
    just_told = {each.id for each in last.facts}
    probed = last.criterion_id if last.kind in {MoveKind.PROBE, MoveKind.HINT} else ""
    needed = {
        name for each in subject.derived if probed and each.criterion == probed for name in names_in(each.formula)
    }
    return tuple(
        FactTold(fact.id, Telling.HELPED)
        for fact in subject.facts
        if fact.if_unknown and fact.id in just_told | needed and known.get(fact.id) is not Telling.HELPED
    )


def asked_for(known: Mapping[str, Telling], facts: Iterable[FactTold]) -> tuple[FactTold, ...]:
    """The facts that were asked for as they are told now: one that was helped with stays so."""
    return tuple(
        FactTold(each.id, known[each.id], each.start, each.end) if known.get(each.id) is Telling.HELPED else each
        for each in facts
    )
