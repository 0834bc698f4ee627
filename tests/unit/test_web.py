"""What pages are made of: addresses, words, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.titles import title
from app.domain.transcript import MoveKind
from app.web.assets import FOLDER, Assets
from app.web.page import TEMPLATES, content_security_policy
from app.web.practice import alike, stretches
from app.web.search import _hit
from app.web.sign_in import local
from app.web.words import count, day, markdown, minutes, reason


@pytest.mark.parametrize("address", ["/", "/new?role=ml-engineer", "/interviews/a"])
def test_one_may_be_led_back(address: str) -> None:
    assert local(address) == address


@given(
    st.sampled_from(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", "evil", "/a\nb"]),
    st.text(),
)
def test_nobody_is_led_elsewhere(start: str, rest: str) -> None:
    assert local(start + rest) == "/"
    assert local("") == "/"


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("ml-engineer", "ML engineer"),
        ("fundamentals/data-leakage", "Data leakage"),
        ("high-level-design", "High-level design"),
        ("llm", "Language models"),
        ("pca", "PCA"),
        ("fundamentals/simpsons-paradox", "Simpson’s paradox"),
        ("deep-learning/sgd-momentum-adam", "SGD, momentum, Adam"),
        ("analytical", "Analytical data"),
        ("gpu-memory", "GPU memory"),
        ("ab-testing", "A/B testing"),
        ("chains/a-b-testing", "A/B testing"),
        ("fundamentals/a-b-test-reading", "A/B test reading"),
        ("fundamentals/etl-or-elt", "ETL or ELT"),
        ("chains/fine-tuning", "Fine-tuning"),
        ("bagging-boosting", "Bagging and boosting"),
        ("roc-or-pr-curve", "ROC or PR curve"),
        ("regularization-l1-l2", "Regularization, L1 and L2"),
        ("scenarios/hld-billion-parameter-training", "Billion parameter training"),
        ("candidate-questions", "Your questions"),
    ],
)
def test_slugs_read_as_words(slug: str, said: str) -> None:
    assert title(slug) == said


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("nothing is open here; next analytics/confusion-matrix", "Nothing is open here; next: Confusion matrix"),
        ("probed f1-value: must, open, 58 minutes left", "Probed f1 value: must, open, 58 minutes left"),
        ("nothing is open here; next part how-long", "Nothing is open here; next part how long"),
        ("2 of 3 must-haves shown", "2 of 3 must-haves shown"),
    ],
)
def test_reasons_of_moves_hold_no_id(stored: str, said: str) -> None:
    assert reason(stored) == said


def test_lengths_days_and_counts() -> None:
    assert minutes(12.0) == "12 min"
    assert minutes(7.5) == "7.5 min"
    assert day("2026-11-21T10:00:00Z") == "21 November 2026"
    assert (count(1, "round"), count(2, "round")) == ("1 round", "2 rounds")


@given(st.text())
def test_markdown_lets_no_html_through(text: str) -> None:
    made = str(markdown(f"{text}<script>x</script><img src=a onerror=b>"))
    assert "<script" not in made
    assert "<img" not in made


def test_markdown_loads_nothing_and_runs_nothing() -> None:
    assert "<img" not in str(markdown("![a](https://evil.example/a.png)"))
    assert "javascript:" not in re.sub(r">[^<]*<", "><", str(markdown("[a](javascript:alert(1))")))


def test_a_change_of_any_file_gives_a_new_address(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = Assets.read(tmp_path)
    (tmp_path / "b.css").write_text("2")
    after = Assets.read(tmp_path)
    assert before.url("a.js") != after.url("a.js")
    with pytest.raises(KeyError):
        after.url("c.js")


def test_every_asset_that_templates_name_is_there() -> None:
    assets = Assets.read()
    named = [
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"asset\('([^']+)'\)", path.read_text(encoding="utf-8"))
    ]
    assert named
    for name in named:
        assets.url(name)


def test_templates_keep_to_the_policy() -> None:
    """No inline script, style or handler, and nothing from another host: the browser would refuse it anyway."""
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|https?://|\|\s*safe\b", text), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name
    for path in FOLDER.glob("*.css"):
        assert "http" not in path.read_text(encoding="utf-8"), path.name
    assert "unsafe" not in content_security_policy("n")


def test_what_is_vendored_has_its_licence() -> None:
    made = [path for path in (FOLDER / "vendor").rglob("*") if path.suffix in {".woff2", ".js"}]
    assert made
    for path in made:
        assert path.with_name(path.name.split(".")[0] + ".LICENSE.txt").is_file(), path.name


def test_the_transcript_has_a_name_for_every_kind_of_move() -> None:
    page = (TEMPLATES / "transcript.html").read_text(encoding="utf-8")
    assert [kind for kind in MoveKind if f'"{kind}": "' not in page] == []


def test_series_that_stand_on_the_same_answers_are_one() -> None:
    point = {"interview_id": "a", "evidence": [{"question_id": "q", "criterion_id": "c"}]}
    other = {"interview_id": "a", "evidence": [{"question_id": "q", "criterion_id": "d"}]}
    series = [
        {"name": name, "open": opened, "learned": 0, "points": [each]}
        for name, opened, each in (("one", 1, point), ("two", 1, other), ("three", 1, point), ("four", 2, point))
    ]
    assert [each["names"] for each in alike(series)] == [["one", "three"], ["two"], ["four"]]


def test_free_days_of_a_plan_that_follow_one_another_stand_together_and_today_by_itself() -> None:
    tasks = {"2026-11-23": [], "2026-11-24": [], "2026-11-25": [], "2026-11-26": ["task"], "2026-11-27": []}
    found = stretches([{"day": each, "tasks": on} for each, on in tasks.items()], "2026-11-23")
    assert [[each["day"][-2:] for each in stretch] for stretch in found] == [["23"], ["24", "25"], ["26"], ["27"]]


def test_a_snippet_that_is_cut_says_so() -> None:
    hit = {
        "snippet": "many trees on samples. Boosting adds",
        "start": 8,
        "end": 44,
        "seq": 2,
        "in_code": False,
        "highlights": [],
    }
    assert (_hit(hit)["cut_before"], _hit(hit)["cut_after"]) == (True, True)
    whole = {**hit, "snippet": "Many trees.", "start": 0}
    assert (_hit(whole)["cut_before"], _hit(whole)["cut_after"]) == (False, False)
