"""How a slug is written as people write it: `high-level-design`, `fundamentals/k-means`. Pure."""

from __future__ import annotations

import re

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


def title(slug: str) -> str:
    """`high-level-design` as "High-level design", `fundamentals/data-leakage` as "Data leakage"."""
    parts = slug.rpartition("/")[2].split("-")
    if len(parts) > 1 and parts[0] in _SHELVES:
        parts = parts[1:]
    said = " ".join(_CAPITALS.get(part, part) for part in parts)
    said = _JOINED.sub(lambda it: _AS_ONE.get(it[0].lower(), it[0].replace(" ", "-")), said)
    return _HYPHENED.get(said, said)[:1].upper() + _HYPHENED.get(said, said)[1:]
