"""Each detector of the interviewer's evaluation fires on a planted sin and is silent on the exchange without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.material.corpus import Corpus
from app.material.entries import Question
from app.material.tasks import Scenario
from evals.interviewer.detectors import DETECTORS, Tie, found_in, ties
from evals.interviewer.ground import Ground
from evals.interviewer.record import Line, Said, Sitting, read, write
from evals.interviewer.version import Version
from tests.support.material import a_criterion, a_question, a_scenario

Q, S = "fundamentals/leakage", "scenarios/feed"
SPLIT = a_criterion(
    "split-first",
    says="The scaler is fitted on the training rows alone, after the split.",
    probe="Walk me through the order of your steps.",
    shown_by=[
        "Split, then fit the scaler on training rows.",
        "I fit the scaler on training rows only, after the split.",
    ],
    hints=[{"says": "Think about who has seen the test by then.", "still_to_say": "split first"}],
)
CUSTOMER = a_criterion(
    "by-customer",
    says="One customer's rows stand on one side of the split.",
    probe="What if somebody bought twice?",
    shown_by=["By customer, so nobody is on both sides.", "I split by customer, all rows of one customer on one side."],
)
HELD = "fit-then-split"
MISCONCEPTION = {
    "id": HELD,
    "says": "A scaler may see the test rows.",
    "said_as": "I fit the scaler on everything, it's only a mean.",
    "not_said_as": "I apply the scaler to everything.",
    "spoils": "split-first",
    "serious": True,
    "challenge": "Then why did it fail?",
    "settled_by": "Says that the mean came from the test rows too.",
    "cites": a_criterion()["cites"],
}
CORPUS = Corpus(
    questions={Q: Question(**a_question(Q, criteria=[a_criterion(), SPLIT, CUSTOMER], misconceptions=[MISCONCEPTION]))},
    scenarios={S: Scenario(**a_scenario())},
)
GROUND = Ground(CORPUS)
ASK = "The test score is too good. What happened?"
RIGHT = Said("The scaler was fitted on everything before we cut the table into two.", ("names-the-cause",))
NEAR = Said("We tuned the learning rate for a week and the curve looked smooth.", wrong=("split-first",))
THANKS = "That's all from me. Thank you for your time."


def viva(text: str, move: str = "probe", criterion: str = "split-first", **more: object) -> Line:
    """A turn of the interviewer on the question."""
    given: dict[str, object] = {"question_id": Q, "round": "fundamentals", "written": text, **more}
    return Line("interviewer", text, 0.0, move=move, criterion_id=criterion if move != "open" else "", **given)  # type: ignore[arg-type]


def said(*parts: Said, heard: tuple[str, ...] = ("answer",), question: str = Q, part: str = "") -> Line:
    return Line("candidate", " ".join(each.text for each in parts), 0.0, question, part, said=parts, heard=heard)


OPEN = viva(ASK, "open")
CLOSE = viva(THANKS, "close", "")


def talk(*lines: Line, step_s: float = 20.0, **changes: object) -> Sitting:
    """A talk in which each turn of the candidate takes `step_s`."""
    timed, now = [], 0.0
    for line in lines:
        now += step_s if line.by == "candidate" else 0.0
        timed.append(replace(line, at_s=now))
    plain = Sitting(
        who="strong",
        role="ml-engineer",
        rounds=("fundamentals",),
        seed=1,
        model="scripted",
        director="viva",
        seniority="mid",
        minutes=1,
        resume="Built a churn model with XGBoost.",
        lines=tuple(timed),
        closed="finished",
        budgets={Q: 100.0},
        round_budgets={"fundamentals": 60.0},
        musts={Q: ()},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


CLEAN = talk(OPEN, said(RIGHT), viva("Walk me through the order of your steps."), said(NEAR), said(NEAR), CLOSE)


def sins(sitting: Sitting) -> set[str]:
    return {each.sin for each in found_in(sitting, GROUND)}


def test_a_clean_talk_has_no_findings() -> None:
    assert found_in(CLEAN, GROUND) == []


def after(answer: Line, *reply: Line) -> Sitting:
    return talk(OPEN, answer, *reply, said(NEAR), said(NEAR), CLOSE)


SCENE = Line("interviewer", "Rank a feed for me.", 0.0, S, move="open", round="fundamentals")
DESIGN = Line(
    "interviewer", "Ten million a day. Draw me the parts.", 0.0, S, "design", move="ask", round="fundamentals"
)
FACT = Line(
    "interviewer", "Ten million a day.", 0.0, S, move="clarify", round="fundamentals", facts=(("users", "asked"),)
)


def asking(text: str = "How many users?") -> Line:
    return said(Said(text, what="clarify"), question=S, heard=("clarify",))


def telling(text: str) -> Line:
    return said(Said(text), question=S)


def by_its_stage(text: str) -> Line:
    """A stage that tells the fact in words of its own."""
    return replace(DESIGN, text=text, facts=(("users", "volunteered"),))


PLANTED: Mapping[str, tuple[Sequence[Sitting], Sequence[Sitting]]] = {
    "leak": (
        [
            after(said(NEAR), viva("So was the scaler fitted on training rows, after the split?")),
            after(said(NEAR), viva("Is all of one customer on one side of the split?", criterion="by-customer")),
        ],
        [
            after(said(NEAR), viva("Walk me through the order of your steps.")),
            after(
                said(Said("I fit the scaler on training rows only, after the split.", ("split-first",))),
                viva("You fit the scaler on training rows, after the split. What if somebody bought twice?"),
            ),
        ],
    ),
    "hint-unasked": (
        [
            after(said(NEAR), viva("Think about who has seen the test by then.", "hint", hint=1)),
            after(said(NEAR), viva("Think about who has seen the test by then.")),
        ],
        [
            after(
                said(NEAR, Said("Could I have a hint?", what="hint")),
                viva("Think about who has seen the test by then.", "hint", hint=1),
            )
        ],
    ),
    "repeat": (
        [talk(OPEN, said(NEAR), viva(ASK, "redirect", ""), said(NEAR), said(NEAR), CLOSE)],
        [
            talk(
                OPEN,
                said(Said("Sorry, once more?", what="repeat")),
                viva(ASK, "repeat", ""),
                said(NEAR),
                said(NEAR),
                CLOSE,
            )
        ],
    ),
    "asked-earned": (
        [after(said(Said("By customer.", ("split-first",))), viva("Walk me through the order of your steps."))],
        [after(said(Said("By customer.", ("by-customer",))), viva("Walk me through the order of your steps."))],
    ),
    "asked-just-said": (
        [after(said(Said("First the split.", ("split-first",))), viva("Walk me through the order of your steps."))],
        [
            talk(
                OPEN,
                said(Said("First the split.", ("split-first",))),
                viva("What if somebody bought twice?", criterion="by-customer"),
                said(NEAR),
                viva("Walk me through the order of your steps."),
                said(NEAR),
                CLOSE,
            )
        ],
    ),
    "probed-twice": (
        [after(said(NEAR), viva("Go through your steps, please."), said(NEAR), viva("In which order was it done?"))],
        [
            after(
                said(NEAR), viva("In which order was it done?"), said(NEAR), viva("And then?", criterion="by-customer")
            )
        ],
    ),
    "two-questions": (
        [after(said(NEAR), viva("Where were they before? Who put them there?"))],
        [
            after(said(NEAR), viva("Where could those rows have been, and why?")),
            after(said(NEAR), viva('Somebody asks "are you sure?" and leaves. What do you do?')),
        ],
    ),
    "two-in-one": (
        [after(said(NEAR), viva("What went in, and what came out of the other end?"))],
        [after(said(NEAR), viva("Where could those rows have been, and why?"))],
    ),
    "two-in-one-opening": (
        [talk(viva("What happened here, and how would you find out?", "open"), said(NEAR), said(NEAR), CLOSE)],
        [talk(OPEN, said(NEAR), said(NEAR), CLOSE)],
    ),
    "two-questions-opening": (
        [talk(viva("What happened here? How do you find out?", "open"), said(NEAR), said(NEAR), CLOSE)],
        [talk(OPEN, said(NEAR), said(NEAR), CLOSE)],
    ),
    "self-answered": (
        [after(said(NEAR), viva("Where were those rows before? It was in the first table."))],
        [after(said(NEAR), viva("Where were those rows before? Take your time."))],
    ),
    "too-long": (
        [after(said(NEAR), viva("Walk " + "on and on " * 12 + "please."))],
        [after(said(NEAR), viva("Walk " + "on and on " * 11 + "please."))],
    ),
    "stock-phrase": (
        [
            after(said(NEAR), viva("Let's go on. Go through your steps."), said(NEAR), viva("Let's go on. And twice?")),
            after(
                said(NEAR),
                viva("Coming back to “tuned for a week”: go through your steps."),
                said(NEAR),
                viva("Coming back to “looked smooth”: and if somebody bought twice?", criterion="by-customer"),
            ),
        ],
        [after(said(NEAR), viva("Let's go on. Go through your steps."), said(NEAR), viva("Fine, then. And twice?"))],
    ),
    "praise-unearned": (
        [
            after(said(NEAR), viva("Great answer. Go through your steps.")),
            after(said(NEAR), viva("That's right. Go through your steps.")),
        ],
        [
            after(said(RIGHT), viva("Great answer. Go through your steps.")),
            after(said(NEAR), viva("Which order is right for those steps?")),
            after(said(NEAR), viva("Suppose it works. What exactly has gone up?")),
            after(said(NEAR), viva("It still lost. At what, exactly?")),
        ],
    ),
    "off-aim": (
        [
            after(said(RIGHT), viva("And the weather?", criterion="weather")),
            after(said(NEAR), viva("I doubt it. Why?", "press")),
            after(said(RIGHT), viva("Then why did it fail?", "challenge", "", misconception_id=HELD)),
            # Something else was wrong, and of another misconception nothing is known.
            after(said(replace(NEAR, wrong=("by-customer",))), viva("Why?", "challenge", "", misconception_id=HELD)),
            after(said(NEAR), viva("Why?", "challenge", "", misconception_id="another")),
        ],
        [
            after(said(NEAR), viva("Then why did it fail?", "challenge", "", misconception_id=HELD)),
            after(said(replace(NEAR, wrong=(HELD,))), viva("Why?", "challenge", "", misconception_id=HELD)),
            after(said(Said("Split.", ("split-first",))), viva("I doubt it. Why?", "press")),
        ],
    ),
    "invented-fact": (
        [
            after(said(NEAR), viva('Your resume says "Built a rocket". Why?', claim="Built a rocket")),
            after(said(NEAR), viva("You used a forest. Why?", written="Why?")),
            replace(after(said(NEAR), viva("What's on your resume about it?")), resume=""),
        ],
        [
            after(
                said(NEAR),
                viva('Your resume says "Built a churn model with XGBoost". Why?', claim="Built a churn model"),
            ),
            after(said(NEAR), viva("You tuned the learning rate. Why?", written="Why?")),
            after(said(NEAR), viva("Let me bring us back to the subject. Why?", written="Why?")),
        ],
    ),
    "constraint-volunteered": (
        [talk(SCENE, telling("I'd begin with the parts."), FACT, telling("Well."), CLOSE)],
        [
            talk(SCENE, asking(), FACT, telling("Well."), CLOSE),
            talk(SCENE, telling("First I'd ask how many there are."), FACT, telling("Well."), CLOSE),
            talk(SCENE, telling("Say it's ten million a day."), FACT, telling("Well."), CLOSE),
            talk(SCENE, telling("I'd begin with the parts."), DESIGN, telling("Well."), CLOSE),
        ],
    ),
    "constraint-inconsistent": (
        [
            talk(SCENE, asking(), replace(FACT, text="Twelve million a day."), telling("Well."), CLOSE),
            talk(SCENE, asking(), replace(FACT, facts=(("weather", "asked"),)), telling("Well."), CLOSE),
            talk(SCENE, telling("I'd begin."), by_its_stage("A day brings a million users."), telling("Well."), CLOSE),
            talk(SCENE, asking(), replace(FACT, text="A day brings ten million users."), telling("Well."), CLOSE),
        ],
        [
            talk(SCENE, asking(), FACT, telling("Well."), CLOSE),
            talk(
                SCENE, telling("I'd begin."), by_its_stage("A day brings ten million users."), telling("Well."), CLOSE
            ),
        ],
    ),
    "constraint-withheld": (
        [talk(SCENE, asking(), replace(FACT, text="Tell me what you assume.", facts=()), telling("Well."), CLOSE)],
        [
            talk(
                SCENE,
                asking("Is it raining?"),
                replace(FACT, text="Say what you assume.", facts=()),
                telling("A."),
                CLOSE,
            )
        ],
    ),
    "ended-abruptly": (
        [
            talk(OPEN, said(NEAR), viva("We are done.", "close", "")),
            talk(OPEN, said(Said("What do you mean?", what="clarify")), CLOSE),
        ],
        [CLEAN],
    ),
    "never-ended": ([replace(CLEAN, closed="")], [CLEAN, replace(CLEAN, closed="by-candidate")]),
    "time-unused": ([replace(CLEAN, minutes=2)], [CLEAN, replace(CLEAN, minutes=2, closed="out-of-time")]),
    "overrun": (
        [
            talk(OPEN, said(NEAR), viva("Go through your steps."), said(NEAR), CLOSE, step_s=130.0, budgets={Q: 10.0}),
            replace(CLEAN, round_budgets={"fundamentals": 10.0}),
        ],
        [CLEAN, talk(OPEN, said(NEAR), CLOSE, step_s=130.0)],
    ),
    "must-left": (
        [talk(OPEN, said(RIGHT), CLOSE, musts={Q: ("split-first",)}, minutes=2)],
        [
            talk(OPEN, said(RIGHT), viva("Go through your steps."), said(NEAR), CLOSE, musts={Q: ("split-first",)}),
            talk(OPEN, said(Said("Split.", ("split-first",))), CLOSE, musts={Q: ("split-first",)}),
            talk(OPEN, said(RIGHT), CLOSE, step_s=60.0, musts={Q: ("split-first",)}),
            talk(
                OPEN,
                said(NEAR),
                viva("And if twice?", criterion="by-customer"),
                said(NEAR),
                CLOSE,
                musts={Q: ("split-first",)},
            ),
        ],
    ),
    "answer-unheard": (
        [after(said(RIGHT, heard=("think",)), viva("Go through your steps."))],
        [after(said(Said("Hm.", what="noise"), heard=("think",)), viva("Go through your steps."))],
    ),
}


@pytest.mark.parametrize("sin", PLANTED)
def test_it_fires_on_the_planted_sin(sin: str) -> None:
    planted, _ = PLANTED[sin]
    for sitting in planted:
        assert sin in sins(sitting), sitting.lines


@pytest.mark.parametrize("sin", PLANTED)
def test_it_is_silent_without_it(sin: str) -> None:
    _, clean = PLANTED[sin]
    for sitting in clean:
        assert sin not in sins(sitting), [each for each in found_in(sitting, GROUND) if each.sin == sin]


def test_every_detector_is_held_to_a_planted_sin() -> None:
    fired = {
        detector.__name__
        for planted, _ in PLANTED.values()
        for sitting in planted
        for detector in DETECTORS
        if any(True for _ in detector(sitting, GROUND))
    }
    assert fired == {detector.__name__ for detector in DETECTORS}


def test_the_corpus_tells_its_criteria_when_they_are_read_out() -> None:
    """Every statement of the small corpus is a leak when the interviewer says it."""
    for criterion_id, criterion in GROUND.criteria(Q).items():
        for text in (criterion.says, *criterion.shown_by):
            found = sins(after(said(NEAR), viva(text, criterion=criterion_id)))
            assert "leak" in found or len(text.split()) < 4, text


def tie_of(answer: str, follow_up: str, others: Sequence[tuple[str, str]] = ()) -> Tie:
    sitting = talk(OPEN, said(Said(answer)), viva(follow_up), said(NEAR), CLOSE)
    (tie,) = ties(sitting, GROUND, {(Q, ""): others})
    return tie


def hung(answer: str, follow_up: str, others: Sequence[tuple[str, str]] = ()) -> tuple[bool, bool | None]:
    tie = tie_of(answer, follow_up, others)
    return tie.takes_up, tie.swappable


def test_a_follow_up_that_takes_the_answer_up_is_told_from_one_that_does_not() -> None:
    answer = "We froze the embedding layers and trained a small regression head."
    other = [("weak", "Somebody dropped the warehouse tables and nobody noticed until winter.")]
    assert hung(answer, "You froze the embedding layers. Why those?", other) == (True, False)
    assert hung(answer, "Go through your steps.", other) == (False, True)
    assert hung(answer, "Who dropped the warehouse tables that winter?", other) == (False, True)
    assert hung(answer, "You froze the embedding layers. Why those?")[1] is None


def test_a_quotation_alone_is_no_question_about_the_answer() -> None:
    answer = "We froze the embedding layers and trained a small regression head."
    other = [("weak", "Somebody dropped the warehouse tables and nobody noticed until winter.")]
    only_quoted = tie_of(answer, "You said “froze the embedding layers”. Tell me more.", other)
    assert (only_quoted.takes_up, only_quoted.swappable) == (True, False)
    assert (only_quoted.asks_of_it, only_quoted.asks_anybody) == (False, True)
    asked = tie_of(
        answer, "You said “froze the layers”. What did the embedding gain by a small regression head?", other
    )
    assert (asked.asks_of_it, asked.asks_anybody) == (True, False)
    assert tie_of(answer, "You said “froze the layers”. Tell me more.").asks_anybody is None


def test_who_says_the_same_sentence_among_others_has_given_no_different_answer() -> None:
    answer = "We froze the embedding layers and trained a small regression head."
    follow_up = "You froze the embedding layers. Why those?"
    ruder = [("hostile", f"What a pointless question. {answer}")]
    assert hung(answer, follow_up, ruder)[1] is None
    near = [("weak", "We froze a few layers and then the embedding was trained at home.")]
    assert hung(answer, "Go through your steps.", near)[1] is True


def test_words_about_the_talk_are_nothing_invented_and_facts_are() -> None:
    for bridge, invented in (("You named “embedding”.", False), ("You named “Kafka”.", True), ("You ran Kafka.", True)):
        talk_ = after(said(Said("We froze the embedding layers.")), viva(f"{bridge} Why those?", written="Why those?"))
        assert ("invented-fact" in sins(talk_)) is invented, bridge


def test_an_answer_with_nothing_in_it_cannot_be_taken_up() -> None:
    sitting = talk(OPEN, said(Said("I don't know.")), viva("Go through your steps."), said(NEAR), CLOSE)
    assert ties(sitting, GROUND, {}) == []


def test_a_sitting_is_read_as_it_was_written(tmp_path: Path) -> None:
    made_by = Version("w", "e", "c", "p", "a", "s", "i")
    sitting = replace(
        CLEAN, levels={Q: 3}, states={Q: {"split-first": "shown"}}, musts={Q: ("split-first",)}, made_by=made_by
    )
    assert any(each.wrong for line in sitting.lines for each in line.said)
    write(tmp_path, sitting)
    assert read(tmp_path / f"{sitting.key}.json") == sitting
