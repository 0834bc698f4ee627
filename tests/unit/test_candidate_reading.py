"""Rules that the fictional resumes of `evals/resumes` asked for, each by itself."""

from __future__ import annotations

import time

import pytest

from app.candidate.columns import in_reading_order
from app.candidate.dates import trailing_date, without_dates
from app.candidate.extract import Extracted, extract
from app.candidate.headings import SetLine, bare, headings_by_type
from app.candidate.unwrap import unwrap
from app.candidate.vocabulary import terms
from app.candidate.wording import SectionKind, heading_kind
from tests.unit.test_candidate_extract import assert_nothing_invented, claims, names


def techniques(found: Extracted) -> list[list[str]]:
    return [[mention.text for mention in project.techniques] for project in found.projects]


PAGE = [
    SetLine("Nora Nobody", "bold 17"),
    SetLine("Education", "bold 12"),
    SetLine("MSc Physics, 2019", "plain 10"),
    SetLine("Where the time went", "bold 12"),
    SetLine("Ghost Bank", "bold 10"),
    SetLine("\u2022 Built a model that found a third more of the fraud", "plain 10"),
    SetLine("Skills", "bold 12"),
    SetLine("Python", "plain 10"),
]


def test_a_heading_of_any_words_is_known_by_its_type() -> None:
    assert headings_by_type(PAGE) == {"education", "wherethetimewent", "skills"}


@pytest.mark.parametrize(
    "page",
    [
        PAGE[:2],
        [SetLine(line.text, "plain 10") for line in PAGE],
        [*PAGE, SetLine("Data Scientist, 2020 - 2022", "bold 12")],
        [*PAGE, *(SetLine(f"Title number {n} of them".replace(str(n), "x" * n), "bold 12") for n in range(1, 9))],
        [SetLine("Education", "bold 12"), SetLine("Skills", "bold 13"), *PAGE[2:6]],
    ],
    ids=["one heading", "no type of its own", "dated titles too", "many titles too", "two types"],
)
def test_a_type_that_others_share_says_nothing(page: list[SetLine]) -> None:
    assert headings_by_type(page) == frozenset()


def test_what_is_set_as_a_heading_is_marked_once() -> None:
    marked = unwrap(["Where  I Went", "some words", "# Where I went"], headings=frozenset({bare("where I went")}))
    assert marked == "## Where I Went\nsome words\n# Where I went"


def test_the_gutter_lies_before_list_markers_and_not_behind_them() -> None:
    left = ["Tools", "Python", "SQL", "Kafka", "Spark", "dbt", "Airflow", "Flink", "", "", ""]
    right = [
        "Work history",
        "Ghost Freight of Nowhere",
        "  \u2022  Wrote jobs that join reports with calls at the",
        "     ports of the whole north in the morning",
        "  \u2022  Served features in eight milliseconds to all of",
        "     those who had asked for them in the night",
        "  \u2022  Put checks before every table that a model is",
        "     trained on, with an owner for each of them",
        "Phantom Bank",
        "  \u2022  Kept the books and the tables of the bank in",
        "     one place for the first time",
    ]
    page = "\n".join(f"{one:40}{two}" for one, two in zip(left, right, strict=True))
    lines = [line.strip() for line in in_reading_order([page]) if line.strip()]
    assert lines == [*(line for line in left if line), *(line.strip() for line in right)]


@pytest.mark.parametrize(
    ("line", "before"),
    [
        ("Engineer @ Ghost Ltd Feb 2024 \u2192 today", "Engineer @ Ghost Ltd"),
        ("Research Scientist, Ghost Lab 2022\u2013", "Research Scientist, Ghost Lab"),
        ("Postdoc, Ghost Institute 2020\u201322", "Postdoc, Ghost Institute"),
        ("Staff Engineer Apr \u201922 \u2013 now", "Staff Engineer"),
    ],
)
def test_dates_in_several_manners(line: str, before: str) -> None:
    assert trailing_date(line)
    begin, end = without_dates(line)
    assert line[begin:end] == before


@pytest.mark.parametrize(
    "line", ["Reached rank 15 of 2000 \u2013 or better", "Version 2 \u2192 3", "A gain of 20\u201322"]
)
def test_ranges_that_are_no_dates(line: str) -> None:
    assert trailing_date(line) is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Where I worked", SectionKind.EXPERIENCE),
        ("Things we shipped", SectionKind.PROJECTS),
        ("What I have built so far", SectionKind.PROJECTS),
        ("PROJECTS PARTICIPATED", SectionKind.PROJECTS),
        ("CAREER OBJECTIVE", SectionKind.OTHER),
        ("Studies", SectionKind.OTHER),
        ("University projects", SectionKind.PROJECTS),
        ("Where I worked hard", None),
        ("Systems we built our lives around and then some", None),
    ],
)
def test_what_headings_announce(line: str, kind: SectionKind | None) -> None:
    assert heading_kind(line) is kind


ENTRY = "### Ghost Ranker, 2022\n- Trained LightGBM and XGBoost on the clicks of two years"


@pytest.mark.parametrize(
    ("under", "found"),
    [
        (ENTRY, ["Ghost Ranker"]),
        ("### MSc Learning, 2022\n- Wrote a thesis on XGBoost and LightGBM for the clicks of two years", []),
        ("Engineer for XGBoost and LightGBM who likes small models and long walks.", []),
        (
            "### Prize of the Town, 2022\n### Prize of the Land, 2023\n- For XGBoost, LightGBM and the clicks of a year",
            [],
        ),
        ("### Ghost Choir, 2022\n- Sang the second bass on every other evening of the year", []),
    ],
    ids=["work", "a degree", "prose", "mostly without a word", "nothing technical"],
)
def test_under_a_heading_that_does_not_say_so_what_reads_like_work_is_work(under: str, found: list[str]) -> None:
    text = f"# Ann Nobody\n## Experience\n### Clerk, 2019\n- Kept books\n## Marginalia\n{under}\n## Education\nBSc"
    result = extract(text)
    assert_nothing_invented(text, result)
    assert names(result) == ["Clerk", *found]


def test_labels_say_which_line_is_the_name() -> None:
    found = extract(
        "EXPERIENCE\nCompany: Ghost Software\nPosition: AI Engineer\nDuration: From 06/2022 to now\n- Trained a small CNN\n"
        "Company: Phantom Ltd\n- Wrote many small tools\n"
        "PROJECTS\nProject name: Plate Reader\nTeam size: 4\nDescription: System that reads plates at a gate.\n"
        "Responsibilities: Trained YOLOv8 and deployed it. Wrote the tests.\nTechnologies: PaddleOCR, Jetson Nano"
    )
    assert names(found) == ["AI Engineer", "Phantom Ltd", "Plate Reader"]
    assert claims(found) == [
        "Trained a small CNN",
        "Wrote many small tools",
        "System that reads plates at a gate",
        "Trained YOLOv8 and deployed it",
        "Wrote the tests",
    ]


def test_a_label_without_words_behind_it_claims_nothing() -> None:
    assert claims(extract("PROJECTS\nGhost\nResponsibilities:\n- Trained a small CNN\nAchievements: many")) == [
        "Trained a small CNN"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Experience\n### Engineer, Ghost Ltd\nOwned all of it with two others.\n#### Project: Finder\n- Built BM25 search\n"
        "#### Redliner\n- Built a tool for lawyers\n### Analyst, Phantom Ltd\n- Counted many things",
        "Experience\nEngineer, Ghost Ltd  2020 - 2024\nOwned all of it with two others.\nProject: Finder\n- Built BM25 search\n"
        "Project: Redliner\n- Built a tool for lawyers\nAnalyst, Phantom Ltd  2018 - 2020\n- Counted many things",
    ],
    ids=["headings", "labels"],
)
def test_projects_within_a_position_are_projects(text: str) -> None:
    found = extract(text)
    assert names(found) == ["Engineer, Ghost Ltd", "Finder", "Redliner", "Analyst, Phantom Ltd"]
    assert [len(project.claims) for project in found.projects] == [1, 1, 1, 1]


def test_a_smaller_heading_right_below_a_title_belongs_to_it() -> None:
    found = extract(
        "## Experience\n### Ghost Ltd\n#### Engineer, 2020 - 2024\n- Built a CNN for scans\n#### Intern\n- Cut boxes"
    )
    assert names(found) == ["Ghost Ltd", "Intern"]


def test_names_in_small_letters_and_half_a_bracket() -> None:
    found = extract(
        "PROJECTS\ntinygate (open source, 2025)\n- Stops prompt injection in four ms\n"
        "Ghost Recipes (weekend, 2024)\n- Reads handwritten cards of an aunt\n"
        "2023 - 2024\nrollup\n- Sums tables in one pass"
    )
    assert names(found) == ["tinygate", "Ghost Recipes", "rollup"]


def test_a_statement_that_ends_in_a_year_is_no_name() -> None:
    found = extract("PROJECTS\nGhost Ranker\n- Ranked the shop\nwhich was (after a long fight) released in 2021")
    assert names(found) == ["Ghost Ranker"]


def test_what_is_listed_as_tools_is_a_technique_known_or_not() -> None:
    found = extract(
        "PROJECTS\nMoth Trap \u2014 Blobdetector Pro, PyTorch | GitHub\n- Counted moths with k-means\n"
        "Stack: Zorblat, Python 3.11, AWS Glue, Frobnicate & Qux, etc.\n\n"
        "Ghost Chat | Berlin, Phantom Ltd\n- Wrote a chat in Rust"
    )
    assert names(found) == ["Moth Trap \u2014 Blobdetector Pro, PyTorch", "Ghost Chat | Berlin, Phantom Ltd"]
    assert techniques(found) == [
        ["Blobdetector Pro", "PyTorch", "k-means", "Zorblat", "Python", "AWS Glue", "Frobnicate", "Qux"],
        ["Rust"],
    ]


def test_a_label_that_may_mean_something_else_needs_a_known_technique() -> None:
    found = extract(
        "PROJECTS\nGhost Ward\n- Counted beds at night\nEnvironment: hospital of 40 beds\n"
        "Ghost Shop\n- Counted shoes at noon\nEnvironment: Zorblat, Python"
    )
    assert techniques(found) == [[], ["Zorblat", "Python"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cohen's kappa and Croston\u2019s method", ["Cohen's kappa", "Croston's method"]),
        ("seen from two towers; a two-tower model", ["two-tower"]),
        ("editors, who recall every word; recall@5", ["recall"]),
        ("calibrated stereo rigs; calibrated probabilities", ["calibration"]),
        ("linear SVM with one-class SVM", ["SVM", "one-class SVM"]),
        ("annoy the darts club of cassandra; Annoy", ["Annoy"]),
    ],
)
def test_words_that_need_their_neighbours(text: str, expected: list[str]) -> None:
    assert [term.name for term in terms(text)] == expected


@pytest.mark.parametrize("piece", ["Stack: R, ", "a | R, ", "Company: ", "R,", "### x\n- y\n", "(2020 ", "Project: \n"])
def test_hostile_lists_and_labels_are_read_in_linear_time(piece: str) -> None:
    for head in ("PROJECTS\n", "PROJECTS\nx\nStack: ", "# PROJECTS\n## a | "):
        text = head + (piece * 30_000)[: 60_000 - len(head)]
        began = time.process_time()
        extract(text)
        unwrap(text.split("\n"), headings=frozenset({"x"}))
        assert time.process_time() - began < 5.0
