"""Statements with a figure that can be told from their words: what was measured, a difference, a comparison, an uncertainty. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.quantities import Quantity

MEASURES = {
    "accuracy": "an", "precision": "a", "recall": "a", "F1": "an", "F1 score": "an", "F-score": "an", "AUC": "an", "ROC AUC": "an",
    "average precision": "an", "mean average precision": "a", "mAP": "an", "IoU": "an", "mean IoU": "a", "Dice": "a", "Dice score": "a",
    "RMSE": "an", "MAE": "an", "MAPE": "a", "sMAPE": "an", "mean absolute error": "a", "word error rate": "a", "WER": "a", "BLEU": "a",
    "ROUGE": "a", "perplexity": "a", "hit rate": "a", "NDCG": "an", "MRR": "an", "sensitivity": "a", "specificity": "a",
    "error rate": "an", "R squared": "an", "success rate": "a", "exact match": "an", "log loss": "a", "silhouette": "a", "C-index": "a",
}  # fmt: skip
"""Names of measures with the article that each takes."""
DIFFERENCES = {
    "lift": "a", "uplift": "an", "difference": "a", "increase": "an", "rise": "a", "drop": "a", "decrease": "a", "reduction": "a",
    "gain": "a", "saving": "a", "improvement": "an", "speed-up": "a", "speedup": "a",
}  # fmt: skip
_LINK = (
    r"(?:\s+score)?\s*(?:[:=]\s*)?(?:(?:of|was|was\s+at|is|is\s+at|around|about|roughly|nearly|almost|exactly|just|reached|hit|came\s+to|"
    r"came\s+out\s+at|ended\s+at|got\s+to|stood\s+at)\s+){1,3}$"
)


def _named(names: dict[str, str]) -> str:
    return "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True))


_BEFORE = {
    "measure": re.compile(rf"(?<![\w-])(?P<name>{_named(MEASURES)}){_LINK}", re.IGNORECASE),
    "difference": re.compile(rf"(?<![\w-])(?P<name>{_named(DIFFERENCES)}){_LINK}", re.IGNORECASE),
}
_AFTER = {
    "measure": re.compile(rf"\s+(?P<name>{_named(MEASURES)})(?![\w-])", re.IGNORECASE),
    "difference": re.compile(rf"\s+(?P<name>{_named(DIFFERENCES)})(?![\w-])", re.IGNORECASE),
}
_OTHER_FOLLOWS = re.compile(r"\s*(?:against|versus|vs|compared|to|than)\b", re.IGNORECASE)
"""Of two figures that are set side by side nothing tells whose the first is: "an F1 of 71 against our 79"."""
_NAMES = {"measure": MEASURES, "difference": DIFFERENCES}
_SPEAKS = {
    "measure": re.compile(
        rf"\b(?:{_named(MEASURES)}|measured?|metric|score[ds]?|counted|rate|percent|errors?)\b|%|\d", re.IGNORECASE
    ),
    "difference": re.compile(
        rf"\b(?:{_named(DIFFERENCES)}|more|less|higher|lower|faster|cheaper|percent)\b|%|\d", re.IGNORECASE
    ),
    "comparison": re.compile(
        r"\b(?:than|compar\w*|versus|vs|baselines?|before|previous(?:ly)?|used to|old|older|former(?:ly)?|earlier|instead|without|beat\w*|"
        r"better|worse|best|worst|improv\w*|rais\w*|lift\w*|up|down|gain\w*|humans?|people|person|manual(?:ly)?|by hand|"
        r"hands?|experts?|analysts?|rules?|"
        r"simple|simpler|simplest|plain|naive|existing|exist\w*|against|rivals?|alternatives?|competitors?|random\w*|"
        r"chance|guess\w*|majority|bestsellers?|"
        r"popular\w*|keywords?|elastic\w*|bm25|regex\w*|logistic|linear|from|increas\w*|decreas\w*|reduc\w*|cut|"
        r"sav(?:ed|ing)\w*|faster|slower|higher|lower|"
        r"more|less|fewer|twice|double\w*|half|halv\w*|relative|both|other|others|alone|never|nobody|nothing|no|not|"
        r"same|equal\w*|differen\w*|reference|benchmark\w*|control|"
        r"until|then|now|today|already|first|second|replac\w*|new|last|ago|back|original\w*|untuned|untouched|untrained|"
        r"scratch|default|standard|single)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    "uncertainty": re.compile(
        r"\b(?:interval\w*|p|p-values?|significan\w*|confiden\w*|between|plus or minus|standard|errors?|bootstrap\w*|"
        r"noise|noisy|chance|luck\w*|random\w*|"
        r"credible|posterior|sure|certain\w*|uncertain\w*|doubt\w*|wide|narrow|from|to|range\w*|margin|bounds?|"
        r"percent sure|sigma|variance|deviation)\b|±|\+/-",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A named figure."""

    name: str
    """As `MEASURES` or `DIFFERENCES` has it."""
    spoken: str
    """"a recall of 0.81"."""
    start: int
    end: int


def figure(sentence: str, item: Quantity, previous_end: int, kind: str) -> Figure | None:
    """The figure that a number of a sentence is; None where no name stands with it.

    Args:
        sentence: The whole sentence.
        item: The number.
        previous_end: Where the number before it ends.
        kind: `measure` or `difference`.
    """
    if kind not in _NAMES or _OTHER_FOLLOWS.match(sentence, item.end):
        return None
    said = " ".join(sentence[item.start : item.end].split())
    names = {name.lower(): name for name in _NAMES[kind]}
    found = _BEFORE[kind].search(sentence[previous_end : item.start])
    if found is not None:
        name = names[found["name"].lower()]
        return Figure(name, f"{_NAMES[kind][name]} {name} of {said}", previous_end + found.start("name"), item.end)
    found = _AFTER[kind].match(sentence, item.end)
    if found is None or (item.unit is None and not 0.0 < item.values[0] <= 1.0):
        return None
    name = names[found["name"].lower()]
    return Figure(name, f"{_NAMES[kind][name]} {name} of {said}", item.start, found.end("name"))


def speaks(text: str, kind: str) -> bool:
    """Whether a text may hold a statement of a kind; in doubt it does."""
    return bool(_SPEAKS[kind].search(text))
