"""The sentence that comes back to the last miss, over the whole corpus: it asks nothing, and tells nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.sentences import content_stems, sentences, words
from app.material.corpus import Corpus, plain
from app.material.load import load
from app.material.surfaces import own_words
from app.review.callback import callback
from app.review.practice import item_of
from tests.support.builders import a_review


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


def said(corpus: Corpus, question_id: str, criterion_id: str, *planned: str) -> str:
    rubric = corpus.rubric(question_id)
    item = item_of([a_review(question_id=question_id, criterion_id=criterion_id, round=rubric.round)])
    assert item is not None
    return callback(corpus, item, planned)


def test_no_criterion_is_given_away_and_nothing_is_asked(corpus: Corpus) -> None:
    frame = content_stems("Last time a point on in the part on stayed open, and I may come back to it.")
    for entry in corpus.asked():
        asked = content_stems(own_words(corpus, entry.id))
        for each in corpus.rubric(entry.id).criteria:
            sentence = said(corpus, entry.id, each.criterion.id)
            assert "?" not in sentence
            assert len(sentences(sentence)) == 1
            assert len(words(sentence)) <= 35
            names_round = content_stems(plain(corpus.rubric(entry.id).round))
            told = content_stems(sentence) - frame - names_round - asked
            assert not told & content_stems(each.criterion.says), (entry.id, each.criterion.id, sentence)


def test_a_subject_that_this_interview_asks_about_is_not_named(corpus: Corpus) -> None:
    question_id = "fundamentals/data-leakage"
    criterion_id = corpus.rubric(question_id).criteria[0].criterion.id
    free, bound = said(corpus, question_id, criterion_id), said(corpus, question_id, criterion_id, question_id)
    assert bound == "Last time a point in the part on fundamentals stayed open, and I may come back to it."
    assert free != bound
