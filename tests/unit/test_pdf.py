"""What the PDF holds, read back out of it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from app.review.document import Block, Grid, Letter, Prose, Words
from app.review.pdf import pages


def text_of(*blocks: Block) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pages(blocks, title="Any"))).pages)


@pytest.mark.parametrize("said", ["One long line. " * 360, "line\n" * 400, "wordwithoutend" * 390])
@pytest.mark.parametrize("columns", [2, 3, 5])
def test_a_cell_that_no_page_could_hold_is_cut_and_says_so(said: str, columns: int) -> None:
    row = ((Words(said),), *((Words("beside"),) for _ in range(columns - 1)))
    found = text_of(Grid(tuple(f"column {each}" for each in range(columns)), (row,)))
    assert "…" in found
    assert "beside" in found


def test_a_cell_that_fits_is_whole() -> None:
    said = "This line of a job description asks for evaluation of ranking models and for A/B tests."
    found = " ".join(text_of(Grid(("line", "tested"), (((Words(said),), (Words("yes"),)),))).split())
    assert said in found
    assert "…" not in found


def test_code_stands_as_it_is() -> None:
    code = "def square(x):\n    y = x * x\n    return y"
    found = text_of(Prose(f"This is one way:\n```python\n{code}\n```\n\nIt takes `O(1)`."))
    assert "def square(x):\n" in found
    assert any(line.strip() == "return y" for line in found.splitlines())


def test_every_space_is_a_space() -> None:
    assert "the model has 10 000 rows" in text_of(Letter("the\u00a0model has\u200910\u202f000 rows"))
