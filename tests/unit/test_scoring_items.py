from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.candidate.language import langid
from app.domain.errors import LinesInvalid
from app.domain.sentences import words
from app.scoring.free_model import CUT_WORDS, FEATURES, MAX_WORDS, TAUGHT, Examples, FreeScorer, stretches_of
from app.scoring.items import MAX_CHARACTERS, BadLine, Item, ItemExamples, ItemJudge, read_items, whole_lines
from app.scoring.pair_model import Probabilities
from app.scoring.reference_model import ReferenceScorer
from tests.support.embedders import HashingEmbedder, word_pieces

FREE = {**dict.fromkeys(FEATURES, 0.0), "pair": 1.0, "bias": 0.0}
WITH_EXAMPLES = {**dict.fromkeys(TAUGHT, 0.0), "bias": -1.0, "free": 0.2, "for": 2.0, "margin": 4.0, "denies": -9.0}


class SharedWords:
    """Stands for the pair model: the more of a statement's words stand in the text, the likelier it is shown."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        found = np.empty((len(pairs), 3), dtype=np.float32)
        for row, (says, text) in enumerate(pairs):
            share = len(set(words(says)) & set(words(text))) / len(set(words(says)))
            denied = 2.0 if "never" in words(text) else 0.02
            found[row] = np.array([1.0 - share, share, denied]) + 0.01
        normalised: Probabilities = found / found.sum(axis=1, keepdims=True)
        return normalised


@pytest.fixture
def judge() -> ItemJudge:
    embedder = HashingEmbedder()
    embedder.load()
    scorer = FreeScorer(lambda texts: embedder.encode_passages(list(texts)), SharedWords())
    scorer.use({"free": FREE, "taught": WITH_EXAMPLES})
    return ItemJudge(scorer, ReferenceScorer(word_pieces), langid())


def test_what_an_answer_says_is_shown_with_the_sentence_that_says_it(judge: ItemJudge) -> None:
    answer = "I like trees. The test rows leaked into training. It was a long day."
    said = judge.judge(Item(id="1", criterion="The test rows leaked into training", answer=answer))
    unsaid = judge.judge(Item(id="2", criterion="Momentum smooths gradients", answer=answer))
    assert (said.state, said.evidence) == ("shown", "The test rows leaked into training.")
    assert (unsaid.state, unsaid.evidence) == ("absent", "")
    assert said.p is not None
    assert unsaid.p is not None
    assert said.p > 0.5 > unsaid.p


def test_what_is_denied_is_contradicted(judge: ItemJudge) -> None:
    found = judge.judge(Item(id="1", criterion="Scaling comes first", answer="Scaling never matters to anyone there."))
    assert found.state == "contradicted"


@pytest.mark.parametrize("blank", ["", "   ", "\n\t"])
def test_a_blank_answer_shows_nothing(judge: ItemJudge, blank: str) -> None:
    found = judge.judge(Item(id="1", criterion="Scaling comes first", answer=blank))
    assert (found.p, found.state, found.evidence) == (0.0, "absent", "")


def test_another_language_is_unscored_and_no_zero(judge: ItemJudge) -> None:
    german = (
        "Die Testdaten waren schon beim Training dabei, deshalb ist das Ergebnis viel zu gut und nicht zu gebrauchen."
    )
    line = json.loads(judge.judge(Item(id="1", criterion="Leakage", answer=german)).line())
    assert line["p"] is None
    assert line["state"] == "unscored"
    assert "language" in line["unscored_reason"]


def test_a_reference_counts_by_the_share_of_it_that_is_said(judge: ItemJudge) -> None:
    reference = "The test rows leaked into training. Momentum smooths the noisy gradients."
    half = judge.judge(Item(id="1", reference=reference, answer="The test rows leaked into training."))
    whole = judge.judge(Item(id="2", reference=reference, answer=reference))
    none = judge.judge(Item(id="3", reference=reference, answer="Giraffes eat leaves."))
    assert half.p is not None
    assert whole.p is not None
    assert none.p is not None
    assert none.p < half.p < whole.p
    assert half.evidence == "The test rows leaked into training."


def test_examples_move_a_reading(judge: ItemJudge) -> None:
    answer = "The scaler saw the future."
    for_it, against_it = ("The scaler saw the future",), ("It rains",)
    read = [
        judge.judge(
            Item(
                id="1",
                criterion="Preprocessing leaks",
                answer=answer,
                examples=ItemExamples(shown=one, not_shown=other),
            )
        ).p
        for one, other in ((for_it, against_it), (against_it, for_it))
    ]
    assert read[0] is not None
    assert read[1] is not None
    assert read[0] > 0.5 > read[1]


def test_a_denial_is_heard_by_either_voice_and_costs_credit(judge: ItemJudge) -> None:
    examples = ItemExamples(shown=("Scaling comes first there",), denied=("Cats sleep all day",))
    said = judge.judge(Item(id="1", criterion="Scaling comes first", answer="Scaling comes first.", examples=examples))
    answer = "I like the sea. Scaling comes first there, but never mattered."
    denied = judge.judge(Item(id="2", criterion="Scaling comes first there too", answer=answer, examples=examples))
    assert said.state == "shown"
    assert (denied.state, denied.evidence) == ("contradicted", "Scaling comes first there, but never mattered.")
    assert denied.p is not None
    assert denied.p < 0.5


def test_examples_of_one_kind_alone_decide_nothing(judge: ItemJudge) -> None:
    criterion, other = "Scaling is fitted on train", "Scaling is fitted on everything"
    denied, shown = ItemExamples(denied=(other,)), ItemExamples(shown=(criterion,))
    right = judge.judge(Item(id="1", criterion=criterion, answer="Our scaling is fitted on train", examples=denied))
    wrong = judge.judge(Item(id="2", criterion=criterion, answer="I like the sea and cats", examples=shown))
    assert right.state == "shown"
    assert wrong.state == "absent"


def test_a_contradiction_is_quoted_where_it_stands(judge: ItemJudge) -> None:
    answer = "The peak was on a Friday. We saw 200 requests per second. It was a long day."
    found = judge.judge(Item(id="1", criterion="The peak load is 2,000 requests per second", answer=answer))
    assert (found.state, found.evidence) == ("contradicted", "We saw 200 requests per second.")


@pytest.mark.parametrize("criterion", ["The scaler never sees test rows", "All three of them are kept"])
def test_a_statement_repeated_word_for_word_is_shown(judge: ItemJudge, criterion: str) -> None:
    found = judge.judge(Item(id="1", criterion=criterion, answer=f"We talked. {criterion}."))
    assert (found.state, found.evidence) == ("shown", f"{criterion}.")


@pytest.mark.parametrize("answer", ["...", "?!", "\u200b", "\x00", "👍👍"])
def test_an_answer_without_a_word_shows_nothing(judge: ItemJudge, answer: str) -> None:
    for item in (
        Item(id="1", criterion="Scaling comes first", answer=answer),
        Item(id="1", reference="A b", answer=answer),
    ):
        found = judge.judge(item)
        assert (found.p, found.state) == (0.0, "absent")


def test_what_is_said_late_in_speech_without_a_full_stop_is_read() -> None:
    embedder = HashingEmbedder(max_words=1000)
    embedder.load()
    scorer = FreeScorer(lambda texts: embedder.encode_passages(list(texts)), SharedWords())
    scorer.use({"free": FREE, "taught": WITH_EXAMPLES})
    rambling = "and so we looked at some columns of it " * 60
    answer = f"{rambling}and the test rows leaked into training"
    (found,) = scorer.read([("Test rows leaked in training", Examples())], answer)
    assert found.p > 0.5
    assert found.evidence in answer
    assert "leaked" in found.evidence
    assert len(words(found.evidence)) <= CUT_WORDS


def test_the_same_item_gets_the_same_line(judge: ItemJudge) -> None:
    item = Item(id="1", criterion="The test rows leaked", answer="Rows of the test leaked. Then nothing.")
    assert len({judge.judge(item).line() for _ in range(10)}) == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "no JSON"),
        ('{"id": "1", "answer": "a"}', 'either "criterion" or "reference"'),
        ('{"id": "1", "criterion": "c", "reference": "r", "answer": "a"}', 'either "criterion" or "reference"'),
        ('{"id": "1", "criterion": "c"}', "answer"),
        ('{"id": "", "criterion": "c", "answer": "a"}', "id"),
        ("[]", "Item"),
    ],
)
def test_a_line_that_is_no_item_is_named(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"id": "0", "criterion": "c", "answer": "a", "met": 1}\n\n' + line + "\n", encoding="utf-8")
    good, bad = read_items(file)
    assert isinstance(good, Item)
    assert isinstance(bad, BadLine)
    assert bad.number == 3
    assert says in bad.says


def test_null_is_a_key_that_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    row = {"id": "1", "question": None, "criterion": "c", "reference": None, "answer": "a"}
    rows = [
        row | {"examples": None},
        row | {"id": "2", "examples": {"shown": ["s"], "denied": None}},
        row | {"answer": None},
    ]
    file.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    first, second, third = read_items(file)
    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert second.examples == ItemExamples(shown=("s",))
    assert isinstance(third, BadLine)
    assert "answer" in third.says


def test_blank_examples_are_none() -> None:
    assert ItemExamples(shown=("", " ", "...", "a tree")).shown == ("a tree",)


@pytest.mark.parametrize(
    "row",
    [
        {"answer": "a" * (MAX_CHARACTERS + 1)},
        {"answer": "a", "examples": {"shown": ["half of \ud800 one"]}},
    ],
)
def test_what_cannot_be_read_is_no_item(row: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Item.model_validate({"id": "1", "criterion": "c", **row})


def test_an_id_stands_once(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"id": "1", "criterion": "c", "answer": "a"}\n' * 2, encoding="utf-8")
    _, second = read_items(file)
    assert isinstance(second, BadLine)
    assert "twice" in second.says


def test_a_run_that_was_cut_off_goes_on_after_its_last_whole_line(tmp_path: Path) -> None:
    file = tmp_path / "predictions.jsonl"
    assert whole_lines(file) == frozenset()
    file.write_text('{"id": "1", "p": 0.5}\n{"id": "2", "p', encoding="utf-8")
    assert whole_lines(file) == {"1"}
    assert file.read_text(encoding="utf-8") == '{"id": "1", "p": 0.5}\n'


def test_a_line_that_only_lacks_its_end_is_whole_and_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text('{"id": "1"}\n{"id": "2", "evidence": "a\u2028b\u0085c"}', encoding="utf-8")
    assert whole_lines(file) == {"1", "2"}
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"id": "3"}\n')
    assert whole_lines(file) == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"id": "1", "criterion": "c", "answer": "caf\xe9"}', "no UTF-8"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"id": "1", "n": ' + b"9" * 5000 + b"}", "number without end"),
        (b'{"id": "1", "criterion": "c", "answer": "\\ud800"}', "half of a character"),
    ],
)
def test_a_line_that_cannot_be_read_does_not_end_the_run(tmp_path: Path, line: bytes, says: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(line + b'\n{"id": "2", "criterion": "c", "answer": "a"}\n')
    bad, item = read_items(file)
    assert isinstance(bad, BadLine)
    assert says in bad.says
    assert isinstance(item, Item)


def test_a_cut_inside_a_letter_is_taken_out_too(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    whole = b'{"id": "1", "p": 0.5, "state": "absent", "evidence": ""}\n'
    file.write_bytes(whole + '{"id": "2", "evidence": "café'.encode()[:-1])
    assert whole_lines(file) == {"1"}
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": "1", "criterion": "c", "answer": "a"}\n{"id": "2", "criterion": "c", "answer": "a"}',
        b"a shopping list",
        b'{"id": "caf\xe9"}\n',
        b"[" * 100_000 + b"\n",
        b'{"id": "1", "p": ' + b"9" * 5000 + b"}\n",
    ],
    ids=["items", "one line", "latin-1", "nested", "endless number"],
)
def test_whatever_is_no_run_of_ours_is_left_as_it_is(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "mine"
    file.write_bytes(data)
    with pytest.raises(LinesInvalid, match="line 1"):
        whole_lines(file)
    assert file.read_bytes() == data


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("my notes\nof yesterday\n", encoding="utf-8")
    with pytest.raises(LinesInvalid, match="line 1"):
        whole_lines(file)
    assert file.read_text(encoding="utf-8") == "my notes\nof yesterday\n"


@given(
    st.lists(
        st.text(alphabet="ab .", min_size=1, max_size=300).filter(lambda text: bool(words(text))),
        min_size=1,
        max_size=40,
    )
)
def test_stretches_hold_every_sentence_and_are_short_where_sentences_are(said: list[str]) -> None:
    stretches = stretches_of(said)
    assert all(any(sentence in stretch for stretch in stretches) for sentence in said)
    longest = max(len(words(sentence)) for sentence in said)
    assert all(len(words(stretch)) <= max(MAX_WORDS, 2 * longest) for stretch in stretches)


def a_scorer(**weights: dict[str, float]) -> FreeScorer:
    embedder = HashingEmbedder(max_words=1000)
    embedder.load()
    scorer = FreeScorer(lambda texts: embedder.encode_passages(list(texts)), SharedWords())
    scorer.use({"free": FREE, "taught": WITH_EXAMPLES} | weights)
    return scorer


def test_what_is_said_over_two_sentences_is_read_in_both() -> None:
    answer = "Adam keeps means. Of gradients and of squares. We had lunch."
    (row,), _ = a_scorer().features(["Adam keeps means of squares"], answer)
    assert row["pair_two"] > row["pair_sentence"]
    (single,), (denies,) = a_scorer().features(["Adam keeps means of squares"], "Adam never keeps means.")
    assert single["pair_two"] == single["pair"]
    assert single["two_denies"] == denies > 0.5
    assert set(row) == set(FEATURES)


def test_an_answer_in_the_words_of_an_example_is_heard_where_the_statement_has_others() -> None:
    says, answer = "Names a cost of drift", "We paid twice for late labels."
    scorer = a_scorer(taught={**WITH_EXAMPLES, "bias": 0.0, "for": 0.0, "margin": 0.0, "examples_best": 2.0})
    in_its_words = Examples(("Paying twice for late labels", "Nothing of the kind"))
    in_others = Examples(("Users leave", "Nothing of the kind"))
    heard, unheard = (scorer.read([(says, examples)], answer)[0].p for examples in (in_its_words, in_others))
    assert heard > 0.5 > unheard
    values, *_ = scorer.example_features(in_its_words, [answer], 0.0)
    assert {*values, "free"} == set(TAUGHT)
    assert values["examples_best"] > values["examples"]


def test_a_statement_alone_and_one_with_examples_are_each_allowed_for_other_wordings() -> None:
    undecided = {**dict.fromkeys(FEATURES, 0.0), "bias": 0.0}
    scorer = a_scorer(free=undecided, taught={**dict.fromkeys(TAUGHT, 0.0), "bias": 0.0})
    alone, taught = scorer.read([("a", Examples()), ("a", Examples(("b",)))], "c d")
    assert 0.5 < alone.p < taught.p


def test_a_blank_answer_is_refused_by_the_scorer_itself() -> None:
    embedder = HashingEmbedder()
    embedder.load()
    scorer = FreeScorer(lambda texts: embedder.encode_passages(list(texts)), SharedWords())
    with pytest.raises(ValueError, match="blank"):
        scorer.read([("a", Examples())], "  ")
