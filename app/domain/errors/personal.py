"""What people add to their interviews, share, and take away or bring back."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class AnnotationNotFound(VivaError):
    """An annotation was asked for that the interview does not have."""

    annotation_id: str

    def __str__(self) -> str:
        """Says where they are listed."""
        return f"This interview has no annotation '{self.annotation_id}'. GET .../annotations lists those that it has."


@dataclass
class ShareNotFound(VivaError):
    """A link that is wrong, expired, revoked, or of something that is gone: to a stranger they are all alike."""

    def __str__(self) -> str:
        """Says no more than that it opens nothing."""
        return (
            "This link opens nothing: it is wrong, or it is not open any more. Ask whoever gave it to you for another."
        )


@dataclass
class PlaceInvalid(VivaError):
    """Words were marked that are no place in a turn."""

    reason: str

    def __str__(self) -> str:
        """Says what is wrong with the place."""
        return (
            f"These words cannot be marked: {self.reason}. Mark a place of a turn of this interview, start before end."
        )


@dataclass
class TooMany(VivaError):
    """Something is kept in numbers, and there are as many as may be."""

    what: str
    limit: int

    def __str__(self) -> str:
        """Says how many there may be."""
        return f"There are {self.limit} {self.what} already, and no more are kept. Delete some that you need no longer."


@dataclass
class DataInvalid(VivaError):
    """A document of somebody's data does not hold together."""

    place: str
    """Where in the document: `turns[3].spans`."""
    says: str

    def __str__(self) -> str:
        """Says where, and what is wrong there."""
        return f"This document of your data cannot be read at {self.place}: {self.says}. Nothing was stored."


@dataclass
class DataVersionUnknown(VivaError):
    """A document of somebody's data is of another kind than is read."""

    found: str
    known: str

    def __str__(self) -> str:
        """Says what is read."""
        return f"This document is '{self.found}', and this Viva reads '{self.known}'. Nothing was stored."
