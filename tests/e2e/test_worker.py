"""The judging worker on a real store: each piece of work is done once, by whoever is there, or fails and says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import httpx2
import pytest
import structlog
from structlog.testing import capture_logs

from app.domain.errors import StoreBusy
from app.domain.interview import CloseReason, InterviewState
from app.domain.score import Assessment, AssessmentState
from app.domain.transcript import MoveKind, Usage
from app.llm.model import Completion, Delta, Filled, Message, Request, T
from app.main import Parts, create_app
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence import migrate
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.unit_of_work import Store, UnitOfWork, open_store
from app.prompting.library import Library
from app.scoring.criterion_model import CompactScorer
from app.scoring.model_judge import JudgeManner, ModelJudge
from app.scoring.pair_model import Told
from app.scoring.slow_voice import SlowVoice
from app.settings import Telemetry
from app.terminal.served import served
from app.wiring.reading import ingest_passages
from app.worker import Worker, WorkerManner
from tests.support.builders import (
    NOW,
    OWNER,
    QUESTION,
    a_move,
    a_turn,
    an_assessment,
    an_interview,
    an_interviewers_turn,
)
from tests.support.embedders import HashingEmbedder, hashed
from tests.support.pairs import hold
from tests.support.serving import ROOT, Talker, settings_for

pytestmark = pytest.mark.anyio
GONE = "fundamentals/no-longer-there"


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = NOW + timedelta(seconds=1)
        self.reads = 0
        self._read = asyncio.Event()

    def __call__(self) -> datetime:
        self.reads += 1
        self._read.set()
        return self.time

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    async def read_again(self, times: int) -> None:
        """Returns when it has been looked at so often from now on."""
        until = self.reads + times
        while self.reads < until:
            self._read.clear()
            await self._read.wait()


class Judging:
    """A judge model that answers when it is let, with a verdict on nothing."""

    name = "judge"

    def __init__(self, *, breaks: bool = False) -> None:
        self.asked = asyncio.Event()
        self.let = asyncio.Event()
        self._breaks = breaks

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        self.asked.set()
        await self.let.wait()
        if self._breaks:
            raise RuntimeError("broken")
        raw = '{"criteria": []}'
        return Filled(schema.model_validate_json(raw), raw, Usage(), "judge-1")

    def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        raise AssertionError("a judge does not talk")

    async def first_words(self, request: Request) -> Mapping[str, float]:
        self.asked.set()
        await self.let.wait()
        return {"yes": 0.9, "no": 0.1}

    async def warm(self, messages: Sequence[Message]) -> None:
        raise AssertionError("not asked for")

    async def ready(self) -> None:
        raise AssertionError("not asked for")

    async def aclose(self) -> None:
        raise AssertionError("not asked for")


class Waiting:
    """Somebody who waits for a reply until told otherwise; knows when it was asked about twice."""

    def __init__(self) -> None:
        self.waits = True
        self.asked_twice = asyncio.Event()
        self._asked = 0

    def __call__(self) -> bool:
        self._asked += 1
        if self._asked >= 2:
            self.asked_twice.set()
        return self.waits


class BusyStore(Store):
    """Its next `refusals` writes find the database locked."""

    refusals = 0

    def write(self) -> UnitOfWork:
        if self.refusals:
            self.refusals -= 1
            raise StoreBusy()
        return super().write()


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(ROOT / "corpus")


@pytest.fixture
async def store(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path / 'viva.db'}"
    migrate.upgrade(url)
    opened = open_store(url)
    async with opened.write() as work:
        await work.candidates.add(Candidate(OWNER, NOW, "the owner"))
        await work.commit()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Workers:
    """Makes workers that share a store and a clock."""

    def __init__(self, store: Store, corpus: Corpus, clock: Clock) -> None:
        self._store, self._corpus, self._clock = store, corpus, clock

    def hire(
        self,
        owner: str,
        *,
        judge: Judging | None = None,
        manner: WorkerManner | None = None,
        slow: Judging | None = None,
        somebody_waits: Callable[[], bool] = lambda: False,
        store: Store | None = None,
        broken: BaseException | None = None,
    ) -> Worker:
        async def reading(statements: Sequence[str], text: str) -> list[Told]:
            if broken is not None:
                raise broken
            return await hold(statements, text)

        prompts = Library.load(ROOT / "prompts")
        judging = ModelJudge(judge, prompts, self._corpus, JudgeManner()) if judge else None
        return Worker(
            store=store or self._store,
            corpus=self._corpus,
            compact=CompactScorer(self._corpus, reading, hashed),
            judge=judging,
            voice=SlowVoice(slow, prompts) if slow else None,
            now=self._clock,
            owner=owner,
            manner=manner or WorkerManner(),
            somebody_waits=somebody_waits,
        )


@pytest.fixture
def workers(store: Store, corpus: Corpus, clock: Clock) -> Workers:
    return Workers(store, corpus, clock)


async def add(
    store: Store, *assessments: Assessment, open_: bool = False, owner: str = OWNER, question_id: str = QUESTION
) -> None:
    """An interview with a question and an answer, and the work that it made."""
    interview = an_interview(candidate_id=owner)
    if not open_:
        reason = CloseReason.BY_CANDIDATE
        interview = replace(interview, state=InterviewState.CLOSED, closed_at=NOW, close_reason=reason)
    asked = an_interviewers_turn(
        seq=1,
        marks=(),
        question_id=question_id,
        move=a_move(kind=MoveKind.OPEN, criterion_id="", question_id=question_id),
    )
    async with store.write() as work:
        await work.interviews.add(interview)
        await work.turns.append(asked)
        await work.turns.append(a_turn(seq=2, question_id=question_id))
        for assessment in assessments:
            await work.assessments.add(assessment)
        await work.commit()


async def stored(store: Store) -> list[Assessment]:
    async with store.read() as work:
        return list(await work.assessments.list("interview-1"))


async def until(store: Store, state: AssessmentState) -> Assessment:
    """The one piece of work, as soon as it is in that state."""
    with anyio.fail_after(20):
        while True:
            (found,) = await stored(store)
            if found.state is state:
                return found


async def test_two_workers_make_one_score(store: Store, workers: Workers) -> None:
    await add(store, an_assessment())
    one, two = workers.hire("one"), workers.hire("two")
    assert sorted(await asyncio.gather(one.work_once(), two.work_once())) == [False, True]
    (done,) = await stored(store)
    assert (done.state, done.attempts, done.error) == (AssessmentState.DONE, 1, "")
    assert done.score is not None
    assert done.score.versions.model == ""


async def test_many_workers_do_everything_once(store: Store, workers: Workers) -> None:
    await add(store, *(an_assessment(id=f"a{number}") for number in range(9)))

    async def works(owner: str) -> int:
        worker, done = workers.hire(owner), 0
        while await worker.work_once():
            done += 1
        return done

    assert sum(await asyncio.gather(*(works(f"w{number}") for number in range(3)))) == 9
    assert {(one.state, one.attempts) for one in await stored(store)} == {(AssessmentState.DONE, 1)}


async def test_work_whose_lease_has_run_out_is_taken_over_and_scored_once(
    store: Store, workers: Workers, clock: Clock
) -> None:
    await add(store, an_assessment())
    slow = Judging()
    first, second = workers.hire("first", judge=slow), workers.hire("second")
    working = asyncio.create_task(first.work_once())
    await slow.asked.wait()
    assert not await second.work_once()
    clock.forward(WorkerManner().lease_s)
    assert await second.work_once()
    taken = await stored(store)
    assert taken[0].score is not None
    slow.let.set()
    assert await working
    assert await stored(store) == taken


async def test_a_slow_judge_keeps_its_lease(store: Store, workers: Workers, clock: Clock) -> None:
    await add(store, an_assessment())
    slow = Judging()
    first = workers.hire("first", judge=slow, manner=WorkerManner(lease_s=0.03))
    working = asyncio.create_task(first.work_once())
    await slow.asked.wait()
    clock.forward(100)
    # The lease is renewed in turns: when the clock is read for the third time, the second renewal is stored.
    await clock.read_again(3)
    assert not await workers.hire("second").work_once()
    slow.let.set()
    assert await working
    assert (await until(store, AssessmentState.DONE)).attempts == 1


async def test_what_fails_is_tried_again_and_then_fails_without_a_score(
    store: Store, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A logger that was used before keeps the configuration of that time, which capturing does not reach.
    monkeypatch.setattr("app.worker.log", structlog.get_logger())
    await add(store, an_assessment())
    worker = workers.hire("one", broken=RuntimeError("a candidate's words"))
    for attempt in range(1, 4):
        with capture_logs() as logged:
            assert await worker.work_once()
        assert [entry["log_level"] for entry in logged] == ["error"]
        (found,) = await stored(store)
        last = attempt == WorkerManner().max_attempts
        assert (found.attempts, found.state is AssessmentState.FAILED) == (attempt, last)
    assert not await worker.work_once()
    (failed,) = await stored(store)
    assert (failed.score, failed.error) == (None, "RuntimeError")


async def test_what_failed_once_may_still_succeed(store: Store, workers: Workers) -> None:
    await add(store, an_assessment())
    with capture_logs():
        assert await workers.hire("one", broken=RuntimeError()).work_once()
    assert await workers.hire("two").work_once()
    (done,) = await stored(store)
    assert (done.state, done.attempts, done.error) == (AssessmentState.DONE, 2, "")


async def test_work_that_was_lost_too_often_is_given_up(store: Store, workers: Workers) -> None:
    lost = an_assessment(state=AssessmentState.RUNNING, attempts=3, lease_owner="dead", leased_until=NOW)
    await add(store, lost)
    assert not await workers.hire("one").work_once()
    (failed,) = await stored(store)
    assert (failed.state, failed.score) == (AssessmentState.FAILED, None)
    assert "died" in failed.error


async def test_the_judge_waits_while_somebody_waits(store: Store, workers: Workers) -> None:
    await add(store, an_assessment(), open_=True)
    judge, person = Judging(), Waiting()
    judge.let.set()
    working = asyncio.create_task(workers.hire("one", judge=judge, somebody_waits=person).work_once())
    await person.asked_twice.wait()
    assert not judge.asked.is_set()
    person.waits = False
    assert await working
    assert judge.asked.is_set()


async def test_the_judge_does_not_wait_for_ever(store: Store, workers: Workers, clock: Clock) -> None:
    await add(store, an_assessment(), open_=True)
    judge, person = Judging(), Waiting()
    judge.let.set()
    working = asyncio.create_task(workers.hire("one", judge=judge, somebody_waits=person).work_once())
    await person.asked_twice.wait()
    clock.forward(WorkerManner().patience_s)
    assert await working
    assert judge.asked.is_set()


async def test_a_report_waits_for_a_judge_that_decides(store: Store, workers: Workers, clock: Clock) -> None:
    await add(store, an_assessment())
    clock.forward(WorkerManner().patience_s)
    judge = Judging()
    judge.let.set()
    assert await workers.hire("one", judge=judge).work_once()
    assert judge.asked.is_set()


@pytest.mark.parametrize("late", [False, True])
async def test_a_report_does_not_wait_for_a_slow_voice(
    store: Store, workers: Workers, clock: Clock, late: bool
) -> None:
    await add(store, an_assessment())
    clock.forward(WorkerManner().patience_s if late else 0.0)
    voice = Judging()
    voice.let.set()
    assert await workers.hire("one", slow=voice).work_once()
    assert voice.asked.is_set() is not late
    (done,) = await stored(store)
    assert done.score is not None
    said = {opinion.judge for each in done.score.criteria for opinion in each.judges}
    assert ("joined" in said) is not late
    assert any("too slow" in each.reason for each in done.score.criteria) is late


async def test_a_locked_database_stops_no_worker(store: Store, workers: Workers, tmp_path: Path) -> None:
    await add(store, an_assessment())
    plain = open_store(f"sqlite:///{tmp_path / 'viva.db'}")
    busy = BusyStore(plain._engine)
    busy.refusals = 2
    worker = workers.hire("one", store=busy, manner=WorkerManner(idle_s=0.01))
    working = asyncio.create_task(worker.run())
    await until(store, AssessmentState.DONE)
    assert busy.refusals == 0
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await busy.close()


async def test_a_job_that_fails_after_its_lease_stops_no_worker(store: Store, workers: Workers, clock: Clock) -> None:
    await add(store, an_assessment())
    slow = Judging(breaks=True)
    first = workers.hire("first", judge=slow)
    working = asyncio.create_task(first.work_once())
    await slow.asked.wait()
    clock.forward(WorkerManner().lease_s)
    assert await workers.hire("second").work_once()
    slow.let.set()
    with capture_logs():
        assert await working
    (done,) = await stored(store)
    assert (done.state, done.error) == (AssessmentState.DONE, "")


async def test_work_of_a_deleted_interview_is_dropped(store: Store, workers: Workers) -> None:
    await add(store, an_assessment())
    judge = Judging()
    working = asyncio.create_task(workers.hire("one", judge=judge).work_once())
    await judge.asked.wait()
    async with store.write() as work:
        await work.interviews.delete("interview-1", candidate_id=OWNER)
        await work.commit()
    judge.let.set()
    assert await working
    assert await stored(store) == []


def test_a_report_says_why_a_question_has_no_score(tmp_path: Path) -> None:
    """Its question has left the corpus since it was asked."""
    settings = settings_for(tmp_path, telemetry=Telemetry(json_lines=True))
    embedder = HashingEmbedder(max_words=10_000)
    migrate.upgrade(settings.database_url)

    async def prepare() -> None:
        store = open_store(settings.database_url)
        async with store.write() as work:
            await work.candidates.ensure_local(now=NOW)
            await work.commit()
        await add(store, an_assessment(question_id=GONE), owner=LOCAL_CANDIDATE, question_id=GONE)
        await store.close()

    anyio.run(prepare)
    ingest_passages(settings, embedder)
    parts = Parts(embedder=embedder)
    with served(create_app(settings, parts)) as address, httpx2.Client(base_url=address, timeout=30) as http:
        viva = Talker(http, settings)
        viva.wait_until_ready()
        report = viva.report("interview-1")
        (question,) = report["questions"]
        assert (report["failed"], question["question_id"], question["score"]) == (1, GONE, None)
        assert GONE in question["failed"]
        assert report["competencies"] == [] or all(each["level"] is None for each in report["competencies"])
        assert GONE in viva.call("GET", "/v1/interviews/interview-1/report", params={"format": "md"})
