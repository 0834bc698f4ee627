"""A conversation that was held elsewhere, read into turns and cut into exchanges. Pure.

JSON turns, or plain text in which lines begin with a speaker's name. All of it is hostile input: it is measured before it is
read, nothing in it is carried out, and no word of the candidate is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.errors import TranscriptInvalid, TranscriptTooLarge
from app.domain.transcript import Speaker

MAX_BYTES = 2_000_000
MAX_TURNS = 2_000
MAX_TURN_CHARACTERS = 50_000
"""Of one turn: forty minutes of speech without a word between."""
_INTERVIEWER = frozenset({"interviewer", "assistant", "recruiter", "ai", "bot", "q", "question"})
_CANDIDATE = frozenset({"candidate", "user", "interviewee", "human", "applicant", "a", "answer"})
_LETTERS = frozenset({"q", "question", "a", "answer"})
"""Names that begin ordinary lines too: they count only where the first speaker is named so."""
_LEFT_OUT = frozenset({"system", "developer", "tool", "function"})
_LISTS = ("turns", "messages")
_SPEAKER_KEYS = ("speaker", "role", "from")
_TEXT_KEYS = ("text", "content")
_TIME = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]{0,4}(?:[-–][ \t]{0,4})?)?"
_NAMES = "|".join(sorted((_INTERVIEWER | _CANDIDATE | _LEFT_OUT) - {"q", "a"}, key=len, reverse=True))
_LINE = re.compile(
    rf"[ \t]{{0,8}}(?:[-*•>][ \t]{{1,4}})?(?P<bold>\*\*|__)?{_TIME}(?P<late>\*\*|__)?(?P<name>{_NAMES}|[qa])[ \t]?\d{{0,3}}"
    rf"(?:[ \t]{{0,4}}\([^()\n]{{0,60}}\))?(?:[ \t]{{1,4}}{_TIME})?(?P<closed>\*\*|__)?[ \t]{{0,4}}:"
    # Marks after the colon belong to the name only where its bold is still open: an answer may begin with "__init__".
    r"(?(closed)|(?(bold)(?:\*\*|__)?|(?(late)(?:\*\*|__)?)))[ \t]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENDS = re.compile(r"[.!?…:;][\"')\]”’]*$")
_BULLET = re.compile(r"(?:[-*•]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Said:
    """One turn as it was given."""

    index: int
    """From 0, among the turns that are kept."""
    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was read."""

    turns: tuple[Said, ...]
    left_out: tuple[str, ...] = ()
    """What was passed over, for a person to read."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Turns of the interviewer, and the turns of the candidate that followed them; either may be missing at an end."""

    asked: tuple[Said, ...]
    answer: tuple[Said, ...]

    @property
    def question(self) -> str:
        """The interviewer's words, a turn a line."""
        return "\n".join(turn.text for turn in self.asked)


def read(data: bytes | str) -> Conversation:
    """The turns of a conversation, in order; blank ones are left out.

    Raises:
        TranscriptTooLarge: more than `MAX_BYTES`, `MAX_TURNS`, or `MAX_TURN_CHARACTERS` in one turn.
        TranscriptInvalid: neither JSON turns nor lines with speakers; it says at which line or turn.
    """
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise TranscriptTooLarge("bytes", MAX_BYTES, size)
    text = _decoded(data) if isinstance(data, bytes) else data
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise TranscriptInvalid("line 1", "it is empty")
    rest = text.lstrip()
    if rest[0] == "{" or (rest[0] == "[" and not _LINE.match(rest.split("\n", 1)[0])):
        return _of_rows(_rows(text))
    return _of_lines(text)


def of_turns(rows: Sequence[tuple[str, str]]) -> Conversation:
    """The same from (speaker, text).

    Raises:
        TranscriptTooLarge, TranscriptInvalid: as `read`.
    """
    return _of_rows([{"speaker": speaker, "text": text} for speaker, text in rows])


def exchanges(turns: Sequence[Said]) -> tuple[Exchange, ...]:
    """Cut before each interviewer's turn that follows a candidate's; neighbouring turns of one speaker stay together."""
    found: list[Exchange] = []
    asked: list[Said] = []
    answer: list[Said] = []
    for turn in turns:
        if turn.speaker is Speaker.INTERVIEWER:
            if answer:
                found.append(Exchange(tuple(asked), tuple(answer)))
                asked, answer = [], []
            asked.append(turn)
        else:
            answer.append(turn)
    if asked or answer:
        found.append(Exchange(tuple(asked), tuple(answer)))
    return tuple(found)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TranscriptInvalid(f"line {line}", "it is not UTF-8") from None


def _rows(text: str) -> list[object]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptInvalid(f"line {error.lineno}", f"it is no JSON ({error.msg})") from None
    except (RecursionError, ValueError):
        raise TranscriptInvalid("line 1", "its JSON is nested too deep, or holds a number without end") from None
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list):
        raise TranscriptInvalid("line 1", 'give a list of turns, or an object with a list under "turns" or "messages"')
    return found


def _of_rows(rows: Sequence[object]) -> Conversation:
    said: list[tuple[Speaker, str]] = []
    system = 0
    for number, row in enumerate(rows, start=1):
        place = f"turn {number}"
        if not isinstance(row, dict):
            raise TranscriptInvalid(place, "it is no object with a speaker and a text")
        name = next((row[key] for key in _SPEAKER_KEYS if isinstance(row.get(key), str)), None)
        if name is None:
            raise TranscriptInvalid(place, 'it names no speaker under "speaker", "role" or "from"')
        if name.strip().lower() in _LEFT_OUT:
            system += 1
            continue
        speaker = _speaker(name, place)
        texts = [text for key in _TEXT_KEYS if (text := _text(row.get(key))) is not None]
        text = next((each for each in texts if each.strip()), texts[0] if texts else None)
        if text is None:
            raise TranscriptInvalid(place, 'it has no words under "text" or "content"')
        said.append((speaker, text))
    left_out = (_counted(system, "turn of the system", "turns of the system"),) if system else ()
    return _kept(said, left_out)


def _text(value: object) -> str | None:
    """Words of a turn: a text, or a list of parts some of which are texts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in value]
        return "\n".join(part for part in parts if isinstance(part, str))
    return None


def _of_lines(text: str) -> Conversation:
    said: list[tuple[Speaker, list[str]]] = []
    before: list[int] = []
    system = 0
    passing = letters = False
    for number, line in enumerate(_split(text), start=1):
        found = _LINE.match(line)
        name = found["name"].lower() if found else ""
        if found and not said and not passing:
            letters = name in _LETTERS
        # Once somebody speaks, "System: a store, a gateway" is a line of theirs.
        aside = name in _LEFT_OUT
        if found and (not said if aside else (name in _LETTERS) is letters):
            passing = aside
            if passing:
                system += 1
            else:
                said.append((_speaker(name, f"line {number}"), [found["rest"]]))
        elif said and not passing:
            said[-1][1].append(line)
        elif line.strip() and not passing:
            before.append(number)
    if not said:
        says = 'no line begins with a speaker: write "Interviewer: ..." and "Candidate: ...", or send JSON turns'
        raise TranscriptInvalid(f"line {before[0] if before else 1}", says)
    left_out = []
    if before:
        left_out.append(_counted(len(before), "line before the first speaker", "lines before the first speaker"))
    if system:
        left_out.append(_counted(system, "turn of the system", "turns of the system"))
    return _kept([(speaker, _joined(lines)) for speaker, lines in said], tuple(left_out))


def _split(text: str) -> Iterator[str]:
    """Lines by line feeds alone: other marks that some editors take for an end stand in the middle of words of others."""
    return (line.removesuffix("\r") for line in text.split("\n"))


def _joined(lines: Sequence[str]) -> str:
    """Wrapped lines as one; a line after a full stop, a blank line or a bullet stays a line."""
    parts: list[str] = []
    fresh = True
    for line in lines:
        piece = line.strip()
        if not piece:
            fresh = True
            continue
        if parts:
            parts.append("\n" if fresh or _ENDS.search(parts[-1][-8:]) or _BULLET.match(piece) else " ")
        parts.append(piece)
        fresh = False
    return "".join(parts)


def _speaker(name: str, place: str) -> Speaker:
    plain = name.strip().lower()
    if plain in _INTERVIEWER:
        return Speaker.INTERVIEWER
    if plain in _CANDIDATE:
        return Speaker.CANDIDATE
    raise TranscriptInvalid(place, f"its speaker {plain[:40]!r} is neither an interviewer nor a candidate")


def _kept(said: Sequence[tuple[Speaker, str]], left_out: tuple[str, ...]) -> Conversation:
    turns: list[Said] = []
    for speaker, text in said:
        # A lone surrogate cannot be written out again; one character for one keeps every offset.
        words = _SURROGATE.sub("\ufffd", text).strip()
        if not words:
            continue
        if len(words) > MAX_TURN_CHARACTERS:
            raise TranscriptTooLarge(f"characters in turn {len(turns) + 1}", MAX_TURN_CHARACTERS, len(words))
        turns.append(Said(len(turns), speaker, words))
    if len(turns) > MAX_TURNS:
        raise TranscriptTooLarge("turns", MAX_TURNS, len(turns))
    if not turns:
        raise TranscriptInvalid("line 1", "nobody says anything in it")
    return Conversation(tuple(turns), left_out)


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
