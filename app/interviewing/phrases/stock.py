"""How one thing is said in several ways."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stock:
    """Ways to say one thing, the usual one first."""

    ways: tuple[str, ...]
    needed: bool = False
    """Said again, the oldest way first, once all are used up; otherwise left out then."""

    @property
    def usual(self) -> str:
        """The way that is put into a move; `fresh` exchanges it where it was heard."""
        return self.ways[0]
