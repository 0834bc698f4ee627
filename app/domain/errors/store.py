"""The database."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class LeaseLost(VivaError):
    """Work was finished or prolonged by one who no longer holds it: the lease ran out, or the interview was deleted."""

    work: str
    """`reply` or `assessment`."""
    work_id: str
    owner: str

    def __str__(self) -> str:
        """Says that nothing was stored."""
        return f"The lease on {self.work} {self.work_id} is no longer held, so its result was not stored."


@dataclass
class TextUnstorable(VivaError):
    """A text holds a character that no database here can keep."""

    character: str
    """Its code point: `U+0000`, or a lone surrogate such as `U+D83D`."""

    def __str__(self) -> str:
        """Says what to remove."""
        return f"The text holds {self.character}, a character that cannot be stored. Remove it and send the text again."


@dataclass
class StoreBusy(VivaError):
    """The database was locked for longer than the store waits, or chose this transaction to give way."""

    def __str__(self) -> str:
        """Says to try again."""
        return "The database is busy. Nothing was stored by this request; send it again in a moment."


@dataclass
class StoreUnavailable(VivaError):
    """The database cannot be used."""

    reason: str
    """In our words, without address, user or password."""

    def __str__(self) -> str:
        """Says why, and what the operator can do."""
        return f"The database cannot be used: {self.reason}."


@dataclass
class StoreUrlInvalid(VivaError):
    """The address of the database is none that Viva can use."""

    reason: str

    def __str__(self) -> str:
        """Shows the two forms there are."""
        return (
            f"The database URL cannot be used: {self.reason}. "
            "Give sqlite:///path/to/viva.db, or postgresql://user:password@host/name."
        )


@dataclass
class SchemaUnknown(VivaError):
    """The database was built by a newer version of Viva."""

    found: str

    def __str__(self) -> str:
        """Says what to install."""
        return (
            f"The database was built by a newer version of Viva (its schema is '{self.found}'). Install that version."
        )
