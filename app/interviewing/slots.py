"""The facts of a candidate's own project that the slots of a chain ask for, each with the place where it was said. Pure.

Never graded and never guessed: what is left open, taken back or told in two ways is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.numbers import Stated, corrects, only_a_number, stated, takes_back
from app.domain.sentences import sentences
from app.domain.transcript import MoveKind, Speaker, Turn
from app.interviewing import slot_figures, slot_words
from app.interviewing.conditions import was_anothers
from app.interviewing.subject import Part, Subject
from app.material.entries import Slot

SAME_WITHIN = 0.02
"""Two figures of one thing that differ by less are one: people round."""
MOST_CHARACTERS = 500
"""Of a sentence that is read: what is longer is no plain statement, and takes long."""
MOST_FIGURES = 8
"""Of a sentence: more of them are data."""
MOST_SENTENCES = 60
"""Of an answer that is read at all."""
OPENS_A_RUNG = frozenset({MoveKind.OPEN, MoveKind.ASK, MoveKind.MOVE_ON, MoveKind.CHANGE_ROUND})
_OPEN_WITH = ("or ", "maybe ", "perhaps ")
_WRAPPED = re.compile(r"(?<=[^\s.!?:;])\n(?=[a-z0-9])")
"""A line that goes on in the next one, as in text that was pasted."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a slot holds, and where it was said."""

    value: float | str
    """A number in the slot's unit, or the words of a text."""
    words: str
    """As they are said back."""
    seq: int
    start: int
    end: int
    """`start:end` of that turn's text."""
    name: str = ""
    """Of the measure, where it is one."""


@dataclass
class _Book:
    """What is known so far."""

    known: dict[str, Said] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """Told in two ways."""
    last: tuple[str, ...] = ()
    """Slots that the last sentence with any told."""

    def tell(self, slot: str, said: Said, *, instead: bool) -> None:
        """Notes a value; `instead` of one that was told before."""
        before = self.known.get(slot)
        if instead:
            self.known[slot] = said
            self.open.discard(slot)
        elif before is None:
            self.known[slot] = said
        elif not _same(before, said):
            self.open.add(slot)

    def leave_open(self, slots: Collection[str]) -> None:
        """Notes that nothing certain is known of these any more."""
        self.open |= set(slots)

    def closed(self) -> dict[str, Said]:
        """What is known for certain."""
        return {slot: said for slot, said in self.known.items() if slot not in self.open}


def filled(subject: Subject, turns: Sequence[Turn]) -> Mapping[str, Said]:
    """Each slot of a chain that is known after these turns."""
    book = _Book()
    by_id = {part.id: part for part in subject.parts}
    given: set[float] = set()
    asked_by: MoveKind | None = None
    for turn in turns:
        if turn.question_id != subject.question_id:
            continue
        if turn.speaker is Speaker.INTERVIEWER:
            given |= _figures(turn.text)
            asked_by = turn.move.kind if turn.move is not None else None
            continue
        part = by_id.get(turn.part_id)
        text = turn.answer_text()
        if part is None or (part.rung is not None and part.rung.draw) or was_anothers(text):
            continue
        _hear(book, subject.slots, turn.seq, text, _asked(part, asked_by), given)
    return book.closed()


def is_empty(subject: Subject, slot_id: str, turns: Sequence[Turn]) -> bool:
    """Whether a slot was asked for and nothing speaks of it, in the answers or in the claim that the chain stands on.

    Asked for is what the last of the rungs that fill it asked; one that may be asked yet may bring it.
    """
    slot = next(each for each in subject.slots if each.id == slot_id)
    filling = [part.id for part in subject.parts if part.rung is not None and slot_id in part.rung.fills]
    mine = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE and turn.question_id == subject.question_id]
    if not filling or not any(turn.part_id == filling[-1] and turn.answer_text().strip() for turn in mine):
        return False
    said = "\n".join(turn.answer_text() for turn in mine)
    return not _may_speak_of(slot, f"{subject.claim.text if subject.claim else ''}\n{said}")


def _may_speak_of(slot: Slot, text: str) -> bool:
    if not slot.tells and not slot.said_with:
        return True
    return (bool(slot.tells) and slot_figures.speaks(text, slot.tells or "")) or slot_words.speaks_of(
        text, slot.said_with
    )


def _asked(part: Part, by: MoveKind | None) -> frozenset[str]:
    """Slots that the last question was about; a follow-up may be about a case that nobody had."""
    return frozenset(part.rung.fills) if part.rung is not None and by in OPENS_A_RUNG else frozenset()


def _figures(spoken: str) -> frozenset[float]:
    """Numbers of the interviewer: who repeats one tells nothing of themselves."""
    found = (stated(each.text) for each in sentences(spoken) if len(each.text) <= MOST_CHARACTERS)
    return frozenset(value for each in found for one in each for value in one.quantity.values)


def _hear(
    book: _Book, slots: Sequence[Slot], seq: int, text: str, asked: Collection[str], given: Collection[float]
) -> None:
    read = sentences(_WRAPPED.sub(" ", text))
    for sentence in read if len(read) <= MOST_SENTENCES else ():
        if len(sentence.text) > MOST_CHARACTERS:
            continue
        spaced = slot_words.spaced(sentence.text, slots)
        if takes_back(spaced):
            book.leave_open(book.last)
            continue
        found = stated(spaced)
        if len(found) > MOST_FIGURES:
            continue
        told: list[str] = []
        taken: list[Stated] = []
        for each in found:
            for slot in slots:
                said = _told(slot, spaced, each, found, slots, asked=slot.id in asked)
                if said is None or (each.quantity.values[0] in given and slot.id not in book.known):
                    continue
                taken.append(each)
                said = replace(said, seq=seq, start=said.start + sentence.start, end=said.end + sentence.start)
                if _denied(spaced, each):
                    before = book.known.get(slot.id)
                    if before is not None and _same(before, said):
                        book.leave_open([slot.id])
                elif _in_doubt(spaced, each, found):
                    book.leave_open([slot.id])
                else:
                    put_right = corrects(spaced[: each.quantity.start]) and slot.id in book.known
                    book.tell(slot.id, said, instead=put_right)
                    told.append(slot.id)
        if not taken and found and corrects(spaced):
            _put_right(book, slots, spaced, found, seq, sentence.start)
        if told:
            book.last = tuple(dict.fromkeys(told))


def _put_right(
    book: _Book, slots: Sequence[Slot], sentence: str, found: Sequence[Stated], seq: int, offset: int
) -> None:
    """A correction that names nothing: of the one thing told last, or of nobody knows what."""
    if len(book.last) != 1 or not only_a_number(sentence):
        book.leave_open(book.last)
        return
    slot = next(each for each in slots if each.id == book.last[0])
    # What holds words is put right by no number alone: "an F1 of 0.78 ... Sorry, three million."
    said = _number(slot, sentence, found[0]) if slot.kind != "text" else None
    if said is None:
        book.leave_open(book.last)
    else:
        book.tell(slot.id, replace(said, seq=seq, start=said.start + offset, end=said.end + offset), instead=True)


def _denied(sentence: str, each: Stated) -> bool:
    return each.denied or slot_words.is_negated(sentence, slot_words.segment_at(sentence, each.quantity.start))


def _in_doubt(sentence: str, each: Stated, found: Sequence[Stated]) -> bool:
    """Whether the number is left open: between two, or offered as another one."""
    at = found.index(each)
    after = found[at + 1].or_the_one_before if at + 1 < len(found) else False
    return each.or_the_one_before or after or (at == 0 and sentence.lower().startswith(_OPEN_WITH))


def _told(
    slot: Slot,
    sentence: str,
    each: Stated,
    found: Sequence[Stated],
    slots: Sequence[Slot],
    *,
    asked: bool,
) -> Said | None:
    """What a number of a sentence tells of a slot; None where it tells nothing, or where that is not sure."""
    if each.bound:
        return None
    if slot.kind == "text":
        return _text(slot, sentence, each, found)
    said = _number(slot, sentence, each)
    numeral = slot_words.numeral_of(sentence, each.quantity)
    if said is None or numeral is None:
        return None
    segment = slot_words.segment_at(sentence, numeral.start)
    denied = _denied(sentence, each)
    if not denied and not (slot_words.is_own(sentence, asked) and slot_words.is_so(sentence, segment)):
        return None
    around = slot_words.Around(
        sentence,
        segment,
        tuple(item for item in slot_words.in_segment(segment, found) if item is not each.quantity),
        tuple(other for other in slots if other is not slot),
    )
    stands = slot_words.stands_with(each.quantity, numeral, slot, around, asked=asked)
    return said if stands else None


def _number(slot: Slot, sentence: str, each: Stated) -> Said | None:
    numeral = slot_words.numeral_of(sentence, each.quantity)
    value = slot_words.value_of(each.quantity, slot) if numeral is not None else None
    if numeral is None or value is None or value < slot.least:
        return None
    words = sentence[numeral.start : numeral.end] if value == numeral.value else _plain(value)
    return Said(value, words, 0, numeral.start, numeral.end)


def _text(slot: Slot, sentence: str, each: Stated, found: Sequence[Stated]) -> Said | None:
    item = each.quantity
    if slot.tells not in {"measure", "difference"} or slot_words.numeral_of(sentence, item) is None:
        return None
    at = found.index(each)
    named = slot_figures.figure(sentence, item, found[at - 1].quantity.end if at else 0, slot.tells)
    if named is None:
        return None
    segment = slot_words.segment_at(sentence, named.start)
    if not _denied(sentence, each) and not (
        slot_words.is_own(sentence, asked=False) and slot_words.is_so(sentence, segment)
    ):
        return None
    return Said(named.spoken, named.spoken, 0, named.start, named.end, named.name)


def _same(one: Said, other: Said) -> bool:
    if isinstance(one.value, str) or isinstance(other.value, str):
        # Two measures are two facts; the same one twice with another figure is not one fact.
        return one.value == other.value or one.name != other.name
    return abs(one.value - other.value) <= SAME_WITHIN * max(abs(one.value), abs(other.value))


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 1e4 else f"{value:g}"
