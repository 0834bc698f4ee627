"""Said in the round in which the candidate asks."""

from __future__ import annotations

from app.interviewing.phrases.stock import Stock

GRADER_ASIDE = Stock(
    ("I can't change how this is marked.", "Marks aren't in my hands.", "Nothing said here moves a mark."), needed=True
)
ONLY_ENGLISH = Stock(
    ("I can only follow English. What would you like to know?", "In English, please: what may I tell you?"), needed=True
)
UNKNOWN = Stock(
    (
        "I don't have that, and I won't guess.",
        "That isn't in what I was given.",
        "I can't say; I'd be making it up.",
        "My notes stop short of that.",
        "No answer from me on that one.",
    ),
    needed=True,
)
REST_UNKNOWN = Stock(
    (
        "The rest of what you asked I can't tell you.",
        "Of the other thing I know nothing.",
        "As to your other question, I've nothing on it.",
        "Your other point is beyond my material.",
    ),
    needed=True,
)
"""Beside an answer to another question."""
REST_LATER = Stock(
    (
        "That was two; ask me the others again.",
        "Two at a time: please come back to what's left.",
        "What I left out, please ask by itself.",
    ),
    needed=True,
)
"""After answers to two questions of several."""
ANYTHING_ELSE = Stock(
    (
        "What else would you like to know?",
        "Which other question do you have?",
        "What comes next on your list?",
        "And what more can I tell you?",
        "What other thing matters to you?",
        "Your next question?",
    )
)
ASK_ME = Stock(
    ("What would you like to ask me?", "Which question do you have for me?", "What should I tell you?"), needed=True
)
