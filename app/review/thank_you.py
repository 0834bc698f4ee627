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
_WHO_ONE_IS = "introduction"
"""The round that is about oneself."""


def draft(interview: Interview, turns: Sequence[Turn], scores: Sequence[Score], corpus: Corpus) -> str:
    """The note, with gaps in square brackets for what only the candidate knows; "" where nothing was answered."""
    answered = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE and turn.answer_text().strip()]
    if not answered:
        return ""
    role = corpus.roles[interview.role].name if interview.role in corpus.roles else plain(interview.role)
    company = corpus.companies.get(interview.company)
    at = f" at {company.name}" if company is not None and interview.company != NEUTRAL else ""
    named = company.persona.name if company is not None and at and company.persona.name else "[name]"
    paragraphs = [f"Dear {named},", f"Thank you for interviewing me for the position of {_within(role)}{at}."]
    subjects = list(
        dict.fromkeys(subject(corpus, turn.question_id) for turn in answered if _has_subject(corpus, turn.question_id))
    )
    if subjects:
        named_ones = subjects[:_NAMED] + (["other things"] if len(subjects) > _NAMED else [])
        paragraphs[-1] += f" We spoke about {_listed(named_ones)}."
    if any(turn.move is not None and turn.move.kind is MoveKind.REPLY for turn in turns):
        paragraphs[-1] += " Thank you also for answering my questions."
    claim = next((turn.move.claim for turn in turns if turn.move is not None and turn.move.claim is not None), None)
    if claim is not None and claim.project:
        paragraphs.append(
            f"You asked about “{claim.project}” in my resume. [One sentence on what you would like them to remember of it.]"
        )
    missed = next(
        (
            score.question_id
            for score in scores
            for one in score.criteria
            if one.state in {CriterionState.MISSED, CriterionState.CONTRADICTED}
            and _has_subject(corpus, score.question_id)
        ),
        None,
    )
    if missed is not None:
        paragraphs.append(
            f"I would like to add something that I left out on {subject(corpus, missed)}: [in a sentence, what you would say today]."
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


def _has_subject(corpus: Corpus, question_id: str) -> bool:
    """Whether a question is about a subject, and not about who one is."""
    entry = corpus.questions.get(question_id)
    return bool(question_id) and (entry is None or entry.round != _WHO_ONE_IS)


def _within(name: str) -> str:
    """A name as it stands within a sentence: "machine learning engineer", but "AI engineer"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
