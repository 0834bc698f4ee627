"""What is typed or pasted in a terminal, and code read from a file that is named there."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from rich.console import Console

from app.terminal.client import Refused

_MOST_BYTES = 1_000_000
"""Of a file of code: far more than is taken, so that the refusal comes from the server and says its limit."""


def typed(console: Console) -> str:
    """What is typed: in a terminal with arrow keys, in any length, and what is pasted as one, over several lines too."""
    if not (console.is_terminal and sys.stdin.isatty() and _edits_lines()):
        return console.input("[bold green]You[/]   ")
    # A prompt that the console wrote would be overwritten: readline counts columns from its own.
    return input("You   ")


@cache
def _edits_lines() -> bool:
    """Whether there is readline, which is then at work. Without it the system cuts a line at 4,095 characters."""
    try:
        import readline
    except ImportError:  # on Windows
        return False
    # CPython switches it off; with it a paste of several lines is one answer.
    readline.parse_and_bind("set enable-bracketed-paste on")
    return True


def read_code(name: str) -> str:
    """The text of a file; raises `Refused` where there is none."""
    path = Path(name.strip().strip("'\"")).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path} is no text in UTF-8.") from None
