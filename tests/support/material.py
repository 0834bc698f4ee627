"""A small corpus, written to a folder: what tests of the loader start from and break on purpose."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from app.material.corpus import Corpus
from app.material.load import load

Data = dict[str, Any]


def a_criterion(criterion_id: str = "names-the-cause", **changes: Any) -> Data:
    """A criterion without a fault."""
    return {
        "id": criterion_id,
        "says": "The rows of the test were seen in training.",
        "kind": "must",
        "skill": "technical",
        "asked_by": "ask",
        "cites": "leakage#what-it-is",
        "probe": "Where could those rows have been before?",
        "hints": [{"says": "Think about the order of the steps.", "still_to_say": "split first"}],
        "shown_by": ["Seen before.", "The test rows were in training.", "Test row is also train row."],
        "not_shown_by": [
            {"says": "The model overfits.", "because": "another cause"},
            {"says": "Leakage is bad.", "because": "no content"},
        ],
        "denied_by": "The test rows are always fresh.",
        "next_time": "Say where the rows were seen before.",
        **changes,
    }


def a_question(question_id: str = "fundamentals/leakage", **changes: Any) -> Data:
    """A question without a fault, with one criterion and two exemplars."""
    return {
        "id": question_id,
        "version": 1,
        "round": question_id.partition("/")[0],
        "topics": ["leakage"],
        "roles": ["ml-engineer"],
        "seniority": ["junior", "mid"],
        "difficulty": 2,
        "seconds": {"first_answer": 60, "whole": 240},
        "covers": ["S000-0001"],
        "ask": "The test score is too good. What happened?",
        "criteria": [a_criterion()],
        "exemplars": [
            {"id": "strong", "text": "Those rows were in training.", "marks": {"names-the-cause": "shown"}},
            {
                "id": "weak",
                "text": "You need a solid pipeline and you need to look at all of it together.",
                "marks": {"names-the-cause": "absent"},
            },
        ],
        **changes,
    }


def a_chain(**changes: Any) -> Data:
    """A chain of two rungs, the second with a drawn number."""
    number = a_criterion(
        "right-count", evidence="number", value={"is": "2 * size * rank", "tolerance": "2%", "also": "size / rank"}
    )
    return {
        "id": "chains/lora",
        "version": 1,
        "technique": "LoRA",
        "recognised_by": ["LoRA", "low-rank adaptation"],
        "not_this": ["LoRaWAN", "long range"],
        "topics": ["lora"],
        "roles": ["ml-engineer"],
        "seniority": ["mid"],
        "seconds": {"whole": 600},
        "covers": [],
        "slots": [
            {"id": "params", "what": "size", "kind": "number"},
            {"id": "memory", "what": "memory of the card", "kind": "number", "unit": "GB"},
            {"id": "data", "what": "the data", "kind": "text"},
        ],
        "checks": [
            {
                "id": "fits",
                "needs": ["params", "memory"],
                "when": "params * 2 > memory * 10 ** 9",
                "ask": "{params} parameters on {memory} gigabytes. How did that fit?",
                "settled_by": "more cards",
            }
        ],
        "rungs": [
            {
                "id": "purpose",
                "depth": "story",
                "priority": 1,
                "seconds": 60,
                "ask": 'Your resume says "{claim}". What was it for?',
                "fills": ["data"],
                "scored": False,
            },
            {
                "id": "count",
                "depth": "mathematics",
                "priority": 1,
                "seconds": 60,
                "draw": {"size": [1024, 2048], "rank": [4, 8]},
                "ask": "A square matrix of {size}, rank {rank}. How many numbers are trained?",
                "criteria": [number],
            },
        ],
        "leave": {"after_rungs_with_nothing_shown": 2, "says": "That's fine.", "to": "purpose"},
        "plays": [
            {
                "id": "knows",
                "given": {"role": "ml-engineer", "seniority": "mid", "claim": "Used LoRA"},
                "turns": [
                    {"rung": "purpose", "candidate": "For support replies.", "next": "count"},
                    {
                        "rung": "count",
                        "candidate": "No idea.",
                        "marks": {"right-count": "absent"},
                        "next": {"probe": "right-count"},
                    },
                ],
            }
        ],
        **changes,
    }


def a_scenario(**changes: Any) -> Data:
    """A scenario with a fact, a sum over it, two stages and a curveball."""
    return {
        "id": "scenarios/feed",
        "version": 1,
        "round": "system-design",
        "topics": ["ranking"],
        "roles": ["ml-engineer"],
        "seniority": ["senior"],
        "difficulty": 3,
        "seconds": {"first_answer": 120, "whole": 1800},
        "covers": [],
        "opening": "Rank a feed for me.",
        "facts": [
            {
                "id": "users",
                "asked_as": ["how many users", "what scale", "how big is it"],
                "reply": "Ten million a day.",
                "value": 10000000,
                "unit": "users",
                "credits": "frames-first",
                "volunteer_at": "design",
            }
        ],
        "derived": [
            {"id": "per_second", "what": "requests", "formula": "users * 20 / 86400", "unit": "1/s", "tolerance": "20%"}
        ],
        "stages": [
            {"id": "frame", "ask": "Where do you begin?", "seconds": 300, "criteria": ["frames-first"]},
            {"id": "design", "ask": "Draw me the parts.", "seconds": 600},
        ],
        "curveball": {"at": "design", "says": "The labels stop tomorrow.", "criteria": ["watches-it"]},
        "criteria": [
            a_criterion("frames-first", evidence="order", before=["names-a-model"]),
            a_criterion("names-a-model"),
            a_criterion("watches-it", evidence="absence", asked_by="probe"),
        ],
        **changes,
    }


ROLE: Data = {
    "id": "ml-engineer",
    "version": 1,
    "name": "ML engineer",
    "skills": [{"id": "data", "name": "Data", "topics": ["leakage"]}],
    "rounds": [{"round": "fundamentals", "minutes": 20}],
    "emphases": ["lora"],
}
COMPANY: Data = {
    "id": "neutral",
    "version": 1,
    "name": "No company",
    "persona": {"introduction": "Hello, I'm Viva."},
    "knows": [{"id": "labels", "about": "labels", "asked_as": ["who labels"], "reply": "That differs."}],
}
NOTE: Data = {"id": "leakage", "version": 1, "title": "Leakage", "topics": ["leakage"], "covers": []}
NOTE_BODY = "## what-it-is\n\nA row of the test that was seen\nin training has leaked.\n"
BODY = "## Reference answer\n\nThe rows were seen.\n\nSplit first.\n\n## For the reviewer\n\n- Be kind.\n"


def write(path: Path, data: Data, body: str = BODY) -> Path:
    """A file with front-matter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{yaml.safe_dump(data, sort_keys=False)}---\n\n{body}", encoding="utf-8")
    return path


def write_corpus(
    root: Path,
    *,
    question: Data | None = None,
    chain: Data | None = None,
    scenario: Data | None = None,
    note_body: str = NOTE_BODY,
) -> Path:
    """A corpus without a fault but for what is handed in."""
    write(root / "questions/fundamentals/leakage.md", question or a_question())
    write(root / "concepts/data/leakage.md", NOTE, note_body)
    write(root / "chains/lora.md", chain or a_chain())
    write(root / "scenarios/feed.md", scenario or a_scenario())
    write(root / "roles/ml-engineer.md", ROLE, "## What the work is\n\nData and models.\n")
    write(root / "companies/neutral.md", COMPANY, "")
    return root


def small_corpus(root: Path) -> Corpus:
    """The corpus without a fault, loaded."""
    return load(write_corpus(root))


def changed(data: Data, path: str, value: Any) -> Data:
    """A deep copy with the value at a dotted path (`criteria.0.probe`) replaced; None removes the key."""
    copied = copy.deepcopy(data)
    here: Any = copied
    *steps, last = path.split(".")
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if value is None:
        del here[last]
    elif isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value
    return copied
