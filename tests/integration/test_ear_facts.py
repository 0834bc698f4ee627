"""Which facts of a scenario a question is after: heard by the real embedder, in words that stand in no file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.interview import Interview, PlannedQuestion
from app.domain.transcript import Mark, Turn
from app.interviewing.ear import Asked, Ear
from app.interviewing.fact_sheet import requests
from app.interviewing.subject import subject_for
from app.interviewing.turn_rules import listen
from app.material.corpus import Corpus
from app.material.load import load
from app.retrieval.embedder import SentenceTransformersEmbedder, Vectors
from tests.support.builders import a_turn, an_interview

pytestmark = pytest.mark.embedding

FRAUD = "scenarios/hld-payment-fraud"
BATTERY = "scenarios/case-battery-health"


class NoMarks:
    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        raise AssertionError("a question is not marked")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


@pytest.fixture(scope="module")
def ear() -> Ear:
    model = SentenceTransformersEmbedder(threads=1)
    model.load()

    async def encode(texts: Sequence[str]) -> Vectors:
        return model.encode_queries(list(texts))

    async def near(row: Vectors, topics: tuple[str, ...]) -> Sequence[str]:
        raise AssertionError("passages are for answers")

    return Ear(NoMarks(), encode, near)


def hear(ear: Ear, corpus: Corpus, scenario: str, text: str) -> Asked:
    spans = listen(text, round_slug="high-level-design", guess=lambda _: ("en", 1.0))
    subject = subject_for(corpus, an_interview(), PlannedQuestion(scenario, 1800))
    return asyncio.run(ear.asked(subject, requests(a_turn(text=text, spans=spans))))


@pytest.mark.parametrize(
    ("scenario", "text", "facts"),
    [
        (FRAUD, "How many payments do we handle per day?", ["daily_payments"]),
        (FRAUD, "What does a mistake cost, and how fast does it have to answer?", ["mistake_costs", "latency"]),
        (FRAUD, "How common is fraud? And are chargebacks delayed?", ["fraud_rate", "label_delay"]),
        (
            FRAUD,
            "What's the latency budget, how many payments are there a day and how common is fraud?",
            ["latency", "daily_payments", "fraud_rate"],
        ),
        (FRAUD, "First I'd ask how many payments there are a day. Then I'd look at the data.", ["daily_payments"]),
        (BATTERY, "What do the sensors record, and how many cars are there?", ["sensors", "fleet"]),
        (BATTERY, "When does a battery count as worn out?", ["lost_at_end"]),
        (FRAUD, "May I use Python?", []),
        (FRAUD, "Would gradient boosting be acceptable here?", []),
        (FRAUD, "Do you want me to draw the whole architecture?", []),
        (BATTERY, "How much budget do we have?", []),
    ],
)
def test_a_question_finds_its_facts_and_no_others(
    ear: Ear, corpus: Corpus, scenario: str, text: str, facts: list[str]
) -> None:
    found = hear(ear, corpus, scenario, text)
    assert [each.id for each in found.facts] == facts
    assert all(text[each.start : each.end].strip() for each in found.facts)


def test_a_question_about_the_task_gets_its_clarification(ear: Ear, corpus: Corpus) -> None:
    found = hear(ear, corpus, FRAUD, "Is this for cards or bank transfers?")
    assert found.facts == ()
    assert found.clarification == corpus.scenarios[FRAUD].clarifications[0].reply


def test_a_flood_of_questions_is_cut_and_harmless(ear: Ear, corpus: Corpus) -> None:
    text = "How many payments are there a day, and how common is fraud, and who bears the loss? " * 60
    found = hear(ear, corpus, FRAUD, text)
    assert {each.id for each in found.facts} == {"daily_payments", "fraud_rate", "mistake_costs"}
