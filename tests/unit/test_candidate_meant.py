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


OTHER_TRADES = """
Led a kitchen of nine; the chef and I put a mint flask of gin on the menu
Cared for patients on a cardiac ward, on call every third night, PCA pumps and PPO insurance forms
Ran clinical trials as a study nurse and kept the case report forms
Welded stainless frames by MIG and TIG to a precision of half a millimetre
Replaced the transformer of a substation and its rotary encoder
Calibrated scales and gauges, and the calibration records passed every audit
Improved airflow in the paint shop and the load balancing of two fans
Taught active learning in classrooms and personalised homework plans
Fine-tuned engines of old cars and pruned the hedge in between
Sang with a string ensemble and wrote program notes on Haiku and Kafka
Managed a recall of 12,000 toasters and the retraining of 40 clerks
Drove growth of MRR by 30% and lowered churn with a loyalty card
Served as DPO of a hospital and answered letters about the data protection act
Reduced school dropout in two districts with guardrails for attendance
Edited essays about Julia Child and Claude Monet
Chaired the Hive community centre and the Druid society
Staged a play by a young playwright; the Phoenix theatre sold out
Planted Redwood, Cypress and Temporal borders in Leaflet Park
Served on the board of Spark Energy and Snowflake Ski School
Wrote to the press on trust, rust and the Prophet's birthday
Bootstrapped a bakery and rented it out as a reservoir of talent
A watershed moment for the village: the new reservoir of clean water
Piloted a Falcon jet and a Cessna across the Mistral
Coached the swim team; react fast, go early, finish strong
Kept bees: one hive, two swarms, no smoke
Sold Ruby rings, Pearl pins and Amber beads
Oversaw partitioning of offices and sliding windows in a hotel
Sorted parcels and fixed assets, wrote panel data sheets for solar panels
Negotiated with unions at the helm of a ferry, then excelled in sales
Ran the dispatch of an ambulance service and its incident response
Won prizes for perplexity puzzles and jazz clustering of chords
Kept the books in a small firm and reconciled bank statements
Supervised learning of apprentices at a foundry
Wrote distilled summaries for the mayor and embedded reporters in the council
Built dry stone walls, with attention to heads and keys
Trained as a transformer winder; coils, cores and oil
Read meters and noted the consumption of flats
Fought noise suppression rules with the neighbours
Repaired violins; varnish of unknown origin, glue and clamps
Handled customs papers for cargo in Latin America, EU and UK
Ran a lime kiln and a sift line
Learned welding by imitation, then taught it
"""


@pytest.mark.parametrize("text", OTHER_TRADES.strip().splitlines())
def test_other_trades_name_no_techniques(text: str) -> None:
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
        ("Fine-tuned Whisper on calls in PyTorch", ["Fine-tuned", "Whisper", "PyTorch"]),
        ("Events go through Kafka to Redis", ["Kafka", "Redis"]),
        ("Redis came first. Events go through Kafka.", ["Redis", "Kafka"]),
        ("Kafka consumer for clicks", ["Kafka"]),
        ("Kafka, Flink and XGBoost", ["Kafka", "Flink", "XGBoost"]),
        ("Kafka and Redis", ["Kafka", "Redis"]),
        ("Wrote a parser for old letters in Rust", ["Rust"]),
        ("Read X-Ray plates with PyTorch", ["PyTorch"]),
        ("Adapters on the projections of Mistral by LoRA", ["Mistral", "LoRA"]),
        ("Sorted X-Rays with PyTorch", ["PyTorch"]),
        ("Wrote the service in Flask and SQLite", ["Flask", "SQLite"]),
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
