"""Search over turns, on both databases: the same queries find the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from app.domain.finding import understood
from app.domain.interview import Interview, InterviewState, Mode
from app.domain.score import CriterionState, Evidence, Score
from app.domain.transcript import Speaker, Turn
from app.persistence.records import Candidate
from app.persistence.repositories.searches import Sought
from app.persistence.tables import criterion_states, turn_search
from app.persistence.unit_of_work import Store
from tests.support.builders import NOW, OWNER, a_score, a_turn, an_interview, an_interviewers_turn

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio


def said(number: int, text: str, interview: str = "interview-1", code: str = "") -> Turn:
    return a_turn(
        id=f"{interview}-{number}",
        interview_id=interview,
        seq=number,
        text=text,
        spans=(),
        idempotency_key="",
        code=code,
        created_at=NOW + timedelta(minutes=number),
    )


async def stored(
    store: Store, interviews: Sequence[Interview], turns: Sequence[Turn], scores: Sequence[Score] = ()
) -> None:
    async with store.write() as work:
        for interview in interviews:
            await work.interviews.add(interview)
        for turn in turns:
            await work.turns.append(turn)
        for score in scores:
            await work.scores.add("interview-1", score)
        await work.commit()


async def found(store: Store, query: str = "", owner: str = OWNER, **filters: object) -> list[str]:
    sought = Sought(terms=understood(query), **filters)  # type: ignore[arg-type]
    async with store.read() as work:
        hits, total = await work.searches.find(owner, sought, limit=50)
    assert total == len(hits)
    return [hit.turn_id for hit in hits]


TALK = [
    said(1, "We had data leakage: the target's mean was in the features."),
    said(2, "The model was overfitting, so I used k-means on a Café dataset."),
    said(3, "It's hashed; see below.", code="def train_test_split(rows):\n    return rows[:80], rows[80:]"),
    said(4, "Leakages in data happen with time series. F1 went from 0.91 to 0.5."),
]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("leakage", [4, 1]),
        ("leakage features", [1]),
        ('"data leakage"', [1]),
        ('"leakage data"', []),
        ("overfits cafe", [2]),
        ("K-MEANS", [2]),
        ("train_test_split", [3]),
        ('"below def"', []),
        ("hash*", [3]),
        ("ove*", [2]),
        ('0.91 "f1 went"', [4]),
        ("nowhere", []),
    ],
)
async def test_turns_are_found_by_their_words_newest_first(store: Store, query: str, numbers: list[int]) -> None:
    await stored(store, [an_interview()], TALK)
    assert await found(store, query) == [f"interview-1-{number}" for number in numbers]


HOSTILE = [
    "'; DROP TABLE turns; --",
    'leakage" OR 1=1 --',
    "leakage AND NOT features NEAR(a b)",
    'stems : "x" OR candidate_id : "somebody"',
    "leakage:* & !features | 'x':A",
    "%_\\ ' '' \\' \"\" $$ {{7*7}} <script>",
    "\u202eegakael\u202c",
    "😀 🧑🏽‍💻",
    "a" * 300,
    " ".join("ab" * 3 for _ in range(40)),
    "@somebody",
    "¶",
]


@pytest.mark.parametrize("query", HOSTILE)
async def test_a_hostile_query_is_words_like_any_other(store: Store, query: str) -> None:
    await stored(store, [an_interview()], TALK)
    assert set(await found(store, query)) <= {turn.id for turn in TALK}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40))
async def test_no_query_breaks_the_search(store: Store, query: str) -> None:
    await found(store, query)


async def test_a_text_of_signs_is_stored_and_found(store: Store) -> None:
    text = "It's 'quoted' \\ back\\slash \"double\" @owner ¶ naïve % _ 日本語 ﬁne ½"
    await stored(store, [an_interview()], [said(1, text), said(2, "😀")])
    for query in ("quoted", "backslash*", '"back slash"', "日本語", "fine", "naive"):
        assert await found(store, query) == ([] if query == "backslash*" else ["interview-1-1"])


async def test_words_beyond_the_last_position_are_found(store: Store) -> None:
    await stored(store, [an_interview()], [said(1, "word " * 17_000 + "needle here")])
    assert await found(store, "needle here") == ["interview-1-1"]


async def test_each_finds_only_ones_own(store: Store) -> None:
    async with store.write() as work:
        await work.candidates.add(Candidate("other'\"\\ 1", NOW))
        await work.commit()
    others = an_interview(id="interview-2", candidate_id="other'\"\\ 1")
    await stored(store, [an_interview(), others], [TALK[0], said(1, "data leakage too", "interview-2")])
    assert await found(store, "leakage") == ["interview-1-1"]
    assert await found(store, "leakage", "other'\"\\ 1") == ["interview-2-1"]
    assert await found(store, "leakage", interview_id="interview-2") == []
    assert await found(store, "", "nobody") == []


async def test_filters(store: Store) -> None:
    asked = an_interviewers_turn(id="asked", seq=1, created_at=NOW + timedelta(minutes=1))
    later = NOW + timedelta(days=2)
    turns = [
        asked,
        said(2, "Leakage."),
        replace(said(3, "Nothing."), question_id="deep-learning/relu", created_at=later),
    ]
    await stored(store, [an_interview()], turns)
    assert asked.move is not None
    assert await found(store) == ["interview-1-3", "interview-1-2", "asked"]
    assert await found(store, speaker=Speaker.INTERVIEWER) == ["asked"]
    assert await found(store, question_id="deep-learning/relu") == ["interview-1-3"]
    # A candidate's turn belongs to the round of what it answers.
    assert await found(store, round=asked.move.round, speaker=Speaker.CANDIDATE) == ["interview-1-3", "interview-1-2"]
    assert await found(store, since=later) == ["interview-1-3"]
    assert await found(store, until=later) == ["interview-1-2", "asked"]
    assert await found(store, "leakage", since=later) == []


async def test_turns_by_the_state_of_a_criterion(store: Store) -> None:
    shown, missed = a_score().criteria
    shown = replace(shown, evidence=(Evidence("Leakage", "interview-1-2", 0, 7),))
    missed = replace(missed, state=CriterionState.MISSED)
    score = a_score(criteria=(shown, missed), question_id=TALK[0].question_id)
    await stored(store, [an_interview(mode=Mode.PRACTICE, state=InterviewState.CLOSED)], TALK, [score])
    # Not before it was seen, or before somebody said how sure they were: a filter would tell.
    for state in CriterionState:
        assert await found(store, state=state) == []
    async with store.read() as work:
        every, _ = await work.searches.find(OWNER, Sought(), limit=50)
    assert [hit.criteria for hit in every] == [(), (), (), ()]
    async with store.write() as work:
        await work.confidences.show("interview-1", [score.question_id], now=NOW)
        await work.commit()
    assert await found(store, state=CriterionState.SHOWN) == ["interview-1-2"]
    assert len(await found(store, state=CriterionState.MISSED)) == 4
    assert await found(store, state=CriterionState.CONTRADICTED) == []
    async with store.read() as work:
        (hit,), _ = await work.searches.find(OWNER, Sought(state=CriterionState.SHOWN), limit=5)
    assert [(each.criterion_id, each.says) for each in hit.criteria] == [(shown.criterion_id, shown.says)]
    # A new score takes the old one's place here as well.
    async with store.write() as work:
        await work.scores.add("interview-1", replace(score, criteria=(missed,)))
        await work.commit()
    assert await found(store, state=CriterionState.SHOWN) == []


async def test_an_exam_that_is_open_tells_no_states(store: Store) -> None:
    shown, _ = a_score().criteria
    shown = replace(shown, evidence=(Evidence("Leakage", "interview-1-2", 0, 7),))
    exam = an_interview(mode=Mode.EXAM, state=InterviewState.OPEN)
    await stored(store, [exam], TALK, [a_score(criteria=(shown,), question_id=TALK[0].question_id)])
    assert await found(store, state=CriterionState.SHOWN) == []
    async with store.read() as work:
        hits, _ = await work.searches.find(OWNER, Sought(), limit=50)
    assert [hit.criteria for hit in hits] == [(), (), (), ()]


async def test_pages_follow_one_another_without_gap_or_repetition(store: Store) -> None:
    # All at the same moment: the place must still be exact.
    turns = [replace(said(number, "Leakage."), created_at=NOW) for number in range(1, 8)]
    await stored(store, [an_interview()], turns)
    seen: list[str] = []
    place = None
    async with store.read() as work:
        for _ in range(4):
            page, total = await work.searches.find(OWNER, Sought(understood("leakage")), limit=2, after=place)
            assert total == 7
            seen += [hit.turn_id for hit in page]
            place = page[-1].place if page else place
    assert sorted(seen) == sorted(turn.id for turn in turns)
    assert len(seen) == 7


async def test_what_is_deleted_is_found_no_more_and_rows_that_are_missing_are_made_again(store: Store) -> None:
    await stored(store, [an_interview(), an_interview(id="interview-2")], [*TALK, said(1, "leakage", "interview-2")])
    async with store.write() as work:
        await work.interviews.delete("interview-2", candidate_id=OWNER)
        await work.searches.shrink()
        await work.commit()
    assert await found(store, "leakage") == ["interview-1-4", "interview-1-1"]
    async with store.write() as work:
        await work.searches._connection.execute(delete(turn_search).where(turn_search.c.seq == 1))
        await work.searches._connection.execute(update(turn_search).where(turn_search.c.seq == 4).values(cut_version=0))
        await work.commit()
    assert await found(store, "leakage") == ["interview-1-4"]
    async with store.write() as work:
        assert await work.searches.fill() == 2
        assert await work.searches.fill() == 0
        await work.commit()
    assert await found(store, "leakage") == ["interview-1-4", "interview-1-1"]
    assert await found(store, "time series") == ["interview-1-4"]


async def test_states_that_are_missing_are_made_again(store: Store) -> None:
    await stored(store, [an_interview()], TALK, [a_score()])
    async with store.write() as work:
        await work.searches._connection.execute(delete(criterion_states))
        assert await work.searches.fill_states() == 1
        assert await work.searches.fill_states() == 0
        await work.commit()
