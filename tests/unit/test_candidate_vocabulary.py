"""The lists of `app/candidate/lists` and how their terms are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.candidate.vocabulary import LISTS, listed, terms

FILES = (*sorted(LISTS.glob("*/*.txt")), LISTS / "everyday_phrases.txt")


def test_comments_and_blank_lines_are_no_terms(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("# Learning.\n\nC#\nLoRA | low-rank adaptation\n", encoding="utf-8")
    assert list(listed(file)) == [("C#",), ("LoRA", "low-rank adaptation")]


def bare(spelling: str) -> str:
    """What is found of it: marks at its ends are no words, but those of C++ and C#."""
    kept = spelling.lstrip(".")
    return kept if kept.endswith(("C++", "C#")) else kept.rstrip("+*#")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_term_of_a_list_is_found_by_its_name(file: Path) -> None:
    for spellings in listed(file):
        for spelling in (written.removeprefix("=") for written in spellings):
            found = [(term.text, term.is_tool) for term in terms(spelling)]
            phrase = file.stem == "everyday_phrases"
            assert found == ([] if phrase else [(bare(spelling), file.parent.name == "tools")])


def test_no_name_stands_in_two_places() -> None:
    names = [spellings[0].removeprefix("=").lower() for file in FILES for spellings in listed(file)]
    assert sorted(names) == sorted(set(names))
