"""What can be chosen: roles, companies, rounds and questions, without what would tell an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import problems
from app.api.schemas import Out, Slug
from app.domain.interview import Seniority
from app.interviewing.planning import askable
from app.interviewing.round_minutes import rounds_with_material
from app.interviewing.rounds.catalog import ROUNDS, rules_of
from app.material.tasks import Analytics, Scenario

router = APIRouter(prefix="/v1/catalog", tags=["catalog"], responses=problems(422))


class NamedOut(Out):
    """A role, a company or a round."""

    id: str
    name: str


class RoleOut(NamedOut):
    """A role with its default rounds."""

    rounds: list[str]
    skills: list[str]


class CatalogQuestionOut(Out):
    """A question without its secret parts."""

    id: str
    round: str
    ask: str
    topics: list[str]
    roles: list[str]
    seniority: list[Seniority]
    difficulty: int


class RolesOut(Out):
    """All roles."""

    roles: list[RoleOut]


class CompaniesOut(Out):
    """All companies."""

    companies: list[NamedOut]


class RoundsOut(Out):
    """All rounds that have material."""

    rounds: list[NamedOut]


class QuestionsOut(Out):
    """Questions by filter."""

    questions: list[CatalogQuestionOut]


@router.get("/roles", operation_id="listRoles")
async def roles(held: ServicesDep, _: CandidateDep) -> RolesOut:
    """Roles with their default rounds."""
    return RolesOut(
        roles=[
            RoleOut(
                id=role.id,
                name=role.name,
                rounds=[stage.round for stage in role.rounds],
                skills=[skill.name for skill in role.skills],
            )
            for role in held.corpus.roles.values()
        ]
    )


@router.get("/companies", operation_id="listCompanies")
async def companies(held: ServicesDep, _: CandidateDep) -> CompaniesOut:
    """Companies whose manner an interview can take on."""
    found = held.corpus.companies.values()
    return CompaniesOut(companies=[NamedOut(id=each.id, name=each.name) for each in found])


@router.get("/rounds", operation_id="listRounds")
async def rounds(held: ServicesDep, _: CandidateDep) -> RoundsOut:
    """Rounds that have material, in the order in which an interview goes through them."""
    there = rounds_with_material(held.corpus)
    slugs = [slug for slug in ROUNDS if slug in there] + sorted(there - ROUNDS.keys())
    return RoundsOut(rounds=[NamedOut(id=slug, name=rules_of(slug).title) for slug in slugs])


@router.get("/questions", operation_id="listQuestions")
async def questions(
    held: ServicesDep,
    _: CandidateDep,
    round: Annotated[Slug | None, Query()] = None,
    topic: Annotated[Slug | None, Query()] = None,
    role: Annotated[Slug | None, Query()] = None,
    seniority: Annotated[Seniority | None, Query()] = None,
) -> QuestionsOut:
    """Questions, scenarios, coding problems and tables by filter: what is asked first, never what is looked for."""
    found = [
        question
        for question in askable(held.corpus)
        if (round is None or question.round == round)
        and (topic is None or topic in question.topics)
        and (role is None or role in question.roles)
        and (seniority is None or seniority in question.seniority)
    ]
    return QuestionsOut(
        questions=[
            CatalogQuestionOut(
                id=question.id,
                round=question.round,
                ask=question.opening if isinstance(question, Scenario | Analytics) else question.ask,
                topics=list(question.topics),
                roles=list(question.roles),
                seniority=[Seniority(each) for each in question.seniority],
                difficulty=question.difficulty,
            )
            for question in found
        ]
    )
