"""Scoring stored interviews again, on both databases: what differs is stored, what does not is not, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import cast

import pytest
from structlog.testing import capture_logs

from app.domain.interview import InterviewState
from app.domain.score import CriterionScore, CriterionState, Score
from app.domain.transcript import MoveKind
from app.llm.model import ModelError, ModelTimeout, ModelUnavailable
from app.llm.scripted import FunctionModel
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.unit_of_work import Store
from app.prompting.library import Library
from app.rescoring import RescoreOutcome, Rescorer
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.slow_voice import SlowVoice
from app.settings import ROOT
from tests.support.builders import (
    NOW,
    a_move,
    a_score,
    a_turn,
    an_appeal,
    an_interview,
    an_interviewers_turn,
)
from tests.support.material import write_corpus
from tests.support.scorers import WordScorer

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio

QUESTION = "fundamentals/leakage"
GONE = "fundamentals/no-longer-there"
CAUSE = "names-the-cause"
SAID = "It looks suspicious. Those rows sat in the training file as well."
SEES = {CAUSE: ("sat in the training",)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load(write_corpus(tmp_path_factory.mktemp("corpus")))


class Case:
    """Interviews that were scored once, and scorers to score them again with."""

    def __init__(self, store: Store, corpus: Corpus) -> None:
        self.store, self.corpus = store, corpus
        self._moments = count(1)

    def rescorer(
        self,
        shows: Mapping[str, Sequence[str]],
        scorer: WordScorer | None = None,
        *,
        voice: SlowVoice | None = None,
        without_model: bool = False,
    ) -> Rescorer:
        return Rescorer(
            store=self.store,
            corpus=self.corpus,
            compact=cast(CompactScorer, scorer or WordScorer(self.corpus, shows)),
            judge=None,
            voice=voice,
            now=lambda: NOW + timedelta(seconds=next(self._moments)),
            without_model=without_model,
        )

    async def held(
        self,
        interview_id: str = "interview-1",
        *,
        question_id: str = QUESTION,
        open_: bool = False,
        shows: Mapping[str, Sequence[str]] | None = None,
        voice: SlowVoice | None = None,
    ) -> None:
        """An interview in which nothing was seen when it was scored, or what `shows` has, with a model's yes or no."""
        interview = an_interview(id=interview_id, state=InterviewState.CLOSED, closed_at=NOW)
        move = a_move(kind=MoveKind.OPEN, question_id=question_id, criterion_id="")
        place = {"interview_id": interview_id, "question_id": question_id}
        asked = an_interviewers_turn(id=f"{interview_id}-1", seq=1, marks=(), move=move, **place)
        answered = a_turn(id=f"{interview_id}-2", seq=2, text=SAID, **place)
        score = a_score(question_id=question_id)
        if question_id in self.corpus.questions:
            score = await assess(
                interview,
                [asked, answered],
                question_id,
                corpus=self.corpus,
                compact=cast(CompactScorer, WordScorer(self.corpus, shows or {})),
                judge=None,
                voice=voice,
                now=lambda: NOW,
            )
        async with self.store.write() as work:
            await work.interviews.add(replace(interview, state=InterviewState.OPEN) if open_ else interview)
            await work.turns.append(asked)
            await work.turns.append(answered)
            await work.scores.add(interview_id, score)
            await work.commit()

    async def history(self, interview_id: str = "interview-1", question_id: str = QUESTION) -> list[Score]:
        async with self.store.read() as work:
            return [stored.score for stored in await work.scores.history(interview_id, question_id)]


@pytest.fixture
def case(store: Store, corpus: Corpus) -> Case:
    return Case(store, corpus)


def cause(score: Score) -> CriterionScore:
    return next(each for each in score.criteria if each.criterion_id == CAUSE)


async def test_a_scorer_that_sees_more_makes_a_new_score_and_the_old_one_stays(case: Case) -> None:
    await case.held()
    found = await case.rescorer(SEES).rescore("interview-1")
    (question,) = found.questions
    assert question.outcome is RescoreOutcome.STORED
    assert question.difference is not None
    (change,) = question.difference.changed
    assert (change.before, change.after) == (CriterionState.MISSED, CriterionState.SHOWN)
    before, after = await case.history()
    assert (cause(before).state, cause(after).state) == (CriterionState.MISSED, CriterionState.SHOWN)
    assert (question.difference.level_before, question.difference.level_after) == (before.level, after.level)
    assert "interview interview-1" in found.lines()[0]
    assert any("names-the-cause: missed -> shown" in line for line in found.lines())


async def test_scoring_again_by_the_same_stores_nothing(case: Case) -> None:
    await case.held()
    same = await case.rescorer({}).rescore("interview-1")
    assert [each.outcome for each in same.questions] == [RescoreOutcome.UNCHANGED]
    assert len(await case.history()) == 1
    for _ in range(2):
        await case.rescorer(SEES).rescore("interview-1")
    assert len(await case.history()) == 2


async def test_new_versions_are_stored_even_where_no_state_changed(case: Case) -> None:
    await case.held()
    (score,) = await case.history()
    older = replace(score, versions=replace(score.versions, scorer="compact-0"), created_at=NOW + timedelta(0, 0, 1))
    async with case.store.write() as work:
        await work.scores.add("interview-1", older)
        await work.commit()
    found = await case.rescorer({}).rescore("interview-1")
    (question,) = found.questions
    assert question.outcome is RescoreOutcome.STORED
    assert question.difference is not None
    assert [each.what for each in question.difference.versions] == ["scorer"]
    assert len(await case.history()) == 3


async def test_a_dry_run_says_the_same_and_stores_nothing(case: Case) -> None:
    await case.held()
    dry = await case.rescorer(SEES).rescore("interview-1", dry_run=True)
    assert len(await case.history()) == 1
    wet = await case.rescorer(SEES).rescore("interview-1")
    assert [each.outcome for each in dry.questions] == [RescoreOutcome.DIFFERS]
    assert [each.difference for each in dry.questions] == [each.difference for each in wet.questions]


async def test_a_question_whose_rubric_is_gone_is_left(case: Case) -> None:
    await case.held(question_id=GONE)
    found = await case.rescorer(SEES).rescore("interview-1")
    assert [(each.outcome, each.difference) for each in found.questions] == [(RescoreOutcome.LEFT, None)]
    assert found.error == ""
    assert await case.history(question_id=GONE) == [a_score(question_id=GONE)]
    assert any(GONE in line and "gone" in line for line in found.lines())


async def test_credit_won_on_appeal_stays(case: Case) -> None:
    await case.held()
    start = SAID.index("Those rows")
    appeal = an_appeal(
        question_id=QUESTION,
        criterion_id=CAUSE,
        says=case.corpus.rubric(QUESTION).criterion(CAUSE).says,
        turn_id="interview-1-2",
        start=start,
        end=start + 10,
        quote="Those rows",
    )
    async with case.store.write() as work:
        await work.appeals.add(appeal)
        await work.commit()
    found = await case.rescorer({}).rescore("interview-1")
    assert [each.outcome for each in found.questions] == [RescoreOutcome.STORED]
    assert cause((await case.history())[-1]).appeal_id == appeal.id
    again = await case.rescorer({}).rescore("interview-1")
    assert [each.outcome for each in again.questions] == [RescoreOutcome.UNCHANGED]


def saying(answer: Mapping[str, float] | ModelError) -> SlowVoice:
    """A model whose first word has these odds, or that fails."""
    prompts = Library.load(ROOT / "prompts", outputs={"Verdict", "Suggestions"})
    return SlowVoice(FunctionModel(first_words=lambda _: answer), prompts)


NO = {"yes": 0.0001, "no": 0.9999}


def judges_of(score: Score) -> list[str]:
    return [one.judge for one in cause(score).judges]


async def test_a_score_that_a_model_joined_is_made_again_with_it(case: Case) -> None:
    await case.held(shows=SEES, voice=saying(NO))
    (before,) = await case.history()
    assert judges_of(before) == ["compact", "joined"]
    assert cause(before).state is CriterionState.MISSED
    found = await case.rescorer(SEES, voice=saying(NO)).rescore("interview-1")
    assert [each.outcome for each in found.questions] == [RescoreOutcome.UNCHANGED]
    assert await case.history() == [before]


@pytest.mark.parametrize(
    "voice",
    [None, saying(ModelTimeout(1.0)), saying(ModelUnavailable("gone"))],
    ids=["none", "late", "gone"],
)
async def test_a_score_that_a_model_joined_is_not_replaced_by_one_without_it(
    case: Case, voice: SlowVoice | None
) -> None:
    await case.held(shows=SEES, voice=saying(NO))
    before = await case.history()
    found = await case.rescorer(SEES, voice=voice).rescore("interview-1")
    assert [each.outcome for each in found.questions] == [RescoreOutcome.LEFT]
    assert await case.history() == before
    assert found.error == ""
    assert any("left as it is" in line and "model" in line for line in found.lines())
    assert "model" in found.json()["questions"][0]["why_left"]


async def test_a_model_is_left_out_where_that_is_asked_for(case: Case) -> None:
    await case.held(shows=SEES, voice=saying(NO))
    found = await case.rescorer(SEES, without_model=True).rescore("interview-1")
    assert [each.outcome for each in found.questions] == [RescoreOutcome.STORED]
    assert judges_of((await case.history())[-1]) == ["compact"]


async def test_a_score_made_without_a_model_is_made_again_with_one_and_may_be_without(case: Case) -> None:
    await case.held()
    failing = await case.rescorer(SEES, voice=saying(ModelTimeout(1.0))).rescore("interview-1")
    assert [each.outcome for each in failing.questions] == [RescoreOutcome.STORED]
    heard = await case.rescorer(SEES, voice=saying(NO)).rescore("interview-1")
    assert [each.outcome for each in heard.questions] == [RescoreOutcome.STORED]
    assert judges_of((await case.history())[-1]) == ["compact", "joined"]


async def test_what_another_scored_meanwhile_is_left_as_it_is(case: Case) -> None:
    await case.held()
    scorer = WordScorer(case.corpus, SEES)
    (before,) = await case.history()
    others = replace(before, unscored_reason="another was here", created_at=NOW + timedelta(1))

    async def other() -> None:
        async with case.store.write() as work:
            await work.scores.add("interview-1", others)
            await work.commit()

    scorer.meanwhile = other
    found = await case.rescorer(SEES, scorer).rescore("interview-1")
    assert "changed meanwhile" in found.error
    assert await case.history() == [before, others]


async def test_errors_are_told_by_interview_and_the_next_one_goes_on(case: Case) -> None:
    await case.held("open-1", open_=True)
    await case.held("broken-1")
    await case.held("closed-1")
    scorer = WordScorer(case.corpus, SEES)
    scorer.breaks_on = "broken-1"
    rescorer = case.rescorer(SEES, scorer)
    with capture_logs() as logged:
        found = {each: await rescorer.rescore(each) for each in ("open-1", "nobodys", "broken-1", "closed-1")}
    assert "not closed" in found["open-1"].error
    assert "no interview 'nobodys'" in found["nobodys"].error
    assert found["broken-1"].error == "RuntimeError"
    assert found["closed-1"].error == ""
    assert [(entry["log_level"], entry["interview_id"]) for entry in logged] == [("error", "broken-1")]
    assert len(await case.history("open-1")) == len(await case.history("broken-1")) == 1
    assert await rescorer.closed() == ("broken-1", "closed-1")


async def test_what_is_said_as_json_is_plain(case: Case) -> None:
    await case.held()
    found = await case.rescorer(SEES).rescore("interview-1")
    told = json.loads(json.dumps(found.json()))
    assert (told["interview_id"], told["error"]) == ("interview-1", "")
    (question,) = told["questions"]
    assert (question["outcome"], question["difference"]["empty"]) == ("stored", False)
    assert question["difference"]["changed"][0]["after"] == "shown"
