"""How well questions are recognised in conversations from elsewhere.

    python -m evals.elsewhere              figures of both halves
    python -m evals.elsewhere --look       what went wrong in the half that may be looked at

`transcripts/` was written before any threshold was chosen. The thresholds of `app/scoring/matching.py` are chosen on the half
`look`; the half `held` is reported and not looked at. Each file is written out in its form and read back as a user's would be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from app.material.load import load as load_corpus
from app.scoring.elsewhere import exchanges, read
from app.scoring.matching import Match, Recogniser, compared
from app.settings import load
from app.wiring.reading import sentence_vectors

HERE = Path(__file__).parent
FORMS = ("plain", "qa", "timed", "md", "json")


@dataclass(frozen=True)
class Labelled:
    """An interviewer's turn with what is right for it."""

    file: str
    half: str
    asks: str
    right: frozenset[str]
    """Questions that it may be matched to; for a follow-up those of the question before; empty where none is."""
    kind: str
    """`question`, `follow-up` or `none`."""


def written_out(form: str, rows: Sequence[tuple[str, str]]) -> str:
    """(question, answer) pairs as a transcript of that form; ValueError for a form that is none of `FORMS`."""
    match form:
        case "plain":
            return "\n".join(f"Interviewer: {asks}\nCandidate: {answer}" for asks, answer in rows)
        case "qa":
            return "\n\n".join(f"Q: {asks}\nA: {answer}" for asks, answer in rows)
        case "timed":
            return "\n".join(
                f"[00:{at:02d}:05] Interviewer: {asks}\n[00:{at:02d}:31] Candidate: {answer}"
                for at, (asks, answer) in enumerate(rows)
            )
        case "md":
            return "\n\n".join(f"**Recruiter:** {asks}\n\n**Applicant:** {answer}" for asks, answer in rows)
        case "json":
            pairs = [
                ({"role": "assistant", "content": asks}, {"role": "user", "content": answer}) for asks, answer in rows
            ]
            return json.dumps({"messages": [each for pair in pairs for each in pair]})
    raise ValueError(f"no form '{form}'")


def labelled(path: Path) -> tuple[list[Labelled], str]:
    """The interviewer's turns of a file, and the conversation written out in the file's form."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    turns: list[Labelled] = []
    open_question: frozenset[str] = frozenset()
    for row in found["exchanges"]:
        kind = row["is"] if isinstance(row["is"], str) else "question"
        if kind == "question":
            open_question = frozenset(row["is"])
        right = frozenset() if kind == "none" else open_question
        turns.append(Labelled(path.name, found["set"], row["asks"], right, kind))
    return turns, written_out(found["form"], [(row["asks"], row["answer"]) for row in found["exchanges"]])


async def recognised(recogniser: Recogniser, text: str) -> list[tuple[str, Match]]:
    """The interviewer's words of each exchange and what they were matched to."""
    found = exchanges(read(text).turns)
    answers = ["\n".join(turn.text for turn in each.answer) for each in found]
    asked = [each.question for each in found]
    return list(zip(asked, await recogniser.recognise(asked, answers), strict=True))


def figures(pairs: Sequence[tuple[Labelled, Match]]) -> dict[str, Any]:
    """Precision and recall of questions, and what became of follow-ups and decoys."""
    own = [(turn, match) for turn, match in pairs if match.question_id and not match.follow_up]
    joined = [(turn, match) for turn, match in pairs if match.follow_up]
    questions = [(turn, match) for turn, match in pairs if turn.kind == "question"]
    right = sum(turn.kind == "question" and match.question_id in turn.right for turn, match in own)
    return {
        "questions": len(questions),
        "decoys": sum(turn.kind == "none" for turn, _ in pairs),
        "follow_ups": sum(turn.kind == "follow-up" for turn, _ in pairs),
        "matched": len(own),
        "matched_right": right,
        "precision": round(right / max(1, len(own)), 4),
        "recall": round(right / max(1, len(questions)), 4),
        "decoys_matched": sum(turn.kind == "none" for turn, _ in own),
        "joined_to_the_question_before": len(joined),
        "joined_right": sum(match.question_id in turn.right for turn, match in joined),
        "decoys_joined": sum(turn.kind == "none" for turn, _ in joined),
        "precision_with_joined": round(
            (right + sum(match.question_id in turn.right for turn, match in joined)) / max(1, len(own) + len(joined)), 4
        ),
    }


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", action="store_true", help="only the half `look`, with what went wrong in it")
    arguments = parser.parse_args()
    settings = load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    vectors = sentence_vectors(settings)
    vectors.encode_cached(compared(corpus))

    async def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return vectors.encode(texts)

    recogniser = Recogniser(corpus, encode)
    pairs: dict[str, list[tuple[Labelled, Match]]] = {"look": [], "held": []}
    for path in sorted((HERE / "transcripts").glob("*.yaml")):
        turns, text = labelled(path)
        if arguments.look and turns[0].half != "look":
            continue
        matches = asyncio.run(recognised(recogniser, text))
        if [asked for asked, _ in matches] != [turn.asks for turn in turns]:
            raise ValueError(f"{path.name}: read otherwise than written")
        pairs[turns[0].half] += [(turn, match) for turn, (_, match) in zip(turns, matches, strict=True)]
    if arguments.look:
        for turn, match in pairs["look"]:
            if (match.question_id or "") not in (turn.right or {""}):
                print(f"{turn.file} {turn.kind} {sorted(turn.right)}: {match}\n    {turn.asks}")
    print(json.dumps({half: figures(found) for half, found in pairs.items() if found}, indent=1))


if __name__ == "__main__":
    main()
