"""Search over the concept notes: what to read about a subject."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from app.api import report_render
from app.api.dependencies import CandidateDep, ServicesDep
from app.api.report_schemas import ReadPassageOut
from app.api.responses import problems
from app.api.schemas import Out, Slug
from app.domain.errors import NotReady, PassageUnknown
from app.retrieval.index import Filter

router = APIRouter(prefix="/v1/passages", tags=["passages"])


class PassageOut(Out):
    """A passage of the concept notes."""

    id: str
    text: str
    similarity: float = Field(ge=-1.001, le=1.001)
    topics: list[str]
    source: str


class PassagesOut(Out):
    """Passages found, best first."""

    passages: list[PassageOut]


@router.get("", operation_id="searchPassages", responses=problems(422))
async def search(
    held: ServicesDep,
    _: CandidateDep,
    q: Annotated[str, Query(min_length=2, max_length=500, description="What to look for.")],
    topic: Annotated[Slug | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> PassagesOut:
    """Passages nearest in meaning. Rubrics and reference answers are not among them."""
    if held.retrieval is None:
        raise NotReady(held.not_ready)
    hits = await held.retrieval.search(q, limit, Filter(kinds=("concept",), topics=(topic,) if topic else ()))
    return PassagesOut(
        passages=[
            PassageOut(
                id=hit.passage.id,
                text=hit.passage.text,
                similarity=round(hit.similarity, 4),
                topics=list(hit.passage.topics),
                source=hit.passage.source,
            )
            for hit in hits
        ]
    )


# A passage's id holds a number sign, which ends an address.
@router.get("/{note}/{part}", operation_id="readPassage", responses=problems(404, 422))
async def read(
    held: ServicesDep,
    _: CandidateDep,
    note: Annotated[Slug, Path(description="Of the passage's id, what stands before the number sign.")],
    part: Annotated[Slug, Path(description="Of the passage's id, what stands after the number sign.")],
) -> ReadPassageOut:
    """One passage of the concept notes: what a report names to be read."""
    try:
        found = report_render.passage(held.corpus.passage(f"{note}#{part}"))
    except KeyError:
        raise PassageUnknown(f"{note}#{part}") from None
    assert found is not None
    return found
