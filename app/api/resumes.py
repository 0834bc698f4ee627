"""Resumes: a file in, projects and claims with their place in the text out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile, status

from app.api import moments, render
from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import NOT_FOUND, problems
from app.api.resume_schemas import ListedResumeOut, ResumeList, ResumeOut
from app.api.schemas import Id
from app.persistence.records import ListPlace

router = APIRouter(prefix="/v1/resumes", tags=["resumes"])


@router.post(
    "", status_code=status.HTTP_201_CREATED, operation_id="uploadResume", responses=problems(400, 413, 415, 422)
)
async def upload(
    file: Annotated[UploadFile, File(description="PDF, DOCX, Markdown, plain text or JSON Resume; at most 5 MiB.")],
    held: ServicesDep,
    candidate_id: CandidateDep,
) -> ResumeOut:
    """Reads a resume. Nothing is invented: each project, technique and claim is a slice of the file's text."""
    resume = await held.read_resume(await file.read(), file.filename or "resume", file.content_type or "", candidate_id)
    async with held.store.write() as work:
        await work.resumes.add(resume)
        await work.commit()
    return render.resume(resume)


@router.get("", operation_id="listResumes", responses=problems(422))
async def list_all(
    held: ServicesDep,
    candidate_id: CandidateDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[moments.ListPlace | None, Query(description="`next` of the page before.")] = None,
) -> ResumeList:
    """One's resumes, newest first."""
    before = ListPlace(*moments.place(after)) if after else None
    async with held.store.read() as work:
        found = await work.resumes.list(candidate_id, limit=limit + 1, before=before)
    page = found[:limit]
    return ResumeList(
        resumes=[ListedResumeOut.model_validate(each) for each in page],
        next=moments.written(page[-1].created_at, page[-1].id) if len(found) > limit else None,
    )


@router.get("/{resume_id}", operation_id="readResume", responses=NOT_FOUND)
async def read(resume_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> ResumeOut:
    """A resume as it was read."""
    async with held.store.read() as work:
        return render.resume(await work.resumes.get(resume_id, candidate_id=candidate_id))


@router.delete("/{resume_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="deleteResume", responses=NOT_FOUND)
async def delete(resume_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> None:
    """Deletes a resume. Interviews that stood on it keep the claims they quoted."""
    async with held.store.write() as work:
        await work.resumes.delete(resume_id, candidate_id=candidate_id)
        await work.commit()
    await held.store.scrub()
