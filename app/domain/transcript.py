"""What was said: turns, the kinds of a candidate's words, and the moves of the interviewer.

A transcript is append-only: a stored turn is never changed. Once, what became of its code is added to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.code import CodeOutcome
from app.domain.interview import Claim


class Speaker(StrEnum):
    """Who said it."""

    INTERVIEWER = "interviewer"
    CANDIDATE = "candidate"


class SpanKind(StrEnum):
    """What a stretch of a candidate's turn is. Only `ANSWER` is ever scored."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    """A question about the question."""
    ASK = "ask"
    """A question to the interviewer, in the candidate's own round."""
    HINT = "hint"
    DONT_KNOW = "dont-know"
    REPEAT = "repeat"
    """Asks to hear the question again."""
    THINK = "think"
    """Asks for time."""
    END = "end"
    """Asks to stop the interview."""
    INSTRUCTION = "instruction"
    """Addresses the grader or the machine. Moves nothing, scores nothing."""
    OTHER_LANGUAGE = "other-language"
    GREETING = "greeting"
    """Said before anything was asked: an interview in a chat app is begun by the candidate."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a candidate's turn; spans of one turn cover it in order without overlap."""

    kind: SpanKind
    start: int
    end: int


class MoveKind(StrEnum):
    """What the interviewer does next."""

    OPEN = "open"
    """Greets, and asks the first question."""
    ASK = "ask"
    """Asks a planned question, or the next rung of a chain."""
    PROBE = "probe"
    """Asks for a criterion that is still open."""
    HINT = "hint"
    CHALLENGE = "challenge"
    """Holds a misconception against a case."""
    PRESS = "press"
    """Pushes back on a right answer; never scored down."""
    TESTS = "tests"
    """Says what became of the candidate's code, or asks for it."""
    RECONCILE = "reconcile"
    """Asks, once and kindly, how two things go together that the candidate said or wrote; never scored down."""
    CHECK = "check"
    """Asks about a sum over the candidate's own figures that does not come out."""
    CLARIFY = "clarify"
    """Answers a question about the question."""
    REPLY = "reply"
    """Answers the candidate's question to the interviewer."""
    REPEAT = "repeat"
    WAIT = "wait"
    REDIRECT = "redirect"
    """Says what happens to words that are not an answer, and asks again."""
    CONFIRM_END = "confirm-end"
    MOVE_ON = "move-on"
    """Leaves this question kindly and asks the next one of the same round."""
    CHANGE_ROUND = "change-round"
    """Announces the next round and asks its first question."""
    CLOSE = "close"


class Telling(StrEnum):
    """Why a fact of a scenario was told."""

    ASKED = "asked"
    VOLUNTEERED = "volunteered"
    """Its stage had come, and nobody had asked."""
    HELPED = "helped"
    """The candidate should have estimated it and could not."""


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact of a scenario's sheet that a move tells."""

    id: str
    how: Telling
    start: int = 0
    """The question that asked for it is `start:end` of the candidate's turn before the move; both 0 where none did."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A table that the interviewer lays before the candidate."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int | float | str, ...], ...]
    """From the top, a cell for each column."""


@dataclass(frozen=True, slots=True)
class Move:
    """What the director decided, and why. `spoken` is complete: it can be said as it stands, without a model."""

    kind: MoveKind
    reason: str
    """For a person to read: "probe c3: must, open, nearest to the last words, 2:10 left"."""
    spoken: str
    """The written words of this move. A model may only add a bridge before them."""
    round: str = ""
    question_id: str = ""
    part_id: str = ""
    """Rung of a chain, stage of a scenario, question about a table; empty for a question and a scenario's opening."""
    criterion_id: str = ""
    hint: int = 0
    """1 for the first hint of a criterion's ladder; 0 where the move is none."""
    misconception_id: str = ""
    claim: Claim | None = None
    bridge: bool = False
    """Whether a model is asked for a sentence that leads from the candidate's last words to `spoken`."""
    editor: str = ""
    """Language of the code that the question is answered with, `python` or `sql`; empty where words are all."""
    without_tests: str = ""
    """Why code cannot be run at this moment, where the question is answered with code; empty where it can."""
    facts: tuple[FactTold, ...] = ()
    """What it tells of a scenario's facts, in the order of the words."""
    table: Exhibit | None = None
    """Shown with the words, where the question is about a table."""
    takes_up: str = ""
    """Key of earlier words that it takes up, so that it is done once; empty where it takes up none."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model call spent."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    """Where the words of an interviewer's turn come from."""

    source: str
    """`written`: the corpus's words, after the candidate's own in quotation marks at most; `model`: with a bridge by a model."""
    why_written: str = ""
    """For `written`: not-asked, late, leak, empty, failed."""
    prompt_id: str = ""
    prompt_version: int = 0
    prompt_hash: str = ""
    model_asked: str = ""
    model_answered: str = ""
    temperature: float = 0.0
    usage: Usage = field(default_factory=Usage)
    first_sentence_ms: int = 0
    """From the stored answer to the first released sentence."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the compact scorer made of one criterion when the turn was stored: it guides the next move, it is no score."""

    criterion_id: str
    p_shown: float
    p_contradicted: float
    quote: str
    """The sentence it rests on; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance. Offsets elsewhere point into `text` as stored here."""

    id: str
    interview_id: str
    seq: int
    """From 1, without gaps."""
    speaker: Speaker
    text: str
    created_at: datetime
    question_id: str = ""
    """The question it belongs to; empty outside of questions."""
    part_id: str = ""
    spans: tuple[Span, ...] = ()
    """Of a candidate's turn."""
    marks: tuple[Mark, ...] = ()
    """Kept with the interviewer's turn that followed from them."""
    move: Move | None = None
    """Of an interviewer's turn."""
    passages: tuple[str, ...] = ()
    """Ids of the passages this turn stands on."""
    generation: Generation | None = None
    idempotency_key: str = ""
    code: str = ""
    """Of a candidate's turn: what was written in the editor. Never heard as an answer in words."""
    outcome: CodeOutcome | None = None
    """What became of `code`; None where there is none, where the question has no tests, or where they still run."""

    def answer_text(self) -> str:
        """The candidate's words that count as an answer; everything else is blanked, so that offsets still hold."""
        if not self.spans:
            return self.text if self.speaker is Speaker.CANDIDATE else ""
        kept = [" "] * len(self.text)
        for span in self.spans:
            if span.kind is SpanKind.ANSWER:
                kept[span.start : span.end] = self.text[span.start : span.end]
        return "".join(kept)
