"""The command `viva`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.domain.errors import SettingsInvalid, VivaError
from app.domain.interview import Seniority
from app.settings import Settings, load

if TYPE_CHECKING:
    from app.material.corpus import Corpus
    from app.scoring.items import BadLine, Item
    from app.terminal import Client

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Viva, a mock machine-learning interviewer.")
material = typer.Typer(no_args_is_help=True, help="The interview material.")
key = typer.Typer(no_args_is_help=True, help="API keys, for servers that have them on.")
app.add_typer(material, name="material")
app.add_typer(key, name="key")
console = Console(stderr=True)


class JudgedBy(StrEnum):
    """Who judges the items of `viva judge`."""

    COMPACT = "compact"
    MODEL = "model"
    BOTH = "both"


MoreCorpora = Annotated[
    list[Path] | None, typer.Option("--corpus", help="A folder of your own material; give it as often as needed.")
]


def main() -> None:
    """Runs the command; expected errors are said in one line, without a trace."""
    # Nothing that a library would send home by itself.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        app()
    except VivaError as error:
        console.print(f"[red]{type(error).__name__}[/]: ", end="")
        console.print(str(error), markup=False, highlight=False)
        sys.exit(1)


@app.command()
def setup(corpus: MoreCorpora = None) -> None:
    """Fetch and check the weights, migrate the database, build the index. Quick when nothing is to do."""
    settings = _settings(corpus)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _weights(settings)
    _compile_behind(settings)
    migrate()
    ingest(corpus)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from app.persistence import migrate as migrations

    settings = load()
    before = migrations.current(settings.database_url)
    migrations.upgrade(settings.database_url)
    after = migrations.current(settings.database_url)
    console.print("database: unchanged" if before == after else f"database: {before or 'new'} -> {after}")


@app.command()
def ingest(corpus: MoreCorpora = None) -> None:
    """Build the index of passages from the corpus; does nothing where nothing changed."""
    from app.material.load import load as load_corpus
    from app.wiring.reading import cores, ingest_passages, learn_sentences, make_embedder

    settings = _settings(corpus)
    embedder = make_embedder(settings, threads=cores(settings))
    corpus_read = load_corpus(settings.corpus, settings.more_corpora)
    with _bar("index: embedding passages") as progress:
        report = ingest_passages(settings, embedder, progress, corpus_read)
    with _bar("index: embedding the rubrics' sentences") as progress:
        sentences = learn_sentences(settings, embedder, corpus_read, progress)
    changed = f"{report.added} added, {report.removed} removed, " if report.added or report.removed else ""
    console.print(
        f"index: {changed}{report.unchanged} unchanged, {report.seconds:.1f} s; {sentences} sentences of rubrics"
    )


def _settings(corpora: list[Path] | None = None) -> Settings:
    """The settings, with folders of the command line added; left in the environment for processes started from here."""
    if corpora:
        known = load().more_corpora
        added = [each.resolve() for each in corpora]
        os.environ["VIVA_MORE_CORPORA"] = json.dumps([str(each) for each in dict.fromkeys((*known, *added))])
    return load()


def _weights(settings: Settings) -> None:
    from app.llm.weights import QWEN, check, check_minilm, fetch
    from app.wiring.models import language_model

    if settings.retrieval.embedder == "all-MiniLM-L6-v2":
        check_minilm(settings.data_dir)
        console.print("embedder: checked")
    if "embedded" not in {settings.interviewer.provider, settings.judge.provider}:
        return
    path, pin = language_model(settings)
    if settings.embedded.weights is None and settings.embedded.fetch:
        with _bar("language model: 1.1 GB, once") as step:
            fetch(QWEN, settings.data_dir, progress=lambda each: step(*_share(each.doing, each.done, each.total)))
    check(path, pin)
    console.print(f"language model: {path.name}, checked")


def _compile_behind(settings: Settings) -> None:
    """Serving does not wait for the Python of the coding round: two minutes of one core, at low priority."""
    from app.exercises.python_runtime import FOLDER, PythonRuntime, Readiness

    runtime = PythonRuntime(settings.data_dir / FOLDER)
    found = runtime.readiness()
    if found is Readiness.NOT_PREPARED:
        runtime.prepare_apart()
        found = Readiness.PREPARING
    behind = ": it goes on behind this, about two minutes once" if found is Readiness.PREPARING else ""
    console.print(f"sandbox for Python: {found}{behind}")


def _share(doing: str, done: int, total: int) -> tuple[int, int]:
    """Fetching is most of the time, joining the rest: one bar for both."""
    return (done, total + total // 4) if doing == "download" else (total + done // 4, total + total // 4)


class _bar:
    """A progress bar that appears with the first step, for (done, total)."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._progress: Progress | None = None

    def __enter__(self) -> Callable[[int, int], None]:
        return self._step

    def _step(self, done: int, total: int) -> None:
        if self._progress is None:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(),
            )
            self._progress = Progress(*columns, console=console)
            self._progress.start()
            self._progress.add_task(self._title, total=total)
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    corpus: MoreCorpora = None,
) -> None:
    """Serve the web app and the API."""
    import uvicorn

    from app.main import create_app

    settings = _settings(corpus)
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    server = settings.server.model_copy(update=changes)
    if server.host not in {"127.0.0.1", "::1", "localhost"} and not server.api_keys:
        raise SettingsInvalid(
            (f"{server.host} is reachable by others, and API keys are off: set VIVA_SERVER__API_KEYS=true",)
        )
    address = f"http://{server.host}:{server.port}"
    console.print(f"\n[bold]Viva[/] is starting on [bold]{address}[/]  (ready in some seconds; Ctrl-C stops it)")
    command = Path(sys.argv[0]).as_posix()
    console.print(f"  in a browser:              {address}", soft_wrap=True)
    console.print(f"  talk in another terminal:  {command} interview --resume your.pdf --url {address}", soft_wrap=True)
    console.print(f"  the API and how to use it: {address}/docs\n")
    if settings.workers > 1:
        uvicorn.run(
            "app.main:app_from_environment",
            factory=True,
            host=server.host,
            port=server.port,
            workers=settings.workers,
            log_config=None,
            timeout_graceful_shutdown=int(server.grace_s),
        )
        return
    uvicorn.run(
        create_app(settings.model_copy(update={"server": server})),
        host=server.host,
        port=server.port,
        log_config=None,
        timeout_graceful_shutdown=int(server.grace_s),
    )


@app.command()
def interview(
    role: Annotated[str, typer.Option(help="A role of GET /v1/catalog/roles.")] = "ml-engineer",
    seniority: Annotated[str, typer.Option(help="junior, mid, senior or staff.")] = "mid",
    company: Annotated[str, typer.Option(help="A company of GET /v1/catalog/companies.")] = "neutral",
    minutes: Annotated[int, typer.Option(help="5 to 180.")] = 30,
    mode: Annotated[str, typer.Option(help="practice or exam.")] = "practice",
    resume: Annotated[
        Path | None, typer.Option(help="PDF, DOCX, Markdown, text or JSON Resume.", exists=True, dir_okay=False)
    ] = None,
    rounds: Annotated[str, typer.Option(help="Comma-separated; empty for what role and company suggest.")] = "",
    continue_: Annotated[str, typer.Option("--continue", help="Id of an interview to go on with.")] = "",
    url: Annotated[str, typer.Option(help="A running server; empty to start one for this interview.")] = "",
    api_key: Annotated[str, typer.Option(help="Key for a server that has them on.")] = "",
    corpus: MoreCorpora = None,
) -> None:
    """Sit an interview in this terminal."""
    from app.terminal import talk

    out = Console()
    wish = {"role": role, "seniority": seniority, "company": company, "minutes": minutes, "mode": mode}
    wish = {**wish, "rounds": [each.strip() for each in rounds.split(",") if each.strip()]}
    _with_server(
        lambda client: talk(client, out, wish, resume=resume, continue_id=continue_), out, url, api_key, corpus
    )


@app.command()
def practice(
    minutes: Annotated[int, typer.Option(help="What the drill is to fit into: 3 to 60.", min=3, max=60)] = 10,
    only_list: Annotated[bool, typer.Option("--list", help="Show the queue and begin nothing.")] = False,
    url: Annotated[str, typer.Option(help="A running server; empty to start one for this drill.")] = "",
    api_key: Annotated[str, typer.Option(help="Key for a server that has them on.")] = "",
    corpus: MoreCorpora = None,
) -> None:
    """Practise in this terminal: what is in the queue, a drill on it, and what changed by it."""
    from app.terminal_practice import practise

    out = Console()
    _with_server(lambda client: practise(client, out, minutes=minutes, only_list=only_list), out, url, api_key, corpus)


def _with_server(do: Callable[[Client], None], out: Console, url: str, api_key: str, corpus: list[Path] | None) -> None:
    """Does it with a client of the server at `url`, or of one that is started for it; a refusal ends the command with 1."""
    from app.terminal import Client, Refused, served, wait_until_ready

    try:
        if url:
            with Client(url, api_key) as client:
                do(client)
            return
        setup(corpus)
        from app.main import create_app

        settings = load()
        quiet = settings.telemetry.model_copy(update={"level": "ERROR"})
        quiet_app = create_app(settings.model_copy(update={"telemetry": quiet}))
        with served(quiet_app) as address, Client(address, api_key) as client:
            wait_until_ready(client, out)
            do(client)
    except Refused as refused:
        out.print(str(refused), style="red", markup=False)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, EOFError):
        out.print("\nLeft. Everything said so far is stored.")


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

    settings = _settings(corpus)
    reading = read(settings.corpus, settings.more_corpora)
    found = reading.corpus
    encode = None if quick else sentence_vectors(settings).encode_cached
    hold = None if quick else PairModel(threads=cores(settings)).hold
    roots = (settings.corpus, *settings.more_corpora)
    faults = list(reading.problems)
    for each in curation.examine(found, roots, encode, hold, coverage):
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
def sandbox(
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Compile now what is not compiled, and wait for it.")
    ] = False,
) -> None:
    """Say whether candidates' Python can be run here. Compiling takes about two minutes, once."""
    from app.exercises.python_runtime import FOLDER, PythonRuntime, Readiness

    runtime = PythonRuntime(load().data_dir / FOLDER)
    if prepare:
        if runtime.readiness() is not Readiness.READY:
            console.print("sandbox for Python: compiling, about two minutes")
        runtime.prepare()
    found = runtime.readiness()
    console.print(f"sandbox for Python: {found}")
    if found is not Readiness.READY:
        raise typer.Exit(1)


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
    from app.terminal import outcome_lines

    settings = _settings(corpus)
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


@app.command()
def retrieve(
    source: Annotated[Path, typer.Option("--in", help='Queries: lines {"id", "text"}.', exists=True, dir_okay=False)],
    target: Annotated[Path, typer.Option("--out", help='Written: lines {"id", "hits"}.', dir_okay=False)],
    k: Annotated[int, typer.Option(help="Entries for each query.", min=1, max=100)] = 5,
    passages: Annotated[
        Path | None,
        typer.Option(help='Search these lines {"id", "text"} and not the corpus.', exists=True, dir_okay=False),
    ] = None,
    method: Annotated[str, typer.Option(help="dense, lexical or hybrid.")] = "dense",
    corpus: MoreCorpora = None,
) -> None:
    """Find what the corpus has on the texts of a file: for curating and measuring, rubrics included."""
    from app.curation.lookup import line_of, look_up, of_corpus, of_file, read_lines
    from app.material.load import load as load_corpus
    from app.wiring.reading import sentence_vectors

    if method not in ("dense", "lexical", "hybrid"):
        raise typer.BadParameter("choose dense, lexical or hybrid", param_hint="--method")
    settings = _settings(corpus)
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
        method=method,  # type: ignore[arg-type]
    )
    lines = [line_of(name, hits) for name, hits in found]
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    console.print(f"{len(lines)} queries over {len(items)} passages: {target}")


@app.command()
def judge(
    source: Annotated[
        Path,
        typer.Option(
            "--in", help='Items: lines {"id", "criterion" or "reference", "answer"}.', exists=True, dir_okay=False
        ),
    ],
    target: Annotated[
        Path, typer.Option("--out", help='Written: lines {"id", "p", "state", "evidence"}.', dir_okay=False)
    ],
    by: Annotated[
        JudgedBy, typer.Option("--judge", help="compact; model: the judge model of the settings; or both.")
    ] = JudgedBy.COMPACT,
) -> None:
    """Judge answers of a file, without a corpus; by the compact scorer also without key and network. Run again, it goes on."""
    from app.scoring.items import read_items, whole_lines

    done = whole_lines(target)
    items = list(read_items(source))
    waiting = [item for item in items if item.id not in done]
    wrong = asyncio.run(_judge_items(waiting, source, target, by))
    console.print(f"{len(waiting) - wrong} judged, {len(items) - len(waiting)} were there already: {target}")
    if wrong:
        console.print(f"{wrong} lines were no items; mend them and run it again")
        raise typer.Exit(1)


async def _judge_items(waiting: Sequence[Item | BadLine], source: Path, target: Path, by: JudgedBy) -> int:
    """How many of the lines were no items; the others' predictions are added to `target`, each as soon as it is there."""
    from app.scoring.items import BadLine
    from app.wiring.commands import open_item_judge

    wrong = 0
    async with open_item_judge(load(), by) as judged:
        with target.open("a", encoding="utf-8") as lines, _bar("judging") as step:
            for number, item in enumerate(waiting, start=1):
                if isinstance(item, BadLine):
                    wrong += 1
                    console.print(f"{source}, line {item.number}: {item.says}", markup=False, highlight=False)
                else:
                    lines.write((await judged(item)).line() + "\n")
                    lines.flush()
                step(number, len(waiting))
    return wrong


@app.command(name="judge-transcript")
def judge_transcript(
    source: Annotated[
        Path,
        typer.Argument(
            help='JSON turns, or text with lines "Interviewer: ..." and "Candidate: ...".', exists=True, dir_okay=False
        ),
    ],
    rubric: Annotated[
        Path | None,
        typer.Option(
            help="Dimensions of your own with a text for each level, YAML or JSON.", exists=True, dir_okay=False
        ),
    ] = None,
    target: Annotated[Path | None, typer.Option("--out", help="Where the JSON goes; else it is printed.")] = None,
    role: Annotated[str, typer.Option(help="A role of the corpus.")] = "ml-engineer",
    seniority: Annotated[Seniority, typer.Option(help="The level that answers are held against.")] = Seniority.MID,
    corpus: MoreCorpora = None,
) -> None:
    """Judge a conversation that was held elsewhere: what the corpus asks too is scored, the rest is not assessed."""
    from app.material.load import load as load_corpus
    from app.scoring.elsewhere import read
    from app.scoring.foreign_rubric import read_rubric
    from app.terminal import judgement_tables
    from app.wiring.commands import transcript_judge

    # Both files are read first: what is wrong with them is said before the models are opened.
    conversation = read(source.read_bytes())
    foreign = read_rubric(rubric.read_bytes()) if rubric is not None else None
    settings = _settings(corpus)
    judges = transcript_judge(settings, load_corpus(settings.corpus, settings.more_corpora))
    found = asyncio.run(judges.judge(conversation, role=role, seniority=seniority, rubric=foreign))
    for table in judgement_tables(found):
        console.print(table)
    line = found.model_dump_json(indent=1)
    if target is None:
        print(line)
    else:
        target.write_text(f"{line}\n", encoding="utf-8")


@app.command(name="train-scorer")
def train_scorer(
    data: Annotated[
        Path, typer.Option(help="Holds realsumm/realsumm.jsonl and saf_en/saf_en.jsonl.", exists=True, file_okay=False)
    ],
    answers: Annotated[
        Path,
        typer.Option(help="Spoken answers with their marks: evals/judging/answers in a checkout.", file_okay=False),
    ],
    target: Annotated[Path, typer.Option("--out", help="Where the weights go.", file_okay=False)],
    pairs: Annotated[
        Literal["anew", "go-on", "kept"],
        typer.Option(help="The pair model: made anew, the packaged one taught what is new in the corpus, or kept."),
    ] = "anew",
    slow: Annotated[
        bool,
        typer.Option("--slow", help="Fit only how the embedded model's yes or no is joined, for the weights in use."),
    ] = False,
    corpus: MoreCorpora = None,
) -> None:
    """Train the compact scorer: one to two hours on two cores, under one with `--pairs go-on`. Needs the extra `train`."""
    from app.curation.train_scorer import Pairs, train
    from app.material.load import load as load_corpus
    from app.wiring.reading import cores, scorers

    settings = _settings(corpus)
    material = load_corpus(settings.corpus, settings.more_corpora)
    if slow:
        made = asyncio.run(_train_slow(settings, material, data, answers))
        target.mkdir(parents=True, exist_ok=True)
        whole = {"made_by": "viva train-scorer --slow", **made}
        (target / "slow.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
        console.print_json(json.dumps(made["figures"]))
        return
    figures = train(
        material,
        data,
        answers,
        target,
        partial(scorers, settings, material),
        threads=cores(settings),
        pairs=Pairs(pairs),
        say=console.print,
    )
    console.print_json(json.dumps(figures))


@app.command(name="train-listener")
def train_listener(
    turns: Annotated[
        Path, typer.Option(help="evals/listening/turns in a checkout; every third is left out.", file_okay=False)
    ],
    lessons: Annotated[Path, typer.Option(help="evals/listening/lessons in a checkout.", file_okay=False)],
    answers: Annotated[Path, typer.Option(help="evals/judging/answers in a checkout.", file_okay=False)],
    target: Annotated[Path, typer.Option("--out", help="The file of weights, .npz.", dir_okay=False)],
) -> None:
    """Train the listener anew, on the pair model in use: minutes. Needs the extra `train`."""
    from app.candidate.language import langid
    from app.curation.labelled_turns import apart, halves, labelled
    from app.curation.spoken import read_spoken
    from app.curation.train_listener import answers_to_learn
    from app.curation.train_listener import train_listener as train
    from app.scoring.pair_model import PairModel

    learned, held = halves(labelled([turns]))
    every = [*apart(labelled([lessons]), held), *answers_to_learn(list(read_spoken(answers)))]
    train(learned, every, PairModel(threads=2).states, langid(), target, say=console.print)
    console.print(f"{len(learned)} turns and {len(every)} lessons learned: {target}")


@app.command(name="train-asides")
def train_asides(
    turns: Annotated[
        Path, typer.Option(help="evals/listening/turns in a checkout; every third is left out.", file_okay=False)
    ],
    lessons: Annotated[Path, typer.Option(help="evals/listening/lessons in a checkout.", file_okay=False)],
    answers: Annotated[Path, typer.Option(help="evals/judging/answers in a checkout.", file_okay=False)],
    target: Annotated[Path, typer.Option("--out", help="The file of weights, .npz.", dir_okay=False)],
    corpus: MoreCorpora = None,
) -> None:
    """Fit anew what tells words to the grader from an answer: some minutes."""
    from app.curation.labelled_turns import apart, halves, labelled
    from app.curation.spoken import read_spoken
    from app.curation.train_asides import train_asides as train
    from app.material.load import load as load_corpus
    from app.wiring.reading import sentence_vectors

    settings = _settings(corpus)
    material = load_corpus(settings.corpus, settings.more_corpora)
    learned, held = halves(labelled([turns]))
    every = [*learned, *apart(labelled([lessons]), held)]
    train(material, list(read_spoken(answers)), every, sentence_vectors(settings).encode_cached, target, console.print)


async def _train_slow(settings: Settings, corpus: Corpus, data: Path, answers: Path) -> dict[str, object]:
    """Weights and figures."""
    from app.curation.lessons import facts_of, lessons_to_learn
    from app.curation.spoken import read_spoken
    from app.curation.train_slow import join_slow
    from app.scoring.pair_model import PairModel
    from app.wiring.commands import open_voice
    from app.wiring.reading import cores, scorers

    facts, spoken = facts_of(data), list(read_spoken(answers))
    _, kept = lessons_to_learn(corpus, facts, spoken)
    free, compact, _ = scorers(settings, corpus, PairModel(threads=cores(settings)))
    async with open_voice(settings) as voice:
        return await join_slow(corpus, kept, spoken, compact, free, voice, console.print)


@app.command()
def rescore(
    interview_ids: Annotated[list[str] | None, typer.Argument(help="Ids of closed interviews.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All closed interviews.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change and store nothing.")] = False,
    format: Annotated[str, typer.Option(help="text, or json: one line an interview.")] = "text",
    corpus: MoreCorpora = None,
) -> None:
    """Score stored interviews again by the present rubrics, scorer and judge, and say what changed. May run beside a server."""
    if format not in ("text", "json"):
        raise typer.BadParameter("choose text or json", param_hint="--format")
    if bool(interview_ids) == everything:
        raise typer.BadParameter("give either ids of interviews or --all", param_hint="INTERVIEW_IDS")
    failed = asyncio.run(_rescore(_settings(corpus), interview_ids or [], dry_run=dry_run, as_json=format == "json"))
    if failed:
        raise typer.Exit(1)


async def _rescore(settings: Settings, interview_ids: list[str], *, dry_run: bool, as_json: bool) -> int:
    """How many interviews failed; without ids, all closed ones are taken."""
    from app.telemetry.logging import configure
    from app.wiring.commands import open_rescorer

    configure(settings.telemetry.level, json_lines=settings.telemetry.json_lines)
    failed = 0
    async with open_rescorer(settings) as rescorer:
        wanted = list(dict.fromkeys(interview_ids)) or await rescorer.closed()
        with _bar("scoring again") as step:
            for number, interview_id in enumerate(wanted, start=1):
                rescored = await rescorer.rescore(interview_id, dry_run=dry_run)
                failed += bool(rescored.error)
                print(json.dumps(rescored.json(), ensure_ascii=False) if as_json else "\n".join(rescored.lines()))
                step(number, len(wanted))
    stored = "nothing was stored" if dry_run else "what differs is stored"
    console.print(f"scored again: {len(wanted) - failed}, failed: {failed}; {stored}")
    return failed


@app.command()
def labels(
    target: Annotated[Path | None, typer.Option("--out", help="Where the lines go; else they are printed.")] = None,
    interview_id: Annotated[str, typer.Option("--interview", help="Of this interview alone.")] = "",
    candidate_id: Annotated[str, typer.Option("--candidate", help="Of this candidate alone.")] = "",
) -> None:
    """Write what persons judged otherwise than the machine, or alike, as lines for `viva judge`, each with its source."""
    lines: list[str] = []
    asyncio.run(_with_store(partial(_labels, interview_id, candidate_id, lines)))
    text = "".join(f"{line}\n" for line in lines)
    if target is None:
        print(text, end="")
    else:
        target.write_text(text, encoding="utf-8")
    console.print(f"{len(lines)} labels")


async def _labels(interview_id: str, candidate_id: str, lines: list[str], store: object) -> None:
    from app.persistence.unit_of_work import Store
    from app.review.labels import labels as made

    assert isinstance(store, Store)
    async with store.read() as work:
        for each, _ in await work.overrides.interviews(candidate_id or None):
            if interview_id in ("", each):
                found = made(await work.overrides.list(each), await work.turns.list(each))
                lines += [label.line() for label in found]


@key.command()
def create(label: Annotated[str, typer.Argument(help="Whose key it is, for your own list.")] = "") -> None:
    """Create a candidate with an API key; the key is shown once."""
    asyncio.run(_with_store(partial(_create_key, label)))


async def _create_key(label: str, store: object) -> None:
    from app.persistence.records import Candidate
    from app.persistence.unit_of_work import Store

    assert isinstance(store, Store)
    now = datetime.now(UTC)
    async with store.write() as work:
        candidate = Candidate(uuid.uuid4().hex, now, label)
        await work.candidates.add(candidate)
        issued = await work.keys.create(candidate.id, key_id=uuid.uuid4().hex, now=now)
        await work.commit()
    console.print(f"candidate {candidate.id}, key {issued.key.id}. The key itself, shown only now:")
    print(issued.secret)


@key.command()
def revoke(candidate_id: str, key_id: str) -> None:
    """Make a key useless."""
    asyncio.run(_with_store(partial(_revoke_key, candidate_id, key_id)))


async def _revoke_key(candidate_id: str, key_id: str, store: object) -> None:
    from app.persistence.unit_of_work import Store

    assert isinstance(store, Store)
    async with store.write() as work:
        await work.keys.revoke(key_id, candidate_id=candidate_id, now=datetime.now(UTC))
        await work.commit()
    console.print("revoked")


async def _with_store(use: Callable[[object], object]) -> None:
    from app.persistence import migrate as migrations
    from app.persistence.engine import open_engine
    from app.persistence.unit_of_work import Store

    settings = load()
    await asyncio.to_thread(migrations.upgrade, settings.database_url)
    store = Store(open_engine(settings.database_url))
    try:
        await use(store)  # type: ignore[misc]
    finally:
        await store.close()


@app.command()
def doctor() -> None:
    """Say what is there and what is missing, without changing anything."""
    from app.exercises.python_runtime import FOLDER, PythonRuntime
    from app.llm.weights import check
    from app.persistence import migrate as migrations
    from app.wiring.models import language_model

    settings = load()
    console.print(f"python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores")
    console.print(f"settings: {settings!r}", markup=False, highlight=False)
    console.print(f"sandbox for Python: {PythonRuntime(settings.data_dir / FOLDER).readiness()}")
    console.print(f"database: {'current' if migrations.is_current(settings.database_url) else 'needs viva migrate'}")
    try:
        path, pin = language_model(settings)
        check(path, pin)
        console.print(f"language model: {path}")
    except VivaError as error:
        console.print(f"language model: {error}", markup=False)


if __name__ == "__main__":
    main()
