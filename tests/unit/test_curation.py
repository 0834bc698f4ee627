from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from app.curation import answers, check, coverage, likeness, plans, restating
from app.curation.lookup import line_of, look_up, of_corpus, of_file, read_lines
from app.domain.errors import LinesInvalid
from app.material.corpus import Corpus
from app.material.load import load
from app.retrieval.embedder import Vectors
from tests.support.embedders import HashingEmbedder
from tests.support.material import BODY, a_criterion, a_question, a_scenario, small_corpus, write, write_corpus
from tests.support.pairs import pair_model

Encode = Callable[[Sequence[str]], Vectors]


@pytest.fixture
def encode() -> Encode:
    model = HashingEmbedder()
    model.load()

    def rows(texts: Sequence[str]) -> Vectors:
        return model.encode_passages(list(texts)) if texts else np.empty((0, 64), dtype=np.float32)

    return rows


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("What makes you sure that this loop ever ends?", "Sure that this loop ever ends."),
        ("Tell me how the two errors differ.", "The two errors differ."),
        ("And why would the average of many trees vary less?", "The average of many trees vary less."),
        ("Suppose that half of the rows are copies. What follows?", "Half of the rows are copies."),
    ],
)
def test_a_question_becomes_what_somebody_who_knows_nothing_would_say(text: str, statement: str) -> None:
    assert any(statement.rstrip(".").lower() in each.lower() for each in restating.restated(text))
    assert not any(each.endswith("?") for each in restating.restated(text))


def test_a_probe_that_states_the_criterion_is_found_and_a_situation_is_not(tmp_path: Path, encode: Encode) -> None:
    pairs = pair_model()
    quiet = small_corpus(tmp_path / "quiet")
    assert not [*restating.giveaways(quiet, encode, pairs)]
    says = a_criterion()["says"]
    loud = load(write_corpus(tmp_path / "loud", question=a_question(criteria=[a_criterion(probe=f"Is it so? {says}")])))
    assert "criteria[names-the-cause].probe" in {fault.key for fault in restating.giveaways(loud, encode, pairs)}
    number = a_criterion(
        "count", evidence="number", value={"is": 42, "tolerance": "1%"}, probe="Why would it be 42 here?"
    )
    told = load(write_corpus(tmp_path / "told", question=a_question(criteria=[number], exemplars=_marked("count"))))
    faults = [*restating.giveaways(told, encode, pairs)]
    assert [fault.key for fault in faults] == ["criteria[count].probe"]


def _marked(criterion_id: str) -> list[dict[str, object]]:
    return [
        {"id": "strong", "text": "Forty-two.", "marks": {criterion_id: "shown"}},
        {"id": "weak", "text": "It is a number that one would have to look up.", "marks": {criterion_id: "absent"}},
    ]


def test_the_same_opening_twice_is_a_near_duplicate(tmp_path: Path, encode: Encode) -> None:
    root = write_corpus(tmp_path)
    assert not [*likeness.near_duplicates(load(root), encode)]
    write(root / "questions/fundamentals/again.md", a_question("fundamentals/again"))
    faults = [*likeness.near_duplicates(load(root), encode)]
    assert {fault.file for fault in faults} == {"questions/fundamentals/leakage.md"}
    assert any("fundamentals/again" in fault.says and "openings" in fault.says for fault in faults)


def test_far_fetched_covers_come_first(tmp_path: Path, encode: Encode) -> None:
    question = a_question(covers=["S000-0001", "S000-0002"])
    corpus = load(write_corpus(tmp_path, question=question))
    items = {"S000-0001": "The test score is too good.", "S000-0002": "zebra giraffe"}
    pairs = likeness.covers_by_likeness(corpus, items, encode)
    assert [pair.item_id for pair in pairs] == ["S000-0002", "S000-0001"]
    assert pairs[0].similarity < pairs[1].similarity


def _problem(
    root: Path, solution: str, starter: str = "def two_sum(numbers, total):\n    raise NotImplementedError\n"
) -> Corpus:
    common = {
        key: value
        for key, value in a_question().items()
        if key in {"version", "topics", "roles", "seniority", "difficulty", "seconds"}
    }
    data = common | {
        "id": "problems/two-sum",
        "round": "coding",
        "covers": [],
        "title": "Two sum",
        "ask": "Find two numbers that make the sum.",
        "function": "two_sum",
        "complexity": {"time": "O(n)", "space": "O(n)"},
        "hints": a_criterion()["hints"],
        "criteria": [a_criterion(evidence="tests")],
    }
    folder = write_corpus(root) / "problems/two-sum"
    write(folder / "problem.md", data, "## Statement\n\nGiven numbers, find two.\n\n" + BODY)
    (folder / "starter.py").write_text(starter, encoding="utf-8")
    (folder / "solution.py").write_text(solution, encoding="utf-8")
    tests = "visible: [{args: [[1, 2], 3], expect: [0, 1]}]\nhidden: [{args: [[3, 1, 2], 3], expect: [1, 2]}]\n"
    (folder / "tests.yaml").write_text(tests, encoding="utf-8")
    return load(root)


def test_a_reference_solution_that_fails_a_hidden_test_is_a_fault(tmp_path: Path) -> None:
    right = "def two_sum(n, t):\n    return next([i, j] for j in range(len(n)) for i in range(j) if n[i] + n[j] == t)\n"
    assert not [*answers.wrong_solutions(_problem(tmp_path / "right", right))]
    wrong = "def two_sum(n, t):\n    return [0, 1]\n"
    assert ["test 2" in fault.says for fault in answers.wrong_solutions(_problem(tmp_path / "wrong", wrong))] == [True]
    given_away = answers.wrong_solutions(_problem(tmp_path / "given", right, starter=right))
    assert [fault.key for fault in given_away] == ["starter"]


def test_five_interviews_in_a_row_need_enough_questions_and_every_skill(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    says = [fault.says for fault in plans.rows_of_interviews(corpus, in_a_row=2)]
    assert any("asks fundamentals/leakage again" in each for each in says)
    assert not any("do not test" in each for each in says if each.startswith("ml-engineer, mid"))
    assert not [fault for fault in plans.rows_of_interviews(corpus, in_a_row=1) if "mid" in fault.says]


def test_enemies_are_looked_for_in_every_plan_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_corpus(tmp_path, question=a_question(enemies=["fundamentals/other"]))
    write(root / "questions/fundamentals/other.md", a_question("fundamentals/other", topics=["other"]))
    corpus = load(root)
    assert not [*plans.enemies_together(corpus, plans=60)]
    monkeypatch.setattr("app.interviewing.planning._hostile", lambda *_: False)
    assert len([*plans.enemies_together(corpus, plans=60)]) == 1


def _list(folder: Path, rows: Sequence[tuple[str, str]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "seed-items.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "item"), *rows])
    return folder


def test_items_are_covered_declined_with_a_reason_or_told(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    wanted = coverage.items(_list(tmp_path / "list", [(f"S000-000{n}", f"item {n}") for n in range(1, 8)]))
    left_out = {"S000-0002": "kept by app/x.py and its test", "S000-0003": "no", "S000-0001": "covered all the same"}
    faults = {fault.key or "many": fault.says for fault in coverage.gaps(corpus, wanted, left_out)}
    assert set(faults) == {"S000-0001", "S000-0003", "S000-0004", "S000-0005", "S000-0006", "S000-0007", "many"}
    assert "covered as well" in faults["S000-0001"]
    assert "at most 15%" in faults["many"]


def test_eight_words_in_a_row_are_copied_and_seven_are_not(tmp_path: Path) -> None:
    sources = tmp_path / "seeds"
    sources.mkdir()
    (sources / "one.txt").write_text("one two three four five six seven eight nine", encoding="utf-8")
    root = tmp_path / "corpus"
    root.mkdir()
    (root / "a.md").write_text("zero two, three four five six seven: EIGHT ten", encoding="utf-8")
    assert not [*coverage.copied(root, sources)]
    (root / "b.md").write_text("zero two, three four five six\nseven: EIGHT nine ten", encoding="utf-8")
    assert [fault.file for fault in coverage.copied(root, sources)] == ["b.md"]


def test_every_check_is_named_and_the_embedder_may_be_left_out(tmp_path: Path, encode: Encode) -> None:
    root = write_corpus(tmp_path / "corpus", scenario=a_scenario(round="low-level-design"))
    corpus = load(root)
    quick = [each.at for each in check.examine(corpus, [root], None, None)]
    whole = [each.at for each in check.examine(corpus, [root], encode, pair_model(), _list(tmp_path / "list", []))]
    assert quick == ["entries", "passages", "solutions and tables", "plans"]
    assert whole == [*quick, "coverage", "near-duplicates", "probes that tell"]


def test_a_passage_that_the_embedder_would_cut_is_a_fault(tmp_path: Path) -> None:
    long = "## what-it-is\n\n" + "Regularization, hyperparameterization and crossvalidation. " * 40 + "\n"
    faults = [*check.too_long(load(write_corpus(tmp_path, note_body=long)))]
    assert [fault.key for fault in faults] == ["## what-it-is"]


def test_lines_are_read_whole_or_refused_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"id": "a", "text": "x", "more": 1}\n\n{"id": "b", "text": "y"}\n', encoding="utf-8")
    assert read_lines(path) == [("a", "x"), ("b", "y")]
    for wrong, says in (("{", "no JSON"), ('{"id": "a"}', '"id" and "text"'), ('{"id": "a", "text": "z"}', "twice")):
        path.write_text('{"id": "a", "text": "x"}\n' + wrong + "\n", encoding="utf-8")
        with pytest.raises(LinesInvalid, match="line 2") as caught:
            read_lines(path)
        assert says in str(caught.value)


def test_the_corpus_and_foreign_passages_are_searched_alike(tmp_path: Path, encode: Encode) -> None:
    corpus = small_corpus(tmp_path / "corpus")
    items = of_corpus(corpus)
    assert {"question", "chain", "note", "role", "company"} <= {item.kind for item in items}
    (name, hits), *_ = look_up([("q", "test score too good")], items, encode, encode, k=3, method="hybrid")
    assert (name, hits[0].item.entry_id) == ("q", "fundamentals/leakage")
    assert len({(hit.item.kind, hit.item.entry_id) for hit in hits}) == len(hits) <= 3
    told = json.loads(line_of(name, hits))
    assert set(told["hits"][0]) == {"kind", "id", "passage_id", "similarity", "text"}
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text('{"id": "p1", "text": "zebra"}\n{"id": "p2", "text": "leaked rows"}\n', encoding="utf-8")
    (_, hits), *_ = look_up([("q", "leaked rows")], of_file(foreign), encode, encode, k=1, method="dense")
    assert [hit.item.passage_id for hit in hits] == ["p2"]
