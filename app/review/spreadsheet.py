"""Transcript and report as tables for a spreadsheet. What would be a formula there is text: `Table.csv` sees to it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.interview import Interview
from app.domain.remarks import Override
from app.domain.score import Score
from app.domain.transcript import Speaker, Turn
from app.exercises.tables import Table
from app.review.labels import latest

TRANSCRIPT = ("seq", "said_at", "speaker", "round", "question_id", "kind", "text", "code", "reason")
REPORT = (
    "question_id",
    "round",
    "level",
    "criterion_id",
    "says",
    "kind",
    "state",
    "reached",
    "hints",
    "quotes",
    "turns",
    "next_time",
    "reason",
    "persons_say",
)


def transcript(turns: Sequence[Turn], *, revealed: bool) -> Table:
    """A row for each turn; reasons of moves once they are `revealed`."""
    rows = []
    for turn in turns:
        move = turn.move
        kinds = "+".join(dict.fromkeys(str(span.kind) for span in turn.spans))
        rows.append(
            (
                turn.seq,
                turn.created_at.isoformat(),
                str(turn.speaker),
                move.round if move is not None else "",
                turn.question_id,
                kinds if turn.speaker is Speaker.CANDIDATE else str(move.kind) if move is not None else "",
                turn.text,
                turn.code,
                move.reason if move is not None and revealed else "",
            )
        )
    return Table(TRANSCRIPT, tuple(rows))


def report(turns: Sequence[Turn], scores: Sequence[Score], overrides: Sequence[Override]) -> Table:
    """A row for each criterion that was judged, with what persons say of it beside what the machine says."""
    seq_of = {turn.id: turn.seq for turn in turns}
    kept = latest(overrides)
    rows = []
    for score in scores:
        for each in score.criteria:
            persons = [
                f"{one.role}{f' {one.by}' if one.by else ''}: {one.state}"
                for one in overrides
                if one.id in kept and (one.question_id, one.criterion_id) == (score.question_id, each.criterion_id)
            ]
            rows.append(
                (
                    score.question_id,
                    score.round,
                    "" if score.level is None else score.level,
                    each.criterion_id,
                    each.says,
                    str(each.kind),
                    str(each.state),
                    str(each.reached or ""),
                    each.hints,
                    "\n".join(evidence.quote for evidence in each.evidence),
                    " ".join(str(seq_of.get(evidence.turn_id, "")) for evidence in each.evidence),
                    each.next_time,
                    each.reason,
                    "; ".join(persons),
                )
            )
    return Table(REPORT, tuple(rows))


def file_name(what: str, interview: Interview) -> str:
    """A name for the file: the day and nothing that anybody wrote."""
    return f"{what}-{interview.opened_at or interview.created_at:%Y-%m-%d}.csv"
