from __future__ import annotations

from pathlib import Path

import pytest

from app.candidate.chat_fill import ChatFill
from app.candidate.extract import extract
from app.candidate.model_extract import FillFailed, SuggestedProject, Suggestions, refine
from app.llm.model import ModelTimeout
from app.llm.scripted import ScriptedModel
from app.prompting.library import Library

PROMPTS = Library.load(Path(__file__).resolve().parents[2] / "prompts")
TEXT = "Rufus Fictional\n\nI spent 2024 on a parser for lab notes that reads 300 pages a minute.\n"

pytestmark = pytest.mark.anyio


async def test_without_a_model_there_are_no_suggestions() -> None:
    with pytest.raises(FillFailed):
        await ChatFill().fill(TEXT, Suggestions)


async def test_what_stands_in_the_text_is_taken_and_what_does_not_is_left() -> None:
    claim = "I spent 2024 on a parser for lab notes that reads 300 pages a minute"
    suggested = SuggestedProject(name="a parser for lab notes", claims=[claim, "Led a team of forty people there"])
    model = ScriptedModel([Suggestions(projects=[suggested], skills=["COBOL"])])
    fill = ChatFill()
    fill.bind(model, PROMPTS)
    refined = await refine(TEXT, extract(TEXT), fill)
    claims = [each.text for project in refined.projects for each in project.claims]
    assert claim in claims
    assert not any("forty" in each for each in claims)
    assert not any(mention.text == "COBOL" for mention in refined.skills)
    assert '<untrusted source="resume">' in model.requests[0].messages[-1].content


async def test_a_model_that_fails_changes_nothing() -> None:
    fill = ChatFill()
    fill.bind(ScriptedModel([ModelTimeout(20.0)]), PROMPTS)
    assert await refine(TEXT, extract(TEXT), fill) == extract(TEXT)
