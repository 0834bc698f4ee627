"""Search over all of one's interviews. A form that needs no script: the address is the search."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.web.door import Refused
from app.web.page import VisitDep
from app.web.places import Mark, pieces

router = APIRouter()

PER_PAGE = 20
SPEAKERS = (("candidate", "You"), ("interviewer", "The interviewer"))
STATES = ("shown", "partly", "missed", "contradicted", "not-assessed", "unscored")
Field = Annotated[str, Query(max_length=300)]


@router.get("/search")
async def search(
    visit: VisitDep,
    q: Field = "",
    speaker: Field = "",
    round: Field = "",
    state: Field = "",
    since: Annotated[str, Query(alias="from", max_length=20)] = "",
    until: Annotated[str, Query(alias="to", max_length=20)] = "",
    after: Field = "",
) -> HTMLResponse:
    """The form, and what it found; nothing is looked for before anything is asked."""
    wish = {"q": q, "speaker": speaker, "round": round, "state": state, "from": since, "to": until}
    asked = {name: value for name, value in wish.items() if value.strip()}
    found, refused, status = None, "", 200
    if asked:
        try:
            found = await visit.api.get("/v1/search", limit=PER_PAGE, **asked, **({"after": after} if after else {}))
        except Refused as error:
            if error.status != 422:
                raise
            refused, status = "A filter has a value that is none of its own. Choose another one.", 422
    rounds = (await visit.api.get("/v1/catalog/rounds"))["rounds"]
    return await visit.show(
        "search.html",
        status,
        wish=wish,
        found=found,
        hits=[_hit(hit) for hit in found["hits"]] if found else [],
        hidden=(await visit.api.get("/v1/confidence/hidden"))["interviews"] if state else [],
        refused=refused,
        rounds=rounds,
        speakers=SPEAKERS,
        states=STATES,
        filtered=any(value for name, value in asked.items() if name != "q"),
        more=f"/search?{urlencode({**asked, 'after': found['next']})}" if found and found["next"] else "",
    )


_ENDS = (".", "!", "?", ")", "”", '"', ":")
"""With what somebody's words end; a snippet that ends with anything else goes on."""


def _hit(hit: dict[str, Any]) -> dict[str, Any]:
    """A hit with its snippet cut at its highlights, and the place in the transcript that it leads to."""
    marks = [Mark(each["start"], each["end"], "word") for each in hit["highlights"]]
    refs = [
        {
            "seq": hit["seq"],
            "start": hit["start"] + mark.start,
            "end": hit["start"] + mark.end,
            "in_code": hit["in_code"],
        }
        for mark in marks
    ]
    whole = {"seq": hit["seq"], "start": hit["start"], "end": hit["end"], "in_code": hit["in_code"]}
    said = hit["snippet"].rstrip()
    cut = {
        "cut_before": hit["start"] > 0,
        "cut_after": not hit["in_code"] and not said.endswith(_ENDS),
        "snippet": said,
    }
    return {**hit, **cut, "pieces": pieces(said, marks), "refs": refs or [whole]}
