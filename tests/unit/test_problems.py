"""Every expected error has its row, and every type of problem its paragraph in docs/api.md."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import app
from app.api.problems import GENERIC, ROWS, document, row_of
from app.domain.errors import (
    CorpusInvalid,
    Fault,
    InterviewNotFound,
    NotReady,
    TurnTooLong,
    VivaError,
)
from app.llm.model import ModelMisconfigured, ModelRateLimited, ModelTruncated
from app.settings import ROOT


def _import_all() -> None:
    """Everything that defines errors: a class that nobody has imported is not in the tree yet."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        importlib.import_module(module.name)


def _below(error: type[VivaError]) -> Iterator[type[VivaError]]:
    for each in error.__subclasses__():
        yield each
        yield from _below(each)


def _errors() -> list[type[VivaError]]:
    _import_all()
    return sorted({each for each in _below(VivaError) if each.__module__.startswith("app.")}, key=lambda e: e.__name__)


def test_every_error_has_a_row() -> None:
    without = [error.__name__ for error in _errors() if not any(each in ROWS for each in error.__mro__)]
    assert VivaError not in ROWS, "a row for the base would answer everything alike"
    assert not without, "add a row to app/api/problems.py, and its paragraph to docs/api.md"


def test_slugs_are_unique_and_plain() -> None:
    slugs = [row.slug for row in (*ROWS.values(), *GENERIC.values())]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", slug) for slug in slugs)


def test_every_type_has_a_paragraph_and_every_paragraph_a_type() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    told = re.findall(r"(?m)^### ([a-z-]+)\n\n(\S[^\n]+)", text)
    assert len(told) == len({slug for slug, _ in told})
    rows = {row.slug: row for row in (*ROWS.values(), *GENERIC.values())}
    expected = set(rows) | {"http-error"}
    assert {slug for slug, _ in told} == expected
    for slug, paragraph in told:
        if slug in rows:
            assert paragraph.startswith(f"**{rows[slug].status}.** "), slug


def test_an_error_below_another_has_its_row() -> None:
    assert row_of(ModelTruncated) is row_of(ModelMisconfigured)
    with pytest.raises(KeyError):
        row_of(VivaError)


def test_typed_fields_are_members_of_the_document() -> None:
    found = document(TurnTooLong(limit_characters=20_000, characters=20_001), "urn:uuid:1")
    assert found["limit_characters"] == 20_000
    assert found["status"] == 413
    assert found["instance"] == "urn:uuid:1"
    assert found["detail"] == str(TurnTooLong(limit_characters=20_000, characters=20_001))


def test_a_field_never_replaces_a_member_of_the_standard() -> None:
    for error in (InterviewNotFound("1"), NotReady(("starting",)), ModelRateLimited(2.0)):
        found = document(error)
        assert found["type"].startswith("https://")
        assert isinstance(found["status"], int)
        assert found["title"]


def test_what_json_cannot_hold_is_left_out_or_made_plain() -> None:
    assert document(NotReady(("a", "b")))["reasons"] == ["a", "b"]
    faults = document(CorpusInvalid((Fault("a.md", "", "is wrong", "Mend it"),)))["problems"]
    assert all(isinstance(each, str | dict) for each in faults)
