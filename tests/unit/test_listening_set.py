"""The labelled turns are what they say: the listener is measured with them."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from app.cli.training import app
from app.curation import train_asides, train_listener
from app.curation.labelled_turns import Labelled, kinds_by_word, labelled, parted, turns_to_learn
from app.domain.errors import TrainingDataMissing
from app.domain.transcript import SpanKind
from app.interviewing.span_model import KINDS
from app.wiring import reading
from evals.listening.__main__ import HERE, LESSONS, MISTAKABLE, phrasings
from evals.listening.__main__ import TURNS as FOLDER

TURNS = labelled([FOLDER])


HELD_OUT_SAYS = "df55d8638d8d636e"
"""Of the turns that the weights in the package never read, each with its id."""
HELD_OUT_NUMBERS_SAY = "3c56edec7861a4d9"


def plainly(text: str) -> str:
    return " ".join(text.lower().split())


def digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def test_there_are_six_hundred_turns_of_every_kind_and_a_third_is_held_out() -> None:
    assert len(TURNS) >= 600
    assert len({turn.id for turn in TURNS}) == len(TURNS)
    assert len({turn.text for turn in TURNS}) == len(TURNS)
    seen, held = parted(TURNS)
    assert len(held) == 225
    assert len(seen) + len(held) == len(TURNS)
    assert not {turn.id for turn in seen} & {turn.id for turn in held}
    for half in (seen, held):
        kinds = Counter(span.kind for turn in half for span in turn.spans)
        assert min(kinds[kind] for kind in KINDS) >= 5


def test_those_held_out_are_the_ones_that_the_weights_never_read() -> None:
    _, held = parted(TURNS)
    assert digest(f"{turn.id} {plainly(turn.text)}" for turn in held) == HELD_OUT_SAYS
    _, numbers = phrasings()
    assert len(numbers) == 173
    assert digest(f"{row['id']} {row['text']} {row['value']} {row['unit']}" for row in numbers) == HELD_OUT_NUMBERS_SAY


def test_turns_that_are_added_or_moved_hold_out_the_same() -> None:
    _, held = parted(TURNS)
    first = replace(TURNS[0], id="new-001", text="Something new.")
    for turns in ([first, *TURNS], TURNS[::-1]):
        seen, others = parted(turns)
        assert {turn.id for turn in others} == {turn.id for turn in held}
        assert len(seen) == len(turns) - len(held)
    with pytest.raises(TrainingDataMissing, match=held[0].id):
        parted([replace(turn, id="renamed") if turn.id == held[0].id else turn for turn in TURNS])


def test_nothing_that_is_measured_with_is_learned() -> None:
    _, held = parted(TURNS)
    measured = {plainly(turn.text) for turn in [*held, *labelled([MISTAKABLE])]}
    turns, lessons = turns_to_learn(FOLDER, LESSONS)
    assert (len(turns), len(lessons)) == (450, 1501)
    assert not measured & {plainly(turn.text) for turn in [*turns, *lessons]}


def test_the_commands_learn_just_that(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What reaches the trainings from the commands, which themselves take minutes."""
    turns, lessons = turns_to_learn(FOLDER, LESSONS)
    learned: dict[str, list[Labelled]] = {}

    def listens(turns: list[Labelled], beside: list[Labelled], *_: object, **__: object) -> None:
        learned["train-listener"] = [*turns, *beside]

    def hears_asides(_corpus: object, _spoken: object, turns: list[Labelled], *_: object) -> None:
        learned["train-asides"] = turns

    monkeypatch.setattr(train_listener, "train_listener", listens)
    monkeypatch.setattr(train_asides, "train_asides", hears_asides)
    monkeypatch.setattr(reading, "sentence_vectors", lambda _: SimpleNamespace(encode_cached=None))
    answers = tmp_path / "answers"
    answers.mkdir()
    one = sorted((HERE.parent / "judging" / "answers").glob("*.yaml"))[0]
    shutil.copy(one, answers)
    for command in ("train-listener", "train-asides"):
        options = {"turns": FOLDER, "lessons": LESSONS, "answers": answers, "out": tmp_path / "weights.npz"}
        given = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        done = CliRunner().invoke(app, [command, *given])
        assert done.exit_code == 0, done.output
        said = [turn for turn in learned[command] if not turn.id.startswith("answer-")]
        assert said == [*turns, *lessons], command


def test_spans_cover_their_turn_and_no_word_is_cut() -> None:
    for turn in TURNS:
        assert "".join(turn.text[span.start : span.end] for span in turn.spans) == turn.text
        assert turn.spans[-1].end == len(turn.text)
        assert all(span.start < span.end for span in turn.spans)
        assert len(kinds_by_word(turn.text, turn.spans)) == len(turn.text.split())
        asks = any(span.kind is SpanKind.ASK for span in turn.spans)
        assert not asks or turn.round == "candidate-questions", turn.id


def test_numbers_are_said_right_and_wrong_as_often() -> None:
    seen, held = phrasings()
    rows = [*seen, *held]
    assert len({row["id"] for row in rows}) == len(rows) >= 500
    assert sum(row["right"] for row in rows) == len(rows) / 2
    assert max(Counter((row["value"], row["unit"]) for row in rows).values()) <= 4
    assert all(row["tolerance"] in {"exact", "1%", "2%", "5%"} for row in rows)


def test_answers_that_sound_like_something_else_are_answers_and_nothing_learns_them() -> None:
    turns = labelled([MISTAKABLE])
    assert len(turns) == 75
    assert all(span.kind is SpanKind.ANSWER for turn in turns for span in turn.spans)
    learned = {" ".join(turn.text.lower().split()) for turn in labelled([FOLDER, LESSONS])}
    assert not learned & {" ".join(turn.text.lower().split()) for turn in turns}
