"""Settings, and who may ask for what."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class KeyNotFound(VivaError):
    """An API key was named that is not stored, or is another candidate's."""

    key_id: str

    def __str__(self) -> str:
        """Says what may have happened."""
        return f"There is no API key '{self.key_id}' of this candidate."


@dataclass
class SettingsInvalid(VivaError):
    """Viva cannot start with these settings."""

    problems: tuple[str, ...]

    def __str__(self) -> str:
        """One line a problem."""
        return "These settings cannot be used:\n" + "\n".join(f"  {problem}" for problem in self.problems)


@dataclass
class OriginRefused(VivaError):
    """A page of another site tried to change something here."""

    origin: str

    def __str__(self) -> str:
        """Names the page's origin, as its browser told it."""
        said = self.origin or "a page that does not say where it is from"
        return f"Nothing was changed: the request was sent by {said}. Use Viva's own pages, or send a key as a header."


@dataclass
class HostRefused(VivaError):
    """A server without keys was called by a name that is not this machine's own."""

    host: str

    def __str__(self) -> str:
        """Says which names there are."""
        return f"This server answers on this machine only, and not as '{self.host}'. Use http://127.0.0.1 or http://localhost."


@dataclass
class KeyInvalid(VivaError):
    """A request without an API key, or with one that is not valid."""

    def __str__(self) -> str:
        """Says which header is needed."""
        return "This server needs an API key: send 'Authorization: Bearer <key>'. 'viva key create' makes one."


@dataclass
class NotReady(VivaError):
    """The service has started and cannot work yet, or no longer."""

    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Says what is missing."""
        return "Not ready: " + "; ".join(each.rstrip(".") for each in self.reasons) + "."
