"""Search over the concept notes: what to read about a subject."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api import schemas
from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import problems
from app.domain.errors import NotReady
from app.retrieval.index import Filter

router = APIRouter(prefix="/v1/passages", tags=["passages"])


@router.get("", operation_id="searchPassages", responses=problems(422))
async def search(
    held: ServicesDep,
    _: CandidateDep,
    q: Annotated[str, Query(min_length=2, max_length=500, description="What to look for.")],
    topic: Annotated[schemas.Slug | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> schemas.PassagesOut:
    """Passages nearest in meaning. Rubrics and reference answers are not among them."""
    if held.retrieval is None:
        raise NotReady(held.not_ready)
    hits = await held.retrieval.search(q, limit, Filter(kinds=("concept",), topics=(topic,) if topic else ()))
    return schemas.PassagesOut(
        passages=[
            schemas.PassageOut(
                id=hit.passage.id,
                text=hit.passage.text,
                similarity=round(hit.similarity, 4),
                topics=list(hit.passage.topics),
                source=hit.passage.source,
            )
            for hit in hits
        ]
    )
