"""The evaluation of the interviewer: its candidates say what they mean to, its grid is whole, its figures add up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.interview import Interview, PlannedQuestion
from app.domain.transcript import Move, MoveKind
from app.interviewing.subject import subject_for
from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.pair_model import HOLDING, READING, SENTENCES, Probabilities, Told
from evals.interviewer.__main__ import held_by
from evals.interviewer.candidates import BY_SLUG, MANNERS, Candidate, Turn
from evals.interviewer.grid import LADDER, SAMPLE, drawn, grid, pairs, rivals, sample
from evals.interviewer.ground import Ground
from evals.interviewer.knowledge import Knowledge
from evals.interviewer.record import Line, Said, Sitting, read, write
from evals.interviewer.scoreboard import (
    figures_of,
    ladder,
    markdown,
    measured,
    read_all,
    rivalry,
    settled_a_minute,
    written_sins,
)
from evals.interviewer.sitting import VIVA, WEAKEST, KeptReadings
from evals.interviewer.version import OtherVersion, Version, digest_of, version_of, version_of_readings
from tests.support.serving import ROOT, settings_for
from tests.support.talks import an_interview_on

LEAKAGE = "fundamentals/data-leakage"
FRAUD = "scenarios/hld-payment-fraud"
TABLE = "analytics/churn-table"
NOW = Version("w", "e", "c", "p", "a", "s", "i")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(ROOT / "corpus")


def room(corpus: Corpus, question: str = LEAKAGE, round_slug: str = "fundamentals") -> tuple[Interview, Knowledge]:
    planned = PlannedQuestion(question, 600)
    interview = an_interview_on((round_slug, 10, [planned]))
    return interview, Knowledge(corpus, interview, subject_for(corpus, interview, planned))


def opening(knowledge: Knowledge, round_slug: str = "fundamentals") -> Move:
    part = knowledge.subject.parts[0]
    return Move(
        MoveKind.OPEN, "", part.ask, round=round_slug, question_id=knowledge.subject.question_id, part_id=part.id
    )


def probes(knowledge: Knowledge) -> Iterator[Move]:
    for criterion in knowledge.subject.criteria:
        yield Move(
            MoveKind.PROBE, "", criterion.probe, question_id=knowledge.subject.question_id, criterion_id=criterion.id
        )


def first(corpus: Corpus, who: str, question: str = LEAKAGE, round_slug: str = "fundamentals") -> Turn:
    interview, knowledge = room(corpus, question, round_slug)
    return Candidate(BY_SLUG[who], corpus, interview).answer(opening(knowledge, round_slug), knowledge)


def test_there_are_fourteen_candidates_and_each_says_the_same_each_time(corpus: Corpus) -> None:
    assert len(MANNERS) == 14
    for manner in MANNERS:
        assert first(corpus, manner.slug) == first(corpus, manner.slug)
        assert first(corpus, manner.slug).text.strip()
        assert first(corpus, manner.slug).seconds > 5


def test_who_knows_less_knows_a_part_of_what_the_others_know(corpus: Corpus) -> None:
    interview, knowledge = room(corpus)
    known = [
        {
            each.id
            for each in knowledge.subject.criteria
            if Candidate(BY_SLUG[who], corpus, interview).knows(LEAKAGE, each)
        }
        for who in LADDER
    ]
    strong, middling, weak = known
    assert weak <= middling <= strong
    assert middling < strong


def test_the_strong_one_earns_what_is_probed_and_the_off_topic_one_nothing(corpus: Corpus) -> None:
    interview, knowledge = room(corpus)
    earned: dict[str, set[str]] = {}
    for who in ("strong", "off-topic", "silent", "buzzwords"):
        candidate = Candidate(BY_SLUG[who], corpus, interview)
        for move in probes(knowledge):
            said = candidate.answer(move, knowledge).said
            earned.setdefault(who, set()).update(each for one in said for each in one.earns)
    assert earned["strong"] >= {each.id for each in knowledge.subject.criteria if each.kind == "must"}
    assert earned["off-topic"] == earned["silent"] == earned["buzzwords"] == set()


def test_what_earns_is_what_the_corpus_marks(corpus: Corpus) -> None:
    interview, knowledge = room(corpus)
    shows = {each.id: {text for text in each.shown_by} for each in knowledge.subject.criteria}
    candidate = Candidate(BY_SLUG["rambling"], corpus, interview)
    for move in probes(knowledge):
        for said in candidate.answer(move, knowledge).said:
            for criterion in said.earns:
                assert said.text in shows[criterion]
            assert not (said.wrong and said.earns)


def test_numbers_are_computed_from_the_table_of_the_interview(corpus: Corpus) -> None:
    interview, knowledge = room(corpus, TABLE, "analytical")
    other = Knowledge(corpus, replace(interview, seed=interview.seed + 1), knowledge.subject)
    mean = knowledge.criterion("mean-age")
    assert mean is not None
    assert "years" in knowledge.right(mean).text
    assert knowledge.right(mean).text != other.right(mean).text


def test_a_designer_asks_for_the_fact_sheet_and_is_credited_for_it(corpus: Corpus) -> None:
    turn = first(corpus, "strong", FRAUD, "high-level-design")
    assert {each.what for each in turn.said} == {"clarify"}
    assert any("limits-before-method" in each.earns for each in turn.said)


def test_one_presses_the_end_button_and_one_contradicts_the_resume(corpus: Corpus) -> None:
    interview, knowledge = room(corpus)
    leaver = Candidate(BY_SLUG["ends-early"], corpus, interview)
    moves = [opening(knowledge), *probes(knowledge)][:4]
    assert [each.what for each in [leaver.answer(move, knowledge) for move in moves][-1].said] == ["end"]
    assert leaver.answer(Move(MoveKind.CONFIRM_END, "", "Use the button.", question_id=LEAKAGE), knowledge).closes
    chain, story = room(corpus, "chains/lora", "project-deep-dive")
    liar = Candidate(BY_SLUG["contradicts-resume"], corpus, chain)
    assert "never" in (text := liar.answer(opening(story), story).text) or "wrong" in text or "guess" in text


def test_the_grid_has_every_candidate_in_every_round_for_every_role(corpus: Corpus) -> None:
    held = grid(corpus)
    assert len(set(held)) == len(held)
    combinations = {(each.who, each.rounds[0], each.role) for each in held if each.rounds}
    assert combinations == {(manner.slug, *pair) for manner in MANNERS for pair in pairs(corpus)}
    assert {slug for slug, _ in pairs(corpus)} >= {"coding", "analytical", "high-level-design", "project-deep-dive"}
    assert len({slug for slug, _ in pairs(corpus)}) == 17
    by_pair = {(each.rounds, each.role, each.seed) for each in held if each.rounds}
    assert len(by_pair) == len(pairs(corpus)), "all candidates of a pair are asked the same"


def test_the_sample_of_forty_has_every_candidate_and_every_round(corpus: Corpus) -> None:
    drawn = sample(corpus)
    assert len(set(drawn)) == SAMPLE
    assert {each.who for each in drawn} == {manner.slug for manner in MANNERS}
    assert {each.rounds[0] for each in drawn} == {slug for slug, _ in pairs(corpus)}
    assert {each.director for each in rivals(corpus)} == {WEAKEST}


def a_sitting(who: str, level: int, **changes: object) -> Sitting:
    opened = Line("interviewer", "What happened?", 0.0, LEAKAGE, move="open", round="fundamentals")
    probed = replace(opened, text="And then?", move="probe", criterion_id="rows-shared", at_s=30.0)
    answer = Line("candidate", "It leaked.", 30.0, LEAKAGE, said=(Said("It leaked.", ("concrete-check",)),))
    close = replace(opened, text="Thank you.", move="close", at_s=60.0)
    plain = Sitting(
        who=who,
        role="ml-engineer",
        rounds=("fundamentals",),
        seed=1,
        model="scripted",
        director=VIVA,
        seniority="mid",
        minutes=1,
        resume="",
        lines=(opened, answer, probed, replace(answer, said=(), at_s=60.0), close),
        closed="finished",
        levels={LEAKAGE: level},
        made_by=NOW,
        musts={LEAKAGE: ("concrete-check", "rows-shared", "unavailable-when-predicting")},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_musts_are_settled_where_they_were_earned_or_asked_and_answered() -> None:
    assert settled_a_minute(a_sitting("strong", 3)) == (2, 1.0)


def test_the_order_of_strong_middling_and_weak_is_told(corpus: Corpus) -> None:
    ground = Ground(corpus)

    def told(*levels: int) -> dict[str, object]:
        return ladder(read_all([a_sitting(who, level) for who, level in zip(LADDER, levels, strict=True)], ground))

    assert told(4, 2, 1)["strictly"] == 1.0
    assert (told(4, 4, 1)["in_order"], told(4, 4, 1)["strictly"]) == (1.0, 0.0)
    assert told(2, 3, 1)["in_order"] == 0.0
    assert told(2, 2, 2)["in_order"] == 0.0


def test_nothing_is_written_that_asks_two_things_or_runs_on_or_answers_itself(corpus: Corpus) -> None:
    question = next(iter(corpus.questions.values()))
    doubled = question.model_copy(update={"ask": "What does it do, and where would you not use it?"})
    planted = replace(corpus, questions={**corpus.questions, question.id: doubled})
    assert written_sins(corpus) == []
    assert len(written_sins(planted)) == 1


def test_the_directors_are_compared_on_the_same_sittings_only(corpus: Corpus) -> None:
    mine, other = a_sitting("strong", 3), a_sitting("strong", 3, director=WEAKEST, musts={})
    found = rivalry(read_all([mine, other, a_sitting("weak", 1)], Ground(corpus)))
    assert found["sittings"] == 1
    assert (found[VIVA]["per_minute"], found[WEAKEST]["per_minute"]) == (2.0, 0.0)


def test_figures_over_talks_of_two_versions_are_refused(corpus: Corpus) -> None:
    mine = a_sitting("strong", 3)
    for other, told in ((replace(NOW, weights="v"), "weights changed"), (Version(), "does not say what made it")):
        with pytest.raises(OtherVersion, match=told):
            measured([mine, a_sitting("weak", 1, made_by=other)], corpus)
    with pytest.raises(OtherVersion, match="does not say what made it"):
        measured([a_sitting("weak", 1, made_by=Version())], corpus)


def test_talks_of_another_version_are_not_read_and_a_mixed_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = replace(NOW, app="b")
    write(tmp_path / NOW.name / "scripted", a_sitting("strong", 3))
    write(tmp_path / before.name / "scripted", a_sitting("weak", 1, made_by=before))
    (tmp_path / "scripted").mkdir()
    (tmp_path / "scripted" / "old.json").write_text(json.dumps({"who": "weak", "lines": []}), encoding="utf-8")
    assert [each.who for each in held_by(NOW, tmp_path)] == ["strong"]
    assert "2 talks of other versions" in capsys.readouterr().err
    write(tmp_path / NOW.name / "scripted", a_sitting("weak", 1, made_by=before))
    with pytest.raises(OtherVersion, match="app changed"):
        held_by(NOW, tmp_path)
    with pytest.raises(OtherVersion, match="does not say what made it"):
        read(tmp_path / "scripted" / "old.json")


def test_a_version_is_told_by_whatever_decides_a_talk_and_by_nothing_that_is_compiled(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("rules.py", "weights/net.onnx", "rules.pyc")}
    for file in files.values():
        file.parent.mkdir(exist_ok=True)
        file.write_text("1", encoding="utf-8")

    def both() -> tuple[str, str]:
        weights = tmp_path / "weights"
        return digest_of([tmp_path], but=[weights]), digest_of([weights])

    rules, weights = both()
    files["rules.pyc"].write_text("2", encoding="utf-8")
    assert both() == (rules, weights)
    files["weights/net.onnx"].write_text("2", encoding="utf-8")
    assert both()[0] == rules
    assert both()[1] != weights
    files["rules.py"].write_text("2", encoding="utf-8")
    assert both()[0] != rules


def test_the_version_of_now_knows_everything_and_follows_the_corpus(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    now = version_of(settings)
    assert now.is_known
    assert version_of(settings) == now
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.md").write_text("more", encoding="utf-8")
    other = version_of(settings.model_copy(update={"more_corpora": (tmp_path / "more",)}))
    assert now.differs_in(other) == ("corpus",)
    assert other.name != now.name


def test_a_sample_is_drawn_by_seed_and_a_longer_one_begins_with_it(corpus: Corpus) -> None:
    whole = grid(corpus)
    few = drawn(whole, 20, 7)
    assert len(set(few)) == 20
    assert drawn(whole, 50, 7)[:20] == few
    assert drawn(whole, 20, 8) != few
    assert set(drawn(whole, len(whole) + 1, 7)) == set(whole)


def test_shares_are_of_what_they_say(corpus: Corpus) -> None:
    """A model is heard in follow-ups alone, checks have no aim that is known, and one fault among thousands is no 1.000."""
    opened = Line("interviewer", "Go on.", 0.0, LEAKAGE, move="ask", round="fundamentals", source="model")
    answer = Line("candidate", "It leaked.", 30.0, LEAKAGE, said=(Said("It leaked."),))
    probed = replace(opened, move="probe", criterion_id="rows-shared", source="written")
    missed = replace(opened, move="probe", criterion_id="weather", source="written")
    check = replace(opened, move="check", source="model")

    def figures(*lines: Line) -> dict[str, Any]:
        return figures_of(read_all([a_sitting("strong", 3, lines=lines)], Ground(corpus)))

    found = figures(opened, answer, probed, answer, check, answer, missed)
    assert (found["model_heard"], found["aimed"]) == (0.3333, 0.5)
    nearly = figures(opened, *[probed] * 2999, missed)
    assert nearly["aimed"] == 0.9997
    assert "| 0.999 |" in markdown(measured([a_sitting("strong", 3, lines=(opened, *[probed] * 2999, missed))], corpus))


def test_the_scoreboard_names_models_and_bars(corpus: Corpus) -> None:
    sittings = [a_sitting("strong", 3), a_sitting("strong", 3, model="other")]
    board = markdown(measured(sittings, corpus))
    assert "| | bar | other | scripted |" in board
    assert "By round, other:" in board
    assert "with what stands in quotation marks left out" in board


class Reader:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        self.asked += 1
        p = np.array([0.1, 0.8, 0.1], dtype=np.float32)
        return [Told(p, np.array([1.0], dtype=np.float32), ((0, len(text)),)) for _ in statements]

    def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        self.asked += 1
        return np.tile(np.array([0.3, 0.2, 0.5], dtype=np.float32), (len(statements), 1))

    def states(self, text: str) -> tuple[NDArray[np.float32], tuple[tuple[int, int], ...]]:
        raise AssertionError("states are not kept")


@pytest.mark.anyio
async def test_readings_are_kept_and_are_what_they_were(tmp_path: Path) -> None:
    reader = Reader()
    for _ in range(2):
        kept = KeptReadings(reader, tmp_path / "readings.db", "one")
        (told,) = await kept.hold(["It rains."], "Rain.")
        assert told.p.tolist() == pytest.approx([0.1, 0.8, 0.1])
        assert told.offsets == ((0, 5),)
        await kept.hold(["It rains."], "Rain.")
        (of_sentence,) = await kept.hold_sentence(["It rains."], "Rain.")
        assert of_sentence.tolist() == pytest.approx([0.3, 0.2, 0.5])
        kept.close()
    assert reader.asked == 2


@pytest.mark.anyio
async def test_readings_of_other_weights_are_not_read_again(tmp_path: Path) -> None:
    reader = Reader()
    for version, asked in (("one", 1), ("two", 2), ("one", 2)):
        kept = KeptReadings(reader, tmp_path / "readings.db", version)
        await kept.hold(["It rains."], "Rain.")
        kept.close()
        assert reader.asked == asked


def test_what_makes_a_reading_is_told_by_the_weights(tmp_path: Path) -> None:
    names = (READING, HOLDING, SENTENCES, "tokenizer.json")
    for name in names:
        (tmp_path / name).write_text("1", encoding="utf-8")
    seen = {version_of_readings(tmp_path)}
    assert seen == {version_of_readings(tmp_path)}
    for name in names:
        (tmp_path / name).write_text("2", encoding="utf-8")
        seen.add(version_of_readings(tmp_path))
    assert len(seen | {version_of_readings()}) == len(names) + 2
