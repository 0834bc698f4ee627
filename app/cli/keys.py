"""`viva key`: who may use a server that asks for keys."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.shared import console, with_store

if TYPE_CHECKING:
    from app.persistence.unit_of_work import Store

key = typer.Typer(no_args_is_help=True, help="API keys, for servers that have them on.")


@key.command()
def create(label: Annotated[str, typer.Argument(help="Whose key it is, for your own list.")] = "") -> None:
    """Create a candidate with an API key; the key is shown once."""
    asyncio.run(with_store(partial(_create_key, label)))


async def _create_key(label: str, store: Store) -> None:
    from app.persistence.records import Candidate

    now = datetime.now(UTC)
    async with store.write() as work:
        candidate = Candidate(uuid.uuid4().hex, now, label)
        await work.candidates.add(candidate)
        issued = await work.keys.create(candidate.id, key_id=uuid.uuid4().hex, now=now)
        await work.commit()
    console.print(f"candidate {candidate.id}, key {issued.key.id}. The key itself, shown only now:")
    print(issued.secret)


@key.command()
def revoke(candidate_id: str, key_id: str) -> None:
    """Make a key useless."""
    asyncio.run(with_store(partial(_revoke_key, candidate_id, key_id)))


async def _revoke_key(candidate_id: str, key_id: str, store: Store) -> None:
    async with store.write() as work:
        await work.keys.revoke(key_id, candidate_id=candidate_id, now=datetime.now(UTC))
        await work.commit()
    console.print("revoked")
