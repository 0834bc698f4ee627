"""The interviewer's sentences that take up words from elsewhere: a resume, an earlier answer, another interview. Pure.

They stand in one place because whoever shows a part of a conversation has to find them again in what was said.
"""

from __future__ import annotations

import re

RESUME_HAS = "your resume has “{}”"
"""Of the question how two things go together."""
ANSWER_HAD = "earlier you said “{}”"
"""Of the same question."""
RECALLED_JUST_NOW = "You said “{}”, which leads on to this."
RECALLED = "Earlier you said “{}”; keep that in mind here."
RECALLS = (RECALLED_JUST_NOW, RECALLED)
"""Whole sentences before a question, with words of an answer to another."""
CALLBACK = "Last time a point {} stayed open, and I may come back to it."
"""A whole sentence before an interview's first question, about an interview before it."""


def found_again(frame: str, after: str = "") -> re.Pattern[str]:
    """What finds `frame` with any words in its place, which are group 1; and the pattern `after` behind it.

    What is quoted has no quotation marks of its own: they are taken out of it before it is said.
    """
    start, end = frame.split("{}")
    return re.compile(f"{re.escape(start)}([^“”]*?){re.escape(end)}{after}")
