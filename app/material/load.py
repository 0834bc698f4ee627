"""Files to a `Corpus`. Every fault of every file is collected; nothing is guessed and nothing is passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.domain.errors import CorpusInvalid, Fault
from app.material import structure
from app.material.corpus import Corpus
from app.material.entries import Chain, ConceptNote, Entry, Question
from app.material.frontmatter import MalformedFile, is_echo, key_path, mapping_of, remedy, sections, split
from app.material.overlays import Company, Role
from app.material.tasks import Analytics, Problem, Scenario

_BODY_KEYS = {"reference answer": "reference_answer", "for the reviewer": "for_the_reviewer", "statement": "statement"}


class Reading(NamedTuple):
    """What could be read, and what could not."""

    corpus: Corpus
    problems: tuple[Fault, ...]


def load(root: Path, extra: Sequence[Path] = ()) -> Corpus:
    """The corpus under `root`, with those under `extra` added: same folders, other ids.

    Raises:
        CorpusInvalid: with every fault that would break an interview: keys, types, ids, references, sums.
    """
    reading = read(root, extra)
    problems = (*reading.problems, *structure.faults(reading.corpus))
    if problems:
        raise CorpusInvalid(problems=problems)
    return reading.corpus


def read(root: Path, extra: Sequence[Path] = ()) -> Reading:
    """The entries that are well-formed by themselves, and the faults of the files that are not."""
    reader = _Reader()
    for place in (root, *extra):
        reader.read(place)
    return Reading(reader.corpus(), tuple(reader.faults))


class _Reader:
    """Collects entries and faults over one or several roots."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._shelves: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        self._sources: dict[str, str] = {}
        self._unread: set[str] = set()

    def corpus(self) -> Corpus:
        shelves = self._shelves
        return Corpus(
            questions=shelves["question"],
            chains=shelves["chain"],
            notes=shelves["concept"],
            scenarios=shelves["scenario"],
            problems=shelves["problem"],
            analytics=shelves["analytics"],
            roles=shelves["role"],
            companies=shelves["company"],
            sources=self._sources,
            unread=frozenset(self._unread),
        )

    def read(self, root: Path) -> None:
        if not root.is_dir():
            self.faults.append(
                Fault(str(root), "", "there is no such folder", "Name the folder that holds 'questions'")
            )
            return
        for kind, (folder, suffix, _) in _KINDS.items():
            for path in _files(root / folder):
                if kind == "problem" and path.name != "problem.md":
                    continue
                if path.suffix != suffix:
                    file = path.relative_to(root).as_posix()
                    says = f"files of '{folder}' end in {suffix}, so this one is never read"
                    self.faults.append(Fault(file, "", says, "Rename it, or move it out of the corpus"))
                    continue
                self._entry(root, path, kind)

    def _entry(self, root: Path, path: Path, kind: str) -> None:
        folder, _, parse = _KINDS[kind]
        expected = _expected_id(kind, path.relative_to(root / folder))
        found = [*self._read(root, path, kind, parse, expected)]
        self.faults += found
        if found and expected not in self._shelves[kind]:
            self._unread.add(expected)

    def _read(self, root: Path, path: Path, kind: str, parse: _Parse, expected: str) -> Iterator[Fault]:
        """Puts the entry of a file on its shelf, or gives the reasons why not."""
        file = path.relative_to(root).as_posix()
        data: dict[str, Any] = {}
        try:
            data = parse(path, path.read_text(encoding="utf-8"))
            entry = _TYPES[kind].model_validate(data)
        except UnicodeDecodeError as error:
            yield Fault(file, "", f"byte {error.start} is not UTF-8", "Save the file as UTF-8")
            return
        except MalformedFile as error:
            yield Fault(file, error.key, error.says, error.do)
            return
        except ValidationError as error:
            for each in error.errors():
                if not is_echo(each):
                    says, do = remedy(each)
                    yield Fault(file, key_path(data, each["loc"]), says, do)
            return
        entry_id: str = entry.id  # type: ignore[attr-defined]
        if entry_id != expected:
            yield Fault(file, "id", f"the id '{entry_id}' is not its place", f"Write id: {expected}, or move the file")
        elif entry_id in self._shelves[kind]:
            where = self._sources[f"{kind}:{entry_id}"]
            yield Fault(file, "id", f"the id '{entry_id}' is taken by {where}", "Choose another")
        else:
            self._shelves[kind][entry_id] = entry
            self._sources[f"{kind}:{entry_id}"] = file


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder in a fixed order; hidden ones, caches and notes to people (README.md) are left out."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and path.name != "README.md" and not any(part.startswith((".", "__")) for part in parts):
            yield path


def _expected_id(kind: str, path: Path) -> str:
    stem = path.with_suffix("").as_posix()
    match kind:
        case "question":
            return stem
        case "chain" | "scenario" | "analytics":
            return f"{_KINDS[kind][0]}/{stem}"
        case "problem":
            return f"problems/{path.parent.as_posix()}"
        case _:
            return path.stem


# --- what each kind of file holds -------------------------------------------------------------------------------------


def _with_body(path: Path, raw: str) -> dict[str, Any]:
    """Front-matter, and the two sections of the body under their keys."""
    data, body = split(raw)
    for title, text in sections(body):
        key = _BODY_KEYS.get(title.casefold())
        if key is None or (key == "statement" and path.name != "problem.md"):
            raise MalformedFile(
                f"## {title}", "the body has no such section", "Write '## Reference answer' and '## For the reviewer'"
            )
        if key in data:
            raise MalformedFile(key, "this belongs to the body", f"Write it below '## {title}'")
        data[key] = text
    return data


def _note(_: Path, raw: str) -> dict[str, Any]:
    data, body = split(raw)
    if "passages" in data:
        raise MalformedFile("passages", "passages stand in the body", "Write each below its own '## <slug>'")
    found = []
    for title, text in sections(body):
        paragraphs = [" ".join(each.split()) for each in text.split("\n\n") if each.strip()]
        if len(paragraphs) != 1:
            raise MalformedFile(
                f"## {title}", f"it has {len(paragraphs)} paragraphs", "Write one, or give the next its own '##'"
            )
        found.append({"id": title, "text": paragraphs[0]})
    return data | {"passages": found}


def _overlay(_: Path, raw: str) -> dict[str, Any]:
    data, body = split(raw)
    return data | {"body": body.strip()}


def _problem(path: Path, raw: str) -> dict[str, Any]:
    data = _with_body(path, raw)
    suffix = "sql" if data.get("language") == "sql" else "py"
    for key, name in (("starter", f"starter.{suffix}"), ("solution", f"solution.{suffix}"), ("tests", "tests.yaml")):
        beside = path.with_name(name)
        if not beside.is_file():
            raise MalformedFile(key, f"there is no {name} beside it", "Add the file")
        text = beside.read_text(encoding="utf-8")
        data[key] = mapping_of(text) if name.endswith(".yaml") else text
    return data


def _plain(_: Path, raw: str) -> dict[str, Any]:
    return mapping_of(raw)


_Parse = Callable[[Path, str], dict[str, Any]]
_KINDS: Mapping[str, tuple[str, str, _Parse]] = {
    "concept": ("concepts", ".md", _note),
    "question": ("questions", ".md", _with_body),
    "chain": ("chains", ".md", _with_body),
    "scenario": ("scenarios", ".md", _with_body),
    "problem": ("problems", ".md", _problem),
    "analytics": ("analytics", ".yaml", _plain),
    "role": ("roles", ".md", _overlay),
    "company": ("companies", ".md", _overlay),
}
"""Kind to folder, suffix and parser."""
_TYPES: Mapping[str, type[Entry]] = {
    "concept": ConceptNote,
    "question": Question,
    "chain": Chain,
    "scenario": Scenario,
    "problem": Problem,
    "analytics": Analytics,
    "role": Role,
    "company": Company,
}
