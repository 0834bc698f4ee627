"""The interviewer evaluated: scripted candidates sit in every round for every role, and detectors of its sins read the talks.

    python -m evals.interviewer                              holds what is missing of the grid, then prints the scoreboard
    python -m evals.interviewer hold --seconds 100           holds for so long at most; what is held is kept, so go on later
    python -m evals.interviewer hold --set rivals            the same candidates before a weakest-first director
    python -m evals.interviewer hold --set sample --model configured     forty drawn ones with the model of the settings
    python -m evals.interviewer hold --sample 20 --seed 7    twenty of the set, drawn by seed
    python -m evals.interviewer board                        the scoreboard of all that is held, or drawn, as Markdown
    python -m evals.interviewer read --who weak --round llm  talks with what was found in them
    python -m evals.interviewer written                      written follow-ups that are a sin as they stand

A model is `scripted`, `none`, or `configured` for VIVA_INTERVIEWER__PROVIDER. Talks lie in the data folder, by what made them and by
model: where the weights, the corpus, the package or the candidates have changed, all are held anew, and those of before are not read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from app.material.load import load as load_corpus
from app.settings import Settings
from app.settings import load as load_settings
from app.telemetry.logging import configure
from evals.interviewer import grid, scoreboard
from evals.interviewer.record import Sitting, key_of, read, write
from evals.interviewer.sitting import Wanted, rooms
from evals.interviewer.version import Version, hold_to_one, version_of

FOLDER = "interviewer"
SETS = {"grid": grid.grid, "rivals": grid.rivals, "sample": grid.sample}


def chosen(options: argparse.Namespace, settings: Settings) -> list[Wanted]:
    """The sittings that the options name, in their order."""
    found = SETS[options.set](load_corpus(settings.corpus, settings.more_corpora))
    if options.sample:
        found = grid.drawn(found, options.sample, options.seed)
    return [
        each
        for each in found
        if (not options.who or each.who in options.who)
        and (not options.role or each.role in options.role)
        and (not options.round or set(each.rounds) & set(options.round))
    ]


async def hold(options: argparse.Namespace, settings: Settings, folder: Path, version: Version) -> int:
    """Holds what is missing, until time is up; how many are missing still."""
    wanted = chosen(options, settings)

    def missing() -> list[Wanted]:
        return [each for each in wanted if not (folder / f"{_key(each)}.json").is_file()]

    rest = missing()
    if options.limit:
        rest = rest[: max(0, options.limit - (len(wanted) - len(rest)))]
    if not rest:
        return 0
    async with rooms(settings, options.model, version) as held:
        ends = time.monotonic() + options.seconds if options.seconds else float("inf")
        for number, each in enumerate(rest, 1):
            if time.monotonic() > ends:
                return len(rest) - number + 1
            began = time.monotonic()
            sitting = await held.hold(each)
            write(folder, sitting)
            print(
                f"{number}/{len(rest)} {sitting.key}: {len(sitting.lines)} turns, {sitting.closed or 'NOT OVER'} "
                f"{sitting.failure} {time.monotonic() - began:.1f} s",
                file=sys.stderr,
                flush=True,
            )
    return 0


def held_by(version: Version, base: Path) -> list[Sitting]:
    """The talks that this version made, of every model; the others are counted aloud.

    Raises:
        OtherVersion: One of those in its folder was made by another.
    """
    files = sorted((base / version.name).glob("*/*.json"))
    others = sum(1 for _ in base.rglob("*.json")) - len(files)
    if others:
        print(f"{others} talks of other versions lie in {base} and are not read", file=sys.stderr)
    sittings = [read(file) for file in files]
    hold_to_one((each.made_by for each in sittings), version)
    return sittings


def _key(wanted: Wanted) -> str:
    return key_of(wanted.who, wanted.role, wanted.rounds, wanted.seed, wanted.director)


def main() -> None:
    """Runs as the module's docstring says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=("all", "hold", "board", "read", "written"))
    parser.add_argument("--model", default="scripted", choices=("scripted", "none", "configured"))
    parser.add_argument("--set", default="grid", choices=sorted(SETS))
    parser.add_argument("--sample", type=int, default=0, help="so many of the set, drawn by --seed")
    parser.add_argument("--seed", type=int, default=grid.SEED)
    parser.add_argument("--seconds", type=float, default=0.0, help="stop holding after so long")
    parser.add_argument("--limit", type=int, default=0, help="the first so many of the set")
    parser.add_argument("--who", nargs="*", default=[])
    parser.add_argument("--role", nargs="*", default=[])
    parser.add_argument("--round", nargs="*", default=[])
    parser.add_argument("--sin", default="", help="for read: only turns with this finding, and those around them")
    parser.add_argument("--json", action="store_true", help="for board: figures as JSON")
    parser.add_argument("--folder", type=Path, default=None, help="talks elsewhere than in the data folder")
    options = parser.parse_args()
    settings = load_settings()
    configure("ERROR", json_lines=False)
    base: Path = options.folder or settings.data_dir / FOLDER
    name = options.model if options.model != "configured" else settings.interviewer.provider
    version = version_of(settings)
    folder = base / version.name / name
    if options.what in {"all", "hold"}:
        left = asyncio.run(hold(options, settings, folder, version))
        if left:
            print(f"{left} are left: run it again to go on", file=sys.stderr)
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    if options.what in {"all", "board"}:
        sittings = held_by(version, base)
        if options.sample:
            keys = {_key(each) for each in chosen(options, settings)}
            sittings = [each for each in sittings if each.key in keys]
        figures = scoreboard.measured(sittings, corpus)
        print(json.dumps(figures, indent=1) if options.json else scoreboard.markdown(figures))
    if options.what == "written":
        print("\n".join(scoreboard.written_sins(corpus)))
    if options.what == "read":
        keys = {_key(each) for each in chosen(options, settings)}
        for file in sorted(folder.glob("*.json")):
            if file.stem in keys:
                print(scoreboard.read_aloud(read(file), corpus, sin=options.sin))


if __name__ == "__main__":
    main()
