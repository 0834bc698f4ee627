"""Commands about the interview material: `material check`, `retrieve`, `try-problem`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.shared import MoreCorpora, console, settings_with

app = typer.Typer()
material = typer.Typer(no_args_is_help=True, help="The interview material.")
app.add_typer(material, name="material")


@material.command()
def check(
    coverage: Annotated[Path | None, typer.Option(help="Folder with a coverage list to check against.")] = None,
    remarks: Annotated[bool, typer.Option(help="Show what works and is worth more material, too.")] = False,
    quick: Annotated[bool, typer.Option(help="Leave out what needs a model: seconds instead of minutes.")] = False,
    furthest: Annotated[int, typer.Option(help="With --coverage: print that many covers that look far-fetched.")] = 0,
    corpus: MoreCorpora = None,
) -> None:
    """Check the corpus: schema, probes, exemplars, plans, solutions, duplicates. Exits 1 where something is wrong."""
    from app.curation import check as curation
    from app.curation.coverage import items
    from app.curation.likeness import covers_by_likeness
    from app.material.load import read
    from app.scoring.pair_model import PairModel
    from app.wiring.reading import cores, sentence_vectors

    settings = settings_with(corpus)
    reading = read(settings.corpus, settings.more_corpora)
    found = reading.corpus
    encode = None if quick else sentence_vectors(settings).encode_cached
    pairs = None if quick else PairModel(threads=cores(settings))
    roots = (settings.corpus, *settings.more_corpora)
    faults = list(reading.problems)
    for each in curation.examine(found, roots, encode, pairs, coverage):
        count = sum(fault.severity == "error" for fault in each.faults)
        console.print(f"{each.at}: {count or 'no'} fault{'' if count == 1 else 's'}")
        faults += each.faults
    wrong = [fault for fault in faults if fault.severity == "error"]
    for fault in faults if remarks else wrong:
        console.print(str(fault), markup=False, highlight=False)
    if coverage is not None and furthest and encode is not None:
        for pair in covers_by_likeness(found, items(coverage), encode)[:furthest]:
            says = f"{pair.similarity:.2f} {pair.item_id} {pair.item!r}\n     {pair.entry_id}: {pair.nearest!r}"
            console.print(says, markup=False, highlight=False, soft_wrap=True)
    shelves = {
        "questions": found.questions,
        "chains": found.chains,
        "notes": found.notes,
        "scenarios": found.scenarios,
        "problems": found.problems,
        "tables": found.analytics,
        "roles": found.roles,
        "companies": found.companies,
    }
    console.print(
        "corpus: "
        + ", ".join(f"{len(entries)} {name}" for name, entries in shelves.items())
        + f"; {len(wrong)} faults, {len(faults) - len(wrong)} remarks"
        + ("" if remarks else " (--remarks shows them)")
    )
    if wrong or not found.questions:
        raise typer.Exit(1)


@app.command()
def retrieve(
    source: Annotated[Path, typer.Option("--in", help='Queries: lines {"id", "text"}.', exists=True, dir_okay=False)],
    target: Annotated[Path, typer.Option("--out", help='Written: lines {"id", "hits"}.', dir_okay=False)],
    k: Annotated[int, typer.Option(help="Entries for each query.", min=1, max=100)] = 5,
    passages: Annotated[
        Path | None,
        typer.Option(help='Search these lines {"id", "text"} and not the corpus.', exists=True, dir_okay=False),
    ] = None,
    method: Annotated[Literal["dense", "lexical", "hybrid"], typer.Option(help="How passages are ranked.")] = "dense",
    corpus: MoreCorpora = None,
) -> None:
    """Find what the corpus has on the texts of a file: for curating and measuring, rubrics included."""
    from app.curation.lookup import line_of, look_up, of_corpus, of_file, read_lines
    from app.material.load import load as load_corpus
    from app.wiring.reading import sentence_vectors

    settings = settings_with(corpus)
    queries = read_lines(source)
    own = passages is None
    items = of_file(passages) if passages else of_corpus(load_corpus(settings.corpus, settings.more_corpora))
    vectors = sentence_vectors(settings)
    found = look_up(
        queries,
        items,
        vectors.encode_cached if own else vectors.encode,
        vectors.encode,
        k=k,
        method=method,
    )
    lines = [line_of(name, hits) for name, hits in found]
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    console.print(f"{len(lines)} queries over {len(items)} passages: {target}")


@app.command(name="try-problem")
def try_problem(
    problem_id: Annotated[str, typer.Argument(metavar="ID", help="A folder of corpus/problems, such as adamw-step.")],
    file: Annotated[Path, typer.Argument(help="Your Python file or query.", exists=True, dir_okay=False)],
    reviewer: Annotated[bool, typer.Option("--reviewer", help="Show the hidden tests as well.")] = False,
    corpus: MoreCorpora = None,
) -> None:
    """Run a file against a coding problem's tests, in the sandbox. Exits 1 where a test does not pass."""
    from app.domain.errors import ProblemUnknown
    from app.exercises.outcomes import Submission, candidate_view, reviewer_view
    from app.exercises.python_runtime import FOLDER, PythonRuntime
    from app.exercises.sandbox import Attempt, Sandbox
    from app.material.load import load as load_corpus
    from app.terminal.shown import outcome_lines

    settings = settings_with(corpus)
    problems = load_corpus(settings.corpus, settings.more_corpora).problems
    problem = problems.get(problem_id) or problems.get(f"problems/{problem_id}")
    if problem is None:
        raise ProblemUnknown(problem_id)
    tests = problem.tests
    submission = Submission(file.read_text(encoding="utf-8", errors="replace"), problem.function, tests.tables)
    runner = Sandbox(PythonRuntime(settings.data_dir / FOLDER))
    run = asyncio.run(runner.run(Attempt(submission, tests.visible, tests.hidden)))
    view = (reviewer_view if reviewer else candidate_view)(run, submission, tests.visible, tests.hidden)
    for line in outcome_lines(view):
        print(line)
    if not run.all_passed:
        raise typer.Exit(1)
