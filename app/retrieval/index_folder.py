"""The folder of the embedded index: kept from a second process, and rid of what Chroma leaves behind.

Two processes on one folder lose data without any error.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import uuid
from pathlib import Path

from app.domain.errors import IndexDamaged, IndexLocked

LOCK_NAME = "viva.lock"


class FolderLock:
    """Held from creation to `release()`. The operating system lets go of it when its holder dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        """Takes the lock of a folder that exists.

        Raises:
            IndexLocked: Someone holds it.
        """
        path = folder / LOCK_NAME
        self._file = path.open("a+", encoding="utf-8")
        try:
            _take(self._file.fileno())
        except OSError as error:
            self._file.close()
            raise IndexLocked(str(folder), _holder(path)) from error
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"process {os.getpid()}")
        self._file.flush()

    def release(self) -> None:
        """Gives the folder back. The file stays: removing it would let two processes lock two files of one name."""
        self._file.close()


def remove_orphans(folder: Path) -> None:
    """Removes the vector files of deleted collections, which Chroma 1.5 leaves behind. Only before it is opened.

    Does nothing where the database is not laid out as expected.

    Raises:
        IndexDamaged: The database cannot be read. Found here, since Chroma would keep a half-opened client for the
            folder, and fail in other words at the next attempt.
    """
    database = folder / "chroma.sqlite3"
    if not database.is_file():
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            used = {str(row[0]) for row in connection.execute("SELECT id FROM segments")}
    except sqlite3.OperationalError:
        return
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(str(folder)) from error
    for child in folder.iterdir():
        with contextlib.suppress(ValueError):
            if child.is_dir() and str(uuid.UUID(child.name)) == child.name and child.name not in used:
                shutil.rmtree(child)


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()[:80]
    except OSError:
        return ""


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        # A byte far behind the text, which others may then still read.
        os.lseek(descriptor, 4096, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
