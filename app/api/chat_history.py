"""A chat app's history held against what was said: which interview it is, and where in it the app stands.

Pure. The store is the truth: a history may be shorter than the transcript, as apps leave messages out, but what stands in it
must have been said, in that order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.transcript import Speaker, Turn
from app.interviewing.intake import readable

RULE = "\n\n---\n"
"""Between the interviewer's words and what the door adds below them: tables, problems, the interview's id."""
_RULE = re.compile(r"(?:\A|\n)[ \t]*(?:[-*_—][ \t]*){3,}(?:\n|\Z)")
_ID_LINE = re.compile(r"\[interview\s+([A-Za-z0-9_-]{8,64})\]")
_SHORT = 8
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`\n]*)$")
_ODD = re.compile(r"[^\t\n\r -~]")
_LONGEST = 60_000
"""Characters that are compared: no turn has so many."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a history."""

    number: int
    """Place in the request, from 0."""
    speaker: Speaker
    text: str


def short_id(interview_id: str) -> str:
    """The id as it is shown: its beginning."""
    return interview_id[:_SHORT]


def id_line(interview_id: str) -> str:
    """The line that says which interview a chat is."""
    return f"[interview {short_id(interview_id)}]"


def shown_id(messages: Sequence[Message]) -> str | None:
    """The id that the interviewer's messages show; None where none does."""
    for message in messages:
        found = _ID_LINE.search(message.text) if message.speaker is Speaker.INTERVIEWER else None
        if found:
            return found[1]
    return None


def named_id(text: str) -> tuple[str | None, bool]:
    """The id of an interview that a candidate's message names, and whether it says nothing else."""
    found = _ID_LINE.search(text)
    return (found[1], not _ID_LINE.sub("", text, count=1).strip()) if found else (None, False)


def spoken(message: Message) -> Message:
    """A message without what this door put there: the interviewer's below the rule, the candidate's naming of an interview."""
    if message.speaker is Speaker.CANDIDATE:
        return replace(message, text="") if named_id(message.text)[1] else message
    rule = _RULE.search(message.text)
    return replace(message, text=message.text[: rule.start()].rstrip()) if rule else message


def conversation(messages: Sequence[Message]) -> tuple[Message, ...]:
    """What was said, speakers in turn, without empty messages.

    The candidate's messages in a row are one, as an app keeps what could not be sent; of the interviewer's the last counts.
    """
    found: list[Message] = []
    for each in messages:
        message = spoken(each)
        if not message.text.strip():
            continue
        if not found or found[-1].speaker is not message.speaker:
            found.append(message)
        elif message.speaker is Speaker.CANDIDATE:
            found[-1] = replace(message, text=f"{found[-1].text}\n\n{message.text}")
        else:
            found[-1] = message
    return tuple(found)


def with_code(text: str) -> tuple[str, str]:
    """(words, code): the last fenced block of a message, and what stands around it. No code where nothing is fenced.

    Fences as in CommonMark: one that is never closed runs to the end.
    """
    lines = text.splitlines(keepends=True)
    opened, fence, block = 0, "", (0, 0)
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and not fence:
            opened, fence = number, found[1]
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence, block = "", (opened, number + 1)
    if fence:
        return "".join(lines[:opened]).strip(), "".join(lines[opened + 1 :])
    start, end = block
    if not end:
        return text, ""
    return "".join((*lines[:start], *lines[end:])).strip(), "".join(lines[start + 1 : end - 1])


def _plain(text: str) -> str:
    """Words to compare: apps change white space, and the store has no invisible characters."""
    known = text[:_LONGEST]
    return " ".join((readable(known) if _ODD.search(known) else known).split())


@dataclass(frozen=True, slots=True)
class _Told:
    """A message or a turn as it is compared."""

    number: int
    speaker: Speaker
    words: str
    code: str = ""
    """Of a turn."""
    text: str = ""
    """Of a message, to look for code in."""

    def is_said_in(self, turn: _Told) -> bool:
        """Whether this message is that turn. Of the interviewer's words the beginning will do: apps can stop a reply half-way."""
        if self.speaker is not turn.speaker:
            return False
        if turn.speaker is Speaker.INTERVIEWER:
            return turn.words.startswith(self.words)
        words, code = map(_plain, with_code(self.text)) if turn.code else (self.words, "")
        return (words, code) == (turn.words, turn.code)


def _messages(history: Sequence[Message]) -> list[_Told]:
    return [_Told(each.number, each.speaker, _plain(each.text), text=each.text) for each in history]


def _turns(turns: Sequence[Turn]) -> list[_Told]:
    return [_Told(turn.seq, turn.speaker, _plain(turn.text), _plain(turn.code)) for turn in turns]


def said_in(message: Message, turn: Turn) -> bool:
    """Whether a message is that turn."""
    return _messages([message])[0].is_said_in(_turns([turn])[0])


def place(history: Sequence[Message], turns: Sequence[Turn]) -> int | None:
    """Seq of the interviewer's turn that the history ends with; None where it is not this interview's.

    A whole history has one place. A shortened one has the latest at which all of it was said before, in order.
    """
    if not history or history[-1].speaker is not Speaker.INTERVIEWER:
        return None
    told, said = _messages(history), _turns(turns)
    if len(told) <= len(said) and all(map(_Told.is_said_in, told, said)):
        return len(told)
    for end in range(len(said), 0, -1):
        if told[-1].is_said_in(said[end - 1]) and _stranger(told, said[:end]) is None:
            return end
    return None


def stranger(history: Sequence[Message], turns: Sequence[Turn]) -> int | None:
    """Number of the first message that was not said, or not after those before it; None where all were."""
    return _stranger(_messages(history), _turns(turns))


def _stranger(told: Sequence[_Told], said: Sequence[_Told]) -> int | None:
    after = 0
    for message in told:
        here = next((at for at in range(after, len(said)) if message.is_said_in(said[at])), None)
        if here is None:
            return message.number
        after = here + 1
    return None


def is_of(history: Sequence[Message], turns: Sequence[Turn]) -> bool:
    """Whether the history has a whole turn of this interview's interviewer, whatever else it has."""
    words = {_plain(turn.text) for turn in turns if turn.speaker is Speaker.INTERVIEWER}
    return any(message.speaker is Speaker.INTERVIEWER and _plain(message.text) in words for message in history)


def hash_of(*parts: str) -> str:
    """Stands for a history: what was said so far, and the words that follow it. Of equal ones it is equal."""
    whole = hashlib.sha256()
    for part in parts:
        said = part.encode("utf-8", "surrogatepass")
        whole.update(b"%d:" % len(said) + said)
    return f"chat-{whole.hexdigest()}"
