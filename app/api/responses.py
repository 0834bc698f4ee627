"""How refusals are documented: as problem documents, by status."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.problems import MEDIA_TYPE


class Problem(BaseModel):
    """A problem document of RFC 9457. Further members depend on its type; docs/api.md has a paragraph for each."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = Field(description="What happened, and what to do.")
    instance: str = Field(default="", description="Identifies the request in the server's log.")


SAID = {
    400: "The body cannot be read.",
    401: "No API key, or none that is valid.",
    403: "Sent by another site's page.",
    404: "There is no such thing, or it is another candidate's.",
    409: "It does not fit the state that this is in.",
    413: "Too large.",
    415: "A type that is not read.",
    422: "Malformed, or nothing that can be worked with.",
    503: "Try again in a moment.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may refuse with these statuses; 401 and 503 always belong to them."""
    return {
        status: {
            "description": SAID[status],
            "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
        }
        for status in sorted({401, 503, *statuses})
    }


NOT_FOUND = problems(404, 422)
CONFLICT = problems(404, 409, 422)
