"""Writers of one interview on a real PostgreSQL: they wait for each other there as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.support.serving import Talker, serving

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

pytest_plugins = ["tests.support.postgres"]
pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva"), url=postgres.migrated_database()) as talker:
        yield talker


def test_many_tabs_and_a_close_leave_one_story(viva: Talker) -> None:
    for _ in range(5):
        interview = viva.begin(rounds=["fundamentals"], minutes=20)
        gate = threading.Barrier(5)

        def act(number: int, path: str = f"/v1/interviews/{interview['id']}", gate: threading.Barrier = gate) -> int:
            with httpx2.Client(base_url=str(viva.http.base_url), timeout=30) as http:
                gate.wait()
                if number == 0:
                    return http.post(f"{path}/close").status_code
                body = {"text": f"Tab {number} says this.", "in_reply_to": 1}
                return http.post(f"{path}/turns", json=body, headers={"Idempotency-Key": "one"}).status_code

        with ThreadPoolExecutor(5) as pool:
            outcomes = list(pool.map(act, range(5)))
        assert outcomes[0] == 200
        assert set(outcomes[1:]) <= {200, 409}
        turns = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
        assert len([turn for turn in turns if turn["speaker"] == "candidate"]) <= 1
        assert [turn["seq"] for turn in turns] == list(range(1, len(turns) + 1))
        assert viva.report(interview["id"])["interview"]["state"] == "closed"
