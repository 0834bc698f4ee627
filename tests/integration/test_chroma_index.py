from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, IndexStale, IndexUnavailable
from app.domain.passage import Hit, Passage
from app.retrieval.chroma_index import ChromaIndex
from app.retrieval.chunking import CHUNKER, whole_id
from app.retrieval.index import Entry, Filter, Manifest
from app.retrieval.ingest import corpus_hash, ingest, require_current
from app.retrieval.search import Retrieval
from tests.support.embedders import HashingEmbedder

ROOT = Path(__file__).parents[2]
TOPICS = ("lora", "cnn", "metrics")
ROUNDS = ("", "coding", "deep-learning")
ROLES = ((), ("ml-engineer",), ("ml-engineer", "data-scientist"))


def a_corpus(count: int = 60) -> list[Passage]:
    return [
        Passage(
            id=f"note-{n}#part",
            source=f"concepts/note-{n}.md",
            kind=("concept", "question")[n % 2],
            text=f"passage number {n} says that thing {n * 7} leads to effect {n * 13} in case {n % 5}",
            topics=TOPICS[: n % 4],
            question_id=f"q-{n % 4}" if n % 2 else "",
            round=ROUNDS[n % 3],
            roles=ROLES[n % 3],
            secret=n % 5 == 0,
        )
        for n in range(count)
    ]


def query(index: ChromaIndex, text: str, k: int = 5, **where: object) -> list[Hit]:
    embedder = HashingEmbedder()
    embedder.load()
    return index.search(embedder.encode_queries([text])[0], k, where=Filter(**where))  # type: ignore[arg-type]


def passages_in(index: ChromaIndex) -> set[str]:
    return {whole_id(entry.passage.id) for entry in index.entries()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def name() -> str:
    return f"passages-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def index(folder: Path, name: str) -> Iterator[ChromaIndex]:
    opened = ChromaIndex.embedded(folder, name=name)
    yield opened
    opened.close()


def test_nothing_can_be_searched_before_the_first_build(index: ChromaIndex, folder: Path) -> None:
    assert index.manifest() is None
    assert list(index.entries()) == []
    with pytest.raises(IndexMissing, match="viva ingest") as caught:
        query(index, "anything")
    assert caught.value.place == str(folder)


def test_what_was_put_in_is_found_whole_and_most_similar_first(index: ChromaIndex) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)
    hits = query(index, corpus[31].text, k=4)
    assert hits[0].passage == corpus[31]
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-5)
    assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)
    assert len(hits) == 4


def test_a_passage_without_topics_and_roles_comes_back_without_them(index: ChromaIndex) -> None:
    bare = Passage(id="n#p", source="concepts/n.md", kind="concept", text="bare words")
    ingest([bare], HashingEmbedder(), index)
    assert [hit.passage for hit in query(index, "bare words", k=10)] == [bare]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaIndex]:
    opened = ChromaIndex.embedded(tmp_path_factory.mktemp("filled"), name=f"filled-{uuid.uuid4().hex[:8]}")
    ingest(a_corpus(), HashingEmbedder(), opened)
    yield opened
    opened.close()


filters = st.builds(
    Filter,
    question_id=st.sampled_from(["", "", "q-1", "q-absent"]),
    topics=st.sampled_from([(), ("lora",), ("cnn", "metrics"), ("absent",)]),
    round=st.sampled_from(["", "coding", "absent"]),
    role=st.sampled_from(["", "ml-engineer", "data-scientist", "absent"]),
    kinds=st.sampled_from([(), ("concept",), ("concept", "question")]),
    include_secret=st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=filters)
def test_chroma_finds_exactly_what_the_filter_admits(filled: ChromaIndex, where: Filter) -> None:
    embedder = HashingEmbedder()
    embedder.load()
    hits = filled.search(embedder.encode_queries(["passage number says"])[0], 100, where=where)
    assert {hit.passage.id for hit in hits} == {passage.id for passage in a_corpus() if where.admits(passage)}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaIndex]:
    opened = ChromaIndex.embedded(tmp_path_factory.mktemp("many"), name=f"many-{uuid.uuid4().hex[:8]}")
    ingest(a_corpus(300), HashingEmbedder(), opened)
    yield opened
    opened.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=filters, k=st.integers(1, 20), of=st.integers(0, 299))
def test_the_nearest_that_are_admitted_are_found_among_many_that_are_not(
    many: ChromaIndex, where: Filter, k: int, of: int
) -> None:
    embedder = HashingEmbedder()
    embedder.load()
    query = embedder.encode_queries([f"thing {of * 7} leads to effect"])[0]
    admitted = [passage for passage in a_corpus(300) if where.admits(passage)]
    likeness = embedder.encode_passages([passage.text for passage in admitted]) @ query if admitted else np.empty(0)
    hits = many.search(query, k, where=where)
    assert all(where.admits(hit.passage) for hit in hits)
    assert [hit.similarity for hit in hits] == pytest.approx(sorted(likeness.tolist(), reverse=True)[:k], abs=1e-5)


def test_a_secret_is_found_only_when_asked_for(filled: ChromaIndex) -> None:
    secret = a_corpus()[10]
    assert secret.secret
    assert secret not in [hit.passage for hit in query(filled, secret.text, k=100)]
    assert query(filled, secret.text, k=1, include_secret=True)[0].passage == secret


def test_a_vector_of_another_length_is_refused(filled: ChromaIndex) -> None:
    with pytest.raises(IndexMismatch, match="dimension"):
        filled.search(np.eye(1, 32, dtype=np.float32)[0], 3, where=Filter())


def test_asking_for_none_is_refused(filled: ChromaIndex) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        query(filled, "words", k=0)


def test_long_passages_are_found_by_their_parts(index: ChromaIndex) -> None:
    text = " ".join(f"Sentence {n} speaks of subject number {n} alone." for n in range(60))
    report = ingest([replace(a_corpus()[1], id="long#part", text=text)], HashingEmbedder(), index)
    assert report.added == 1
    assert report.embedded > 1
    (hit,) = query(index, "Sentence 58 speaks of subject number 58 alone.", k=1)
    assert hit.passage.id == f"long#part~{report.embedded}"
    assert hit.passage.text in text


def test_an_unchanged_corpus_is_recognised_without_the_model(index: ChromaIndex) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)
    idle = HashingEmbedder()
    report = ingest(list(reversed(corpus)), idle, index)
    assert (report.added, report.unchanged, report.removed, report.embedded) == (0, 60, 0, 0)
    assert idle.loads == 0


def test_a_changed_corpus_embeds_only_what_is_new(index: ChromaIndex) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)
    edited = replace(corpus[3], text="other words entirely")
    moved = replace(corpus[4], round="deep-learning")
    added = replace(corpus[5], id="added#part", text="wholly new")
    embedder, told = HashingEmbedder(), list[tuple[int, int]]()
    report = ingest([edited, moved, added, *corpus[5:]], embedder, index, lambda done, of: told.append((done, of)))
    assert (report.added, report.unchanged, report.removed) == (3, 55, 5)
    assert sorted(embedder.read) == ["other words entirely", "wholly new"]
    assert told == [(0, 2), (2, 2)]
    assert query(index, "other words entirely", k=1)[0].passage == edited
    assert query(index, corpus[4].text, k=1)[0].passage != corpus[4]
    assert passages_in(index) == {p.id for p in [edited, moved, added, *corpus[5:]]}


def test_a_corpus_that_only_shrank_needs_no_model(index: ChromaIndex) -> None:
    ingest(a_corpus(), HashingEmbedder(), index)
    idle = HashingEmbedder()
    assert ingest(a_corpus()[:30], idle, index).removed == 30
    assert idle.loads == 0


def test_another_model_is_refused_and_ingest_is_the_remedy(index: ChromaIndex) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)
    other = HashingEmbedder(dimension=32, id="hashing-32")
    with pytest.raises(IndexMismatch, match="viva ingest") as caught:
        require_current(index, corpus, other.id, place="here")
    assert (caught.value.part, caught.value.expected, caught.value.found) == ("embedder", "hashing-32", "hashing-64")
    report = ingest(corpus, other, index)
    assert (report.unchanged, report.embedded) == (60, 60)
    manifest = require_current(index, corpus, other.id, place="here")
    assert (manifest.embedder_id, manifest.dimension, manifest.chunker) == ("hashing-32", 32, CHUNKER)


def test_the_same_id_with_another_dimension_is_embedded_anew(index: ChromaIndex) -> None:
    ingest(a_corpus(), HashingEmbedder(), index)
    report = ingest(a_corpus(61), HashingEmbedder(dimension=32), index)
    assert report.embedded == 61


def test_another_chunker_is_refused_and_vectors_are_used_again(
    index: ChromaIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)
    monkeypatch.setattr("app.retrieval.ingest.CHUNKER", "another-v2")
    with pytest.raises(IndexMismatch, match="chunker 'headed"):
        require_current(index, corpus, "hashing-64", place="here")
    assert ingest(corpus, HashingEmbedder(), index).embedded == 0


def test_a_changed_corpus_makes_the_index_stale(index: ChromaIndex) -> None:
    ingest(a_corpus(), HashingEmbedder(), index)
    with pytest.raises(IndexStale, match="viva ingest"):
        require_current(index, a_corpus()[1:], "hashing-64", place="here")


def test_no_passages_and_repeated_ids_are_refused_and_nothing_is_lost(index: ChromaIndex) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)
    with pytest.raises(ValueError, match="no passages"):
        ingest([], HashingEmbedder(), index)
    with pytest.raises(ValueError, match="note-0#part"):
        ingest([*corpus, corpus[0]], HashingEmbedder(), index)
    assert len(passages_in(index)) == 60


def test_rows_are_read_back_in_batches_without_loss(index: ChromaIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.retrieval.chroma_index._BATCH", 20)  # divides 60: the last batch is full
    corpus = a_corpus()
    embedder = HashingEmbedder()
    ingest(corpus, embedder, index)
    entries = {entry.passage.id: entry for entry in index.entries()}
    assert [entries[passage.id].passage for passage in corpus] == corpus
    assert np.array_equal(entries[corpus[7].id].vector, embedder.encode_passages([corpus[7].text])[0])


def test_a_build_that_fails_leaves_the_old_one_served(index: ChromaIndex) -> None:
    corpus = a_corpus()
    ingest(corpus, HashingEmbedder(), index)

    def breaks(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(a_corpus(70), HashingEmbedder(), index, breaks)
    entry = next(index.entries())
    manifest = Manifest("hash", CHUNKER, "hashing-64", 64, True, 2, 2)
    with pytest.raises(ValueError, match="1 rows"):
        index.replace(manifest, [entry])
    assert require_current(index, corpus, "hashing-64", place="here").passages == 60
    assert query(index, corpus[31].text, k=1)[0].passage == corpus[31]


DIES_WHILE_BUILDING = """
import os, sys
from pathlib import Path
from app.retrieval import chroma_index
from app.retrieval.ingest import ingest
from tests.integration.test_chroma_index import a_corpus
from tests.support.embedders import HashingEmbedder

class Dies(chroma_index.ChromaIndex):
    def replace(self, manifest, entries):
        def some():
            for n, entry in enumerate(entries):
                if n == 45:
                    os._exit(9)
                yield entry
        super().replace(manifest, some())

chroma_index._BATCH = 20
ingest(a_corpus(70), HashingEmbedder(), Dies.embedded(Path(sys.argv[1]), name=sys.argv[2]))
"""


def test_a_process_killed_while_building_loses_nothing_and_leaves_nothing(folder: Path, name: str) -> None:
    index = ChromaIndex.embedded(folder, name=name)
    ingest(a_corpus(), HashingEmbedder(), index)
    index.close()
    command = [sys.executable, "-c", DIES_WHILE_BUILDING, str(folder), name]
    died = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=60)
    assert died.returncode == 9, died.stderr.decode()

    index = ChromaIndex.embedded(folder, name=name)
    assert len(index._collections()) == 2
    assert require_current(index, a_corpus(), "hashing-64", place="here").passages == 60
    assert query(index, a_corpus()[31].text, k=1)[0].passage == a_corpus()[31]
    assert ingest(a_corpus(70), HashingEmbedder(), index).added == 10
    assert len(index._collections()) == 1
    index.close()


def test_an_index_outlives_its_process_and_old_files_go(folder: Path, name: str) -> None:
    for count in (1200, 1100, 1300):  # beyond 1,000 rows Chroma writes vector files
        index = ChromaIndex.embedded(folder, name=name)
        ingest(a_corpus(count), HashingEmbedder(), index)
        assert len(passages_in(index)) == count
        index.close()
    index = ChromaIndex.embedded(folder, name=name)
    assert len([child for child in folder.iterdir() if child.is_dir()]) == 1
    assert query(index, a_corpus(1300)[1231].text, k=1)[0].passage == a_corpus(1300)[1231]
    index.close()


@pytest.mark.parametrize("damaged", ["chroma.sqlite3", "vectors"])
def test_damaged_files_are_named_and_making_them_anew_is_the_remedy(folder: Path, name: str, damaged: str) -> None:
    index = ChromaIndex.embedded(folder, name=name)
    ingest(a_corpus(1100), HashingEmbedder(), index)
    index.close()
    vectors = next(child for child in folder.iterdir() if child.is_dir())
    for file in [folder / damaged] if damaged != "vectors" else vectors.iterdir():
        file.write_bytes(b"no longer what it was" * 10)

    def opens_and_searches() -> None:
        opened = ChromaIndex.embedded(folder, name=name)
        try:
            query(opened, "passage number")
        finally:
            opened.close()

    with pytest.raises(IndexDamaged, match="delete the folder"):
        opens_and_searches()
    shutil.rmtree(folder)
    index = ChromaIndex.embedded(folder, name=name)  # nobody holds the lock
    assert ingest(a_corpus(10), HashingEmbedder(), index).added == 10
    index.close()


def test_a_folder_is_held_by_one(index: ChromaIndex, folder: Path) -> None:
    with pytest.raises(IndexLocked, match="process") as caught:
        ChromaIndex.embedded(folder)
    assert caught.value.folder == str(folder)


def test_another_process_is_kept_out_until_the_folder_is_given_back(folder: Path) -> None:
    opens = (
        "import sys; from pathlib import Path; from app.domain.errors import IndexLocked\n"
        "from app.retrieval.chroma_index import ChromaIndex\n"
        "try: ChromaIndex.embedded(Path(sys.argv[1])).close()\n"
        "except IndexLocked: sys.exit(7)\n"
    )
    command = [sys.executable, "-c", opens, str(folder)]
    index = ChromaIndex.embedded(folder)
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == 7
    index.close()
    index.close()
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == 0


@pytest.mark.anyio
async def test_async_callers_share_one_thread(index: ChromaIndex, tmp_path: Path) -> None:
    corpus = a_corpus()
    retrieval = Retrieval(HashingEmbedder(), index, cache_folder=tmp_path / "cache")
    await retrieval.load()
    assert (await retrieval.ingest(corpus)).added == 60
    assert (await retrieval.require_current(corpus, place="here")).corpus_hash == corpus_hash(corpus)
    found: list[list[Hit]] = [[] for _ in range(10)]

    async def look(n: int) -> None:
        # The embedder fails when two threads use it at once.
        found[n] = await retrieval.search(corpus[n].text, 1, Filter(include_secret=True))
        await retrieval.encode([f"sentence {n}"])

    async with anyio.create_task_group() as group:
        for n in range(10):
            group.start_soon(look, n)
    assert [hits[0].passage for hits in found] == corpus[:10]
    assert await retrieval.search("  ") == []
    assert all(not hit.passage.secret for hit in await retrieval.search(corpus[0].text, 60))


@pytest.mark.anyio
async def test_similarities_are_cosines(index: ChromaIndex) -> None:
    retrieval = Retrieval(HashingEmbedder(), index)
    await retrieval.load()
    table = await retrieval.similarities(["low rank", "confusion matrix"], ["rank low", "of the matrix", "low rank"])
    assert table.shape == (2, 3)
    assert table.dtype == np.float32
    assert table[0, 0] == pytest.approx(1.0)
    assert table[1, 1] > table[0, 1]
    assert np.array_equal(await retrieval.encode_cached(["low rank"]), await retrieval.encode(["low rank"]))
    assert (await retrieval.similarities([], ["a"])).shape == (0, 1)


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["run", "--path", str(tmp_path_factory.mktemp("server")), "--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                ChromaIndex.server(url).close()
                break
            except IndexUnavailable:
                with pytest.raises(subprocess.TimeoutExpired):  # it must not have ended
                    process.wait(timeout=0.1)
        else:
            pytest.fail("the Chroma server did not start")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_a_second_process_on_a_server_follows_a_switch(server_url: str, name: str) -> None:
    corpus = a_corpus()
    writer, reader = ChromaIndex.server(server_url, name=name), ChromaIndex.server(server_url, name=name)
    ingest(corpus, HashingEmbedder(), writer)
    assert query(reader, corpus[31].text, k=1)[0].passage == corpus[31]
    new = replace(corpus[31], id="new#part", text="wholly new words")
    ingest([*corpus, new], HashingEmbedder(), writer)
    assert query(reader, "wholly new words", k=1)[0].passage == new
    assert len(reader._collections()) == 1
    where = Filter(topics=("cnn", "metrics"), role="data-scientist", kinds=("concept",))
    embedder = HashingEmbedder()
    embedder.load()
    hits = reader.search(embedder.encode_queries(["passage"])[0], 100, where=where)
    assert {hit.passage.id for hit in hits} == {p.id for p in [*corpus, new] if where.admits(p)}
    writer.close()
    reader.close()


def test_on_a_server_a_build_of_another_process_is_left_alone_until_it_is_old(server_url: str, name: str) -> None:
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    index = ChromaIndex.server(server_url, name=name)
    index._now = lambda: clock[0]

    def abandoned() -> Iterator[Entry]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        index.replace(Manifest("hash", CHUNKER, "hashing-64", 64, True, 1, 1), abandoned())
    ingest(a_corpus(10), HashingEmbedder(), index)
    assert len(index._collections()) == 2
    clock[0] += timedelta(hours=2)
    ingest(a_corpus(11), HashingEmbedder(), index)
    assert len(index._collections()) == 1
    index.close()


def test_a_server_that_went_away_is_reported(name: str) -> None:
    """Against a stand-in that speaks just enough to be connected to, then answers as a gateway does, then not."""
    names = b'{"name": "default_database", "id": "0b5b1f4e-0000-4000-8000-000000000000", "tenant": "default_tenant"}'
    answers = {"/api/v2/auth/identity": b'{"user_id": "", "tenant": "default_tenant", "databases": []}'}
    gone = threading.Event()

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"upstream is gone" if gone.is_set() else answers.get(self.path, names)
            self.send_response(503 if gone.is_set() else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        serving = threading.Thread(target=gateway.serve_forever)
        serving.start()
        try:
            index = ChromaIndex.server(f"http://127.0.0.1:{gateway.server_port}", name=name)
            gone.set()
            with pytest.raises(IndexUnavailable):
                index.manifest()
        finally:
            gateway.shutdown()
            serving.join()
    with pytest.raises(IndexUnavailable):
        index.manifest()
    index.close()


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(IndexUnavailable, match="Check that it runs") as caught:
        ChromaIndex.server("http://user:secret@127.0.0.1:9")
    assert caught.value.place == "http://127.0.0.1:9"
