"""Commands that make the weights in the package: `train-scorer`, `train-listener`, `train-asides`."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.shared import MoreCorpora, console, settings_with
from app.settings import Settings

if TYPE_CHECKING:
    from app.material.corpus import Corpus

app = typer.Typer()


@app.command(name="train-scorer")
def train_scorer(
    data: Annotated[
        Path, typer.Option(help="Holds realsumm/realsumm.jsonl and saf_en/saf_en.jsonl.", exists=True, file_okay=False)
    ],
    answers: Annotated[
        Path,
        typer.Option(help="Spoken answers with their marks: evals/judging/answers in a checkout.", file_okay=False),
    ],
    target: Annotated[Path, typer.Option("--out", help="Where the weights go.", file_okay=False)],
    pairs: Annotated[bool, typer.Option(help="Train the pair model too, and not only what joins the voices.")] = True,
    sentences: Annotated[bool, typer.Option(help="Train the pair model's half for single sentences too.")] = True,
    slow: Annotated[
        bool,
        typer.Option("--slow", help="Fit only how the embedded model's yes or no is joined, for the weights in use."),
    ] = False,
    corpus: MoreCorpora = None,
) -> None:
    """Train the compact scorer: one and a half to two and a half hours on two cores. Needs the extra `train`."""
    from app.curation.train_scorer import train
    from app.material.load import load as load_corpus
    from app.wiring.reading import cores, scorers

    settings = settings_with(corpus)
    material = load_corpus(settings.corpus, settings.more_corpora)
    if slow:
        made = asyncio.run(_train_slow(settings, material, data, answers))
        target.mkdir(parents=True, exist_ok=True)
        whole = {"made_by": "viva train-scorer --slow", **made}
        (target / "slow.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
        console.print_json(json.dumps(made["figures"]))
        return
    figures = train(
        material,
        data,
        answers,
        target,
        partial(scorers, settings, material),
        threads=cores(settings),
        pairs_too=pairs,
        sentences_too=sentences,
        say=console.print,
    )
    console.print_json(json.dumps(figures))


@app.command(name="train-listener")
def train_listener(
    turns: Annotated[
        Path, typer.Option(help="evals/listening/turns in a checkout; those held out are left out.", file_okay=False)
    ],
    lessons: Annotated[Path, typer.Option(help="evals/listening/lessons in a checkout.", file_okay=False)],
    answers: Annotated[Path, typer.Option(help="evals/judging/answers in a checkout.", file_okay=False)],
    target: Annotated[Path, typer.Option("--out", help="The file of weights, .npz.", dir_okay=False)],
) -> None:
    """Train the listener anew, on the pair model in use: minutes. Needs the extra `train`."""
    from app.candidate.language import langid
    from app.curation.labelled_turns import turns_to_learn
    from app.curation.spoken import read_spoken
    from app.curation.train_listener import answers_to_learn
    from app.curation.train_listener import train_listener as train
    from app.scoring.pair_model import PairModel

    learned, beside = turns_to_learn(turns, lessons)
    every = [*beside, *answers_to_learn(list(read_spoken(answers)))]
    train(learned, every, PairModel(threads=2).states, langid(), target, say=console.print)
    console.print(f"{len(learned)} turns and {len(every)} lessons learned: {target}")


@app.command(name="train-asides")
def train_asides(
    turns: Annotated[
        Path, typer.Option(help="evals/listening/turns in a checkout; those held out are left out.", file_okay=False)
    ],
    lessons: Annotated[Path, typer.Option(help="evals/listening/lessons in a checkout.", file_okay=False)],
    answers: Annotated[Path, typer.Option(help="evals/judging/answers in a checkout.", file_okay=False)],
    target: Annotated[Path, typer.Option("--out", help="The file of weights, .npz.", dir_okay=False)],
    corpus: MoreCorpora = None,
) -> None:
    """Fit anew what tells words to the grader from an answer: some minutes."""
    from app.curation.labelled_turns import turns_to_learn
    from app.curation.spoken import read_spoken
    from app.curation.train_asides import train_asides as train
    from app.material.load import load as load_corpus
    from app.wiring.reading import sentence_vectors

    settings = settings_with(corpus)
    material = load_corpus(settings.corpus, settings.more_corpora)
    learned, beside = turns_to_learn(turns, lessons)
    train(
        material,
        list(read_spoken(answers)),
        [*learned, *beside],
        sentence_vectors(settings).encode_cached,
        target,
        console.print,
    )


async def _train_slow(settings: Settings, corpus: Corpus, data: Path, answers: Path) -> dict[str, object]:
    """Weights and figures."""
    from app.curation.lessons import facts_of, lessons_to_learn
    from app.curation.spoken import read_spoken
    from app.curation.train_slow import join_slow
    from app.scoring.pair_model import PairModel
    from app.wiring.commands import open_voice
    from app.wiring.reading import cores, scorers

    facts, spoken = facts_of(data), list(read_spoken(answers))
    _, kept = lessons_to_learn(corpus, facts, spoken)
    free, compact, _ = scorers(settings, corpus, PairModel(threads=cores(settings)))
    async with open_voice(settings) as voice:
        return await join_slow(corpus, kept, spoken, compact, free, voice, console.print)
