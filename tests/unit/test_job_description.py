"""A job description becomes lines with places and kinds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.candidate.job_description import MAX_LINES, LineKind, lines_of

DESCRIPTION = """Machine Learning Engineer

About us
We are a bank in Lisbon. Founded in 1904, and still here.

Responsibilities:
- Fine-tune language models with LoRA and watch their cost
* Design A/B tests for the ranking of offers
1. Keep models in production healthy.

**Requirements**
• 5+ years of Python
• 3 years of professional experience
• PhD or Master's degree in a quantitative field
• You can explain a result to people outside of the field. You enjoy it, too.

## Benefits
- Paid vacation
- Free fruit on Mondays
We are an equal opportunity employer.
"""


def kinds(text: str) -> dict[str, LineKind]:
    return {line.text: line.kind for line in lines_of(text)}


def test_items_and_sentences_are_lines_and_headings_are_not() -> None:
    found = kinds(DESCRIPTION)
    assert found["Fine-tune language models with LoRA and watch their cost"] is LineKind.TESTABLE
    assert found["Design A/B tests for the ranking of offers"] is LineKind.TESTABLE
    assert found["Keep models in production healthy."] is LineKind.TESTABLE
    assert not {"Responsibilities:", "**Requirements**", "About us", "## Benefits", "Machine Learning Engineer"} & set(
        found
    )


def test_what_no_question_can_test_is_told_apart() -> None:
    found = kinds(DESCRIPTION)
    assert found["5+ years of Python"] is LineKind.TESTABLE
    assert found["3 years of professional experience"] is LineKind.FORMAL
    assert found["PhD or Master's degree in a quantitative field"] is LineKind.FORMAL
    for about in (
        "We are a bank in Lisbon.",
        "Paid vacation",
        "Free fruit on Mondays",
        "We are an equal opportunity employer.",
    ):
        assert found[about] is LineKind.ABOUT, about


def test_techniques_of_a_line_are_named() -> None:
    line = next(line for line in lines_of(DESCRIPTION) if "LoRA" in line.text)
    assert "LoRA" in {term.name for term in line.terms}
    assert all(DESCRIPTION[term.start : term.end] == term.text for term in line.terms)


@pytest.mark.parametrize("empty", ["", "   \n\n", "Requirements:\n", "-\n*\n•"])
def test_nothing_gives_no_line(empty: str) -> None:
    assert lines_of(empty) == ()


@given(st.text(alphabet=st.sampled_from("ab A.:-*#•\n\r\t,5+years LoRA\u2028<>&"), max_size=400))
def test_every_line_is_a_slice_of_the_description_in_order(text: str) -> None:
    found = lines_of(text)
    assert len(found) <= MAX_LINES
    assert all(text[line.start : line.end] == line.text and line.text.strip() == line.text for line in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
