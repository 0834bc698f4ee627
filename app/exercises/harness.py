"""Runs inside the sandbox, as the guest's main program: loads the candidate's source and calls its function.

Nothing imports this file; the child process reads it as text. It is beside the candidate's code in one interpreter,
so that code can do with it what it likes: what it sends is what the candidate says, never a judgement. It therefore
knows arguments and no expected value. Whether an answer is right is decided outside.

On standard input: one JSON object with `token`, `source`, `function`, `value_characters` and `calls` (each a JSON
text). Through the door go JSON objects with that token: first `loaded` or `broken`, then for each call `value`,
`raised` or `unsayable`.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from json import dumps, loads  # by name: a candidate who replaces json.dumps still gets answers out
from typing import Any

FILE = "answer.py"
_SAYS_CHARACTERS = 500


def main(send: Callable[[bytes], bytes], task: dict[str, Any]) -> None:
    """Loads, calls, and sends what came of each."""

    def tell(**frame: Any) -> None:
        send(dumps({"token": task["token"], **frame}).encode("ascii"))

    module = types.ModuleType("answer")
    module.__dict__["__file__"] = FILE
    sys.modules["answer"] = module
    try:
        exec(compile(task["source"], FILE, "exec"), module.__dict__)  # noqa: S102 - what the sandbox is for
    except BaseException as error:
        tell(broken=_told(error))
        return
    function = module.__dict__.get(task["function"])
    if not callable(function):
        tell(broken={"raised": [], "says": f"there is no function {task['function']}", "line": 0})
        return
    tell(loaded=True)
    for call in task["calls"]:
        given = loads(call)
        try:
            value = function(*given["args"], **given["kwargs"])
        except BaseException as error:
            tell(raised=_told(error))
            continue
        try:
            text = dumps(value, default=_plain)
        except BaseException as error:
            tell(unsayable=f"{type(value).__name__}: {_first_line(error)}")
            continue
        if len(text) > task["value_characters"]:
            tell(unsayable=f"{type(value).__name__}, written out {len(text):,} characters long")
        else:
            tell(value=text)


def _plain(value: Any) -> Any:
    """A value that JSON does not know as one that it knows: arrays and sets as lists, other iterables read out."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return list(value)


def _told(error: BaseException) -> dict[str, Any]:
    """Names of the error's classes, its own first; its first line; and the line of the candidate's file, or 0."""
    line = error.lineno if isinstance(error, SyntaxError) else 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    names = [each.__name__ for each in type(error).__mro__ if each is not object]
    return {"raised": names, "says": _first_line(error), "line": line or 0}


def _first_line(error: BaseException) -> str:
    try:
        return (str(error).splitlines() or [""])[0][:_SAYS_CHARACTERS]
    except BaseException:
        return ""


if __name__ == "__main__":
    from _host import call as _call

    main(_call, loads(sys.stdin.buffer.read()))
