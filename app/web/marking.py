"""Marking words: a note on them, an appeal on their strength, a correction of a mark. All of it without a script and without a mouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.door import Api, Refused
from app.web.how_sure import asked_first
from app.web.page import Visit, VisitDep
from app.web.places import Stretch, span, stretches

router = APIRouter(prefix="/interviews/{interview_id}")

Id = Annotated[str, Query(max_length=100)]
Place = Annotated[int | None, Query(ge=0, le=10**6)]
Text = Annotated[str, Form()]
CORRECTABLE = ("shown", "partly", "missed", "contradicted")
APPEALABLE = frozenset({"missed", "partly", "contradicted", "not-assessed", "unscored"})
ROLES = (("candidate", "I am the candidate"), ("peer", "A peer"), ("coach", "A coach"), ("expert", "An expert"))


@dataclass(frozen=True, slots=True)
class Answer:
    """A turn whose words can be chosen, stretch by stretch."""

    turn: Mapping[str, Any]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that were chosen already: `text[start:end]` of a turn."""

    turn_id: str
    seq: int
    start: int
    end: int
    quote: str
    in_code: bool


class Unclear(Exception):
    """No words were chosen, or words of more than one turn."""


async def review(api: Api, interview_id: str, *, blind: bool) -> Any:
    """The review of an interview; `blind` leaves out marks of which one can still say how sure one is."""
    return await api.get(f"/v1/interviews/{interview_id}/review", blind=blind)


def find(turns: Iterable[Mapping[str, Any]], turn_id: str) -> Mapping[str, Any] | None:
    """The turn of this id."""
    return next((turn for turn in turns if turn["id"] == turn_id), None)


def selected(
    turns: Iterable[Mapping[str, Any]], turn_id: str, start: int | None, end: int | None, *, in_code: bool = False
) -> Words | None:
    """The words that an address names; None where it names none that are there."""
    turn = find(turns, turn_id)
    if turn is None or start is None or end is None:
        return None
    text = turn["code"] if in_code else turn["text"]
    if not start < end <= len(text):
        return None
    return Words(turn_id, turn["seq"], start, end, text[start:end], in_code)


def answers(turns: Iterable[Mapping[str, Any]], *, question_id: str = "", turn_id: str = "") -> list[Answer]:
    """The candidate's answers to one question, or the one turn, each cut into what can be chosen.

    Without a turn, requests such as for a hint are left out, unless nothing was heard as an answer.
    """
    found = [
        turn
        for turn in turns
        if turn["text"]
        and (
            turn["id"] == turn_id if turn_id else turn["speaker"] == "candidate" and turn["question_id"] == question_id
        )
    ]
    answered = [turn for turn in found if not turn["kind"] or "answer" in turn["kind"]]
    return [Answer(turn, stretches(turn["text"])) for turn in (found if turn_id else answered or found)]


def chosen(words: Sequence[str]) -> tuple[str, int, int]:
    """The turn and the place of chosen stretches, each written `turn start-end`. Raises `Unclear`."""
    by_turn: dict[str, list[str]] = {}
    for each in words:
        turn_id, _, ends = each.rpartition(" ")
        by_turn.setdefault(turn_id, []).append(ends)
    if len(by_turn) != 1:
        raise Unclear
    ((turn_id, ends_of_one),) = by_turn.items()
    place = span(ends_of_one)
    if place is None:
        raise Unclear
    return turn_id, *place


@router.get("/note")
async def note(
    visit: VisitDep, interview_id: str, turn: Id = "", start: Place = None, end: Place = None, code: Id = ""
) -> Response:
    """A note on words, or on a whole turn."""
    found = await review(visit.api, interview_id, blind=True)
    on = find(found["turns"], turn)
    if on is None:
        return RedirectResponse(f"/interviews/{interview_id}/transcript", 303)
    return await visit.show(
        "note.html",
        interview=found["interview"],
        turn=on,
        words=selected(found["turns"], turn, start, end, in_code=bool(code)),
        choices=answers(found["turns"], turn_id=turn),
        picked=(),
        text="",
        existing=None,
        refused="",
    )


@router.post("/note")
async def keep_note(
    visit: VisitDep,
    interview_id: str,
    turn: Text = "",
    text: Text = "",
    words: Annotated[list[str] | None, Form()] = None,
    code: Text = "",
) -> Response:
    """Stores a note and goes back to the turn; where it is refused, what was written is shown again."""
    body: dict[str, Any] = {"turn_id": turn, "text": text}
    try:
        if words:
            _, start, end = chosen(words)
            body |= {"start": start, "end": end, "in_code": bool(code)}
        made = (await visit.api.call("POST", f"/v1/interviews/{interview_id}/annotations", json=body)).json()
    except (Unclear, Refused) as error:
        said, status = _why_not(error)
        found = await review(visit.api, interview_id, blind=True)
        on = find(found["turns"], turn)
        if on is None:
            raise
        choices = answers(found["turns"], turn_id=turn)
        return await visit.show(
            "note.html",
            status,
            interview=found["interview"],
            turn=on,
            words=_fixed(found["turns"], words, choices, in_code=bool(code)),
            choices=choices,
            picked=words or (),
            text=text,
            existing=None,
            refused=said,
        )
    return RedirectResponse(f"/interviews/{interview_id}/transcript#t{made['seq']}", 303)


def _why_not(error: Unclear | Refused) -> tuple[str, int]:
    """What a form says whose words were refused, and the status of its page; any other refusal is raised again."""
    if isinstance(error, Unclear):
        return "The words must be of one answer.", 422
    if error.status not in {409, 422}:
        raise error
    return str(error.problem["detail"]), error.status


def _fixed(
    turns: Iterable[Mapping[str, Any]], words: Sequence[str] | None, choices: Iterable[Answer], *, in_code: bool = False
) -> Words | None:
    """Words that were chosen before the form was shown, and not by its boxes; None where there were none."""
    boxes = {f"{answer.turn['id']} {each.start}-{each.end}" for answer in choices for each in answer.stretches}
    if not words or boxes.issuperset(words):
        return None
    try:
        turn_id, start, end = chosen(words)
    except Unclear:
        return None
    return selected(turns, turn_id, start, end, in_code=in_code)


@router.get("/notes/{note_id}")
async def read_note(visit: VisitDep, interview_id: str, note_id: str) -> Response:
    """A note, to be changed or deleted."""
    return await _one_note(visit, interview_id, note_id)


async def _one_note(
    visit: Visit, interview_id: str, note_id: str, text: str | None = None, *, status: int = 200, refused: str = ""
) -> Response:
    """The page of a note; with `text`, these words in the place of those that are stored."""
    found = await review(visit.api, interview_id, blind=True)
    for turn in found["turns"]:
        for each in turn["annotations"]:
            if each["id"] == note_id:
                return await visit.show(
                    "note.html",
                    status,
                    interview=found["interview"],
                    turn=turn,
                    words=selected(found["turns"], turn["id"], each["start"], each["end"], in_code=each["in_code"]),
                    choices=[],
                    picked=(),
                    text=each["text"] if text is None else text,
                    existing=each,
                    refused=refused,
                )
    return RedirectResponse(f"/interviews/{interview_id}/transcript", 303)


@router.post("/notes/{note_id}")
async def change_note(
    visit: VisitDep, interview_id: str, note_id: str, text: Text = "", seq: Text = "1", delete: Text = ""
) -> Response:
    """Changes or deletes a note; where the change is refused, what was written is shown again."""
    path = f"/v1/interviews/{interview_id}/annotations/{note_id}"
    if delete:
        await visit.api.call("DELETE", path)
    else:
        try:
            await visit.api.call("PATCH", path, json={"text": text})
        except Refused as error:
            said, status = _why_not(error)
            return await _one_note(visit, interview_id, note_id, text, status=status, refused=said)
    return RedirectResponse(f"/interviews/{interview_id}/transcript#t{int(seq) if seq.isdecimal() else 1}", 303)


@dataclass(frozen=True, slots=True)
class Aim:
    """What an appeal or a correction is about, as far as an address says it; the rest is chosen on the page."""

    question: str = ""
    criterion: str = ""
    turn: str = ""
    start: int | None = None
    end: int | None = None


def _aim(question: Id = "", criterion: Id = "", turn: Id = "", start: Place = None, end: Place = None) -> Aim:
    return Aim(question, criterion, turn, start, end)


AimDep = Annotated[Aim, Depends(_aim)]


async def _wish(
    visit: Visit, interview_id: str, aim: Aim, *, picked: Sequence[str] | None = None, refused: str = ""
) -> dict[str, Any]:
    """What the pages of appeals and corrections show: the criterion or those one can choose, the words or those one can choose.

    `picked` is what was chosen in a form that was `refused`.
    """
    found = await review(visit.api, interview_id, blind=False)
    words = selected(found["turns"], aim.turn, aim.start, aim.end)
    on = find(found["turns"], aim.turn)
    question_id = aim.question or (on["question_id"] if on else "")
    asked = next((each for each in found["questions"] if each["question_id"] == question_id), None)
    criteria = asked["score"]["criteria"] if asked and asked["score"] else []
    choices = answers(
        found["turns"], question_id=question_id, turn_id=aim.turn if aim.turn and not aim.criterion else ""
    )
    return {
        "interview": found["interview"],
        "question_id": question_id,
        "criteria": criteria,
        "criterion": next((each for each in criteria if each["id"] == aim.criterion), None),
        "words": words or _fixed(found["turns"], picked, choices),
        "choices": choices,
        "picked": picked or (),
        "refused": refused,
    }


async def _form(visit: Visit, interview_id: str, aim: Aim, template: str, **told: Any) -> HTMLResponse:
    """The page of an appeal or a correction; before it, how sure one is, where that can still be said."""
    first = await asked_first(visit, interview_id)
    return first or await visit.show(template, **told, **await _wish(visit, interview_id, aim))


@router.get("/appeal")
async def appeal(visit: VisitDep, interview_id: str, aim: AimDep) -> HTMLResponse:
    """Appeals, “I did say that”: choose the criterion and the words."""
    return await _form(visit, interview_id, aim, "appeal.html", outcome=None, appealable=APPEALABLE)


@router.post("/appeal")
async def decide(
    visit: VisitDep,
    interview_id: str,
    question: Text = "",
    criterion: Text = "",
    words: Annotated[list[str] | None, Form()] = None,
) -> HTMLResponse:
    """Has the words judged again, and says at once what came of it."""
    outcome, refused, status = None, "", 200
    try:
        turn_id, start, end = chosen(words or [])
        body = {"question_id": question, "criterion_id": criterion, "turn_id": turn_id, "start": start, "end": end}
        outcome = (await visit.api.call("POST", f"/v1/interviews/{interview_id}/appeals", json=body)).json()
    except Unclear:
        refused, status = "Choose the words: one or more parts of one answer.", 422
    except Refused as error:
        refused, status = _why_not(error)
    wish = await _wish(
        visit, interview_id, Aim(question, criterion), picked=words if refused else None, refused=refused
    )
    return await visit.show("appeal.html", status, outcome=outcome, appealable=APPEALABLE, **wish)


@router.get("/correct")
async def correct(visit: VisitDep, interview_id: str, aim: AimDep) -> HTMLResponse:
    """Corrects, “I see it otherwise”: what a person makes of a criterion."""
    return await _form(visit, interview_id, aim, "correct.html", states=CORRECTABLE, roles=ROLES, wrote={})


@router.post("/correct")
async def keep_correction(
    visit: VisitDep,
    interview_id: str,
    question: Text = "",
    criterion: Text = "",
    state: Text = "",
    why: Text = "",
    role: Text = "candidate",
    by: Text = "",
    words: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Stores the correction beside the machine's mark; where it is refused, what was written is shown again."""
    wrote = {"state": state, "why": why, "role": role, "by": by}
    body: dict[str, Any] = {"question_id": question, "criterion_id": criterion, **wrote}
    try:
        if words:
            turn_id, start, end = chosen(words)
            body |= {"turn_id": turn_id, "start": start, "end": end}
        await visit.api.call("POST", f"/v1/interviews/{interview_id}/overrides", json=body)
    except (Unclear, Refused) as error:
        said, status = _why_not(error)
        wish = await _wish(visit, interview_id, Aim(question, criterion), picked=words, refused=said)
        return await visit.show("correct.html", status, states=CORRECTABLE, roles=ROLES, wrote=wrote, **wish)
    return RedirectResponse(f"/interviews/{interview_id}/transcript#other-title", 303)


@router.post("/corrections/{override_id}/delete")
async def take_back(visit: VisitDep, interview_id: str, override_id: str) -> Response:
    """Deletes a correction."""
    await visit.api.call("DELETE", f"/v1/interviews/{interview_id}/overrides/{override_id}")
    return RedirectResponse(f"/interviews/{interview_id}/transcript", 303)
