from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.candidate.cleaning import clean
from app.candidate.columns import in_reading_order
from app.candidate.dates import trailing_date, without_dates
from app.candidate.json_resume import read_json_resume
from app.candidate.limits import Limits
from app.candidate.plain import read_plain
from app.candidate.unwrap import unwrap
from app.candidate.wording import SectionKind, heading_kind
from app.domain.errors import ResumeEmpty, ResumeUnreadable


@given(st.text())
def test_clean_text_is_visible_normal_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") for c in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("e\ufb03cient \ufb01ne", "efficient fine"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\u200bb\u202ec\u2066d\ufeff", "abcd"),
        ("x\u0000y\u001b[31m", "xy[31m"),
        ("trans\u00adfer", "transfer"),
        ("trans\u00ad\nfer", "trans-\nfer"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\uf0b7 item", "\u2022 item"),
        ("one\u00a0two\u2009three", "one two three"),
        ("tags \U000e0041\U000e0042 gone", "tags  gone"),
        ("lone \ud800 half", "lone  half"),
    ],
)
def test_tricks_with_characters_are_harmless(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["- Trained with trans-", "  fer learning"], "- Trained with transfer learning"),
        (["- A fine-", "  tuned model"], "- A fine-tuned model"),
        (["- Compared PPO-", "  based runs"], "- Compared PPO-based runs"),
        (["- Used 4-", "  bit weights"], "- Used 4-bit weights"),
        (["- A key-value store", "- Wrote a key-", "  value cache"], "- A key-value store\n- Wrote a key-value cache"),
        (["- One", "    goes on here", "- Two"], "- One goes on here\n- Two"),
        (["- One", "  - Nested", "    goes on", "- Two"], "- One\n  - Nested goes on\n- Two"),
        (["\u2022", "Alone marker text", "\u2022 Two"], "- Alone marker text\n- Two"),
        (["Python", "TypeScript", "PyTorch"], "Python\nTypeScript\nPyTorch"),
        (["Title   Jan 2020 - Mar 2021", "Company"], "Title  Jan 2020 - Mar 2021\nCompany"),
        (["Projects", "========", "", "", "", "x"], "## Projects\n\nx"),
        (["Languages: Python, SQL,", "Tools: Git"], "Languages: Python, SQL,\nTools: Git"),
    ],
)
def test_lines_are_put_together_as_they_were_meant(lines: list[str], expected: str) -> None:
    assert unwrap(lines) == expected


@given(st.lists(st.text(alphabet="ab-# \u2022.,:1920", max_size=40), max_size=30))
def test_unwrapping_is_total_and_leaves_no_double_blank(lines: list[str]) -> None:
    unwrapped = unwrap([clean(line) for line in lines])
    assert "\n\n\n" not in unwrapped


def test_two_columns_are_read_one_after_the_other_over_all_pages() -> None:
    def page(number: int) -> str:
        left = [f"left {number} {row} words" for row in range(8)]
        right = [f"right {number} {row} and more words" for row in range(10)]
        return "\n".join(f"{left[i] if i < 8 else '':<30}{right[i]}" for i in range(10))

    read = [line for line in in_reading_order(["Name across the whole page of paper\n\n" + page(1), page(2)]) if line]
    assert read[0].startswith("Name")
    assert [line.split()[0] for line in read[1:]] == ["left"] * 16 + ["right"] * 20


@pytest.mark.parametrize(
    "rows",
    [
        [f"Job number {i:<30}{2000 + i} - {2001 + i}" for i in range(12)],
        [f"{2000 + i} - {2001 + i:<30}Job number {i} at a place" for i in range(12)],
        [f"{'Label' + str(i) + ':':<30}value {i}, value" for i in range(12)],
        ["running text without any gap in it at all"] * 12,
    ],
)
def test_rows_stay_rows(rows: list[str]) -> None:
    assert in_reading_order(["\n".join(rows)]) == rows


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("EXPERIENCE", SectionKind.EXPERIENCE),
        ("Work Experience:", SectionKind.EXPERIENCE),
        ("W O R K  E X P E R I E N C E", SectionKind.EXPERIENCE),
        ("## Selected Machine Learning Projects", SectionKind.PROJECTS),
        ("**Projects & Publications**", SectionKind.PROJECTS),
        ("Skills Summary", SectionKind.SKILLS),
        ("Technical Skills", SectionKind.SKILLS),
        ("Professional Summary", SectionKind.OTHER),
        ("CERTIFICATIONS", SectionKind.OTHER),
        ("experience", None),
        ("Experienced in ML", None),
        ("Projects: churn and fraud", None),
        ("Learning to Rank Project", None),
        ("Led two projects.", None),
    ],
)
def test_headings(line: str, kind: SectionKind | None) -> None:
    assert heading_kind(line) is kind


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("ML Engineer  Mar 2024 - Present", "ML Engineer"),
        ("Churn (2022)", "Churn"),
        ("Foo | Bar | 2019 \u2013 2022", "Foo | Bar"),
        ("Foo, Inc. (06/2021 - present)", "Foo, Inc."),
        ("2019\u20132021  Data Scientist", "Data Scientist"),
        ("Jan 2023 \u2013 Dec 2023", ""),
        ("Foo May - Aug 2020", "Foo"),
        ("Foo, Summer 2021", "Foo"),
        ("Recall of 0.93", "Recall of 0.93"),
        ("Raised from 31% to 52%.", "Raised from 31% to 52%."),
    ],
)
def test_dates_at_the_ends_of_a_title(line: str, rest: str) -> None:
    begin, end = without_dates(line)
    assert line[begin:end] == rest
    assert (trailing_date(line) is None) == (rest == line or line.startswith("2019\u2013"))


@given(st.text(max_size=120))
def test_dates_leave_a_slice(line: str) -> None:
    begin, end = without_dates(line)
    assert 0 <= begin <= end <= len(line)


def test_markdown_markup_goes_and_structure_stays() -> None:
    text = (
        "# Ann\n**Bold** and *it* [link](http://x.invalid) `code` snake_case_name\n\n"
        "| Tool | Use |\n|---|---|\n| Git | all |"
    )
    read = read_plain(text.encode(), Limits(), markdown=True).text
    assert read == "# Ann\nBold and it link code snake_case_name\n\nTool  Use\nGit  all"


@pytest.mark.parametrize(
    ("data", "expected", "warned"),
    [
        ("caf\u00e9 Fiktion".encode(), "caf\u00e9 Fiktion", False),
        ("caf\u00e9 Fiktion".encode("utf-8-sig"), "caf\u00e9 Fiktion", False),
        ("caf\u00e9 Fiktion".encode("utf-16"), "caf\u00e9 Fiktion", False),
        ("caf\u00e9 Fiktion".encode("latin-1"), "caf\u00e9 Fiktion", True),
        ("\u201cquoted\u201d".encode("cp1252"), "\u201cquoted\u201d", True),
        (b"odd \x81 byte", "odd  byte", True),
    ],
)
def test_encodings(data: bytes, expected: str, warned: bool) -> None:
    raw = read_plain(data, Limits(), markdown=False)
    assert raw.text.replace("  ", " ") == expected.replace("  ", " ")
    assert bool(raw.warnings) is warned


def test_text_without_a_letter_is_empty() -> None:
    with pytest.raises(ResumeEmpty):
        read_plain(" \n\t--- \u200b".encode(), Limits(), markdown=False)


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b'{"a": 1}',
        b"[1]",
        b'{"basics": ' + b"[" * 100_000,
        b'{"work": NaN, }',
        b'{"basics": {"name": "x"}, "work": [' + b"1" * 5_000 + b"]}",
    ],
    ids=["cut off", "another object", "a list", "nested deep", "a comma too many", "an integer of 5,000 digits"],
)
def test_json_that_is_no_resume_is_refused(data: bytes) -> None:
    with pytest.raises(ResumeUnreadable, match="JSON"):
        read_json_resume(data)


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        (b'"company": "Acme"', "### Engineer, Acme"),
        (b'"name": "Globex", "company": "Acme"', "### Engineer, Globex"),
        (b'"name": null, "company": 7', "### Engineer"),
    ],
)
def test_the_employer_of_the_older_schema_is_read_where_there_is_no_name(entry: bytes, title: str) -> None:
    text = read_json_resume(b'{"work": [{"position": "Engineer", ' + entry + b"}]}").text
    assert title in text.splitlines()


@pytest.mark.parametrize(
    "data",
    [
        b'{"basics": 3}',
        b'{"basics": {"name": ["x"]}, "work": [1, null, {"highlights": {"a": 1}}], "skills": "python"}',
        b'{"work": {}, "projects": null}',
    ],
)
def test_json_of_wrong_types_is_passed_over(data: bytes) -> None:
    try:
        text = read_json_resume(data).text
    except ResumeEmpty:
        return
    assert "[" not in text
    assert "{" not in text
