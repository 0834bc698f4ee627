"""Full-text search over one candidate's turns, and the derived rows that it reads.

FTS5 on SQLite, a GIN index on PostgreSQL; both hold words as `domain.finding` cuts them, so that both find the same. A query
reaches the database as a parameter made of letters and digits alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.finding import CUT_VERSION, Term, Word, cut
from app.domain.interview import InterviewState, Mode, Origin
from app.domain.score import CriterionState, Score
from app.domain.transcript import Move, Speaker, Turn
from app.persistence.repositories.confidences import marks_hidden
from app.persistence.repositories.rows import Repository
from app.persistence.tables import criterion_states, interviews, scores, turn_search, turns

_BETWEEN = "\u00b6"
"""Stands between words and code, and is no word: a phrase must not reach over from one to the other."""
_LAST_POSITION = 16_383
"""PostgreSQL's: words that stand farther back are found, but not side by side."""
_WITH_EVIDENCE = frozenset({CriterionState.SHOWN, CriterionState.PARTLY, CriterionState.CONTRADICTED})
_SLIM = [column for column in turn_search.c if column.name not in {"stems", "forms", "cut_version", "candidate_id"}]


@dataclass(frozen=True, slots=True)
class Sought:
    """What turns are looked for. Without terms, all that the filters let through."""

    terms: tuple[Term, ...] = ()
    speaker: Speaker | None = None
    round: str = ""
    question_id: str = ""
    interview_id: str = ""
    state: CriterionState | None = None
    """Turns that are the evidence of a criterion in this state; or on its question, where the state has no evidence."""
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""


class SearchPlace(NamedTuple):
    """Where a page ended: the next one holds what was said before it."""

    said_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class CriterionThere:
    """A criterion whose evidence stands in a turn."""

    question_id: str
    criterion_id: str
    says: str
    state: CriterionState


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn that was looked for, with what tells its interview apart."""

    id: int
    turn_id: str
    interview_id: str
    seq: int
    speaker: Speaker
    question_id: str
    round: str
    said_at: datetime
    text: str
    code: str
    role: str
    company: str
    origin: Origin
    title: str
    held_at: datetime
    criteria: tuple[CriterionThere, ...] = field(default=())

    @property
    def place(self) -> SearchPlace:
        """Where a page ends that ends with it."""
        return SearchPlace(self.said_at, self.id)


class FoundPage(NamedTuple):
    """Turns that were looked for, and how many there are on all pages."""

    turns: tuple[FoundTurn, ...]
    total: int


class Searches(Repository):
    """The search over turns."""

    async def find(
        self, candidate_id: str, sought: Sought, *, limit: int, after: SearchPlace | None = None
    ) -> FoundPage:
        """Turns of the candidate, newest first, at most `limit`; with `after`, those that follow that place."""
        conditions = self._conditions(candidate_id, sought)
        if after is not None:
            place = tuple_(turn_search.c.said_at, turn_search.c.id)
            types = [turn_search.c.said_at.type, turn_search.c.id.type]
            conditions.append(place < tuple_(after.said_at, after.id, types=types))
        newest = (turn_search.c.said_at.desc(), turn_search.c.id.desc())
        # First which ones, then their words: rows with whole texts are not carried through the sorting. They are counted on
        # the way, since most conditions have to be looked at for every turn anyhow.
        counted = select(turn_search.c.id, func.count().over().label("total"))
        page = counted.where(*conditions).order_by(*newest).limit(limit).subquery()
        rows = await self._connection.execute(
            select(
                *_SLIM,
                page.c.total,
                turns.c.text,
                turns.c.code,
                interviews.c.role,
                interviews.c.company,
                interviews.c.origin,
                interviews.c.title,
                func.coalesce(
                    interviews.c.opened_at, interviews.c.created_at, type_=interviews.c.created_at.type
                ).label("held_at"),
            )
            .join(page, page.c.id == turn_search.c.id)
            .join(turns, turns.c.id == turn_search.c.turn_id)
            .join(interviews, interviews.c.id == turn_search.c.interview_id)
            .order_by(*newest)
        )
        found = list(rows.mappings())
        there = await self._criteria([row["turn_id"] for row in found])
        total = found[0]["total"] if found else 0
        if after is not None:
            total = await self._count(candidate_id, sought)
        kept = [{name: value for name, value in row.items() if name != "total"} for row in found]
        return FoundPage(tuple(FoundTurn(**row, criteria=tuple(there.get(row["turn_id"], ()))) for row in kept), total)

    async def _count(self, candidate_id: str, sought: Sought) -> int:
        found = await self._connection.execute(
            select(func.count()).select_from(turn_search).where(*self._conditions(candidate_id, sought))
        )
        return int(found.scalar_one())

    async def _criteria(self, turn_ids: Sequence[str]) -> dict[str, list[CriterionThere]]:
        rows = await self._connection.execute(
            select(
                criterion_states.c.turn_id,
                criterion_states.c.question_id,
                criterion_states.c.criterion_id,
                criterion_states.c.says,
                criterion_states.c.state,
            )
            .join(interviews, interviews.c.id == criterion_states.c.interview_id)
            .where(
                # By interview too, which has an index.
                criterion_states.c.interview_id.in_(
                    select(turn_search.c.interview_id).where(turn_search.c.turn_id.in_(turn_ids))
                ),
                criterion_states.c.turn_id.in_(turn_ids),
                _readable(),
                ~marks_hidden(criterion_states.c.interview_id, criterion_states.c.question_id),
            )
            .order_by(criterion_states.c.score_id, criterion_states.c.number)
        )
        there: dict[str, list[CriterionThere]] = {}
        for turn_id, *told in rows:
            there.setdefault(turn_id, []).append(CriterionThere(*told))
        return there

    def _conditions(self, candidate_id: str, sought: Sought) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [turn_search.c.candidate_id == candidate_id]
        if sought.terms:
            conditions.append(_matches(self._connection, candidate_id, sought.terms))
        given = {
            turn_search.c.speaker: sought.speaker,
            turn_search.c.round: sought.round,
            turn_search.c.question_id: sought.question_id,
            turn_search.c.interview_id: sought.interview_id,
        }
        conditions += [column == value for column, value in given.items() if value]
        if sought.since is not None:
            conditions.append(turn_search.c.said_at >= sought.since)
        if sought.until is not None:
            conditions.append(turn_search.c.said_at < sought.until)
        if sought.state is not None:
            conditions.append(_in_state(candidate_id, sought.state))
        return conditions

    # --- keeping it -------------------------------------------------------------------------------------------------------

    async def add(self, candidate_id: str, turn: Turn) -> None:
        """Makes a turn findable, in the transaction that stores it."""
        round_slug = turn.move.round if turn.move is not None else ""
        if not round_slug:
            before = await self._connection.execute(
                select(turn_search.c.round)
                .where(turn_search.c.interview_id == turn.interview_id, turn_search.c.seq < turn.seq)
                .order_by(turn_search.c.seq.desc())
                .limit(1)
            )
            round_slug = before.scalar_one_or_none() or ""
        row = _row(
            self._connection,
            candidate_id=candidate_id,
            round_slug=round_slug,
            turn_id=turn.id,
            interview_id=turn.interview_id,
            seq=turn.seq,
            speaker=turn.speaker,
            question_id=turn.question_id,
            said_at=turn.created_at,
            said=turn.text,
            code=turn.code,
        )
        await self._connection.execute(_insert(self._connection), [row])

    async def fill(self, *, interviews_at_once: int = 50) -> int:
        """Makes findable what is not, or was cut by older rules; how many turns. Some interviews at a time: repeat until 0."""
        stale = select(turn_search.c.id).where(turn_search.c.cut_version != CUT_VERSION)
        await self._connection.execute(delete(turn_search).where(turn_search.c.id.in_(stale)))
        without = (
            select(turns.c.interview_id)
            .outerjoin(turn_search, turn_search.c.turn_id == turns.c.id)
            .where(turn_search.c.id.is_(None))
            .group_by(turns.c.interview_id)
            .limit(interviews_at_once)
        )
        ids = list((await self._connection.execute(without)).scalars())
        rows = await self._connection.execute(
            select(
                interviews.c.candidate_id,
                turns.c.id,
                turns.c.interview_id,
                turns.c.seq,
                turns.c.speaker,
                turns.c.question_id,
                turns.c.created_at,
                turns.c.text,
                turns.c.code,
                turns.c.move,
                turn_search.c.id.label("there"),
            )
            .join(interviews, interviews.c.id == turns.c.interview_id)
            .outerjoin(turn_search, turn_search.c.turn_id == turns.c.id)
            .where(turns.c.interview_id.in_(ids))
            .order_by(turns.c.interview_id, turns.c.seq)
        )
        made: list[dict[str, Any]] = []
        round_of: dict[str, str] = {}
        for row in rows.mappings():
            move: Move | None = row["move"]
            round_slug = (move.round if move is not None else "") or round_of.get(row["interview_id"], "")
            round_of[row["interview_id"]] = round_slug
            if row["there"] is None:
                made.append(
                    _row(
                        self._connection,
                        candidate_id=row["candidate_id"],
                        round_slug=round_slug,
                        turn_id=row["id"],
                        interview_id=row["interview_id"],
                        seq=row["seq"],
                        speaker=row["speaker"],
                        question_id=row["question_id"],
                        said_at=row["created_at"],
                        said=row["text"],
                        code=row["code"],
                    )
                )
        if made:
            await self._connection.execute(_insert(self._connection), made)
        return len(made)

    async def fill_states(self, *, scores_at_once: int = 200) -> int:
        """The same for criteria of current scores; how many scores. Repeat until 0."""
        rows = await self._connection.execute(
            select(scores.c.id, scores.c.interview_id, scores.c.score)
            .outerjoin(criterion_states, criterion_states.c.score_id == scores.c.id)
            .where(scores.c.superseded_at.is_(None), criterion_states.c.score_id.is_(None))
            .order_by(scores.c.id)
            .limit(scores_at_once)
        )
        made = [row for score_id, interview_id, score in rows for row in state_rows(score_id, interview_id, score)]
        if made:
            await self._connection.execute(insert(criterion_states), made)
        return len({row["score_id"] for row in made})

    async def shrink(self) -> None:
        """What was deleted is in no part of the index any more: FTS5 keeps words of deleted rows until its parts are merged."""
        if self._connection.dialect.name == "sqlite":
            await self._connection.execute(
                text("INSERT INTO turn_search_words (turn_search_words) VALUES ('optimize')")
            )


def state_rows(score_id: int, interview_id: str, score: Score) -> list[dict[str, Any]]:
    """The rows of `criterion_states` that stand for a score: one for each place of evidence, or one where there is none."""
    places = [
        (criterion, turn_id)
        for criterion in score.criteria
        for turn_id in dict.fromkeys([each.turn_id for each in criterion.evidence] or [""])
    ]
    return [
        {
            "score_id": score_id,
            "number": number,
            "interview_id": interview_id,
            "question_id": score.question_id,
            "criterion_id": criterion.criterion_id,
            "says": criterion.says,
            "state": criterion.state,
            "turn_id": turn_id,
        }
        for number, (criterion, turn_id) in enumerate(places)
    ]


def _readable() -> ColumnElement[bool]:
    """Whether scores of the joined interview may be read: the rule of `Interview.report_readable`."""
    return or_(interviews.c.state == InterviewState.CLOSED, interviews.c.mode != Mode.EXAM)


def _in_state(candidate_id: str, state: CriterionState) -> ColumnElement[bool]:
    columns = [criterion_states.c.turn_id]
    if state not in _WITH_EVIDENCE:
        columns = [criterion_states.c.interview_id, criterion_states.c.question_id]
    # Asked once and not for each turn.
    there = (
        select(*columns)
        .join(interviews, interviews.c.id == criterion_states.c.interview_id)
        .where(
            interviews.c.candidate_id == candidate_id,
            criterion_states.c.state == state,
            _readable(),
            ~marks_hidden(criterion_states.c.interview_id, criterion_states.c.question_id),
        )
    )
    if state in _WITH_EVIDENCE:
        return turn_search.c.turn_id.in_(there)
    return tuple_(turn_search.c.interview_id, turn_search.c.question_id).in_(there)


# --- the two databases ----------------------------------------------------------------------------------------------------


def _matches(connection: AsyncConnection, candidate_id: str, terms: Sequence[Term]) -> ColumnElement[bool]:
    # Whose turn it is stands in the index as well: a word that everybody says must not be looked up for everybody.
    if connection.dialect.name == "sqlite":
        wanted = [f'candidate_id : "{_doubled(candidate_id)}"', *(_fts_term(term) for term in terms)]
        there: Select[Any] = select(text("rowid")).select_from(text("turn_search_words"))
        match = text("turn_search_words MATCH :wanted").bindparams(wanted=" AND ".join(wanted))
        return turn_search.c.id.in_(there.where(match))
    conditions = []
    for column, mine in (
        (turn_search.c.stems, [term for term in terms if not term.beginning]),
        (turn_search.c.forms, [term for term in terms if term.beginning]),
    ):
        if mine:
            query = " & ".join([_lexeme(_owner(candidate_id)), *(_ts_term(term) for term in mine)])
            conditions.append(column.op("@@", is_comparison=True)(cast(literal(query, Text), TSQUERY)))
    return and_(*conditions)


def _fts_term(term: Term) -> str:
    phrase = f'"{_doubled(" ".join(term.words))}"'
    return f"forms : {phrase} *" if term.beginning else f"stems : {phrase}"


def _doubled(words: str) -> str:
    return words.replace('"', '""')


def _ts_term(term: Term) -> str:
    lexemes = [_lexeme(word) for word in term.words]
    if term.beginning:
        lexemes[-1] += ":*"
    return " <-> ".join(lexemes)


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _owner(candidate_id: str) -> str:
    """No word has such a sign in it."""
    return f"@{candidate_id}"


def _insert(connection: AsyncConnection) -> Insert:
    if connection.dialect.name == "sqlite":
        return insert(turn_search)
    words = {name: cast(bindparam(f"{name}_cut", type_=Text), TSVECTOR) for name in ("stems", "forms")}
    return insert(turn_search).values(**words)


def _row(
    connection: AsyncConnection, *, candidate_id: str, round_slug: str, said: str, code: str, **columns: Any
) -> dict[str, Any]:
    words = [*cut(said), *([Word(_BETWEEN, _BETWEEN, 0, 0), *cut(code)] if code else [])]
    row = {"candidate_id": candidate_id, "round": round_slug, "cut_version": CUT_VERSION, **columns}
    stems, forms = [each.stem for each in words], [each.form for each in words]
    if connection.dialect.name == "sqlite":
        return {**row, "stems": " ".join(stems), "forms": " ".join(forms)}
    owner = _lexeme(_owner(candidate_id))
    return {
        **row,
        "stems_cut": f"{owner} {_positions(stems)}",
        "forms_cut": f"{owner} {_positions(forms)}",
    }


def _positions(words: Sequence[str]) -> str:
    """The words as a literal of PostgreSQL's `tsvector`, which its own parser has no part in."""
    return " ".join(f"{_lexeme(word)}:{min(at, _LAST_POSITION)}" for at, word in enumerate(words, start=1))
