"""Whole resumes of fictional people in many layouts, read as a person reads them."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.candidate.extract import Extracted, extract
from app.candidate.limits import Limits
from app.candidate.pdf import read_pdf
from tests.support.layouts import Sent, sent
from tests.unit.test_candidate_extract import assert_nothing_invented


def told(found: Extracted) -> list[tuple[str, tuple[str, ...]]]:
    return [(project.name, tuple(claim.text for claim in project.claims)) for project in found.projects]


@pytest.mark.parametrize("resume", sent(), ids=lambda resume: resume.layout)
def test_what_a_person_would_find_is_found(resume: Sent) -> None:
    text = resume.read()
    found = extract(text)
    assert_nothing_invented(text, found)
    assert told(found) == list(resume.due)


ELKE = (
    "Elke Nimmersein",
    "Work Experience",
    "Trug Telecom",
    "Senior Data Scientist",
    "January 2020 - present",
    "Built a churn model with CatBoost on 11M contracts and brought it from a notebook into the nightly campaign of four countries",
    "Reduced the mails that nobody opens by 40% with an uplift model instead of a churn score, which the marketing team did not "
    "believe at first",
    "Explained each score with SHAP values to the agents in the call centre",
    "Mentored three juniors",
    "Nebel Software",
    "Data Analyst",
    "2017 - 2019",
    "Wrote the reports on outages in SQL and moved them to Superset",
    "Responsible for the data quality checks of 30 tables with Great Expectations",
    "Projects",
    "Tram Sounds",
    "Recorded 600 trams from my window and taught a small CNN on mel spectrograms to tell the line by its sound, which works "
    "for seven of nine lines",
    "Published the data set",
    "Bread Clock: predicts from photos when a dough is ready, with a ResNet on 900 photos",
    "Education",
    "MSc Statistics, Nowhere, 2017",
)
"""A fictional person's resume, a paragraph for each line."""


@pytest.mark.parametrize(("font", "size"), [("Times", 11), ("Helvetica", 10), ("Courier", 10)])
def test_wrapped_paragraphs_of_a_pdf_are_statements_and_whole(font: str, size: int) -> None:
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.set_font(font, "", size)
    for line in ELKE:
        pdf.multi_cell(0, 5, line, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    text = read_pdf(bytes(pdf.output()), Limits()).text
    assert told(extract(text)) == [
        ("Trug Telecom", ELKE[5:9]),
        ("Nebel Software", ELKE[12:14]),
        ("Tram Sounds", ELKE[16:18]),
        ("Bread Clock", (ELKE[18].removeprefix("Bread Clock: "),)),
    ]
