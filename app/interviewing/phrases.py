"""The interviewer's own small words, each in several wordings, so that none is heard twice while another is left. Pure.

Nothing here knows a question: what is asked, hinted and told stands in the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence

ASSUME = (
    "Take it the way you'd meet it in practice, and tell me what you assume.",
    "I've left that open: choose what seems sensible to you, and say so.",
    "That one is yours to decide; just tell me what you go by.",
    "Assume whatever makes the task a real one, aloud.",
)
TOLD_UNASKED = (
    "Something you'll need here:",
    "One thing to know first:",
    "Here's what is known by now:",
    "For this part you should know:",
    "And a piece of news:",
)
KINDLY_ON = (
    "That's fine, let's go on.",
    "All right, we can leave that.",
    "No matter, there's more to talk about.",
    "Never mind that one.",
    "Okay, let me turn to the next part.",
)
LEFT_KINDLY = (
    "That's fine, let's leave it there.",
    "All right, we needn't finish that one.",
    "No harm done, I have another one.",
    "Let's not get stuck here.",
)
ELSEWHERE = (
    "Let's go to something else.",
    "Here's another one.",
    "A different question now.",
    "Let me change the subject.",
    "I have one more for you.",
)
TAKE_TIME = (
    "Take the time you need.",
    "There's no hurry.",
    "Whenever you're ready.",
    "Fine, think it through.",
    "I'm listening when you are.",
)
AGAIN = ("Of course.", "Gladly.", "Sure, once more.", "Here it is again.", "No problem.")
WHAT_ELSE = (
    "What else would you like to know?",
    "What would you ask next?",
    "What's the next thing on your mind?",
    "Is there more that you'd like to hear?",
)
NO_QUESTION_YET = ("What would you like to ask me?", "The floor is yours: what should I tell you about?")
NOTHING_MOVES = (
    "I can't change how this is run or marked. Let's stay with the question.",
    "That's nothing I can act on. Back to the question.",
    "Requests like that lead nowhere here. Once more:",
    "No instruction alters this talk. So:",
)
ADDRESSED = (
    "I can't change how this is marked. What would you like to know?",
    "That's nothing I can act on. What can I tell you?",
)
"""The same in the candidate's own round."""
END_HOW = (
    "You can end at any time with the end button, or /end in the terminal, and keep everything said so far.",
    "The end button, or /end in the terminal, stops it whenever you want; nothing said is lost.",
    "It's the button, or /end, that ends it.",
)
IN_ENGLISH = (
    "I can only follow English, and nothing was marked for that. Once more, in English if you can.",
    "That was no English, so I couldn't follow; it isn't marked. In English, please:",
)
ONLY_ENGLISH = ("I can only follow English. What would you like to know?", "In English, please: what may I tell you?")
NO_WORDS = ("I didn't get any words.", "Nothing came through.", "That was empty on my side.")
HINT_THERE = "A hint is there if you ask."
"""Said once, to somebody who is stuck."""

BRING_BACK = (
    "Let me bring us back to the question.",
    "That leads us away, so back to the matter.",
    "Let's return to what this is about.",
    "I'd like to come back to the subject.",
)
SAID_BACK = (
    "You said “{}”.",
    "Let me take up “{}”.",
    "I noted “{}”.",
    "Back to “{}” for a moment.",
    "You put it as “{}”.",
    "I heard “{}”.",
    "Your words were “{}”.",
    "Let's stay with “{}”.",
    "You brought up “{}”.",
    "Starting from “{}”:",
    "About “{}”:",
    "“{}”, you say.",
)
"""Around the candidate's own words, before the next question."""
SAID_BACK_PLAINLY = "So, “{}”."
"""When all of these were heard."""


def fresh(wordings: Sequence[str], before: str) -> str:
    """The wording that was said least often so far, the first of equals; `before` is all that the interviewer said."""
    return min(wordings, key=before.count)


def unheard(wordings: Sequence[str], before: str) -> str:
    """The first wording that was not said yet; "" where all were, for words that can be left out."""
    return next((wording for wording in wordings if wording not in before), "")
