"""Commands that judge, and what people said to it: `judge`, `judge-transcript`, `rescore`, `labels`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.shared import Bar, MoreCorpora, console, settings_with, with_store
from app.domain.interview import Seniority
from app.settings import Settings, load

if TYPE_CHECKING:
    from app.persistence.unit_of_work import Store
    from app.scoring.items import BadLine, Item

app = typer.Typer()


class JudgedBy(StrEnum):
    """Who judges the items of `viva judge`."""

    COMPACT = "compact"
    MODEL = "model"
    BOTH = "both"


def _in_a_folder(target: Path | None) -> Path | None:
    """The file to write, whose folder is there: told before anything is judged."""
    if target is not None and not target.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {target.parent}")
    return target


@app.command()
def judge(
    source: Annotated[
        Path,
        typer.Option(
            "--in", help='Items: lines {"id", "criterion" or "reference", "answer"}.', exists=True, dir_okay=False
        ),
    ],
    target: Annotated[
        Path,
        typer.Option(
            "--out", help='Written: lines {"id", "p", "state", "evidence"}.', dir_okay=False, callback=_in_a_folder
        ),
    ],
    by: Annotated[
        JudgedBy, typer.Option("--judge", help="compact; model: the judge model of the settings; or both.")
    ] = JudgedBy.COMPACT,
) -> None:
    """Judge answers of a file, without a corpus; by the compact scorer also without key and network. Run again, it goes on."""
    from app.scoring.items import BadLine, read_items, whole_lines

    done = whole_lines(target)
    items = list(read_items(source))
    # A line that is no item is told each time, whatever its id.
    waiting = [item for item in items if isinstance(item, BadLine) or item.id not in done]
    wrong = asyncio.run(_judge_items(waiting, source, target, by))
    console.print(f"{len(waiting) - wrong} judged, {len(items) - len(waiting)} were there already: {target}")
    if wrong:
        console.print(f"{wrong} lines were no items; mend them and run it again")
        raise typer.Exit(1)


async def _judge_items(waiting: Sequence[Item | BadLine], source: Path, target: Path, by: JudgedBy) -> int:
    """How many of the lines were no items; the others' predictions are added to `target`, each as soon as it is there."""
    from app.scoring.items import BadLine
    from app.wiring.commands import open_item_judge

    wrong = 0
    async with open_item_judge(load(), by) as judged:
        with target.open("a", encoding="utf-8") as lines, Bar("judging") as step:
            for number, item in enumerate(waiting, start=1):
                if isinstance(item, BadLine):
                    wrong += 1
                    console.print(f"{source}, line {item.number}: {item.says}", markup=False, highlight=False)
                else:
                    lines.write((await judged(item)).line() + "\n")
                    lines.flush()
                step(number, len(waiting))
    return wrong


@app.command(name="judge-transcript")
def judge_transcript(
    source: Annotated[
        Path,
        typer.Argument(
            help='JSON turns, or text with lines "Interviewer: ..." and "Candidate: ...".', exists=True, dir_okay=False
        ),
    ],
    rubric: Annotated[
        Path | None,
        typer.Option(
            help="Dimensions of your own with a text for each level, YAML or JSON.", exists=True, dir_okay=False
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("--out", help="Where the JSON goes; else it is printed.", dir_okay=False, callback=_in_a_folder),
    ] = None,
    role: Annotated[str, typer.Option(help="A role of the corpus.")] = "ml-engineer",
    seniority: Annotated[Seniority, typer.Option(help="The level that answers are held against.")] = Seniority.MID,
    corpus: MoreCorpora = None,
) -> None:
    """Judge a conversation that was held elsewhere: what the corpus asks too is scored, the rest is not assessed."""
    from app.material.load import load as load_corpus
    from app.scoring.elsewhere import read
    from app.scoring.foreign_rubric import read_rubric
    from app.scoring.transcript_judge import require_role
    from app.terminal.shown import judgement_tables
    from app.wiring.commands import transcript_judge

    # Both files are read first: what is wrong with them is said before the models are opened.
    conversation = read(source.read_bytes())
    foreign = read_rubric(rubric.read_bytes()) if rubric is not None else None
    settings = settings_with(corpus)
    material = load_corpus(settings.corpus, settings.more_corpora)
    require_role(material, role)
    with Bar("opening: embedding the rubrics' sentences") as step:
        judges = transcript_judge(settings, material, step)
    with Bar("judging") as step:
        found = asyncio.run(judges.judge(conversation, role=role, seniority=seniority, rubric=foreign, progress=step))
    for table in judgement_tables(found):
        console.print(table)
    line = found.model_dump_json(indent=1)
    if target is None:
        print(line)
    else:
        target.write_text(f"{line}\n", encoding="utf-8")


@app.command()
def rescore(
    interview_ids: Annotated[list[str] | None, typer.Argument(help="Ids of closed interviews.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All closed interviews.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change and store nothing.")] = False,
    format: Annotated[str, typer.Option(help="text, or json: one line an interview.")] = "text",
    without_model: Annotated[
        bool,
        typer.Option("--without-model", help="The compact scorer alone, also where a model took part in the score."),
    ] = False,
    corpus: MoreCorpora = None,
) -> None:
    """Score stored interviews again by the present rubrics, scorer and judge, and say what changed. May run beside a server."""
    if format not in ("text", "json"):
        raise typer.BadParameter("choose text or json", param_hint="--format")
    if bool(interview_ids) == everything:
        raise typer.BadParameter("give either ids of interviews or --all", param_hint="INTERVIEW_IDS")
    failed = asyncio.run(
        _rescore(
            settings_with(corpus),
            interview_ids or [],
            dry_run=dry_run,
            as_json=format == "json",
            without_model=without_model,
        )
    )
    if failed:
        raise typer.Exit(1)


async def _rescore(
    settings: Settings, interview_ids: list[str], *, dry_run: bool, as_json: bool, without_model: bool
) -> int:
    """How many interviews failed; without ids, all closed ones are taken."""
    from app.telemetry.logging import configure
    from app.wiring.commands import open_rescorer

    configure(settings.telemetry.level, json_lines=settings.telemetry.json_lines)
    failed = 0
    async with open_rescorer(settings, without_model=without_model) as rescorer:
        wanted = list(dict.fromkeys(interview_ids)) or await rescorer.closed()
        with Bar("scoring again") as step:
            for number, interview_id in enumerate(wanted, start=1):
                rescored = await rescorer.rescore(interview_id, dry_run=dry_run)
                failed += bool(rescored.error)
                print(json.dumps(rescored.json(), ensure_ascii=False) if as_json else "\n".join(rescored.lines()))
                step(number, len(wanted))
    stored = "nothing was stored" if dry_run else "what differs is stored"
    console.print(f"scored again: {len(wanted) - failed}, failed: {failed}; {stored}")
    return failed


@app.command()
def labels(
    target: Annotated[
        Path | None,
        typer.Option("--out", help="Where the lines go; else they are printed.", dir_okay=False, callback=_in_a_folder),
    ] = None,
    interview_id: Annotated[str, typer.Option("--interview", help="Of this interview alone.")] = "",
    candidate_id: Annotated[str, typer.Option("--candidate", help="Of this candidate alone.")] = "",
) -> None:
    """Write what persons judged otherwise than the machine, or alike, as lines for `viva judge`, each with its source."""
    lines: list[str] = []
    asyncio.run(with_store(partial(_labels, interview_id, candidate_id, lines)))
    text = "".join(f"{line}\n" for line in lines)
    if target is None:
        print(text, end="")
    else:
        target.write_text(text, encoding="utf-8")
    console.print(f"{len(lines)} labels")


async def _labels(interview_id: str, candidate_id: str, lines: list[str], store: Store) -> None:
    from app.review.labels import labels as made

    async with store.read() as work:
        for each, _ in await work.overrides.interviews(candidate_id or None):
            if interview_id in ("", each):
                found = made(await work.overrides.list(each), await work.turns.list(each))
                lines += [label.line() for label in found]
