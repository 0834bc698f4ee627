"""API keys. The secret is shown once; its SHA-256 is stored.

A plain hash is enough: a secret has 256 random bits, so there is nothing to guess and nothing for a salt to spread.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select, update

from app.domain.errors import CandidateNotFound, KeyNotFound
from app.persistence.records import ApiKey, IssuedKey
from app.persistence.repositories.rows import Repository
from app.persistence.tables import api_keys, candidates

_SECRET = re.compile(r"viva_[A-Za-z0-9_-]{43}")
_PREFIX_LENGTH = len("viva_") + 8
_COLUMNS = [column for column in api_keys.c if column.name != "hash"]


class Keys(Repository):
    """API keys of candidates."""

    async def create(self, candidate_id: str, *, key_id: str, now: datetime) -> IssuedKey:
        """A new key; its secret cannot be had again. Raises `CandidateNotFound`."""
        owner = await self._connection.execute(select(candidates.c.id).where(candidates.c.id == candidate_id))
        if owner.one_or_none() is None:
            raise CandidateNotFound(candidate_id)
        secret = "viva_" + secrets.token_urlsafe(32)
        key = ApiKey(key_id, candidate_id, secret[:_PREFIX_LENGTH], now)
        await self._connection.execute(
            insert(api_keys).values(
                id=key.id, candidate_id=candidate_id, hash=_hash(secret), prefix=key.prefix, created_at=now
            )
        )
        return IssuedKey(key, secret)

    async def find(self, secret: str) -> ApiKey | None:
        """The key of a secret, unless it is unknown or revoked.

        The database looks up by the prefix, which is no secret; the rest is compared here in constant time.
        """
        if not _SECRET.fullmatch(secret):
            return None
        rows = await self._connection.execute(
            select(api_keys).where(api_keys.c.prefix == secret[:_PREFIX_LENGTH], api_keys.c.revoked_at.is_(None))
        )
        wanted, found = _hash(secret), None
        for row in rows.mappings():
            if hmac.compare_digest(str(row["hash"]), wanted):
                found = ApiKey(**{name: value for name, value in row.items() if name != "hash"})
        return found

    async def list(self, candidate_id: str) -> tuple[ApiKey, ...]:
        """All keys of a candidate, oldest first, revoked ones too."""
        rows = await self._connection.execute(
            select(*_COLUMNS)
            .where(api_keys.c.candidate_id == candidate_id)
            .order_by(api_keys.c.created_at, api_keys.c.id)
        )
        return tuple(ApiKey(**row) for row in rows.mappings())

    async def revoke(self, key_id: str, *, candidate_id: str, now: datetime) -> None:
        """The key opens nothing any more. Again is fine. Raises `KeyNotFound`."""
        mine = (api_keys.c.id == key_id, api_keys.c.candidate_id == candidate_id)
        if (await self._connection.execute(select(api_keys.c.id).where(*mine))).one_or_none() is None:
            raise KeyNotFound(key_id)
        await self._connection.execute(
            update(api_keys).where(*mine, api_keys.c.revoked_at.is_(None)).values(revoked_at=now)
        )


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
