"""Phrases that are nobody's question: each is said once in an interview, and then said otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stock:
    """Ways to say one thing, the usual one first."""

    ways: tuple[str, ...]
    needed: bool = False
    """Said again, the oldest way first, once all are used up; otherwise left out then."""

    @property
    def usual(self) -> str:
        """The way that is put into a move; `fresh` exchanges it where it was heard."""
        return self.ways[0]


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
BACK = Stock(
    (
        "Let me bring us back to one thing.",
        "I'd like to narrow that down.",
        "Back to the heart of it.",
        "Just one part of that.",
    )
)
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
    ),
    needed=True,
)
GRADER_ASIDE = Stock(
    ("I can't change how this is marked.", "Marks aren't in my hands.", "Nothing said here moves a mark."), needed=True
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
RESPECTED = Stock(
    ("That's fine, you needn't.", "Understood, we leave that out.", "Of course, keep that to yourself."), needed=True
)
"""To somebody who would rather not tell."""
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
UNASKED = Stock(
    ("Something you'll need here:", "For this part you should know:", "A little to work with:", "Take this as given:")
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
WRITE_IT = Stock(
    (
        "All right. Write it down now and send it as code; I'll run the tests.",
        "Put it into code now and send it, and the tests will run.",
        "Now as code, please, so that the tests have something to run.",
        "Let me see it as code; the tests are waiting.",
        "Turn that into lines and send them, then we see.",
    ),
    needed=True,
)
LOOK_AGAIN = Stock(
    (
        "Look at it again and send it once more.",
        "Have another look, then send it.",
        "Trace it by hand and send a new version.",
        "Step through it once more, then let the tests see it.",
        "Read it as the machine would, and send it anew.",
    ),
    needed=True,
)
TRY_SUCH = Stock(
    ("Think of such a case and look again.", "Build such an input and step through it.", "Try one like that by hand."),
    needed=True,
)
TESTS_LEFT = Stock(
    (
        "Let's leave the tests there; you can send your code again at any time.",
        "We leave the tests; new code is welcome at any time.",
    ),
    needed=True,
)
TALK_THROUGH = Stock(
    (
        "I can't run code here at the moment, so write it down and talk me through it. Nothing is marked against you for that.",
        "This one isn't run either: put it in writing and guide me through its lines. You lose nothing by it.",
        "Again without a machine behind it: your code as text, and your words beside it. It costs you no credit.",
        "No tests for this one, too; show me the lines and explain them as you go.",
    ),
    needed=True,
)
SEND_IT = Stock(
    (
        "It's code that the tests need; send what you have, however short.",
        "The tests can't read words: even a few lines will do.",
        "Words alone can't be tested; whatever lines you have will do.",
        "Send some code, be it rough, and the tests have their say.",
        "I need lines here, few as they may be.",
    ),
    needed=True,
)
SIMPLEST_FIRST = Stock(
    (
        "That's fine. Start with the simplest version that gives the right result, and send it as code.",
        "Begin with something slow that is right, and send that.",
        "Write whatever solves the smallest case, then send it.",
        "Any version that is right will do for now; send one as code.",
        "Solve it in the plainest way you can think of, and send that.",
    ),
    needed=True,
)
FIRST_LINE = Stock(
    (
        "Even a first line is a start: send whatever you have, and the tests tell us the rest.",
        "Send a beginning, however small; we go on from what the tests say.",
        "Just the head of the function would be a start; send it.",
        "Whatever stands on your page, send it; the tests see to the rest.",
    ),
    needed=True,
)
THAT_CASE = Stock(
    (
        "Go through your code with that case in hand, then send it.",
        "Play that case through your lines, and send a new version.",
        "Follow that case from line to line, and send what you change.",
        "Take that case by hand first, then send a new version.",
    ),
    needed=True,
)
WHAT_IS_BEHIND = Stock(
    (
        "Change what you think is behind it, and try again.",
        "Repair what you suspect, and send it anew.",
        "Mend what you think causes it, and let it run again.",
        "Find the line that does it, and send the next version.",
    ),
    needed=True,
)
COST = Stock(
    (
        "What does it cost in time and in memory as the input grows, and why?",
        "How do time and memory grow with the input here?",
        "Let the input become a thousand times as large. What does that do to time and memory?",
        "Account for this one's time and memory as the input grows.",
        "What would a much larger input ask of it in time and memory, and why?",
    ),
    needed=True,
)
ALL_PASS = Stock(
    (
        "All tests pass, the hidden ones too.",
        "Every test goes through, visible and hidden.",
        "Nothing fails any more, in the hidden tests either.",
        "The tests have nothing to complain of, hidden ones included.",
    ),
    needed=True,
)
NOT_LOADED = Stock(
    (
        "The code doesn't load yet; what stopped it stands with the tests.",
        "It can't be loaded so far; beside the tests you find where it stopped.",
        "Still something in it that Python won't load; it's told with the tests.",
    ),
    needed=True,
)
NOT_RUN = Stock(
    (
        "I can't run it now; nothing is marked against you.",
        "It can't be run just now; you lose nothing.",
        "This one isn't run either; it costs you nothing.",
        "No run for that; your marks don't suffer.",
    ),
    needed=True,
)
CODE_KEPT = Stock(("I've kept your code.", "Your code is stored."), needed=True)

ONLY_ENGLISH = Stock(
    ("I can only follow English. What would you like to know?", "In English, please: what may I tell you?"), needed=True
)
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
    "Picking up “{}”:",
    "I'd go on from “{}”.",
    "“{}” is what I'd follow up.",
    "I'm still at “{}”.",
)
"""Around the candidate's own words, before the next question."""
NOTED = (
    "You said “{}”.",
    "I noted “{}”.",
    "“{}”, noted.",
    "Okay, “{}”.",
    "I have “{}” down.",
    "You put it as “{}”.",
    "I heard “{}”.",
    "Your words were “{}”.",
    "You brought up “{}”.",
    "“{}” is on my list.",
    "“{}”, you say.",
    "I keep “{}” in mind.",
)
"""The same before a question about something else: these don't promise to go on from them."""
SAID_BACK_PLAINLY = "So, “{}”."
"""When all of these were heard."""
ECHOED = "“{}”."
"""Where there is no room for more: said back as people do who listen."""
NAMED = (
    "You named “{}”.",
    "You mentioned “{}”.",
    "“{}” came up.",
    "I caught the word “{}”.",
    "There was “{}” in that.",
    "One word of yours was “{}”.",
    "With “{}” in mind:",
    "You spoke of “{}”.",
    "On “{}”, then.",
)
"""Around the name of something, of which nothing is said."""
NAMED_PLAINLY = "“{}”, then."
AGAIN_SAID = (
    "You come back to “{}”.",
    "“{}” once more.",
    "That's “{}” again.",
    "We've met “{}” before.",
    "“{}” comes up again.",
)
"""Around a name that was said back before."""
AGAIN_PLAINLY = "Again “{}”."
ASIDE = (
    "“{}” leads us away, so back to the question.",
    "I'd leave “{}” there and come back to this.",
    "From “{}” back to what I asked.",
    "“{}” is another story; once more to the point.",
    "Let's set “{}” aside for now.",
    "That was about “{}”; my question was another.",
    "“{}” can wait until we're done here.",
)
"""Around what somebody speaks of who speaks of something else."""
ASIDE_PLAINLY = "“{}” aside:"

ALL: tuple[Stock, ...] = (
    LEFT_THERE,
    THANKS,
    IN_THE_REPORT,
    ASSUME_SHORTLY,
    LEAVE_GIVEN,
    RESPECTED,
    AS_IT_WAS,
    ON_THE_SCREEN,
    ASK_LATER,
    NOT_MINE,
    NOT_GIVEN,
    SOMETHING_ELSE,
    KINDLY_ON,
    BACK,
    ONCE_MORE,
    NO_HURRY,
    NO_WORDS,
    NOTHING_MOVES,
    GRADER_ASIDE,
    ENGLISH,
    HOW_TO_END,
    ASSUME,
    UNASKED,
    UNKNOWN,
    REST_UNKNOWN,
    REST_LATER,
    ANYTHING_ELSE,
    ASK_ME,
    WRITE_IT,
    LOOK_AGAIN,
    TRY_SUCH,
    TESTS_LEFT,
    CODE_KEPT,
    ONLY_ENGLISH,
    TALK_THROUGH,
    SEND_IT,
    SIMPLEST_FIRST,
    FIRST_LINE,
    THAT_CASE,
    WHAT_IS_BEHIND,
    COST,
    ALL_PASS,
    NOT_LOADED,
    NOT_RUN,
    NO_HINT_LEFT,
    HINT_OFFERED,
    HINT_IF_WANTED,
)


def fresh(spoken: str, said: Sequence[str], *, own: Sequence[tuple[str, Stock | None]] = ()) -> str:
    """`spoken` with each stock phrase that stands in `said` put otherwise, or left out where it is not needed.

    Args:
        spoken: What is about to be said.
        said: Everything that the interviewer said so far, in order.
        own: Phrases of the corpus, each with the stock that stands in for it; None: it is left out the second time.
    """
    before = "\n".join(said)
    for phrase, stock in own:
        if phrase and phrase in spoken and phrase in before:
            spoken = spoken.replace(phrase, _other(stock, before) if stock is not None else "", 1)
    for stock in ALL:
        usual = next((way for way in stock.ways if way in spoken), None)
        if usual is not None and usual in before:
            spoken = spoken.replace(usual, _other(stock, before), 1)
    return spoken.replace("  ", " ").strip()


def _other(stock: Stock, before: str) -> str:
    """A way that was not said yet; "" or the one said longest ago where there is none."""
    unsaid = next((way for way in stock.ways if way not in before), "")
    if unsaid or not stock.needed:
        return unsaid
    return min(stock.ways, key=before.rfind)


def unheard(ways: Sequence[str], before: str) -> str:
    """The first way that was not said yet; "" where all were, for words that can be left out."""
    return next((way for way in ways if way not in before), "")
