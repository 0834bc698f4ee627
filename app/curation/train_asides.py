"""`viva train-asides`: what tells a word to the grader from an answer. Seeded; a minute on two cores, once sentences are embedded.

Learned as asides are the lines of asides.txt and said_to_graders.txt and what writers of turns called an instruction; as
none, spoken answers, the corpus's own sentences, what writers called an answer, and honest sentences that sound alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.curation.labelled_turns import Labelled
from app.curation.lessons import asides
from app.curation.spoken import SpokenAnswers
from app.domain.sentences import sentences, words
from app.domain.transcript import SpanKind
from app.material.corpus import Corpus
from app.retrieval.embedder import Vectors
from app.scoring.asides import features
from app.scoring.authored import about_of
from app.scoring.stretches import plainly

SEED = 1
INVERSE_STRENGTH = 3.0
"""Of the regularisation (scikit-learn's C)."""
QUESTIONS_AN_ASIDE = 8
"""Each aside is held against as many questions, as it may be said to any."""
QUESTIONS_A_SENTENCE = 2
"""For a sentence that belongs to no question."""

Encode = Callable[[Sequence[str]], Vectors]
Say = Callable[[str], None]


@lru_cache(maxsize=1)
def honest() -> tuple[str, ...]:
    """Sentences of honest answers that sound like asides."""
    return _lines("not_asides.txt")


@lru_cache(maxsize=1)
def said_to_graders() -> tuple[str, ...]:
    """Asides beside those of `lessons`."""
    return tuple(line.replace("\\n", "\n") for line in _lines("said_to_graders.txt"))


def _lines(file: str) -> tuple[str, ...]:
    text = resources.files("app.curation").joinpath(file).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("# "))


def train_asides(
    corpus: Corpus, spoken: Sequence[SpokenAnswers], turns: Sequence[Labelled], encode: Encode, target: Path, say: Say
) -> None:
    """Writes the weights (.npz): `weights` (d + 1,), `bias`."""
    from sklearn.linear_model import LogisticRegression

    generator = random.Random(SEED)  # noqa: S311 - a draw, not a secret
    questions = sorted({each.question for each in spoken})
    about = {question: about_of(corpus, question) for question in questions}

    def anywhere(texts: Sequence[str], times: int) -> Iterator[tuple[str, str]]:
        for text in texts:
            for question in generator.sample(questions, min(times, len(questions))):
                yield question, text

    instructed = [text for turn in turns for text in _of(turn, SpanKind.INSTRUCTION)]
    answered = [text for turn in turns for text in _of(turn, SpanKind.ANSWER)]
    aside = [
        *(part for line in (*asides(), *said_to_graders()) for part in _sentences(line.replace("{says}", ""))),
        *instructed,
    ]
    are = list(anywhere(aside, QUESTIONS_AN_ASIDE))
    are_not = [
        *((each.question, text) for each in spoken for answer in each.answers for text in _sentences(answer.text)),
        *((question, text) for question in questions for text in about[question]),
        *anywhere(answered, QUESTIONS_A_SENTENCE),
        *anywhere(honest(), QUESTIONS_AN_ASIDE),
    ]
    rows = _rows([*are, *are_not], about, encode)
    truth = np.array([1] * len(are) + [0] * len(are_not))
    model = LogisticRegression(C=INVERSE_STRENGTH, max_iter=3000, random_state=SEED).fit(rows, truth)
    np.savez(
        target, weights=model.coef_[0].astype(np.float32), bias=np.float32(model.intercept_[0]), allow_pickle=False
    )
    say(f"{len(aside)} asides and {len(are_not)} other sentences learned: {target}")


def _rows(
    pairs: Sequence[tuple[str, str]], about: dict[str, tuple[str, ...]], encode: Encode
) -> npt.NDArray[np.float32]:
    authored = {question: encode(texts) for question, texts in about.items()}
    texts = sorted({text for _, text in pairs}, key=len)
    vectors = dict(zip(texts, encode(texts), strict=True))
    return np.concatenate([features(vectors[text][None, :], authored[question]) for question, text in pairs])


def _of(turn: Labelled, kind: SpanKind) -> Iterator[str]:
    for span in turn.spans:
        if span.kind is kind:
            yield from _sentences(turn.text[span.start : span.end])


def _sentences(text: str) -> list[str]:
    return [plainly(part.text) for part in sentences(text) if words(part.text)]
