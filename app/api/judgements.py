"""Conversations that were held elsewhere: words in, a judgement out, nothing stored."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.dependencies import CandidateDep, ServicesDep, TranscriptsDep
from app.api.elsewhere_schemas import JudgementIn
from app.api.responses import problems
from app.domain.errors import ExamStillOpen
from app.scoring.elsewhere import of_turns, read
from app.scoring.transcript_judge import TranscriptJudgement

router = APIRouter(prefix="/v1/judgements", tags=["judgements"])


@router.post("", operation_id="judgeTranscript", responses=problems(400, 409, 413, 422))
async def judge(
    body: JudgementIn, judges: TranscriptsDep, held: ServicesDep, candidate_id: CandidateDep
) -> TranscriptJudgement:
    """Judges a conversation from elsewhere by the compact scorer. Nothing is stored.

    Questions that the corpus asks too are scored by its rubrics; others are not assessed, and `why_not` says why. With a
    rubric each of its dimensions gets a level, or null where nothing that was said bears on it. Refused while you sit an exam,
    because a judgement shows rubrics.
    """
    async with held.store.read() as work:
        exam = await work.interviews.open_exam(candidate_id)
    if exam is not None:
        raise ExamStillOpen(exam)
    turns = [(turn.speaker, turn.text) for turn in body.turns]
    conversation = of_turns(turns) if turns else read(body.transcript)
    return await judges.judge(conversation, role=body.role, seniority=body.seniority, rubric=body.rubric)
