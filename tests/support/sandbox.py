"""The sandbox's runtime for tests: VIVA_TEST_SANDBOX, or where `viva setup` has it compiled; compiled now if it is not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.exercises.outcomes import Run, Submission
from app.exercises.python_runtime import FOLDER, PythonRuntime
from app.exercises.sandbox import Attempt, Limits, Sandbox
from app.material.tasks import ProblemTest

TABLES: Mapping[str, Mapping[str, str]] = {"visits": {"user_id": "INTEGER", "day": "TEXT"}}


@pytest.fixture(scope="session")
def runtime() -> PythonRuntime:
    default = Path(__file__).resolve().parents[2] / ".viva" / FOLDER
    found = PythonRuntime(Path(os.environ.get("VIVA_TEST_SANDBOX", str(default))))
    found.prepare()
    return found


def a_case(*args: Any, expect: Any = None, **more: Any) -> ProblemTest:
    return ProblemTest(args=args, expect=expect, **more)


async def tried(
    runtime: PythonRuntime,
    source: str,
    *visible: ProblemTest,
    hidden: tuple[ProblemTest, ...] = (),
    limits: Limits | None = None,
) -> Run:
    """A run of `source`, whose function is `answer`."""
    attempt = Attempt(Submission(source, "answer"), visible or (a_case(1, expect=2),), hidden)
    return await Sandbox(runtime, limits=limits).run(attempt)


async def queried(folder: Path, statement: str, *visible: ProblemTest, limits: Limits | None = None) -> Run:
    """A run of a statement on `visits`; needs no compiled runtime."""
    submission = Submission(statement, tables=TABLES)
    return await Sandbox(PythonRuntime(folder), limits=limits).run(Attempt(submission, visible or (a_case(),)))
