"""Commands that hold interviews: `serve`, `interview`, `practice`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.cli.preparing import setup
from app.cli.shared import MoreCorpora, console, settings_with
from app.domain.errors import SettingsInvalid
from app.settings import load

if TYPE_CHECKING:
    from app.terminal import Client

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    corpus: MoreCorpora = None,
) -> None:
    """Serve the web app and the API."""
    import uvicorn

    from app.main import create_app

    settings = settings_with(corpus)
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    server = settings.server.model_copy(update=changes)
    if server.host not in {"127.0.0.1", "::1", "localhost"} and not server.api_keys:
        raise SettingsInvalid(
            (f"{server.host} is reachable by others, and API keys are off: set VIVA_SERVER__API_KEYS=true",)
        )
    address = f"http://{server.host}:{server.port}"
    console.print(f"\n[bold]Viva[/] is starting on [bold]{address}[/]  (ready in some seconds; Ctrl-C stops it)")
    command = Path(sys.argv[0]).as_posix()
    console.print(f"  in a browser:              {address}", soft_wrap=True)
    console.print(f"  talk in another terminal:  {command} interview --resume your.pdf --url {address}", soft_wrap=True)
    console.print(f"  the API and how to use it: {address}/docs\n")
    if settings.workers > 1:
        uvicorn.run(
            "app.main:app_from_environment",
            factory=True,
            host=server.host,
            port=server.port,
            workers=settings.workers,
            log_config=None,
            timeout_graceful_shutdown=int(server.grace_s),
        )
        return
    uvicorn.run(
        create_app(settings.model_copy(update={"server": server})),
        host=server.host,
        port=server.port,
        log_config=None,
        timeout_graceful_shutdown=int(server.grace_s),
    )


@app.command()
def interview(
    role: Annotated[str, typer.Option(help="A role of GET /v1/catalog/roles.")] = "ml-engineer",
    seniority: Annotated[str, typer.Option(help="junior, mid, senior or staff.")] = "mid",
    company: Annotated[str, typer.Option(help="A company of GET /v1/catalog/companies.")] = "neutral",
    minutes: Annotated[int, typer.Option(help="5 to 180.")] = 30,
    mode: Annotated[str, typer.Option(help="practice or exam.")] = "practice",
    resume: Annotated[
        Path | None, typer.Option(help="PDF, DOCX, Markdown, text or JSON Resume.", exists=True, dir_okay=False)
    ] = None,
    rounds: Annotated[str, typer.Option(help="Comma-separated; empty for what role and company suggest.")] = "",
    continue_: Annotated[str, typer.Option("--continue", help="Id of an interview to go on with.")] = "",
    url: Annotated[str, typer.Option(help="A running server; empty to start one for this interview.")] = "",
    api_key: Annotated[str, typer.Option(help="Key for a server that has them on.")] = "",
    corpus: MoreCorpora = None,
) -> None:
    """Sit an interview in this terminal."""
    from app.terminal import talk

    out = Console()
    wish = {"role": role, "seniority": seniority, "company": company, "minutes": minutes, "mode": mode}
    wish = {**wish, "rounds": [each.strip() for each in rounds.split(",") if each.strip()]}
    _with_server(
        lambda client: talk(client, out, wish, resume=resume, continue_id=continue_), out, url, api_key, corpus
    )


@app.command()
def practice(
    minutes: Annotated[int, typer.Option(help="What the drill is to fit into: 3 to 60.", min=3, max=60)] = 10,
    only_list: Annotated[bool, typer.Option("--list", help="Show the queue and begin nothing.")] = False,
    url: Annotated[str, typer.Option(help="A running server; empty to start one for this drill.")] = "",
    api_key: Annotated[str, typer.Option(help="Key for a server that has them on.")] = "",
    corpus: MoreCorpora = None,
) -> None:
    """Practise in this terminal: what is in the queue, a drill on it, and what changed by it."""
    from app.terminal_practice import practise

    out = Console()
    _with_server(lambda client: practise(client, out, minutes=minutes, only_list=only_list), out, url, api_key, corpus)


def _with_server(do: Callable[[Client], None], out: Console, url: str, api_key: str, corpus: list[Path] | None) -> None:
    """Does it with a client of the server at `url`, or of one that is started for it; a refusal ends the command with 1."""
    from app.terminal import Client, Refused, served, wait_until_ready

    try:
        if url:
            with Client(url, api_key) as client:
                do(client)
            return
        setup(corpus)
        from app.main import create_app

        settings = load()
        quiet = settings.telemetry.model_copy(update={"level": "ERROR"})
        quiet_app = create_app(settings.model_copy(update={"telemetry": quiet}))
        with served(quiet_app) as address, Client(address, api_key) as client:
            wait_until_ready(client, out)
            do(client)
    except Refused as refused:
        out.print(str(refused), style="red", markup=False)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, EOFError):
        out.print("\nLeft. Everything said so far is stored.")
