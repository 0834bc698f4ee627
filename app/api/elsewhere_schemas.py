"""The wire of conversations from elsewhere, as they come in to be judged."""

from __future__ import annotations

from pydantic import Field, model_validator

from app.api.schemas import In, Slug
from app.domain.interview import Seniority
from app.scoring.elsewhere import MAX_BYTES, MAX_TURN_CHARACTERS, MAX_TURNS
from app.scoring.foreign_rubric import ForeignRubric


class SaidIn(In):
    """A turn of a conversation from elsewhere."""

    speaker: str = Field(
        max_length=40,
        description="interviewer, assistant, recruiter, ai or bot; candidate, user, interviewee, human or applicant.",
    )
    text: str = Field(max_length=MAX_TURN_CHARACTERS)


class JudgementIn(In):
    """A conversation from elsewhere: give `turns`, or `transcript`, and not both."""

    turns: list[SaidIn] = Field(default=[], max_length=MAX_TURNS)
    transcript: str = Field(
        default="",
        max_length=MAX_BYTES,
        description="A file's text: JSON turns, or lines that begin with a speaker and a colon.",
        examples=["Interviewer: What is data leakage?\nCandidate: Information that won't be there when it predicts."],
    )
    rubric: ForeignRubric | None = Field(default=None, description="Dimensions of your own, for a level each.")
    role: Slug = "ml-engineer"
    seniority: Seniority = Seniority.MID

    @model_validator(mode="after")
    def _one_of_two(self) -> JudgementIn:
        if bool(self.turns) == bool(self.transcript):
            raise ValueError("give either turns or transcript")
        return self
