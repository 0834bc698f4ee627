"""Signing in with a browser: an API key becomes a cookie that no script and no other site can use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from app.api.dependencies import ServicesDep, owner_of
from app.api.origin import KEY_COOKIE
from app.api.responses import problems

router = APIRouter(prefix="/v1", tags=["sign-in"])

KEPT_S = 30 * 24 * 3600


class SignInIn(BaseModel):
    """A key of `viva key create`."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=200)]


@router.post(
    "/sign-in", status_code=status.HTTP_204_NO_CONTENT, operation_id="signIn", responses=problems(400, 403, 413, 422)
)
async def sign_in(given: SignInIn, request: Request, response: Response, held: ServicesDep) -> None:
    """Sets the cookie. On a server without keys there is nothing to sign in to, and nothing is set."""
    if not held.api_keys:
        return
    await owner_of(held.store, given.key.strip())
    response.set_cookie(
        KEY_COOKIE,
        given.key.strip(),
        max_age=KEPT_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT, operation_id="signOut", responses=problems(403))
async def sign_out(response: Response) -> None:
    """Removes the cookie. The key itself stays good; `viva key revoke` ends it."""
    response.delete_cookie(KEY_COOKIE, path="/", httponly=True, samesite="strict")
