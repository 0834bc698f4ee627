"""Which authored sentences a criterion is compared with."""

from __future__ import annotations

from typing import Any

import pytest

from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.authored import examples_of, shared_examples, with_shared
from tests.support.material import a_criterion, a_question, write, write_corpus

SAME = "Names one change and the event that is the reason for it."
HERE, THERE = "fundamentals/leakage", "fundamentals/other"


def exemplars(marks: dict[str, str]) -> list[dict[str, Any]]:
    weak = dict.fromkeys(marks, "absent")
    return [{"id": "strong", "text": "Seen.", "marks": marks}, {"id": "weak", "text": "Dunno.", "marks": weak}]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Two questions with a criterion of one statement and sentences of their own, beside one that says something else."""
    mine = a_criterion("lesson", says=SAME, shown_by=["I'd ask the nurses.", "I'd cut it.", "I'd log it."])
    apart = a_criterion("apart", says="Says something else.")
    theirs = a_criterion("lesson-there", says=SAME, shown_by=["I'd split by user.", "I'd cut it.", "I'd drop it."])
    here = a_question(criteria=[mine, apart], exemplars=exemplars({"lesson": "shown", "apart": "absent"}))
    there = a_question(THERE, criteria=[theirs], exemplars=exemplars({"lesson-there": "shown"}))
    root = write_corpus(tmp_path_factory.mktemp("corpus"), question=here)
    write(root / "questions/fundamentals/other.md", there)
    return load(root)


def test_criteria_that_say_the_same_share_their_examples(corpus: Corpus) -> None:
    shared = shared_examples(corpus)
    assert sorted(shared[SAME]) == [HERE, THERE]
    assert "Says something else." not in shared
    lesson = corpus.rubric(HERE).criterion("lesson")
    found = with_shared(HERE, lesson, shared)
    assert found[0] == ("I'd ask the nurses.", "I'd cut it.", "I'd log it.", "I'd split by user.", "I'd drop it.")
    assert found[1] == examples_of(lesson)[1]
    # What is asked is this question's own.
    assert found[3:] == examples_of(lesson)[3:]


def test_a_sentence_that_was_taken_from_a_criterion_does_not_come_back_by_its_own_share(corpus: Corpus) -> None:
    lesson = corpus.rubric(HERE).criterion("lesson")
    without = lesson.model_copy(update={"shown_by": lesson.shown_by[1:]})
    assert "I'd ask the nurses." not in with_shared(HERE, without, shared_examples(corpus))[0]


def test_a_criterion_that_nobody_else_has_keeps_to_its_own(corpus: Corpus) -> None:
    apart = corpus.rubric(HERE).criterion("apart")
    assert with_shared(HERE, apart, shared_examples(corpus)) == examples_of(apart)
