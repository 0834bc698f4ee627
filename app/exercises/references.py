"""Runs the reference solution of a coding problem against its tests, in a process of its own.

For solutions that were reviewed with the corpus: the child keeps a crash, an endless loop and prints away from this
process, and is no sandbox for a stranger's code.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.exercises.compare import same
from app.exercises.queries import QueryFailed, run_query

TIMEOUT_S = 20.0

_CHILD = """
import contextlib, io, json, sys
task = json.load(sys.stdin)
space = {"__name__": "solution"}
results = []
with contextlib.redirect_stdout(io.StringIO()):
    exec(compile(task["source"], "solution.py", "exec"), space)
    for call in task["calls"]:
        try:
            results.append({"value": space[task["function"]](*call["args"], **call["kwargs"])})
        except Exception as error:
            results.append({"raised": type(error).__name__, "says": str(error)})
json.dump(results, sys.stdout, default=lambda one: sorted(one) if isinstance(one, (set, frozenset)) else list(one))
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """One test of a problem: a call or the rows of tables, and what must come of it."""

    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] | None = None
    rows: Mapping[str, Sequence[tuple[Any, ...]]] | None = None
    value: Any = None
    raises: str | None = None
    compare: str = "equal"
    tolerance: float = 1e-6


def failures_of_python(
    source: str, function: str, tests: Sequence[Expected], *, timeout_s: float = TIMEOUT_S
) -> list[str]:
    """What a Python solution does wrong, one line for each test that fails; empty where all pass.

    Arguments and results go through JSON: sets come back as sorted lists, tuples as lists, keys of mappings as text.
    """
    calls = [{"args": list(test.args), "kwargs": dict(test.kwargs or {})} for test in tests]
    task = json.dumps({"source": source, "function": function, "calls": calls})
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, and source from the reviewed corpus
            [sys.executable, "-I", "-c", _CHILD],
            input=task,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [f"it did not end within {timeout_s:g} s"]
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()[-1:] or ["no message"]
        return [f"it does not run: {last[0]}"]
    results = json.loads(child.stdout)
    return [
        f"test {number}: {problem}"
        for number, (test, result) in enumerate(zip(tests, results, strict=True), 1)
        if (problem := _wrong(test, result))
    ]


def failures_of_sql(statement: str, tables: Mapping[str, Mapping[str, str]], tests: Sequence[Expected]) -> list[str]:
    """What a SQL solution does wrong, one line for each test that fails; empty where all pass."""
    found: list[str] = []
    for number, test in enumerate(tests, 1):
        try:
            rows = run_query(statement, tables, test.rows or {})
        except QueryFailed as error:
            found.append(f"test {number}: {error}")
            continue
        compare = "same-items" if test.compare == "same-items" else "close"
        if not same(rows, test.value or [], compare, test.tolerance):
            found.append(f"test {number}: gives {rows!r}, expected {test.value!r}")
    return found


def _wrong(test: Expected, result: Mapping[str, Any]) -> str:
    if test.raises is not None:
        if result.get("raised") == test.raises:
            return ""
        return f"raises {result.get('raised', 'nothing')}, expected {test.raises}"
    if "raised" in result:
        return f"raises {result['raised']}: {result['says']}"
    if same(result["value"], test.value, test.compare, test.tolerance):
        return ""
    return f"gives {result['value']!r}, expected {test.value!r}"
