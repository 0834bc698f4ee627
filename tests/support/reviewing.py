"""Routes on a real store in this process, with one interview of `LOCAL_CANDIDATE` that was held and scored, and one of another's."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from fastapi import APIRouter, FastAPI

from app.api import problems
from app.api.dependencies import Services
from app.domain.interview import Interview, InterviewState
from app.domain.resume import Resume
from app.domain.score import CriterionState, Evidence, Score
from app.domain.transcript import Turn
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.unit_of_work import Store
from tests.support.builders import NOW, OWNER, QUESTION, a_score, a_turn, an_interview, an_interviewers_turn

MINE = "interview-1"
OTHERS = "interview-2"
SAID = "I compare the loss on training and on validation data, and \u00dcber-fitting shows as a gap."


@lru_cache(maxsize=1)
def whole_corpus() -> Corpus:
    """Viva's own."""
    return load(Path("corpus"))


def services(store: Store, corpus: Corpus | None = None) -> Services:
    """Services without models, on Viva's corpus where no other is given; each asking for the time is a second later."""

    async def read_resume(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        raise AssertionError("not asked for")

    seconds = count()
    return Services(
        store=store,
        corpus=corpus or whole_corpus(),
        api_keys=False,
        version="1",
        now=lambda: NOW + timedelta(seconds=next(seconds)),
        read_resume=read_resume,
    )


def client(held: Services, routers: Iterable[APIRouter]) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
    """A client of these routes."""
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    problems.install(app)
    app.state.services = held
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://viva")


def talk(interview_id: str) -> list[Turn]:
    """A question and its answer."""
    asked = an_interviewers_turn(
        id=f"{interview_id}-1", interview_id=interview_id, seq=1, question_id=QUESTION, part_id="", marks=()
    )
    said = a_turn(
        id=f"{interview_id}-2",
        interview_id=interview_id,
        seq=2,
        text=SAID,
        spans=(),
        idempotency_key=f"{interview_id}-key",
    )
    return [asked, said]


def score_of(interview_id: str) -> Score:
    """One criterion shown on the first words of the answer, one missed."""
    shown, missed = a_score().criteria
    evidence = Evidence(SAID[:18], f"{interview_id}-2", 0, 18)
    return a_score(
        criteria=(
            replace(shown, evidence=(evidence,), asked_in=(f"{interview_id}-1",)),
            replace(missed, state=CriterionState.MISSED, reason="", next_time="Name a remedy."),
        )
    )


async def hold(store: Store, *interviews: Interview) -> None:
    """Stores the interviews with `talk` and `score_of`; without any, one of one's own and one of another's, both closed."""
    closed: dict[str, Any] = {"state": InterviewState.CLOSED, "closed_at": NOW + timedelta(hours=1)}
    chosen = interviews or (
        an_interview(id=MINE, candidate_id=LOCAL_CANDIDATE, resume_id=None, **closed),
        an_interview(id=OTHERS, candidate_id=OWNER, **closed),
    )
    async with store.write() as work:
        for candidate_id in (LOCAL_CANDIDATE, OWNER):
            await work.candidates.add(Candidate(candidate_id, NOW))
        for interview in chosen:
            await work.interviews.add(interview)
            for turn in talk(interview.id):
                await work.turns.append(turn)
            await work.scores.add(interview.id, score_of(interview.id))
        await work.commit()
