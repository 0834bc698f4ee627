"""How values read on a page: names of slugs, lengths of time, dates, text as it stands, Markdown as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

_CAPITALS = {
    "adam": "Adam",
    "adamw": "AdamW",
    "bayes": "Bayes",
    "huggingface": "Hugging Face",
    "lora": "LoRA",
    "mlops": "MLOps",
    "python": "Python",
    "pytorch": "PyTorch",
    "qlora": "QLoRA",
    "sklearn": "scikit-learn",
    "spark": "Spark",
} | {
    each.lower(): each
    for each in (
        "AI API AR BERT BYD CLIP CNN CUPED DPO ELT ETA ETL GAN GPS GPT GPU GRU ID KL KV L1 L2 LLM LSTM ML NLP OCR PCA RAG RLHF RNN "
        "ROC SGD SQL SVM UMAP"
    ).split()
}
_JOINED = re.compile(r"\b(?:a b|ab)(?= test)|\b(?:fine tuning|t sne|p values?|one hot|trade offs?)\b", re.IGNORECASE)
"""Words of a slug that are written as one."""
_AS_ONE = {"a b": "A/B", "ab": "A/B", "t sne": "t-SNE"}
_SHELVES = frozenset({"hld", "lld"})
"""First words of a scenario's id that say its round, which stands beside it."""
_PATH = re.compile(r" ((?:[a-z0-9-]+/)+[a-z0-9-]+)")
_SLUG = re.compile(r"(?<=probed )[a-z0-9-]+|(?<=next part )[a-z0-9-]+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
"""Without HTML and without pictures: what a text names is never loaded."""
_MARKDOWN.disable("image")


def title(slug: str) -> str:
    """`high-level-design` as "High-level design", `fundamentals/data-leakage` as "Data leakage"."""
    parts = slug.rpartition("/")[2].split("-")
    if len(parts) > 1 and parts[0] in _SHELVES:
        parts = parts[1:]
    said = " ".join(_CAPITALS.get(part, part) for part in parts)
    said = _JOINED.sub(lambda it: _AS_ONE.get(it[0].lower(), it[0].replace(" ", "-")), said)
    return _HYPHENED.get(said, said)[:1].upper() + _HYPHENED.get(said, said)[1:]


_HYPHENED = {
    "analytical": "analytical data",
    "staged scenario": "scenario in stages",
    "high level design": "high-level design",
    "low level design": "low-level design",
    "project deep dive": "project deep-dive",
    "candidate questions": "your questions",
    "research math": "research mathematics",
    "tf idf": "TF-IDF",
    "k means": "k-means",
    "k means at scale": "k-means at scale",
    "k nearest neighbours": "k-nearest neighbours",
    "ROC or pr curve": "ROC or PR curve",
    "SGD momentum Adam": "SGD, momentum, Adam",
    "simpsons paradox": "Simpson’s paradox",
    "training serving skew": "training-serving skew",
    "autoencoders and vaes": "autoencoders and VAEs",
    "bias variance": "bias and variance",
    "bagging boosting": "bagging and boosting",
    "regularization L1 L2": "regularization, L1 and L2",
    "L1 vs L2": "L1 or L2",
    "t-SNE": "t-SNE",
    "llm": "language models",
    "LLM": "language models",
}


def reason(text: str) -> str:
    """Why the interviewer made a move, for whoever was asked: ids as names, and as a sentence.

    "next analytics/confusion-matrix" as "next: Confusion matrix", "probed f1-value: must, open" as "Probed f1 value: must, open".
    """
    named = _PATH.sub(lambda it: f": {title(it[1])}", text)
    said = _SLUG.sub(lambda it: it[0].replace("-", " "), named)
    return said[:1].upper() + said[1:]


def minutes(value: float) -> str:
    """`12.0` as "12 min", `7.5` as "7.5 min"."""
    return f"{value:g} min"


def day(value: str | datetime) -> str:
    """An ISO moment as "21 November 2026"."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return f"{moment.day} {moment:%B %Y}"


def count(number: int, one: str, many: str = "") -> str:
    """`3, "round"` as "3 rounds"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def clock(seconds: float) -> str:
    """`250` as "4:10", `5` as "0:05"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def markdown(text: str) -> Markup:
    """Markdown as HTML; HTML in it is shown as text."""
    # What the renderer makes is its own tags around escaped text.
    return Markup(_MARKDOWN.render(text))  # noqa: S704


FILTERS: dict[str, Callable[..., Any]] = {
    "title": title,
    "reason": reason,
    "minutes": minutes,
    "day": day,
    "count": count,
    "clock": clock,
    "markdown": markdown,
}
