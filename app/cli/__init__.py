"""The command `viva`."""

from __future__ import annotations

import os
import sys

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
        console.print(f"[red]{type(error).__name__}[/]: ", end="")
        console.print(str(error), markup=False, highlight=False)
        sys.exit(1)
