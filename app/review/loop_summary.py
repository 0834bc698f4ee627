"""What a loop has shown so far, over all of its interviews. Pure: from interviews and scores alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.interview import Interview
from app.domain.score import Score


@dataclass(frozen=True, slots=True)
class RoundLevels:
    """Levels of the questions of one round, over all interviews that may be read."""

    round: str
    planned: int
    """Questions that the loop's plans have."""
    scored: int
    levels: tuple[int, ...]
    """Of the questions whose level could be told, in the order of the interviews."""

    @property
    def mean_level(self) -> float | None:
        """Their mean, 0..4, to one decimal; None where there is none."""
        return round(sum(self.levels) / len(self.levels), 1) if self.levels else None


def levels_by_round(interviews: Sequence[Interview], scores: Mapping[str, Sequence[Score]]) -> tuple[RoundLevels, ...]:
    """One entry for each round of the loop, in the order in which the plans first have it.

    Args:
        interviews: Those of the loop, in order.
        scores: Current scores by interview id; an interview whose report may not be read yet has none.
    """
    planned: dict[str, int] = {}
    found: dict[str, list[Score]] = {}
    for interview in interviews:
        round_of = {question.question_id: each.round for each in interview.plan.rounds for question in each.askable}
        for slug in round_of.values():
            planned[slug] = planned.get(slug, 0) + 1
        for score in scores.get(interview.id, ()):
            found.setdefault(round_of.get(score.question_id, score.round), []).append(score)
    return tuple(
        RoundLevels(
            slug,
            count,
            len(found.get(slug, ())),
            tuple(score.level for score in found.get(slug, ()) if score.level is not None),
        )
        for slug, count in planned.items()
    )
