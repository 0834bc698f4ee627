"""What a person chose for an interview, and the planned interview that comes of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import CompanyUnknown, RoleUnknown
from app.domain.interview import Interview, InterviewState, Mode, Plan, Seniority, Strictness
from app.domain.resume import Resume
from app.interviewing.planning import Wish, make_plan
from app.material.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Setup:
    """What a person chose for an interview."""

    role: str
    seniority: Seniority = Seniority.MID
    company: str = "neutral"
    rounds: tuple[str, ...] = ()
    minutes: int = 30
    mode: Mode = Mode.PRACTICE
    strictness: Strictness = Strictness.STANDARD
    resume_id: str | None = None
    job_description: str = ""
    seed: int = 0


def check_setup(corpus: Corpus, setup: Setup) -> None:
    """Raises `RoleUnknown` or `CompanyUnknown` for a wish that names what the corpus has not."""
    if setup.role not in corpus.roles:
        raise RoleUnknown(role=setup.role, known=tuple(sorted(corpus.roles)))
    if setup.company not in corpus.companies:
        raise CompanyUnknown(company=setup.company, known=tuple(sorted(corpus.companies)))


def planned_interview(
    corpus: Corpus,
    candidate_id: str,
    setup: Setup,
    resume: Resume | None,
    *,
    new_id: str,
    now: datetime,
    heard: Collection[str],
    excluded: Collection[str] = (),
    plan: Plan | None = None,
) -> Interview:
    """The planned interview that somebody wished for; with a `plan`, on that one.

    Raises:
        RoundUnknown, PlanImpossible.
    """
    wish = Wish(
        setup.role,
        setup.seniority,
        setup.company,
        setup.minutes,
        setup.seed,
        setup.rounds,
        setup.job_description,
    )
    return Interview(
        id=new_id,
        candidate_id=candidate_id,
        state=InterviewState.PLANNED,
        role=setup.role,
        seniority=setup.seniority,
        company=setup.company,
        mode=setup.mode,
        strictness=setup.strictness,
        minutes=setup.minutes,
        seed=setup.seed,
        plan=plan or make_plan(corpus, wish, resume, asked_before=heard, excluded=excluded),
        version=1,
        created_at=now,
        resume_id=setup.resume_id,
        job_description=setup.job_description,
    )
