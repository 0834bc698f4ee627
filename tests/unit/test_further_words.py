"""What asks for a point after a question's own words: heard by whoever missed it, and never with a gap in it."""

from __future__ import annotations

from pathlib import Path

from app.material.corpus import parts_of
from app.material.entries import Chain
from app.material.load import load
from app.material.surfaces import further_words, own_words

CORPUS = load(Path("corpus"))
POINTS = [(entry, part) for entry in CORPUS.asked() for part in parts_of(entry)]


def test_no_point_is_asked_for_with_a_gap_to_fill() -> None:
    assert not [part for entry, part in POINTS if set("{}") & set(further_words(CORPUS, entry.id, part.criterion.id))]


def test_a_point_that_is_asked_for_later_is_told_apart_by_the_words_that_ask_for_it() -> None:
    for entry, part in POINTS:
        if part.criterion.asked_by == "probe" and "{" not in part.criterion.probe:
            assert further_words(CORPUS, entry.id, part.criterion.id) == part.criterion.probe.strip()


def test_what_the_opening_asks_for_needs_no_further_words_and_a_chain_has_those_of_its_step() -> None:
    for entry, part in POINTS:
        if part.criterion.asked_by != "ask":
            continue
        said = further_words(CORPUS, entry.id, part.criterion.id)
        if isinstance(entry, Chain):
            (step,) = (rung for rung in entry.rungs if rung.id == part.part_id)
            assert said == ("" if "{" in step.ask else step.ask.strip())
        elif not part.part_id:
            assert said == ""
        assert said != own_words(CORPUS, entry.id)


def test_a_point_that_is_gone_has_none() -> None:
    assert further_words(CORPUS, POINTS[0][0].id, "gone") == ""
