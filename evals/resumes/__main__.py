"""How well projects and techniques are read from resumes.

    python -m evals.resumes                   figures of those that may be looked at, by layout and kind of file
    python -m evals.resumes --look [NAME]     and what went wrong in them
    python -m evals.resumes --held-out        the others as well: once, after the last change to the reader
    python -m evals.resumes --set second      one set only

The people of `people/` do not exist; their resumes and what is due from them were written before the reader was measured on
them. Four of each set, drawn by seed, are held out. A project or position is found where the reader has one whose name
holds its title, or the employer that stands above it, and nothing but its heading. A technique is found where a project that
was found names it: the same words, the same term of the vocabulary, or more words around it. Invented is a project that is
none, and a technique or claim that is not in the words of the very project that it is said of, or an everyday word there.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from app.candidate.extract import extract
from app.candidate.limits import Limits
from app.candidate.read_file import read_resume
from app.candidate.vocabulary import terms
from app.domain.resume import Project
from evals.resumes.build import File, files
from evals.resumes.people import SETS, Work, holds, people, words_of


@dataclass(slots=True)
class Figures:
    """Counts over files; those that are due and those that came."""

    files: int = 0
    projects: int = 0
    projects_due: int = 0
    techniques: int = 0
    techniques_due: int = 0
    claims: int = 0
    claims_due: int = 0
    """List items."""
    invented_projects: int = 0
    invented_techniques: int = 0
    invented_claims: int = 0
    techniques_beyond: int = 0
    """Named by the project's words and by the reader, but not by the truth: what the truth forgot, or stretched."""

    def add(self, other: Figures) -> None:
        """Adds each count."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def same(due: str, mention: str) -> bool:
    """Whether `mention` names the technique `due`: its words, alone or among others, or the same whole term."""
    wanted, found = words_of(due), words_of(mention)
    if holds(found, wanted) or holds(found, wanted + "s") or wanted == found + "s":
        return True
    return bool(_whole(due) & _whole(mention))


def _whole(words: str) -> set[str]:
    return {term.name for term in terms(words) if (term.start, term.end) == (0, len(words))}


def matched(due: Sequence[Work], found: Sequence[Project]) -> dict[int, int]:
    """Which of `found` is which of `due`, by index: the title is in the name, nothing but its heading, nearest words first."""
    outer = {id(each): top for top in due for inside in top.inside for each in inside.all()}
    pairs = []
    for i, work in enumerate(due):
        allowed = work.name_words | (outer[id(work)].name_words if id(work) in outer else frozenset())
        for j, project in enumerate(found):
            name = words_of(project.name)
            named = any(holds(name, words_of(each)) for each in (work.title, work.also) if each)
            if named and set(name.split()) <= allowed:
                own = sum(holds(work.words, words_of(claim.text)) for claim in project.claims)
                pairs.append((own - len(project.claims), -abs(i - j), i, j))
    chosen: dict[int, int] = {}
    for _, _, i, j in sorted(pairs, reverse=True):
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    return chosen


def measured(file: File, say: Callable[[str], None]) -> Figures:
    """The figures of one file; what is missed or invented is told to `say`."""
    text = read_resume(file.data, file_name=f"resume.{file.kind}", media_type="", limits=Limits()).text
    found = extract(text).projects
    due = file.person.work
    chosen = matched(due, found)
    figures = Figures(files=1, projects=len(chosen), projects_due=len(due))
    for i, work in enumerate(due):
        items = [words_of(line) for line in work.body if line.startswith("- ") and work.head]
        figures.techniques_due += len(work.techniques)
        figures.claims_due += len(items)
        if i not in chosen:
            say(f"missed project '{work.title}'")
            continue
        project = found[chosen[i]]
        mentions = [mention.text for mention in project.techniques]
        for technique in work.techniques:
            if any(same(technique, mention) for mention in mentions):
                figures.techniques += 1
            else:
                say(f"missed technique '{technique}' of '{work.title}', which has {mentions}")
        for mention in project.techniques:
            told = text[mention.start : mention.end] == mention.text and holds(work.words, words_of(mention.text))
            if not told or words_of(mention.text) in map(words_of, work.everyday):
                figures.invented_techniques += 1
                say(f"invented technique '{mention.text}' of '{work.title}'")
            elif not any(same(each, mention.text) for each in (t for w in work.all() for t in w.techniques)):
                figures.techniques_beyond += 1
                say(f"beyond the truth: '{mention.text}' of '{work.title}'")
        for claim in project.claims:
            if text[claim.start : claim.end] != claim.text or not holds(work.words, words_of(claim.text)):
                figures.invented_claims += 1
                say(f"invented claim of '{work.title}': {claim.text}")
        claimed = {words_of(claim.text) for claim in project.claims}
        whole = " ".join(words_of(claim.text) for claim in project.claims)
        figures.claims += sum(item in claimed or holds(whole, item) for item in items)
    for j, project in enumerate(found):
        if j not in chosen.values():
            figures.invented_projects += 1
            say(f"invented project '{project.name}' with {[claim.text for claim in project.claims][:2]}")
    return figures


def shown(label: str, figures: Figures) -> str:
    """One line of the table."""

    def share(part: int, whole: int) -> str:
        return f"{part:4d} / {whole:4d} {part / max(1, whole):6.3f}"

    return (
        f"{label:34s} {figures.files:3d}  {share(figures.projects, figures.projects_due)}  "
        f"{share(figures.techniques, figures.techniques_due)}  {share(figures.claims, figures.claims_due)}  "
        f"{figures.invented_projects:3d} {figures.invented_techniques:3d} {figures.invented_claims:3d}  "
        f"{figures.techniques_beyond:3d}"
    )


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", nargs="?", const="", help="what went wrong, in all or in those with this name")
    parser.add_argument("--held-out", action="store_true", help="those held out as well, which are never looked at")
    parser.add_argument("--set", choices=SETS, help="only people of this set")
    arguments = parser.parse_args()
    rows: dict[tuple[str, str], Figures] = defaultdict(Figures)
    for person in people(*([arguments.set] if arguments.set else SETS)):
        if person.held_out and not arguments.held_out:
            continue
        half = f"{person.of}, held out" if person.held_out else f"{person.of}, looked at"
        for file in files(person):
            label = f"{person.slug} {file.kind} {file.layout}"

            def say(words: str, label: str = label, hidden: bool = person.held_out) -> None:
                if arguments.look is not None and not hidden and arguments.look in label:
                    print(f"{label}: {words}")

            figures = measured(file, say)
            for name in (f"{file.kind}, {file.layout}", f"all {file.kind}", "all"):
                rows[half, name].add(figures)
    print(f"{'':34s} {'n':>3s}  {'projects':>18s}  {'techniques':>18s}  {'list items':>18s}  invented p/t/c, beyond")
    for (half, name), total in sorted(rows.items()):
        print(shown(f"{half}: {name}", total))


if __name__ == "__main__":
    main()
