"""A link that shows strangers what was chosen of one interview, until it is revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A link without its token, which is not stored."""

    id: str
    interview_id: str
    label: str
    """For the list of whoever made it."""
    transcript: bool
    report: bool
    questions: tuple[str, ...] | None
    """Ids of those that are shown; None for all."""
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_read_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it shows anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class IssuedShare:
    """A new link. This is the only time that its token is seen."""

    share: Share
    token: str

    def __repr__(self) -> str:
        return f"IssuedShare(share={self.share!r}, token='***')"
