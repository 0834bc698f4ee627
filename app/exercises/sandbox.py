"""Runs what candidates wrote, in a child process that is killed whole; docs/decisions/0015 says what isolates it.

Python runs in WebAssembly inside that child, SQL on tables in memory. Visible and hidden tests never share a guest.
Expected values stay here; `outcomes` compares.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.code import Limit
from app.domain.errors import CodeTooLong, SandboxBroken, SandboxNotInstalled, SandboxNotPrepared, VivaError
from app.exercises.outcomes import Case, Part, Run, Submission, judge
from app.exercises.python_runtime import PythonRuntime, child_environment

_ONE_THREAD = {"TOKIO_WORKER_THREADS": "1", "RAYON_NUM_THREADS": "1"}
"""By default the runtime starts a thread for each core, and their stacks count against its memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run, its visible and hidden tests together."""

    wall_s: float = 3.0
    """From the moment the candidate's code begins. Processor time is bound by twice that."""
    start_s: float = 30.0
    """For the start of the child, in which only our own code runs."""
    query_s: float = 2.0
    """For one run of a query."""
    memory_bytes: int = 256 << 20
    """Of the guest; for SQL, of the process. pandas and scikit-learn load in it."""
    printed_bytes: int = 64 << 10
    """Kept of each of standard output and error."""
    value_characters: int = 1 << 20
    """Of one answer written as JSON."""
    sent_bytes: int = 8 << 20
    """Of all that the child says."""
    source_characters: int = 50_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """A submission with the tests that decide."""

    submission: Submission
    visible: Sequence[Case]
    hidden: Sequence[Case] = ()


class Sandbox:
    """Runs attempts, at most `at_once` at a time; others wait."""

    def __init__(self, runtime: PythonRuntime, *, limits: Limits | None = None, at_once: int = 1) -> None:
        self._runtime = runtime
        self._limits = limits or Limits()
        self._turns = asyncio.Semaphore(at_once)
        self._was_ready = False

    def why_not(self, *, sql: bool) -> VivaError | None:
        """The error that a run would end in, as far as a short look at files tells; None where it can be run.

        What was ready once is not looked at again: `run` does, and raises.
        """
        if sql or self._was_ready:
            return None
        try:
            self._runtime.check()
        except (SandboxNotInstalled, SandboxNotPrepared) as error:
            return error
        self._was_ready = True
        return None

    async def prepare(self) -> bool:
        """`PythonRuntime.prepare` without blocking the loop: minutes where it compiles."""
        return await asyncio.to_thread(self._runtime.prepare)

    async def run(self, attempt: Attempt, *, limits: Limits | None = None) -> Run:
        """What became of each test, within this sandbox's limits or others: pandas alone takes seconds to load.

        Raises:
            CodeTooLong: the source is longer than is run.
            SandboxNotInstalled, SandboxNotPrepared: for Python only.
            SandboxBroken: the child did not come up. Whatever the candidate's code does is no error but a `Run`.
        """
        (found,) = await self.run_all([attempt], limits=limits)
        return found

    async def run_all(self, attempts: Sequence[Attempt], *, limits: Limits | None = None) -> list[Run]:
        """Several attempts in one language in one child, one after the other, within one set of limits.

        For checking material; candidates' attempts share nothing. Raises as `run` does.
        """
        limits = limits or self._limits
        sql = {attempt.submission.function is None for attempt in attempts}
        if len(sql) != 1:
            raise ValueError("one language at a time")
        is_sql = sql.pop()
        for attempt in attempts:
            if len(attempt.submission.source) > limits.source_characters:
                raise CodeTooLong(limits.source_characters, len(attempt.submission.source))
        if not is_sql:
            await asyncio.to_thread(self._runtime.check)
        parts = [(attempt.submission, cases) for attempt in attempts for cases in (attempt.visible, attempt.hidden)]
        async with self._turns:
            frames, cut_off = await _converse(_job(parts, limits, self._runtime.folder, sql=is_sql), limits)
        # Answers of some megabytes take their time to be read and compared.
        return await asyncio.to_thread(_judged, frames, [cases for _, cases in parts], sql=is_sql, cut_off=cut_off)


async def _converse(job: bytes, limits: Limits) -> tuple[list[dict[str, Any]], Limit | None]:
    """What the child said, and which limit of this side ended it, if any. The child is gone when this returns."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="viva-sandbox-"))
    errors = folder / "errors.txt"
    try:
        with errors.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "app.exercises.sandbox_child",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                env=child_environment(TMPDIR=str(folder), HOME=str(folder), **_ONE_THREAD),
                cwd=folder,
                start_new_session=True,
                limit=2 * limits.value_characters + (1 << 20),
            )
        try:
            ready, frames, cut_off = await _listen(process, job, limits)
        finally:
            _kill_whole(process)
            await process.wait()
        if not ready:
            raise SandboxBroken(_last_line(errors) or f"it did not start within {limits.start_s:g} s")
        return frames, cut_off
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _listen(
    process: asyncio.subprocess.Process, job: bytes, limits: Limits
) -> tuple[bool, list[dict[str, Any]], Limit | None]:
    assert process.stdin is not None
    assert process.stdout is not None
    loop = asyncio.get_running_loop()
    frames: list[dict[str, Any]] = []
    ready, size = False, 0
    try:
        async with asyncio.timeout(limits.start_s) as timeout:
            with suppress(ConnectionError):
                process.stdin.write(job)
                await process.stdin.drain()
                process.stdin.close()
            while line := await process.stdout.readline():
                size += len(line)
                if size > limits.sent_bytes:
                    return ready, frames, Limit.SENT
                frame = json.loads(line)
                if frame.get("ready"):
                    ready = True
                    # The guest's own deadline comes first, and lets it say what was printed.
                    timeout.reschedule(loop.time() + limits.wall_s + 0.5)
                else:
                    frames.append(frame)
    except TimeoutError:
        return ready, frames, Limit.TIME
    except (ValueError, RecursionError):  # a longer line than is read, or one that is nested deeper
        return ready, frames, Limit.SENT
    return ready, frames, None


def _judged(
    frames: Sequence[Mapping[str, Any]], parts: Sequence[Sequence[Case]], *, sql: bool, cut_off: Limit | None
) -> list[Run]:
    judged: list[Part] = []
    for number, cases in enumerate(parts):
        own = [frame for frame in frames if frame.get("part") == number]
        judged.append(judge(own, cases, sql=sql, cut_off=cut_off if own else None))
    return [Run(visible, hidden) for visible, hidden in zip(judged[::2], judged[1::2], strict=True)]


def _job(parts: Sequence[tuple[Submission, Sequence[Case]]], limits: Limits, folder: Path, *, sql: bool) -> bytes:
    """What the child is told: sources and arguments, and no expected value."""
    told: list[Mapping[str, Any]] = [
        {
            "source": submission.source,
            "function": submission.function,
            "tables": submission.tables,
            "calls": [
                json.dumps(
                    dict(case.rows) if sql else {"args": list(case.args), "kwargs": dict(case.kwargs)},
                )
                for case in cases
            ],
        }
        for submission, cases in parts
    ]
    job = {
        "language": "sql" if sql else "python",
        "folder": str(folder.resolve()),
        "parts": told,
        "wall_s": limits.wall_s,
        "start_s": limits.start_s,
        "query_s": limits.query_s,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.printed_bytes,
        "value_characters": limits.value_characters,
    }
    return json.dumps(job, default=dict).encode("ascii")


def _kill_whole(process: asyncio.subprocess.Process) -> None:
    """Ends the child and all it may have started: its session has its id until it is waited for."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:  # pragma: no cover - Windows
                process.kill()


def _last_line(path: Path) -> str:
    with suppress(OSError):
        return (path.read_text(encoding="utf-8", errors="replace").strip().splitlines() or [""])[-1][:500]
    return ""
