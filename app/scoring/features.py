"""What the compact scorer sees of a criterion in a stretch of an answer: what the pair model tells, and likenesses to what is authored.

Pure functions over vectors and probabilities; `app.scoring.criterion_model` fetches both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.sentences import content_stems
from app.material.entries import Criterion
from app.retrieval.embedder import Vectors
from app.scoring.authored import Examples
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, Probabilities, Probability, Told

EXAMPLES_READ = 3
"""Of those that show a criterion: the pair model holds them against an answer too. More of them tell nothing more."""
DENIALS_READ = 3
"""Of those that deny it."""
FEATURES_AT_ONCE = (
    "shown", "denied", "shared_words",
    "for", "for_two", "against", "margin", "rival_margin", "states", "denies", "denies_margin",
    "unlike", "unlike_all",
    "denies_states", "denies_rival", "states_rival", "own_rival", "for_rival",
)  # fmt: skip
"""Of a criterion in one stretch: log odds that it is shown; those of denied against absent; share of its words, 0..1; and
likenesses, -1..1: of the sentence nearest to an example for it, of the two nearest, of the sentence nearest to one against it; by how
much the first is nearer to those than to one against it, and than to another criterion's; to the statement itself; to the
denial, and by how much nearer to that than to an example for it. Then by how much the nearest to what earns it falls short of
`LIKE`, and the nearest to what earns any criterion of the question short of `LIKE_ANY`: where nothing is like anything, a network
that never learned such talk is no witness, and a sum of voices must not lean to credit. Last by how much it is nearer than the
question's other criteria: the sentence likest to a denial, to that than to the statement, and than to denials of others; the
likest to the statement, than to theirs; the likest of all to anything of it, and to what earns it, than to the same of
theirs. Where everything said is about one thing, only this tells which part of it was meant."""
FEATURES = (
    *FEATURES_AT_ONCE,
    "examples", "examples_denied", "denial", "denial_denied", "pair", "pair_denied", "sentence", "sentence_denied",
    "settled_rival",
)  # fmt: skip
"""With a close reading also the mean of the first log odds over examples that show it, and the greatest of the second; the greatest
of both over denials of it, as one mistake mostly contradicts the others too; and the greatest of both in two neighbouring sentences,
read without what stands around them, which moves the network's reading of a claim. Last, by the half of the network that was taught
single sentences, the first log odds in the sentence that shows it, if one does, and the second in that or in the one that denies it;
and by how much the sentence that shows it is nearer to what earns it than to what earns another criterion of the question."""
SETTLING_AT_ONCE = {
    "shows": ("for", "states", "others_earn", "pointed_at"),
    "denies": ("denies", "earns", "others_near", "pointed_at"),
}
"""By what it is told which sentence shows a criterion, and which denies it: likenesses to examples for it, to the statement, to
either, and to denials; to what earns another criterion of the question, or denies it too; the pair model's pointing, 0..1."""
SETTLING = {
    "shows": (*SETTLING_AT_ONCE["shows"], "sentence_shows"),
    "denies": (*SETTLING_AT_ONCE["denies"], "sentence_denied"),
}
"""With a close reading also what the half for sentences makes of each: the probability that it shows the criterion, and the log odds
of denied against absent."""
LIKE, LIKE_ANY = 0.35, 0.4
GIVEN_BACK_AT = 0.7
"""Likeness to a probe's or first hint's sentence from which a sentence that is no nearer to any way of earning the criterion is
the question given back in other words."""


@dataclass(frozen=True, slots=True)
class Known:
    """The vectors of a criterion's authored sentences by their part, (n, d) each; a part may be empty."""

    shown: Vectors
    against: Vectors
    denies: Vectors
    states: Vectors
    asked: Vectors


@dataclass(frozen=True, slots=True)
class Held:
    """A criterion held against a text by the pair model: in its own words, and in those of examples and denials."""

    says: Told
    examples: tuple[Told, ...] = ()
    """None where it was not read closely."""
    denials: tuple[Told, ...] = ()
    """None either."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A criterion held against parts of a text, each read by itself."""

    pairs: tuple[Told, ...]
    """Against neighbouring sentences, two by two; against the whole text where it has no more."""
    shows: Probability
    """(3,): against the sentence that shows it, by the half for sentences."""
    denies: Probability
    """(3,): against the sentence that denies it, if one does, by the same."""

    @classmethod
    def of_one_sentence(cls, held: Held, sentence: Probability) -> Apart:
        """What stands alone was read by itself already; `sentence` by the half for sentences."""
        return cls((held.says,), sentence, sentence)


def known_of(parts: Sequence[Examples], rows: Vectors) -> list[Known]:
    """The rows of each criterion's examples, from one table in the same order."""
    found, place = [], 0
    for each in parts:
        cut = []
        for texts in each:
            cut.append(rows[place : place + len(texts)])
            place += len(texts)
        found.append(Known(*cut))
    return found


def statements_of(criteria: Sequence[Criterion], *, closely: bool = True) -> list[str]:
    """What the pair model holds against an answer for these criteria; `held_of` takes what it tells apart again."""
    return [text for criterion in criteria for text in _wordings(criterion, closely=closely)]


def held_of(criteria: Sequence[Criterion], told: Sequence[Told], *, closely: bool = True) -> list[Held]:
    """What was told of `statements_of` these criteria, by criterion."""
    found, place = [], 0
    for criterion in criteria:
        says, *others = told[place : (place := place + len(_wordings(criterion, closely=closely)))]
        examples = len(criterion.shown_by[:EXAMPLES_READ])
        found.append(Held(says, tuple(others[:examples]), tuple(others[examples:])))
    return found


def _wordings(criterion: Criterion, *, closely: bool) -> tuple[str, ...]:
    if not closely:
        return (criterion.says,)
    return (criterion.says, *criterion.shown_by[:EXAMPLES_READ], *criterion.denied_by[:DENIALS_READ])


def likeness_of(mine: Vectors, known: Sequence[Known], at: int, shows: int = 0) -> dict[str, float]:
    """The likenesses of `FEATURES` for the criterion at a place among the question's, from the rows of the sentences (n, d).

    `shows` is the place of the sentence that shows it, if one does.
    """
    this, others = known[at], [one for place, one in enumerate(known) if place != at]

    shown, against, denies, states = (
        likest(mine, part) for part in (this.shown, this.against, this.denies, this.states)
    )
    others_shown = likest(mine, *(one.shown for one in others))
    # The only criterion of a question is neither nearer nor farther than others.
    others_states = likest(mine, *(one.states for one in others)) if others else states
    others_deny = likest(mine, *(one.denies for one in others)) if others else denies
    earns = np.maximum(shown, states)
    others_earn = np.maximum(others_shown, others_states) if others else earns
    best, worst, stated = int(np.argmax(shown)), int(np.argmax(denies)), int(np.argmax(states))
    return {
        "for": float(shown[best]),
        "for_two": float(np.sort(shown)[-2:].mean()),
        "against": float(against.max()),
        "margin": float(shown[best] - against[best]),
        "rival_margin": float(shown[best] - others_shown[best]),
        "states": float(states[stated]),
        "denies": float(denies[worst]),
        "denies_margin": float(denies[worst] - max(shown[worst], against[worst])),
        "unlike": max(0.0, LIKE - float(earns.max())),
        "unlike_all": max(0.0, LIKE_ANY - float(np.maximum(earns, others_earn).max())),
        "denies_states": float(denies[worst] - states[worst]),
        "denies_rival": float(denies[worst] - others_deny[worst]),
        "states_rival": float(states[stated] - others_states[stated]),
        "own_rival": float((np.maximum(earns, denies) - np.maximum(others_earn, others_deny)).max()),
        "for_rival": float((earns - others_earn).max()),
        "settled_rival": float((earns - others_earn)[shows]),
    }


def settling(values: Mapping[str, Vectors], fitted: Mapping[str, Mapping[str, float]]) -> tuple[int, int]:
    """Places of the sentences that show and that deny a criterion, if any do.

    A conditional logit over the sentences (McFadden 1974): near to what shows or denies it, far from what the question's other
    criteria are about, pointed at, and read so by the half for sentences. Fitted by `viva train-scorer` (decision 0041).

    Args:
        values: By `settling_values`.
        fitted: Coefficients under `shows` and `denies`.
    """
    shows, denies = (
        sum(weight * values[name] for name, weight in fitted[which].items()) for which in ("shows", "denies")
    )
    return int(np.argmax(shows)), int(np.argmax(denies))


def settling_values(
    mine: Vectors, known: Sequence[Known], at: int, shares: Vectors, sentences: Probabilities | None = None
) -> dict[str, Vectors]:
    """`SETTLING` of each sentence, (n,) each; those at once where no sentence was read by itself.

    Args:
        mine: The sentences' vectors (n, d).
        known: Those of the question's criteria.
        at: The criterion's place among them.
        shares: The pair model's pointing (n,), 0..1.
        sentences: The criterion held against each sentence (n, 3), where they were read by themselves.
    """
    this, others = known[at], [one for place, one in enumerate(known) if place != at]
    earns, denies = likest(mine, this.shown, this.states), likest(mine, this.denies)
    others_earn = likest(mine, *(part for one in others for part in (one.shown, one.states)))
    found = {
        "for": likest(mine, this.shown),
        "states": likest(mine, this.states),
        "earns": earns,
        "denies": denies if len(this.denies) else earns,
        "others_earn": others_earn,
        "others_near": np.maximum(others_earn, likest(mine, *(one.denies for one in others))),
        "pointed_at": shares,
    }
    if sentences is None:
        return found
    kept = np.clip(sentences, 1e-6, 1.0)
    return {
        **found,
        "sentence_shows": sentences[:, SHOWN],
        "sentence_denied": np.log(kept[:, CONTRADICTED]) - np.log(kept[:, ABSENT]),
    }


def likest(mine: Vectors, *parts: Vectors) -> Vectors:
    """Of each sentence (n, d) the greatest likeness to any row of the parts, (n,); zeros where they have none."""
    rows = np.concatenate([mine[:0], *parts])
    return (mine @ rows.T).max(axis=1) if len(rows) else np.zeros(len(mine), dtype=np.float32)


def given_back(row: Vectors, known: Known) -> bool:
    """Whether a sentence is what the interviewer asks, restated: an echo by meaning, where `is_echo` sees the words alone.

    `row` is the sentence's vector (d,).
    """
    asked = float((known.asked @ row).max()) if len(known.asked) else 0.0
    earns = float((known.shown @ row).max()) if len(known.shown) else 0.0
    return asked >= GIVEN_BACK_AT and asked > earns


def values_of(
    criterion: Criterion, said: frozenset[str], held: Held, likeness: Mapping[str, float], apart: Apart | None = None
) -> dict[str, float]:
    """`FEATURES` of a criterion, or those at once where nothing was read apart; `said` are the stems of the stretch."""
    wanted = content_stems(criterion.says)
    found = {
        "shown": _shown(held.says),
        "denied": _denied(held.says),
        "shared_words": len(wanted & said) / max(1, len(wanted)),
        **likeness,
    }
    if apart is None:
        return found
    return {
        **found,
        "examples": sum(map(_shown, held.examples)) / len(held.examples),
        "examples_denied": max(map(_denied, held.examples)),
        "denial": max(map(_shown, held.denials)),
        "denial_denied": max(map(_denied, held.denials)),
        "pair": max(map(_shown, apart.pairs)),
        "pair_denied": max(map(_denied, apart.pairs)),
        "sentence": _odds_shown(apart.shows),
        "sentence_denied": max(_odds_denied(apart.shows), _odds_denied(apart.denies)),
    }


def _shown(told: Told) -> float:
    return _odds_shown(told.p)


def _denied(told: Told) -> float:
    return _odds_denied(told.p)


def _odds_shown(p: Probability) -> float:
    """Log odds that a statement is shown."""
    held = min(1 - 1e-6, max(1e-6, float(p[SHOWN])))
    return math.log(held / (1 - held))


def _odds_denied(p: Probability) -> float:
    """Log odds that it is contradicted, where it is not shown."""
    return math.log(float(p[CONTRADICTED]) + 1e-6) - math.log(float(p[ABSENT]) + 1e-6)
