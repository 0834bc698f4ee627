"""Nothing is faked here: a two-page PDF, the embedded model and judge, the real embedder, Chroma, SQLite, a real port."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.sentences import content_stems
from app.llm.weights import QWEN
from app.main import Parts
from app.material.load import load
from app.settings import Embedded, InterviewGroup, Judge, ModelGroup
from app.wiring.models import language_model
from app.wiring.reading import make_embedder
from tests.support.resumes import two_page_pdf
from tests.support.serving import ROOT, Talker, serving

pytestmark = [pytest.mark.embedded, pytest.mark.embedding]

TURNS = 10
BESIDE_THE_POINT = (
    "I don't know that one.",
    "Could I have a hint?",
    "It went well in the end, and everybody was happy with it.",
)


def answers(viva: Talker, interview: Any) -> Iterator[str]:
    """What a candidate says who knows some of it: now and then beside the point, else a way of earning a criterion."""
    corpus = load(viva.settings.corpus)
    said: set[str] = set()
    for number in range(TURNS):
        turns = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
        if number % 4 == 3:
            yield BESIDE_THE_POINT[number // 4]
            continue
        ways = [
            way for each in corpus.rubric(turns[-1]["question_id"]).criteria for way in each.criterion.shown_by[1:2]
        ]
        chosen = next((way for way in ways if way not in said), "I'd have to look that up, it is a while ago.")
        said.add(chosen)
        yield chosen


def weights() -> Embedded:
    """Weights where `viva setup` puts them, or where VIVA_TEST_GGUF says; a clear failure where they are missing."""
    given = os.environ.get("VIVA_TEST_GGUF")
    path = Path(given) if given else ROOT / ".viva" / QWEN.filename
    assert path.exists(), f"no weights at {path}: run 'viva setup' (make test does)"
    return Embedded(weights=path, weights_sha256=QWEN.pin.sha256)


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    # Time enough for bridges on a machine that others keep busy: how late one may be is tested with models that are late.
    patient = InterviewGroup(bridge_deadline_s=30.0)
    chosen: dict[str, Any] = {
        "interviewer": ModelGroup(),
        "judge": Judge(),
        "embedded": weights(),
        "interview": patient,
    }
    folder = tmp_path_factory.mktemp("viva")
    with serving(folder, parts=Parts(), embedder=make_embedder, **chosen) as talker:
        assert language_model(talker.settings)[1] == QWEN.pin
        yield talker


@pytest.fixture(scope="module")
def held(viva: Talker) -> dict[str, Any]:
    """Ten turns about a two-page PDF, closed, with the complete report."""
    made = two_page_pdf()
    files = {"file": (made.file_name, made.data, "application/pdf")}
    resume = viva.call("POST", "/v1/resumes", 201, files=files)
    interview = viva.begin(resume_id=resume["id"], minutes=45, role="ai-engineer")
    spoken = []
    for answer in answers(viva, interview):
        spoken.append(answer)
        assert viva.say(interview["id"], answer)["interview_state"] == "open"
    viva.call("POST", f"/v1/interviews/{interview['id']}/close")
    report = viva.report(interview["id"], timeout_s=120.0)
    turns = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
    return {"id": interview["id"], "resume": resume, "report": report, "turns": turns, "spoken": spoken}


def test_ten_turns_end_in_a_transcript_and_a_complete_report(viva: Talker, held: dict[str, Any]) -> None:
    assert [turn["text"] for turn in held["turns"] if turn["speaker"] == "candidate"] == held["spoken"]
    assert len(held["spoken"]) == TURNS
    assert held["report"]["complete"]
    assert held["report"]["failed"] == 0
    assert viva.call("GET", f"/v1/interviews/{held['id']}/transcript", params={"format": "md"}).count("**") >= 42


def test_questions_of_the_deep_dive_name_claims_of_the_resume(held: dict[str, Any]) -> None:
    deep = [turn for turn in held["turns"] if turn["move"] and turn["move"]["round"] == "project-deep-dive"]
    assert deep
    for turn in deep:
        claim = turn["move"]["claim"]
        assert held["resume"]["text"][claim["start"] : claim["end"]] == claim["text"]


def test_credits_stand_on_the_candidates_words_and_on_passages(viva: Talker, held: dict[str, Any]) -> None:
    turns = {turn["id"]: turn for turn in held["turns"]}
    passages = {path.stem for path in (viva.settings.corpus / "concepts").rglob("*.md")}
    credited = 0
    for question in held["report"]["questions"]:
        for criterion in question["score"]["criteria"]:
            assert criterion["passage_id"].split("#")[0] in passages
            if criterion["state"] in {"shown", "partly"}:
                credited += 1
                assert criterion["evidence"]
            for evidence in criterion["evidence"]:
                turn = turns[evidence["turn_id"]]
                assert turn["speaker"] == "candidate"
                assert turn["text"][evidence["start"] : evidence["end"]] == evidence["quote"]
    assert credited


def test_scoring_again_asks_the_model_again(viva: Talker, held: dict[str, Any]) -> None:
    """Without it every score that it took part in would be exchanged for one that stands on less."""
    named = {each["question_id"]: each["score"]["versions"]["model"] for each in held["report"]["questions"]}
    assert any(named.values())
    found = viva.call("POST", f"/v1/interviews/{held['id']}/rescore", json={}, timeout=300)
    assert found["error"] == ""
    after = {each["question_id"]: each["score"]["versions"]["model"] for each in viva.report(held["id"])["questions"]}
    assert {each: after[each] for each, model in named.items() if model} == {k: v for k, v in named.items() if v}


def test_what_the_model_says_back_brings_no_word_of_its_own(held: dict[str, Any]) -> None:
    turns = held["turns"]
    bridged = [turn for turn in turns if turn["generation"] and turn["generation"]["source"] == "model"]
    assert bridged, "no bridge was said, so that nothing was tried"
    for turn in bridged:
        assert turn["generation"]["model_asked"] == "qwen2.5-coder-1.5b-instruct"
        bridge = turn["text"].split(". ")[0]
        said = {_beginning(stem) for stem in content_stems(turns[turn["seq"] - 2]["text"])}
        assert content_stems(bridge)
        assert {_beginning(stem) for stem in content_stems(bridge)} <= said, bridge


def _beginning(stem: str) -> str:
    """What inflections of a word share."""
    return stem.replace("z", "s")[:4]
