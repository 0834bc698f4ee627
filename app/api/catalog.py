"""What can be chosen: roles, companies, rounds and questions, without what would tell an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api import schemas
from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import problems
from app.domain.interview import Seniority
from app.interviewing.planning import askable
from app.interviewing.round_minutes import rounds_with_material
from app.interviewing.rounds.catalog import ROUNDS, rules_of
from app.material.tasks import Analytics, Scenario

router = APIRouter(prefix="/v1/catalog", tags=["catalog"], responses=problems(422))


@router.get("/roles", operation_id="listRoles")
async def roles(held: ServicesDep, _: CandidateDep) -> schemas.RolesOut:
    """Roles with their default rounds."""
    return schemas.RolesOut(
        roles=[
            schemas.RoleOut(
                id=role.id,
                name=role.name,
                rounds=[stage.round for stage in role.rounds],
                skills=[skill.name for skill in role.skills],
            )
            for role in held.corpus.roles.values()
        ]
    )


@router.get("/companies", operation_id="listCompanies")
async def companies(held: ServicesDep, _: CandidateDep) -> schemas.CompaniesOut:
    """Companies whose manner an interview can take on."""
    found = held.corpus.companies.values()
    return schemas.CompaniesOut(companies=[schemas.NamedOut(id=each.id, name=each.name) for each in found])


@router.get("/rounds", operation_id="listRounds")
async def rounds(held: ServicesDep, _: CandidateDep) -> schemas.RoundsOut:
    """Rounds that have material, in the order in which an interview goes through them."""
    there = rounds_with_material(held.corpus)
    slugs = [slug for slug in ROUNDS if slug in there] + sorted(there - ROUNDS.keys())
    return schemas.RoundsOut(rounds=[schemas.NamedOut(id=slug, name=rules_of(slug).title) for slug in slugs])


@router.get("/questions", operation_id="listQuestions")
async def questions(
    held: ServicesDep,
    _: CandidateDep,
    round: Annotated[schemas.Slug | None, Query()] = None,
    topic: Annotated[schemas.Slug | None, Query()] = None,
    role: Annotated[schemas.Slug | None, Query()] = None,
    seniority: Annotated[Seniority | None, Query()] = None,
) -> schemas.QuestionsOut:
    """Questions, scenarios, coding problems and tables by filter: what is asked first, never what is looked for."""
    found = [
        question
        for question in askable(held.corpus)
        if (round is None or question.round == round)
        and (topic is None or topic in question.topics)
        and (role is None or role in question.roles)
        and (seniority is None or seniority in question.seniority)
    ]
    return schemas.QuestionsOut(
        questions=[
            schemas.CatalogQuestionOut(
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
