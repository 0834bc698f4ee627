"""`viva judge --judge model` and `both`: items judged by a model, alone or beside the compact scorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from app.domain.language import LanguageGuess
from app.domain.score import JudgeOpinion, VerdictState
from app.domain.sentences import sentences, words
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.scoring.items import SHOWN_AT, Item, ItemJudge, Prediction, State, without_judging
from app.scoring.model_judge import Judged, ModelJudge, Wanted
from app.scoring.slow_voice import SlowVoice, joined, slow_weights

_STATES: dict[VerdictState, State] = {
    VerdictState.SHOWN: "shown",
    VerdictState.ABSENT: "absent",
    VerdictState.CONTRADICTED: "contradicted",
}
NOT_FOUND = "the quote was not found in the answer"


class ModelItemJudge:
    """Judges items with a model. A reference counts by the share of its sentences that are shown."""

    def __init__(self, judge: ModelJudge, guess: LanguageGuess) -> None:
        self._judge = judge
        self._guess = guess

    async def judge(self, item: Item) -> Prediction:
        """The prediction for one item; what the model could not judge is unscored, with the reason."""
        if plain := without_judging(item, self._guess):
            return plain
        statements = [item.criterion] if item.criterion.strip() else statements_of(item.reference)
        wanted = [Wanted(f"c{number}", says) for number, says in enumerate(statements, start=1)]
        turn = _turn(item.answer)
        judged = await self._judge.hold(item.question, wanted, [{"speaker": "candidate", "text": item.answer}], [turn])
        opinions = [judged.opinions.get(each.id) for each in wanted]
        if item.criterion.strip():
            return _of_one(item.id, opinions[0], judged)
        return _of_share(item.id, opinions, judged)


class BothItemJudge:
    """Judges items with the compact scorer and a model that decides by its verdict. Their `p` is the mean."""

    def __init__(self, compact: ItemJudge, model: ModelItemJudge) -> None:
        self._compact = compact
        self._model = model

    async def judge(self, item: Item) -> Prediction:
        """The prediction for one item. Where one judge has none, the other's stands, and `judges` says so."""
        return together(self._compact.judge(item), await self._model.judge(item))


class VoiceItemJudge:
    """Judges items with the compact scorer and a small model's yes or no, the odds of both joined or the model's alone."""

    def __init__(self, compact: ItemJudge, voice: SlowVoice, *, alone: bool) -> None:
        self._compact = compact
        self._voice = voice
        self._alone = alone

    async def judge(self, item: Item) -> Prediction:
        """The prediction for one item; the evidence is the compact scorer's. A reference counts by its sentences' mean."""
        compact = self._compact.judge(item)
        if compact.p is None or not item.answer.strip():
            return compact
        statements = [item.criterion] if item.criterion.strip() else statements_of(item.reference)
        voiced = await self._voice.hold(item.question, statements, item.answer)
        heard = [each for each in voiced.log_odds if each is not None]
        if len(heard) < len(statements):
            if self._alone:
                return Prediction(item.id, None, "unscored", unscored_reason=voiced.failure)
            return replace(compact, judges={"compact": compact.p, "model": None, "model_unscored": voiced.failure})
        weights = slow_weights()
        slow = sum(joined(0.5, each, weights["alone"]) for each in heard) / len(heard)
        if self._alone:
            p = slow
        elif item.criterion.strip():
            p = joined(compact.p, heard[0], weights["statement"])
        else:
            p = (compact.p + slow) / 2
        state: State = "shown" if p >= SHOWN_AT else "absent" if compact.state == "shown" else compact.state
        evidence = self._compact.nearest(item) if state == "shown" else compact.evidence if state != "absent" else ""
        judges = {} if self._alone else {"compact": compact.p, "model": round(slow, 4)}
        return Prediction(item.id, round(p, 4), state, evidence, judges=judges)


def together(compact: Prediction, model: Prediction) -> Prediction:
    """One prediction of two for the same item; the model decides the state."""
    judges: dict[str, float | str | None] = {"compact": compact.p, "model": model.p}
    if model.unscored_reason:
        judges["model_unscored"] = model.unscored_reason
    if compact.p is None or model.p is None:
        return replace(model if compact.p is None else compact, judges=judges)
    return replace(model, p=round((compact.p + model.p) / 2, 4), judges=judges)


def statements_of(reference: str) -> list[str]:
    """The sentences of a reference that have a word in them; a reference has at least one word."""
    found = [part.text for part in sentences(reference) if words(part.text)]
    return found or [reference]


def _of_one(item_id: str, opinion: JudgeOpinion | None, judged: Judged) -> Prediction:
    if opinion is None:
        return Prediction(item_id, None, "unscored", unscored_reason=judged.failure)
    if opinion.state is not VerdictState.ABSENT and not opinion.grounded:
        return Prediction(item_id, None, "unscored", unscored_reason=NOT_FOUND)
    return Prediction(item_id, opinion.p, _STATES[opinion.state], opinion.quote)


def _of_share(item_id: str, opinions: Sequence[JudgeOpinion | None], judged: Judged) -> Prediction:
    given = [each for each in opinions if each is not None]
    if len(given) < len(opinions):
        return Prediction(item_id, None, "unscored", unscored_reason=judged.failure)
    shown = [each for each in given if each.state is VerdictState.SHOWN and each.grounded]
    p = round(len(shown) / len(given), 4)
    state: State = "shown" if p >= SHOWN_AT else "absent"
    return Prediction(item_id, p, state, shown[0].quote if shown and state == "shown" else "")


def _turn(text: str) -> Turn:
    spans = (Span(SpanKind.ANSWER, 0, len(text)),)
    return Turn("answer", "item", 1, Speaker.CANDIDATE, text, datetime(2026, 1, 1, tzinfo=UTC), spans=spans)
