"""Said before a follow-up, and of hints."""

from __future__ import annotations

from app.interviewing.phrases.stock import Stock

BACK = Stock(
    (
        "Let me bring us back to one thing.",
        "I'd like to narrow that down.",
        "Back to the heart of it.",
        "Just one part of that.",
    )
)
RESPECTED = Stock(
    ("That's fine, you needn't.", "Understood, we leave that out.", "Of course, keep that to yourself."), needed=True
)
"""To somebody who would rather not tell."""
YOU_DID = Stock(
    (
        "You did, thanks.",
        "Right, you'd said so.",
        "True, I had that from you already.",
        "Yes, that's what you said.",
    ),
    needed=True,
)
"""To somebody who points out that they had said it before."""
HINT_THERE = "A hint is there if you ask."
"""Said once, to somebody who is stuck."""
HINT_OFFERED = Stock((HINT_THERE,))
NO_HINT_LEFT = Stock(
    (
        "There's no hint left for that one.",
        "I've no further hint there.",
        "No more hints on that point.",
        "My hints end there.",
    ),
    needed=True,
)
HINT_IF_WANTED = Stock(("Ask for a hint if you want one.",))
