"""Which rounds an interview has, and how its minutes are shared out among them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import RoundUnknown
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.rounds.rules import SHORTEST_ROUND_MIN
from app.material.corpus import DEEP_DIVE, Corpus
from app.material.entries import Chain
from app.material.overlays import Stage

FREE_SHARE = 0.2
"""Part of the minutes that no round needs for itself, so that the ones that matter most to the role can go deep."""
FEWEST_FOR_FREE_SHARE = 3
"""Rounds. With fewer, all the time there is goes to them."""
BEFORE_FRAMES = 2
"""Rounds of substance that are there before an opening and a close are."""
UNWISHED_MIN = 10.0
"""Of a chosen round to which neither role nor company gives minutes."""


@dataclass(frozen=True, slots=True)
class RoundMinutes:
    """A round with its share of the time."""

    round: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Shared:
    """The rounds of an interview with their minutes, and what has to be said about them."""

    rounds: tuple[RoundMinutes, ...]
    notes: tuple[str, ...] = ()


def rounds_with_material(corpus: Corpus) -> frozenset[str]:
    """Slugs of the rounds that can be chosen."""
    return frozenset(each.round for each in corpus.asked() if not isinstance(each, Chain)) | {DEEP_DIVE}


def is_greedy(slug: str) -> bool:
    """Whether one entry of the round takes more time than any other round needs: a design, a case, a problem, a table."""
    return _least(slug) > SHORTEST_ROUND_MIN


def share_minutes(
    corpus: Corpus,
    role: str,
    company: str,
    minutes: float,
    *,
    chosen: Sequence[str] = (),
    without: Collection[str] = (),
    heard: Mapping[str, int],
) -> Shared:
    """Rounds with minutes that add up to the total; `chosen` are slugs in order, empty for what role and company suggest.

    `heard` is how many questions of each round this person was asked in other interviews: who sits several gets in one
    what was left out of another.

    Raises:
        RoundUnknown: a chosen round has no material.
    """
    default = _default_rounds(corpus, role, company)
    known = rounds_with_material(corpus)
    if chosen:
        for slug in chosen:
            if slug not in known:
                raise RoundUnknown(round=slug, known=tuple(sorted(known)))
        wished = {each.round: each.minutes for each in default}
        default = [RoundMinutes(slug, wished.get(slug, UNWISHED_MIN)) for slug in dict.fromkeys(chosen)]
    default = [each for each in default if each.round in known and each.round not in without]
    if chosen:
        return Shared(tuple(_shared(default, minutes, _least)))
    by_role = {stage.round: float(stage.minutes) for stage in corpus.roles[role].rounds}
    by_company = {stage.round: float(stage.minutes) for stage in _stages(corpus, company)}
    weights = {
        each.round: max(by_role.get(each.round, 0.0), by_company.get(each.round, 0.0)) / (1 + heard.get(each.round, 0))
        for each in default
    }
    kept = _worth_having(default, minutes, weights)
    notes = _left_out([each.round for each in default if each.round not in kept], minutes)
    shared = _shared([each for each in default if each.round in kept], minutes, _worthwhile)
    notes += [
        _lengthened(each, corpus.companies[company].name)
        for each in shared
        if is_greedy(each.round) and by_company.get(each.round, each.minutes) < _worthwhile(each.round) <= each.minutes
    ]
    return Shared(tuple(shared), tuple(notes))


def _left_out(slugs: Sequence[str], minutes: float) -> list[str]:
    if not slugs:
        return []
    needs = ", ".join(f"{rules_of(slug).title} ({_worthwhile(slug):g})" for slug in slugs)
    return [
        f"{minutes:g} minutes leave no room for {needs}: in brackets the fewest minutes that are worth it. "
        "Take more time, or choose the rounds yourself."
    ]


def _lengthened(given: RoundMinutes, company: str) -> str:
    return (
        f"{rules_of(given.round).title} has {given.minutes:g} minutes, more than the share that the guide on {company} "
        f"would give it: less than {_worthwhile(given.round):g} is too short."
    )


def _worth_having(rounds: Sequence[RoundMinutes], minutes: float, weights: Mapping[str, float]) -> frozenset[str]:
    """Slugs of the rounds that the time holds, each with the minutes that make it worth having.

    Few such rounds rather than many in which one question is cut short. The candidate's own projects come first, then one
    more round of substance, opening and close, and the rest; of two the one that needs less for its weight, then the earlier.
    """
    by_need = sorted(
        (each.round for each in rounds),
        key=lambda slug: (slug != DEEP_DIVE, _worthwhile(slug) / weights[slug]),
    )
    frames = [each.round for each in rounds if rules_of(each.round).frames]
    of_substance = [slug for slug in by_need if slug not in frames]
    kept: set[str] = set()
    needed_min = 0.0
    for slug in (*of_substance[:BEFORE_FRAMES], *frames, *of_substance[BEFORE_FRAMES:]):
        free_share = FREE_SHARE if len(kept) + 1 >= FEWEST_FOR_FREE_SHARE else 0.0
        if not kept or needed_min + _worthwhile(slug) <= (1 - free_share) * minutes:
            kept.add(slug)
            needed_min += _worthwhile(slug)
    return frozenset(kept)


def _least(slug: str) -> float:
    return rules_of(slug).least_minutes


def _worthwhile(slug: str) -> float:
    return rules_of(slug).worthwhile_minutes


def _shared(rounds: Sequence[RoundMinutes], minutes: float, fewest: Callable[[str], float]) -> list[RoundMinutes]:
    """The minutes shared out as wished, but to no round less than the fewest that it may have, as far as they reach."""
    held: dict[str, float] = {}
    while True:
        open_ = [each for each in rounds if each.round not in held]
        rest = max(0.0, minutes - sum(held.values()))
        total = sum(each.minutes for each in open_) or 1.0
        short = [each.round for each in open_ if each.minutes * rest / total < fewest(each.round)]
        if not short or len(short) == len(open_) or sum(fewest(each.round) for each in rounds) > minutes:
            shares = held | {each.round: each.minutes * rest / total for each in open_}
            return [RoundMinutes(each.round, round(shares[each.round], 2)) for each in rounds]
        held |= {slug: fewest(slug) for slug in short}


def _default_rounds(corpus: Corpus, role: str, company: str) -> list[RoundMinutes]:
    """The role's rounds with the minutes that the company gives them, and the company's own where it has them.

    A company says how it interviews, and not what a role must know: no round of the role is lost.
    """
    minutes = {stage.round: float(stage.minutes) for stage in corpus.roles[role].rounds}
    order = list(minutes)
    after = 0
    for stage in _stages(corpus, company):
        if stage.round not in minutes:
            order.insert(after, stage.round)
        minutes[stage.round] = float(stage.minutes)
        after = order.index(stage.round) + 1
    return [RoundMinutes(each, minutes[each]) for each in order]


def _stages(corpus: Corpus, company: str) -> tuple[Stage, ...]:
    found = corpus.companies.get(company)
    return found.stages if found is not None else ()
