"""What every round declares about itself. One small module a round; the director reads only this."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST_ROUND_MIN = 2.0
"""Of any round: less is too short for one question."""
WORTHWHILE_ROUND_MIN = 4.0
"""Of most rounds: a first answer of a minute and a half, and two or three follow-ups."""


@dataclass(frozen=True, slots=True)
class RoundRules:
    """The particulars of a round."""

    slug: str
    title: str
    announcement: str
    """Said when the round begins; one sentence, at most 20 words."""
    probes_a_question: int
    """Follow-ups on one question, however much time there is."""
    follows_chains: bool = False
    """Works through chains on claims of the resume instead of questions."""
    on_a_resume: str = ""
    """Said before the announcement where there is a resume."""
    answers_questions: bool = False
    """The candidate asks and the interviewer answers from the company's material."""
    scored: bool = True
    deepest_kind: str = "bonus"
    """The least important kind of criterion that is still probed: must, should or bonus."""
    probes_a_part: int = 5
    """Follow-ups on one stage of a scenario, or one question about a table."""
    least_minutes: float = SHORTEST_ROUND_MIN
    """A round that was chosen and would be shorter is given this."""
    worthwhile_minutes: float = WORTHWHILE_ROUND_MIN
    """A round that nobody chose is in the plan with this much or not at all: an opening answer and what it leads to."""
    frames: bool = False
    """Opens or closes the talk: short by its nature, and kept while there is time for two rounds of substance."""
    holds_back: bool = False
    """Facts are told to those who ask: whatever reads as a question is heard as one."""
    keeps_order: bool = False
    """Its questions come as they were planned, whatever was shown before."""
    own_story: bool = False
    """About the candidate's own life and work: told in words that no rubric has, and nothing in it is to be assumed."""
