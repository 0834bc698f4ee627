"""What is authored about a criterion, in the order in which answers are compared with it."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.sentences import sentences, words
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.scoring import free_model

Examples = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def examples_of(criterion: Criterion) -> Examples:
    """The criterion's authored sentences: for it, against it, its denials, its statement, and what the interviewer asks."""
    return (
        (
            *criterion.shown_by,
            *criterion.also_shown_by,
            *(text for text in criterion.accepts if len(words(text)) >= 3),
        ),
        tuple(each.says for each in criterion.not_shown_by),
        criterion.denied_by,
        (criterion.says,),
        tuple(part.text for asked in (criterion.probe, criterion.hints[0].says) for part in sentences(asked)),
    )


def shared_examples(corpus: Corpus) -> dict[str, dict[str, Examples]]:
    """Of criteria that say the same word for word, in several questions: what is authored about each, by statement and question.

    What shows "Names one change and the event of this project that is the reason for it" in one project shows it in another.
    """
    found: dict[str, dict[str, Examples]] = {}
    for entry in corpus.asked():
        for each in corpus.rubric(entry.id).criteria:
            found.setdefault(each.criterion.says, {})[entry.id] = examples_of(each.criterion)
    return {says: by_question for says, by_question in found.items() if len(by_question) > 1}


def with_shared(question_id: str, criterion: Criterion, shared: Mapping[str, Mapping[str, Examples]]) -> Examples:
    """The criterion's authored sentences, and those of the criteria of other questions that say the same."""
    own = examples_of(criterion)
    others = [each for other, each in shared.get(criterion.says, {}).items() if other != question_id]
    shows, against, denies = (
        tuple(dict.fromkeys(text for each in (own, *others) for text in each[part])) for part in range(3)
    )
    return shows, against, denies, own[3], own[4]


def examples_alone(criterion: Criterion) -> free_model.Examples:
    """The criterion's authored sentences as a stranger would hand them in."""
    return free_model.Examples(
        (*criterion.shown_by, *criterion.also_shown_by),
        tuple(each.says for each in criterion.not_shown_by),
        criterion.denied_by,
    )


def about_of(corpus: Corpus, question_id: str) -> tuple[str, ...]:
    """Every authored sentence of a question's criteria."""
    return tuple(
        text for entry in corpus.rubric(question_id).criteria for part in examples_of(entry.criterion) for text in part
    )


def earning(corpus: Corpus) -> dict[str, list[str]]:
    """By question, what its criteria say and the ways of earning them that may be shown: enough to tell questions apart."""
    found: dict[str, list[str]] = {}
    for entry in corpus.asked():
        criteria = [each.criterion for each in corpus.rubric(entry.id).criteria]
        if criteria:
            found[entry.id] = [text for each in criteria for text in (*each.shown_by, each.says)]
    return found
