"""What is said to code, or to a turn that should have had some."""

from __future__ import annotations

from dataclasses import replace

from app.domain.sentences import words as words_in
from app.domain.transcript import Move, MoveKind
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.code_moves import code_step
from app.interviewing.director.about_the_answer import about_the_answer
from app.interviewing.director.follow_ups import FOLLOW_UPS
from app.interviewing.director.here import Here


def about_code(here: Here) -> Move | None:
    """A move for a turn with code, or for one that should have had some; None where its words decide."""
    step = code_step(here.state.turns, here.subject)
    if step is None:
        return None
    if step.goes_on or here.question_over:
        following = about_the_answer(here)
        note = step.spoken if step.goes_on else ""
        if following.kind in FOLLOW_UPS and len(words_in(f"{note} {following.spoken}")) > MAX_SPOKEN_WORDS:
            note = ""
        return replace(
            following,
            reason=f"{step.reason}; {following.reason}",
            spoken=f"{note} {following.spoken}".strip(),
            bridge=False,
        )
    tested = next((each.id for each in here.subject.criteria if each.evidence == "tests"), "")
    return here.move(MoveKind.TESTS, step.reason, step.spoken, criterion_id=tested if step.about_tests else "")
