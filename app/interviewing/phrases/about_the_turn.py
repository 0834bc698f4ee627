"""Said to a turn that asks for something, or that is no answer."""

from __future__ import annotations

from app.interviewing.phrases.stock import Stock

ONCE_MORE = Stock(("Of course.", "Sure, once more.", "Here it is again.", "Again, then.", "It was this."))
NO_HURRY = Stock(
    (
        "Take the time you need.",
        "There's no rush.",
        "Think it over, I'll wait.",
        "I'm in no hurry.",
        "Go on whenever you're ready.",
        "We have a moment.",
    ),
    needed=True,
)
NO_WORDS = Stock(("I didn't get any words.", "Nothing reached me.", "That came through empty."), needed=True)
NOTHING_MOVES = Stock(
    (
        "I can't change how this is run or marked. Let's stay with the question.",
        "How it's marked isn't in my hands; back to the question.",
        "That moves nothing here, and the question stands.",
        "Words to the grader change nothing; here is what I asked.",
        "None of that is weighed. What I'd like is an answer to this.",
        "As before, only an answer counts.",
        "I leave that aside and ask once more.",
    ),
    needed=True,
)
ENGLISH = Stock(
    (
        "I can only follow English, and nothing was marked for that. Once more, in English if you can.",
        "That wasn't English to me; nothing is lost. Please try it in English.",
        "I need it in English, and nothing counts against you meanwhile.",
    ),
    needed=True,
)
HOW_TO_END = Stock(
    (
        "You can end at any time with the end button, or /end in the terminal, and keep everything said so far.",
        "The end button, or /end in the terminal, stops the interview; all that was said is kept.",
        "To stop, press end or type /end; nothing gets lost.",
    ),
    needed=True,
)
LEAVE_GIVEN = Stock(
    (
        "Of course, go ahead.",
        "Sure, that's your choice.",
        "Yes, please do.",
        "By all means.",
    ),
    needed=True,
)
"""To somebody who asks whether they may choose what to tell."""
OTHERWISE = Stock(
    (
        "Let me put that differently.",
        "In other words:",
        "Sorry, once more and more plainly.",
        "I'll ask it another way.",
    ),
    needed=True,
)
"""To somebody who did not understand the question, before other words for it."""
BADLY_PUT = Stock(
    (
        "Sorry, that was badly put; I'll ask you something else.",
        "My question wasn't clear, so let me take another.",
        "That one is on me. A different question.",
    ),
    needed=True,
)
"""To the same where there are no other words for it."""
AS_IT_WAS = Stock(
    (
        "Take it the way it was in your case.",
        "Whichever fits your own story; you were there.",
        "Tell it as it was with you, and choose the part that matters.",
        "Either one; say which you mean and go on.",
    ),
    needed=True,
)
"""To a question about the question where the candidate's own life or work is asked for: nothing is to be assumed there."""
ON_THE_SCREEN = Stock(
    (
        "The statement on your screen has the signature, the rules and examples; what it leaves open, you decide.",
        "That stands with the problem on your screen. Where it says nothing, choose, and tell me what you chose.",
        "Have a look at the problem's text and its examples; anything beyond them is yours to decide.",
    ),
    needed=True,
)
ASK_LATER = Stock(
    (
        "Keep that one for your own questions at the end, please.",
        "That's for the end, when you ask and I answer.",
        "Please ask me that when it's your turn, in the last round.",
    ),
    needed=True,
)
NOT_MINE = Stock(
    (
        "About the post itself I have nothing today.",
        "That I can't tell you; I only have the questions.",
        "A person at the company would have to answer that.",
    ),
    needed=True,
)
IN_THE_REPORT = Stock(
    (
        "I don't judge while we talk; the report will tell you. Please go on.",
        "That's for the report afterwards; for now I only listen and ask.",
        "You'll read that in the report. Until then, just go on as you like.",
    ),
    needed=True,
)
"""To somebody who asks how they are doing."""
NOT_GIVEN = Stock(
    (
        "The rest isn't given: assume what's likely, and say so.",
        "What else you asked is yours to assume.",
        "As to the rest, take what seems likely and name it.",
    ),
    needed=True,
)
"""Beside facts that were asked for, where something else was asked too."""
ASSUME = Stock(
    (
        "Take it the way you'd meet it in practice, and tell me what you assume.",
        "Choose what seems likely to you, and say what you chose.",
        "That's left open on purpose: state an assumption and go on.",
        "Either will do, as long as you tell me which you take.",
        "Decide it as you would at work, and name the decision.",
    ),
    needed=True,
)
ASSUME_SHORTLY = Stock(
    ("Assume what you need there.", "That part is yours to decide.", "Take whichever you like.", "As you'd have it."),
    needed=True,
)
"""The same beside a follow-up."""
