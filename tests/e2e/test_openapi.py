"""The OpenAPI document is valid, its names are stable, and the running service keeps what it says."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from app.api.chat_errors import PATHS
from app.api.problems import MEDIA_TYPE
from tests.support.serving import Talker, serving

with warnings.catch_warnings():
    # It reads its own deprecated names while it is imported.
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import CHECKS

OPERATIONS = {
    "annotate",
    "closeInterview",
    "compareAnswers",
    "createChatCompletion",
    "createDrill",
    "createInterview",
    "createLoop",
    "deleteAnnotation",
    "deleteEverythingOfMine",
    "deleteInterview",
    "deleteLoop",
    "deleteOverride",
    "deleteResume",
    "deleteStudyPlan",
    "editAnnotation",
    "editPlan",
    "exportMyData",
    "importInterview",
    "importMyData",
    "judgeTranscript",
    "listAllShares",
    "listAnnotations",
    "listAppeals",
    "listCompanies",
    "listHiddenMarks",
    "listInterviews",
    "listLoops",
    "listModels",
    "listOverrides",
    "listQuestions",
    "listResumes",
    "listRoles",
    "listRounds",
    "listScores",
    "listShares",
    "listTurns",
    "live",
    "openInterview",
    "pauseInterview",
    "postAppeal",
    "postOverride",
    "postTurn",
    "putConfidence",
    "putReflection",
    "putStudyPlan",
    "putThankYou",
    "readClock",
    "readCodingProblem",
    "readFeedback",
    "readInterview",
    "readLabels",
    "readLedger",
    "readLoop",
    "readMe",
    "readModel",
    "readPassage",
    "readPracticeItem",
    "readPrivacy",
    "readProgress",
    "readQueue",
    "readReport",
    "readReportStatus",
    "readReportTable",
    "readResume",
    "readReview",
    "readShared",
    "readStudyPlan",
    "readTable",
    "readTranscript",
    "readTranscriptTable",
    "ready",
    "rescoreInterview",
    "resumeInterview",
    "retryQuestion",
    "revokeShare",
    "runCode",
    "searchPassages",
    "searchTurns",
    "share",
    "signIn",
    "signOut",
    "uploadResume",
    "watchTurn",
}
"""Names in generated clients: adding one is fine, changing one breaks people."""

NOTHING_TO_GET_WRONG = {
    "readPrivacy",
    "signOut",
    "readLedger",
    "listHiddenMarks",
    "live",
    "ready",
    "listRoles",
    "listCompanies",
    "listRounds",
    "readStudyPlan",
    "deleteStudyPlan",
    "listModels",
    "readModel",
    "listAllShares",
    "readMe",
    "exportMyData",
    "readShared",
}
"""They take no input, or any text for a name, so that no malformed request can be drawn."""
ON_AN_INTERVIEW = {
    "listShares",
    "readReportTable",
    "readTranscriptTable",
    "share",
    "annotate",
    "listAnnotations",
    "listOverrides",
    "postOverride",
    "readReview",
    "rescoreInterview",
    "closeInterview",
    "compareAnswers",
    "deleteInterview",
    "editPlan",
    "listAppeals",
    "listScores",
    "listTurns",
    "openInterview",
    "pauseInterview",
    "postAppeal",
    "postTurn",
    "putConfidence",
    "putReflection",
    "putThankYou",
    "readClock",
    "readCodingProblem",
    "readFeedback",
    "readInterview",
    "readReport",
    "readReportStatus",
    "readTable",
    "readTranscript",
    "resumeInterview",
    "retryQuestion",
    "runCode",
    "watchTurn",
}
HELD = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
EXAMPLES = 12
"""For each operation and each kind of request, so that the whole stays below a minute."""


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("openapi")) as talker:
        yield talker


@pytest.fixture(scope="module")
def document(viva: Talker) -> dict[str, Any]:
    found: dict[str, Any] = viva.call("GET", "/openapi.json")
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(document).validate()


def test_operation_ids_are_stable(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert set(ids) == OPERATIONS


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    names = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert names <= set(document["components"]["schemas"])


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                shape = "application/json" if path.startswith(PATHS) else MEDIA_TYPE
                assert list(response["content"]) == [shape], f"{method} {path} {status}"


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation.get("description"), f"{method} {path}"


def settings_of_a_run() -> settings:
    return settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def conforms(viva: Talker, document: dict[str, Any], operation_id: str, mode: GenerationMode, **place: Any) -> None:
    """Sends drawn requests and holds each answer against the document."""
    operation = schemathesis.openapi.from_dict(document).find_operation_by_id(operation_id)
    address = str(viva.http.base_url)

    @seed(20261121)
    @settings_of_a_run()
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=place or None))
    def run(case: Any) -> None:
        case.call_and_validate(base_url=address, checks=CHECKS.get_by_names(HELD), timeout=20)

    run()


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_well_formed_requests_are_answered_as_documented(
    viva: Talker, document: dict[str, Any], operation_id: str
) -> None:
    conforms(viva, document, operation_id, GenerationMode.POSITIVE)


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS - NOTHING_TO_GET_WRONG))
def test_malformed_requests_are_refused_as_documented(
    viva: Talker, document: dict[str, Any], operation_id: str
) -> None:
    conforms(viva, document, operation_id, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("operation_id", sorted(ON_AN_INTERVIEW))
def test_a_real_interview_is_answered_as_documented(viva: Talker, document: dict[str, Any], operation_id: str) -> None:
    """Drawn ids are nobody's; these requests go to an interview that is there."""
    planned = operation_id in {"editPlan", "openInterview"}
    interview = viva.begin(start=not planned)
    if not planned:
        viva.say(interview["id"], "I compare the loss on training and on validation data.")
    place: dict[str, Any] = {"interview_id": interview["id"]}
    if operation_id == "watchTurn":
        place["seq"] = 2
    if operation_id in {"listScores", "putConfidence", "readFeedback"}:
        asked = next((turn["question_id"] for turn in interview["turns"] if turn["question_id"]), "q/none")
        place |= dict(zip(("shelf", "name"), asked.split("/"), strict=True))
    conforms(viva, document, operation_id, GenerationMode.POSITIVE, **place)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/interviews/{id}/turns?after=99999999999999999999999",
        "/v1/interviews/{id}/turns/99999999999999999999999/events",
        "/v1/interviews/{id}/turns/-1/events",
        "/v1/passages?q=%00%00",
        "/v1/catalog/questions?topic=%F0%9F%8E%B2",
    ],
)
def test_edges_are_no_fault_of_the_server(viva: Talker, path: str) -> None:
    interview = viva.begin()
    response = viva.http.get(path.format(id=interview["id"]))
    assert response.status_code < 500, response.text


def test_an_answer_to_a_turn_of_the_far_future_is_out_of_date(viva: Talker) -> None:
    interview = viva.begin()
    body = {"text": "I look at the data first.", "in_reply_to": 2**31 - 1}
    problem = viva.call("POST", f"/v1/interviews/{interview['id']}/turns", 409, json=body)
    assert problem["type"].endswith("/turn-out-of-date")
