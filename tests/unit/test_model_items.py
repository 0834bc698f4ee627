from __future__ import annotations

import asyncio
import json

import pytest

from app.candidate.language import langid
from app.llm.model import ModelTimeout
from app.llm.scripted import ScriptedModel, Step
from app.prompting.library import Library
from app.scoring.items import Item, ItemJudge, Prediction, State
from app.scoring.model_items import NOT_FOUND, ModelItemJudge, VoiceItemJudge, together
from app.scoring.model_judge import JudgeManner, ModelJudge
from app.scoring.slow_voice import SlowVoice
from app.scoring.verdict import CriterionVerdict, Verdict
from app.settings import ROOT

SAID = "I fit the scaler on train only. It was a long day."


def verdict(*rows: tuple[str, str, str]) -> Verdict:
    return Verdict(
        criteria=[
            CriterionVerdict(criterion_id=name, evidence=quote, reason="r", state=state) for name, quote, state in rows
        ]
    )


def judged(item: Item, *steps: Step, samples: int = 1) -> tuple[Prediction, ScriptedModel]:
    model = ScriptedModel(steps)
    prompts = Library.load(ROOT / "prompts", outputs={"Verdict", "Suggestions"})
    judge = ModelItemJudge(ModelJudge(model, prompts, None, JudgeManner(samples=samples)), langid())
    found = asyncio.run(judge.judge(item))
    model.assert_done()
    return found, model


def test_a_verdict_with_a_quote_that_stands_is_a_prediction() -> None:
    found, model = judged(
        Item(id="1", criterion="Scaling is fitted on train.", answer=SAID, question="How do you scale?"),
        verdict(("c1", "fit the scaler on train only", "shown")),
    )
    assert (found.p, found.state, found.evidence) == (1.0, "shown", "fit the scaler on train only")
    asked = model.requests[0].messages[-1].content
    assert "How do you scale?" in asked
    assert SAID in asked


def test_a_quote_that_is_not_there_is_no_credit_and_no_zero() -> None:
    found, _ = judged(Item(id="1", criterion="Scaling.", answer=SAID), verdict(("c1", "I never said this", "shown")))
    assert (found.p, found.state, found.unscored_reason) == (None, "unscored", NOT_FOUND)


@pytest.mark.parametrize(
    ("step", "reason"),
    [(ModelTimeout(20.0), "the judge model failed: ModelTimeout"), (verdict(), "the judge model left criteria out")],
)
def test_a_model_that_fails_leaves_it_unscored(step: Step, reason: str) -> None:
    found, _ = judged(Item(id="1", criterion="Scaling.", answer=SAID), step)
    assert (found.p, found.state, found.unscored_reason) == (None, "unscored", reason)


def test_samples_that_differ_are_a_share() -> None:
    quote = "fit the scaler on train only"
    found, _ = judged(
        Item(id="1", criterion="Scaling.", answer=SAID),
        verdict(("c1", quote, "shown")),
        verdict(("c1", "", "absent")),
        verdict(("c1", quote, "shown")),
        samples=3,
    )
    assert found.p == pytest.approx(2 / 3, abs=1e-3)
    assert found.state == "shown"


def test_a_reference_counts_by_the_share_of_its_sentences() -> None:
    found, _ = judged(
        Item(id="1", reference="Scaling is fitted on train. Momentum smooths gradients.", answer=SAID),
        verdict(("c1", "fit the scaler on train only", "shown"), ("c2", "", "absent")),
    )
    assert (found.p, found.state, found.evidence) == (0.5, "shown", "fit the scaler on train only")


@pytest.mark.parametrize(
    "answer", ["", "Die Skalierung wird nur auf den Trainingsdaten angepasst, sonst ist das Ergebnis falsch."]
)
def test_the_model_is_not_asked_about_what_nobody_could_judge(answer: str) -> None:
    _, model = judged(Item(id="1", criterion="Scaling.", answer=answer))
    assert model.requests == []


def test_two_judges_give_one_prediction_and_both_are_kept() -> None:
    compact = Prediction("1", 0.9, "shown", "a")
    model = Prediction("1", 0.0, "absent")
    both = together(compact, model)
    assert (both.p, both.state, both.evidence) == (0.45, "absent", "")
    assert json.loads(both.line())["judges"] == {"compact": 0.9, "model": 0.0}


def test_where_the_model_fails_the_compact_scorers_word_stands_and_it_is_said() -> None:
    compact = Prediction("1", 0.9, "shown", "a")
    failed = Prediction("1", None, "unscored", unscored_reason="the judge model failed: ModelTimeout")
    both = together(compact, failed)
    assert (both.p, both.state) == (0.9, "shown")
    assert both.judges == {"compact": 0.9, "model": None, "model_unscored": failed.unscored_reason}


class Nearest(ItemJudge):
    """A compact scorer of one mind."""

    def __init__(self, p: float, state: State) -> None:
        self._says = p, state

    def judge(self, item: Item) -> Prediction:
        p, state = self._says
        return Prediction(item.id, p, state, "I fit the scaler" if state != "absent" else "")

    def nearest(self, item: Item) -> str:
        return "It was a long day."


def voiced(item: Item, compact: ItemJudge, *steps: Step, alone: bool = False) -> Prediction:
    model = ScriptedModel(steps)
    voice = SlowVoice(model, Library.load(ROOT / "prompts", outputs={"Verdict", "Suggestions"}))
    found = asyncio.run(VoiceItemJudge(compact, voice, alone=alone).judge(item))
    model.assert_done()
    return found


@pytest.mark.parametrize(("yes", "state"), [(0.999, "shown"), (0.001, "absent")])
def test_a_sure_yes_or_no_turns_what_the_compact_scorer_doubts(yes: float, state: State) -> None:
    item = Item(id="1", criterion="Scaling is fitted on train.", answer=SAID)
    found = voiced(item, Nearest(0.45 if state == "shown" else 0.55, state), {"yes": yes, "no": 1 - yes})
    assert found.state == state
    assert found.evidence == ("It was a long day." if state == "shown" else "")
    assert set(found.judges) == {"compact", "model"}


def test_a_voice_that_fails_leaves_the_compact_scorers_word_or_by_itself_nothing() -> None:
    item = Item(id="1", criterion="Scaling.", answer=SAID)
    kept = voiced(item, Nearest(0.9, "shown"), ModelTimeout(20.0))
    assert (kept.p, kept.state, kept.judges["model"]) == (0.9, "shown", None)
    alone = voiced(item, Nearest(0.9, "shown"), ModelTimeout(20.0), alone=True)
    assert (alone.p, alone.state, alone.unscored_reason) == (None, "unscored", "the judge model failed: ModelTimeout")


def test_each_sentence_of_a_reference_is_asked_about_and_nothing_more_after_a_failure() -> None:
    item = Item(id="1", reference="Scale on train. Keep the test apart.", answer=SAID)
    both = voiced(item, Nearest(0.5, "shown"), {"yes": 0.9, "no": 0.1}, {"yes": 0.1, "no": 0.9})
    assert both.p is not None
    assert both.p == pytest.approx((0.5 + float(both.judges["model"] or 0)) / 2, abs=1e-3)
    failed = voiced(item, Nearest(0.5, "shown"), ModelTimeout(20.0))
    assert failed.judges["model"] is None
