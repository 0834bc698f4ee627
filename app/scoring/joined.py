"""What all voices on a criterion come to: how likely it is shown, and how likely contradicted.

One model of three states over the values of `app.scoring.features`, fitted by `viva train-scorer` (decision 0038): whatever speaks for
a contradiction speaks against credit too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

Joined = Mapping[str, Mapping[str, float]]
"""Under `shown` and `contradicted` a coefficient for each feature, under `relevant` and `story` one for each voice, and a `bias`;
under `shows` and `denies` one for each of `app.scoring.features.SETTLING`, without."""

OTHER_WRITERS = 0.5
"""Log odds of *shown* against *absent* added after a close reading: the weights are fitted on answers by one hand, and others word
things less like what was learned. Chosen on the half of the battery that may be looked at, of 0.4, 0.5 and 0.7, as the most that
gives no more credit that is not due than the scorer before (decision 0038)."""

UNASKED = 1.0
"""Log odds against *absent* that a criterion has less in an answer to another rung of its chain. Of what an answer is fitted on, nearly
half was asked for and shown; of thirty criteria of a chain an answer to one rung shows one or two. **Chosen** on the chains' plays,
of 0 to 3 by halves (decision 0041)."""


@lru_cache(maxsize=2)
def joined_weights(*, closely: bool = True) -> Joined:
    """By which a criterion is marked, after a close reading or at once."""
    text = resources.files("app.scoring").joinpath("weights").joinpath("joined.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, float]]] = json.loads(text)["weights"]
    if not closely:
        return loaded["at_once"]
    made = loaded["closely"]
    return {**made, "shown": {**made["shown"], "bias": made["shown"]["bias"] + OTHER_WRITERS}}


def probabilities(values: Mapping[str, float], fitted: Joined, *, unasked: bool = False) -> tuple[float, float]:
    """How likely a criterion is shown and how likely contradicted, 0..1 each; what is left of 1 is for neither.

    `unasked`: the words answered something else, before anybody asked for this.
    """
    shown, denied = _log_odds(values, fitted["shown"]), _log_odds(values, fitted["contradicted"])
    if unasked:
        shown, denied = shown - UNASKED, denied - UNASKED
    most = max(shown, denied, 0.0)
    each = [math.exp(one - most) for one in (shown, denied, 0.0)]
    return each[0] / sum(each), each[1] / sum(each)


def shown_odds(values: Mapping[str, float], fitted: Joined) -> float:
    """Log odds that a criterion is shown, against all else."""
    denied = _log_odds(values, fitted["contradicted"])
    return _log_odds(values, fitted["shown"]) - (max(denied, 0.0) + math.log1p(math.exp(-abs(denied))))


def _log_odds(values: Mapping[str, float], model: Mapping[str, float]) -> float:
    """Of a state against *absent*, over as many features as the model has."""
    return model["bias"] + sum(weight * values[name] for name, weight in model.items() if name != "bias")


def voices_with(
    likeness: Mapping[str, float], values: Sequence[Mapping[str, float]], fitted: Joined
) -> dict[str, float]:
    """The voices of `app.scoring.relevance`: how like a stretch is, and what each criterion's values say of it; none without likeness."""
    if not likeness or not values:
        return {}
    each = [shown_odds(one, fitted) for one in values]
    return {**likeness, "best": max(each), "mean": sum(each) / len(each)}
