"""A person's whole stay on a running server with keys: held, searched, shared, taken along, deleted, brought back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from app.persistence.records import Candidate
from app.persistence.unit_of_work import open_store
from tests.support.serving import Talker, serving

MARKER = "q7zmarkerz7q"
TAIL = b"markerz7q"
ANSWER = f"Leakage is when a feature knows the target, as in my {MARKER} project, so I split by time first."


async def _key(viva: Talker, name: str) -> dict[str, str]:
    store = open_store(viva.settings.database_url)
    now = datetime.now(UTC)
    async with store.write() as work:
        await work.candidates.add(Candidate(name, now, name))
        issued = await work.keys.create(name, key_id=f"key-{name}-{now.timestamp():.0f}", now=now)
        await work.commit()
    await store.close()
    return {"Authorization": f"Bearer {issued.secret}"}


def _files_with(folder: Path) -> list[str]:
    return [str(file) for file in folder.rglob("*") if file.is_file() and TAIL in file.read_bytes()]


def test_a_persons_data_leave_and_come_back(tmp_path: Path) -> None:
    with serving(tmp_path / "viva", keys=True) as viva:
        viva.headers = asyncio.run(_key(viva, "leaver"))
        upload = {"file": ("cv.md", f"# Person\n\n## Projects\n\n### Churn\n- Built {MARKER} model\n".encode())}
        resume = viva.call("POST", "/v1/resumes", 201, files=upload)
        interview = viva.begin(resume_id=resume["id"], rounds=["fundamentals"])
        viva.say(interview["id"], ANSWER)
        path = f"/v1/interviews/{interview['id']}"
        viva.call("POST", f"{path}/close")
        viva.report(interview["id"])
        elsewhere = {"transcript": f"Interviewer: What is leakage?\nCandidate: {ANSWER}", "title": MARKER}
        brought = viva.call("POST", "/v1/interviews/import", 201, json=elsewhere)
        assert brought["interview"]["origin"] == "elsewhere"
        note = {"turn_id": viva.call("GET", f"{path}/turns")["turns"][1]["id"], "text": MARKER}
        viva.call("POST", f"{path}/annotations", 201, json=note)
        link = viva.call("POST", f"{path}/shares", 201, json={"transcript": True, "report": True})["token"]
        assert MARKER in str(viva.call("GET", f"/v1/shared/{link}", headers={"Authorization": ""}))
        assert viva.call("GET", "/v1/search", params={"q": MARKER, "speaker": "candidate"})["total"] == 2
        rescored = viva.call("POST", f"{path}/rescore", json={"dry_run": True})
        assert rescored["error"] == ""
        document = viva.call("GET", "/v1/me/export")
        assert _files_with(tmp_path)

        viva.call("DELETE", "/v1/me?confirm=everything", 204)
        assert _files_with(tmp_path) == []
        viva.call("GET", "/v1/me", 401)
        viva.call("GET", f"/v1/shared/{link}", 404)

        viva.headers = asyncio.run(_key(viva, "leaver"))
        assert viva.call("GET", "/v1/interviews")["interviews"] == []
        viva.call("POST", "/v1/me/import", json=document)
        assert viva.call("GET", "/v1/me/export") == document
        assert viva.call("GET", "/v1/search", params={"q": MARKER, "speaker": "candidate"})["total"] == 2
        assert viva.report(interview["id"])["complete"]


def test_one_interview_is_deleted_by_its_page_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    with serving(tmp_path / "viva") as viva:
        kept, gone = viva.begin(rounds=["fundamentals"])["id"], viva.begin(rounds=["fundamentals"])["id"]
        viva.say(kept, "I split by time first, and the features are made afterwards.")
        viva.say(gone, ANSWER)
        viva.call("POST", f"/v1/interviews/{gone}/close")
        viva.report(gone)
        place = f"/v1/interviews/{gone}"
        turn = viva.call("GET", f"{place}/turns")["turns"][1]["id"]
        viva.call("POST", f"{place}/annotations", 201, json={"turn_id": turn, "text": MARKER})
        viva.call("PUT", f"{place}/reflection", json={"went_well": MARKER})
        link = viva.call("POST", f"{place}/shares", 201, json={"transcript": True, "report": True})["token"]
        viva.call("GET", "/v1/practice/queue")
        assert _files_with(tmp_path)
        page, confirm = (
            f"/interviews/{gone}/delete",
            {"data": {"sure": "yes"}, "headers": {"Origin": str(viva.http.base_url)}},
        )
        assert "1 answer of yours" in viva.call("GET", page)
        assert viva.http.post(page, headers=confirm["headers"]).status_code == 422
        assert viva.call("GET", place)["id"] == gone
        viva.call("POST", page, 303, **confirm)
        assert _files_with(tmp_path) == []
        for path in (place, f"{place}/report", f"/v1/shared/{link}"):
            viva.call("GET", path, 404)
        assert viva.call("GET", "/v1/search", params={"q": MARKER})["total"] == 0
        assert viva.call("GET", "/v1/practice/queue")["total"] == 0
        assert [each["id"] for each in viva.call("GET", "/v1/interviews")["interviews"]] == [kept]
        viva.call("POST", page, 404, **confirm)
