"""Whether entries are good enough to be asked and marked: the rules of the corpus that code can hold.

Nothing here breaks an interview; all of it is reported by `viva material check`. `error` has to be repaired, `thin`
works and is worth more material.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domain.errors import Fault
from app.domain.score import VerdictState
from app.domain.sentences import sentences
from app.material import structure
from app.material.corpus import Asked, Corpus, parts_of
from app.material.entries import Chain, Criterion, Exemplar, Question
from app.material.load import read
from app.material.structure import file_of, place_of
from app.material.tasks import Analytics, Problem, Scenario

MAX_SPOKEN_WORDS = 35
MAX_PASSAGE_WORDS = 150
MAX_COVERS = 20
SHOWN_BY = 3
NOT_SHOWN_BY = 2

_AUXILIARIES = frozenset(
    {"is", "are", "am", "was", "were", "do", "does", "did", "have", "has", "had", "can", "could", "will", "would"}
    | {"shall", "should", "may", "might", "must", "ca", "wo", "sha"}
)
"""The last three are what is left of can't, won't, shan't."""
_LEAD_INS = frozenset(("and", "but", "so", "or", "now", "then", "okay", "ok", "well", "right", "alright", "also"))
_TAG = re.compile(
    r",\s*(?:right|correct|yes|no|or not|(?:is|are|was|were|do|does|did|can|would|will|have|has)n['’]t \w+)\?$", re.I
)
_WORD = re.compile(r"[^\s]*\w[^\s]*")
_ON_TOPIC = "question on the topic"


def run(corpus: Corpus, shared_coverage: Path | None = None) -> list[Fault]:
    """Every fault of a corpus, those of `structure` included.

    Args:
        corpus: As read; see `examine` where files may be malformed.
        shared_coverage: A CSV with a column `id`, or a folder with such a `seed-items.csv`: ids in `covers` must stand
            in it.
    """
    found = list(structure.faults(corpus))
    known = _coverage_ids(shared_coverage) if shared_coverage is not None else None
    for entry in corpus.asked():
        found += _of_entry(corpus, entry)
        found += _covers(file_of(corpus, entry), entry.covers, known)
    for note in corpus.notes.values():
        file = corpus.source("concept", note.id)
        found += _covers(file, note.covers, known)
        found += structure.repeated(file, "passages", [passage.id for passage in note.passages])
        for passage in note.passages:
            count = word_count(passage.text)
            if count > MAX_PASSAGE_WORDS:
                says = f"the passage has {count} words, {MAX_PASSAGE_WORDS} are allowed"
                found.append(Fault(file, f"## {passage.id}", says, "Shorten it, or make two"))
    found += _overlays(corpus, known)
    return found


def examine(root: Path, shared_coverage: Path | None = None, extra: Sequence[Path] = ()) -> list[Fault]:
    """Every fault of the files under `root` and `extra`, malformed ones included."""
    reading = read(root, extra)
    return [*reading.problems, *run(reading.corpus, shared_coverage)]


def word_count(text: str) -> int:
    """Words as a reader counts them: runs between blanks that hold a letter or a digit."""
    return len(_WORD.findall(text))


def is_yes_no(text: str) -> bool:
    """Whether any question in a text can be answered with yes or no, by its first word or by its tag."""
    for sentence in sentences(text):
        if not sentence.text.rstrip("\"')”’").endswith("?"):
            continue
        spoken = re.findall(r"[a-z]+(?:['’][a-z]+)?", sentence.text.lower())
        while len(spoken) > 1 and spoken[0] in _LEAD_INS:
            spoken = spoken[1:]
        first = re.sub(r"n['’]t$", "", spoken[0]) if spoken else ""
        if first in _AUXILIARIES or _TAG.search(sentence.text):
            return True
    return False


# --- an entry ---------------------------------------------------------------------------------------------------------


def _of_entry(corpus: Corpus, entry: Asked) -> Iterator[Fault]:
    file = file_of(corpus, entry)
    for each in parts_of(entry):
        yield from _of_criterion(
            file, place_of(entry, each.criterion.id), each.criterion, chain=isinstance(entry, Chain)
        )
    for key, text in _asks(entry):
        yield from _spoken(file, key, text)
    for misconception in entry.misconceptions:
        yield from _spoken(file, f"misconceptions[{misconception.id}].challenge", misconception.challenge)
    if not isinstance(entry, Chain | Analytics):
        yield from _exemplars(file, entry.exemplars, [each.criterion for each in parts_of(entry)])
    yield from _points_to(corpus, entry)


def _of_criterion(file: str, key: str, criterion: Criterion, *, chain: bool) -> Iterator[Fault]:
    yield from _spoken(file, f"{key}.probe", criterion.probe)
    if criterion.probe.count("?") > 1:
        yield Fault(file, f"{key}.probe", f"it has {criterion.probe.count('?')} question marks", "Ask one thing")
    for number, hint in enumerate(criterion.hints, 1):
        yield from _spoken(file, f"{key}.hints[{number}].says", hint.says)
    if criterion.press is not None:
        yield from _spoken(file, f"{key}.press.says", criterion.press.says)
    if criterion.drill is not None:
        yield from _spoken(file, f"{key}.drill.ask", criterion.drill.ask, long="thin")
    for name, given, wanted in (
        ("shown_by", len(criterion.shown_by), SHOWN_BY),
        ("not_shown_by", len(criterion.not_shown_by), NOT_SHOWN_BY),
    ):
        if given < wanted:
            lenient = chain and name == "not_shown_by"
            says = f"it has {given} of {wanted} examples"
            do = "Add a terse, a plain and a rough one" if name == "shown_by" else "Add a hard near miss"
            yield Fault(file, f"{key}.{name}", says, do, "thin" if lenient else "error")


def _asks(entry: Asked) -> Iterator[tuple[str, str]]:
    """What is said to open an entry or one of its parts, with its key."""
    match entry:
        case Chain():
            for rung in entry.rungs:
                # The quoted claim has any length; it is not the interviewer's words.
                yield f"rungs[{rung.id}].ask", rung.ask
                if rung.ask_otherwise:
                    yield f"rungs[{rung.id}].ask_otherwise", rung.ask_otherwise
            for check in entry.checks:
                yield f"checks[{check.id}].ask", check.ask
        case Scenario():
            for stage in entry.stages:
                yield f"stages[{stage.id}].ask", stage.ask
        case Analytics():
            for question in entry.questions:
                yield f"questions[{question.id}].ask", question.ask
        case Problem():
            yield "ask", entry.ask
            if entry.follow_up is not None:
                yield "follow_up.ask", entry.follow_up.ask
        case Question():
            yield "ask", entry.ask
            for number, text in enumerate(entry.rewordings, 1):
                yield f"rewordings[{number}]", text
            for number, text in enumerate(entry.parallel, 1):
                yield f"parallel[{number}]", text
            for company, text in entry.lenses.items():
                yield f"lenses.{company}", text


def _spoken(file: str, key: str, text: str, *, long: str = "error") -> Iterator[Fault]:
    count = word_count(text)
    if count > MAX_SPOKEN_WORDS:
        yield Fault(file, key, f"it has {count} words, {MAX_SPOKEN_WORDS} are allowed", "Shorten it", long)
    if is_yes_no(text):
        yield Fault(file, key, "it can be answered with yes or no", "Ask what, how or why, or say 'tell me'")


def _exemplars(file: str, exemplars: tuple[Exemplar, ...], criteria: list[Criterion]) -> Iterator[Fault]:
    known = {criterion.id: criterion for criterion in criteria}
    yield from structure.repeated(file, "exemplars", [exemplar.id for exemplar in exemplars])
    for exemplar in exemplars:
        key = f"exemplars[{exemplar.id}].marks"
        left_out = [name for name in known if name not in exemplar.marks]
        if left_out:
            yield Fault(file, key, f"no mark for {', '.join(left_out)}", "Mark every criterion")
        yield from structure.dangling(file, key, exemplar.marks, known, "criterion")
        for name, mark in exemplar.marks.items():
            if mark is VerdictState.PARTLY and name in known and known[name].partly_when is None:
                yield Fault(file, key, f"'{name}' has no partly_when", "Mark it shown or absent, or define partly_when")
    if not exemplars:
        return
    strong = max(exemplars, key=lambda each: (_shown(each), -word_count(each.text)))
    weak = [each for each in exemplars if 2 * _shown(each) <= _shown(strong) and each is not strong]
    if not _shown(strong):
        yield Fault(file, "exemplars", "none shows anything", "Add a strong, short one")
    elif not weak:
        yield Fault(file, "exemplars", "there is no weak one", "Add one that is fluent, longer, and shows little")
    elif max(word_count(each.text) for each in weak) < word_count(strong.text):
        says = f"every weak one is shorter than the strong '{strong.id}': length would give them away"
        yield Fault(file, "exemplars", says, "Make a weak one longer and as fluent, or the strong one shorter")


def _shown(exemplar: Exemplar) -> int:
    return sum(1 for mark in exemplar.marks.values() if mark is VerdictState.SHOWN)


# --- references that an interview survives ----------------------------------------------------------------------------


def _points_to(corpus: Corpus, entry: Asked) -> Iterator[Fault]:
    file = file_of(corpus, entry)
    ids = {each.id for each in corpus.asked()} | corpus.unread
    roles, companies = {*corpus.roles, *corpus.unread}, {*corpus.companies, *corpus.unread}
    yield from structure.dangling(file, "roles", entry.roles, roles, "role")
    if not isinstance(entry, Chain):
        yield from structure.dangling(file, "enemies", entry.enemies, ids, "question")
        if entry.id in entry.enemies:
            yield Fault(file, "enemies", "it is its own enemy", "Remove it")
    if isinstance(entry, Question | Scenario):
        # A lens may wait for its company: nothing is said in it until there is one.
        yield from structure.dangling(file, "lenses", entry.lenses, companies, "company", severity="thin")
    if isinstance(entry, Question):
        yield from structure.dangling(file, "opens", [each.to for each in entry.opens], ids, "question or chain")
    if isinstance(entry, Chain):
        for rung in entry.rungs:
            yield from structure.dangling(file, f"rungs[{rung.id}].roles", rung.roles, roles, "role")
            wanted = [each.to for each in rung.opens]
            yield from structure.dangling(file, f"rungs[{rung.id}].opens", wanted, ids, "question or chain")
    for each in parts_of(entry):
        for rule in each.criterion.kind_when:
            key = f"{place_of(entry, each.criterion.id)}.kind_when"
            yield from structure.dangling(file, key, rule.roles, roles, "role")


def _overlays(corpus: Corpus, known_ids: frozenset[str] | None) -> Iterator[Fault]:
    topics = {topic for entry in corpus.asked() for topic in entry.topics}
    for role in corpus.roles.values():
        file = corpus.source("role", role.id)
        for skill in role.skills:
            yield from structure.dangling(
                file, f"skills[{skill.id}].topics", skill.topics, topics, _ON_TOPIC, severity="thin"
            )
        yield from structure.dangling(file, "emphases", role.emphases, topics, _ON_TOPIC, severity="thin")
        yield from structure.repeated(file, "skills", [skill.id for skill in role.skills])
        yield from _covers(file, role.covers, known_ids)
    for company in corpus.companies.values():
        file = corpus.source("company", company.id)
        yield from structure.dangling(file, "emphases", company.emphases, topics, _ON_TOPIC, severity="thin")
        yield from structure.repeated(file, "knows", [fact.id for fact in company.knows])
        yield from _covers(file, company.covers, known_ids)


def _covers(file: str, covers: tuple[str, ...], known: frozenset[str] | None) -> Iterator[Fault]:
    if len(covers) > MAX_COVERS:
        yield Fault(
            file, "covers", f"it names {len(covers)} ids, {MAX_COVERS} are allowed", "Keep those it really serves"
        )
    yield from structure.repeated(file, "covers", covers)
    if known is not None:
        yield from structure.dangling(file, "covers", covers, known, "item")


def _coverage_ids(table: Path) -> frozenset[str]:
    if table.is_dir():
        table = table / "seed-items.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["id"] for row in csv.DictReader(lines))
