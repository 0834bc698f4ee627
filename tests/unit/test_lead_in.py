"""A question as it stands in a report: without the greeting and without a word about the question before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.material.load import load
from app.material.surfaces import own_words, without_lead_in

CORPUS = load(Path("corpus"))
WITH_WORDS = [*CORPUS.questions, *CORPUS.scenarios, *CORPUS.problems, *CORPUS.analytics]


@pytest.mark.parametrize("lead_in", ["", "Hello, I'm Viva's AI interviewer. ", "No harm done; we leave this one. "])
def test_no_question_keeps_what_leads_to_it(lead_in: str) -> None:
    for question_id in WITH_WORDS:
        ask = own_words(CORPUS, question_id).strip()
        assert without_lead_in(CORPUS, question_id, lead_in + ask) == ask


def test_a_parallel_case_and_a_company_s_own_words_are_found_too() -> None:
    cases = [
        (each.id, words) for each in CORPUS.questions.values() for words in (*each.parallel, *each.lenses.values())
    ]
    assert cases
    for question_id, words in cases:
        assert without_lead_in(CORPUS, question_id, f"That one may rest. {words.strip()}") == words.strip()


def test_what_follows_the_question_stays() -> None:
    question_id = WITH_WORDS[0]
    ask = own_words(CORPUS, question_id).strip()
    assert without_lead_in(CORPUS, question_id, f"Next. {ask} Take your time.") == f"{ask} Take your time."


def test_words_that_no_longer_stand_in_the_corpus_are_left_as_they_were_spoken() -> None:
    assert (
        without_lead_in(CORPUS, WITH_WORDS[0], "Hello. What was asked last year?") == "Hello. What was asked last year?"
    )
    assert without_lead_in(CORPUS, "fundamentals/gone", "Hello. What was it?") == "Hello. What was it?"


@pytest.mark.parametrize(
    "lead_in", ["", "All right, thank you for that. ", "I've read your resume. Let's go into your own work! "]
)
def test_a_chain_begins_with_the_claim_that_it_is_about(lead_in: str) -> None:
    chain = next(iter(CORPUS.chains))
    spoken = 'It says "raised recall to 0.78. Cut costs" here. Who was going to use that?'
    assert without_lead_in(CORPUS, chain, lead_in + spoken) == spoken


def test_a_chain_without_a_claim_is_left_as_it_was_spoken() -> None:
    chain = next(iter(CORPUS.chains))
    spoken = "Thank you. Tell me what you would change."
    assert without_lead_in(CORPUS, chain, spoken) == spoken
