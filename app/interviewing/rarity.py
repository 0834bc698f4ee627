"""What a word is worth for telling one answer from another: much, where few texts of the corpus have it. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.sentences import content_stems
from app.material.corpus import Corpus

UNKNOWN = 4.0
"""Of a stem that the corpus never uses: neither common nor a term of the field."""
LEAST = 0.3
MOST = 6.0


@dataclass(frozen=True, slots=True)
class Rarity:
    """Stems with what they are worth."""

    worth: Mapping[str, float]

    def of(self, stem: str) -> float:
        """0.3 to 6."""
        return self.worth.get(stem, UNKNOWN)


def rarity_in(corpus: Corpus) -> Rarity:
    """Counted over what criteria say, what asks for them and what shows them: some tenths of a second."""
    found: Counter[str] = Counter()
    texts = 0
    for entry in corpus.asked():
        for each in corpus.rubric(entry.id).criteria:
            for text in (each.criterion.says, each.criterion.probe, *each.criterion.shown_by):
                texts += 1
                found.update(content_stems(text))
    return Rarity({stem: min(MOST, max(LEAST, math.log(texts / (1 + count)))) for stem, count in found.items()})
