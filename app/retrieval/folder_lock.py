"""Keeps a second process out of a folder. The operating system lets go of it when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.domain.errors import IndexLocked

LOCK_NAME = "viva.lock"


class FolderLock:
    """Held from creation to `release()`.

    Protects the embedded index: two processes on one folder lose data without any error.
    """

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
