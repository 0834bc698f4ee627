"""Two tabs, double submits, clients that leave: each with the promised status, and nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.support.serving import Talker, events, serving


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


@pytest.fixture
def interview(viva: Talker) -> Any:
    return viva.begin(rounds=["fundamentals"], minutes=20)


def said(viva: Talker, interview_id: str) -> list[str]:
    turns = viva.call("GET", f"/v1/interviews/{interview_id}/turns")["turns"]
    return [turn["text"] for turn in turns if turn["speaker"] == "candidate"]


def test_of_many_tabs_one_is_stored_and_the_others_get_409(viva: Talker, interview: Any) -> None:
    gate = threading.Barrier(8)

    def tab(number: int) -> tuple[int, str]:
        with httpx2.Client(base_url=str(viva.http.base_url), timeout=30) as http:
            gate.wait()
            body = {"text": f"This is what tab {number} says about it.", "in_reply_to": 1}
            response = http.post(f"/v1/interviews/{interview['id']}/turns", json=body)
            return response.status_code, response.headers["content-type"]

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(tab, range(8)))
    assert [status for status, _ in outcomes].count(200) == 1
    assert {status for status, _ in outcomes} == {200, 409}
    assert {kind for status, kind in outcomes if status == 409} == {"application/problem+json"}
    assert len(said(viva, interview["id"])) == 1


def test_a_double_submit_is_stored_once_and_answered_twice_alike(viva: Talker, interview: Any) -> None:
    def submit(_: int) -> Any:
        with httpx2.Client(base_url=str(viva.http.base_url), timeout=30) as http:
            path = f"/v1/interviews/{interview['id']}/turns"
            response = http.post(path, json={"text": "The training error first."}, headers={"Idempotency-Key": "k"})
            return response.status_code, response.json()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(submit, range(4)))
    assert [status for status, _ in outcomes] == [200] * 4
    assert all(body == outcomes[0][1] for _, body in outcomes)
    assert said(viva, interview["id"]) == ["The training error first."]


def test_a_key_used_for_other_words_is_refused(viva: Talker, interview: Any) -> None:
    viva.say(interview["id"], "The training error.", headers={"Idempotency-Key": "same"})
    problem = viva.say(interview["id"], "The validation error.", 409, headers={"Idempotency-Key": "same"})
    assert problem["type"].endswith("idempotency-conflict")
    assert said(viva, interview["id"]) == ["The training error."]


def test_an_answer_to_an_older_question_is_refused(viva: Talker, interview: Any) -> None:
    viva.say(interview["id"], "The training error.")
    path = f"/v1/interviews/{interview['id']}/turns"
    problem = viva.call("POST", path, 409, json={"text": "late", "in_reply_to": 1})
    assert problem["last_seq"] == 3
    assert said(viva, interview["id"]) == ["The training error."]


def test_a_client_that_leaves_loses_nothing(viva: Talker, interview: Any) -> None:
    path = f"/v1/interviews/{interview['id']}/turns"
    headers = {"Accept": "text/event-stream", "Idempotency-Key": "left"}
    with (
        httpx2.Client(base_url=str(viva.http.base_url), timeout=30) as http,
        http.stream("POST", path, json={"text": "The training error first."}, headers=headers) as response,
    ):
        assert response.status_code == 200
    with viva.http.stream("GET", f"{path}/2/events") as response:
        seen = list(events(response.iter_lines()))
    assert seen[-1][1]["event"] == "turn.completed"
    assert said(viva, interview["id"]) == ["The training error first."]
    assert viva.say(interview["id"], "And the gap to validation.")["turn"]["seq"] == 4


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("", 422, "turn-empty"),
        (" \n\t ", 422, "turn-empty"),
        ("\x00\x01\x02", 422, "turn-empty"),
        ("word " * 20_000, 413, "turn-too-long"),
    ],
)
def test_what_is_no_answer_is_refused_and_the_interview_goes_on(
    viva: Talker, interview: Any, text: str, status: int, kind: str
) -> None:
    assert viva.say(interview["id"], text, status)["type"].endswith(kind)
    assert said(viva, interview["id"]) == []
    assert viva.say(interview["id"], "The training error.")["turn"]["seq"] == 2


def test_control_characters_are_dropped_and_words_kept(viva: Talker, interview: Any) -> None:
    viva.say(interview["id"], "The\x00 training\x1b[31m error\u202e first.")
    assert said(viva, interview["id"]) == ["The training[31m error first."]


def test_another_language_gets_a_clear_word_and_no_score(viva: Talker, interview: Any) -> None:
    answered = viva.say(
        interview["id"], "Ich schaue mir zuerst den Trainingsfehler an, weil er mir zeigt, ob das Modell passt."
    )
    assert answered["turn"]["kind"] == "other-language"
    assert "English" in answered["reply"]["text"]
    viva.call("POST", f"/v1/interviews/{interview['id']}/close")
    report = viva.report(interview["id"])
    assert report["questions"][0]["score"]["level"] is None
    assert "another language" in report["questions"][0]["score"]["unscored_reason"]


def test_a_closed_interview_takes_no_turn(viva: Talker, interview: Any) -> None:
    closed = viva.call("POST", f"/v1/interviews/{interview['id']}/close")
    assert closed["close_reason"] == "by-candidate"
    assert viva.call("POST", f"/v1/interviews/{interview['id']}/close")["closed_at"] == closed["closed_at"]
    assert viva.say(interview["id"], "One more thing.", 409)["type"].endswith("interview-closed")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nowhere", 404),
        ("PUT", "/v1/interviews", 405),
        ("GET", "/v1/interviews/unknown", 404),
        ("POST", "/v1/interviews", 422),
    ],
)
def test_every_refusal_is_a_problem_document(viva: Talker, method: str, path: str, status: int) -> None:
    viva.call(method, path, status)


def test_a_body_over_the_limit_is_a_problem_document(viva: Talker) -> None:
    files = {"file": ("cv.txt", b"x" * (9 * 1024 * 1024))}
    assert viva.call("POST", "/v1/resumes", 413, files=files)["type"].endswith("body-too-large")


@pytest.mark.parametrize(
    ("path", "kind", "begin"),
    [
        ("/v1/interviews", "application/json", b'{"job_description": "'),
        ("/v1/resumes", "multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="file"; filename="cv"\r\n\r\n'),
    ],
)  # fmt: skip
def test_so_is_one_whose_length_is_not_told_beforehand(viva: Talker, path: str, kind: str, begin: bytes) -> None:
    def pieces() -> Iterator[bytes]:
        yield begin
        left = viva.settings.server.max_body_bytes + 1 - len(begin)
        while left > 0:
            yield b"x" * min(left, 2**20)
            left -= 2**20

    problem = viva.call("POST", path, 413, content=pieces(), headers={"Content-Type": kind})
    assert problem["type"].endswith("body-too-large")
    assert problem["limit_bytes"] == viva.settings.server.max_body_bytes


@pytest.mark.parametrize(
    ("name", "data", "status", "kind"),
    [
        ("cv.pdf", b"%PDF-1.7 broken", 422, "resume-unreadable"),
        ("cv.pdf", b"", 422, "resume-empty"),
        ("cv.exe", b"MZ\x90\x00" + b"\x00" * 200, 415, "resume-type-unsupported"),
        ("cv.txt", b"x" * (6 * 1024 * 1024), 413, "resume-too-large"),
    ],
)
def test_a_bad_resume_gets_its_problem(viva: Talker, name: str, data: bytes, status: int, kind: str) -> None:
    assert viva.call("POST", "/v1/resumes", status, files={"file": (name, data)})["type"].endswith(kind)
