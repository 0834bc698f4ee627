"""What a report says, as blocks of words. Every number carries the places that it stands on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.review.document import Block, Conversation, Heading
from app.review.report import Report
from app.review.telling.beyond_questions import afterwards, delivery, job_description, never_asked, reading
from app.review.telling.overview import confidence, head, next_steps, overview
from app.review.telling.questions import on_question


def tell(made: Report) -> tuple[Block, ...]:
    """The whole report in its order, the transcript last."""
    return (
        *head(made),
        *overview(made),
        *next_steps(made),
        *confidence(made),
        *(block for question in made.questions for block in on_question(made, question)),
        *job_description(made),
        *never_asked(made),
        *delivery(made),
        *reading(made),
        *afterwards(made),
        *((Heading(2, "Transcript", "transcript"), Conversation(made.turns)) if made.turns else ()),
    )


def anchors(blocks: Sequence[Block]) -> frozenset[str]:
    """Names of all headings that can be led to."""
    return frozenset(block.anchor for block in blocks if isinstance(block, Heading) and block.anchor)
