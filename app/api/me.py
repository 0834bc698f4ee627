"""One's own data: how much there is, all of it out and in, all of it gone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import problems
from app.domain.errors import DataVersionUnknown, ExamStillOpen
from app.persistence.records import LOCAL_CANDIDATE
from app.persistence.repositories.personal import parsed

router = APIRouter(prefix="/v1/me", tags=["one's own data"])

IMPORT_PATH = "/v1/me/import"
FORMAT = "viva-data"
VERSION = 1
"""Grows when a document of the one before can no longer be read as it is."""


class MeOut(BaseModel):
    """What is stored of oneself."""

    label: str = Field(description="As whoever made the key wrote it.")
    created_at: datetime
    stored: dict[str, int] = Field(description="Rows, by table of the document.")


class DataDocument(BaseModel):
    """All of one's data. Rows are as this version of Viva keeps them."""

    model_config = ConfigDict(extra="forbid")

    format: str = FORMAT
    version: int = VERSION
    tables: dict[str, list[dict[str, Any]]]


class RestoredOut(BaseModel):
    """What became of a document, in rows by table."""

    added: dict[str, int]
    there_already: dict[str, int] = Field(description="One's own already, by their ids, and what belongs to them.")


@router.get("", operation_id="readMe", responses=problems(404, 422))
async def read(held: ServicesDep, candidate_id: CandidateDep) -> MeOut:
    """How much is stored of oneself."""
    async with held.store.read() as work:
        candidate = await work.candidates.get(candidate_id)
        return MeOut(
            label=candidate.label, created_at=candidate.created_at, stored=await work.personal.count(candidate_id)
        )


@router.get("/export", operation_id="exportMyData", responses=problems(409, 422))
async def export(response: Response, held: ServicesDep, candidate_id: CandidateDep) -> DataDocument:
    """All that is stored of oneself, as one document. Not while one sits an exam: it holds what is looked for."""
    async with held.store.read() as work:
        exam = await work.interviews.open_exam(candidate_id)
        if exam is not None:
            raise ExamStillOpen(exam)
        tables = await work.personal.export(candidate_id)
    response.headers["Content-Disposition"] = 'attachment; filename="viva-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return DataDocument(tables=tables)


@router.post("/import", operation_id="importMyData", responses=problems(400, 409, 413, 422))
async def import_(document: DataDocument, held: ServicesDep, candidate_id: CandidateDep) -> RestoredOut:
    """Stores a document of one's data, all of it or nothing. What is one's own already stays as it is."""
    if (document.format, document.version) != (FORMAT, VERSION):
        raise DataVersionUnknown(f"{document.format[:40]} {document.version}", f"{FORMAT} {VERSION}")
    rows = await to_thread.run_sync(parsed, document.tables)
    async with held.store.write() as work:
        exam = await work.interviews.open_exam(candidate_id)
        if exam is not None:
            raise ExamStillOpen(exam)
        restored = await work.personal.restore(candidate_id, rows, now=held.now(), new_id=lambda: uuid.uuid4().hex)
        await work.commit()
    return RestoredOut(added=dict(restored.added), there_already=dict(restored.there_already))


@router.delete(
    "", status_code=status.HTTP_204_NO_CONTENT, operation_id="deleteEverythingOfMine", responses=problems(404, 422)
)
async def delete(
    held: ServicesDep,
    candidate_id: CandidateDep,
    confirm: Annotated[Literal["everything"], Query(description="So that it does not happen by mistake.")],  # noqa: ARG001
) -> None:
    """Deletes all that is stored of oneself, the keys too. It cannot be undone."""
    async with held.store.write() as work:
        gone = await work.personal.erase(candidate_id)
        if candidate_id == LOCAL_CANDIDATE:
            # The one of a laptop begins anew, without anything.
            await work.candidates.ensure_local(now=held.now())
        await work.commit()
    held.forget(gone)
    await held.store.scrub()
