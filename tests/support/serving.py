"""The whole application on a real port, in this process, with doubles only where a test asks for them."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from app.main import Parts, create_app
from app.material.load import load
from app.persistence import migrate
from app.retrieval.embedder import Embedder
from app.settings import Database, Judge, ModelGroup, SandboxGroup, Server, Settings
from app.terminal.served import served
from app.wiring.reading import VECTORS, ingest_passages, learn_sentences
from tests.support.embedders import HashingEmbedder
from tests.support.processes import CORES

ROOT = Path(__file__).resolve().parents[2]


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings with everything in `folder` and no model."""
    plain = Settings(
        _env_file=None,
        data_dir=folder,
        corpus=ROOT / "corpus",
        prompts=ROOT / "prompts",
        server=Server(grace_s=2.0, cpu_cores=CORES),
        interviewer=ModelGroup(provider="none"),
        judge=Judge(provider="none"),
        sandbox=SandboxGroup(prepare=False),
    )
    return plain.model_copy(update=changes)


@contextmanager
def serving(
    folder: Path,
    *,
    parts: Parts | None = None,
    embedder: Callable[[Settings], Embedder] | None = None,
    url: str = "",
    keys: bool = False,
    **changes: Any,
) -> Iterator[Talker]:
    """A running Viva with its database migrated and its index built, ready for interviews.

    `embedder` makes a real one from the settings; without it, and without one in `parts`, words are hashed.
    """
    chosen = parts or Parts(embedder=HashingEmbedder(max_words=10_000))
    changes["server"] = Server(grace_s=2.0, cpu_cores=CORES, api_keys=keys)
    if url:
        changes["database"] = Database(url=url)
    settings = settings_for(folder, **changes)
    migrate.upgrade(settings.database_url)
    reading = embedder(settings) if embedder else chosen.embedder
    assert reading is not None
    ingest_passages(settings, reading)
    if embedder:
        _learn(settings, reading)
    with served(create_app(settings, chosen)) as address, httpx2.Client(base_url=address, timeout=30) as http:
        talker = Talker(http, settings)
        talker.wait_until_ready()
        yield talker


def _learn(settings: Settings, embedder: Embedder) -> None:
    """What `viva ingest` does for the rubrics' sentences; those that it did for this checkout are taken over."""
    made = ROOT / ".viva" / VECTORS
    if made.is_dir():
        shutil.copytree(made, settings.data_dir / VECTORS, dirs_exist_ok=True)
    learn_sentences(settings, embedder, load(settings.corpus))


@dataclass
class Talker:
    """A client for tests: the same calls as any other client, with the checks that every answer must pass."""

    http: httpx2.Client
    settings: Settings
    headers: dict[str, str] = field(default_factory=dict)

    def wait_until_ready(self, timeout_s: float = 240.0) -> None:
        """Waits for as long as it takes on a machine that others keep busy; a start that failed says so at once."""
        ends = time.monotonic() + timeout_s
        while True:
            response = self.http.get("/v1/health/ready")
            if response.status_code == 200:
                return
            if time.monotonic() > ends or "fault" in response.text:
                raise AssertionError(f"not ready: {response.text}")
            time.sleep(0.05)

    def call(self, method: str, path: str, status: int = 200, **arguments: Any) -> Any:
        headers = {**self.headers, **arguments.pop("headers", {})}
        response = self.http.request(method, path, headers=headers, **arguments)
        assert response.status_code == status, f"{method} {path}: {response.status_code} {response.text}"
        if response.status_code >= 400:
            assert response.headers["content-type"].startswith("application/problem+json")
            body = response.json()
            assert {"type", "title", "status", "detail"} <= set(body)
            assert body["status"] == status
            return body
        if response.content and response.headers.get("content-type", "").startswith("application/json"):
            return response.json()
        return response.text

    def begin(self, **wish: Any) -> Any:
        return self.call("POST", "/v1/interviews", 201, json={"role": "ml-engineer", "seed": 7, **wish})

    def say(self, interview_id: str, text: str, status: int = 200, **arguments: Any) -> Any:
        return self.call("POST", f"/v1/interviews/{interview_id}/turns", status, json={"text": text}, **arguments)

    def stream(self, interview_id: str, text: str, key: str = "", **headers: str) -> list[tuple[str, dict[str, Any]]]:
        sent = {**self.headers, "Accept": "text/event-stream", **({"Idempotency-Key": key} if key else {}), **headers}
        path = f"/v1/interviews/{interview_id}/turns"
        with self.http.stream("POST", path, json={"text": text}, headers=sent) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            return list(events(response.iter_lines()))

    def report(self, interview_id: str, timeout_s: float = 30.0) -> Any:
        """The report, once it is complete."""
        ends = time.monotonic() + timeout_s
        while True:
            status = self.call("GET", f"/v1/interviews/{interview_id}/report/status")
            if status["complete"]:
                return self.call("GET", f"/v1/interviews/{interview_id}/report")
            assert time.monotonic() < ends, f"{status['pending']} judgements are still pending"
            time.sleep(0.05)


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Server-sent events: (id, data). Stricter than a browser: each must have id, event and data, and agree."""
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            assert name in {"id", "event", "data"}, line
            assert name not in fields
            fields[name] = value
        elif fields:
            assert set(fields) == {"id", "event", "data"}
            data = json.loads(fields["data"])
            assert data["event"] == fields["event"]
            yield fields["id"], data
            fields = {}
