"""`viva retrieve`: for each query of a file the entries of the corpus, or of a foreign set of passages, that are nearest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.domain.errors import LinesInvalid
from app.material.corpus import Corpus
from app.material.passages import passages
from app.retrieval.chunking import chunk, searched, whole_id
from app.retrieval.embedder import Vectors
from app.retrieval.finder import Findable, Finder, Found, Method

Encode = Callable[[Sequence[str]], Vectors]


def of_corpus(corpus: Corpus) -> list[Findable]:
    """Everything of the corpus that can be found, rubrics and reference answers included, as pieces an embedder reads whole."""
    found = []
    for passage in passages(corpus):
        entry_id = passage.question_id or passage.id.partition("#")[0]
        kind = "note" if passage.kind == "concept" else passage.kind
        for each in chunk(passage):
            part = each.passage
            found.append(Findable(kind, entry_id, whole_id(part.id), part.text, searched(part)))
    return found


def of_file(path: Path) -> list[Findable]:
    """Foreign passages: lines `{"id", "text"}`.

    Raises:
        LinesInvalid: a line is no such object, or an id stands twice.
    """
    return [Findable("passage", name, name, text) for name, text in read_lines(path)]


def read_lines(path: Path) -> list[tuple[str, str]]:
    """Id and text of each line of a JSONL file; other keys are ignored, blank lines passed over.

    Raises:
        LinesInvalid: a line is no object with these two as texts, or an id stands twice.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise LinesInvalid(str(path), number, f"it is no JSON: {error.msg}") from None
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) and row[key] for key in ("id", "text")):
            raise LinesInvalid(str(path), number, 'it needs "id" and "text", both as texts')
        if row["id"] in found:
            raise LinesInvalid(str(path), number, f"the id '{row['id']}' stands twice")
        found[row["id"]] = row["text"]
    return list(found.items())


def look_up(
    queries: Sequence[tuple[str, str]],
    items: Sequence[Findable],
    keep: Encode,
    encode: Encode,
    *,
    k: int,
    method: Method,
) -> Iterator[tuple[str, list[Found]]]:
    """For each query its id and at most `k` entries, best first.

    Args:
        queries: Id and text of each.
        items: What may be found.
        keep: Vectors of the items, which may be stored.
        encode: Vectors of the queries, which are not.
        k: Entries a query.
        method: How they are ranked.
    """
    finder = Finder(items, keep([item.searched or item.text for item in items]))
    vectors = encode([text for _, text in queries])
    for (name, text), vector in zip(queries, vectors, strict=True):
        yield name, finder.find(text, vector, k, method)


def line_of(query_id: str, hits: Sequence[Found]) -> str:
    """A line of the answer: `{"id", "hits": [{"kind", "id", "passage_id", "similarity", "text"}]}`."""
    told = [
        {
            "kind": hit.item.kind,
            "id": hit.item.entry_id,
            "passage_id": hit.item.passage_id,
            "similarity": round(hit.similarity, 4),
            "text": hit.item.text,
        }
        for hit in hits
    ]
    return json.dumps({"id": query_id, "hits": told}, ensure_ascii=False)
