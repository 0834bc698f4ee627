"""What commands have in common: the console, a progress bar, the settings, the store."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.settings import Settings, load

if TYPE_CHECKING:
    from app.persistence.unit_of_work import Store

console = Console(stderr=True)
MoreCorpora = Annotated[
    list[Path] | None, typer.Option("--corpus", help="A folder of your own material; give it as often as needed.")
]


def settings_with(corpora: list[Path] | None = None) -> Settings:
    """The settings, with folders of the command line added; left in the environment for processes started from here."""
    if corpora:
        known = load().more_corpora
        added = [each.resolve() for each in corpora]
        os.environ["VIVA_MORE_CORPORA"] = json.dumps([str(each) for each in dict.fromkeys((*known, *added))])
    return load()


SAID_EVERY_S = 5.0
"""Where standard error is no terminal: seconds between two lines of progress."""


class Bar:
    """A progress bar that appears with the first step, for (done, total); where there is no terminal, a line every few seconds."""

    def __init__(self, title: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._title = title
        self._progress: Progress | None = None
        self._clock = clock
        self._said_at: float | None = None

    def __enter__(self) -> Callable[[int, int], None]:
        return self._step

    def _step(self, done: int, total: int) -> None:
        if not console.is_terminal:
            now = self._clock()
            if self._said_at is None:
                self._said_at = now
            elif now - self._said_at >= SAID_EVERY_S:
                self._said_at = now
                console.print(f"{self._title}: {done} of {total}", markup=False, highlight=False)
            return
        if self._progress is None:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(),
            )
            self._progress = Progress(*columns, console=console)
            self._progress.start()
            self._progress.add_task(self._title, total=total)
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()


async def with_store(use: Callable[[Store], Awaitable[None]]) -> None:
    """Lets it use the store of the settings, migrated."""
    from app.persistence import migrate as migrations
    from app.persistence.engine import open_engine
    from app.persistence.unit_of_work import Store

    settings = load()
    await asyncio.to_thread(migrations.upgrade, settings.database_url)
    store = Store(open_engine(settings.database_url))
    try:
        await use(store)
    finally:
        await store.close()
