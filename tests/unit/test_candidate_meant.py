"""Which terms of a resume are meant as such."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.candidate.extract import extract
from app.candidate.meant import meant
from app.candidate.vocabulary import LISTS, listed, terms


def said(text: str) -> list[str]:
    return [term.text for term in meant(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Machined precision parts for a maker of pumps",
        "Handled the recall of 40,000 kettles",
        "Sang in an ensemble for nine years",
        "Replaced the encoder of a lift and the transformer beside it",
        "The guardrail on the bridge was my first drawing",
        "Attributed a pruned hedge to the wrong gardener",
        "Grew MRR and kept the DPO of the group informed",
        "Essays about Kafka and his father",
        "Biographer of Julia, reader of Cassandra",
        "She was right, evidently",
        "A whisper went round, a spark flew, excel at work",
        "Measured airflow in ducts of steel",
    ],
)
def test_words_of_everyday_language_are_no_techniques(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reached a recall of 0.93", ["recall"]),
        ("Recall@20 rose", ["Recall"]),
        ("Accuracy went up to 91 % at night", ["Accuracy"]),
        ("It flags fakes at 0.94 precision", ["precision"]),
        ("Weighed precision and recall with the staff", ["precision", "recall"]),
        ("An ensemble of XGBoost and a CNN", ["ensemble", "XGBoost", "CNN"]),
        ("Used PCA. Then came k-means.", ["PCA", "k-means"]),
        ("Fine-tuned Whisper on calls", ["Fine-tuned", "Whisper"]),
        ("Events go through Kafka", ["Kafka"]),
        ("Kafka consumer for clicks", ["Kafka"]),
        ("Kafka, Flink", ["Kafka", "Flink"]),
        ("Kafka and Redis", ["Kafka", "Redis"]),
        ("Wrote the service in Flask", ["Flask"]),
    ],
)
def test_they_are_in_company_or_with_a_figure(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_one_statement_does_not_vouch_for_the_next() -> None:
    assert said("Trained XGBoost on sensors. Later I led an ensemble of actors.") == ["XGBoost"]


@given(
    st.lists(st.sampled_from(["Kafka", "precision", "recall", "of", "0.9", "XGBoost", "ensemble", "\n", ".", ","])).map(
        " ".join
    )
)
def test_what_is_meant_is_a_part_of_what_is_said(text: str) -> None:
    assert set(meant(text, 0, len(text))) <= set(terms(text))


@pytest.mark.parametrize("file", ["everyday_words.txt", "everyday_names.txt"])
def test_what_is_guarded_is_in_the_vocabulary(file: str) -> None:
    for (spelling,) in listed(LISTS / file):
        assert [term.text for term in terms(spelling)] or terms(spelling.upper()), spelling


def test_a_list_of_tools_needs_no_company() -> None:
    found = extract("PROJECTS\nReading Room (2024)\n- Counted the loans of ten years\nStack: Kafka, Flask\n")
    assert [mention.text for mention in found.projects[0].techniques] == ["Kafka", "Flask"]
    found = extract("PROJECTS\nReading Room (2024)\n- Readers of Kafka return books late, a precision job\n")
    assert found.projects[0].techniques == ()
    assert found.projects[0].claims[0].techniques == ()
