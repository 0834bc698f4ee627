"""The editor of a coding question: what is asked in it, and runs against the visible tests. Submitting is a turn."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import render
from app.api.code_schemas import CodeIn, CodeRunOut, CodingProblemOut
from app.api.dependencies import CandidateDep, EditorDep
from app.api.responses import CONFLICT, problems
from app.api.schemas import Id

router = APIRouter(prefix="/v1/interviews/{interview_id}/code", tags=["code"])


@router.get("", operation_id="readCodingProblem", responses=CONFLICT)
async def read(interview_id: Id, editor: EditorDep, candidate_id: CandidateDep) -> CodingProblemOut:
    """The problem of the question that is open now, with what an editor needs. 409 where the question is one for words."""
    return render.coding_problem(await editor.show(candidate_id, interview_id))


@router.post("/run", operation_id="runCode", responses=problems(400, 404, 409, 413, 422))
async def run(interview_id: Id, tried: CodeIn, editor: EditorDep, candidate_id: CandidateDep) -> CodeRunOut:
    """Runs code against the visible tests of the open question. It is no answer: to submit it, send it with a turn."""
    found = await editor.try_out(candidate_id, interview_id, tried.code)
    return CodeRunOut(tests=render.tests(found.view), runs_left=found.runs_left)
