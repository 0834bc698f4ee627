"""The interviewer evaluated: scripted candidates sit in every round for every role, and detectors of its sins read the talks.

    python -m evals.interviewer                              holds what is missing of the grid, then prints the scoreboard
    python -m evals.interviewer hold --seconds 100           holds for so long at most; what is held is kept, so go on later
    python -m evals.interviewer hold --set rivals            the same candidates before a weakest-first director
    python -m evals.interviewer hold --set sample --model configured     forty drawn ones with the model of the settings
    python -m evals.interviewer board                        the scoreboard of all that is held, as Markdown
    python -m evals.interviewer read --who weak --round llm  talks with what was found in them
    python -m evals.interviewer written                      written follow-ups that are a sin as they stand

A model is `scripted`, `none`, or `configured` for VIVA_INTERVIEWER__PROVIDER. Talks lie in the data folder, by model.
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
from evals.interviewer.record import key_of, read, write
from evals.interviewer.sitting import Wanted, rooms

FOLDER = "interviewer"
SETS = {"grid": grid.grid, "rivals": grid.rivals, "sample": grid.sample}


def chosen(options: argparse.Namespace, settings: Settings) -> list[Wanted]:
    """The sittings that the options name, in their order."""
    found = SETS[options.set](load_corpus(settings.corpus, settings.more_corpora))
    return [
        each
        for each in found
        if (not options.who or each.who in options.who)
        and (not options.role or each.role in options.role)
        and (not options.round or set(each.rounds) & set(options.round))
    ]


async def hold(options: argparse.Namespace, settings: Settings, folder: Path) -> int:
    """Holds what is missing, until time is up; how many are missing still."""
    wanted = chosen(options, settings)

    def missing() -> list[Wanted]:
        return [each for each in wanted if not (folder / f"{_key(each)}.json").is_file()]

    rest = missing()
    if options.limit:
        rest = rest[: max(0, options.limit - (len(wanted) - len(rest)))]
    if not rest:
        return 0
    async with rooms(settings, options.model) as held:
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


def _key(wanted: Wanted) -> str:
    return key_of(wanted.who, wanted.role, wanted.rounds, wanted.seed, wanted.director)


def main() -> None:
    """Runs as the module's docstring says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=("all", "hold", "board", "read", "written"))
    parser.add_argument("--model", default="scripted", choices=("scripted", "none", "configured"))
    parser.add_argument("--set", default="grid", choices=sorted(SETS))
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
    folder = base / name
    if options.what in {"all", "hold"}:
        left = asyncio.run(hold(options, settings, folder))
        if left:
            print(f"{left} are left: run it again to go on", file=sys.stderr)
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    if options.what in {"all", "board"}:
        sittings = [read(file) for place in sorted(base.glob("*")) for file in sorted(place.glob("*.json"))]
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
