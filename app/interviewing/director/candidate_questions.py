"""What is said in the round in which the candidate asks."""

from __future__ import annotations

from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing.director.here import Here
from app.interviewing.director.onwards import onwards
from app.interviewing.director.script import Replies
from app.interviewing.own_questions import announces, wants_no_more_questions
from app.interviewing.phrases.about_the_turn import NO_HURRY
from app.interviewing.phrases.candidate_questions import ANYTHING_ELSE, ASK_ME, GRADER_ASIDE, ONLY_ENGLISH

ADDRESSED = "words addressed to the grader: nothing moves"


def candidate_questions(here: Here, replies: Replies) -> Move:
    """A reply to the candidate's question, a request for one, or onwards where there are no more."""
    state = here.state
    last = state.last
    text = last.text if last is not None else ""
    if state.spans and all(span.kind is SpanKind.INSTRUCTION for span in state.spans):
        return here.say(MoveKind.REDIRECT, ADDRESSED, f"{GRADER_ASIDE.usual} {ASK_ME.usual}")
    if wants_no_more_questions(text) and not state.heard(SpanKind.ASK):
        # Before the end: "No, that's all from me" ends the questions, and may sound like more.
        return onwards(here, "the candidate has no more questions")
    if state.heard(SpanKind.END):
        return here.confirm_end()
    if state.heard(SpanKind.OTHER_LANGUAGE) or not state.spans:
        return here.say(MoveKind.REDIRECT, "nothing that can be answered", ONLY_ENGLISH.usual)
    if state.heard(SpanKind.INSTRUCTION):
        return here.say(MoveKind.REDIRECT, ADDRESSED, f"{GRADER_ASIDE.usual} {ASK_ME.usual}")
    if state.heard(SpanKind.ASK):
        words = replies.company or replies.does_not_know
        reason = "answered from the company's material" if replies.company else "the company's material does not say"
        spoken = " ".join(filter(None, (words, replies.rest, ANYTHING_ELSE.usual)))
        return here.say(MoveKind.REPLY, reason, spoken)
    if state.heard(SpanKind.THINK):
        return here.say(MoveKind.WAIT, "asked for time", NO_HURRY.usual)
    if any(state.heard(kind) for kind in (SpanKind.REPEAT, SpanKind.HINT, SpanKind.CLARIFY)):
        return here.again(MoveKind.REPEAT, "asked to hear it again, or for help with it", "")
    if announces(text):
        return here.say(MoveKind.REDIRECT, "a question is announced", ASK_ME.usual)
    if here.asked_here >= 2:
        return onwards(here, "no question came")
    return here.say(MoveKind.REDIRECT, "no question yet", ASK_ME.usual)
