"""The corpus as passages to be embedded: what may be shown, and, marked secret, what may not before the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.passage import Passage
from app.material.corpus import DEEP_DIVE, Asked, Corpus, parts_of, plain
from app.material.entries import Chain, Criterion, Question
from app.material.overlays import Company
from app.material.structure import KIND, file_of
from app.material.tasks import Analytics, Problem, Scenario

MAX_WORDS = 150
"""Of one passage; a longer reference answer becomes several."""


def passages(corpus: Corpus) -> tuple[Passage, ...]:
    """All passages, in the order of the files. An id stays as long as the entry and its part keep theirs."""
    return (
        *_of_notes(corpus),
        *(each for entry in corpus.asked() for each in _of_entry(corpus, entry)),
        *_of_overlays(corpus),
    )


def shown(corpus: Corpus) -> tuple[Passage, ...]:
    """The passages that may be shown before an answer: what the index holds, so that no search can bring a rubric."""
    return tuple(passage for passage in passages(corpus) if not passage.secret)


def _of_notes(corpus: Corpus) -> Iterator[Passage]:
    for note in corpus.notes.values():
        for passage in note.passages:
            yield corpus.passage(f"{note.id}#{passage.id}")


def _of_entry(corpus: Corpus, entry: Asked) -> Iterator[Passage]:
    source, kind = file_of(corpus, entry), KIND[type(entry).__name__]
    round_slug = DEEP_DIVE if isinstance(entry, Chain) else entry.round
    heading = f"{plain(entry.id)}; {', '.join(map(plain, entry.topics))}"

    def passage(part: str, text: str, *, secret: bool) -> Passage:
        return Passage(
            id=f"{entry.id}#{part}",
            source=source,
            kind=kind,
            text=text,
            heading=heading,
            topics=entry.topics,
            question_id=entry.id,
            round=round_slug,
            roles=entry.roles,
            secret=secret,
        )

    for part, text, secret in _asks(entry):
        yield passage(part, text, secret=secret)
    for number, text in enumerate(packed(entry.reference_answer), 1):
        yield passage(f"reference/{number}", text, secret=True)
    if isinstance(entry, Problem):
        yield passage("solution", entry.solution, secret=True)
    for each in parts_of(entry):
        yield passage(f"criteria/{each.criterion.id}", _criterion(each.criterion), secret=True)


def _asks(entry: Asked) -> Iterator[tuple[str, str, bool]]:
    """Part, words, and whether they are secret: a later rung or stage may give an earlier one away."""
    match entry:
        case Question() | Problem():
            yield "ask", entry.ask, False
        case Chain():
            for rung in entry.rungs:
                yield f"rungs/{rung.id}", rung.ask, rung is not entry.rungs[0]
        case Scenario():
            yield "ask", entry.opening, False
            for stage in entry.stages:
                yield f"stages/{stage.id}", stage.ask, True
        case Analytics():
            yield "ask", entry.opening, False
            for question in entry.questions:
                yield f"questions/{question.id}", question.ask, True


def _criterion(criterion: Criterion) -> str:
    return " ".join((criterion.says, *criterion.shown_by[:1]))


def _of_overlays(corpus: Corpus) -> Iterator[Passage]:
    for company in corpus.companies.values():
        source = corpus.source("company", company.id)

        def told(part: str, text: str, about: str, company: Company = company, source: str = source) -> Passage:
            heading = f"{company.name}: {about}"
            return Passage(f"companies/{company.id}#{part}", source, "company", text, heading, company.emphases)

        for fact in company.knows:
            yield told(f"knows/{fact.id}", fact.reply, fact.about)
        for number, text in enumerate(packed(company.body), 1):
            yield told(f"body/{number}", text, "about this company")
    for role in corpus.roles.values():
        source = corpus.source("role", role.id)
        for number, text in enumerate(packed(role.body), 1):
            part_id = f"roles/{role.id}#body/{number}"
            yield Passage(part_id, source, "role", text, role.name, role.topics, roles=(role.id,))


def packed(text: str) -> Sequence[str]:
    """Neighbouring paragraphs, at most `MAX_WORDS` words together; a longer one stays whole. Headings are left out."""
    pieces: list[list[str]] = []
    count = 0
    for paragraph in (" ".join(each.split()) for each in text.split("\n\n")):
        size = len(paragraph.split())
        if not paragraph or (paragraph.startswith("#") and size < 12):
            continue
        if not pieces or count + size > MAX_WORDS:
            pieces.append([])
            count = 0
        pieces[-1].append(paragraph)
        count += size
    return ["\n\n".join(piece) for piece in pieces]
