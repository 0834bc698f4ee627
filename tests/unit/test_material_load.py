from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import CorpusInvalid, Fault
from app.material.load import load
from tests.support.material import (
    NOTE,
    NOTE_BODY,
    a_chain,
    a_criterion,
    a_question,
    a_scenario,
    changed,
    write,
    write_corpus,
)

REAL = Path(__file__).parents[2] / "corpus"


def faults_of(root: Path) -> tuple[Fault, ...]:
    with pytest.raises(CorpusInvalid) as caught:
        load(root)
    return caught.value.problems


def the_fault(root: Path) -> Fault:
    found = faults_of(root)
    assert len(found) == 1, [str(each) for each in found]
    return found[0]


def test_the_real_corpus_loads() -> None:
    corpus = load(REAL)
    assert corpus.questions
    assert corpus.chains
    assert "neutral" in corpus.companies


def test_a_small_corpus_loads(tmp_path: Path) -> None:
    corpus = load(write_corpus(tmp_path))
    question = corpus.questions["fundamentals/leakage"]
    assert question.reference_answer == "The rows were seen.\n\nSplit first."
    assert question.for_the_reviewer == "- Be kind."
    assert corpus.source("question", question.id) == "questions/fundamentals/leakage.md"
    assert corpus.roles["ml-engineer"].topics == ("leakage",)


def test_one_example_may_stand_without_a_list(tmp_path: Path) -> None:
    question = changed(a_question(), "criteria.0.shown_by", "Seen before.")
    corpus = load(write_corpus(tmp_path, question=question | {"parallel": "Again, on another surface."}))
    loaded = corpus.questions["fundamentals/leakage"]
    assert loaded.criteria[0].shown_by == ("Seen before.",)
    assert loaded.parallel == ("Again, on another surface.",)


@pytest.mark.parametrize(
    ("path", "value", "key", "says"),
    [
        ("version", None, "version", "missing"),
        ("difficulty", 9, "difficulty", "less than or equal to 5"),
        ("asks", "x", "asks", "no key 'asks'"),
        ("covers", ["S1"], "covers[1]", "'S1'"),
        ("seniority", ["guru"], "seniority[1]", "none of the choices"),
        ("ask", 42, "ask", "YAML reads 42 as int"),
        ("round", "coding", "round", "the folder 'fundamentals'"),
        ("criteria.0.cites", "leakage#nowhere", "criteria[names-the-cause].cites", "no passage"),
        ("criteria.0.after", ["names-the-cuse"], "criteria[names-the-cause].after", "no criterion"),
        ("criteria.0.after", ["names-the-cause"], "criteria[names-the-cause].after", "a circle"),
        ("criteria.0.hints", [], "criteria[names-the-cause].hints", "0 of at least 1"),
        ("criteria.0.evidence", "number", "criteria[names-the-cause].value", "needs a value"),
        ("criteria.0.evidence", "order", "criteria[names-the-cause].before", "earlier"),
        ("criteria.0.partly_when", "half of it", "criteria[names-the-cause]", "belong together"),
        ("criteria.0.kind_when", [{"kind": "must"}], "criteria[names-the-cause].kind_when[1]", "say when"),
        ("criteria.0.value", {"is": "size", "tolerance": 0}, "criteria[names-the-cause].value", "has no value"),
        ("criteria.0.value", {"is": 3, "tolerance": 5}, "criteria[names-the-cause].value.tolerance", "less than 1"),
    ],
)
def test_a_fault_of_a_question_is_told_with_its_place(
    tmp_path: Path, path: str, value: Any, key: str, says: str
) -> None:
    fault = the_fault(write_corpus(tmp_path, question=changed(a_question(), path, value)))
    assert fault.file == "questions/fundamentals/leakage.md"
    assert fault.key == key
    assert says in fault.says
    assert fault.do


@pytest.mark.parametrize(
    ("path", "value", "key", "says"),
    [
        ("recognised_by", [], "", "recognised_by, or any_project"),
        ("any_project", True, "", "recognised_by, or any_project"),
        ("leave.to", "nowhere", "leave.to", "no rung"),
        ("slots.1.id", "params", "slots[params].id", "stands twice"),
        ("checks.0.needs", ["params"], "checks[fits].ask", "needed slot 'memory'"),
        ("checks.0.when", "no_such", "checks[fits].when", "is no comparison"),
        ("checks.0.when", {"empty": "nothing"}, "checks[fits].when", "no slot"),
        ("slots.0.kind", "text", "checks[fits].when", "is no number"),
        ("rungs.0.fills", ["date"], "rungs[purpose].fills", "no slot 'date'"),
        ("rungs.0.ask", "How about {thing}?", "rungs[purpose].ask", "'thing'"),
        ("rungs.0.scored", True, "rungs[purpose]", "scored: false"),
        ("rungs.0.if_not_mine", {"says": "Fine.", "to": "x"}, "rungs[purpose].if_not_mine.to", "no rung"),
        ("rungs.1.ask_otherwise", "Take {params}.", "rungs[count].ask_otherwise", "'params'"),
        ("rungs.1.after", ["right-count"], "rungs[count].criteria[right-count].after", "a circle"),
        ("rungs.1.draw", {"size": [4, 0], "rank": [0]}, "rungs[count].criteria[right-count].value", "divides by zero"),
        ("plays.0.turns.1.rung", "x", "plays[knows].turns[2].rung", "no rung"),
        ("plays.0.turns.1.marks", {"x": "shown"}, "plays[knows].turns[2].marks", "no criterion"),
        ("plays.0.turns.1.marks", {"right-count": "partly"}, "plays[knows].turns[2].marks", "no partly_when"),
        ("plays.0.turns.1.next", {"challenge": "x"}, "plays[knows].turns[2].next", "no misconception"),
        ("plays.0.turns.1.next", {"hint": "right-count/2"}, "plays[knows].turns[2]", "no hint"),
        ("plays.0.turns.1.slots", {"x": 1}, "plays[knows].turns[2].slots", "no slot"),
    ],
)
def test_a_fault_of_a_chain_is_told_with_its_place(tmp_path: Path, path: str, value: Any, key: str, says: str) -> None:
    found = faults_of(write_corpus(tmp_path, chain=changed(a_chain(), path, value)))
    assert {fault.file for fault in found} == {"chains/lora.md"}
    assert any(fault.key == key and says in fault.says for fault in found), [str(fault) for fault in found]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("facts.0.credits", "x", "facts[users].credits"),
        ("facts.0.volunteer_at", "x", "facts[users].volunteer_at"),
        ("facts.0.asked_as", ["once", "twice"], "facts[users].asked_as"),
        ("derived.0.formula", "user * 20", "derived[per_second].formula"),
        ("curveball.at", "x", "curveball.at"),
        ("curveball.criteria", ["x"], "stages"),
        ("curveball.criteria", ["frames-first"], "stages[frames-first].id"),
    ],
)
def test_a_fault_of_a_scenario_is_told_with_its_place(tmp_path: Path, path: str, value: Any, key: str) -> None:
    fault = the_fault(write_corpus(tmp_path, scenario=changed(a_scenario(), path, value)))
    assert (fault.file, fault.key) == ("scenarios/feed.md", key)


def test_a_long_circle_is_found_once(tmp_path: Path) -> None:
    marks = {name: "shown" for name in "abc"}
    criteria = [a_criterion("a", after=["b"]), a_criterion("b", after=["c"]), a_criterion("c", after=["a"])]
    exemplars = [{"id": "strong", "text": "All.", "marks": marks}]
    fault = the_fault(write_corpus(tmp_path, question=a_question(criteria=criteria, exemplars=exemplars)))
    assert fault.says == "a circle: a after b after c after a"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front-matter", "does not begin with"),
        ("---\nid: x\n", "has no end"),
        ("---\nask: what: now\n---\n", "no YAML"),
        ("---\n- one\n---\n", "there are no keys"),
        ("---\nid: x\nid: y\n---\n", "'id' is given twice"),
        ("---\nid: x\n---\nloose text\n", "before the first"),
        ("---\nid: x\n---\n## Notes\n\ntext\n", "no such section"),
        ("---\nid: x\n---\n## Reference answer\n\n", "is empty"),
        ("---\nid: x\nreference_answer: y\n---\n## Reference answer\n\ntext\n", "belongs to the body"),
        ("---\nid: \x07\n---\n", "no YAML"),
        ("---\nid: !!python/object/apply:os.system [ls]\n---\n", "no YAML"),
    ],
)
def test_a_malformed_file_is_told(tmp_path: Path, text: str, says: str) -> None:
    root = write_corpus(tmp_path)
    (root / "questions/fundamentals/broken.md").write_text(text, encoding="utf-8")
    assert says in the_fault(root).says


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    (root / "questions/fundamentals/broken.md").write_bytes(b"---\nid: \xff\n---\n")
    assert "not UTF-8" in the_fault(root).says


def test_the_line_of_broken_yaml_counts_from_the_top_of_the_file(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    (root / "questions/fundamentals/broken.md").write_text("---\nid: x\nask: a: b\n---\n", encoding="utf-8")
    assert the_fault(root).key == "line 3"


def test_a_text_cut_at_its_comma_gets_the_hint_to_quote_it(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    path = root / "questions/fundamentals/leakage.md"
    text = path.read_text(encoding="utf-8")
    before = "  - says: Leakage is bad.\n    because: no content\n"
    assert before in text
    path.write_text(text.replace(before, "  - {says: Bad., because: a label, no content}\n"), encoding="utf-8")
    fault = the_fault(root)
    assert fault.key == "criteria[names-the-cause].not_shown_by[2].no content"
    assert "quotes" in fault.do


def test_an_id_is_the_place_of_its_file(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    write(root / "questions/fundamentals/other.md", a_question())
    fault = the_fault(root)
    assert (fault.key, fault.do) == ("id", "Write id: fundamentals/other, or move the file")


def test_an_id_of_a_note_is_unique_in_the_whole_corpus(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    write(root / "concepts/other/leakage.md", NOTE, NOTE_BODY)
    assert "taken by concepts/data/leakage.md" in the_fault(root).says


def test_a_passage_is_one_paragraph(tmp_path: Path) -> None:
    found = faults_of(write_corpus(tmp_path, note_body="## what-it-is\n\nOne.\n\nTwo.\n"))
    assert "2 paragraphs" in found[0].says
    assert len(found) == 1, "what cites an unreadable note is not told as well"


def test_a_file_of_another_kind_is_not_passed_over(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    (root / "questions/fundamentals/leakage.yaml").write_text("id: x", encoding="utf-8")
    (root / "questions/README.md").write_text("for people", encoding="utf-8")
    (root / "questions/.hidden").write_text("x", encoding="utf-8")
    assert "never read" in the_fault(root).says


def test_all_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    root = write_corpus(tmp_path, question=a_question(version=0, difficulty=7), chain=a_chain(seconds={"whole": 1}))
    found = faults_of(root)
    assert {fault.file for fault in found} == {"questions/fundamentals/leakage.md", "chains/lora.md"}
    assert len(found) == 3
    with pytest.raises(CorpusInvalid, match="3 faults"):
        load(root)


def test_a_missing_root_is_told(tmp_path: Path) -> None:
    assert "no such folder" in faults_of(tmp_path / "nowhere")[0].says


def test_extra_folders_add_entries_and_may_cite_the_first(tmp_path: Path) -> None:
    root = write_corpus(tmp_path / "corpus")
    extra = tmp_path / "mine"
    write(extra / "questions/fundamentals/mine.md", a_question("fundamentals/mine"))
    assert set(load(root, [extra]).questions) == {"fundamentals/leakage", "fundamentals/mine"}
    write(extra / "questions/fundamentals/leakage.md", a_question())
    with pytest.raises(CorpusInvalid, match="is taken by"):
        load(root, [extra])


def test_problems_and_tables_load(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    common = {
        key: value
        for key, value in a_question().items()
        if key in {"version", "topics", "roles", "seniority", "difficulty", "seconds", "covers"}
    }
    problem = common | {
        "id": "problems/two-sum",
        "round": "coding",
        "title": "Two sum",
        "ask": "Find two numbers that make the sum. Tell me how you'd go about it.",
        "function": "two_sum",
        "complexity": {"time": "O(n)", "space": "O(n)"},
        "hints": a_criterion()["hints"],
        "criteria": [a_criterion(evidence="tests")],
    }
    folder = root / "problems/two-sum"
    write(
        folder / "problem.md",
        problem,
        "## Statement\n\nGiven numbers, find two.\n\n" + "## Reference answer\n\nA map.\n",
    )
    assert "no starter.py" in the_fault(root).says
    (folder / "starter.py").write_text("def two_sum(numbers, total): ...\n", encoding="utf-8")
    (folder / "solution.py").write_text("def two_sum(numbers, total): return (0, 1)\n", encoding="utf-8")
    (folder / "tests.yaml").write_text(
        "visible: [{args: [[1, 2], 3], expect: [0, 1]}]\nhidden: [{args: [[], 3], raises: ValueError}]\n",
        encoding="utf-8",
    )
    table = common | {
        "id": "analytics/rides",
        "round": "analytical-data",
        "title": "Rides",
        "opening": "Here are the rides of a week.",
        "table": "rides",
        "parameters": {"rows": 300},
        "questions": [
            {
                "id": "mean-fare",
                "ask": "What's the mean fare?",
                "seconds": 90,
                "computed_by": "mean_fare",
                "tolerance": "1%",
                "criteria": [a_criterion(evidence="number")],
            }
        ],
    }
    import yaml

    (root / "analytics").mkdir()
    (root / "analytics/rides.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    corpus = load(root)
    assert corpus.problems["problems/two-sum"].tests.hidden[0].raises == "ValueError"
    assert corpus.problems["problems/two-sum"].statement == "Given numbers, find two."
    assert corpus.rubric("analytics/rides").criteria[0].part_id == "mean-fare"
    assert corpus.analytics["analytics/rides"].questions[0].tolerance == 0.01
    del table["questions"][0]["computed_by"]
    (root / "analytics/rides.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    fault = the_fault(root)
    assert fault.key == "questions[mean-fare].computed_by"
    assert "nothing computes the number" in fault.says
