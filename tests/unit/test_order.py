"""What came before what, and what was asked for: judged by the real scorer over a small scenario, read by a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.domain.appeal import MarkedWords
from app.domain.score import CriterionScore, CriterionState, Reached
from app.domain.transcript import FactTold, Mark, Move, MoveKind, Span, SpanKind, Speaker, Telling, Turn
from app.material.corpus import Corpus
from app.material.load import load
from app.scoring.appeals import TOO_LATE, hear
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.order import asked_for
from app.scoring.pair_model import Told
from tests.support.builders import NOW, an_interview
from tests.support.embedders import hashed
from tests.support.material import a_criterion, a_scenario, write_corpus
from tests.support.scorers import overlooks_all

FEED = "scenarios/feed"
FRAME = "Somebody has to say what the feed is for."
MODEL = "Names boosted trees with a reason."
WATCH = "Watches what the feed does."


async def by_name(statements: Sequence[str], text: str) -> list[Told]:
    """Stands for the pair model: FRAME is shown by "purpose", MODEL by "trees", WATCH by "dashboard"; "never" denies."""
    wanted = {FRAME: "purpose", MODEL: "trees", WATCH: "dashboard"}
    each = [(text.index(word), word) for word in dict.fromkeys(text.split())]
    offsets = tuple((place, place + len(word)) for place, word in each)
    plain = [word.strip(".,?").lower() for _, word in each]
    found = []
    for statement in statements:
        # An example names the word that its criterion is shown by.
        word_of = wanted.get(statement) or next(word for word in wanted.values() if word in statement)
        here = word_of in plain
        denied = here and "never" in plain
        p = np.array([0.01, 0.01, 0.98] if denied else [0.01, 0.98, 0.01] if here else [0.98, 0.01, 0.01])
        points = np.array([float(word == word_of) * 9 + 1e-3 for word in plain])
        found.append(Told(p.astype(np.float32), (points / points.sum()).astype(np.float32), offsets))
    return found


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    def criterion(name: str, says: str, word: str, **more: object) -> dict[str, object]:
        shown = [f"It was the {word}.", f"I name the {word} here.", f"Here {word} is."]
        return a_criterion(name, says=says, shown_by=shown, denied_by=f"Never the {word}.", **more)

    scenario = a_scenario(
        criteria=[
            criterion("frames-first", FRAME, "purpose", evidence="order", before=["names-a-model"]),
            criterion("names-a-model", MODEL, "trees"),
            criterion("watches-it", WATCH, "dashboard", asked_by="probe"),
        ],
        stages=[
            {"id": "frame", "ask": "Where do you begin?", "seconds": 300},
            {"id": "design", "ask": "Draw me the parts.", "seconds": 600, "criteria": ["names-a-model"]},
        ],
        facts=[
            {
                "id": "users",
                "asked_as": ["how many users", "what scale", "how big is it"],
                "reply": "Ten million a day.",
                "value": 10000000,
                "unit": "users",
                "credits": "frames-first",
            },
            {
                "id": "goal",
                "asked_as": ["what is the goal", "what is it for", "who wants it"],
                "reply": "People should stay.",
                "credits": "watches-it",
            },
        ],
    )
    return load(write_corpus(Path(tmp_path_factory.mktemp("corpus")), scenario=scenario))


class Conversation:
    """Turns on the scenario, the opening first."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.interviewer(MoveKind.OPEN)

    def interviewer(self, kind: MoveKind, part: str = "", *facts: FactTold, criterion: str = "") -> Conversation:
        move = Move(kind, "x", "Go on.", question_id=FEED, part_id=part, facts=facts, criterion_id=criterion)
        seq = len(self.turns) + 1
        self.turns.append(Turn(f"t{seq}", "i1", seq, Speaker.INTERVIEWER, "Go on.", NOW, FEED, part, move=move))
        return self

    def candidate(self, text: str, part: str = "", kind: SpanKind = SpanKind.ANSWER) -> Conversation:
        seq = len(self.turns) + 1
        spans = (Span(kind, 0, len(text)),)
        self.turns.append(Turn(f"t{seq}", "i1", seq, Speaker.CANDIDATE, text, NOW, FEED, part, spans=spans))
        return self

    def asks(self, text: str, *ids: str, how: Telling = Telling.ASKED, part: str = "") -> Conversation:
        self.candidate(text, part, SpanKind.CLARIFY)
        told = [FactTold(each, how, 0, len(text)) for each in ids]
        return self.interviewer(MoveKind.CLARIFY, part, *told)


def marks(corpus: Corpus, talk: Conversation) -> dict[str, Mark]:
    scorer = CompactScorer(corpus, by_name, hashed)
    found = asyncio.run(scorer.mark(an_interview(), FEED, talk.turns))
    return {mark.criterion_id: mark for mark in found}


def score(corpus: Corpus, talk: Conversation) -> dict[str, CriterionScore]:
    scorer = CompactScorer(corpus, by_name, hashed)
    made = asyncio.run(
        assess(an_interview(), talk.turns, FEED, corpus=corpus, compact=scorer, judge=None, now=lambda: NOW)
    )
    return {each.criterion_id: each for each in made.criteria}


def shown(corpus: Corpus, talk: Conversation) -> bool:
    return marks(corpus, talk)["frames-first"].p_shown >= 0.5


def test_what_is_said_first_is_shown(corpus: Corpus) -> None:
    assert shown(corpus, Conversation().candidate("It was the purpose."))
    assert shown(corpus, Conversation().candidate("It was the purpose. Then I name the trees here."))


def test_what_is_said_after_the_model_is_not(corpus: Corpus) -> None:
    talk = Conversation().candidate("I name the trees here. It was the purpose.")
    assert marks(corpus, talk)["names-a-model"].p_shown >= 0.5
    assert not shown(corpus, talk)
    later = Conversation().candidate("I name the trees here.").interviewer(MoveKind.CLARIFY)
    assert not shown(corpus, later.candidate("It was the purpose."))
    scored = score(corpus, later)["frames-first"]
    assert (scored.state, scored.evidence) == (CriterionState.MISSED, ())


def test_to_name_a_model_wrongly_is_to_name_it(corpus: Corpus) -> None:
    talk = Conversation().candidate("Never the trees.").interviewer(MoveKind.CLARIFY)
    assert not shown(corpus, talk.candidate("It was the purpose."))


def test_once_the_stage_that_asks_for_the_model_is_answered_it_is_too_late(corpus: Corpus) -> None:
    talk = Conversation().candidate("Hello there.").interviewer(MoveKind.ASK, "design")
    talk.candidate("A box and an arrow.", "design").interviewer(MoveKind.PROBE, criterion="frames-first")
    assert not shown(corpus, talk.candidate("It was the purpose."))
    within = Conversation().candidate("Hello there.").interviewer(MoveKind.ASK, "design")
    assert shown(corpus, within.candidate("It was the purpose. I name the trees here.", "design"))


def test_asking_for_a_fact_shows_what_it_credits_with_the_question_as_evidence(corpus: Corpus) -> None:
    talk = Conversation().asks("How many users are there?", "users").candidate("I name the trees here.")
    found = score(corpus, talk)["frames-first"]
    assert found.state is CriterionState.SHOWN
    assert found.reached is Reached.VOLUNTEERED
    (evidence,) = found.evidence
    turn = next(turn for turn in talk.turns if turn.id == evidence.turn_id)
    assert turn.text[evidence.start : evidence.end] == evidence.quote == "How many users are there?"
    assert [opinion.judge for opinion in found.judges] == ["fact-sheet"]


def test_asking_after_the_model_was_named_is_too_late(corpus: Corpus) -> None:
    talk = Conversation().candidate("I name the trees here.").interviewer(MoveKind.PROBE)
    talk.asks("How many users are there?", "users").candidate("Well then.")
    assert score(corpus, talk)["frames-first"].state is CriterionState.MISSED


def test_what_was_volunteered_or_asked_of_nothing_credits_nothing(corpus: Corpus) -> None:
    entry = corpus.scenarios[FEED]
    assert not asked_for(entry, Conversation().asks("What is it?").turns)
    told = Conversation().asks("Go on then?", "users", how=Telling.VOLUNTEERED)
    assert not asked_for(entry, told.turns)
    assert not asked_for(entry, told.asks("How many users?", "users").turns)
    assert not asked_for(corpus.questions["fundamentals/leakage"], told.turns)


def test_a_criterion_that_words_show_is_credited_by_asking_too(corpus: Corpus) -> None:
    found = score(corpus, Conversation().asks("Who wants it?", "goal").candidate("Well then."))
    assert found["watches-it"].state is CriterionState.SHOWN
    assert found["watches-it"].evidence[0].quote == "Who wants it?"


def test_of_two_askings_the_first_is_the_evidence(corpus: Corpus) -> None:
    talk = Conversation().asks("How many users?", "users").asks("How big is it?", "users")
    assert asked_for(corpus.scenarios[FEED], talk.turns)["frames-first"].quote == "How many users?"


@pytest.mark.parametrize("late", [True, False])
def test_an_appeal_cannot_undo_the_order(corpus: Corpus, late: bool) -> None:
    talk = Conversation()
    if late:
        talk.candidate("I name the trees here.").interviewer(MoveKind.PROBE)
    talk.candidate("It was the purpose.")
    last = talk.turns[-1]
    scorer = CompactScorer(corpus, by_name, hashed)
    made = replace(score(corpus, talk)["frames-first"], state=CriterionState.MISSED, evidence=())
    marked = MarkedWords(last.id, 0, len(last.text), last.text)
    hearing = asyncio.run(
        hear(
            an_interview(),
            talk.turns,
            corpus.rubric(FEED),
            made,
            marked,
            compact=scorer,
            alone=overlooks_all,
            judge=None,
        )
    )
    assert hearing.upheld is not late
    assert (hearing.reason == TOO_LATE) is late
