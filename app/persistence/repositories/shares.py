"""Links that show what was chosen of an interview. The token is shown once; its SHA-256 is stored."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, insert, select, update

from app.domain.errors import ShareNotFound, TooMany
from app.domain.share import IssuedShare, Share
from app.persistence.repositories.rows import Repository, row_of
from app.persistence.tables import interviews, shares

MAX_SHARES = 100
"""Of one interview, revoked ones too."""
_COLUMNS = [column for column in shares.c if column.name != "token_hash"]


class Shares(Repository):
    """Links. Whose interview it is was asked before, but for `open`."""

    async def issue(self, share: Share) -> IssuedShare:
        """A new link; its token cannot be had again. Raises `TooMany`."""
        found = await self._connection.execute(
            select(func.count()).select_from(shares).where(shares.c.interview_id == share.interview_id)
        )
        if found.scalar_one() >= MAX_SHARES:
            raise TooMany("links", MAX_SHARES)
        # 256 random bits: nothing to guess, and nothing for a salt to spread.
        token = secrets.token_urlsafe(32)
        await self.add(share, token_hash=_hash(token))
        return IssuedShare(share, token)

    async def add(self, share: Share, *, token_hash: str) -> None:
        """Stores a link under the hash of its token."""
        await self._connection.execute(insert(shares).values(**row_of(share), token_hash=token_hash))

    async def open(self, token: str, *, now: datetime) -> Share:
        """The link of a token.

        Raises:
            ShareNotFound: it is wrong, expired or revoked, all alike. The look-up is by a hash, whose time tells nothing.
        """
        found = await self._connection.execute(select(*_COLUMNS).where(shares.c.token_hash == _hash(token)))
        row = found.mappings().one_or_none()
        share = Share(**row) if row is not None else None
        if share is None or not share.is_open(now):
            raise ShareNotFound
        return share

    async def was_read(self, share_id: str, *, now: datetime) -> None:
        """Somebody looked."""
        await self._connection.execute(update(shares).where(shares.c.id == share_id).values(last_read_at=now))

    async def list(self, candidate_id: str, *, interview_id: str | None = None) -> tuple[Share, ...]:
        """The candidate's links, newest first; of one interview, or of all."""
        of_one = [] if interview_id is None else [shares.c.interview_id == interview_id]
        rows = await self._connection.execute(
            select(*_COLUMNS)
            .join(interviews, interviews.c.id == shares.c.interview_id)
            .where(interviews.c.candidate_id == candidate_id, *of_one)
            .order_by(shares.c.created_at.desc(), shares.c.id)
        )
        return tuple(Share(**row) for row in rows.mappings())

    async def revoke(self, interview_id: str, share_id: str, *, now: datetime) -> None:
        """The link opens nothing any more. Again is fine. Raises `ShareNotFound`."""
        mine = (shares.c.id == share_id, shares.c.interview_id == interview_id)
        if (await self._connection.execute(select(shares.c.id).where(*mine))).one_or_none() is None:
            raise ShareNotFound
        await self._connection.execute(
            update(shares).where(*mine, shares.c.revoked_at.is_(None)).values(revoked_at=now)
        )


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
