"""Which hint is given to somebody who asks for one, and what it costs."""

from __future__ import annotations

from app.domain.sentences import words as words_in
from app.domain.transcript import Move, MoveKind
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.director.follow_ups import probe
from app.interviewing.director.here import Here
from app.interviewing.director.onwards import onwards
from app.interviewing.director.open_criteria import best_open, focus
from app.interviewing.phrases.follow_ups import NO_HINT_LEFT
from app.interviewing.state import Conversation

HINT_COST = "I'll note that a hint was given: the point still counts, the top level is for unaided answers."
HINT_COST_SHORT = "I'll note that a hint was given."


def give_hint(here: Here) -> Move:
    """The next rung of the criterion in focus; where its hints are given, another open one is asked for."""
    point = focus(here)
    if point is None:
        return onwards(here, "asked for a hint where nothing is open")
    if point.hints >= len(point.criterion.hints):
        given = f"all hints for {point.id} are given"
        other = None if here.question_over else best_open(here, besides=point.id)
        if other is None:
            return onwards(here, given)
        return probe(here, other, before=f"{given}; ", note=NO_HINT_LEFT.usual)
    hint = point.criterion.hints[point.hints]
    cost = "" if _hinted_before(here.state) else _cost_beside(hint.says)
    return here.move(
        MoveKind.HINT,
        f"asked for a hint: rung {point.hints + 1} of {len(point.criterion.hints)} for {point.id}, noted beside its score",
        f"{cost} {hint.says}".strip(),
        criterion_id=point.id,
        hint=point.hints + 1,
    )


def _cost_beside(hint: str) -> str:
    """What a first hint costs, in as many words as there is room for."""
    return HINT_COST if len(words_in(hint)) + len(words_in(HINT_COST)) <= MAX_SPOKEN_WORDS else HINT_COST_SHORT


def _hinted_before(state: Conversation) -> bool:
    return any(turn.move is not None and turn.move.kind is MoveKind.HINT for turn in state.turns)
