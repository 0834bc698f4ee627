"""How much of a resume file is read. Checked where the bytes come in; the same numbers bound the reading process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file. All are inclusive."""

    size_bytes: int = 5 * 1024 * 1024
    pages: int = 20
    characters: int = 60_000
    """Of the finished text; what lies beyond is left out with a warning."""
    time_s: float = 10.0
    """Wall time of the reading process, and its processor time."""
    memory_bytes: int = 1024 * 1024 * 1024
    """Address space of the reading process."""
    unpacked_bytes: int = 50 * 1024 * 1024
    """Sum of all parts of a DOCX file after unpacking."""
    unpack_ratio: int = 200
    """Unpacked against packed size of a DOCX file; held only beyond 1 MiB unpacked."""
