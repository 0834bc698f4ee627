"""What is made of a criterion over all that was said on its question: stretch by stretch, and what decides in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.transcript import Mark
from app.material.entries import Criterion
from app.scoring.joined import Joined, probabilities
from app.scoring.relevance import is_story, relevant
from app.scoring.stretches import Unit


@dataclass(frozen=True, slots=True)
class Look:
    """What one stretch does with one criterion."""

    criterion: Criterion
    values: Mapping[str, float]
    """Of `FEATURES`, or of `FEATURES_AT_ONCE`."""
    shows: Unit
    """The sentence that shows it, if one does."""
    denies: Unit
    given_back: bool
    """`shows` is what the interviewer asks for, restated: it earns nothing."""
    voices: Mapping[str, float] = field(default_factory=dict)
    """Of `app.scoring.relevance`, the same for all criteria of a stretch; empty where nothing can be told."""
    of_oneself: bool = False
    """The question is about the candidate's own life, or the criterion about their own project whatever it was."""

    unasked: bool = False
    """It is asked for on another rung of the chain, and was not asked yet."""

    def likely(self, fitted: Joined) -> tuple[float, float]:
        """See `app.scoring.joined.probabilities`."""
        return probabilities(self.values, fitted, unasked=self.unasked)

    def counts(self, fitted: Joined) -> bool:
        """Whether anything in it may earn or deny the criterion."""
        if self.given_back:
            return False
        if self.of_oneself:
            return is_story(self.voices, fitted["story"])
        return relevant(self.voices, fitted["relevant"])


def settled(criterion_id: str, looks: Sequence[Look], fitted: Joined) -> Mark:
    """The mark over all stretches, in the order in which they were said: the last one that shows or denies decides.

    Of several in a row that do the same the surest is quoted: who has said it need not say it again.
    """
    best: tuple[float, float, str] = (0.0, 0.0, "")
    for look in looks:
        if not look.counts(fitted):
            continue
        shown, denied = look.likely(fitted)
        decided, decides = max(best[:2]) >= 0.5, max(shown, denied) >= 0.5
        turns = decides and (not decided or (shown >= denied) != (best[0] >= best[1]))
        surer = max(shown, denied) > max(best[:2]) if decided else shown > best[0]
        if turns or (surer and decides == decided):
            unit = look.shows if shown >= denied else look.denies
            best = shown, denied, unit.turn.text[unit.start : unit.end]
    return Mark(criterion_id, round(best[0], 3), round(best[1], 3), best[2])


def deciding(looks: Sequence[Look], fitted: Joined) -> list[Unit]:
    """The sentences that show or deny a criterion, in the order in which they were said."""
    found = []
    for look in looks:
        shown, denied = look.likely(fitted)
        if max(shown, denied) >= 0.5 and look.counts(fitted):
            found.append(look.shows if shown >= denied else look.denies)
    return found
