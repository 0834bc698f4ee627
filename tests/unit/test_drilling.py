"""Drills and retries against the real corpus: what is asked, on which surface, and that nothing else is probed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.interview import Interview, Plan, PlannedQuestion
from app.domain.practice import Want
from app.domain.score import CriterionKind
from app.domain.transcript import FactTold, MoveKind, SpanKind, Telling
from app.interviewing.drilling import drilled, make_drill, make_retry, minutes_of, next_surface
from app.interviewing.phrases.onwards import UNASKED
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.subject import subject_for
from app.material.corpus import Corpus
from app.material.load import load
from app.material.surfaces import OWN, fixed_surfaces, own_words, surface_of
from tests.support.builders import a_claim, an_interview
from tests.support.talks import Talk, a_resume_on, an_interview_on

LEAKAGE = "fundamentals/data-leakage"
SEARCHING = {MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


def criteria(corpus: Corpus, question_id: str) -> list[str]:
    return [entry.criterion.id for entry in corpus.rubric(question_id).criteria]


def every_want(corpus: Corpus) -> list[Want]:
    """For each entry: its first criterion, its last, and as many as go into one drill."""
    found = []
    for entry in corpus.asked():
        ids = criteria(corpus, entry.id)
        claim = a_claim() if entry.id in corpus.chains else None
        for focus in dict.fromkeys(((ids[0],), (ids[-1],), tuple(ids))) if ids else ():
            found.append(Want(entry.id, focus, claim))
    return found


def a_drill(corpus: Corpus, want: Want) -> Talk:
    plan = make_drill(corpus, [want], seconds=600)
    talk = Talk(corpus, an_interview(plan=plan, minutes=minutes_of(plan), role="ml-engineer", company=""))
    talk.open()
    return talk


def test_every_entry_can_be_drilled_and_only_what_is_in_focus_is_asked_for(corpus: Corpus) -> None:
    """Somebody who never shows anything is asked for each criterion in focus, once, and for no other; then it ends."""
    for want in every_want(corpus):
        entry = corpus.entry(want.question_id)
        role = entry.roles[0]
        plan = make_drill(corpus, [want], seconds=600)
        interview = an_interview(
            plan=plan, minutes=minutes_of(plan), role=role, seniority=entry.seniority[-1], company=""
        )
        subject = subject_for(corpus, interview, plan.questions[0])
        there = {each.id for each in subject.criteria}
        assert there <= set(want.criterion_ids)
        assert there == set(want.criterion_ids) - left_out(corpus, interview, want), want
        talk = Talk(corpus, interview)
        move = talk.open()
        asked: list[str] = []
        opened = set()
        for _ in range(40):
            if move.kind is MoveKind.CLOSE:
                break
            opened.add(move.part_id)
            if move.kind in SEARCHING and move.criterion_id:
                asked.append(move.criterion_id)
            move = talk.say("I would look at the numbers.", after_s=1.0)
        assert move.kind is MoveKind.CLOSE, want
        assert set(asked) <= there, want
        assert len(asked) == len(set(asked)), want
        by_opening = {
            each.id for part in subject.parts if part.id in opened for each in part.criteria if each.asked_by == "ask"
        }
        assert {part.id for part in subject.parts} <= opened, want
        due = {each.id for each in subject.criteria if each.evidence == "words"} if entry_asks(corpus, want) else set()
        assert due <= set(asked) | by_opening, want


def entry_asks(corpus: Corpus, want: Want) -> bool:
    """Whether the interviewer asks for anything there: in the candidate's own round it is they who do."""
    return rules_of(corpus.rubric(want.question_id).round).probes_a_question > 0


def left_out(corpus: Corpus, interview: Interview, want: Want) -> set[str]:
    """Of a chain, criteria on rungs that this role or seniority does not climb."""
    chain = corpus.chains.get(want.question_id)
    return {
        each.id
        for rung in (chain.rungs if chain else ())
        if (rung.roles and interview.role not in rung.roles)
        or (rung.seniority and interview.seniority not in rung.seniority)
        for each in rung.criteria
    }


def test_all_criteria_in_focus_are_asked_for_whatever_their_kind(corpus: Corpus) -> None:
    ids = criteria(corpus, LEAKAGE)[:3]
    talk = a_drill(corpus, Want(LEAKAGE, tuple(ids)))
    asked = [talk.say("Nothing.", after_s=1.0).criterion_id for _ in ids]
    assert sorted(asked) == sorted(ids)


def test_a_drill_asks_about_nothing_else_that_it_hears(corpus: Corpus) -> None:
    talk = a_drill(corpus, Want(LEAKAGE, tuple(criteria(corpus, LEAKAGE)[:2])))
    talk.resume = a_resume_on("LoRA")
    assert talk.say("I have never used LoRA.", after_s=1.0).kind is MoveKind.PROBE


def test_what_is_due_first_is_asked_first_whatever_was_shown(corpus: Corpus) -> None:
    easy_to_hard = sorted(corpus.questions.values(), key=lambda each: (each.difficulty, each.id))
    mine = [each for each in easy_to_hard if each.round == "fundamentals" and "ml-engineer" in each.roles]
    order = [mine[0], *mine[len(mine) // 2 : len(mine) // 2 + 1], mine[-1]]
    plan = make_drill(corpus, [Want(each.id, (each.criteria[0].id,)) for each in order], seconds=10_000)
    talk = Talk(corpus, an_interview(plan=plan, minutes=minutes_of(plan), company=""))
    asked = [talk.open().question_id]
    for each in order[:2]:
        asked.append(talk.say(shown=[each.criteria[0].id], after_s=1.0).question_id)
    assert asked == [each.id for each in order]


def test_a_bonus_alone_is_probed_in_a_drill(corpus: Corpus) -> None:
    bonus = next(
        (question.id, each.id)
        for question in corpus.questions.values()
        for each in question.criteria
        if each.kind is CriterionKind.BONUS and not each.kind_when and question.round == "fundamentals"
    )
    move = a_drill(corpus, Want(bonus[0], (bonus[1],))).say("Nothing.", after_s=1.0)
    assert (move.kind, move.criterion_id) == (MoveKind.PROBE, bonus[1])


def test_a_drill_opens_on_a_new_surface(corpus: Corpus) -> None:
    ids = criteria(corpus, LEAKAGE)[:2]
    first = drilled(corpus, Want(LEAKAGE, tuple(ids), seen=(OWN,)))
    assert first.parallel == 1
    subject = subject_for(corpus, an_interview(company="oracle"), first)
    assert subject.parts[0].ask == corpus.questions[LEAKAGE].parallel[0]


def test_where_no_surface_is_new_the_one_longest_ago_is_taken(corpus: Corpus) -> None:
    assert next_surface(corpus, LEAKAGE, ("parallel-1", OWN)) == "parallel-1"
    assert next_surface(corpus, LEAKAGE, (OWN, "parallel-1")) == OWN
    assert next_surface(corpus, LEAKAGE, ()) == "parallel-1"
    assert next_surface(corpus, "chains/lora", ("claim 1",)) == OWN


def test_a_stage_in_focus_is_led_up_to_by_its_task(corpus: Corpus) -> None:
    scenario = next(each for each in corpus.scenarios.values() if each.stages[-1].criteria)
    focus = scenario.stages[-1].criteria[0]
    planned = PlannedQuestion(scenario.id, 600, focus=(focus,))
    (part,) = subject_for(corpus, an_interview(company=""), planned).parts
    assert part.id == scenario.stages[-1].id
    assert part.ask == f"{scenario.opening} {scenario.stages[-1].ask}"


def test_a_stage_in_focus_tells_what_it_tells_in_the_interview(corpus: Corpus) -> None:
    scenario, stage, told = next(
        (each, stage, told)
        for each in corpus.scenarios.values()
        for stage in each.stages
        if stage.criteria and (told := [fact for fact in each.facts if fact.volunteer_at == stage.id])
    )
    mine = (scenario.round, 10, [PlannedQuestion(scenario.id, 600, focus=(stage.criteria[0],))])
    leakage = PlannedQuestion(LEAKAGE, 60, focus=(criteria(corpus, LEAKAGE)[0],))
    for rounds in ([mine], [("fundamentals", 1, [leakage]), mine]):
        talk = Talk(corpus, an_interview_on(*rounds, company="", minutes=30))
        move = talk.open()
        while move.question_id != scenario.id:
            move = talk.say("Nothing.", after_s=61.0)
        replies = " ".join(fact.reply for fact in told)
        assert move.spoken.endswith(f"{scenario.opening} {UNASKED.usual} {replies} {stage.ask}")
        assert move.facts == tuple(FactTold(fact.id, Telling.VOLUNTEERED) for fact in told)
        assert replies in talk.say("Once more?", SpanKind.REPEAT, after_s=1.0).spoken


def test_a_rung_in_focus_stands_on_its_claim(corpus: Corpus) -> None:
    chain = corpus.chains["chains/lora"]
    rung = next(rung for rung in reversed(chain.rungs) if rung.criteria)
    planned = PlannedQuestion(chain.id, 300, claim=a_claim(), focus=(rung.criteria[0].id,))
    (part,) = subject_for(corpus, an_interview(), planned).parts
    assert part.ask.startswith(f'Your resume says "{a_claim().text.rstrip(".")}". ')


def test_a_drill_holds_what_its_minutes_hold_and_one_question_at_least(corpus: Corpus) -> None:
    wants = [Want(question.id, (question.criteria[0].id,)) for question in list(corpus.questions.values())[:12]]
    for seconds in (1, 300, 600, 10_000):
        plan = make_drill(corpus, wants, seconds=seconds)
        asked = [question.question_id for question in plan.questions]
        assert asked
        assert sum(question.seconds for question in plan.questions) <= seconds or len(asked) == 1
    assert sorted(asked) == sorted(want.question_id for want in wants)
    assert all(question.drill for question in plan.questions)


def test_questions_of_one_round_stand_together(corpus: Corpus) -> None:
    wants = [Want(each.id, (each.criteria[0].id,)) for each in list(corpus.questions.values())[::17]]
    plan = make_drill(corpus, wants, seconds=10_000)
    rounds = [planned.round for planned in plan.rounds]
    assert len(rounds) == len(set(rounds))


def test_a_retry_goes_through_the_surfaces_in_turn(corpus: Corpus) -> None:
    planned = PlannedQuestion(LEAKAGE, 300, wording=1)
    surfaces = []
    for _ in range(3):
        (planned,) = make_retry(corpus, planned).questions
        assert not planned.focus
        surfaces.append(surface_of(corpus, planned, 7, ""))
    assert surfaces == ["parallel-1", OWN, "parallel-1"]


def test_every_entry_can_be_asked_again(corpus: Corpus) -> None:
    for entry in corpus.asked():
        plan = make_retry(corpus, PlannedQuestion(entry.id, 60, claim=a_claim()))
        assert minutes_of(plan) * 60 >= plan.questions[0].seconds
        assert own_words(corpus, entry.id)
        known = fixed_surfaces(corpus, entry.id)
        assert known is None or OWN in known


def test_tables_numbers_and_claims_are_surfaces_of_their_own(corpus: Corpus) -> None:
    table = PlannedQuestion(next(iter(corpus.analytics)), 300)
    assert surface_of(corpus, table, 1, "") != surface_of(corpus, table, 2, "")
    one, other = (
        PlannedQuestion("chains/lora", 300, claim=a_claim(text=text)) for text in ("Used LoRA.", "Tuned LoRA.")
    )
    assert surface_of(corpus, one, 1, "any") != surface_of(corpus, other, 1, "any")
    assert surface_of(corpus, one, 1, "any") == surface_of(corpus, one, 2, "any")


def test_a_drill_is_one_only_where_every_question_is(corpus: Corpus) -> None:
    plan = make_drill(corpus, [Want(LEAKAGE, (criteria(corpus, LEAKAGE)[0],))], seconds=60)
    assert an_interview(plan=plan).drill
    assert not an_interview(plan=Plan((*plan.rounds, *make_retry(corpus, PlannedQuestion(LEAKAGE, 60)).rounds))).drill
    assert not an_interview(plan=Plan(())).drill
