"""The process that holds the sandbox: one job on standard input, lines of JSON on standard output. It is expendable.

Started by `sandbox`, which kills it whole. It binds itself to the limits, warms the runtime up, says `ready`, and only
then touches what the candidate wrote. Python runs in a WebAssembly guest of its own for each part of the job; SQL runs
on tables in memory. Nothing here knows an expected value.

`prepare FOLDER` and `compile FOLDER` are the two other things that need a process of their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import secrets
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.exercises.confine import confine, readable
from app.exercises.python_runtime import PythonRuntime, run_guest

_HARNESS = Path(__file__).with_name("harness.py")
_ADDRESS_SPACE_BYTES = 32 << 30
"""WebAssembly reserves some 18 GB of addresses, which are no memory; what it may fill is bound beside this."""
_OWN_BYTES = 192 << 20
"""Data of this process beside the guest's memory."""
_LONGEST_FRAME = 64 << 10
"""What a frame may hold beside the answer."""


def main(arguments: Sequence[str]) -> int:
    """Does as `arguments` say: `prepare FOLDER`, `compile FOLDER`, or one job from standard input."""
    if arguments[:1] == ["prepare"]:
        give_way(10)
        PythonRuntime(Path(arguments[1])).prepare()
        return 0
    if arguments[:1] == ["compile"]:
        warm_up(Path(arguments[1]))
        return 0
    job = json.loads(sys.stdin.buffer.read())
    # If the service dies, nobody else stops this.
    signal.alarm(int(job["start_s"] + job["wall_s"]) + 5)
    bind(memory_bytes=job["memory_bytes"] + _OWN_BYTES)
    os.nice(5)
    # Before anything starts a thread: a wall holds for the thread that puts it up, and for those it starts.
    confine(read=(*readable(), Path(job["folder"])), write=(Path(os.environ["TMPDIR"]),))
    if job["language"] == "sql":
        _run_sql(job)
    else:
        _run_python(job)
    return 0


def give_way(by: int) -> None:
    """Lowers this process's priority, and that of its session: where Linux shares cores by session, nice alone says nothing to others."""
    os.nice(by)
    with contextlib.suppress(OSError):  # not on this kernel, or not allowed in this container
        Path("/proc/self/autogroup").write_text(str(by), encoding="ascii")


def bind(*, memory_bytes: int) -> None:
    """Bounds this process: what it can fill, no dump, few files and small ones."""
    for what, bound in (
        (resource.RLIMIT_AS, _ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_FSIZE, 96 << 20),
    ):
        _lower(what, bound)


def warm_up(folder: Path) -> None:
    """Loads the compiled runtime, or compiles it into `folder`, and runs an empty program."""
    run_guest(
        folder,
        "",
        stdin=b"",
        answer=lambda _: b"",
        deadline_s=30.0,
        memory_bytes=128 << 20,
        output_bytes=1000,
    )


def _lower(what: int, bound: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(what, (bound, bound))


def _ready(wall_s: float) -> None:
    """From here on time, processor time and files are the candidate's."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + 2 * wall_s) + 1)
    _lower(resource.RLIMIT_FSIZE, 1 << 20)
    _write({"ready": True})


def _write(frame: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(frame) + "\n")
    sys.stdout.flush()


def _run_python(job: Mapping[str, Any]) -> None:
    folder, harness = Path(job["folder"]), _HARNESS.read_text(encoding="utf-8")
    warm_up(folder)
    _ready(job["wall_s"])
    end_s = time.monotonic() + job["wall_s"]
    for number, part in enumerate(job["parts"]):
        token = secrets.token_hex(16)
        spent = _Spent()
        task = {
            "token": token,
            "source": part["source"],
            "function": part["function"],
            "calls": part["calls"],
            "value_characters": job["value_characters"],
        }
        ended = run_guest(
            folder,
            harness,
            stdin=json.dumps(task).encode("ascii"),
            answer=_door(number, token, len(part["calls"]), job["value_characters"], spent),
            deadline_s=max(0.01, end_s - time.monotonic()),
            memory_bytes=job["memory_bytes"],
            output_bytes=job["output_bytes"],
        )
        _write(
            {
                "part": number,
                "exit_code": ended.exit_code,
                "stopped_by": ended.stopped_by,
                "seconds": spent.seconds(),
                "stdout": ended.stdout.decode(errors="replace"),
                "stderr": ended.stderr.decode(errors="replace"),
                "cut": ended.cut,
            }
        )


class _Spent:
    """Processor time of this process since something came to its end: what a test had for itself, however busy the machine is."""

    def __init__(self) -> None:
        self._since_s = time.process_time()

    def ended(self) -> None:
        """What comes now begins at nothing."""
        self._since_s = time.process_time()

    def seconds(self) -> float:
        """Since then."""
        return round(time.process_time() - self._since_s, 3)


def _door(part: int, token: str, calls: int, value_characters: int, spent: _Spent) -> Callable[[bytes], bytes]:
    """Passes on what the harness sends, in its order and each thing once; anything else falls to the ground.

    What has the harness's token may be the candidate's: it goes on in the harness's form, texts and flat errors.
    """
    state = {"loaded": False, "answered": 0}

    def answer(sent: bytes) -> bytes:
        if len(sent) > value_characters + _LONGEST_FRAME:
            return b""
        try:
            frame = json.loads(sent)
        except (ValueError, RecursionError):
            return b""
        if not isinstance(frame, dict) or frame.get("token") != token:
            return b""
        if not state["loaded"]:
            if "broken" in frame or frame.get("loaded") is True:
                state["loaded"] = True
                state["answered"] = calls if "broken" in frame else 0
                found = {"broken": _error(frame["broken"])} if "broken" in frame else {"loaded": True}
                _write({"part": part, **found})
                spent.ended()
            return b""
        if state["answered"] < calls:
            state["answered"] += 1
            said = {name: frame[name] for name in ("value", "unsayable") if isinstance(frame.get(name), str)}
            raised = {"raised": _error(frame["raised"])} if "raised" in frame else {}
            _write({"part": part, "call": state["answered"] - 1, **said, **raised})
            spent.ended()
        return b""

    return answer


def _error(told: object) -> dict[str, Any]:
    """An error as the harness tells it: names of classes, a text, a line; without what is of another type."""
    if not isinstance(told, dict):
        return {}
    names, says, line = told.get("raised"), told.get("says"), told.get("line")
    return {
        "raised": [each for each in names if isinstance(each, str)] if isinstance(names, list) else [],
        "says": says if isinstance(says, str) else "",
        "line": line if isinstance(line, int) else 0,
    }


def _run_sql(job: Mapping[str, Any]) -> None:
    from app.exercises.queries import QueryFailed, run_query

    _ready(job["wall_s"])
    for number, part in enumerate(job["parts"]):
        _write({"part": number, "loaded": True})
        for call, rows in enumerate(part["calls"]):
            spent = _Spent()
            try:
                found = run_query(part["source"], part["tables"], json.loads(rows), timeout_s=job["query_s"])
            except QueryFailed as error:
                seconds = spent.seconds() if error.slow else 0.0
                _write({"part": number, "call": call, "failed": error.says, "slow": error.slow, "seconds": seconds})
                continue
            cells = [[_cell(each) for each in row] for row in found]
            _write({"part": number, "call": call, "value": json.dumps(cells)})
        _write({"part": number, "exit_code": 0, "stopped_by": "", "stdout": "", "stderr": "", "cut": False})


def _cell(value: Any) -> Any:
    return {"blob": value.hex()} if isinstance(value, bytes) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
