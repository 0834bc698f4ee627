"""Around the candidate's own words, where they are said back."""

from __future__ import annotations

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
    "“{}”: I noted that.",
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
