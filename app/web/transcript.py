"""The transcript to review: the conversation with each score, note and appeal beside the words that it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse

from app.web.how_sure import asked_first
from app.web.page import VisitDep
from app.web.places import Mark, Piece, Place, pieces, read

router = APIRouter(prefix="/interviews/{interview_id}")

_SAID = frozenset({"shown", "partly", "contradicted"})


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a turn: `kind` is `evidence`, `appeal` or `note`; `value` is the API's own object."""

    number: int
    kind: str
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as it is shown."""

    turn: Mapping[str, Any]
    text: tuple[Piece, ...]
    code: tuple[Piece, ...]
    notes: tuple[Note, ...]
    question: Mapping[str, Any] | None
    """The question that this turn asks first."""


@router.get("/transcript")
async def transcript(
    visit: VisitDep,
    interview_id: str,
    words: Annotated[str, Query(max_length=8000)] = "",
    reveal: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """The conversation; `words` are places to mark, as a report's numbers lead to them.

    Marks of which the visitor can still say how sure they are come with `reveal`, or once it is said.
    """
    review = await visit.api.get(f"/v1/interviews/{interview_id}/review", blind=not reveal)
    places = read(words)
    turns = shown(review, places)
    return await visit.show(
        "transcript.html",
        interview=review["interview"],
        turns=turns,
        questions=review["questions"],
        readable=review["scores_readable"],
        hidden=review["hidden"] if review["scores_readable"] else [],
        marked=sum(mark.kind == "word" for each in turns for piece in (*each.text, *each.code) for mark in piece.opens),
    )


def shown(review: Mapping[str, Any], places: Iterable[Place]) -> list[Shown]:
    """Turns cut into pieces, with their notes numbered through the whole conversation."""
    sought = list(places)
    asked = {question["asked_in"]: question for question in review["questions"]}
    turns, number, words = [], 0, 0
    for turn in review["turns"]:
        notes = []
        for kind, of_kind in (
            ("evidence", _by_criterion(turn["evidence"])),
            ("appeal", turn["appeals"]),
            ("note", turn["annotations"]),
        ):
            for value in of_kind:
                number += 1
                notes.append(Note(number, kind, value))
        in_it = [place for place in sought if place.turn in {str(turn["seq"]), turn["id"]}]
        here = list(enumerate(sorted(in_it, key=lambda place: (place.in_code, place.start, place.end)), words + 1))
        words += len(here)
        turns.append(
            Shown(
                turn,
                pieces(turn["text"], _marks(notes, here, in_code=False)),
                pieces(turn["code"], _marks(notes, here, in_code=True)),
                tuple(notes),
                asked.get(turn["seq"]),
            )
        )
    return turns


def _by_criterion(evidence: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each criterion, with all its places in the turn."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in evidence:
        one = found.setdefault((each["question_id"], each["criterion_id"]), {**each, "places": []})
        one["places"].append(each)
    return list(found.values())


def _marks(notes: Iterable[Note], places: Iterable[tuple[int, Place]], *, in_code: bool) -> list[Mark]:
    marks = [
        Mark(
            place["start"],
            place["end"],
            note.value["state"] if note.kind == "evidence" else note.kind,
            f"n{note.number}",
            note.number,
        )
        for note in notes
        for place in note.value.get("places", [note.value])
        if place["start"] is not None and place.get("in_code", False) is in_code
    ]
    return marks + [
        Mark(place.start, place.end, "word", f"w{number}", number)
        for number, place in places
        if place.in_code is in_code
    ]


@router.get("/rescore")
async def before_rescoring(visit: VisitDep, interview_id: str) -> HTMLResponse:
    """Says what scoring again does; what it changes shows marks."""
    first = await asked_first(visit, interview_id)
    if first is not None:
        return first
    interview = await visit.api.get(f"/v1/interviews/{interview_id}")
    return await visit.show("rescore.html", interview=interview, outcome=None, stored=False)


@router.post("/rescore")
async def rescore(visit: VisitDep, interview_id: str, keep: Annotated[str, Form()] = "") -> HTMLResponse:
    """Scores again under the present versions and shows what changes; stores it where `keep` says so."""
    place = f"/v1/interviews/{interview_id}"
    interview = await visit.api.get(place)
    outcome = (await visit.api.call("POST", f"{place}/rescore", json={"dry_run": not keep})).json()
    return await visit.show("rescore.html", interview=interview, outcome=outcome, stored=bool(keep))
