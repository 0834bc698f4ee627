"""Practice in the terminal, with the keyboard scripted, against a real port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.terminal.client import Client
from app.terminal.practice import chosen_of, practise
from tests.e2e.test_terminal import ScriptedConsole
from tests.support.serving import Talker, serving


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


def test_from_the_queue_through_a_drill_to_what_changed(viva: Talker) -> None:
    with Client(str(viva.http.base_url)) as client:
        empty = ScriptedConsole()
        practise(client, empty, minutes=10)
        assert "Nothing to practise" in empty.shown.getvalue()

        interview = viva.begin(rounds=["fundamentals"], minutes=10)["id"]
        viva.say(interview, "I don't know.")
        viva.call("POST", f"/v1/interviews/{interview}/close")
        viva.report(interview)
        (question, *_) = viva.call("GET", "/v1/practice/queue")["questions"]

        listed = ScriptedConsole()
        practise(client, listed, minutes=10, only_list=True)
        assert " ".join(question["about"].split()[:3]) in " ".join(listed.shown.getvalue().split())
        leaving = ScriptedConsole("99", "q")
        practise(client, leaving, minutes=10)
        assert "Numbers from 1 to" in leaving.shown.getvalue()
        assert len(viva.call("GET", "/v1/interviews")["interviews"]) == 1

        console = ScriptedConsole("1", "I don't know.", "/end")
        practise(client, console, minutes=10)
        shown = " ".join(console.shown.getvalue().split())
        assert console.typed == []
        drill = viva.call("GET", "/v1/interviews")["interviews"][0]
        assert drill["drill"] is True
        assert f"Before and after: {question['question_id']}" in shown
        item = viva.call("GET", f"/v1/practice/items/{question['question_id']}/{question['together'][0]}")
        assert item["due_at"][:10] in shown


def test_numbers_name_questions_of_the_list() -> None:
    questions: list[dict[str, Any]] = [{"question_id": "a/x"}, {"question_id": "a/y"}]
    assert chosen_of("", questions) == []
    assert chosen_of("2, 1 2", questions) == [questions[1], questions[0]]
    for wrong in ("0", "3", "one", "1 -1", "1" * 40, " ".join(["1"] * 31)):
        assert chosen_of(wrong, questions) is None
