"""Serves Viva in a process of its own, to be killed.

A start takes a second or two: the process is forked from one that has imported everything already, and the embedder is a
double. The listening socket is handed down, so that clients find an address while nobody serves it.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import uvicorn

from app.llm.openai_model import OpenAIModel
from app.main import Parts, create_app
from app.settings import Settings, Telemetry
from tests.support.embedders import HashingEmbedder
from tests.support.fake_openai import KEY, MODEL
from tests.support.serving import settings_for


def killable_settings(folder: Path) -> Settings:
    """The settings of the process, for whoever prepares the folder."""
    return settings_for(folder, telemetry=Telemetry(level="WARNING", json_lines=True))


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.killable", "chromadb", "openai"])


def start(folder: Path, listener: socket.socket, model_url: str, log: Path) -> ForkServerProcess:
    """The process; database and index are in `folder` already. What it says goes to the end of `log`."""
    process = _FORKS.Process(target=_serve, args=(folder, listener, model_url, log), daemon=True)
    process.start()
    return process


def _serve(folder: Path, listener: socket.socket, model_url: str, log: Path) -> None:
    """Serves until killed."""
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ |= {"ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1"}
    model = OpenAIModel(name=MODEL, base_url=model_url, api_key=KEY)
    parts = Parts(embedder=HashingEmbedder(max_words=10_000), interviewer=model, judge=model)
    app = create_app(killable_settings(folder), parts)
    uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[listener])
