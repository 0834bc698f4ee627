"""The classifier of languages behind `app.domain.language`: py3langid."""

from __future__ import annotations

from functools import lru_cache

from app.domain.language import LanguageGuess


@lru_cache(maxsize=1)
def langid() -> LanguageGuess:
    """The classifier of py3langid; loads its model (0.1 s) on first use."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def guess(text: str) -> tuple[str, float]:
        code, probability = identifier.classify(text)
        return str(code), float(probability)

    return guess
