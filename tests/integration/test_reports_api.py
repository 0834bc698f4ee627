"""Reports over HTTP: on a real store, with a scorer that is told what shows what. Numbers, repairs, confidence, formats."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import httpx2
import numpy as np
import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from app.api import appeals, confidence, passages, problems, remarks, reports, reviews
from app.api.dependencies import Services, open_desk
from app.domain.interview import Interview, InterviewState, Mode, Plan, PlannedQuestion, PlannedRound
from app.domain.resume import Resume
from app.domain.score import Score
from app.domain.transcript import MoveKind, Span, SpanKind, Turn
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.unit_of_work import Store, open_store
from app.review.desk import Means
from app.review.repair import Repairer
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from tests.support.builders import NOW, OWNER, a_move, a_turn, an_interview, an_interviewers_turn
from tests.support.figures import numbers_without_words, refs_in
from tests.support.material import a_criterion, a_question, write_corpus
from tests.support.scorers import WordScorer

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio

QUESTION = "fundamentals/leakage"
CAUSE, SPLIT, DEEPER = "names-the-cause", "splits-first", "goes-deeper"
ALL = (CAUSE, SPLIT, DEEPER)
SAID = "Um, I think the score is too good. <script>alert(1)</script> We split first. Then we trained a LoRA model."
REPORT = "/v1/interviews/interview-1/report"
FEEDBACK = f"/v1/interviews/interview-1/questions/{QUESTION}/feedback"
REVIEW = "/v1/interviews/interview-1/review"
SCORES = f"/v1/interviews/interview-1/questions/{QUESTION}/scores"
SURE = f"/v1/interviews/interview-1/questions/{QUESTION}/confidence"
JOB = "ML engineer\n\nRequirements:\n- Fine-tune with LoRA\n- Run Kafka clusters\n- 5 years of experience\n"


def question() -> dict[str, Any]:
    split = {
        "says": "The data was split before anything else.",
        "shown_by": ["Split.", "We split first of all.", "So."],
    }
    deeper = {"says": "Says how a copy gets in.", "shown_by": ["Copies.", "Copies got in by a join.", "Rows."]}
    return a_question(
        criteria=[a_criterion(CAUSE), a_criterion(SPLIT, **split), a_criterion(DEEPER, asked_by="probe", **deeper)],
        exemplars=[
            {"id": "strong", "text": "Those rows were in training.", "marks": dict.fromkeys(ALL, "shown")},
            {"id": "weak", "text": "You need a solid pipeline as a whole.", "marks": dict.fromkeys(ALL, "absent")},
        ],
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load(write_corpus(tmp_path_factory.mktemp("corpus"), question=question()))


@pytest.fixture
async def store(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def services(store: Store, corpus: Corpus) -> Services:
    async def read_resume(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        raise AssertionError("not asked for")

    compact = cast(
        CompactScorer, WordScorer(corpus, {CAUSE: ("were in training",), SPLIT: ("split first",), DEEPER: ("join",)})
    )

    async def score(interview: Interview, turns: Sequence[Turn], question_id: str) -> Score:
        return await assess(interview, turns, question_id, corpus=corpus, compact=compact, judge=None, now=lambda: NOW)

    async def likeness(texts: Sequence[str], others: Sequence[str]) -> Any:
        return np.full((len(texts), len(others)), 0.3, dtype=np.float32)

    held = Services(store=store, corpus=corpus, api_keys=False, version="1", now=lambda: NOW, read_resume=read_resume)
    held.desk = replace(open_desk(held), means=Means(score, likeness, Repairer(score, likeness)))
    async with store.write() as work:
        for candidate_id in (LOCAL_CANDIDATE, OWNER):
            await work.candidates.add(Candidate(candidate_id, NOW))
        await work.commit()
    return held


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    for module in (reports, confidence, appeals, passages, reviews, remarks):
        app.include_router(module.router)
    problems.install(app)
    app.state.services = services
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://viva") as client:
        yield client


def the_interview(**changes: Any) -> Interview:
    plan = Plan(
        (
            PlannedRound("fundamentals", 5, (PlannedQuestion(QUESTION, 240),)),
            PlannedRound("project-deep-dive", 10, (PlannedQuestion("chains/lora", 300),)),
        )
    )
    usual: dict[str, Any] = {
        "candidate_id": LOCAL_CANDIDATE,
        "state": InterviewState.CLOSED,
        "closed_at": NOW,
        "plan": plan,
    }
    return an_interview(**{**usual, "job_description": JOB, **changes})


def the_turns(text: str = SAID) -> list[Turn]:
    place = {"interview_id": "interview-1", "question_id": QUESTION}
    move = a_move(kind=MoveKind.OPEN, question_id=QUESTION, criterion_id="", spoken="Which LoRA model was it?")
    words = "The score of your LoRA model is too good. Why?"
    asked = an_interviewers_turn(id="asked", seq=1, text=words, marks=(), move=move, passages=(), **place)
    return [asked, a_turn(id="said", seq=2, text=text, created_at=NOW + timedelta(seconds=75), **place)]


async def hold(
    services: Services, interview: Interview | None = None, turns: Sequence[Turn] | None = None, *, scored: bool = True
) -> None:
    """Stores an interview that was held, with its score."""
    kept, said = interview or the_interview(), turns or the_turns()
    assert services.desk is not None
    assert services.desk.means is not None
    async with services.store.write() as work:
        await work.interviews.add(kept)
        for turn in said:
            await work.turns.append(turn)
        if scored:
            await work.scores.add(kept.id, await services.desk.means.score(kept, said, QUESTION))
        await work.commit()


async def ok(http: httpx2.AsyncClient, path: str, **arguments: Any) -> Any:
    response = await http.get(path, **arguments)
    assert response.status_code == 200, response.text
    return response.json()


async def refused(response: httpx2.Response, status: int, slug: str) -> None:
    assert response.status_code == status, response.text
    assert response.json()["type"].endswith(f"/{slug}")


async def test_a_persons_mark_stands_in_every_format_and_moves_nothing(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    before = await ok(http, REPORT)
    assert before["by_persons"]["says"] == "Every level rests on the machine's marks alone."
    start = SAID.index("too good")
    wish = {"question_id": QUESTION, "criterion_id": CAUSE, "state": "shown", "why": "It <says> why.", "role": "coach"}
    place = {"turn_id": "said", "start": start, "end": start + 8}
    made = await http.post("/v1/interviews/interview-1/overrides", json={**wish, **place, "by": "Dana"})
    assert made.status_code == 201
    after = await ok(http, REPORT)
    (mark,) = after["questions"][0]["by_persons"]
    assert (mark["state"], mark["machine_now"], mark["by"], mark["why"]) == (
        "shown",
        "missed",
        "Dana",
        "It <says> why.",
    )
    assert [(each["turn_id"], each["start"], each["end"]) for each in mark["refs"]] == [tuple(place.values())]
    assert (after["by_persons"]["judged"], after["by_persons"]["otherwise"]) == (1, 1)
    assert numbers_without_words(after) == []
    assert after["questions"][0]["score"] == before["questions"][0]["score"]
    assert (after["bar"], after["rounds"]) == (before["bar"], before["rounds"])
    written = (await http.get(REPORT, params={"format": "md"})).text
    assert "Judged by Dana, a coach: **shown**" in written
    html = (await http.get(REPORT, params={"format": "html"})).text
    assert "Judged by Dana, a coach" in html
    assert "It &lt;says&gt; why." in html
    pdf = PdfReader(io.BytesIO((await http.get(REPORT, params={"format": "pdf"})).content))
    assert "Judged by Dana, a coach" in " ".join(" ".join(one.extract_text().split()) for one in pdf.pages)


async def test_every_number_of_a_report_leads_to_words(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    await http.put(SURE, json={"percent": 80})
    report = await ok(http, REPORT)
    assert numbers_without_words(report) == []
    turns = {turn.id: turn for turn in the_turns()}
    places = list(refs_in(report))
    assert len(places) > 50
    for place in places:
        turn = turns[place["turn_id"]]
        text = turn.code if place["in_code"] else turn.text
        assert turn.seq == place["seq"]
        assert 0 <= place["start"] <= place["end"] <= len(text)


async def test_the_walk_sees_a_number_that_leads_nowhere(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    report = await ok(http, REPORT)
    report["delivery"]["words"]["refs"] = []
    del report["bar"]["refs"]
    assert {each.split(" ")[0] for each in numbers_without_words(report)} == {
        "$.delivery.words.value",
        "$.bar.reached",
        "$.bar.questions",
    }


async def test_what_was_counted_is_what_stands_at_its_places(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    delivery = (await ok(http, REPORT))["delivery"]
    for name, wanted in (("fillers", ["Um"]), ("hedges", ["I think"]), ("structure", ["first"])):
        assert [SAID[place["start"] : place["end"]] for place in delivery[name]["refs"]] == wanted
    assert delivery["jargon"] is None


async def test_the_repaired_answer_flips_exactly_what_was_missed(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    (question,) = (await ok(http, REPORT))["questions"]
    states = {each["id"]: each["state"] for each in question["score"]["criteria"]}
    assert states == {CAUSE: "missed", SPLIT: "shown", DEEPER: "not-assessed"}
    repaired = question["repaired"]
    assert (repaired["earns"], repaired["exact"], repaired["also_changes"]) == ([CAUSE], True, [])
    (answer,) = repaired["answers"]
    said = "".join(piece["text"] for piece in answer["pieces"] if piece["kind"] != "added")
    whole = "".join(piece["text"] for piece in answer["pieces"] if piece["kind"] != "removed")
    assert said == SAID
    assert "were in training" in whole
    added = {each["id"]: each["added"] for each in question["score"]["criteria"]}
    assert added[CAUSE]["sentence"] == "The test rows were in training."
    assert added[CAUSE]["earns"]
    assert added[SPLIT] is None
    assert question["repair_pending"] is False


async def test_passages_and_reference_answers_explain_what_was_missed(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    report = await ok(http, REPORT)
    (question,) = report["questions"]
    passage = question["score"]["criteria"][0]["passage"]
    assert passage["text"].startswith("A row of the test")
    assert await ok(http, passage["href"]) == passage
    await refused(await http.get("/v1/passages/leakage/not-there"), 404, "passage-unknown")
    assert question["reference_answer"].startswith("The rows were seen.")
    assert [step["criterion_id"] for step in report["next_steps"]] == [CAUSE]


async def test_what_was_tested_and_what_was_not(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    report = await ok(http, REPORT)
    lines = {line["text"]: line for line in report["job_description"]["lines"]}
    (by,) = lines["Fine-tune with LoRA"]["tested_by"]
    assert (by["question_id"], by["how"], by["term"]) == (QUESTION, "term", "LoRA")
    (place,) = by["refs"]
    assert the_turns()[0].text[place["start"] : place["end"]] == "LoRA"
    assert lines["Run Kafka clusters"]["tested_by"] == []
    assert lines["5 years of experience"]["kind"] == "formal"
    assert (report["job_description"]["tested"], report["job_description"]["testable"]) == (1, 2)
    never = report["never_asked"]
    assert never["questions"] == [{"question_id": "chains/lora", "round": "project-deep-dive"}]
    assert never["rounds"] == ["project-deep-dive"]
    assert [each["criterion_id"] for each in never["criteria"]] == [DEEPER]
    (round_,) = report["rounds"]
    assert (round_["round"], round_["time"]["seconds"], round_["time"]["budget_seconds"]) == ("fundamentals", 75, 300)
    assert (round_["coverage"]["assessed"], round_["coverage"]["total"]) == (2, 3)


async def test_how_sure_one_was_is_said_before_the_marks_are_seen(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    status = await ok(http, f"{REPORT}/status")
    (waiting,) = status["questions"]
    assert (waiting["can_rate"], waiting["percent"], waiting["shown_at"]) == (True, None, None)
    assert "missed" not in str(status)
    assert (await http.put(SURE, json={"percent": 30})).status_code == 200
    assert (await http.put(SURE, json={"percent": 90})).json()["percent"] == 90
    assert (await ok(http, "/v1/confidence"))["rated"] == 0
    held = (await ok(http, REPORT))["confidence"]
    assert (held["rated"], held["reached"], held["brier"]) == (1, 0, None)
    assert [(band["low"], band["rated"], band["reached"]) for band in held["bands"]] == [(80, 1, 0)]
    await refused(await http.put(SURE, json={"percent": 10}), 409, "confidence-too-late")
    (shown,) = (await ok(http, f"{REPORT}/status"))["questions"]
    assert (shown["can_rate"], shown["percent"]) == (False, 90)
    assert datetime.fromisoformat(shown["shown_at"]) == NOW
    ledger = await ok(http, "/v1/confidence")
    assert (ledger["rated"], ledger["questions"][0]["percent"]) == (1, 90)
    assert numbers_without_words(ledger) == []


async def test_nobody_is_asked_how_sure_they_are_that_they_do_not_know(
    services: Services, http: httpx2.AsyncClient
) -> None:
    asked, said = the_turns("I don't know.")
    unknown = replace(said, spans=(Span(SpanKind.DONT_KNOW, 0, len(said.text)),))
    await hold(services, turns=[asked, unknown])
    (waiting,) = (await ok(http, f"{REPORT}/status"))["questions"]
    assert (waiting["answered"], waiting["can_rate"]) == (True, False)


async def test_a_blind_review_has_no_mark_that_can_still_be_guessed_and_shows_none(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    blind = await ok(http, f"{REVIEW}?blind=true")
    assert blind["hidden"] == [QUESTION]
    assert [each["score"] for each in blind["questions"]] == [None]
    assert not any(turn["evidence"] for turn in blind["turns"])
    assert (await http.put(SURE, json={"percent": 40})).status_code == 200
    said = await ok(http, f"{REVIEW}?blind=true")
    assert said["hidden"] == []
    assert said["questions"][0]["score"]["criteria"]
    assert any(turn["evidence"] for turn in said["turns"])
    await refused(await http.put(SURE, json={"percent": 90}), 409, "confidence-too-late")


async def test_marks_that_were_seen_are_in_a_blind_review(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    assert (await ok(http, REVIEW))["hidden"] == []
    assert (await ok(http, f"{REVIEW}?blind=true"))["questions"][0]["score"] is not None


@pytest.mark.parametrize("path", [FEEDBACK, REPORT, f"{REPORT}?format=md", SCORES, REVIEW])
async def test_whatever_shows_the_marks_ends_the_saying(
    services: Services, http: httpx2.AsyncClient, path: str
) -> None:
    await hold(services)
    assert (await http.get(path)).status_code == 200
    await refused(await http.put(SURE, json={"percent": 10}), 409, "confidence-too-late")


@pytest.mark.parametrize("percent", [-1, 101, 50.5, "sure", None])
async def test_a_confidence_is_a_percentage(services: Services, http: httpx2.AsyncClient, percent: object) -> None:
    await hold(services)
    assert (await http.put(SURE, json={"percent": percent})).status_code == 422


async def test_practice_has_feedback_at_once_after_an_answer(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services, the_interview(state=InterviewState.OPEN, closed_at=None), scored=False)
    feedback = await ok(http, FEEDBACK)
    assert (feedback["provisional"], feedback["still_open"]) == (True, True)
    question = feedback["question"]
    # What was not asked for yet may be asked next.
    assert {each["id"] for each in question["score"]["criteria"]} == {CAUSE, SPLIT}
    assert question["reference_answer"].startswith("The rows were seen.")
    assert question["repaired"]["exact"]
    assert numbers_without_words(feedback) == []


async def test_there_is_no_feedback_before_an_answer_nor_in_an_open_exam(
    services: Services, http: httpx2.AsyncClient
) -> None:
    asked = the_turns()[0]
    unknown = a_turn(id="said", seq=2, interview_id="interview-1", question_id=QUESTION, text="Could you repeat?")
    unknown = replace(unknown, spans=(Span(SpanKind.REPEAT, 0, len(unknown.text)),))
    await hold(services, the_interview(state=InterviewState.OPEN, closed_at=None), [asked, unknown], scored=False)
    await refused(await http.get(FEEDBACK), 409, "feedback-not-yet")
    await refused(await http.put(SURE, json={"percent": 10}), 409, "feedback-not-yet")
    report = await ok(http, REPORT)
    assert report["questions"][0]["reference_answer"] is None
    assert "after your answer" in report["questions"][0]["reference_withheld"]


async def test_an_open_exam_shows_nothing_but_takes_ones_word(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services, the_interview(state=InterviewState.OPEN, closed_at=None, mode=Mode.EXAM))
    for path in (FEEDBACK, REPORT):
        await refused(await http.get(path), 409, "report-not-yet")
    for path, body in (("reflection", {"went_well": "all"}), ("thank-you", {"text": "Thanks"})):
        await refused(await http.put(f"/v1/interviews/interview-1/{path}", json=body), 409, "report-not-yet")
    status = await ok(http, f"{REPORT}/status")
    assert (status["readable"], status["complete"]) == (False, False)
    assert (await http.put(SURE, json={"percent": 40})).status_code == 200


async def test_what_has_several_parts_keeps_its_reference_until_it_is_over(
    services: Services, http: httpx2.AsyncClient
) -> None:
    place = {"interview_id": "interview-1", "question_id": "chains/lora", "part_id": "count"}
    move = a_move(kind=MoveKind.ASK, question_id="chains/lora", part_id="count", criterion_id="")
    asked = an_interviewers_turn(id="asked", seq=1, text="How many?", marks=(), move=move, passages=(), **place)
    said = a_turn(id="said", seq=2, text="About nine.", **place)
    await hold(services, the_interview(state=InterviewState.OPEN, closed_at=None), [asked, said], scored=False)
    question = (await ok(http, FEEDBACK.replace(QUESTION, "chains/lora")))["question"]
    assert question["reference_answer"] is None
    assert "several parts" in question["reference_withheld"]
    assert [each["state"] for each in question["score"]["criteria"]] == ["missed"]


async def test_feedback_waits_for_what_scores(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services, the_interview(state=InterviewState.OPEN, closed_at=None), scored=False)
    assert services.desk is not None
    services.desk.means = None
    await refused(await http.get(FEEDBACK), 503, "not-ready")


async def test_a_reflection_and_a_note_are_kept_as_they_are_written(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    draft = (await ok(http, REPORT))["thank_you"]
    assert draft["edited"] is False
    assert "We spoke about leakage" in draft["text"]
    written = {"went_well": "I split first.", "was_hard": "<b>bold</b>", "will_do": ""}
    stored = (await http.put("/v1/interviews/interview-1/reflection", json=written)).json()
    assert {name: stored[name] for name in written} == written
    note = (await http.put("/v1/interviews/interview-1/thank-you", json={"text": " Thanks, all. "})).json()
    assert (note["text"], note["edited"]) == ("Thanks, all.", True)
    report = await ok(http, REPORT)
    assert report["reflection"] == stored
    assert report["thank_you"] == note
    again = (await http.put("/v1/interviews/interview-1/thank-you", json={"text": "  "})).json()
    assert again == draft


async def test_a_page_stands_by_itself_and_every_link_in_it_leads_somewhere(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    response = await http.get(REPORT, params={"format": "html"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = response.text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not re.search(r"\son\w+=|\sstyle=|src=|https?://|javascript:", text.replace("&#x27;", ""))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="#([^"]+)"', text)
    assert len(links) > 30
    assert set(links) <= set(ids)
    assert "<ins>" in text


async def test_a_pdf_can_be_read_and_its_links_lead_to_pages(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services, turns=the_turns("Überfluß “quoted” 模型 \u202eevil\u202c <b>x</b> We split first."))
    response = await http.get(REPORT, params={"format": "pdf"})
    assert response.headers["content-type"] == "application/pdf"
    assert "viva-report-interview-1.pdf" in response.headers["content-disposition"]
    reader = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Report: ML engineer, mid" in text
    assert "Überfluß “quoted” □□" in text
    assert "\u202e" not in text
    links = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    assert len(links) > 20
    assert all(link["/Subtype"] == "/Link" and "/URI" not in str(link) for link in links)


async def test_markdown_tells_the_same_and_holds_no_markup_of_the_candidates(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    text = (await http.get(REPORT, params={"format": "md"})).text
    assert "**The test rows were in training.**" in text
    assert "<script" not in text
    assert "1 of 2 lines" in text


async def test_a_report_without_models_stands_without_repairs(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    assert services.desk is not None
    services.desk.means = None
    report = await ok(http, REPORT)
    assert report["questions"][0]["repaired"] is None
    assert report["job_description"]["tested"] == 1


async def test_an_interview_that_never_began_has_a_report_of_nothing(
    services: Services, http: httpx2.AsyncClient
) -> None:
    async with services.store.write() as work:
        await work.interviews.add(the_interview(state=InterviewState.PLANNED, closed_at=None, opened_at=None))
        await work.commit()
    report = await ok(http, REPORT)
    assert (report["questions"], report["rounds"], report["thank_you"]["text"]) == ([], [], "")
    assert numbers_without_words(report) == []
    for form in ("md", "html", "pdf"):
        assert (await http.get(REPORT, params={"format": form})).status_code == 200


async def test_what_was_repaired_and_read_goes_with_the_interview(services: Services, http: httpx2.AsyncClient) -> None:
    await hold(services)
    assert (await ok(http, REPORT))["questions"][0]["repaired"] is not None
    assert services.desk is not None
    assert services.desk.means is not None
    readings = ["LoRA"]
    services.desk.means = replace(services.desk.means, forget_readings=readings.clear)
    assert "We split first." in repr(services.desk.means)
    services.forget(["another"])
    assert "We split first." in repr(services.desk.means)
    services.forget(["interview-1"])
    assert "We split first." not in repr(services.desk)
    assert readings == []


async def test_a_repair_that_is_being_made_of_a_deleted_interview_ends(
    services: Services, http: httpx2.AsyncClient
) -> None:
    await hold(services)
    assert services.desk is not None
    means = services.desk.means
    assert means is not None
    begun = asyncio.Event()

    async def never(interview: Interview, turns: Sequence[Turn], question_id: str) -> Score:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError("not reached")

    services.desk.means = replace(means, repairer=Repairer(never, means.likeness))
    reading = asyncio.create_task(ok(http, REPORT))
    await begun.wait()
    services.forget(["interview-1"])
    assert (await reading)["questions"][0]["repaired"] is None
    assert "We split first." not in repr(services.desk)
