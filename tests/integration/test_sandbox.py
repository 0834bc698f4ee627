"""The sandbox with its real parts: WebAssembly in a child process, and code that wants out of it.

Every hostile program is run in a child that is gone afterwards, after seconds of a processor at most, while this process's loop goes on.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import socket
import sqlite3
import sys
import tempfile
import textwrap
import threading
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from app.domain.code import Kind, Limit
from app.domain.errors import CodeTooLong
from app.exercises import sandbox_child
from app.exercises.outcomes import Run, Submission, candidate_view, reviewer_view
from app.exercises.python_runtime import PythonRuntime
from app.exercises.sandbox import Attempt, Limits, Sandbox, _listen
from app.material.load import load
from app.material.tasks import Problem
from app.settings import ROOT
from tests.support.sandbox import a_case, queried, runtime, tried

__all__ = ["runtime"]

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

STOPPED_WITHIN_S = 5.0
"""Of a processor, in all processes that ran the code."""
TICK_S = 0.02
MISSED_TICKS = 50
BRIEF = Limits(wall_s=1.0)
DOUBLE = "def answer(n):\n    return 2 * n\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Children are told apart by their folder: others may be running code on this machine at the same time."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def children() -> set[str]:
    found = set()
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                command, environment = (each / "cmdline").read_bytes(), (each / "environ").read_bytes()
            except OSError:
                continue
            if b"app.exercises.sandbox_child" in command and tempfile.gettempdir().encode() in environment:
                found.add(each.name)
    return found


def left_over() -> set[str]:
    return {each.name for each in Path(tempfile.gettempdir()).glob("viva-sandbox-*")}


class Ticks:
    """Counts in a thread of this process, which a busy machine holds up as it does the loop, and a blocked loop does not."""

    def __init__(self) -> None:
        self.count = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.wait(TICK_S):
            self.count += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def spent_s() -> float:
    """What processes that were started here and are gone took of a processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@asynccontextmanager
async def unharmed() -> AsyncIterator[None]:
    """What is inside ends before it has used up much, leaves no process and no folder, and does not hold up the loop."""
    before, gaps, over = children(), [0], asyncio.Event()
    folders = left_over()

    async def beat(ticks: Ticks) -> None:
        last = ticks.count
        while not over.is_set():
            await asyncio.wait([asyncio.ensure_future(over.wait())], timeout=TICK_S)
            gaps.append(ticks.count - last)
            last = ticks.count

    began = spent_s()
    with Ticks() as ticks:
        beating = asyncio.create_task(beat(ticks))
        try:
            yield
        finally:
            over.set()
            await beating
    assert spent_s() - began < STOPPED_WITHIN_S
    assert max(gaps) < MISSED_TICKS
    assert children() <= before
    assert left_over() <= folders


async def hostile(run: Awaitable[Run]) -> Run:
    async with unharmed():
        return await run


@pytest.mark.timeout(900)
async def test_every_reference_solution_passes_and_no_starter_does(runtime: PythonRuntime) -> None:
    corpus = load(ROOT / "corpus", ())
    problems: list[Problem] = [each for each in corpus.problems.values() if each.language == "python"]
    assert len(problems) >= 21
    attempts = [
        Attempt(Submission(source, each.function), each.tests.visible, each.tests.hidden)
        for each in problems
        for source in (each.solution, each.starter)
    ]
    runs = await Sandbox(runtime, limits=Limits(wall_s=120.0, sent_bytes=64 << 20)).run_all(attempts)
    for problem, solution, starter in zip(problems, runs[::2], runs[1::2], strict=True):
        assert solution.all_passed, (problem.id, solution)
        assert not starter.all_passed, problem.id


async def test_every_reference_query_passes_and_no_starter_does(tmp_path: Path) -> None:
    problems = [each for each in load(ROOT / "corpus", ()).problems.values() if each.language == "sql"]
    assert problems
    attempts = [
        Attempt(Submission(source, tables=each.tests.tables), each.tests.visible, each.tests.hidden)
        for each in problems
        for source in (each.solution, each.starter)
    ]
    runs = await Sandbox(PythonRuntime(tmp_path), limits=Limits(wall_s=60.0)).run_all(attempts)
    assert [run.all_passed for run in runs] == [True, False] * len(problems)


async def test_each_test_says_what_became_of_it(runtime: PythonRuntime) -> None:
    source = """
        import sys

        def answer(n):
            print("asked", n)
            print("aside", file=sys.stderr)
            if n == 3:
                raise KeyError("three")
            if n < 0:
                raise UnicodeDecodeError("ascii", b"x", 0, 1, "below")
            if n == 5:
                return {1, 2, (3,)}
            if n == 6:
                return [n].__iter__()
            return 2 * n
    """
    run = await tried(
        runtime,
        textwrap.dedent(source),
        a_case(1, expect=2),
        a_case(2, expect=5, because="the sum"),
        a_case(3, expect=6),
        a_case(-1, raises="ValueError"),
        a_case(4, raises="ValueError"),
        a_case(5, expect=[1, 2]),
        a_case(6, expect=[6]),
    )
    kinds = [each.kind for each in run.visible.outcomes]
    assert kinds == [Kind.PASSED, Kind.FAILED, Kind.RAISED, Kind.PASSED, Kind.FAILED, Kind.FAILED, Kind.PASSED]
    assert run.visible.outcomes[1].given == "4"
    assert (run.visible.outcomes[2].given, run.visible.outcomes[2].line) == ("KeyError: 'three'", 8)
    assert run.visible.outcomes[4].says == "expected ValueError"
    assert run.visible.stdout.splitlines() == [f"asked {n}" for n in (1, 2, 3, -1, 4, 5, 6)]
    assert "aside" in run.visible.stderr


@pytest.mark.parametrize(
    ("source", "says", "line"),
    [
        ("def answer(:\n    pass\n", "SyntaxError", 1),
        ("x = 1\nimport antigravity_of_mine\n", "ModuleNotFoundError", 2),
        ("answer = 3\n", "there is no function answer", 0),
        ("raise SystemExit(0)\n", "SystemExit", 1),
        ("import os\nos._exit(3)\n", "ended itself with status 3", 0),
        ("while True: pass\n", "the time for all tests was over", 0),
    ],
)
async def test_a_source_that_cannot_be_loaded_says_why(
    runtime: PythonRuntime, source: str, says: str, line: int
) -> None:
    run = await tried(runtime, source, limits=BRIEF)
    assert says in run.visible.broken
    assert [each.kind for each in run.visible.outcomes] == [Kind.NOT_REACHED]


async def test_arguments_are_fresh_for_each_test_and_modules_of_science_are_there(runtime: PythonRuntime) -> None:
    source = "import numpy as np\ndef answer(xs):\n    xs.append(1)\n    return np.array(xs) * np.float64(2)\n"
    run = await tried(runtime, source, a_case([1], expect=[2, 2]), a_case([1], expect=[2, 2]))
    assert run.all_passed


async def test_code_beyond_the_limit_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(CodeTooLong):
        await tried(PythonRuntime(tmp_path), "#" * 50_001)


@pytest.mark.parametrize(
    "source",
    [
        "def answer(n):\n    while True:\n        pass\n",
        "import time\ndef answer(n):\n    time.sleep(1000)\n",
        "def answer(n):\n    return 10 ** 10 ** 9\n",
        "import re\ndef answer(n):\n    return re.match('(a+)+$', 'a' * 64 + 'b')\n",
        "def answer(n):\n    while True:\n        try:\n            answer.x = 1 / 0\n        except BaseException:\n            pass\n",
        "import itertools\ndef answer(n):\n    return itertools.count()\n",
    ],
    ids=["loop", "sleep", "one long operation", "pattern", "catches everything", "endless answer"],
)
async def test_what_does_not_end_is_ended(runtime: PythonRuntime, source: str) -> None:
    run = await hostile(tried(runtime, source, a_case(1, expect=2), a_case(2, expect=4), limits=BRIEF))
    # What never ends may also be ended by the bound on memory, before the one on time.
    assert run.visible.outcomes[0].kind in (Kind.TIMED_OUT, Kind.RAISED, Kind.FAILED)
    assert run.visible.passed == 0
    if run.visible.outcomes[0].kind is Kind.TIMED_OUT:
        assert run.visible.outcomes[1].kind is Kind.NOT_REACHED
        assert Limit.TIME in run.visible.limits
        assert run.visible.outcomes[0].seconds <= 2 * BRIEF.wall_s


async def test_a_test_that_only_waits_has_had_no_time_and_one_that_works_has(runtime: PythonRuntime) -> None:
    waits = await hostile(tried(runtime, "import time\ndef answer(n):\n    time.sleep(1000)\n", limits=BRIEF))
    assert waits.visible.outcomes[0].seconds < 0.3
    works = await hostile(tried(runtime, "def answer(n):\n    while True:\n        pass\n", limits=Limits(wall_s=3.0)))
    assert works.visible.outcomes[0].seconds > waits.visible.outcomes[0].seconds


@pytest.mark.parametrize(
    "source",
    [
        "import os\ndef answer(n):\n    while True:\n        os.fork()\n",
        "import subprocess\ndef answer(n):\n    return subprocess.run(['/bin/sh', '-c', ':(){ :|:& };:'])\n",
        "import multiprocessing\ndef answer(n):\n    p = multiprocessing.Process(target=print)\n    p.start()\n",
        "import threading\ndef answer(n):\n    while True:\n        threading.Thread(target=answer, args=[n]).start()\n",
        "import os\ndef answer(n):\n    os.execv('/bin/sh', ['sh'])\n",
        "import ctypes\ndef answer(n):\n    ctypes.CDLL(None).fork()\n",
    ],
    ids=["fork", "shell", "processes", "threads", "exec", "ctypes"],
)
async def test_no_process_and_no_thread_is_started(runtime: PythonRuntime, source: str) -> None:
    run = await hostile(tried(runtime, source, limits=BRIEF))
    assert run.visible.passed == 0
    assert run.visible.broken or run.visible.outcomes[0].kind is Kind.RAISED


@pytest.mark.parametrize(
    "source",
    [
        "def answer(n):\n    xs = []\n    while True:\n        xs.append(bytearray(10_000_000))\n",
        "def answer(n):\n    return [0] * 10**8\n",
        "def answer(n):\n    x = 'a'\n    while True:\n        x += x\n",
    ],
)
async def test_memory_ends_at_its_bound(runtime: PythonRuntime, source: str) -> None:
    run = await hostile(tried(runtime, source, a_case(1, expect=2), limits=Limits(wall_s=2.0)))
    assert run.visible.outcomes[0].kind is Kind.RAISED
    assert Limit.MEMORY in run.visible.limits


async def test_recursion_without_end_is_the_codes_own_fault(runtime: PythonRuntime) -> None:
    run = await hostile(tried(runtime, "def answer(n):\n    return answer(n) + 1\n", a_case(1, expect=2)))
    assert run.visible.outcomes[0].given.startswith("RecursionError")
    deep = "def answer(n):\n    x = []\n    for _ in range(200_000):\n        x = [x]\n    return x\n"
    run = await hostile(tried(runtime, deep, a_case(1, expect=2)))
    assert run.visible.outcomes[0].kind in (Kind.FAILED, Kind.ENDED)


async def test_endless_output_is_kept_in_part_and_ended(runtime: PythonRuntime) -> None:
    source = "def answer(n):\n    while True:\n        print('x' * 100_000)\n"
    run = await hostile(tried(runtime, source, limits=BRIEF))
    assert run.visible.outcomes[0].kind is Kind.TIMED_OUT
    assert {Limit.PRINTED, Limit.TIME} <= run.visible.limits
    assert len(run.visible.stdout) <= Limits().printed_bytes


async def test_an_answer_without_measure_is_no_answer(runtime: PythonRuntime) -> None:
    source = "def answer(n):\n    return 'x' * 50_000_000\n"
    run = await hostile(tried(runtime, source, limits=Limits(wall_s=2.0)))
    assert run.visible.outcomes[0].kind is Kind.FAILED
    assert "50,000,002 characters" in run.visible.outcomes[0].says


@pytest.mark.parametrize(
    "source",
    [
        "import socket\ndef answer(n):\n    socket.create_connection(('127.0.0.1', PORT), 1)\n    return 2\n",
        "import urllib.request\ndef answer(n):\n    urllib.request.urlopen('http://127.0.0.1:PORT', timeout=1)\n    return 2\n",
        "import socket\ndef answer(n):\n    socket.socket(socket.AF_UNIX).bind('/tmp/x')\n    return 2\n",
        "import socket\ndef answer(n):\n    socket.socket().connect(('127.0.0.1', PORT))\n    return 2\n",
        "import socket\ndef answer(n):\n    socket.getaddrinfo('localhost', PORT)\n    return 2\n",
    ],
)
async def test_there_is_no_network(runtime: PythonRuntime, source: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        run = await hostile(tried(runtime, source.replace("PORT", str(port)), limits=BRIEF))
        assert run.visible.passed == 0
        with pytest.raises(BlockingIOError):
            server.accept()


async def test_nothing_of_ours_can_be_read(
    runtime: PythonRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_JUDGE__API_KEY", "sk-of-the-service")
    secret = tmp_path / "viva.db"
    with sqlite3.connect(secret) as store:
        store.execute("CREATE TABLE said (words)")
    store.close()
    before = secret.read_bytes()
    source = f"""
        import glob, os, sys

        PLACES = {[str(ROOT / "corpus"), str(secret), str(ROOT), "/etc/passwd", "/proc/self/environ", "/", "..", "."]!r}

        def answer(way):
            if way == "environment":
                return sorted(os.environ) + sorted(os.environ.values())
            if way == "arguments":
                return sys.argv
            got = []
            for place in PLACES:
                try:
                    if way == "list":
                        got += os.listdir(place)
                    elif way == "write":
                        open(place + "/mine", "w").write("x")
                        got.append(place)
                    elif way == "glob":
                        got += glob.glob(place + "/**", recursive=True)
                    elif way == "link":
                        os.symlink(place, "/usr/local/lib/link")
                        got.append(place)
                    elif way == "climb":
                        got.append(open("/usr/local/lib/../../../../../.." + place).read())
                    else:
                        got.append(open(place).read())
                except OSError:
                    pass
            return got
    """
    ways = ("read", "list", "write", "glob", "link", "climb")
    run = await hostile(
        tried(
            runtime,
            textwrap.dedent(source),
            *(a_case(way, expect=[]) for way in ways),
            a_case("environment", expect=None),
            a_case("arguments", expect=["-c"]),
        )
    )
    told = {way: outcome.given for way, outcome in zip(ways, run.visible.outcomes, strict=False)}
    assert set(told.values()) <= {"[]", "['usr']", "['usr', 'usr', 'usr']"}, told
    assert "sk-of-the-service" not in str(run)
    assert str(ROOT) not in run.visible.outcomes[6].given
    assert run.visible.outcomes[7].kind is Kind.PASSED
    assert secret.read_bytes() == before


@pytest.mark.parametrize(
    "act",
    [
        "os.kill(os.getppid(), 9)",
        "os.kill(-1, 9)",
        "os.killpg(os.getpgrp(), 9)",
        "signal.raise_signal(9)",
        "signal.pthread_kill(1, 9)",
    ],
)
async def test_nobody_is_signalled(runtime: PythonRuntime, act: str) -> None:
    run = await hostile(tried(runtime, f"import os, signal\ndef answer(n):\n    {act}\n    return 2\n", limits=BRIEF))
    assert os.getpid()
    assert run.visible.outcomes[0].kind in (Kind.RAISED, Kind.ENDED)


async def test_exit_in_mid_test_loses_the_rest_and_wins_nothing(runtime: PythonRuntime) -> None:
    source = """
        import os, sys

        def answer(n):
            if n == 2:
                sys.exit(0)
            if n == 3:
                os._exit(0)
            return 2 * n
    """
    cases = [a_case(n, expect=2 * n) for n in (1, 2, 3, 4)]
    run = await hostile(tried(runtime, textwrap.dedent(source), *cases))
    assert [each.kind for each in run.visible.outcomes] == [
        Kind.PASSED,
        Kind.RAISED,
        Kind.ENDED,
        Kind.NOT_REACHED,
    ]
    assert "status 0" in run.visible.outcomes[2].says


HARNESS_ATTACKS = {
    "equal to everything": """
        class Always(int):
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __hash__(self): return 0
        def answer(n): return Always(0)
    """,
    "another judge": """
        import builtins, json, sys
        json.dumps = lambda *_, **__: '{"passed": true}'
        builtins.isinstance = lambda *_: True
        def answer(n):
            for frame in iter(lambda f=[sys._getframe()]: (f.__setitem__(0, f[0].f_back), f[0])[1], None):
                for name in list(frame.f_globals):
                    if name.startswith(("same", "judge", "expect")):
                        frame.f_globals[name] = lambda *_: True
            return 0
    """,
    "frames with the stolen token": """
        import json, sys
        from _host import call
        def answer(n):
            frame = sys._getframe()
            while "task" not in frame.f_locals:
                frame = frame.f_back
            token = frame.f_locals["task"]["token"]
            for said in ({"passed": True}, {"value": "0", "kind": "passed"}, {"value": None}, {"call": 0, "value": "[]"},
                         {"stopped_by": "", "exit_code": 0}, {"loaded": True}, {"raised": 7}, {"broken": {}}):
                call(json.dumps({"token": token, **said}).encode())
            return 0
    """,
    "nested values with the stolen token": """
        import sys
        from _host import call
        def answer(n):
            frame = sys._getframe()
            while "task" not in frame.f_locals:
                frame = frame.f_back
            token = frame.f_locals["task"]["token"]
            for deep in range(900, 1000, 5):
                call(('{"token": "%s", "value": %s%s}' % (token, "[" * deep, "]" * deep)).encode())
            call(('{"token": "%s", "value": %s}' % (token, "1" * 5_000)).encode())
            return 0
    """,
    "frames without the token": """
        import json
        from _host import call
        def answer(n):
            call(b'{"value": "2"}')
            call(b'[' * 50_000)
            call(b'\\xff')
            call(b'{"token": "x", "loaded": true}')
            return 0
    """,
    "looks for what is expected": """
        import gc, sys
        def answer(n):
            for each in gc.get_objects():
                if isinstance(each, dict) and "expect" in each:
                    return each["expect"]
            return 0
    """,
    "asserts raised by hand": """
        class AssertionPassed(BaseException): pass
        def answer(n): raise AssertionPassed
    """,
    "lines on the child's own channel": """
        import sys
        def answer(n):
            print('{"part": 0, "call": 0, "value": "2"}', flush=True)
            sys.__stdout__.write('{"part": 0, "call": 0, "value": "2"}\\n')
            return 0
    """,
}


@pytest.mark.parametrize("source", HARNESS_ATTACKS.values(), ids=HARNESS_ATTACKS)
async def test_a_harness_in_the_candidates_hands_passes_no_test(runtime: PythonRuntime, source: str) -> None:
    cases = [a_case(n, expect=2 * n) for n in (11, 12)]
    run = await hostile(tried(runtime, textwrap.dedent(source), *cases, hidden=(a_case(13, expect=26),)))
    assert run.visible.passed == 0
    assert run.hidden.passed == 0


async def test_only_texts_and_flat_errors_pass_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(sandbox_child, "_write", lambda frame: written.append(dict(frame)))
    error = {"raised": ["TypeError", [[1]]], "says": {"a": []}, "line": [2], "more": [[[]]]}
    told = {"raised": ["TypeError"], "says": "", "line": 0}
    sent: list[dict[str, Any]] = [
        {"loaded": True, "more": [[[]]]},
        {"value": "[1]", "more": [[[]]]},
        {"value": [[[]]], "unsayable": {"a": [[]]}},
        {"raised": error},
        {"raised": [[[]]]},
    ]
    spent = sandbox_child._Spent()
    answer = sandbox_child._door(0, "t", 4, 1000, spent)
    for frame in sent:
        answer(json.dumps({"token": "t", **frame}).encode())
    sandbox_child._door(1, "t", 1, 1000, spent)(json.dumps({"token": "t", "broken": error, "loaded": [[[]]]}).encode())
    assert written == [
        {"part": 0, "loaded": True},
        {"part": 0, "call": 0, "value": "[1]"},
        {"part": 0, "call": 1},
        {"part": 0, "call": 2, "raised": told},
        {"part": 0, "call": 3, "raised": {}},
        {"part": 1, "broken": told},
    ]


@pytest.mark.parametrize("line", ["'[' * 100_000", "'1' * 5_000"])
async def test_a_line_of_the_child_that_cannot_be_read_is_an_outcome(line: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"""print('{{"ready": true}}'); print('{{"part": 0, "loaded": true}}'); print({line})""",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    try:
        assert await _listen(process, b"", Limits()) == (True, [{"part": 0, "loaded": True}], Limit.SENT)
    finally:
        await process.wait()


async def test_a_flood_through_the_door_is_cut_off(runtime: PythonRuntime) -> None:
    source = """
        import json, sys
        from _host import call
        def answer(n):
            frame = sys._getframe()
            while "task" not in frame.f_locals:
                frame = frame.f_back
            text = json.dumps({"token": frame.f_locals["task"]["token"], "value": "7" * 1_000_000}).encode()
            big = b"x" * 100_000_000
            while True:
                call(text)
                call(big)
    """
    run = await hostile(
        tried(runtime, textwrap.dedent(source), *(a_case(n, expect=n) for n in range(30)), limits=Limits(wall_s=2.0))
    )
    assert run.visible.passed == 0
    assert {Limit.SENT, Limit.TIME} & run.visible.limits


async def test_what_hidden_tests_are_given_does_not_reach_the_candidate(runtime: PythonRuntime) -> None:
    source = """
        import sys

        frame, seen = sys._getframe(), ""
        while frame:
            seen += str(frame.f_locals.get("task", {}).get("calls", ""))
            frame = frame.f_back
        print(seen)
        if "whis" + "per" in seen:
            raise ValueError(seen)

        def answer(word):
            print(word, file=sys.stderr)
            return word
    """
    visible, hidden = (
        (a_case("open", expect="open"),),
        (a_case("whisper", expect="said softly", because="a hidden one"),),
    )
    run = await tried(runtime, textwrap.dedent(source), *visible, hidden=hidden)
    submission = Submission(source, "answer")
    candidates = candidate_view(run, submission, visible, hidden)
    assert "whisper" not in str(candidates)
    assert "said softly" not in str(candidates)
    assert candidates.tests[0].outcome.kind is Kind.PASSED
    assert (candidates.hidden_passed, candidates.hidden[0].because) == (0, "a hidden one")
    assert "whisper" in str(reviewer_view(run, submission, visible, hidden))
    plain = await tried(runtime, "def answer(w):\n    print(w)\n    return w\n", *visible, hidden=hidden)
    assert "whisper" not in str(candidate_view(plain, submission, visible, hidden))
    assert "whisper" in reviewer_view(plain, submission, visible, hidden).hidden_stdout


async def test_a_run_that_is_cancelled_leaves_nothing_behind(runtime: PythonRuntime) -> None:
    async with unharmed():
        running = asyncio.create_task(tried(runtime, "while True: pass\n"))
        while not children():  # noqa: ASYNC110 - the process table has no event
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_two_runs_wait_for_each_other_and_do_not_mix(runtime: PythonRuntime) -> None:
    sandbox = Sandbox(runtime, at_once=2)
    sources = (DOUBLE, "def answer(n):\n    return 3 * n\n", DOUBLE)
    runs = await asyncio.gather(
        *(sandbox.run(Attempt(Submission(each, "answer"), (a_case(4, expect=8),))) for each in sources)
    )
    assert [run.all_passed for run in runs] == [True, False, True]


ENDLESS = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x"
BIG = "printf('%.*c', 900000, 'a')"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("ATTACH DATABASE '/etc/passwd' AS theirs", Kind.RAISED),
        ("PRAGMA database_list", Kind.RAISED),
        ("SELECT * FROM pragma_database_list", Kind.RAISED),
        ("SELECT load_extension('/lib/x.so')", Kind.RAISED),
        ("VACUUM INTO '/tmp/mine.db'", Kind.RAISED),
        ("SELECT 1; SELECT 2", Kind.RAISED),
        (f"SELECT instr({BIG}, substr({BIG}, 450000) || 'b')", Kind.TIMED_OUT),
        (f"SELECT replace({BIG}, 'a', {BIG})", Kind.RAISED),
        (
            f"WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 4000) SELECT {BIG}, n FROM x",
            Kind.RAISED,
        ),
        (ENDLESS, Kind.TIMED_OUT),
        (
            f"WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x ORDER BY {BIG} || n",
            Kind.RAISED,
        ),
    ],
)
async def test_a_query_that_is_not_one_is_stopped(tmp_path: Path, statement: str, kind: Kind) -> None:
    run = await hostile(queried(tmp_path, statement, a_case(), a_case(), limits=Limits(wall_s=2.0, query_s=1.0)))
    first = run.visible.outcomes[0].kind
    assert first is kind or (kind is Kind.RAISED and first in (Kind.ENDED, Kind.TIMED_OUT)), run.visible
    assert run.visible.passed == 0


async def test_a_query_that_was_stopped_does_not_stop_the_next_test(tmp_path: Path) -> None:
    slow_on_rows = f"SELECT CASE WHEN (SELECT count(*) FROM visits) > 0 THEN ({ENDLESS}) ELSE 1 END"
    rows = {"visits": ((1, "2026-01-01"),)}
    run = await queried(tmp_path, slow_on_rows, a_case(rows=rows), a_case(expect=[[1]]), limits=Limits(query_s=0.3))
    assert [each.kind for each in run.visible.outcomes] == [Kind.TIMED_OUT, Kind.PASSED]
