"""All that `viva material check` looks at, in order: cheap first, so that a typing error is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from app.curation import answers, coverage, likeness, plans, restating
from app.domain.errors import Fault
from app.material import checks
from app.material.corpus import Corpus
from app.material.passages import passages
from app.retrieval.chunking import chunk
from app.retrieval.embedder import Vectors

Encode = Callable[[Sequence[str]], Vectors]


class Looked(NamedTuple):
    """One check and what it found."""

    at: str
    faults: list[Fault]


def examine(
    corpus: Corpus,
    roots: Sequence[Path],
    encode: Encode | None,
    pairs: restating.Reads | None,
    coverage_list: Path | None = None,
) -> Iterator[Looked]:
    """Every check of a corpus that could be read.

    Args:
        corpus: The entries.
        roots: Folders that they come from; the first is Viva's own.
        encode: Texts to unit vectors; without it what needs the embedder is left out.
        pairs: The pair model; without it, or without `encode`, what needs that is left out.
        coverage_list: Folder with `seed-items.csv`; beside it may stand `seeds/`, the texts it was made of.
    """
    yield Looked("entries", checks.run(corpus, coverage_list))
    yield Looked("passages", [*too_long(corpus)])
    yield Looked("solutions and tables", [*answers.wrong_solutions(corpus), *answers.wrong_tables(corpus)])
    yield Looked("plans", [*plans.enemies_together(corpus), *plans.rows_of_interviews(corpus)])
    if coverage_list is not None:
        wanted = coverage.items(coverage_list)
        yield Looked("coverage", [*coverage.gaps(corpus, wanted, coverage.declined(roots[0]))])
        sources = coverage_list.parent / "seeds"
        if sources.is_dir():
            yield Looked("copied runs", [fault for root in roots for fault in coverage.copied(root, sources)])
    if encode is not None:
        yield Looked("near-duplicates", [*likeness.near_duplicates(corpus, encode)])
        if pairs is not None:
            yield Looked("probes that tell", [*restating.giveaways(corpus, encode, pairs)])


def too_long(corpus: Corpus) -> Iterator[Fault]:
    """Passages of concept notes that the embedder would not read whole."""
    for passage in passages(corpus):
        if passage.kind == "concept" and len(chunk(passage)) > 1:
            says = "the embedder would not read it to its end"
            yield Fault(passage.source, f"## {passage.id.partition('#')[2]}", says, "Shorten it, or make two")
