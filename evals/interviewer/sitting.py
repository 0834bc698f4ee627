"""The real interviewer in this process, and a clock that only the candidate moves: no port, no waiting, nothing patched.

Conductor, director, listener, compact scorer, store and sandbox are those of the service; readings of the pair model are
kept on disk between runs, by the weights that made them, since candidates say the corpus's sentences again and again.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.candidate.language import langid
from app.candidate.limits import Limits
from app.candidate.model_extract import Suggestions
from app.candidate.resume import ResumeReader
from app.domain.errors import VivaError
from app.domain.interview import CloseReason, Interview, InterviewState, Plan, Seniority
from app.domain.resume import Resume
from app.domain.score import CriterionKind
from app.domain.transcript import Speaker, Turn
from app.exercises.outcomes import Run
from app.exercises.python_runtime import FOLDER, PythonRuntime
from app.exercises.sandbox import Attempt, Sandbox
from app.interviewing.briefing import Window
from app.interviewing.conduct import Conductor
from app.interviewing.director.choosing import Choose, worth_most
from app.interviewing.ear import Ear
from app.interviewing.editor import Editor
from app.interviewing.listener import Heard, Listener
from app.interviewing.reply import Manner as ReplyManner
from app.interviewing.reply import ReplyWriter
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.setup import Setup
from app.interviewing.state import Point
from app.interviewing.subject import kind_of, subject_for
from app.llm.model import ChatModel
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.persistence import migrate
from app.persistence.records import Candidate as Owner
from app.persistence.unit_of_work import Store, open_store
from app.prompting.library import Library
from app.retrieval.embedder import SentenceVectors
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.pair_model import PairModel, Probabilities, Told
from app.scoring.verdict import Verdict
from app.settings import Settings
from app.wiring.models import open_models
from app.wiring.reading import asides_for, make_embedder, neighbours_for
from evals.interviewer.candidates import BY_SLUG, Candidate
from evals.interviewer.knowledge import Knowledge
from evals.interviewer.record import Line, Said, Sitting
from evals.interviewer.scripted import scripted
from evals.interviewer.version import Version, version_of_readings
from evals.resumes.build import files
from evals.resumes.people import people

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOST_TURNS = 120
"""Of a candidate: an interview that is not over then does not end."""
VIVA, WEAKEST = "viva", "weakest-first"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One sitting to be held."""

    who: str
    role: str
    rounds: tuple[str, ...]
    seed: int
    director: str = VIVA
    seniority: Seniority = Seniority.MID
    minutes: int = 0
    """0: as long as the rounds need."""

    @property
    def length(self) -> int:
        """Minutes."""
        return self.minutes or max(8, *(int(rules_of(slug).least_minutes) + 6 for slug in self.rounds))


def weakest_first(candidates: Sequence[Point], _near: Mapping[str, float], _fruitless: int) -> Point:
    """What a plain director asks: the criterion that is believed least, whatever it is worth."""
    return min(candidates, key=lambda point: point.p_shown)


class Clock:
    """Time that passes only by being told to."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def pass_(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


class Reads(Protocol):
    """What of the pair model's is kept or passed on."""

    def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        """See `PairModel.hold`."""
        ...

    def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        """See `PairModel.hold_sentence`."""
        ...

    def states(self, text: str) -> tuple[NDArray[np.float32], tuple[tuple[int, int], ...]]:
        """See `PairModel.states`."""
        ...


class KeptReadings:
    """The pair model's readings on disk by statements and text, so that a second grid takes a part of the time."""

    def __init__(self, pairs: Reads, place: Path, version: str) -> None:
        """Takes what makes a reading now: one that another version made is not read again."""
        self._pairs = pairs
        self._version = version
        place.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(place, timeout=60)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE IF NOT EXISTS readings (key BLOB PRIMARY KEY, told BLOB)")
        self._states = lru_cache(maxsize=4096)(pairs.states)

    def states(self, text: str) -> tuple[NDArray[np.float32], tuple[tuple[int, int], ...]]:
        """See `PairModel.states`."""
        return self._states(text)

    async def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        """See `PairModel.hold`."""
        key = hashlib.sha256("\x1f".join([self._version, text, *statements]).encode()).digest()
        row = self._file.execute("SELECT told FROM readings WHERE key = ?", (key,)).fetchone()
        if row is not None:
            with np.load(io.BytesIO(row[0]), allow_pickle=False) as kept:
                offsets = tuple((int(a), int(b)) for a, b in kept["offsets"])
                return [Told(p, points, offsets) for p, points in zip(kept["p"], kept["points"], strict=True)]
        told = self._pairs.hold(statements, text)
        target = io.BytesIO()
        offsets_ = np.array(told[0].offsets, dtype=np.int32).reshape(-1, 2)
        np.savez(target, p=np.stack([e.p for e in told]), points=np.stack([e.points for e in told]), offsets=offsets_)
        self._file.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (key, target.getvalue()))
        self._file.commit()
        return told

    async def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        """See `PairModel.hold_sentence`."""
        key = hashlib.sha256("\x1f".join([self._version, "sentence", sentence, *statements]).encode()).digest()
        row = self._file.execute("SELECT told FROM readings WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return np.frombuffer(row[0], dtype=np.float32).reshape(-1, 3)
        found = self._pairs.hold_sentence(statements, sentence)
        self._file.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (key, found.astype(np.float32).tobytes()))
        self._file.commit()
        return found

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class HearsNow:
    """The listener without a thread of its own."""

    def __init__(self, ears: Listener) -> None:
        self._ears = ears
        self.spans = ears.spans

    async def hear(self, text: str) -> Heard:
        """See `Listener.hear`."""
        return self._ears.hear(text)


class KeptRuns:
    """The sandbox, which is asked once about one program."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._runs: dict[str, Run] = {}

    def why_not(self, *, sql: bool) -> VivaError | None:
        """See `Sandbox.why_not`."""
        return self._sandbox.why_not(sql=sql)

    async def run(self, attempt: Attempt) -> Run:
        """See `Sandbox.run`."""
        key = repr(attempt)
        if key not in self._runs:
            self._runs[key] = await self._sandbox.run(attempt)
        return self._runs[key]


class Rooms:
    """Where sittings are held, one after the other."""

    def __init__(
        self,
        *,
        settings: Settings,
        corpus: Corpus,
        store: Store,
        compact: CompactScorer,
        at_once: CompactScorer,
        ears: HearsNow,
        encode: Callable[[Sequence[str]], NDArray[np.float32]],
        model: ChatModel | None,
        model_name: str,
        version: Version,
    ) -> None:
        self.corpus = corpus
        self._version = version
        self.model_name = model_name
        self._settings = settings
        self._store = store
        self._compact = compact
        self._ears = ears
        self._model = model
        self._ids = count(1)
        self._clock = Clock()
        self._resumes: dict[str, Resume] = {}
        self._runner = KeptRuns(Sandbox(PythonRuntime(settings.data_dir / FOLDER), at_once=1))
        self._prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})

        async def encoded(texts: Sequence[str]) -> NDArray[np.float32]:
            return encode(texts)

        async def near(_vector: NDArray[np.float32], _topics: tuple[str, ...]) -> list[str]:
            return []

        self._ear = Ear(at_once, encoded, near, compact)

    async def hold(self, wanted: Wanted) -> Sitting:
        """One interview from its plan to its scores."""
        self._clock.now = BEGAN
        conductor = self._conductor(wanted)
        owner = self._new_id()
        resume = await self._resume(wanted, owner)
        async with self._store.write() as work:
            await work.candidates.add(Owner(owner, BEGAN, wanted.who))
            await work.resumes.add(resume)
            await work.commit()
        setup = Setup(
            role=wanted.role,
            seniority=wanted.seniority,
            rounds=wanted.rounds,
            minutes=wanted.length,
            resume_id=resume.id,
            seed=wanted.seed,
        )
        interview = await conductor.plan(owner, setup, start=True)
        candidate = Candidate(BY_SLUG[wanted.who], self.corpus, interview)
        said: dict[int, tuple[Said, ...]] = {}
        failure = ""
        try:
            await self._talk(conductor, owner, interview, candidate, said)
        except Exception as error:  # The edge of the eval: a sitting that breaks is a finding, and the others go on.
            failure = f"{type(error).__name__}: {error}"
        async with self._store.read() as work:
            interview = await work.interviews.get(interview.id, candidate_id=owner)
            turns = await work.turns.list(interview.id)
        found = await self._scored(interview, turns)
        return replace(
            found,
            who=wanted.who,
            director=wanted.director,
            rounds=wanted.rounds,
            resume=resume.text,
            lines=_lines(turns, said),
            failure=failure,
            made_by=self._version,
        )

    def _conductor(self, wanted: Wanted) -> Conductor:
        choose: Choose = weakest_first if wanted.director == WEAKEST else worth_most
        editor = Editor(store=self._store, corpus=self.corpus, runner=self._runner, now=self._clock)
        writer = ReplyWriter(
            self.corpus,
            self._ear,
            self._model,
            self._prompts,
            ReplyManner(self._settings.interview.bridge_deadline_s, Window(self._settings.interview.window_characters)),
            self._clock,
            editor.why_not,
            choose,
        )
        return Conductor(
            store=self._store,
            corpus=self.corpus,
            writer=writer,
            listener=self._ears,
            now=self._clock,
            new_id=self._new_id,
            wake_worker=lambda: None,
            owner="eval",
            editor=editor,
        )

    async def _talk(
        self,
        conductor: Conductor,
        owner: str,
        interview: Interview,
        candidate: Candidate,
        said: dict[int, tuple[Said, ...]],
    ) -> None:
        async with self._store.read() as work:
            last = (await work.turns.list(interview.id))[-1]
        planned = {each.question_id: each for each in interview.plan.askable}
        knowledge: dict[str, Knowledge] = {}
        for _ in range(MOST_TURNS):
            assert last.move is not None
            question = last.move.question_id
            if question not in knowledge:
                subject = subject_for(self.corpus, interview, planned[question])
                knowledge[question] = Knowledge(self.corpus, interview, subject)
            turn = candidate.answer(last.move, knowledge[question])
            self._clock.pass_(turn.seconds)
            if turn.closes:
                await conductor.close(owner, interview.id)
                return
            accepted = await conductor.answer(owner, interview.id, turn.text, code=turn.code)
            said[accepted.turn.seq] = turn.said
            done = await accepted.reply.outcome()
            last = done.turn
            if done.interview_state is InterviewState.CLOSED:
                return

    async def _scored(self, interview: Interview, turns: Sequence[Turn]) -> Sitting:
        levels: dict[str, int | None] = {}
        states: dict[str, dict[str, str]] = {}
        musts: dict[str, tuple[str, ...]] = {}
        asked = dict.fromkeys(turn.question_id for turn in turns if turn.question_id)
        for question in asked:
            score = await assess(
                interview,
                turns,
                question,
                corpus=self.corpus,
                compact=self._compact,
                judge=None,
                now=self._clock,
            )
            levels[question] = score.level
            states[question] = {each.criterion_id: str(each.state) for each in score.criteria}
            musts[question] = tuple(
                each.criterion.id
                for each in self.corpus.rubric(question).criteria
                if kind_of(each.criterion, interview) is CriterionKind.MUST
            )
        plan: Plan = interview.plan
        return Sitting(
            who="",
            role=interview.role,
            rounds=(),
            seed=interview.seed,
            model=self.model_name,
            director="",
            seniority=str(interview.seniority),
            minutes=interview.minutes,
            resume="",
            closed=str(interview.close_reason or CloseReason.FINISHED) if interview.closed_at else "",
            levels=levels,
            states=states,
            musts=musts,
            budgets={each.question_id: float(each.seconds) for each in plan.askable},
            round_budgets={each.round: each.minutes * 60 for each in plan.rounds},
        )

    async def _resume(self, wanted: Wanted, owner: str) -> Resume:
        """The resume of one of the fictional people, drawn by role and seed: read from its file as an upload is."""
        everyone = people("first")
        person = everyone[(wanted.seed + sum(map(ord, wanted.role))) % len(everyone)]
        if person.slug not in self._resumes:
            file = next(iter(files(person)))
            reader = ResumeReader(limits=Limits(), now=self._clock, new_id=self._new_id)
            self._resumes[person.slug] = await reader.read(
                file.data, candidate_id=owner, file_name=f"resume.{file.kind}"
            )
        return replace(self._resumes[person.slug], id=self._new_id(), candidate_id=owner)

    def _new_id(self) -> str:
        return f"{next(self._ids):08d}"


def _lines(turns: Sequence[Turn], said: dict[int, tuple[Said, ...]]) -> tuple[Line, ...]:
    began = turns[0].created_at if turns else BEGAN
    return tuple(_line(turn, (turn.created_at - began).total_seconds(), said.get(turn.seq, ())) for turn in turns)


def _line(turn: Turn, at_s: float, said: tuple[Said, ...]) -> Line:
    if turn.speaker is Speaker.CANDIDATE:
        kinds = tuple(str(span.kind) for span in turn.spans)
        return Line(
            "candidate", turn.text, at_s, turn.question_id, turn.part_id, said=said, code=turn.code, heard=kinds
        )
    move, made = turn.move, turn.generation
    assert move is not None
    return Line(
        "interviewer",
        turn.text,
        at_s,
        turn.question_id,
        turn.part_id,
        move=str(move.kind),
        reason=move.reason,
        round=move.round,
        criterion_id=move.criterion_id,
        misconception_id=move.misconception_id,
        hint=move.hint,
        facts=tuple((each.id, str(each.how)) for each in move.facts),
        claim=move.claim.text if move.claim is not None else "",
        written=move.spoken,
        source=f"{made.source} {made.why_written}".strip() if made is not None else "",
        marks={mark.criterion_id: mark.p_shown for mark in turn.marks},
    )


@asynccontextmanager
async def rooms(settings: Settings, model_name: str, version: Version) -> AsyncIterator[Rooms]:
    """Rooms of this version with the model of that name: `scripted`, `none`, or `configured` for the one of the settings."""
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    async with AsyncExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'viva.db'}"
        migrate.upgrade(url)
        store = open_store(url)
        closing.push_async_callback(store.close)
        embedder = make_embedder(settings)
        embedder.load()
        vectors = SentenceVectors(embedder, folder=settings.data_dir / "vectors", capacity=20_000)
        vectors.encode_cached([])
        pairs = PairModel(threads=1)
        readings = KeptReadings(pairs, settings.data_dir / "readings.db", version_of_readings())
        closing.callback(readings.close)

        async def encode(texts: Sequence[str]) -> NDArray[np.float32]:
            return vectors.encode(texts)

        asides, around = asides_for(embedder), neighbours_for(embedder, corpus, vectors.encode)
        compact, at_once = (
            CompactScorer(
                corpus,
                readings.hold,
                encode,
                asides,
                closely=closely,
                neighbours=around,
                hold_sentence=readings.hold_sentence,
            )
            for closely in (True, False)
        )
        model: ChatModel | None = None
        if model_name == "scripted":
            model = scripted()
        elif model_name == "configured":
            model, _ = await open_models(settings, closing)
            assert model is not None, "set VIVA_INTERVIEWER__PROVIDER"
            await model.ready()
            model_name = model.name
        yield Rooms(
            settings=settings,
            corpus=corpus,
            store=store,
            compact=compact,
            at_once=at_once,
            ears=HearsNow(listener_on(readings)),
            encode=vectors.encode,
            model=model,
            model_name=model_name,
            version=version,
        )


def listener_on(readings: KeptReadings) -> Listener:
    """The listener over the kept readings."""
    return Listener(readings.states, langid())
