"""Single sentences as whole answers: what is authored about a criterion, each sentence held out in turn from what it is compared with.

Follow-ups are mostly answered in a sentence or two, while exemplars and spoken answers are long. Scorers that were fitted on
long answers alone take one sentence on the subject for several criteria.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.sentences import content_stems
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.retrieval.embedder import Vectors
from app.scoring.authored import examples_of
from app.scoring.criterion_model import Encode, Halves
from app.scoring.features import Apart, Known, held_of, known_of, likeness_of, statements_of, values_of
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN
from app.scoring.stretches import plainly

PARTS = {"shown": SHOWN, "against": ABSENT, "denies": CONTRADICTED, "states": SHOWN}
"""Of `Known`, what each does with its own criterion."""
DRAWN = {"shown": 3, "against": 1, "denies": 2, "states": 1}
"""Sentences of each that are read, of every criterion."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What the scorer sees of a criterion in one sentence."""

    question: str
    part: str
    """Of `PARTS`, that the sentence is authored as."""
    label: int
    """ABSENT, SHOWN or CONTRADICTED. Of other criteria nothing was written down: they are taken for absent."""
    of_another: bool
    """The sentence is authored for another criterion of the question."""
    values: dict[str, float]


def bare_of(criterion: Criterion, text: str) -> Criterion:
    """The criterion without a text among its examples and denials."""
    parts = {name: getattr(criterion, name) for name in ("shown_by", "also_shown_by", "denied_by")}
    return criterion.model_copy(
        update={name: tuple(each for each in texts if each != text) for name, texts in parts.items()}
    )


def without(known: Known, part: str, place: int) -> Known:
    """The same without one example."""
    return replace(known, **{part: np.delete(getattr(known, part), place, axis=0)})


async def read_alone(
    criteria: Sequence[Criterion], text: str, row: Vectors, known: Sequence[Known], read: Halves
) -> list[dict[str, float]]:
    """`FEATURES` of each of a question's criteria in one sentence, whose vector is `row` (d,)."""
    plain = plainly(text)
    told = held_of(criteria, await read.hold(statements_of(criteria), plain))
    rows = await read.hold_sentence([criterion.says for criterion in criteria], plain)
    stems = content_stems(text)
    return [
        values_of(criterion, stems, held, likeness_of(row[None, :], known, at), Apart.of_one_sentence(held, rows[at]))
        for at, (criterion, held) in enumerate(zip(criteria, told, strict=True))
    ]


async def sentences_alone(
    corpus: Corpus, ids: Sequence[str], read: Halves, encode: Encode, generator: random.Random
) -> list[Alone]:
    """Some sentences of each criterion that words show, held against all of its question's criteria.

    The statement itself is among them, and among what it is compared with: whoever says just that has said it.
    """
    found = []
    for question in ids:
        criteria = [each.criterion for each in corpus.rubric(question).criteria if each.criterion.evidence == "words"]
        parts = [examples_of(criterion) for criterion in criteria]
        table = known_of(parts, await encode([text for of_one in parts for texts in of_one for text in texts]))
        for at, part, place, text in _drawn(criteria, parts, generator):
            row = getattr(table[at], part)[place]
            left, bare = list(table), list(criteria)
            if part != "states":
                left[at], bare[at] = without(table[at], part, place), bare_of(criteria[at], text)
            for other, values in enumerate(await read_alone(bare, text, row, left, read)):
                label = PARTS[part] if other == at else ABSENT
                found.append(Alone(question, part, label, other != at, values))
    return found


def _drawn(
    criteria: Sequence[Criterion], parts: Sequence[Sequence[Sequence[str]]], generator: random.Random
) -> Iterator[tuple[int, str, int, str]]:
    """Criterion, part, place in it and text; a denial where another is left to compare with."""
    for at, (criterion, (shown, against, denies, states, _)) in enumerate(zip(criteria, parts, strict=True)):
        told = len(criterion.shown_by) + len(criterion.also_shown_by)
        some = {
            "shown": shown[:told],
            "against": against,
            "denies": denies if len(denies) > 1 else (),
            "states": states,
        }
        for part, texts in some.items():
            places = generator.sample(range(len(texts)), min(DRAWN[part], len(texts)))
            yield from ((at, part, place, texts[place]) for place in sorted(places))
