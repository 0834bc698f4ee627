"""What the store needs before interviews begin."""

from __future__ import annotations

from app.api.dependencies import Services
from app.persistence import migrate
from app.persistence.unit_of_work import Store


def require_schema(url: str) -> None:
    """Brings the database to its schema where it is not there yet."""
    if not migrate.is_current(url):
        migrate.upgrade(url)


async def ensure_local(held: Services) -> None:
    """There is the one candidate of a laptop."""
    async with held.store.write() as work:
        await work.candidates.ensure_local(now=held.now())
        await work.commit()


async def make_findable(store: Store) -> None:
    """Turns and scores from before there was a search, or that older rules cut into words, are found as well."""
    filled = 1
    while filled:
        async with store.write() as work:
            filled = await work.searches.fill() + await work.searches.fill_states()
            await work.commit()


async def release(store: Store, owner: str) -> None:
    """What this owner was judging when it ended is free again."""
    async with store.write() as work:
        await work.assessments.release_all_of(owner)
        await work.commit()
