"""A note of thanks drafted from what went on. Templates and stored facts alone: nothing is said that did not happen. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.interview import Interview
from app.domain.score import CriterionState, Score
from app.domain.transcript import MoveKind, Speaker, Turn
from app.material.corpus import Corpus, plain

NEUTRAL = "neutral"
"""The company that stands for none."""
_NAMED = 3


def draft(interview: Interview, turns: Sequence[Turn], scores: Sequence[Score], corpus: Corpus) -> str:
    """The note, with gaps in square brackets for what only the candidate knows; "" where nothing was answered."""
    answered = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE and turn.answer_text().strip()]
    if not answered:
        return ""
    role = corpus.roles[interview.role].name if interview.role in corpus.roles else plain(interview.role)
    company = corpus.companies.get(interview.company)
    at = f" at {company.name}" if company is not None and interview.company != NEUTRAL else ""
    named = company.persona.name if company is not None and company.persona.name else "[name]"
    paragraphs = [f"Dear {named},", f"Thank you for the interview for the {role} position{at}."]
    rounds = list(dict.fromkeys(turn.move.round for turn in turns if turn.move is not None and turn.question_id))
    subjects = list(dict.fromkeys(subject(corpus, turn.question_id) for turn in answered if turn.question_id))
    if subjects:
        more = (
            f", among others, in {_listed([plain(each) for each in rounds if each])}" if len(subjects) > _NAMED else ""
        )
        paragraphs[-1] += f" We spoke about {_listed(subjects[:_NAMED])}{more}."
    if any(turn.move is not None and turn.move.kind is MoveKind.REPLY for turn in turns):
        paragraphs[-1] += " Thank you also for answering my questions."
    claim = next((turn.move.claim for turn in turns if turn.move is not None and turn.move.claim is not None), None)
    if claim is not None and claim.project:
        paragraphs.append(
            f"You asked about my project {claim.project}. [One sentence on what you would like them to remember of it.]"
        )
    missed = next(
        (
            score.question_id
            for score in scores
            for one in score.criteria
            if one.state in {CriterionState.MISSED, CriterionState.CONTRADICTED}
        ),
        None,
    )
    if missed is not None:
        paragraphs.append(
            f"On {subject(corpus, missed)} I would like to add what I left out: [in a sentence, what you would say today]."
        )
    paragraphs += ["[What speaks for you in this position, in a sentence.]", "Kind regards\n[your name]"]
    return "\n\n".join(paragraphs) + "\n"


def subject(corpus: Corpus, question_id: str) -> str:
    """What a question is about, in a few words: a chain's technique, a problem's title, else its first topic."""
    if question_id in corpus.chains:
        return corpus.chains[question_id].technique.replace("your own project", "my project")
    if question_id in corpus.problems:
        return corpus.problems[question_id].title.lower()
    for entries in (corpus.questions, corpus.scenarios, corpus.analytics):
        if question_id in entries:
            return plain(entries[question_id].topics[0])
    return plain(question_id)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
