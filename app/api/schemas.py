"""What all bodies on the wire have in common. Descriptions of schemas are the API's documentation."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=120)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
MAX_SEQ = 2**31 - 1
"""What a database's integer holds; no interview has so many turns."""


class In(BaseModel):
    """What comes in: nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What goes out, read from a value's attributes."""

    model_config = ConfigDict(from_attributes=True)
