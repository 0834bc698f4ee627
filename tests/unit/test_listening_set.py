"""The labelled turns are what they say: the listener is measured with them."""

from __future__ import annotations

from collections import Counter

import yaml

from app.curation.labelled_turns import halves, kinds_by_word, labelled
from app.domain.transcript import SpanKind
from app.interviewing.span_model import KINDS
from evals.listening.__main__ import HERE, LESSONS, MISTAKABLE
from evals.listening.__main__ import TURNS as FOLDER

TURNS = labelled([FOLDER])


def test_there_are_six_hundred_turns_of_every_kind_and_a_third_is_held_out() -> None:
    assert len(TURNS) >= 600
    assert len({turn.id for turn in TURNS}) == len(TURNS)
    assert len({turn.text for turn in TURNS}) == len(TURNS)
    seen, held = halves(TURNS)
    assert len(held) == len(TURNS) // 3
    assert not {turn.id for turn in seen} & {turn.id for turn in held}
    for half in (seen, held):
        kinds = Counter(span.kind for turn in half for span in turn.spans)
        assert min(kinds[kind] for kind in KINDS) >= 5


def test_spans_cover_their_turn_and_no_word_is_cut() -> None:
    for turn in TURNS:
        assert "".join(turn.text[span.start : span.end] for span in turn.spans) == turn.text
        assert turn.spans[-1].end == len(turn.text)
        assert all(span.start < span.end for span in turn.spans)
        assert len(kinds_by_word(turn.text, turn.spans)) == len(turn.text.split())
        asks = any(span.kind is SpanKind.ASK for span in turn.spans)
        assert not asks or turn.round == "candidate-questions", turn.id


def test_numbers_are_said_right_and_wrong_as_often() -> None:
    rows = yaml.safe_load((HERE / "numbers.yaml").read_text(encoding="utf-8"))
    assert len(rows) >= 500
    assert sum(row["right"] for row in rows) == len(rows) / 2
    assert max(Counter((row["value"], row["unit"]) for row in rows).values()) <= 4
    assert all(row["tolerance"] in {"exact", "1%", "2%", "5%"} for row in rows)


def test_answers_that_sound_like_something_else_are_answers_and_nothing_learns_them() -> None:
    turns = labelled([MISTAKABLE])
    assert len(turns) == 75
    assert all(span.kind is SpanKind.ANSWER for turn in turns for span in turn.spans)
    learned = {" ".join(turn.text.lower().split()) for turn in labelled([FOLDER, LESSONS])}
    assert not learned & {" ".join(turn.text.lower().split()) for turn in turns}
