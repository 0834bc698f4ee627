"""Who else sees what is said to this server, from its settings: with the embedded model, nobody."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.dependencies import ServicesDep
from app.api.responses import problems

router = APIRouter(prefix="/v1", tags=["health"])


class RecipientOut(BaseModel):
    """Another machine that gets something."""

    model_config = ConfigDict(from_attributes=True)

    host: str = Field(description="Its name, or the provider's where that chooses the host.")
    what: str


class PrivacyOut(BaseModel):
    """Where words go."""

    recipients: list[RecipientOut] = Field(description="Empty where nothing leaves the machine.")
    keys: bool = Field(description="Whether this server asks for API keys.")


@router.get("/privacy", operation_id="readPrivacy", responses=problems())
async def read(held: ServicesDep) -> PrivacyOut:
    """Which machines besides this server get what. Needs no key: one may want to know before one signs in."""
    return PrivacyOut(recipients=[RecipientOut.model_validate(each) for each in held.recipients], keys=held.api_keys)
