from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import QuestionUnknown
from app.domain.score import CriterionKind
from app.material.corpus import Corpus, drawn_numbers, hash_of
from app.material.entries import Chain, Criterion, Question
from app.material.load import load
from app.material.passages import MAX_WORDS, packed, passages, shown
from tests.support.material import a_chain, a_criterion, a_question, changed, small_corpus, write, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return small_corpus(tmp_path_factory.mktemp("corpus"))


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_the_first_rule_that_holds_gives_the_kind() -> None:
    rules = [
        {"roles": ["research-scientist"], "kind": "must"},
        {"seniority": ["staff"], "kind": "should"},
        {"seniority": ["junior"], "heard": "QLoRA", "kind": "must"},
    ]
    criterion = Criterion.model_validate(a_criterion(kind="bonus", kind_when=rules))
    assert criterion.kind_for("staff", "research-scientist") is CriterionKind.MUST
    assert criterion.kind_for("staff", "ml-engineer") is CriterionKind.SHOULD
    assert criterion.kind_for("mid", "ml-engineer") is CriterionKind.BONUS
    assert criterion.kind_for("junior", "ml-engineer") is CriterionKind.BONUS
    assert criterion.kind_for("junior", "ml-engineer", {"qlora"}) is CriterionKind.MUST


# --- recognising techniques -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Fine-tuned Llama with LoRA",
        "lora",
        "Low Rank Adaptation of a 7B model",
        "two LoRAs, merged",
        "low-rank\nadaptation",
    ],
)
def test_a_technique_is_recognised_as_whole_words(corpus: Corpus, text: str) -> None:
    found = corpus.chain_for(text)
    assert found is not None
    assert found.id == "chains/lora"
    assert corpus.chain_matches(found, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lorazepam trials",
        "explored QLORAX",
        "LoRaWAN gateways",
        "LoRa, a long range radio",
        "low-ranking adaptation",
    ],
)
def test_another_thing_of_the_same_name_is_not(corpus: Corpus, text: str) -> None:
    assert corpus.chain_for(text) is None


def test_the_longest_phrase_decides_between_chains() -> None:
    def chain(chain_id: str, *phrases: str) -> Chain:
        return Chain.model_validate(a_chain(id=chain_id, recognised_by=list(phrases), not_this=[]))

    chains = {each.id: each for each in (chain("chains/a", "transfer"), chain("chains/b", "transfer learning", "CNN"))}
    corpus = Corpus(chains=chains)
    first = corpus.chain_for("Transfer learning on a CNN")
    assert first is not None
    assert first.id == "chains/b"
    other = corpus.chain_for("transfer of data")
    assert other is not None
    assert other.id == "chains/a"


def test_the_chain_for_any_project_is_recognised_in_none() -> None:
    general = Chain.model_validate(a_chain(id="chains/any", recognised_by=[], any_project=True))
    assert Corpus(chains={general.id: general}).chain_for("any project at all") is None


@given(st.text(max_size=60))
def test_any_text_can_be_looked_through(text: str) -> None:
    chain = Chain.model_validate(a_chain())
    assert Corpus(chains={chain.id: chain}).chain_matches(chain, text) in {True, False}


# --- rubrics ----------------------------------------------------------------------------------------------------------


def test_a_rubric_is_one_view_over_all_kinds(corpus: Corpus) -> None:
    question = corpus.rubric("fundamentals/leakage")
    assert (question.round, question.version) == ("fundamentals", 1)
    assert [each.part_id for each in question.criteria] == [""]
    assert [exemplar.id for exemplar in question.exemplars] == ["strong", "weak"]
    chain = corpus.rubric("chains/lora")
    assert chain.round == "project-deep-dive"
    assert [(each.criterion.id, each.part_id) for each in chain.criteria] == [("right-count", "count")]
    scenario = corpus.rubric("scenarios/feed")
    assert [each.part_id for each in scenario.criteria] == ["frame", "", "curveball"]
    assert chain.criterion("right-count").evidence == "number"
    with pytest.raises(KeyError):
        chain.criterion("nothing")


def test_an_unknown_question_is_told(corpus: Corpus) -> None:
    with pytest.raises(QuestionUnknown):
        corpus.rubric("fundamentals/nothing")


def test_the_hash_follows_every_word_and_nothing_else(tmp_path: Path, corpus: Corpus) -> None:
    same = load(write_corpus(tmp_path)).rubric("fundamentals/leakage").hash
    assert same == corpus.rubric("fundamentals/leakage").hash
    assert len(same) == 64
    base = Question.model_validate(a_question())
    reordered = Question.model_validate(dict(reversed(a_question().items())))
    with_default = Question.model_validate(a_question(listener="engineer"))
    other = Question.model_validate(changed(a_question(), "criteria.0.hints.0.still_to_say", "split last"))
    assert hash_of(base) == hash_of(reordered) == hash_of(with_default)
    assert hash_of(other) != hash_of(base)


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_targets_follow_the_drawn_numbers(corpus: Corpus) -> None:
    criterion = corpus.rubric("chains/lora").criterion("right-count")
    for seed in range(20):
        drawn = drawn_numbers(seed, "chains/lora", "count", corpus.chains["chains/lora"].rungs[1].draw)
        targets, tolerance = corpus.targets("chains/lora", "count", criterion, seed)
        assert targets == (2 * drawn["size"] * drawn["rank"], drawn["size"] / drawn["rank"])
        assert tolerance == 0.02


def test_a_fixed_value_is_its_own_target(corpus: Corpus) -> None:
    criterion = Criterion.model_validate(a_criterion(value={"is": 14, "tolerance": 0}))
    assert corpus.targets("fundamentals/leakage", "", criterion, 7) == ((14.0,), 0.0)
    with pytest.raises(ValueError, match="no value"):
        corpus.targets("fundamentals/leakage", "", Criterion.model_validate(a_criterion()), 7)


@given(st.integers())
def test_a_draw_is_repeatable_and_one_of_the_choices(seed: int) -> None:
    draw = {"size": (1024, 2048, 4096)}
    drawn = drawn_numbers(seed, "chains/lora", "count", draw)
    assert drawn == drawn_numbers(seed, "chains/lora", "count", draw)
    assert drawn["size"] in draw["size"]


# --- passages ---------------------------------------------------------------------------------------------------------


def test_passages_have_stable_ids_and_what_answers_is_secret(corpus: Corpus) -> None:
    found = {passage.id: passage for passage in passages(corpus)}
    assert len(found) == len(passages(corpus))
    assert found["leakage#what-it-is"].text == "A row of the test that was seen in training has leaked."
    assert found["leakage#what-it-is"] == corpus.passage("leakage#what-it-is")
    assert not found["leakage#what-it-is"].secret
    ask = found["fundamentals/leakage#ask"]
    assert (ask.secret, ask.question_id, ask.round, ask.roles) == (
        False,
        ask.question_id,
        "fundamentals",
        ("ml-engineer",),
    )
    assert found["fundamentals/leakage#reference/1"].secret
    assert found["fundamentals/leakage#criteria/names-the-cause"].secret
    assert found["chains/lora#rungs/count"].secret, "a later rung may give an earlier one away"
    assert not found["scenarios/feed#ask"].secret
    assert found["companies/neutral#knows/labels"].text == "That differs."
    for passage in found.values():
        if "criteria/" in passage.id or "reference/" in passage.id or "solution" in passage.id:
            assert passage.secret
        assert passage.source.endswith(".md")


def test_an_unknown_passage_is_a_key_error(corpus: Corpus) -> None:
    for passage_id in ("leakage#nothing", "nothing#what-it-is", "leakage"):
        with pytest.raises(KeyError):
            corpus.passage(passage_id)


@given(st.lists(st.integers(min_value=1, max_value=260), max_size=8))
def test_a_long_text_is_packed_without_loss(sizes: list[int]) -> None:
    paragraphs = [" ".join(f"w{index}" for _ in range(size)) for index, size in enumerate(sizes)]
    pieces = packed("\n\n".join(paragraphs))
    assert "\n\n".join(pieces) == "\n\n".join(paragraphs)
    assert all(len(piece.split()) <= MAX_WORDS or "\n\n" not in piece for piece in pieces)


def test_headings_of_a_body_are_no_passages(tmp_path: Path) -> None:
    root = write_corpus(tmp_path)
    write(root / "companies/neutral.md", {**_company(), "id": "neutral"}, "## What it makes\n\nMachines.\n")
    texts = {passage.id: passage.text for passage in passages(load(root))}
    assert texts["companies/neutral#body/1"] == "Machines."


def _company() -> dict[str, object]:
    return {"version": 1, "name": "No company", "persona": {"introduction": "Hello."}}


def test_the_index_gets_nothing_that_is_secret(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    assert any(passage.secret for passage in passages(corpus))
    assert not any(passage.secret for passage in shown(corpus))
    assert {passage.kind for passage in shown(corpus)} >= {"concept", "question", "chain", "company", "role"}
