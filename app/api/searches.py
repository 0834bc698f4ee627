"""Full-text search over all of one's interviews."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.api import moments
from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import problems
from app.api.schemas import EntryId, Id, Slug
from app.domain.finding import Term, places, snippet, understood
from app.domain.interview import Origin
from app.domain.score import CriterionState
from app.domain.transcript import Speaker
from app.persistence.repositories.searches import FoundTurn, SearchPlace, Sought

router = APIRouter(prefix="/v1/search", tags=["review"])

MAX_QUERY = 300
Day = Annotated[date, Query(ge=date(1970, 1, 1), le=date(2199, 12, 31))]
_LAST_ROW = 2**31 - 1
"""What PostgreSQL can count a table's rows to."""


def _is_place(text: str) -> str:
    if _place(text).id > _LAST_ROW:
        raise ValueError("no page ended there")
    return text


PagePlace = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}-[0-9]{1,18}$"), AfterValidator(_is_place)]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class HighlightOut(_Out):
    """A place in the snippet."""

    start: int
    end: int


class CriterionThereOut(_Out):
    """A criterion whose evidence stands in the turn."""

    question_id: str
    criterion_id: str
    says: str
    state: CriterionState


class HitOut(_Out):
    """A turn that was looked for. `snippet` is what was said, as text: escape it."""

    interview_id: str
    role: str
    company: str
    origin: Origin
    title: str
    held_at: datetime
    turn_id: str
    seq: int
    speaker: Speaker
    question_id: str
    round: str
    said_at: datetime
    in_code: bool = Field(description="Whether the snippet is of the turn's code.")
    snippet: str = Field(description="`turn.text[start:end]`, or `turn.code[start:end]`.")
    start: int
    end: int
    highlights: list[HighlightOut] = Field(description="Places in the snippet, in code points.")
    criteria: list[CriterionThereOut]


class SearchOut(_Out):
    """A page of turns, newest first."""

    terms: list[str] = Field(description="What was looked for, as it was understood.")
    total: int
    hits: list[HitOut]
    next: str | None = Field(description="For `after`; null on the last page.")


@router.get("", operation_id="searchTurns", responses=problems(422))
async def search(
    held: ServicesDep,
    candidate_id: CandidateDep,
    q: Annotated[
        str, Query(max_length=MAX_QUERY, description='Words, "words side by side", or the beginning of a word*.')
    ] = "",
    speaker: Speaker | None = None,
    round: Slug | None = None,
    question_id: EntryId | None = None,
    interview_id: Id | None = None,
    state: Annotated[
        CriterionState | None, Query(description="Turns that are evidence of such a criterion, or on its question.")
    ] = None,
    since: Annotated[Day | None, Query(alias="from", description="Said on this day or later, in UTC.")] = None,
    until: Annotated[Day | None, Query(alias="to", description="Said on this day or before, in UTC.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[PagePlace | None, Query(description="`next` of the page before.")] = None,
) -> SearchOut:
    """Turns of all one's interviews that hold all of these words, newest first. Without words, what the filters choose.

    Marks of an answer are in it once they were seen, or once one has said how sure one was; `GET /v1/confidence/hidden` lists the rest.
    """
    terms = understood(q)
    if q.strip() and not terms:
        return SearchOut(terms=[], total=0, hits=[], next=None)
    sought = Sought(
        terms=terms,
        speaker=speaker,
        round=round or "",
        question_id=question_id or "",
        interview_id=interview_id or "",
        state=state,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )
    async with held.store.read() as work:
        found, total = await work.searches.find(
            candidate_id, sought, limit=limit + 1, after=_place(after) if after else None
        )
        unshown = await work.confidences.said_unshown(candidate_id)
    page = found[:limit]
    told = {(turn.interview_id, each.question_id) for turn in page for each in turn.criteria}
    if state is not None:
        told |= {(turn.interview_id, turn.question_id) for turn in page}
    if told & unshown:
        async with held.store.write() as work:
            for shown_in, shown in sorted(told & unshown):
                await work.confidences.show(shown_in, [shown], now=held.now())
            await work.commit()
    return SearchOut(
        terms=[term.said for term in terms],
        total=total,
        hits=[_hit(turn, terms) for turn in page],
        next=moments.written(page[-1].place.said_at, str(page[-1].place.id)) if len(found) > limit else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _place(written: str) -> SearchPlace:
    said_at, row = moments.place(written)
    return SearchPlace(said_at, int(row))


def _hit(turn: FoundTurn, terms: tuple[Term, ...]) -> HitOut:
    found = places(turn.text, terms)
    in_code = bool(turn.code) and not found and (bool(terms) or not turn.text)
    text = turn.code if in_code else turn.text
    if in_code:
        found = places(text, terms)
    start, end = snippet(text, found)
    return HitOut(
        **{name: getattr(turn, name) for name in HitOut.model_fields if hasattr(turn, name) and name != "criteria"},
        in_code=in_code,
        snippet=text[start:end],
        start=start,
        end=end,
        highlights=[
            HighlightOut(start=max(place.start, start) - start, end=min(place.end, end) - start)
            for place in found
            if place.start < end and place.end > start
        ],
        criteria=[CriterionThereOut.model_validate(each) for each in turn.criteria],
    )
