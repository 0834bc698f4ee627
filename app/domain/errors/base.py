"""What every expected error is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class VivaError(Exception):
    """Base of all expected errors. `str(error)` says what to do and is safe to show."""

    def __str__(self) -> str:
        """The message for the person who meets it."""
        return self.__doc__ or type(self).__name__
