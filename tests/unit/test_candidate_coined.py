"""Names that no list has, and the whole of those of which a list has a part."""

from __future__ import annotations

import time

import pytest

from app.candidate.extract import extract
from app.candidate.meant import meant


def said(text: str, taken: frozenset[str] = frozenset()) -> list[str]:
    return [term.text for term in meant(text, 0, len(text), taken)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trained an RNN-T on calls", ["RNN-T"]),
        ("Served Llama-3.1-8B with vLLM", ["Llama-3.1-8B", "vLLM"]),
        ("Asked Claude 9 Sonnet with vLLM beside it", ["Claude 9 Sonnet", "vLLM"]),
        ("Moved from GPT-4o to GPT-4o mini", ["GPT-4o", "GPT-4o mini"]),
        ("PointNet++ on scans", ["PointNet++"]),
        ("A CNN-LSTM for gestures", ["CNN", "LSTM"]),
        ("A BERT-based tagger, LLM-Driven", ["BERT", "LLM"]),
        ("Used Gemini 3 times with PyTorch", ["Gemini", "PyTorch"]),
        ("Whisper medium on 20 hours", ["Whisper medium"]),
        ("QWX-R and PyTorch, no language called R", ["PyTorch"]),
    ],
)
def test_a_name_is_taken_whole(text: str, expected: list[str]) -> None:
    assert [each for each in said(text) if each not in ("QWX-R", "R")] == expected
    assert "R" not in said("Compared XLM-X, QWX-R with PyTorch")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Compared XGBoost with FooTabNet and BARdiffusion", ["XGBoost", "FooTabNet", "BARdiffusion"]),
        ("Replaced the CNN by QuxFormer-v2", ["CNN", "QuxFormer-v2"]),
        ("Ranked by ZCN-V2, trained in PyTorch", ["ZCN-V2", "PyTorch"]),
        ("Met FooTabNet at a fair", []),
        ("Held a PhD class with GmbH staff on PyTorch", ["PyTorch"]),
        ("Deployed XGBoost on iPhone and with GPUs at FooBank", ["XGBoost"]),
        ("Used XGBoost with PDFs from COVID-19 and ISO-27001", ["XGBoost"]),
        ("Sold XGBoost scores to McDonald and FooHealth", ["XGBoost"]),
        ("Wrote to FooBar@example.invalid and FooBar.py with pandas", ["pandas"]),
    ],
)
def test_names_by_their_form_in_company_and_where_a_word_leads_to_them(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_what_an_employer_or_a_project_is_called_is_no_technique() -> None:
    found = extract(
        "EXPERIENCE\nEngineer, FooMind  2020 - 2022\n- Sold BarSense with XGBoost at FooMind\n"
        "- Compared XGBoost with BazTab in FooMind\nPROJECTS\nBarSense  2023\n- Ported from PyTorch to BarSense\n"
    )
    assert [mention.text for mention in found.projects[0].techniques] == ["XGBoost", "BazTab"]
    assert [mention.text for mention in found.projects[1].techniques] == ["PyTorch"]


def test_a_date_before_a_title_opens_no_list_of_tools() -> None:
    found = extract(
        "EXPERIENCE\nJan 2018 \u2013 Aug 2021  NLP Engineer, Harmony Analytics\n- Tagged names with spaCy\n"
    )
    assert {mention.text for mention in found.projects[0].techniques} == {"NLP", "spaCy"}


def test_a_name_in_small_letters_may_be_explained_on_its_line() -> None:
    found = extract("PROJECTS\ndeskdog, a helper for my aunt (2025)\n- Fills in forms with Playwright\n")
    assert [project.name for project in found.projects] == ["deskdog, a helper for my aunt"]
    found = extract("PROJECTS\nBig Thing (2024)\nwe wrote it, and then we rewrote all of it for good (2025)\n")
    assert [project.name for project in found.projects] == ["Big Thing"]


@pytest.mark.parametrize("piece", ["aA", "A-", "FooBar ", "GPT-4o mini ", "X-1-", "Aa1", "AAa-"])
def test_hostile_names_are_read_in_linear_time(piece: str) -> None:
    began = time.process_time()
    said("PyTorch with " + piece * (40_000 // len(piece)))
    assert time.process_time() - began < 2
