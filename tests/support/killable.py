"""Serves Viva in a process of its own, to be killed. Starts in two or three seconds: the embedder is a double.

`python -m tests.support.killable FOLDER DESCRIPTOR MODEL_URL`: everything is kept in FOLDER, whose database and index are
there already; the listening socket is inherited under DESCRIPTOR, so that clients find an address while nobody serves it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import uvicorn

from app.llm.openai_model import OpenAIModel
from app.main import Parts, create_app
from app.settings import Settings, Telemetry
from tests.support.embedders import HashingEmbedder
from tests.support.fake_openai import KEY, MODEL
from tests.support.serving import ROOT, settings_for


def killable_settings(folder: Path) -> Settings:
    """The settings of the process, for whoever prepares the folder."""
    return settings_for(folder, telemetry=Telemetry(level="WARNING", json_lines=True))


def start(folder: Path, listener: socket.socket, model_url: str, log: Path) -> subprocess.Popen[bytes]:
    """The process; what it says goes to the end of `log`."""
    descriptor = listener.fileno()
    command = [sys.executable, "-m", "tests.support.killable", str(folder), str(descriptor), model_url]
    with log.open("ab") as said:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            pass_fds=[descriptor],
            stdout=said,
            stderr=said,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1"},
        )


def main(folder: Path, descriptor: int, model_url: str) -> None:
    """Serves until killed."""
    model = OpenAIModel(name=MODEL, base_url=model_url, api_key=KEY)
    parts = Parts(embedder=HashingEmbedder(max_words=10_000), interviewer=model, judge=model)
    app = create_app(killable_settings(folder), parts)
    uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
