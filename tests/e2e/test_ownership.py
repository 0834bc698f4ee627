"""With API keys on, every endpoint refuses what is not one's own. One case an operation: a new operation fails here until it has one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from app.domain.remarks import LabellerRole, Override
from app.domain.score import CriterionState
from app.domain.share import Share
from app.persistence.records import Candidate
from app.persistence.unit_of_work import open_store
from tests.support.serving import Talker, serving

PLAN = {
    "rounds": [
        {
            "round": "fundamentals",
            "minutes": 5,
            "questions": [{"question_id": "fundamentals/data-leakage", "seconds": 60}],
        }
    ]
}
APPEAL = {
    "question_id": "fundamentals/data-leakage",
    "criterion_id": "any-at-all",
    "turn_id": "turn-2",
    "start": 0,
    "end": 14,
}
DRILLED = {"question_id": "fundamentals/data-leakage", "criterion_id": "any-at-all"}
STUDY = {"until": "2100-01-01", "minutes_a_day": 30, "role": "ml-engineer"}

OVERRIDE = {
    "question_id": "fundamentals/data-leakage",
    "criterion_id": "any-at-all",
    "state": "shown",
    "why": "It is mine.",
}
OWNED = {
    "readInterview": ("GET", "/v1/interviews/{interview}", None),
    "editPlan": ("PATCH", "/v1/interviews/{interview}", PLAN),
    "openInterview": ("POST", "/v1/interviews/{interview}/open", None),
    "pauseInterview": ("POST", "/v1/interviews/{interview}/pause", None),
    "resumeInterview": ("POST", "/v1/interviews/{interview}/resume", None),
    "closeInterview": ("POST", "/v1/interviews/{interview}/close", None),
    "deleteInterview": ("DELETE", "/v1/interviews/{interview}", None),
    "readClock": ("GET", "/v1/interviews/{interview}/clock", None),
    "readCodingProblem": ("GET", "/v1/interviews/{interview}/code", None),
    "runCode": ("POST", "/v1/interviews/{interview}/code/run", {"code": "def f(): ..."}),
    "postTurn": ("POST", "/v1/interviews/{interview}/turns", {"text": "mine now"}),
    "listTurns": ("GET", "/v1/interviews/{interview}/turns", None),
    "watchTurn": ("GET", "/v1/interviews/{interview}/turns/2/events", None),
    "readTable": ("GET", "/v1/interviews/{interview}/turns/1/table.csv", None),
    "readTranscript": ("GET", "/v1/interviews/{interview}/transcript", None),
    "readReport": ("GET", "/v1/interviews/{interview}/report", None),
    "readReportStatus": ("GET", "/v1/interviews/{interview}/report/status", None),
    "readFeedback": ("GET", "/v1/interviews/{interview}/questions/fundamentals/data-leakage/feedback", None),
    "putConfidence": (
        "PUT",
        "/v1/interviews/{interview}/questions/fundamentals/data-leakage/confidence",
        {"percent": 50},
    ),
    "putReflection": ("PUT", "/v1/interviews/{interview}/reflection", {"went_well": "mine now"}),
    "putThankYou": ("PUT", "/v1/interviews/{interview}/thank-you", {"text": "mine now"}),
    "listScores": ("GET", "/v1/interviews/{interview}/questions/fundamentals/data-leakage/scores", None),
    "listAppeals": ("GET", "/v1/interviews/{interview}/appeals", None),
    "retryQuestion": ("POST", "/v1/interviews/{interview}/questions/fundamentals/data-leakage/retry", None),
    "compareAnswers": ("GET", "/v1/interviews/{interview}/questions/fundamentals/data-leakage/comparison", None),
    "readPracticeItem": ("GET", "/v1/practice/items/fundamentals/data-leakage/any-at-all", None),
    "createDrill": ("POST", "/v1/practice/drills", {"items": [DRILLED]}),
    "postAppeal": ("POST", "/v1/interviews/{interview}/appeals", APPEAL),
    "readReview": ("GET", "/v1/interviews/{interview}/review", None),
    "rescoreInterview": ("POST", "/v1/interviews/{interview}/rescore", None),
    "annotate": ("POST", "/v1/interviews/{interview}/annotations", {"turn_id": "turn-1", "text": "mine"}),
    "listAnnotations": ("GET", "/v1/interviews/{interview}/annotations", None),
    "editAnnotation": ("PATCH", "/v1/interviews/{interview}/annotations/{note}", {"text": "mine"}),
    "deleteAnnotation": ("DELETE", "/v1/interviews/{interview}/annotations/{note}", None),
    "postOverride": ("POST", "/v1/interviews/{interview}/overrides", OVERRIDE),
    "listOverrides": ("GET", "/v1/interviews/{interview}/overrides", None),
    "deleteOverride": ("DELETE", "/v1/interviews/{interview}/overrides/owners-override", None),
    "readLoop": ("GET", "/v1/loops/{loop}", None),
    "deleteLoop": ("DELETE", "/v1/loops/{loop}", None),
    "createLoop": ("POST", "/v1/loops", {"role": "ml-engineer", "resume_id": "{resume}"}),
    "readTranscriptTable": ("GET", "/v1/interviews/{interview}/transcript.csv", None),
    "readReportTable": ("GET", "/v1/interviews/{interview}/report.csv", None),
    "share": ("POST", "/v1/interviews/{interview}/shares", {"report": True}),
    "listShares": ("GET", "/v1/interviews/{interview}/shares", None),
    "revokeShare": ("DELETE", "/v1/interviews/{interview}/shares/owners-share", None),
    "readResume": ("GET", "/v1/resumes/{resume}", None),
    "deleteResume": ("DELETE", "/v1/resumes/{resume}", None),
    "createInterview": ("POST", "/v1/interviews", {"role": "ml-engineer", "resume_id": "{resume}"}),
}
"""Operations on something owned: another's gets 404, as if it were not there."""
OF_NOBODY = {
    "listInterviews",
    "listLoops",
    "listResumes",
    "uploadResume",
    "listRoles",
    "listCompanies",
    "listRounds",
    "listQuestions",
    "searchPassages",
    "searchTurns",
    "readPassage",
    "readLedger",
    "listHiddenMarks",
    "readLabels",
    "listAllShares",
    "readMe",
    "exportMyData",
    "importMyData",
    "deleteEverythingOfMine",
    "importInterview",
    "judgeTranscript",
    "readQueue",
    "readProgress",
    "readStudyPlan",
    "putStudyPlan",
    "deleteStudyPlan",
    "listModels",
    "readModel",
    "createChatCompletion",
}
"""Operations that need a key and show only what is one's own, or what is everyone's. A chat names its interview in its words:
test_chat.py has the tests of whose it is."""
OPENAIS = {"listModels", "readModel", "createChatCompletion"}
"""They answer errors in OpenAI's shape."""
OPEN = {"live", "ready", "readPrivacy", "signIn", "signOut", "readShared"}


class People(NamedTuple):
    viva: Talker
    owner: dict[str, str]
    other: dict[str, str]
    interview: str
    resume: str
    loop: str
    note: str


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with serving(tmp_path_factory.mktemp("viva"), keys=True) as viva:
        owner, other = (asyncio.run(_key(viva, name)) for name in ("owner", "other"))
        viva.headers = owner
        files = {
            "file": (
                "cv.md",
                b"# Fictional Person\n\n## Projects\n\n### Churn\n- Built XGBoost churn model, 12 % fewer losses\n",
            )
        }
        resume = viva.call("POST", "/v1/resumes", 201, files=files)
        interview = viva.begin(resume_id=resume["id"])
        viva.say(interview["id"], "I build models.")
        loop = viva.call("POST", "/v1/loops", 201, json={"role": "ml-engineer", "interviews": ["people"]})["loop"]
        place = f"/v1/interviews/{interview['id']}"
        said = viva.call("GET", f"{place}/turns")["turns"][1]["id"]
        note = viva.call("POST", f"{place}/annotations", 201, json={"turn_id": said, "text": "The owner's."})
        asyncio.run(_judged_and_shared(viva, interview["id"]))
        viva.headers = {}
        yield People(viva, owner, other, interview["id"], resume["id"], loop["id"], note["id"])


async def _judged_and_shared(viva: Talker, interview_id: str) -> None:
    """A judgement and a link, which the API takes for a closed interview alone."""
    store = open_store(viva.settings.database_url)
    now = datetime.now(UTC)
    question, criterion = APPEAL["question_id"], "any-at-all"
    async with store.write() as work:
        await work.overrides.add(
            Override(
                "owners-override",
                interview_id,
                str(question),
                criterion,
                "It says so.",
                CriterionState.SHOWN,
                "It was there.",
                LabellerRole.CANDIDATE,
                "",
                "",
                0,
                0,
                "",
                CriterionState.MISSED,
                now,
            )
        )
        share = Share("owners-share", interview_id, "For a friend", True, True, None, now)
        await work.shares.add(share, token_hash="0" * 64)
        await work.commit()
    await store.close()


async def _key(viva: Talker, name: str) -> dict[str, str]:
    store = open_store(viva.settings.database_url)
    now = datetime.now(UTC)
    async with store.write() as work:
        await work.candidates.add(Candidate(name, now, name))
        issued = await work.keys.create(name, key_id=f"key-{name}", now=now)
        await work.commit()
    await store.close()
    return {"Authorization": f"Bearer {issued.secret}"}


def operations(viva: Talker) -> dict[str, tuple[str, str]]:
    document = viva.call("GET", "/openapi.json")
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_has_its_case_here(people: People) -> None:
    assert set(operations(people.viva)) == set(OWNED) | OF_NOBODY | OPEN


@pytest.mark.parametrize("operation", sorted(OWNED))
def test_what_is_anothers_is_not_there(people: People, operation: str) -> None:
    method, path, body = OWNED[operation]
    ids: dict[str, Any] = {
        "interview": people.interview,
        "resume": people.resume,
        "loop": people.loop,
        "note": people.note,
    }
    if operation in {"createInterview", "createLoop"}:
        body = {"role": "ml-engineer", "resume_id": people.resume}
    people.viva.call(method, path.format(**ids), 404, headers=people.other, **({"json": body} if body else {}))
    assert people.viva.call("GET", f"/v1/interviews/{people.interview}", headers=people.owner)["state"] == "open"


def test_what_others_tried_left_everything_there(people: People) -> None:
    place = f"/v1/interviews/{people.interview}"

    def held(kind: str) -> Any:
        return people.viva.call("GET", f"{place}/{kind}", headers=people.owner)[kind]

    assert [(each["id"], each["text"]) for each in held("annotations")] == [(people.note, "The owner's.")]
    assert [each["id"] for each in held("overrides")] == ["owners-override"]
    assert [(each["id"], each["revoked_at"]) for each in held("shares")] == [("owners-share", None)]


@pytest.mark.parametrize("operation", sorted(set(OWNED) | OF_NOBODY))
@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer viva_nonsense"}, {"Authorization": "Basic Zm9vOmJhcg=="}]
)
def test_without_a_valid_key_nothing_answers(people: People, operation: str, header: dict[str, str]) -> None:
    method, path = operations(people.viva)[operation]
    path = path.format(
        interview_id=people.interview,
        resume_id=people.resume,
        loop_id=people.loop,
        seq=2,
        shelf="a",
        name="b",
        note="a",
        part="b",
        criterion_id="c",
        annotation_id="a",
        override_id="o",
        share_id="s",
        token="t",
        model="viva/ml-engineer/mid",
    )
    arguments: dict[str, Any] = {}
    if operation in OWNED and OWNED[operation][2]:
        arguments["json"] = (
            OWNED[operation][2] if operation not in {"createInterview", "createLoop"} else {"role": "ml-engineer"}
        )
    if operation == "putStudyPlan":
        arguments["json"] = STUDY
    if operation == "deleteEverythingOfMine":
        arguments["params"] = {"confirm": "everything"}
    if operation == "importMyData":
        arguments["json"] = {"tables": {}}
    if operation in {"judgeTranscript", "importInterview"}:
        arguments["json"] = {"transcript": "Candidate: It overfits."}
    if operation == "uploadResume":
        arguments["files"] = {"file": ("cv.txt", b"text")}
    if operation == "searchPassages":
        arguments["params"] = {"q": "bias"}
    if operation == "createChatCompletion":
        arguments["json"] = {"model": "viva/ml-engineer/mid", "messages": [{"role": "user", "content": "Hello."}]}
    if operation in OPENAIS:
        response = people.viva.http.request(method, path, headers=header, **arguments)
        assert (response.status_code, response.json()["error"]["code"]) == (401, "key-invalid")
        assert "nonsense" not in response.text
        return
    problem = people.viva.call(method, path, 401, headers=header, **arguments)
    assert "nonsense" not in str(problem)


def test_lists_hold_only_ones_own(people: People) -> None:
    assert people.viva.call("GET", "/v1/interviews", headers=people.other)["interviews"] == []
    mine = people.viva.call("GET", "/v1/interviews", headers=people.owner)["interviews"]
    loops = people.viva.call("GET", "/v1/loops", headers=people.owner)["loops"]
    assert people.viva.call("GET", "/v1/loops", headers=people.other)["loops"] == []
    assert [each["id"] for each in loops] == [people.loop]
    of_loop = [each["interview_id"] for each in loops[0]["interviews"]]
    assert {each["id"] for each in mine} == {people.interview, *of_loop}
    assert people.viva.call("GET", "/v1/search", headers=people.other)["total"] == 0
    assert people.viva.call("GET", "/v1/search?q=build+models", headers=people.owner)["total"] >= 1
    inside = {"interview_id": people.interview}
    assert people.viva.call("GET", "/v1/search", headers=people.other, params=inside)["hits"] == []
