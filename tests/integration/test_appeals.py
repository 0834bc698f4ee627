"""Appeals on both databases: decided at once, kept with both results, the same words never twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

import pytest

from app.domain.appeal import Appeal, AppealOutcome
from app.domain.errors import (
    AppealInvalid,
    AppealNotNeeded,
    AppealsSpent,
    CriterionChanged,
    CriterionUnknown,
    InterviewNotFound,
    ReportNotYet,
    ScoreChanged,
    ScoreNotYet,
    VivaError,
)
from app.domain.interview import InterviewState, Mode
from app.domain.score import CriterionScore, CriterionState, Score
from app.domain.transcript import MoveKind, Turn
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.unit_of_work import Store
from app.scoring.assess import assess
from app.scoring.court import MAX_APPEALS, AppealCourt, AppealWish
from app.scoring.criterion_model import CompactScorer
from tests.support.builders import NOW, OWNER, a_move, a_turn, an_appeal, an_interview, an_interviewers_turn
from tests.support.material import a_criterion, a_question, write_corpus
from tests.support.scorers import WordScorer, overlooks_all

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio

QUESTION = "fundamentals/leakage"
CAUSE, REMEDY = "names-the-cause", "splits-first"
SAID = "It looks suspicious. Those rows sat in the training file as well. I would split by customer first."
ASKED = an_interviewers_turn(
    id="turn-1",
    seq=1,
    marks=(),
    question_id=QUESTION,
    move=a_move(kind=MoveKind.OPEN, question_id=QUESTION, criterion_id=""),
)
ANSWERED = a_turn(id="turn-2", seq=2, question_id=QUESTION, text=SAID)
CLOSED = an_interview(state=InterviewState.CLOSED, closed_at=NOW)
SHOWS = {CAUSE: ("sat in the training",), REMEDY: ("split by customer",)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    marks = {CAUSE: "absent", REMEDY: "absent"}
    question = a_question(
        criteria=[a_criterion(), a_criterion(REMEDY, says="The rows are split before anything is fitted.")],
        exemplars=[
            {"id": "strong", "text": "Seen before.", "marks": {**marks, CAUSE: "shown"}},
            {"id": "weak", "text": "You need a solid pipeline and to look at all of it together.", "marks": marks},
        ],
    )
    return load(write_corpus(tmp_path_factory.mktemp("corpus"), question=question))


class Case:
    """A closed interview whose question was scored by a scorer that saw nothing, and a court with one that sees."""

    def __init__(self, store: Store, corpus: Corpus) -> None:
        self.store, self.corpus = store, corpus
        self.scorer = WordScorer(corpus, SHOWS)
        self._moments, self._ids = count(1), count(1)
        self.court = AppealCourt(
            store=store,
            corpus=corpus,
            compact=cast(CompactScorer, self.scorer),
            alone=overlooks_all,
            judge=None,
            now=self.now,
            new_id=lambda: f"appeal-{next(self._ids):02}",
        )

    def now(self) -> datetime:
        return NOW + timedelta(seconds=next(self._moments))

    async def blind_score(self) -> Score:
        blind = cast(CompactScorer, WordScorer(self.corpus, {}))
        turns: list[Turn] = [ASKED, ANSWERED]
        return await assess(CLOSED, turns, QUESTION, corpus=self.corpus, compact=blind, judge=None, now=self.now)

    async def held(self, *, scored: bool = True, mode: Mode = Mode.PRACTICE, open_: bool = False) -> None:
        async with self.store.write() as work:
            interview = replace(CLOSED, mode=mode)
            await work.interviews.add(replace(interview, state=InterviewState.OPEN) if open_ else interview)
            await work.turns.append(ASKED)
            await work.turns.append(ANSWERED)
            if scored:
                await work.scores.add("interview-1", await self.blind_score())
            await work.commit()

    async def appeal(
        self, words: str = "rows sat in the training file", criterion_id: str = CAUSE, **changes: Any
    ) -> Appeal:
        start = SAID.index(words)
        wish = AppealWish(QUESTION, criterion_id, "turn-2", start, start + len(words))
        return await self.court.decide(OWNER, "interview-1", replace(wish, **changes))

    async def history(self) -> list[Score]:
        async with self.store.read() as work:
            return [stored.score for stored in await work.scores.history("interview-1", QUESTION)]


@pytest.fixture
def case(store: Store, corpus: Corpus) -> Case:
    return Case(store, corpus)


def of(score: Score, criterion_id: str = CAUSE) -> CriterionScore:
    return next(each for each in score.criteria if each.criterion_id == criterion_id)


async def test_an_appeal_that_is_upheld_makes_a_new_score_and_the_old_one_stays(case: Case) -> None:
    await case.held()
    appeal = await case.appeal()
    assert (appeal.outcome, appeal.state_before) == (AppealOutcome.UPHELD, CriterionState.MISSED)
    assert (appeal.level_before, appeal.level_after) == (0, 2)
    assert SAID[appeal.start : appeal.end] == appeal.quote == "rows sat in the training file"
    before, after = await case.history()
    assert of(before).state is CriterionState.MISSED
    assert (of(after).state, of(after).appeal_id, after.level) == (CriterionState.SHOWN, appeal.id, 2)
    async with case.store.read() as work:
        assert await work.appeals.list("interview-1") == (appeal,)


async def test_an_appeal_that_is_rejected_leaves_the_score_and_is_kept(case: Case) -> None:
    await case.held()
    appeal = await case.appeal("It looks suspicious.")
    assert (appeal.outcome, appeal.level_after) == (AppealOutcome.REJECTED, 0)
    assert len(await case.history()) == 1
    async with case.store.read() as work:
        assert await work.appeals.list("interview-1") == (appeal,)


@pytest.mark.parametrize("words", ["rows sat in the training file", "It looks suspicious."])
async def test_the_same_words_have_the_same_answer(case: Case, words: str) -> None:
    await case.held()
    first = await case.appeal(words)
    readings = case.scorer.readings
    assert await case.appeal(words) == first
    # A letter less is the same words.
    start = SAID.index(words) + 1
    assert await case.appeal(words, start=start) == first
    assert case.scorer.readings == readings


async def test_one_appeal_that_comes_eight_times_at_once_is_decided_once(case: Case) -> None:
    await case.held()
    found = await asyncio.gather(*(case.appeal() for _ in range(8)))
    assert len({appeal.id for appeal in found}) == 1
    assert len(await case.history()) == 2


async def test_two_criteria_appealed_at_once_are_both_credited(case: Case) -> None:
    await case.held()
    await asyncio.gather(case.appeal(), case.appeal("I would split by customer", REMEDY))
    last = (await case.history())[-1]
    assert [each.state for each in last.criteria] == [CriterionState.SHOWN, CriterionState.SHOWN]
    assert (last.level, len(await case.history())) == (4, 3)


async def test_a_score_that_changes_meanwhile_is_appealed_against_as_it_is_then(case: Case) -> None:
    await case.held()

    async def scored_again() -> None:
        other = await case.blind_score()
        criteria = tuple(replace(each, reason="another reason") for each in other.criteria)
        async with case.store.write() as work:
            await work.scores.add("interview-1", replace(other, criteria=criteria))
            await work.commit()

    case.scorer.meanwhile = scored_again
    appeal = await case.appeal()
    assert appeal.upheld
    _, between, last = await case.history()
    assert of(between, REMEDY) == of(last, REMEDY)
    # Each hearing reads three times: all that was said, the words, and what came after them.
    assert case.scorer.readings == 6


async def test_a_score_that_changes_every_time_ends_in_a_refusal(case: Case) -> None:
    await case.held()

    async def scored_again() -> None:
        case.scorer.meanwhile = scored_again
        other = await case.blind_score()
        criteria = tuple(replace(each, reason=f"reason {case.scorer.readings}") for each in other.criteria)
        async with case.store.write() as work:
            await work.scores.add("interview-1", replace(other, criteria=criteria))
            await work.commit()

    case.scorer.meanwhile = scored_again
    with pytest.raises(ScoreChanged):
        await case.appeal()
    async with case.store.read() as work:
        assert await work.appeals.list("interview-1") == ()


async def test_twenty_appeals_are_heard_and_no_more(case: Case) -> None:
    await case.held()
    async with case.store.write() as work:
        for number in range(MAX_APPEALS - 1):
            await work.appeals.add(an_appeal(id=f"a{number}", start=number, end=number + 9))
        await work.commit()
    last = await case.appeal()
    with pytest.raises(AppealsSpent):
        await case.appeal("It looks suspicious.", REMEDY)
    assert await case.appeal() == last


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"question_id": "fundamentals/never-asked"}, ScoreNotYet),
        ({"criterion_id": "alchemy"}, CriterionUnknown),
        ({"turn_id": "turn-1"}, AppealInvalid),
        ({"turn_id": "turn-of-another"}, AppealInvalid),
        ({"end": 100_000}, AppealInvalid),
    ],
)
async def test_what_cannot_be_appealed_is_refused_and_nothing_is_stored(
    case: Case, changes: dict[str, Any], error: type[VivaError]
) -> None:
    await case.held()
    with pytest.raises(error):
        await case.appeal(**changes)
    assert (len(await case.history()), case.scorer.readings) == (1, 0)


async def test_what_is_credited_already_needs_no_appeal(case: Case) -> None:
    await case.held()
    await case.appeal()
    with pytest.raises(AppealNotNeeded):
        await case.appeal("sat in the training file")


async def test_another_candidate_finds_no_interview(case: Case) -> None:
    await case.held()
    with pytest.raises(InterviewNotFound):
        await case.court.decide("somebody-else", "interview-1", AppealWish(QUESTION, CAUSE, "turn-2", 0, 9))


async def test_an_exam_hears_appeals_once_it_is_closed(case: Case) -> None:
    await case.held(mode=Mode.EXAM, open_=True)
    with pytest.raises(ReportNotYet):
        await case.appeal()


async def test_a_practice_interview_hears_them_as_soon_as_there_is_a_score(case: Case) -> None:
    await case.held(open_=True, scored=False)
    with pytest.raises(ScoreNotYet):
        await case.appeal()
    async with case.store.write() as work:
        await work.scores.add("interview-1", await case.blind_score())
        await work.commit()
    assert (await case.appeal()).upheld


async def test_a_rubric_that_has_changed_decides_nothing_about_an_old_score(case: Case) -> None:
    await case.held(scored=False)
    score = await case.blind_score()
    old = tuple(replace(each, says="It read otherwise then.") for each in score.criteria)
    async with case.store.write() as work:
        await work.scores.add("interview-1", replace(score, criteria=old))
        await work.commit()
    with pytest.raises(CriterionChanged):
        await case.appeal()


async def test_words_that_were_rejected_are_heard_anew_where_the_criterion_reads_otherwise(case: Case) -> None:
    await case.held()
    now = of(await case.blind_score())
    async with case.store.write() as work:
        start = SAID.index("rows sat in the training file")
        decided = an_appeal(
            id="appeal-of-then",
            says="It read otherwise then.",
            outcome=AppealOutcome.REJECTED,
            level_after=None,
            question_id=QUESTION,
            criterion_id=CAUSE,
            turn_id="turn-2",
            start=start,
            end=start + len("rows sat in the training file"),
        )
        assert await work.appeals.add(decided)
        await work.commit()
    appeal = await case.appeal()
    assert (appeal.says, appeal.upheld) == (now.says, True)
    assert await case.appeal() == appeal


async def test_the_table_keeps_one_appeal_on_the_same_words(store: Store) -> None:
    async with store.write() as work:
        with pytest.raises(InterviewNotFound):
            await work.appeals.add(an_appeal())
    async with store.write() as work:
        await work.interviews.add(CLOSED)
        assert await work.appeals.add(an_appeal())
        assert not await work.appeals.add(an_appeal(id="appeal-2", reason="another"))
        assert await work.appeals.add(an_appeal(id="appeal-3", criterion_id="c3", created_at=NOW - timedelta(1)))
        await work.commit()
    async with store.read() as work:
        assert [each.id for each in await work.appeals.list("interview-1")] == ["appeal-3", "appeal-1"]
        assert await work.appeals.list("interview-2") == ()
