"""A chain's check in an interview over HTTP: asked where the candidate's own figures do not come out, and where they do it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.serving import Talker, serving

RESUME = """Ada Lind

Projects

Question answering over an archive, 2024
- Shipped a RAG assistant for 400 librarians with LangChain, Qdrant and GPT-4.
"""
SPOKEN = "Let me add that up with you. 2 million passages, 768 numbers each, in 1 gigabyte. How is each number stored?"


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


def held(viva: Talker, *answers: str) -> tuple[list[dict[str, Any]], str]:
    """The interviewer's turns of an interview on the one chain, and its transcript's page; the next one is on the same chain."""
    resume = viva.call("POST", "/v1/resumes", 201, files={"file": ("cv.md", RESUME.encode(), "text/markdown")})
    interview = viva.begin(role="ai-engineer", resume_id=resume["id"], minutes=15, rounds=["project-deep-dive"])
    place = f"/v1/interviews/{interview['id']}"
    for answer in answers:
        viva.say(interview["id"], answer)
    viva.call("POST", f"{place}/close")
    turns = viva.call("GET", f"{place}/turns")["turns"]
    assert turns[0]["question_id"] == "chains/rag"
    page = viva.http.get(f"/interviews/{interview['id']}/transcript")
    assert page.status_code == 200
    viva.call("DELETE", place, 204)
    return [turn for turn in turns if turn["speaker"] == "interviewer"], page.text


FIRST = "Readers at the desk asked it. The index had 2 million passages."


def test_figures_that_do_not_come_out_are_asked_about_once_and_the_talk_goes_on(viva: Talker) -> None:
    turns, page = held(
        viva,
        FIRST,
        "Pages change weekly. Our vectors have 768 dimensions, and the whole index took 1 gigabyte.",
        "Half a byte for each number, by product quantization.",
        "As I said, it took 1 gigabyte.",
    )
    kinds = [turn["move"]["kind"] for turn in turns]
    assert kinds.count("check") == 1
    asked = turns[kinds.index("check")]
    assert asked["text"] == SPOKEN
    assert "passages × dimensions > memory" in asked["move"]["reason"]
    assert asked["question_id"] == "chains/rag"
    assert kinds[kinds.index("check") + 1] != "close"
    assert "Check of figures" in page


def test_figures_that_come_out_are_not_asked_about(viva: Talker) -> None:
    turns, _ = held(
        viva,
        FIRST,
        "Pages change weekly. Our vectors have 768 dimensions, and the whole index took 7 gigabytes.",
        "In memory, on one machine.",
    )
    assert "check" not in [turn["move"]["kind"] for turn in turns]
