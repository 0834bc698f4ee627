"""The index and the embedder."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class IndexMissing(VivaError):
    """Nothing can be searched: the index was never built, or a build never finished."""

    place: str
    """The folder or the address where it was looked for, without credentials."""

    def __str__(self) -> str:
        """Says how to build it."""
        return f"There is no index of passages in {self.place}. Run 'viva ingest' to build it."


@dataclass
class IndexStale(VivaError):
    """The index holds another state of the corpus than the files do."""

    expected: str
    """Hash of the corpus as it is."""
    found: str
    """Hash of the corpus that was indexed."""

    def __str__(self) -> str:
        """Says how to bring it up to date."""
        return (
            f"The corpus has changed since it was indexed (now {self.expected[:12]}, in the index {self.found[:12]}). "
            "Run 'viva ingest' to bring the index up to date."
        )


@dataclass
class IndexMismatch(VivaError):
    """The index was built by another embedding model or chunker, so that its distances would mean nothing."""

    part: str
    """embedder, dimension, normalisation or chunker."""
    expected: str
    found: str

    def __str__(self) -> str:
        """Says how to rebuild it."""
        return (
            f"The index was built with the {self.part} '{self.found}', but '{self.expected}' is in use. "
            "Run 'viva ingest' to rebuild the index, or set the retrieval settings back."
        )


@dataclass
class IndexLocked(VivaError):
    """Another process has the embedded index open; two on one folder would corrupt it."""

    folder: str
    holder: str
    """What the other process wrote about itself; may be empty."""

    def __str__(self) -> str:
        """Says how to go on."""
        holder = f" ({self.holder})" if self.holder else ""
        return (
            f"The index in {self.folder} is in use by another process{holder}. "
            "Stop it first, or run a Chroma server and point every process at it."
        )


@dataclass
class IndexUnavailable(VivaError):
    """The Chroma server does not answer."""

    place: str

    def __str__(self) -> str:
        """Says what to check."""
        return f"The Chroma server at {self.place} does not answer. Check that it runs and that its address is right."


@dataclass
class EmbedderUnavailable(VivaError):
    """The embedding model cannot be used."""

    model: str
    reason: str
    """In our words: not installed, not on this machine, or other weights than the published ones."""

    def __str__(self) -> str:
        """Says what to change."""
        return (
            f"The embedding model '{self.model}' cannot be used: {self.reason}. "
            "Install it again, allow its download, or name another in the retrieval settings and run 'viva ingest'."
        )


@dataclass
class IndexDamaged(VivaError):
    """The files of the embedded index cannot be read."""

    folder: str

    def __str__(self) -> str:
        """Says how to make it anew."""
        return (
            f"The index in {self.folder} is damaged. Nothing is lost, since it is made from the corpus: "
            "delete the folder and run 'viva ingest'."
        )
