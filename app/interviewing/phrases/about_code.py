"""Said where code is written, tested or cannot be run."""

from __future__ import annotations

from app.interviewing.phrases.stock import Stock

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
