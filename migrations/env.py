"""What Alembic runs. `app.persistence.migrate` hands a connection in; on the command line the database is named.

alembic -x url=sqlite:///viva.db revision --autogenerate -m "what changed"
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from app.persistence.migrate import migrating
from app.persistence.tables import BESIDE, metadata


def render_item(kind: str, item: Any, _autogenerate: object) -> str | Literal[False]:
    """Plain types in the scripts: a migration must not change when the code's own types do."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def include_name(name: str | None, _kind: str, _parents: object) -> bool:
    """Leaves alone what one database has beside the tables of the code."""
    return name not in BESIDE


def run(connection: Connection) -> None:
    """Runs inside the transaction of the connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if url is None:
        raise CommandError("Name the database: alembic -x url=sqlite:///viva.db ...")
    with migrating(url) as own:
        run(own)
