"""The service, opened in the terminal's own process where none is running."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app.terminal.client import Client, Refused


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application, served in this process on a free port of the loopback until the block ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    # Listening before the server is up: a client that comes early waits for it.
    listener.listen(128)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
    # No daemon, for its threads would be some too: one that is reading an answer when the process ends would abort it.
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=False)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise Refused("The server could not start; its log says why.")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def wait_until_ready(client: Client, console: Console) -> None:
    """Returns when interviews can begin; raises `Refused` with the server's reason after two minutes."""
    said = ""
    with console.status("Opening models and index"):
        for _ in range(240):
            try:
                client.call("GET", "/v1/health/ready")
            except Refused as refused:
                said = str(refused)
                time.sleep(0.5)
            else:
                return
    raise Refused(said)
