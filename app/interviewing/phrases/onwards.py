"""Said where something is left, and on the way to the next part or question."""

from __future__ import annotations

from app.interviewing.phrases.stock import Stock

LEFT_THERE = Stock(
    (
        "That's fine, let's leave it there.",
        "No harm done, we can leave that one.",
        "We can let that go.",
        "Let's put that one aside.",
        "Then let's leave it and go on.",
    )
)
"""To somebody who did not know."""
THANKS = Stock(
    (
        "Thanks, I have a picture of that.",
        "All right, thank you for that.",
        "Okay, I've noted that down.",
        "Thank you, let's go on from there.",
        "Understood, thanks.",
    )
)
"""To somebody who did tell something, when it is left."""
SOMETHING_ELSE = Stock(
    (
        "Let's go to something else.",
        "On to another question.",
        "Here's the next one.",
        "A different subject now.",
        "Next, something new.",
        "I'd like to change the subject.",
        "One from another corner.",
        "Now to another topic.",
    )
)
KINDLY_ON = Stock(
    (
        "That's fine, let's go on.",
        "No problem, we carry on from here.",
        "We'll take the next step.",
        "Let's not stay stuck on that.",
        "That can stay open; let's go further.",
    )
)
UNASKED = Stock(
    ("Something you'll need here:", "For this part you should know:", "A little to work with:", "Take this as given:")
)
