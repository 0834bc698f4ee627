"""The reading process: bytes of a PDF or DOCX file on standard input, one JSON object on standard output.

Started as `python -m app.candidate.child` by `read_file`. It binds itself to the limits before the parser is imported
and the file is touched, so that nothing in the file can use more. It must not import anything heavy: its start is part
of the time a person waits.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from app.candidate.limits import Limits
from app.domain.errors import (
    ResumeEncrypted,
    ResumeTooManyPages,
    ResumeUnreadable,
    ResumeWithoutText,
)

OUT_OF_MEMORY = 3
"""Exit status of a process that reached its bound on memory."""


def main(arguments: list[str]) -> int:
    """Reads as `arguments` say (`pdf` or `docx`, then the limits as JSON); the exit status is 0 where it answered.

    Expected errors are answers: `{"error": name of the class, "fields": {...}}`. Anything else ends the process with a
    traceback on standard error, which the parent discards.
    """
    kind, limits = arguments[0], Limits(**json.loads(arguments[1]))
    _bind(limits)
    data = sys.stdin.buffer.read(limits.size_bytes + 1)
    try:
        answer = _read(kind, data, limits)
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    return 0


def _read(kind: str, data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        if kind == "pdf":
            from app.candidate.pdf import read_pdf

            raw = read_pdf(data, limits)
        else:
            from app.candidate.docx import read_docx

            raw = read_docx(data, limits)
    except (ResumeEncrypted, ResumeTooManyPages, ResumeUnreadable, ResumeWithoutText) as error:
        return {"error": type(error).__name__, "fields": dataclasses.asdict(error)}
    # One more than wanted, so that the parent sees that there was more.
    return {"text": raw.text[: limits.characters + 1], "warnings": list(raw.warnings)}


def _bind(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such limits; the wall time still holds there.
        return
    seconds = max(1, int(limits.time_s) + 1)
    for what, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (bound, bound))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
