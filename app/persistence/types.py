"""Column types. Each refuses on the way in what would not come out the same from every database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from app.domain.errors import TextUnstorable

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check_text(text: str) -> str:
    """`text` as it came.

    Raises `TextUnstorable` for U+0000, which PostgreSQL cannot keep, and for lone surrogates, which UTF-8 has not.
    """
    found = _UNSTORABLE.search(text)
    if found:
        raise TextUnstorable(f"U+{ord(found.group()):04X}")
    return text


class Words(TypeDecorator[str]):
    """Text of any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Checks the text."""
        return None if value is None else check_text(value)


class WordsOrNull(TypeDecorator[str]):
    """Text whose empty value is stored as NULL, so that a unique constraint passes over it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Checks the text; empty becomes NULL."""
        return check_text(value) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002
        """NULL becomes empty."""
        return value or ""


class Choice(TypeDecorator[StrEnum]):
    """A member of an enumeration, stored as its value. New members need no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuses what is no member."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """The member."""
        return None if value is None else self.members(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment. Goes in aware, in any zone; comes out aware, in UTC. SQLite itself keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive values with `ValueError`."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a stored time needs a zone, got {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


class Json(TypeDecorator[Any]):
    """A nested value of the domain, as JSON. None is SQL's NULL.

    A field that is gone from the dataclass is passed over when an old row is read; a new field needs a default.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        # The name must be the parameter's: SQLAlchemy builds its cache key from it, and two kinds must not share one.
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Plain lists, dictionaries and texts; raises where the value is not of its kind."""
        if value is None:
            return None
        plain = _adapter(self.kind).dump_python(value, mode="json", warnings="error")
        _check_inside(plain)
        return plain

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """The dataclass again."""
        return None if value is None else _adapter(self.kind).validate_python(value)


def _check_inside(value: object) -> None:
    match value:
        case str():
            check_text(value)
        case float() if not isfinite(value):
            # JSON has no such number: SQLite would keep it all the same, PostgreSQL would not.
            raise ValueError(f"a stored number must be finite, got {value}")
        case Mapping():
            for key, inner in value.items():
                check_text(key)
                _check_inside(inner)
        case list():
            for inner in value:
                _check_inside(inner)
