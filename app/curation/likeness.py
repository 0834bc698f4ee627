"""Questions that are the same question, and `covers` that look far-fetched: both by the likeness of their words' meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.errors import Fault
from app.material.corpus import Asked, Corpus, parts_of
from app.material.entries import Chain, Question
from app.material.structure import file_of
from app.material.tasks import Analytics, Problem, Scenario
from app.retrieval.embedder import Vectors

Encode = Callable[[Sequence[str]], Vectors]

SAME_AT = 0.82
"""Cosine of two openings from which two entries ask one thing. **Measured**: of Viva's own, no two of one kind reach 0.81."""
RUBRICS_SAME_AT = 0.87
"""The same for the mean of what their criteria say: none of Viva's own reach 0.85.

Both find copies and close rewordings. A rubric told wholly in other words lies near 0.64, where neighbouring subjects lie
as well: that is for the person who reads the change.
"""


@dataclass(frozen=True, slots=True)
class CoverPair:
    """An item that an entry says it covers, and how near the entry's nearest text comes to it."""

    item_id: str
    item: str
    entry_id: str
    nearest: str
    similarity: float
    """Cosine, -1..1."""


def near_duplicates(corpus: Corpus, encode: Encode) -> Iterator[Fault]:
    """Pairs of entries of one kind whose openings are nearly one, or whose rubrics are."""
    entries = sorted(corpus.asked(), key=lambda entry: entry.id)
    if len(entries) < 2:
        return
    openings = encode([opening(entry) for entry in entries])
    says = [[each.criterion.says for each in parts_of(entry)] for entry in entries]
    rows = encode([text for texts in says for text in texts])
    ends = np.cumsum([len(texts) for texts in says])
    rubrics = np.stack([_middle(part) for part in np.split(rows, ends[:-1])])
    for what, table in (("openings", openings), ("rubrics", rubrics)):
        likeness = table @ table.T
        limit = SAME_AT if what == "openings" else RUBRICS_SAME_AT
        for first, second in zip(*np.nonzero(np.triu(likeness, k=1) >= limit), strict=True):
            one, other = entries[int(first)], entries[int(second)]
            if type(one) is type(other):
                yield Fault(
                    file_of(corpus, other),
                    "",
                    f"its {what} and those of '{one.id}' have a likeness of {likeness[first, second]:.2f}",
                    "Make them one entry, or ask for something else",
                )


def opening(entry: Asked) -> str:
    """The words that open an entry."""
    match entry:
        case Question() | Problem():
            return entry.ask
        case Chain():
            return f"{entry.technique} {entry.rungs[0].ask_otherwise or entry.rungs[0].ask}"
        case Scenario() | Analytics():
            return entry.opening


def covers_by_likeness(corpus: Corpus, items: Mapping[str, str], encode: Encode) -> list[CoverPair]:
    """Every pair of an item and an entry that covers it, the least alike first.

    Args:
        corpus: The entries.
        items: Words of each item by its id.
        encode: Texts to unit vectors.
    """
    pairs: list[CoverPair] = []
    every = [
        (entry_id, wanted, texts)
        for entry_id, covers, texts in _covering(corpus)
        if texts and (wanted := [each for each in covers if each in items])
    ]
    together = dict.fromkeys(text for _, wanted, texts in every for text in (*map(items.__getitem__, wanted), *texts))
    ordered = sorted(together, key=len)
    known = dict(zip(ordered, encode(ordered), strict=True))
    for entry_id, wanted, texts in every:
        likeness = np.stack([known[items[each]] for each in wanted]) @ np.stack([known[text] for text in texts]).T
        for row, item_id in zip(likeness, wanted, strict=True):
            best = int(np.argmax(row))
            pairs.append(CoverPair(item_id, items[item_id], entry_id, texts[best], float(row[best])))
    return sorted(pairs, key=lambda pair: pair.similarity)


def _covering(corpus: Corpus) -> Iterator[tuple[str, Sequence[str], list[str]]]:
    for entry in corpus.asked():
        says = [each.criterion.says for each in parts_of(entry)]
        told = [text for each in parts_of(entry) for text in each.criterion.shown_by]
        yield entry.id, entry.covers, [opening(entry), *says, *told, *_parts(entry)]
    for note in corpus.notes.values():
        yield note.id, note.covers, [note.title, *(f"{passage.text}" for passage in note.passages)]
    for role in corpus.roles.values():
        yield f"roles/{role.id}", role.covers, [role.name, *role.body.split("\n\n")]
    for company in corpus.companies.values():
        known = [fact.reply for fact in company.knows]
        yield f"companies/{company.id}", company.covers, [company.name, *known, *company.body.split("\n\n")]


def _parts(entry: Asked) -> list[str]:
    match entry:
        case Chain():
            return [rung.ask for rung in entry.rungs]
        case Scenario():
            return [*(fact.reply for fact in entry.facts), *(stage.ask for stage in entry.stages)]
        case Analytics():
            return [question.ask for question in entry.questions]
        case Problem():
            return [entry.statement]
        case Question():
            return [*entry.parallel, *entry.lenses.values()]


def _middle(rows: Vectors) -> Vectors:
    mean = rows.mean(axis=0)
    middle: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return middle
