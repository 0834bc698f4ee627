from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import PlanImpossible, RoundUnknown
from app.domain.interview import JobPlace, Plan, Seniority
from app.domain.resume import Resume
from app.domain.sentences import content_stems
from app.interviewing.job_lines import job_lines, topics_of_table
from app.interviewing.planning import RESERVED, Wish, make_plan
from app.interviewing.round_minutes import rounds_with_material
from app.interviewing.rounds.catalog import rules_of
from app.material.corpus import Corpus
from app.material.entries import Chain
from app.material.load import load
from app.material.tasks import Analytics, Problem
from tests.support.builders import a_resume
from tests.support.talks import a_resume_on

CORPUS = load(Path("corpus"))
RESUMES = [None, a_resume(), a_resume_on("LoRA", "CNN"), a_resume_on("spreadsheets"), a_resume(projects=())]
DEEP_DIVE = "project-deep-dive"


def wish(role: str = "ml-engineer", seniority: Seniority = Seniority.MID, **changes: object) -> Wish:
    return replace(Wish(role, seniority, "", 45, 7), **changes)  # type: ignore[arg-type]


def ids(plan: Plan) -> list[str]:
    return [question.question_id for question in plan.questions]


def check(plan: Plan, made_for: Wish, resume: Resume | None) -> None:
    """What holds for every plan."""
    assert plan.rounds
    assert all(planned.questions for planned in plan.rounds)
    assert abs(sum(planned.minutes for planned in plan.rounds) - made_for.minutes) <= 0.01 * len(plan.rounds)
    asked = ids(plan)
    assert len(asked) == len(set(asked))
    for question_id in asked:
        entry = CORPUS.entry(question_id)
        assert made_for.role in entry.roles
        assert made_for.seniority in entry.seniority
        assert isinstance(entry, Chain) or not set(entry.enemies) & set(asked)
    for planned in plan.rounds:
        for question in planned.questions:
            assert question.seconds > 0
            if planned.round == DEEP_DIVE:
                assert question.question_id in CORPUS.chains
                has_claims = resume is not None and any(project.claims for project in resume.projects)
                assert (question.claim is not None) is has_claims
                if question.claim is not None and resume is not None:
                    assert question.claim.text == resume.text[question.claim.start : question.claim.end]
            else:
                entry = CORPUS.entry(question.question_id)
                assert not isinstance(entry, Chain)
                assert entry.round == planned.round
                assert not made_for.rounds or planned.round in made_for.rounds
                assert question.wording <= (0 if isinstance(entry, Problem | Analytics) else len(entry.rewordings))


def check_reserves(plan: Plan, made_for: Wish, heard: frozenset[str] = frozenset()) -> None:
    """What holds for every reserve: nothing in it is planned, heard, an enemy, of another round or there twice."""
    everything = [question.question_id for question in plan.askable]
    assert len(everything) == len(set(everything))
    for planned in plan.rounds:
        assert not planned.reserve or planned.round != "candidate-questions"
        for question in planned.reserve:
            entry = CORPUS.entry(question.question_id)
            assert question.question_id not in heard
            assert made_for.role in entry.roles
            assert made_for.seniority in entry.seniority
            assert CORPUS.rubric(question.question_id).round == planned.round
            assert isinstance(entry, Chain) or not set(entry.enemies) & set(everything)
            assert 0 < question.seconds <= planned.minutes * 60
            assert question.why == RESERVED


@pytest.mark.parametrize("minutes", [8, 45])
def test_a_round_has_a_reserve_that_holds_its_promises(minutes: int) -> None:
    for role, company in zip(CORPUS.roles, ["", *CORPUS.companies], strict=False):
        made_for = wish(role, company=company, minutes=minutes)
        check_reserves(make_plan(CORPUS, made_for, a_resume_on("LoRA", "CNN")), made_for)
    short = wish(rounds=("fundamentals",), minutes=8)
    plan = make_plan(CORPUS, short, None)
    assert plan.rounds[0].reserve
    heard = frozenset(question.question_id for question in plan.askable)
    again = make_plan(CORPUS, short, None, asked_before=heard)
    check_reserves(again, short, heard)
    assert plan == make_plan(CORPUS, short, None)


@pytest.mark.parametrize("resume", RESUMES, ids=["none", "one", "two", "no-chain", "no-claim"])
@pytest.mark.parametrize("minutes", [10, 45, 90])
def test_every_role_seniority_and_company_gets_a_plan(resume: Resume | None, minutes: int) -> None:
    for role, seniority, company in product(CORPUS.roles, Seniority, ["", *CORPUS.companies]):
        made_for = wish(role, seniority, company=company, minutes=minutes)
        check(make_plan(CORPUS, made_for, resume), made_for, resume)


@settings(deadline=None, max_examples=60)
@given(
    role=st.sampled_from(sorted(CORPUS.roles)),
    seniority=st.sampled_from(Seniority),
    company=st.sampled_from(["", "nobody-knows-it", *sorted(CORPUS.companies)]),
    minutes=st.integers(1, 240),
    seed=st.integers(),
    resume=st.sampled_from(RESUMES),
    asked_before=st.sets(st.sampled_from(sorted([*CORPUS.questions, *CORPUS.chains]))),
)
def test_a_plan_holds_its_promises_and_the_same_seed_gives_it_again(
    role: str,
    seniority: Seniority,
    company: str,
    minutes: int,
    seed: int,
    resume: Resume | None,
    asked_before: set[str],
) -> None:
    made_for = Wish(role, seniority, company, minutes, seed)
    plan = make_plan(CORPUS, made_for, resume, asked_before=asked_before)
    check(plan, made_for, resume)
    assert make_plan(CORPUS, made_for, resume, asked_before=sorted(asked_before)) == plan


def test_another_seed_gives_another_interview() -> None:
    assert len({tuple(ids(make_plan(CORPUS, wish(seed=seed), None))) for seed in range(8)}) > 1


def test_questions_heard_before_come_only_when_no_other_is_left() -> None:
    heard: set[str] = set()
    made_for = wish(rounds=("fundamentals",), minutes=15)
    fitting = {
        question.id
        for question in CORPUS.questions.values()
        if question.round == "fundamentals" and "ml-engineer" in question.roles and Seniority.MID in question.seniority
    }
    while True:
        plan = make_plan(CORPUS, made_for, None, asked_before=heard)
        fresh = set(ids(plan)) - heard
        if not fresh:
            break
        repeated = set(ids(plan)) & heard
        room = [one for one in fitting - heard - fresh if not set(CORPUS.questions[one].enemies) & set(ids(plan))]
        cheapest = min((CORPUS.questions[one].seconds.whole for one in room), default=None)
        if repeated and cheapest is not None:
            used = sum(CORPUS.questions[one].seconds.whole for one in fresh)
            assert used + cheapest > 15 * 60 * 0.85
        heard |= fresh
    assert heard == fitting
    assert ids(make_plan(CORPUS, made_for, None, asked_before=heard))


def test_a_topic_comes_again_before_a_question_does() -> None:
    made_for = wish(rounds=("fundamentals",), minutes=240)
    first = CORPUS.questions[ids(make_plan(CORPUS, made_for, None))[0]]
    plan = ids(make_plan(CORPUS, made_for, None, asked_before={first.id}))
    assert first.id not in plan[:-1]


def test_a_chain_heard_before_gives_way_to_another() -> None:
    resume = a_resume_on("LoRA", "CNN")
    made_for = wish(rounds=(DEEP_DIVE,), minutes=12)
    usual = ids(make_plan(CORPUS, made_for, resume))[0]
    other = ids(make_plan(CORPUS, made_for, resume, asked_before={usual}))[0]
    assert {usual, other} == {"chains/lora", "chains/cnn"}


def test_two_projects_are_taken_apart_where_there_is_time() -> None:
    plan = make_plan(CORPUS, wish(rounds=(DEEP_DIVE,), minutes=30), a_resume_on("LoRA", "CNN"))
    claims = [question.claim for question in plan.questions]
    assert len({claim.project for claim in claims if claim is not None}) == 2


def test_no_claim_is_taken_apart_twice_by_the_general_chain() -> None:
    plan = make_plan(CORPUS, wish(rounds=(DEEP_DIVE,), minutes=60), a_resume_on("LoRA"))
    claims = [question.claim for question in plan.questions]
    assert len(claims) == len(set(claims))


def test_without_a_resume_the_deep_dive_is_on_a_project_of_ones_own() -> None:
    plan = make_plan(CORPUS, wish(rounds=(DEEP_DIVE,)), None)
    general = {chain.id for chain in CORPUS.chains.values() if chain.any_project}
    assert ids(plan)
    assert set(ids(plan)) <= general


def test_a_skill_that_no_interview_tested_goes_first() -> None:
    role = CORPUS.roles["ml-engineer"]
    made_for = wish(rounds=("fundamentals",), minutes=12)
    heard: list[str] = []
    tested: list[int] = []
    for number in range(4):
        heard += ids(make_plan(CORPUS, replace(made_for, seed=number), None, asked_before=heard))
        topics = {topic for each in heard for topic in CORPUS.entry(each).topics}
        tested.append(sum(1 for skill in role.skills if topics & set(skill.topics)))
    within_reach = {
        skill.id
        for skill in role.skills
        for question in CORPUS.questions.values()
        if question.round == "fundamentals"
        and role.id in question.roles
        and made_for.seniority in question.seniority
        and set(skill.topics) & set(question.topics)
    }
    assert tested[0] >= 1
    assert tested[-1] >= min(len(tested), len(within_reach)), "each interview tests one more, while there is one"


def test_wished_rounds_come_in_the_wished_order() -> None:
    plan = make_plan(CORPUS, wish(rounds=("behavioural", "fundamentals", "behavioural")), None)
    assert [planned.round for planned in plan.rounds] == ["behavioural", "fundamentals"]


def test_a_round_without_material_is_named_with_those_that_have_some() -> None:
    with pytest.raises(RoundUnknown) as raised:
        make_plan(CORPUS, wish(rounds=("fundamentals", "juggling")), None)
    assert raised.value.round == "juggling"
    assert {"fundamentals", DEEP_DIVE} <= set(raised.value.known)


def test_minutes_of_a_round_for_which_nothing_fits_go_to_the_others() -> None:
    some = {key: one for key, one in CORPUS.questions.items() if one.round != "fundamentals"}
    poor = Corpus(questions=some, chains={}, roles=CORPUS.roles, companies=CORPUS.companies)
    plan = make_plan(poor, wish(), None)
    assert {planned.round for planned in plan.rounds}.isdisjoint({"fundamentals", DEEP_DIVE})
    assert abs(sum(planned.minutes for planned in plan.rounds) - 45) < 0.05


def test_where_nothing_fits_it_says_so() -> None:
    with pytest.raises(PlanImpossible):
        make_plan(Corpus(roles=CORPUS.roles), wish(), None)


def test_a_company_adds_its_rounds_where_it_has_them_and_takes_none_of_the_role() -> None:
    for role, company in product(CORPUS.roles.values(), CORPUS.companies.values()):
        plan = make_plan(CORPUS, wish(role.id, company=company.id, minutes=120), None)
        held = [planned.round for planned in plan.rounds]
        assert {stage.round for stage in role.rounds} <= set(held)
        added = [stage.round for stage in company.stages if stage.round in rounds_with_material(CORPUS)]
        assert set(added) <= set(held)
        if "phone-screen" in added:
            assert held.index("phone-screen") == held.index("introduction") + 1


def coding(
    minutes: int, seniority: Seniority = Seniority.MID, *, seed: int = 7, before: tuple[str, ...] = ()
) -> list[str]:
    made_for = wish(seniority=seniority, rounds=("coding",), minutes=minutes, seed=seed)
    return ids(make_plan(CORPUS, made_for, None, asked_before=before))


def test_a_coding_round_fits_its_minutes_and_the_seniority() -> None:
    assert len(coding(30)) == 1
    assert len(coding(70)) == 2
    assert {CORPUS.problems[each].difficulty for seed in range(5) for each in coding(30, seed=seed)} == {2}
    assert CORPUS.problems[coding(30, Seniority.JUNIOR)[0]].difficulty == 1
    assert CORPUS.problems[coding(30, Seniority.SENIOR)[0]].difficulty == 3
    assert len({coding(30, seed=seed)[0] for seed in range(8)}) > 3


def test_a_problem_that_was_seen_comes_last_and_is_asked_rather_than_none() -> None:
    every = tuple(each for each in CORPUS.problems if "ml-engineer" in CORPUS.problems[each].roles)
    fresh = every[3]
    assert coding(30, before=tuple(each for each in every if each != fresh)) == [fresh]
    again = coding(70, before=every)
    assert again
    assert set(again) <= set(every)


def test_a_company_with_a_coding_round_gives_it_time_or_leaves_it_out() -> None:
    whole = make_plan(CORPUS, wish(company="oracle", minutes=60), None)
    planned = next(each for each in whole.rounds if each.round == "coding")
    assert planned.minutes == 12
    assert planned.questions[0].seconds >= 600
    assert abs(sum(each.minutes for each in whole.rounds) - 60) < 0.1
    short = make_plan(CORPUS, wish(company="oracle", minutes=20), None)
    assert "coding" not in [each.round for each in short.rounds]


TASKS = {"coding", "analytical", "staged-scenario", "high-level-design", "low-level-design", "case-study"}


def test_designs_cases_problems_and_tables_have_material() -> None:
    assert rounds_with_material(CORPUS) >= TASKS


@pytest.mark.parametrize("minutes", [30, 45, 60])
def test_no_round_of_a_default_plan_is_shorter_than_it_has_to_be(minutes: int) -> None:
    for role, company in product(CORPUS.roles.values(), CORPUS.companies.values()):
        plan = make_plan(CORPUS, wish(role.id, company=company.id, minutes=minutes), None)
        for planned in plan.rounds:
            assert planned.minutes >= rules_of(planned.round).worthwhile_minutes - 0.01
        assert DEEP_DIVE in {planned.round for planned in plan.rounds}
        if minutes >= 60 and {stage.round for stage in company.stages} & TASKS:
            assert {planned.round for planned in plan.rounds} & TASKS


def test_a_short_interview_has_no_design_rather_than_one_that_ends_at_once() -> None:
    plan = make_plan(CORPUS, wish(company="uber", minutes=15), None)
    assert not {planned.round for planned in plan.rounds} & TASKS
    chosen = make_plan(CORPUS, wish(company="uber", minutes=15, rounds=("high-level-design",)), None)
    assert [planned.minutes for planned in chosen.rounds] == [15]


def test_a_design_fills_its_round_and_one_heard_before_comes_last() -> None:
    made_for = wish(rounds=("high-level-design",), minutes=30)
    heard: list[str] = []
    for _ in range(5):
        (question,) = make_plan(CORPUS, made_for, None, asked_before=heard).questions
        assert question.question_id not in heard
        assert question.seconds == 30 * 60 * 0.85
        heard.append(question.question_id)


def test_several_tables_fit_a_long_round_and_none_answers_another() -> None:
    plan = make_plan(CORPUS, wish(rounds=("analytical",), minutes=60), None)
    assert len(ids(plan)) >= 4
    check(plan, wish(minutes=60), None)


def test_a_round_of_few_entries_gives_way_before_one_is_asked_again() -> None:
    made_for = wish(company="oracle", minutes=90)
    staged = {one.id for one in CORPUS.scenarios.values() if one.round == "staged-scenario"}
    assert "staged-scenario" in {planned.round for planned in make_plan(CORPUS, made_for, None).rounds}
    later = make_plan(CORPUS, made_for, None, asked_before=staged)
    assert "staged-scenario" not in {planned.round for planned in later.rounds}
    check(later, made_for, None)
    chosen = make_plan(CORPUS, replace(made_for, rounds=("staged-scenario",)), None, asked_before=staged)
    assert set(ids(chosen)) <= staged


# --- the job description ----------------------------------------------------------------------------------------------

JOB = """Senior Machine Learning Engineer

About us
We are a payments company. Equal opportunity employer.

What you'll do
- Build models that detect fraud in real time.
- Explain results to non-technical stakeholders.

Requirements:
- 5+ years of experience with Python and SQL
- Strong knowledge of gradient boosting (XGBoost, LightGBM)
- Experience with A/B testing
- Fine-tuning of large language models with LoRA is a plus
"""


def line_of(words: str) -> JobPlace:
    start = JOB.index(words)
    return JobPlace(start, JOB.index("\n", start))


def test_lines_of_the_job_are_tested_and_each_question_says_which() -> None:
    made_for = wish(rounds=("fundamentals",), minutes=30, job_description=JOB)
    plan = make_plan(CORPUS, made_for, None)
    tested = {place for question in plan.questions for place in question.tests}
    without = make_plan(CORPUS, replace(made_for, job_description=""), None)
    assert line_of("Strong knowledge of gradient boosting") in tested
    assert line_of("Experience with A/B testing") in tested
    assert all(question.tests == () for question in without.questions)
    for question in plan.questions:
        assert question.why.endswith("of the job description.") == bool(question.tests)


def test_what_the_company_says_of_itself_is_tested_by_nothing() -> None:
    asked = job_lines(CORPUS, JOB).asked
    assert {JOB[each.place.start : each.place.end] for each in asked} == {
        "Build models that detect fraud in real time.",
        "Explain results to non-technical stakeholders.",
        "5+ years of experience with Python and SQL",
        "Strong knowledge of gradient boosting (XGBoost, LightGBM)",
        "Experience with A/B testing",
        "Fine-tuning of large language models with LoRA is a plus",
    }


def test_a_claim_on_what_the_job_asks_for_goes_first() -> None:
    resume = a_resume_on("CNN", "LoRA")
    made_for = wish(rounds=(DEEP_DIVE,), minutes=6)
    assert ids(make_plan(CORPUS, made_for, resume)) == ["chains/cnn"]
    assert ids(make_plan(CORPUS, replace(made_for, job_description=JOB), resume)) == ["chains/lora"]


def test_every_phrase_leads_to_what_the_corpus_has() -> None:
    topics = {topic for entry in CORPUS.asked() for topic in entry.topics}
    rounds = {f"@{slug}" for slug in rounds_with_material(CORPUS)}
    assert set(topics_of_table()) <= topics | rounds


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400) | st.lists(st.sampled_from([*JOB.split(), "\n", "- ", "**", "<script>"])).map(" ".join))
def test_whatever_a_job_description_says_a_plan_is_made_and_points_into_it(text: str) -> None:
    made_for = wish(job_description=text, minutes=30)
    plan = make_plan(CORPUS, made_for, None)
    check(plan, made_for, None)
    for place in (place for question in plan.questions for place in question.tests):
        assert 0 <= place.start < place.end <= len(text)
        assert text[place.start : place.end].strip()
    assert not any(word in note for note in plan.notes for word in ("<script>", "**"))


def test_every_question_says_why_it_was_chosen_and_nothing_of_what_is_looked_for() -> None:
    for role, company in product(CORPUS.roles, ["neutral", "uber", "oracle"]):
        plan = make_plan(CORPUS, wish(role, company=company, minutes=60, job_description=JOB), a_resume())
        for question in plan.questions:
            assert question.why.endswith(".")
            rubric = CORPUS.rubric(question.question_id)
            for each in rubric.criteria:
                assert each.criterion.says.lower() not in question.why.lower()
                shown = {stem for text in each.criterion.shown_by for stem in content_stems(text)}
                assert len(content_stems(question.why) & shown) <= 4


# --- rounds and their minutes -------------------------------------------------------------------------------------------


def test_a_role_holds_its_tasks_by_default_where_the_minutes_allow() -> None:
    for role in CORPUS.roles:
        held = {planned.round for planned in make_plan(CORPUS, wish(role, minutes=60), None).rounds}
        assert "coding" in held
        assert held & (TASKS - {"coding"})
        short = make_plan(CORPUS, wish(role, minutes=30), None)
        assert "coding" not in {planned.round for planned in short.rounds}
        assert any(note.startswith("30 minutes leave no room for") and "Coding (12)" in note for note in short.notes)


@pytest.mark.parametrize("company", ["linkedin", "uber", "tesla", "deloitte", "huggingface", "oracle"])
def test_a_companys_short_coding_round_gets_the_least_or_is_left_out_with_a_word(company: str) -> None:
    for minutes in (20, 30, 45, 60, 90):
        plan = make_plan(CORPUS, wish(company=company, minutes=minutes), None)
        given = {planned.round: planned.minutes for planned in plan.rounds}
        lengthened = [note for note in plan.notes if note.startswith("Coding")]
        left_out = [note for note in plan.notes if "no room for" in note and "Coding (12)" in note]
        if "coding" in given:
            assert given["coding"] >= 12
            assert len(lengthened) == 1
            assert "too short" in lengthened[0]
            assert not left_out
        else:
            assert len(left_out) == 1
            assert not lengthened


@pytest.mark.parametrize("minutes", [9, 15, 20, 30, 45])
def test_a_short_interview_has_few_rounds_that_go_deep(minutes: int) -> None:
    for role in CORPUS.roles.values():
        plan = make_plan(CORPUS, wish(role.id, minutes=minutes), None)
        given = {planned.round: planned.minutes for planned in plan.rounds}
        named = {stage.round: stage.minutes for stage in role.rounds}
        assert given[DEEP_DIVE] >= max(5, minutes / 7)
        assert len(given) <= 2 + minutes / 7
        gone = [rules_of(slug).title for slug in named if slug not in given]
        (note,) = plan.notes
        assert [title for title in gone if f"{title} (" in note] == gone
        assert not [rules_of(slug).title for slug in given if f"{rules_of(slug).title} (" in note]


@pytest.mark.parametrize("role", sorted(CORPUS.roles))
def test_short_interviews_in_a_row_come_to_every_round_of_the_role(role: str) -> None:
    held: list[set[str]] = []
    heard: list[str] = []
    for number in range(6):
        plan = make_plan(CORPUS, wish(role, minutes=30, seed=number), None, asked_before=heard)
        held.append({planned.round for planned in plan.rounds})
        heard += ids(plan)
    assert set().union(*held) >= {stage.round for stage in CORPUS.roles[role].rounds}
    assert all(DEEP_DIVE in rounds for rounds in held)
    assert "coding" not in held[0]


def test_opening_and_close_go_before_the_second_round_of_substance() -> None:
    assert [each.round for each in make_plan(CORPUS, wish(minutes=10), None).rounds] == [DEEP_DIVE, "fundamentals"]
    assert [each.round for each in make_plan(CORPUS, wish(minutes=20), None).rounds] == [
        "introduction",
        DEEP_DIVE,
        "fundamentals",
        "candidate-questions",
    ]


def test_rounds_that_were_chosen_are_never_left_out_and_need_no_word() -> None:
    plan = make_plan(CORPUS, wish(rounds=("coding", "high-level-design"), minutes=10), None)
    assert [planned.round for planned in plan.rounds] == ["coding", "high-level-design"]
    assert plan.notes == ()


# --- one person, many interviews --------------------------------------------------------------------------------------------


def rooms(plan: Plan, made_for: Wish, heard: set[str]) -> list[str]:
    """Questions that nobody has asked and that would fit a round in which one was asked again."""
    asked = ids(plan)
    found = []
    for planned in plan.rounds:
        if not heard.intersection(question.question_id for question in planned.questions):
            continue
        for entry in CORPUS.asked():
            slug = DEEP_DIVE if isinstance(entry, Chain) else entry.round
            fits = made_for.role in entry.roles and made_for.seniority in entry.seniority
            if slug != planned.round or not fits or entry.id in heard or entry.id in asked:
                continue
            if isinstance(entry, Chain):
                if entry.any_project:
                    found.append(entry.id)
            elif not set(entry.enemies) & set(asked) and not any(
                entry.id in getattr(CORPUS.entry(each), "enemies", ()) for each in asked
            ):
                found.append(entry.id)
    return found


@settings(deadline=None, max_examples=40)
@given(
    role=st.sampled_from(sorted(CORPUS.roles)),
    seniority=st.sampled_from(Seniority),
    companies=st.lists(st.sampled_from(["neutral", *sorted(CORPUS.companies)]), min_size=2, max_size=6),
    minutes=st.sampled_from([15, 30, 45, 90]),
    resume=st.sampled_from(RESUMES),
    seed=st.integers(0, 10_000),
    share=st.floats(0, 1),
    luck=st.randoms(use_true_random=False),
)
def test_no_question_comes_twice_to_one_person_until_the_bank_is_used_up(
    role: str,
    seniority: Seniority,
    companies: list[str],
    minutes: int,
    resume: Resume | None,
    seed: int,
    share: float,
    luck: Random,
) -> None:
    everything = sorted(entry.id for entry in CORPUS.asked())
    heard = set(luck.sample(everything, int(share * len(everything))))
    for number, company in enumerate(companies):
        made_for = Wish(role, seniority, company, minutes, seed + number)
        plan = make_plan(CORPUS, made_for, resume, asked_before=heard)
        again = heard & set(ids(plan))
        assert not again or rooms(plan, made_for, heard) == []
        for question in plan.questions:
            assert ("heard it before" in question.why) == (question.question_id in heard)
        heard |= set(ids(plan))


def test_a_chain_on_any_project_comes_before_one_that_was_heard() -> None:
    resume = a_resume_on("LoRA")
    made_for = wish(rounds=(DEEP_DIVE,), minutes=8)
    assert ids(make_plan(CORPUS, made_for, resume)) == ["chains/lora"]
    (later,) = make_plan(CORPUS, made_for, resume, asked_before={"chains/lora"}).questions
    assert CORPUS.chains[later.question_id].any_project
    assert later.claim is not None


def test_what_another_interview_of_a_loop_has_is_never_planned() -> None:
    made_for = wish(rounds=("introduction", "behavioural", DEEP_DIVE), minutes=40)
    first = set(ids(make_plan(CORPUS, made_for, a_resume_on("LoRA"))))
    second = set(ids(make_plan(CORPUS, made_for, a_resume_on("LoRA"), excluded=first)))
    assert second
    assert not first & second
    every = {entry.id for entry in CORPUS.asked()}
    with pytest.raises(PlanImpossible):
        make_plan(CORPUS, made_for, None, excluded=every)


@pytest.mark.parametrize(
    ("claim", "chain"),
    [
        (
            "Built a retrieval-augmented assistant over 400,000 contracts with hybrid search and a reranker",
            "chains/rag",
        ),
        ("A retrieval augmented bot for nurses", "chains/rag"),
        ("Hybrid search (BM25 and embeddings) over a catalogue of 90,000 spare parts", "chains/semantic-search"),
        ("Question answering over documents with LlamaIndex for 300 lawyers", "chains/rag"),
        ("Semantic search over 2 million products with FAISS", "chains/semantic-search"),
        ("Intent classification for a call centre, 40 intents", "chains/text-classification"),
        ("Image classification of 12 weeds on a drone", "chains/cnn"),
        ("Served the ranking model with ONNX Runtime at 8 ms", "chains/model-serving"),
    ],
)
def test_a_claim_opens_the_chain_on_what_it_did(claim: str, chain: str) -> None:
    found = CORPUS.chain_for(claim)
    assert found is not None
    assert found.id == chain
