"""The file of a resume to its text. The type is decided by what the bytes are, not by what they are called.

PDF and DOCX are parsed in a process of their own that is bound in time and memory and is killed whole.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.candidate.addressing import addressed, warning
from app.candidate.child import OUT_OF_MEMORY
from app.candidate.cleaning import clean, visible_characters
from app.candidate.json_resume import looks_like_json, read_json_resume
from app.candidate.limits import Limits
from app.candidate.plain import decode, is_binary, read_plain
from app.candidate.raw import Raw
from app.domain import errors
from app.domain.errors import (
    ResumeEmpty,
    ResumeEncrypted,
    ResumeTooLarge,
    ResumeTooSlow,
    ResumeTypeUnsupported,
    ResumeUnreadable,
)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
JSON = "application/json"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"%!PS", "application/postscript"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ\x90", "application/x-executable"),
)
_KILLED = -9
"""Exit status of a child that someone else ended: on a machine that is short of memory, the system."""
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of a resume: clean, unwrapped, within the limits."""

    text: str
    media_type: str
    """What the file turned out to be."""
    warnings: tuple[str, ...]


def read_resume(data: bytes, *, file_name: str, media_type: str, limits: Limits) -> ReadText:
    """Reads a file; blocks for up to `limits.time_s`, so call it in a thread.

    Raises:
        ResumeEmpty, ResumeTooLarge, ResumeTypeUnsupported, ResumeUnreadable, ResumeEncrypted, ResumeTooManyPages,
        ResumeWithoutText, ResumeTooSlow.
    """
    if len(data) > limits.size_bytes:
        raise ResumeTooLarge(limit_bytes=limits.size_bytes, size_bytes=len(data))
    found = detect(data, file_name=file_name, media_type=media_type)
    if found in (PDF, DOCX):
        raw = _apart("pdf" if found == PDF else "docx", data, limits)
    elif found == JSON:
        raw = read_json_resume(data)
    else:
        raw = read_plain(data, limits, markdown=found == MARKDOWN)
    return _finished(raw, found, limits)


def detect(data: bytes, *, file_name: str, media_type: str) -> str:
    """The media type by content; name and stated type only tell Markdown from text.

    Raises:
        ResumeEmpty: no bytes, or white space only.
        ResumeEncrypted: a Word document with a password.
        ResumeTypeUnsupported: anything that is not read.
    """
    if not data.strip():
        raise ResumeEmpty
    # Some programs write a few bytes before the header; readers look for it in the first kilobyte.
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        if b"word/" in data:
            return DOCX
        raise ResumeTypeUnsupported(
            "application/vnd.oasis.opendocument" if b"opendocument" in data else "application/zip"
        )
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ResumeEncrypted
        raise ResumeTypeUnsupported("application/msword")
    for magic, foreign in _FOREIGN:
        if data.startswith(magic):
            raise ResumeTypeUnsupported(foreign)
    if is_binary(data):
        raise ResumeTypeUnsupported("application/octet-stream")
    head = decode(data[:2048])[0].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html", "<?xml", "<svg")):
        raise ResumeTypeUnsupported("text/html" if "html" in head[:200] else "application/xml")
    if looks_like_json(data):
        return JSON
    suffix = file_name.rpartition(".")[2].lower()
    is_markdown = suffix in ("md", "markdown", "mkd") or media_type.partition(";")[0].strip() == MARKDOWN
    return MARKDOWN if is_markdown or head.startswith(("# ", "## ")) or "\n## " in head else TEXT


def _finished(raw: Raw, media_type: str, limits: Limits) -> ReadText:
    text = clean(raw.text)
    warnings = list(raw.warnings)
    if len(text) > limits.characters:
        cut = text.rfind("\n", 0, limits.characters + 1)
        text = text[: cut if cut > limits.characters // 2 else limits.characters].rstrip()
        warnings.append(f"Only the first {limits.characters:,} characters were read; the rest was left out.")
    if not visible_characters(text):
        raise ResumeEmpty
    orders = addressed(text)
    if orders:
        warnings.append(warning(len(orders)))
    return ReadText(text, media_type, tuple(warnings))


def _apart(kind: str, data: bytes, limits: Limits) -> Raw:
    """Parses in a child process; its environment holds nothing of ours but the path to this package."""
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    command = [sys.executable, "-P", "-m", "app.candidate.child", kind, json.dumps(dataclasses.asdict(limits))]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module; nothing of the file is in the command
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(data, timeout=limits.time_s)
        except subprocess.TimeoutExpired:
            raise ResumeTooSlow(limit_s=limits.time_s) from None
        finally:
            _kill_whole(process)
    if process.returncode in (OUT_OF_MEMORY, _KILLED):
        raise ResumeUnreadable("it needs more memory than is allowed, which no ordinary resume does")
    if process.returncode != 0:
        raise ResumeUnreadable(f"the {kind.upper()} file is damaged")
    return _answer(json.loads(output))


def _kill_whole(process: subprocess.Popen[bytes]) -> None:
    """Ends the child and all it may have started. Its session keeps its id until the child is waited for."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:  # pragma: no cover - Windows
                process.kill()


def _answer(answer: dict[str, Any]) -> Raw:
    if "error" in answer:
        kind: type[errors.VivaError] = getattr(errors, answer["error"])
        raise kind(**answer["fields"])
    return Raw(answer["text"], tuple(answer["warnings"]))
