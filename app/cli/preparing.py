"""Commands that make ready, and say what is there: `setup`, `migrate`, `ingest`, `sandbox`, `doctor`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.shared import Bar, MoreCorpora, console, settings_with
from app.domain.errors import VivaError
from app.settings import Settings, load
from app.telemetry.machine import available_cores

if TYPE_CHECKING:
    from app.material.corpus import Corpus

app = typer.Typer()


@app.command()
def setup(corpus: MoreCorpora = None) -> None:
    """Fetch and check the weights, migrate the database, build the index. Quick when nothing is to do."""
    set_up(settings_with(corpus))


def set_up(settings: Settings, corpus: Corpus | None = None) -> None:
    """What `viva setup` does; the corpus is read unless it is handed in."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _weights(settings)
    _compile_behind(settings)
    migrate()
    _index_passages(settings, corpus)


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
    _index_passages(settings_with(corpus))


def _index_passages(settings: Settings, corpus: Corpus | None = None) -> None:
    from app.material.load import load as load_corpus
    from app.wiring.reading import cores, ingest_passages, learn_sentences, make_embedder

    embedder = make_embedder(settings, threads=cores(settings))
    corpus_read = corpus or load_corpus(settings.corpus, settings.more_corpora)
    with Bar("index: embedding passages") as progress:
        report = ingest_passages(settings, embedder, progress, corpus_read)
    with Bar("index: embedding the rubrics' sentences") as progress:
        sentences = learn_sentences(settings, embedder, corpus_read, progress)
    changed = f"{report.added} added, {report.removed} removed, " if report.added or report.removed else ""
    console.print(
        f"index: {changed}{report.unchanged} unchanged, {report.seconds:.1f} s; {sentences} sentences of rubrics"
    )


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
        with Bar("language model: 1.1 GB, once") as step:
            fetch(QWEN, settings.data_dir, progress=lambda each: step(*_share(each.doing, each.done, each.total)))
    check(path, pin)
    console.print(f"language model: {path.name}, checked")


def _share(doing: str, done: int, total: int) -> tuple[int, int]:
    """Fetching is most of the time, joining the rest: one bar for both."""
    return (done, total + total // 4) if doing == "download" else (total + done // 4, total + total // 4)


def _compile_behind(settings: Settings) -> None:
    """Serving does not wait for the Python of the coding round: two minutes of one core, at low priority."""
    from app.exercises.python_runtime import FOLDER, PythonRuntime, Readiness

    runtime = PythonRuntime(settings.data_dir / FOLDER)
    found = runtime.readiness()
    if found is Readiness.NOT_PREPARED:
        runtime.prepare_apart()
        found = Readiness.PREPARING
    more = {
        Readiness.PREPARING: ": it goes on behind this, about two minutes once",
        Readiness.NO_FOLDER: f": {runtime.folder}. Coding questions are talked through until 'viva sandbox --prepare' can write there",
    }
    console.print(f"sandbox for Python: {found}{more.get(found, '')}", soft_wrap=True)


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


@app.command()
def doctor() -> None:
    """Say what is there and what is missing, without changing anything."""
    from app.exercises.python_runtime import FOLDER, PythonRuntime
    from app.llm.weights import check
    from app.persistence import migrate as migrations
    from app.wiring.models import language_model

    settings = load()
    console.print(f"python {sys.version.split()[0]}, {available_cores()} cores")
    console.print(f"settings: {settings!r}", markup=False, highlight=False)
    console.print(f"sandbox for Python: {PythonRuntime(settings.data_dir / FOLDER).readiness()}")
    console.print(f"database: {'current' if migrations.is_current(settings.database_url) else 'needs viva migrate'}")
    console.print(f"index: {_index(settings)}", markup=False, highlight=False, soft_wrap=True)
    try:
        path, pin = language_model(settings)
        check(path, pin)
        console.print(f"language model: {path}")
    except VivaError as error:
        console.print(f"language model: {error}", markup=False)


def _index(settings: Settings) -> str:
    """How the index of passages stands to the corpus and to the embedder, in a line."""
    from app.wiring.reading import index_standing

    try:
        found = index_standing(settings)
    except VivaError as error:
        return str(error)
    built = f", built {found.built_at:%Y-%m-%d %H:%M} UTC" if found.built_at else ""
    manifest = found.manifest
    return (
        f"{manifest.passages} passages in {manifest.entries} entries by {manifest.embedder_id}{built}; "
        f"{found.fault or 'it fits the corpus and the embedder'}"
    )
