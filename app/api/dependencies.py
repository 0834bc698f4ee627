"""What routes need: the services of the process, and whose request this is. Refusals happen here, before any answer begins."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Cookie, Depends, Header, Request

from app.api.origin import KEY_COOKIE
from app.domain.errors import KeyInvalid, NotReady
from app.domain.resume import Resume
from app.interviewing.conduct import Conductor
from app.interviewing.editor import Editor
from app.material.corpus import Corpus
from app.persistence.records import LOCAL_CANDIDATE
from app.persistence.unit_of_work import Store
from app.retrieval.search import Retrieval
from app.review.desk import Levels, ReviewDesk
from app.review.practice_desk import PracticeDesk
from app.scoring.court import AppealCourt
from app.scoring.levels import competency, round_levels
from app.scoring.transcript_judge import TranscriptJudge

SKILLS = ("technical", "problem-solving")
"""Competencies of a report, in order."""
ReadResume = Callable[[bytes, str, str, str], Awaitable[Resume]]
"""(data, file name, media type, candidate id) -> the resume, not yet stored."""
Rescore = Callable[[str, bool], Awaitable[Mapping[str, Any]]]
"""(interview id, dry run) -> what became of each question, as `viva rescore` tells it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Another machine that gets something of what is said here."""

    host: str
    """Its name, or the provider's where that chooses the host."""
    what: str
    """What it gets, in plain words."""


@dataclass
class Services:
    """What the process has opened. Some parts come later than the port: `not_ready` says what is missing."""

    store: Store
    corpus: Corpus
    api_keys: bool
    version: str
    now: Callable[[], datetime]
    read_resume: ReadResume
    recipients: tuple[Recipient, ...] = ()
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex
    interviewer: str = ""
    judge: str = ""
    conductor: Conductor | None = None
    editor: Editor | None = None
    court: AppealCourt | None = None
    transcripts: TranscriptJudge | None = None
    practice: PracticeDesk | None = None
    rescore: Rescore | None = None
    retrieval: Retrieval | None = None
    desk: ReviewDesk | None = None
    not_ready: tuple[str, ...] = ("starting",)

    def forget(self, interview_ids: Collection[str]) -> None:
        """Nothing of these interviews, which are deleted, is held in memory any more."""
        if self.conductor is not None:
            self.conductor.forget(interview_ids)
        if self.desk is not None:
            self.desk.forget(interview_ids)


def services(request: Request) -> Services:
    """The services of this process."""
    found: Services = request.app.state.services
    return found


ServicesDep = Annotated[Services, Depends(services)]


def conductor(held: ServicesDep) -> Conductor:
    """The conductor; `NotReady` while models and index are still being opened."""
    if held.conductor is None:
        raise NotReady(held.not_ready)
    return held.conductor


ConductorDep = Annotated[Conductor, Depends(conductor)]


def editor(held: ServicesDep) -> Editor:
    """The editor of coding questions; `NotReady` while models and index are still being opened."""
    if held.editor is None:
        raise NotReady(held.not_ready)
    return held.editor


EditorDep = Annotated[Editor, Depends(editor)]


def court(held: ServicesDep) -> AppealCourt:
    """The court of appeals; `NotReady` while models and index are still being opened."""
    if held.court is None:
        raise NotReady(held.not_ready)
    return held.court


CourtDep = Annotated[AppealCourt, Depends(court)]


def practice(held: ServicesDep) -> PracticeDesk:
    """The candidate's practice; `NotReady` while models and index are still being opened."""
    if held.practice is None:
        raise NotReady(held.not_ready)
    return held.practice


PracticeDep = Annotated[PracticeDesk, Depends(practice)]


def transcripts(held: ServicesDep) -> TranscriptJudge:
    """The judge of conversations held elsewhere; `NotReady` while models and index are still being opened."""
    if held.transcripts is None:
        raise NotReady(held.not_ready)
    return held.transcripts


TranscriptsDep = Annotated[TranscriptJudge, Depends(transcripts)]


def rescore(held: ServicesDep) -> Rescore:
    """Scores stored interviews again; `NotReady` while models and index are still being opened."""
    if held.rescore is None:
        raise NotReady(held.not_ready)
    return held.rescore


RescoreDep = Annotated[Rescore, Depends(rescore)]


async def candidate(
    held: ServicesDep,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
    key_cookie: Annotated[str | None, Cookie(alias=KEY_COOKIE, include_in_schema=False)] = None,
) -> str:
    """Id of the candidate whose request this is. A browser's cookie counts where there is no header.

    Raises:
        KeyInvalid: keys are on, and this is none, or a revoked one.
    """
    if not held.api_keys:
        return LOCAL_CANDIDATE
    if authorization is None:
        return await owner_of(held.store, key_cookie or "")
    scheme, _, secret = authorization.partition(" ")
    return await owner_of(held.store, secret.strip() if scheme.lower() == "bearer" else "")


async def owner_of(store: Store, secret: str) -> str:
    """Id of the candidate whose key this is. Raises `KeyInvalid`."""
    if not secret:
        raise KeyInvalid
    async with store.read() as work:
        key = await work.keys.find(secret)
    if key is None or key.revoked_at is not None:
        raise KeyInvalid
    return key.candidate_id


CandidateDep = Annotated[str, Depends(candidate)]


def desk(held: ServicesDep) -> ReviewDesk:
    """The review desk. It can be asked while the models are still being opened; then it repairs nothing."""
    if held.desk is None:
        held.desk = open_desk(held)
    return held.desk


def open_desk(held: Services) -> ReviewDesk:
    """A desk on the services' store and corpus, without the models."""
    levels = Levels(
        competencies=lambda interview, scores: [competency(skill, scores, seed=interview.seed) for skill in SKILLS],
        rounds=round_levels,
    )
    return ReviewDesk(held.store, held.corpus, levels, held.now)


DeskDep = Annotated[ReviewDesk, Depends(desk)]
