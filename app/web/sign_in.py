"""Signing in, where the server asks for keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from app.web.door import Refused
from app.web.page import VisitDep

router = APIRouter()


@router.get("/sign-in")
async def ask(visit: VisitDep, next: Annotated[str, Query()] = "/") -> Response:
    """Asks for a key."""
    return await visit.show("sign_in.html", next=local(next), refused="")


@router.post("/sign-in")
async def take(visit: VisitDep, key: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/") -> Response:
    """Hands the key to the API, which gives a cookie for it; then goes to where the visitor wanted."""
    try:
        taken = await visit.api.call("POST", "/v1/sign-in", json={"key": key.strip()})
    except Refused as error:
        if error.status not in {401, 422}:
            raise
        said = "This key is not known here, or was revoked. Check that all of it was copied."
        return await visit.show("sign_in.html", 401, next=local(next), refused=said)
    back = RedirectResponse(local(next), 303)
    for cookie in taken.headers.get_list("set-cookie"):
        back.headers.append("set-cookie", cookie)
    return back


@router.post("/sign-out")
async def leave(visit: VisitDep) -> Response:
    """Takes the cookie away."""
    taken = await visit.api.call("POST", "/v1/sign-out")
    back = RedirectResponse("/sign-in", 303)
    for cookie in taken.headers.get_list("set-cookie"):
        back.headers.append("set-cookie", cookie)
    return back


def local(address: str) -> str:
    r"""A path on this server, or `/`: never `//host` or `/\host`, which a browser would take for another one."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe else "/"
