"""The command `viva`."""

from __future__ import annotations

import errno
import os
import sys
from typing import NoReturn

import typer

from app.cli import judging, keys, material, preparing, talking, training
from app.cli.shared import console
from app.domain.errors import VivaError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Viva, a mock machine-learning interviewer.")
for commands in (preparing, talking, material, judging, training):
    app.add_typer(commands.app)
app.add_typer(keys.key, name="key")


def main() -> None:
    """Runs the command; expected errors are said in one line, without a trace."""
    # Nothing that a library would send home by itself.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except VivaError as error:
        _end(type(error).__name__, str(error))
    except OSError as error:
        if error.filename is None and error.errno != errno.ENOSPC:
            raise
        # A file or a folder that cannot be used, or a full disk: nothing that a trace would explain.
        _end("Cannot go on", f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))


def _end(what: str, says: str) -> NoReturn:
    console.print(f"[red]{what}[/]: ", end="")
    console.print(says, markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)
