"""What leaves the machine is told from the settings, by host, and never with what is secret in an address."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from fastapi import Request

from app.settings import Database, Judge, ModelGroup, RetrievalGroup
from app.web.assets import Assets
from app.web.page import Pages
from app.wiring.models import recipients
from tests.support.serving import settings_for


def hosts(tmp_path: Path, **changes: object) -> list[str]:
    return [each.host for each in recipients(settings_for(tmp_path, **changes))]


def test_with_what_is_built_in_nothing_leaves(tmp_path: Path) -> None:
    assert hosts(tmp_path) == []
    embedded = {"interviewer": ModelGroup(provider="embedded"), "judge": Judge(provider="embedded")}
    assert hosts(tmp_path, **embedded) == []


@pytest.mark.parametrize(
    ("group", "host"),
    [
        (ModelGroup(provider="openai", name="m"), ["api.openai.com"]),
        (ModelGroup(provider="openai", name="m", base_url="https://user:secret@llm.example:8443/v1"), ["llm.example"]),
        (ModelGroup(provider="openai", name="m", base_url="http://localhost:11434/v1"), []),
        (ModelGroup(provider="openai", name="m", base_url="http://[::1]:11434/v1"), []),
        (ModelGroup(provider="langchain", name="anthropic:claude-sonnet-4"), ["anthropic"]),
    ],
)
def test_a_hosted_interviewer_is_named(tmp_path: Path, group: ModelGroup, host: list[str]) -> None:
    assert hosts(tmp_path, interviewer=group) == host


def test_judge_database_and_index_are_named_too(tmp_path: Path) -> None:
    found = hosts(
        tmp_path,
        judge=Judge(provider="openai", name="m", base_url="https://judge.example/v1"),
        database=Database(url="postgresql://viva:secret@db.example/viva"),
        retrieval=RetrievalGroup(chroma_url="http://chroma.example:8000"),
    )
    assert found == ["judge.example", "db.example", "chroma.example"]


def test_the_page_names_every_host() -> None:
    request = Request({"type": "http", "method": "GET", "path": "/privacy", "headers": [(b"accept-encoding", b"gzip")]})
    told = {"recipients": [{"host": "judge.example", "what": "your answers, to judge them"}], "keys": False}
    answer = Pages(Assets.read()).render(request, "privacy.html", privacy=told)
    text = gzip.decompress(bytes(answer.body)).decode()
    assert text.count("judge.example") == 2, "in the page and at its foot"
    assert "Nothing. Your resume" not in text
