"""Each stock phrase is said once in an interview, and then said otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.interviewing.phrases import about_code, about_the_turn, candidate_questions, follow_ups, onwards
from app.interviewing.phrases.stock import Stock

ALL: tuple[Stock, ...] = (
    onwards.LEFT_THERE,
    onwards.THANKS,
    about_the_turn.IN_THE_REPORT,
    about_the_turn.ASSUME_SHORTLY,
    about_the_turn.LEAVE_GIVEN,
    follow_ups.RESPECTED,
    about_the_turn.OTHERWISE,
    about_the_turn.BADLY_PUT,
    follow_ups.YOU_DID,
    about_the_turn.AS_IT_WAS,
    about_the_turn.ON_THE_SCREEN,
    about_the_turn.ASK_LATER,
    about_the_turn.NOT_MINE,
    about_the_turn.NOT_GIVEN,
    onwards.SOMETHING_ELSE,
    onwards.KINDLY_ON,
    follow_ups.BACK,
    about_the_turn.ONCE_MORE,
    about_the_turn.NO_HURRY,
    about_the_turn.NO_WORDS,
    about_the_turn.NOTHING_MOVES,
    candidate_questions.GRADER_ASIDE,
    about_the_turn.ENGLISH,
    about_the_turn.HOW_TO_END,
    about_the_turn.ASSUME,
    onwards.UNASKED,
    candidate_questions.UNKNOWN,
    candidate_questions.REST_UNKNOWN,
    candidate_questions.REST_LATER,
    candidate_questions.ANYTHING_ELSE,
    candidate_questions.ASK_ME,
    about_code.WRITE_IT,
    about_code.LOOK_AGAIN,
    about_code.TRY_SUCH,
    about_code.TESTS_LEFT,
    about_code.CODE_KEPT,
    candidate_questions.ONLY_ENGLISH,
    about_code.TALK_THROUGH,
    about_code.SEND_IT,
    about_code.SIMPLEST_FIRST,
    about_code.FIRST_LINE,
    about_code.THAT_CASE,
    about_code.WHAT_IS_BEHIND,
    about_code.COST,
    about_code.ALL_PASS,
    about_code.NOT_LOADED,
    about_code.NOT_RUN,
    follow_ups.NO_HINT_LEFT,
    follow_ups.HINT_OFFERED,
    follow_ups.HINT_IF_WANTED,
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
