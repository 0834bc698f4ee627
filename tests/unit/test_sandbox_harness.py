"""What runs inside the sandbox, run here on harmless sources: it says what came of each call and judges nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.exercises.harness import main


@pytest.fixture(autouse=True)
def no_module_left() -> Iterator[None]:
    yield
    sys.modules.pop("answer", None)


def told(source: str, *calls: tuple[Any, ...], value_characters: int = 1000) -> list[dict[str, Any]]:
    sent: list[bytes] = []
    task = {
        "token": "t",
        "source": source,
        "function": "answer",
        "value_characters": value_characters,
        "calls": [json.dumps({"args": args, "kwargs": {}}) for args in calls],
    }

    def send(frame: bytes) -> bytes:
        sent.append(frame)
        return b""

    main(send, task)
    frames = [json.loads(each) for each in sent]
    assert all(frame.pop("token") == "t" for frame in frames)
    return frames


def test_values_are_sent_as_json_text_in_the_order_of_the_calls() -> None:
    source = "def answer(n):\n    return (n, {'a': None}, {3, 1}, iter([n]), float('inf'))\n"
    assert told(source, (1,), (2,)) == [
        {"loaded": True},
        {"value": '[1, {"a": null}, [1, 3], [1], Infinity]'},
        {"value": '[2, {"a": null}, [1, 3], [2], Infinity]'},
    ]


def test_what_has_no_json_says_so_and_the_next_call_goes_on() -> None:
    source = "def answer(n):\n    return [object(), 'x' * 2000, {(1,): 2}, {1, 'a'}, 7][n]\n"
    frames = told(source, (0,), (1,), (2,), (3,), (4,))
    assert [list(frame) for frame in frames[1:]] == [["unsayable"]] * 4 + [["value"]]
    assert frames[2]["unsayable"] == "str, written out 2,002 characters long"


def test_errors_bring_their_classes_their_first_line_and_the_line_of_the_source() -> None:
    source = "def fail():\n    raise UnicodeError('one\\ntwo')\ndef answer(n):\n    if n:\n        fail()\n    raise SystemExit(2)\n"
    _, first, second = told(source, (1,), (0,))
    names = ["UnicodeError", "ValueError", "Exception", "BaseException"]
    assert first == {"raised": {"raised": names, "says": "one", "line": 2}}
    assert (second["raised"]["raised"][0], second["raised"]["line"]) == ("SystemExit", 6)


def test_an_error_that_cannot_be_read_is_still_an_error() -> None:
    source = "class Mute(Exception):\n    def __str__(self): raise self\ndef answer(n):\n    raise Mute\n"
    assert told(source, (1,))[1]["raised"]["says"] == ""


@pytest.mark.parametrize(
    ("source", "name", "line"),
    [("def answer(:", "SyntaxError", 1), ("\n1 / 0", "ZeroDivisionError", 2), ("answer = 3", None, 0)],
)
def test_a_source_that_does_not_load_calls_nothing(source: str, name: str | None, line: int) -> None:
    (frame,) = told(source, (1,))
    assert frame["broken"]["raised"][:1] == ([name] if name else [])
    assert frame["broken"]["line"] == line


def test_dataclasses_find_their_module_and_replacing_json_changes_nothing() -> None:
    source = (
        "from __future__ import annotations\nimport builtins, dataclasses\n"
        "@dataclasses.dataclass\nclass Pair:\n    a: int\n    b: int\n"
        "def answer(n):\n    return dataclasses.astuple(Pair(n, n))\n"
    )
    assert told(source, (3,))[1] == {"value": "[3, 3]"}
