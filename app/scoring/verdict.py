"""What a model judge must fill: raw and untrusted. Field order is thinking order: evidence, then reason, then state."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class CriterionVerdict(BaseModel):
    """One criterion as a judge model sees it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    criterion_id: str = Field(description="The id as given.")
    evidence: str = Field(description="The candidate's exact words that decide it, or an empty string.")
    reason: str = Field(description="One short sentence.")
    state: Literal["shown", "partly", "absent", "contradicted"]


class Verdict(BaseModel):
    """One answer against all criteria that were asked about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    criteria: list[CriterionVerdict]
