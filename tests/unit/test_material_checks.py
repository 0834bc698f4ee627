from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Fault
from app.material.checks import examine, is_yes_no, word_count
from tests.support.material import a_chain, a_criterion, a_question, changed, write_corpus

REAL = Path(__file__).parents[2] / "corpus"
LONG = "Tell me how it went and " + "then " * 31 + "stop."
CRITERION = "criteria[names-the-cause]"


def of_severity(found: list[Fault], severity: str) -> list[str]:
    return [f"{fault.file}: {fault.key}" for fault in found if fault.severity == severity]


def test_the_real_corpus_has_no_errors() -> None:
    assert [str(fault) for fault in examine(REAL) if fault.severity == "error"] == []


def test_a_small_corpus_is_clean(tmp_path: Path) -> None:
    assert examine(write_corpus(tmp_path)) == []


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("ask", LONG, "ask"),
        ("ask", "Is it leakage?", "ask"),
        ("rewordings", ["What now?", "Could you say why?"], "rewordings[2]"),
        ("parallel", "So, does it help?", "parallel[1]"),
        ("lenses", {"neutral": "Did our forecast leak?"}, "lenses.neutral"),
        ("enemies", ["fundamentals/nothing"], "enemies"),
        ("enemies", ["fundamentals/leakage"], "enemies"),
        ("opens", [{"heard": "x", "to": "chains/nothing"}], "opens"),
        ("roles", ["ml-engineer", "wizard"], "roles"),
        ("covers", [f"S000-{number:04d}" for number in range(21)], "covers"),
        ("covers", ["S000-0001", "S000-0001"], "covers[S000-0001].id"),
        ("criteria.0.probe", LONG, f"{CRITERION}.probe"),
        ("criteria.0.probe", "Where was it? And when?", f"{CRITERION}.probe"),
        ("criteria.0.probe", "Would you say it leaked?", f"{CRITERION}.probe"),
        ("criteria.0.hints.0.says", "The test. Wasn't it seen before?", f"{CRITERION}.hints[1].says"),
        ("criteria.0.shown_by", ["One."], f"{CRITERION}.shown_by"),
        ("criteria.0.not_shown_by", [{"says": "x", "because": "y"}], f"{CRITERION}.not_shown_by"),
        ("criteria.0.kind_when", [{"roles": ["wizard"], "kind": "must"}], f"{CRITERION}.kind_when"),
        ("exemplars.1.marks", {}, "exemplars[weak].marks"),
        ("exemplars.1.marks", {"names-the-cause": "absent", "x": "absent"}, "exemplars[weak].marks"),
        ("exemplars.1.marks", {"names-the-cause": "partly"}, "exemplars[weak].marks"),
        ("exemplars.1.marks", {"names-the-cause": "shown"}, "exemplars"),
        ("exemplars.0.marks", {"names-the-cause": "absent"}, "exemplars"),
        ("exemplars.1.text", "No idea.", "exemplars"),
        ("exemplars.1.id", "strong", "exemplars[strong].id"),
    ],
)
def test_a_fault_is_an_error_at_its_key(tmp_path: Path, path: str, value: Any, key: str) -> None:
    found = examine(write_corpus(tmp_path, question=changed(a_question(), path, value)))
    assert set(of_severity(found, "error")) == {f"questions/fundamentals/leakage.md: {key}"}


def test_a_challenge_is_no_yes_no_question(tmp_path: Path) -> None:
    wrong = {
        "id": "more-data",
        "says": "More data helps.",
        "said_as": "More data always helps.",
        "not_said_as": "More data may help.",
        "serious": True,
        "challenge": "Has that ever helped you?",
        "settled_by": "It did not.",
        "cites": "leakage#what-it-is",
    }
    found = examine(write_corpus(tmp_path, question=a_question(misconceptions=[wrong])))
    assert [fault.key for fault in found] == ["misconceptions[more-data].challenge"]


def test_a_chain_with_one_near_miss_is_thin(tmp_path: Path) -> None:
    one = changed(a_chain(), "rungs.1.criteria.0.not_shown_by", [{"says": "x", "because": "y"}])
    found = examine(write_corpus(tmp_path, chain=one))
    assert of_severity(found, "error") == []
    assert of_severity(found, "thin") == ["chains/lora.md: rungs[count].criteria[right-count].not_shown_by"]


def test_a_lens_may_wait_for_its_company(tmp_path: Path) -> None:
    question = a_question(lenses={"uber": "Your fare forecast is too good. What happened?"})
    found = examine(write_corpus(tmp_path, question=question))
    assert of_severity(found, "thin") == ["questions/fundamentals/leakage.md: lenses"]
    assert of_severity(found, "error") == []


def test_a_topic_of_a_role_without_a_question_is_thin(tmp_path: Path) -> None:
    found = examine(write_corpus(tmp_path, chain=a_chain(topics=["adapters"])))
    assert of_severity(found, "thin") == ["roles/ml-engineer.md: emphases"]


def test_a_passage_has_at_most_150_words(tmp_path: Path) -> None:
    found = examine(write_corpus(tmp_path, note_body="## what-it-is\n\n" + "word " * 151 + "\n"))
    assert [fault.key for fault in found] == ["## what-it-is"]
    assert "151 words" in found[0].says


def test_covers_are_held_against_the_table(tmp_path: Path) -> None:
    table = tmp_path / "items.csv"
    table.write_text("id,item\nS000-0002,x\n", encoding="utf-8")
    found = examine(write_corpus(tmp_path / "corpus"), table)
    assert [(fault.key, fault.says) for fault in found] == [("covers", "there is no item 'S000-0001'")]


def test_malformed_files_do_not_hide_the_others(tmp_path: Path) -> None:
    root = write_corpus(tmp_path, question=a_question(ask="Is it leakage?"))
    (root / "roles/ml-engineer.md").write_text("nothing", encoding="utf-8")
    keys = [(fault.file, fault.key) for fault in examine(root)]
    assert keys == [("roles/ml-engineer.md", ""), ("questions/fundamentals/leakage.md", "ask")]


@pytest.mark.parametrize(
    "text",
    [
        "Is that so?",
        "Take the test set. Doesn't it overlap?",
        "And would you do it again?",
        "Can't you see it?",
        "It overlaps, right?",
        "You'd split first, wouldn't you?",
        '"Did it work?"',
    ],
)
def test_yes_no_questions_are_seen(text: str) -> None:
    assert is_yes_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is that?",
        "Have a look at the log, and tell me what you see.",
        "Which of them, and at what cost?",
        "Your resume says so. How did you do it?",
        "Does matter. Tell me why.",
        "So how would you know?",
        "",
        "?",
    ],
)
def test_open_questions_are_not(text: str) -> None:
    assert not is_yes_no(text)


def test_words_are_counted_as_read() -> None:
    assert word_count("You've 2 x 3, and - well - that's it.") == 8


def test_the_drill_of_a_criterion_is_spoken_too(tmp_path: Path) -> None:
    drill = {"ask": "Is it six?", "shown_by": "Six."}
    found = examine(write_corpus(tmp_path, question=a_question(criteria=[a_criterion(drill=drill)])))
    assert of_severity(found, "error") == [f"questions/fundamentals/leakage.md: {CRITERION}.drill.ask"]


def test_the_question_of_the_guide_is_clean(tmp_path: Path) -> None:
    guide = (REAL.parent / "docs/corpus.md").read_text(encoding="utf-8")
    text = guide.split("```markdown\n", 1)[1].split("```", 1)[0]
    root = write_corpus(tmp_path)
    (root / "questions/fundamentals/score-too-good.md").write_text(text, encoding="utf-8")
    (root / "roles/data-scientist.md").write_text(
        (root / "roles/ml-engineer.md").read_text(encoding="utf-8").replace("id: ml-engineer", "id: data-scientist"),
        encoding="utf-8",
    )
    assert examine(root) == []
