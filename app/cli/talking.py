"""Commands that hold interviews: `serve`, `interview`, `practice`."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.cli.preparing import set_up
from app.cli.shared import MoreCorpora, console, settings_with
from app.domain.errors import IndexLocked, PlanImpossible, SettingsInvalid
from app.domain.interview import Mode, Seniority

if TYPE_CHECKING:
    from app.material.corpus import Corpus
    from app.terminal.client import Client

app = typer.Typer()
OF_A_NEW_INTERVIEW = ("role", "seniority", "company", "minutes", "mode", "resume", "rounds")
"""Options that say how an interview is to be."""


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
    _require_free(server.host, server.port)
    address = f"http://{server.host}:{server.port}"
    console.print(f"\n[bold]Viva[/] is starting on [bold]{address}[/]  (ready in some seconds; Ctrl-C stops it)")
    command = _called_as()
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


def _require_free(host: str, port: int) -> None:
    """Said before models are opened, and with what to do: the web server would say it after them, and as a number."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            if os.name == "posix":
                # As the web server does: a port that was left a moment ago is free.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            says = f"port {port} of {host} is taken, perhaps by a Viva that runs already"
        else:
            says = f"{host}:{port} cannot be listened on: {error.strerror}"
        raise SettingsInvalid((f"{says}. Choose another with --port or VIVA_SERVER__PORT",)) from error


def _called_as() -> str:
    """The command as it was typed, so that what is told can be typed too."""
    return Path(sys.argv[0]).as_posix()


@app.command()
def interview(
    context: typer.Context,
    role: Annotated[
        str, typer.Option(help="Such as data-scientist; a wrong one is answered by all there are.")
    ] = "ml-engineer",
    seniority: Annotated[Seniority, typer.Option(help="The level that answers are held against.")] = Seniority.MID,
    company: Annotated[str, typer.Option(help="As with roles; neutral for none in particular.")] = "neutral",
    minutes: Annotated[int, typer.Option(help="5 to 180.", min=5, max=180)] = 30,
    mode: Annotated[
        Mode, typer.Option(help="In practice the clock waits for you, in an exam it runs.")
    ] = Mode.PRACTICE,
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
    from app.terminal.talk import talk

    # Compared by name: Typer carries its own copy of click's enumeration.
    sources = {name: context.get_parameter_source(name) for name in OF_A_NEW_INTERVIEW}
    given = [f"--{name}" for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    if continue_ and given:
        raise typer.BadParameter(
            f"the interview is there already; leave out {', '.join(given)}", param_hint="--continue"
        )
    out = Console()
    command = f"{_called_as()} interview" + (f" --url {url}" if url else "")
    chosen = [each.strip() for each in rounds.split(",") if each.strip()]
    wish = {
        "role": role,
        "seniority": seniority,
        "company": company,
        "minutes": minutes,
        "mode": mode,
        "rounds": chosen,
    }

    def check(material: Corpus) -> None:
        if not continue_:
            _require_choices(material, role, seniority, company, minutes, chosen, with_resume=resume is not None)

    _with_server(
        lambda client: talk(client, out, wish, resume=resume, continue_id=continue_, command=command),
        out,
        url,
        api_key,
        corpus,
        check,
    )


def _require_choices(
    corpus: Corpus,
    role: str,
    seniority: Seniority,
    company: str,
    minutes: int,
    rounds: Sequence[str],
    *,
    with_resume: bool,
) -> None:
    """Said before models are opened; the server would say it too, a minute later.

    Raises:
        RoleUnknown, CompanyUnknown, RoundUnknown: with what there is.
        PlanImpossible: nothing fits all of it.
    """
    from app.interviewing.planning import Wish, make_plan
    from app.interviewing.setup import Setup, check_setup

    check_setup(corpus, Setup(role, company=company))
    try:
        make_plan(corpus, Wish(role, seniority, company, minutes, 0, tuple(rounds)), None)
    except PlanImpossible:
        # Some rounds are about a resume, which is read by the server.
        if not with_resume:
            raise


@app.command()
def practice(
    minutes: Annotated[int, typer.Option(help="What the drill is to fit into: 3 to 60.", min=3, max=60)] = 10,
    only_list: Annotated[bool, typer.Option("--list", help="Show the queue and begin nothing.")] = False,
    url: Annotated[str, typer.Option(help="A running server; empty to start one for this drill.")] = "",
    api_key: Annotated[str, typer.Option(help="Key for a server that has them on.")] = "",
    corpus: MoreCorpora = None,
) -> None:
    """Practise in this terminal: what is in the queue, a drill on it, and what changed by it."""
    from app.terminal.practice import practise

    out = Console()
    _with_server(lambda client: practise(client, out, minutes=minutes, only_list=only_list), out, url, api_key, corpus)


def _with_server(
    do: Callable[[Client], None],
    out: Console,
    url: str,
    api_key: str,
    corpus: list[Path] | None,
    check: Callable[[Corpus], None] | None = None,
) -> None:
    """Does it with a client of the server at `url`, or of one that is started for it; a refusal ends the command with 1.

    `check` refuses what does not fit the material, before anything is opened; a running server does that itself, at once.
    """
    from app.material.load import load as load_corpus
    from app.terminal.client import Client, Refused
    from app.terminal.served import served, wait_until_ready

    if url and corpus:
        raise typer.BadParameter(
            "a running server has its own material; leave out --corpus or --url", param_hint="--corpus"
        )
    try:
        if url:
            with Client(url, api_key) as client:
                do(client)
            return
        settings = settings_with(corpus)
        material = load_corpus(settings.corpus, settings.more_corpora)
        if check is not None:
            check(material)
        set_up(settings, material)
        from app.main import create_app

        quiet = settings.telemetry.model_copy(update={"level": "ERROR"})
        quiet_app = create_app(settings.model_copy(update={"telemetry": quiet}))
        with served(quiet_app) as address, Client(address, api_key) as client:
            wait_until_ready(client, out)
            do(client)
    except Refused as refused:
        out.print(str(refused), style="red", markup=False)
        raise typer.Exit(1) from None
    except IndexLocked as locked:
        out.print(f"{locked} If that is a Viva that serves, talk to it: add --url and its address.", markup=False)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, EOFError):
        out.print("\nLeft. Everything said so far is stored.")
