"""The index of passages in Chroma: inside the process on a folder, or on a Chroma server.

Each build is a collection of its own. The one served is the complete one of the highest generation; a build becomes
complete in one write to its metadata, so that a kill at any moment leaves the old one served. Older and abandoned
collections are removed afterwards.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

import numpy as np

from app.domain.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnavailable
from app.domain.passage import Hit, Passage
from app.retrieval.index import Entry, Filter, Manifest, Vector
from app.retrieval.index_folder import FolderLock, remove_orphans

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import GetResult

_BATCH = 1000
"""Rows a write; Chroma refuses more than 5,461."""
_SPACE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 500, "max_neighbors": 32}}
"""Fixed at creation: re-opening with another space is silently ignored. **Measured** on 3,000 random vectors with
Chroma's own numbers: 15 of 100 true neighbours were missed; with these none, at the same time a query."""
_NEAREST = 500
"""Looked at before Chroma is asked to filter. **Measured** on 2,445 passages: a condition costs 10 ms of Chroma's, the ids of these
2.5 ms; where enough of them are admitted they are what the condition would have given."""
_ABANDONED_AFTER = timedelta(hours=1)
"""On a server a collection under construction may be another process's; after this nobody is building it."""


def similarity(distance: float) -> float:
    """Gives the cosine similarity, -1..1, for Chroma's cosine distance, which is 1 less it.

    Raises:
        ValueError: No cosine distance: the collection was made with another space.
    """
    if not -1e-3 <= distance <= 2.001:
        raise ValueError(f"{distance} is not a cosine distance")
    return max(-1.0, min(1.0, 1.0 - distance))


def where_of(wanted: Filter) -> dict[str, Any] | None:
    """Writes a filter in Chroma's language; None for no condition, since Chroma refuses an empty one."""
    conditions: list[dict[str, Any]] = []
    if not wanted.include_secret:
        conditions.append({"secret": False})
    if wanted.question_id:
        conditions.append({"question_id": wanted.question_id})
    if wanted.topics:
        conditions.append(_any([{"topics": {"$contains": topic}} for topic in wanted.topics]))
    if wanted.round:
        conditions.append({"round": {"$in": ["", wanted.round]}})
    if wanted.role:
        conditions.append(_any([{"every_role": True}, {"roles": {"$contains": wanted.role}}]))
    if wanted.kinds:
        conditions.append({"kind": {"$in": list(wanted.kinds)}})
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def _any(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return conditions[0] if len(conditions) == 1 else {"$or": conditions}


class _Served:
    """A complete collection, which nobody changes any more, and its passages once they are asked for.

    Texts are read once: **measured** on 2,445 passages, 48 of them cost 6 ms each time, of which the search is 1 ms.
    """

    def __init__(self, collection: Collection, manifest: Manifest) -> None:
        self.collection = collection
        self.manifest = manifest
        self._passages: dict[str, Passage] = {}

    def passages(self) -> dict[str, Passage]:
        """All of them by id."""
        if not self._passages:
            self._passages = {
                passage_id: _passage(passage_id, text, kept)
                for rows in _batches(self.collection, "documents", "metadatas")
                for passage_id, text, kept in zip(
                    rows["ids"], rows["documents"] or [], rows["metadatas"] or [], strict=True
                )
            }
        return self._passages


class ChromaIndex:
    """A `PassageIndex` in Chroma; made by `embedded` or `server`."""

    def __init__(
        self,
        client: ClientAPI,
        *,
        place: str,
        name: str = "passages",
        lock: FolderLock | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        """Takes over the client and the lock. `name` starts the names of its collections."""
        self._client = client
        self._place = place
        self._name = name
        self._lock = lock
        self._now = now
        self._new_id = new_id
        self._served: _Served | None = None

    @classmethod
    def embedded(cls, folder: Path, *, name: str = "passages") -> ChromaIndex:
        """Opens or makes the index in a folder, and holds the folder until `close()`.

        Raises:
            IndexLocked: Another process, or this one, has it open.
            IndexDamaged: Its files cannot be read.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(folder)
        try:
            remove_orphans(folder)
            import chromadb
            from chromadb.config import Settings
            from chromadb.errors import InternalError

            settings = Settings(_env_file=None, anonymized_telemetry=False)
            try:
                client = chromadb.PersistentClient(path=folder, settings=settings)
            except InternalError as error:
                raise IndexDamaged(str(folder)) from error
        except BaseException:
            lock.release()
            raise
        return cls(client, place=str(folder), name=name, lock=lock)

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether an index was ever made in a folder; opens and makes nothing."""
        return (folder / "chroma.sqlite3").is_file()

    @property
    def place(self) -> str:
        """The folder or the address, without credentials."""
        return self._place

    def built_at(self) -> datetime | None:
        """When the build of the served collection began; None where there is none."""
        with self._reported():
            served = self._newest()
        return datetime.fromtimestamp(float(served.collection.metadata["started_at"]), UTC) if served else None

    @classmethod
    def server(
        cls, url: str, *, headers: Mapping[str, str] | None = None, timeout_s: float = 30.0, name: str = "passages"
    ) -> ChromaIndex:
        """Connects to a Chroma server, `http://host:port`; any number of processes may.

        Raises:
            IndexUnavailable: It does not answer.
        """
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(url)
        ssl = parts.scheme == "https"
        host = parts.hostname or "localhost"
        port = parts.port or (443 if ssl else 8000)
        place = f"{parts.scheme}://{host}:{port}"
        settings = Settings(_env_file=None, anonymized_telemetry=False)
        try:
            client = chromadb.HttpClient(host=host, port=port, ssl=ssl, headers=dict(headers or {}), settings=settings)
        except ValueError as error:
            raise IndexUnavailable(place) from error
        for session in _sessions(client):
            session.timeout = timeout_s
            session.event_hooks = {"response": [_require_answer]}
        return cls(client, place=place, name=name)

    def manifest(self) -> Manifest | None:
        """Gives what the served collection was built with, looked up anew: another process may have built since."""
        with self._reported():
            newest = self._newest()
            if newest is None or self._served is None or newest.collection.id != self._served.collection.id:
                self._served = newest
        return self._served.manifest if self._served else None

    def search(self, vector: Vector, k: int, *, where: Filter) -> list[Hit]:
        """Gives at most `k` admitted passages, most similar first, of equal ones the smaller id first."""
        if k < 1:
            raise ValueError(f"k is {k}, not 1 or more")
        from chromadb.errors import NotFoundError

        with self._reported():
            try:
                return self._search(vector, k, where)
            except NotFoundError:
                # On a server another process switched to a new collection and removed this one.
                self._served = None
                return self._search(vector, k, where)

    def entries(self) -> Iterator[Entry]:
        """Gives every row of the served collection, in batches."""
        with self._reported():
            served = self._newest()
            if served is None:
                return
            for rows in _batches(served.collection, "embeddings", "documents", "metadatas"):
                # Chroma keeps 32 bits a number and hands out 64.
                vectors = np.asarray(rows["embeddings"], dtype=np.float32)
                for passage_id, text, kept, vector in zip(
                    rows["ids"], rows["documents"] or [], rows["metadatas"] or [], vectors, strict=True
                ):
                    yield Entry(_passage(passage_id, text, kept), str(kept["content"]), vector)

    def replace(self, manifest: Manifest, entries: Iterable[Entry]) -> None:
        """Builds a new collection, makes it the served one with a single write, and removes the others."""
        with self._reported():
            before = self._newest()
            generation = _generation(before.collection) + 1 if before else 1
            described = {**asdict(manifest), "generation": generation, "started_at": self._now().timestamp()}
            collection = self._client.create_collection(
                f"{self._name}-{self._new_id()}",
                embedding_function=None,
                configuration=_SPACE,  # type: ignore[arg-type]  # the upstream type allows no plain string for the space
                metadata={**described, "complete": False},
            )
            remaining = iter(entries)
            while batch := list(islice(remaining, _BATCH)):
                collection.upsert(
                    ids=[entry.passage.id for entry in batch],
                    embeddings=np.stack([entry.vector for entry in batch]),
                    documents=[entry.passage.text for entry in batch],
                    metadatas=[_kept(entry) for entry in batch],
                )
            if collection.count() != manifest.entries:
                rows = collection.count()
                self._client.delete_collection(collection.name)
                raise ValueError(f"the index would have {rows} rows, its manifest says {manifest.entries}")
            collection.modify(metadata={**described, "complete": True})
            self._served = _Served(collection, manifest)
            self._remove_others(collection)

    def close(self) -> None:
        """Closes the client and gives the folder back."""
        self._served = None
        cast("Client", self._client).close()  # the upstream interface lacks it, every client has it
        for session in _sessions(self._client):
            session.close()
        if self._lock:
            self._lock.release()

    def _search(self, vector: Vector, k: int, where: Filter) -> list[Hit]:
        self._served = self._served or self._newest()
        if self._served is None:
            raise IndexMissing(self._place)
        served = self._served
        entries = served.manifest.entries
        if vector.shape != (served.manifest.dimension,):
            raise IndexMismatch(
                "dimension", str(vector.shape[-1] if vector.ndim else 0), str(served.manifest.dimension)
            )
        if not where.question_id:
            nearest = self._query(served, vector, min(max(_NEAREST, 4 * k), entries), None)
            hits = list(islice((hit for hit in nearest if where.admits(hit.passage)), k))
            if len(hits) == k or served.manifest.entries <= max(_NEAREST, 4 * k):
                return hits
        return list(self._query(served, vector, min(k, entries), where_of(where)))

    def _query(self, served: _Served, vector: Vector, n: int, where: dict[str, Any] | None) -> Iterator[Hit]:
        """Gives the nearest, made one by one: mostly the first few are all that is wanted."""
        found = served.collection.query(
            query_embeddings=vector[np.newaxis, :], n_results=n, where=where, include=["distances"]
        )
        passages = served.passages()
        rows = zip((found["distances"] or [[]])[0], found["ids"][0], strict=True)
        return (Hit(passages[passage_id], similarity(distance)) for distance, passage_id in sorted(rows))

    def _newest(self) -> _Served | None:
        """Looks up the complete collection of the highest generation."""
        complete = [c for c in self._collections() if c.metadata.get("complete")]
        if not complete:
            return None
        newest = max(complete, key=lambda c: (_generation(c), c.name))
        return _Served(newest, Manifest(**{field.name: newest.metadata[field.name] for field in fields(Manifest)}))

    def _collections(self) -> list[Collection]:
        prefix = f"{self._name}-"
        return [c for c in self._client.list_collections() if c.name.startswith(prefix)]

    def _remove_others(self, served: Collection) -> None:
        """Removes older collections, and those under construction that nobody builds any more."""
        from chromadb.errors import NotFoundError

        latest_start = (self._now() - _ABANDONED_AFTER).timestamp()
        for other in self._collections():
            building = not other.metadata.get("complete")
            # Who holds the folder is the only one who builds.
            abandoned = self._lock is not None or float(other.metadata["started_at"]) < latest_start
            if other.id == served.id or (building and not abandoned):
                continue
            with contextlib.suppress(NotFoundError):  # another process was faster
                self._client.delete_collection(other.name)

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Turns a lost connection, a server that fails and files that cannot be read into errors that say so."""
        import httpx
        from chromadb.errors import InternalError

        try:
            yield
        except httpx.HTTPError as error:
            raise IndexUnavailable(self._place) from error
        except InternalError as error:
            if self._lock is None:
                raise IndexUnavailable(self._place) from error
            raise IndexDamaged(self._place) from error


def _batches(collection: Collection, *wanted: Literal["embeddings", "documents", "metadatas"]) -> Iterator[GetResult]:
    """Gives all rows of a collection, `_BATCH` at a time."""
    offset, full = 0, True
    while full:
        rows = collection.get(include=list(wanted), limit=_BATCH, offset=offset)
        yield rows
        offset += len(rows["ids"])
        full = len(rows["ids"]) == _BATCH


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    """Gives the connections of a server's client; none for an embedded one.

    Chroma 1.5 sets no time-out on them and does not close them, and lets no caller do either.
    """
    servers: list[Any] = [
        getattr(holder, "_server", None) for holder in (client, getattr(client, "_admin_client", None))
    ]
    return [server._session for server in servers if hasattr(server, "_session")]


def _require_answer(response: httpx.Response) -> None:
    """Raises for the answers of a gateway whose server is gone. Chroma would raise a bare `Exception`."""
    if response.status_code in (502, 503, 504):
        response.raise_for_status()


def _generation(collection: Collection) -> int:
    return int(collection.metadata["generation"])


def _kept(entry: Entry) -> dict[str, Any]:
    """Gives what Chroma keeps beside a text. It refuses empty lists, so an empty one is left out."""
    passage = entry.passage
    lists = {"topics": list(passage.topics), "roles": list(passage.roles)}
    return {
        "source": passage.source,
        "kind": passage.kind,
        "heading": passage.heading,
        "question_id": passage.question_id,
        "round": passage.round,
        "secret": passage.secret,
        "every_role": not passage.roles,
        "content": entry.content,
    } | {name: values for name, values in lists.items() if values}


def _passage(passage_id: str, text: str, kept: Mapping[str, Any]) -> Passage:
    return Passage(
        id=passage_id,
        source=kept["source"],
        kind=kept["kind"],
        text=text,
        heading=kept.get("heading", ""),
        topics=tuple(kept.get("topics", ())),
        question_id=kept["question_id"],
        round=kept["round"],
        roles=tuple(kept.get("roles", ())),
        secret=kept["secret"],
    )
