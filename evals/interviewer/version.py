"""What made a talk, and what made a reading: hashes of all that decides them. Figures are of talks of one version alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

from app import settings as app_settings
from app.scoring import pair_model
from app.scoring.pair_model import HOLDING, READING, SENTENCES
from app.settings import Settings

PACKAGE = Path(app_settings.__file__).parent
EVALS = Path(__file__).parents[1]
WEIGHTS = (PACKAGE / "scoring" / "weights", PACKAGE / "interviewing" / "weights")
CANDIDATES = (
    *(EVALS / "interviewer" / f"{name}.py" for name in ("candidates", "knowledge", "record", "scripted", "sitting")),
    EVALS / "resumes",
)
LENGTH = 12


class OtherVersion(ValueError):
    """Talks that were not all made by one version."""


@dataclass(frozen=True, slots=True)
class Version:
    """A hash each of what decides how a talk goes; "" where it is not known."""

    weights: str = ""
    """Of the scorer and of the listener."""
    embedder: str = ""
    corpus: str = ""
    prompts: str = ""
    app: str = ""
    """Everything else in the package."""
    candidates: str = ""
    """Who sits there, how they speak, and what is kept of it."""
    settings: str = ""
    """How interviews are conducted."""

    @property
    def name(self) -> str:
        """All of them in one."""
        return _digest(astuple(self))

    @property
    def is_known(self) -> bool:
        """Whether whoever kept the talk said what made it."""
        return all(astuple(self))

    def differs_in(self, other: Version) -> tuple[str, ...]:
        """What is not the same in the other."""
        mine, theirs = asdict(self), asdict(other)
        return tuple(each.name for each in fields(self) if mine[each.name] != theirs[each.name])


def version_of(settings: Settings) -> Version:
    """What makes a talk now."""
    return Version(
        weights=digest_of(WEIGHTS),
        embedder=_digest([settings.retrieval.embedder]),
        corpus=digest_of([settings.corpus, *settings.more_corpora]),
        prompts=digest_of([settings.prompts]),
        app=digest_of([PACKAGE], but=WEIGHTS),
        candidates=digest_of(CANDIDATES),
        settings=_digest([settings.interview.model_dump_json()]),
    )


def version_of_readings(weights: Path = WEIGHTS[0]) -> str:
    """What makes a reading of the pair model: its weights, its word pieces, and the code around them."""
    return digest_of(
        [*(weights / name for name in (READING, HOLDING, SENTENCES, "tokenizer.json")), Path(pair_model.__file__)]
    )


def digest_of(places: Iterable[Path], but: Sequence[Path] = ()) -> str:
    """Of the names and the bytes of files, and of all files in folders, compiled ones left out."""
    found = hashlib.sha256()
    for number, place in enumerate(places):
        files = sorted(each for each in place.rglob("*") if each.is_file()) if place.is_dir() else [place]
        for file in files:
            if file.suffix == ".pyc" or any(file.is_relative_to(each) for each in but):
                continue
            told = f"{number} {file.relative_to(place).as_posix()}", hashlib.sha256(file.read_bytes()).hexdigest()
            found.update("\x1f".join(told).encode() + b"\x1e")
    return found.hexdigest()[:LENGTH]


def hold_to_one(versions: Iterable[Version], now: Version | None = None) -> None:
    """Refuses talks that were made by different versions, by an unknown one, or by another than `now`.

    Raises:
        OtherVersion: With what differs.
    """
    wanted = now
    for each in versions:
        if not each.is_known:
            raise OtherVersion(
                "a talk does not say what made it: it was kept before talks did, and is no talk of today's"
            )
        if wanted is None:
            wanted = each
        differs = wanted.differs_in(each)
        if differs:
            raise OtherVersion(
                f"talks of two versions, {wanted.name} and {each.name}: {', '.join(differs)} changed between them; "
                "figures over both would be of neither"
            )


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:LENGTH]
