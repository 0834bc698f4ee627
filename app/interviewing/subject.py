"""One view over what can be asked about: a question, a chain on a claim of the resume, a scenario, a coding problem, a table.

Pure. The director sees subjects only, so that it need not know which of them it is working through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.interview import Claim, Interview, PlannedQuestion
from app.domain.score import CriterionKind
from app.domain.transcript import Exhibit
from app.exercises.tables import table_for
from app.interviewing.phrases.about_code import TALK_THROUGH
from app.interviewing.phrases.onwards import UNASKED
from app.interviewing.rounds.catalog import rules_of
from app.material.corpus import Corpus, drawn_numbers
from app.material.entries import Chain, Clarification, Criterion, Misconception, Question, Rung, Slot, SlotCheck
from app.material.tasks import CURVEBALL, Analytics, Derived, Fact, Problem, Scenario

CURVEBALL_S = (90, 300)
"""Least and most that is kept for a curveball: the corpus gives its stages seconds, and the curveball what is left."""
STAGE_LEFT_AFTER = 3
"""Fruitless answers on one part of a scenario or a table: its opening and two probes, so that what was skipped is asked for."""
FOLLOW_UP = "follow-up"
"""The part of a problem that changes it."""
FOLLOW_UP_S = 120
HEARD_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """Something asked aloud with the criteria it opens: an opening, a rung, a stage, a curveball, a follow-up, a question about a table."""

    id: str
    """Of the rung, the stage or the question about a table; empty for a question and for a scenario's opening."""
    ask: str
    """Complete words, with the claim and the drawn numbers filled in."""
    criteria: tuple[Criterion, ...]
    seconds: int
    priority: int
    """1 is kept when time is short, 3 is dropped first."""
    otherwise: str = ""
    """Words for where the rung's condition fails; empty where it is then left out."""
    after: tuple[str, ...] = ()
    """Criteria that must be closed before this may be asked."""
    rung: Rung | None = None
    owed_s: int = 0
    """Seconds of the question's budget that earlier parts must leave for it; 0 where it is asked if there happens to be time."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A planned question with all that the director may do about it."""

    question_id: str
    round: str
    seconds: int
    parts: tuple[Part, ...]
    misconceptions: tuple[Misconception, ...]
    clarifications: tuple[Clarification, ...]
    claim: Claim | None = None
    topics: tuple[str, ...] = ()
    leave_after: int = 2
    """Fruitless answers in a row after which the subject is left or turned to what can be answered."""
    leave_says: str = ""
    leave_to: str = ""
    """Part that a stuck candidate is led to; empty where there is none."""
    staged: bool = False
    """Each part stands by itself: it has follow-ups of its own, and one that leads nowhere ends only itself."""
    facts: tuple[Fact, ...] = ()
    """Told to those who ask."""
    derived: tuple[Derived, ...] = ()
    table: Exhibit | None = None
    """Laid before the candidate with the opening."""
    editor: str = ""
    """Language of the code that it is answered with; empty where words are all."""
    without_tests: str = ""
    """Why code cannot be run now; empty where it can, or where there is none."""
    task: str = ""
    """What has to be said before a part that is not the first, where it is asked first; empty where nothing has."""
    drill: bool = False
    """Only some of the entry's criteria are here, and each of them is asked for, whatever its kind."""
    slots: tuple[Slot, ...] = ()
    """Facts of the candidate's project that a chain would like to know."""
    checks: tuple[SlotCheck, ...] = ()
    """Sums over these, asked about where they do not come out."""
    otherwise: tuple[str, ...] = ()
    """The opening in other words, for whoever did not understand it."""
    difficulty: int = 0
    """1 to 5; 0 for a chain, which goes as deep as it is answered, and in rounds that keep their order."""

    def part(self, part_id: str) -> Part:
        """The part of that id; KeyError if there is none."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria of all parts, in order."""
        return tuple(criterion for part in self.parts for criterion in part.criteria)


def subject_for(corpus: Corpus, interview: Interview, planned: PlannedQuestion) -> Subject:
    """The subject of a planned question; KeyError where the corpus has no such entry."""
    subject = _whole(corpus, interview, planned)
    if not planned.focus:
        return subject
    return in_focus(subject, planned.focus)


def _whole(corpus: Corpus, interview: Interview, planned: PlannedQuestion) -> Subject:
    if planned.question_id in corpus.chains:
        return _of_chain(corpus.chains[planned.question_id], interview, planned)
    if planned.question_id in corpus.scenarios:
        return _of_scenario(corpus.scenarios[planned.question_id], interview, planned)
    if planned.question_id in corpus.analytics:
        return _of_analytics(corpus.analytics[planned.question_id], interview, planned)
    if planned.question_id in corpus.problems:
        return _of_problem(corpus.problems[planned.question_id], planned)
    return _of_question(corpus.questions[planned.question_id], interview, planned)


def in_focus(subject: Subject, focus: Collection[str]) -> Subject:
    """The subject with these criteria alone: the parts that open one of them, the first of them led up to by the task and its facts.

    What had to come before, or to be closed first, holds among these criteria only.
    """
    kept = []
    for part in subject.parts:
        criteria = tuple(
            each.model_copy(update={"after": tuple(one for one in each.after if one in focus)})
            for each in part.criteria
            if each.id in focus
        )
        if criteria:
            kept.append(replace(part, criteria=criteria, after=(), rung=None, owed_s=0, priority=1))
    opening = subject.parts[0]
    if not kept:
        return replace(subject, parts=(replace(opening, criteria=()),), misconceptions=(), drill=True)
    first = kept[0]
    if first.id != opening.id:
        words = (subject.task, _volunteered(subject, first.id), first.ask)
        first = replace(first, ask=" ".join(filter(None, words)))
    return replace(
        subject,
        parts=(first, *kept[1:]),
        misconceptions=tuple(each for each in subject.misconceptions if each.spoils in focus),
        # Each criterion is asked for once, and then it is over: what was missed before may be missed again.
        leave_after=len(kept) + len(focus) + 1,
        leave_to="",
        # They come in the order in which they are due, whatever was shown.
        difficulty=0,
        drill=True,
    )


def _volunteered(subject: Subject, part_id: str) -> str:
    """What a stage tells before it asks."""
    replies = [fact.reply for fact in subject.facts if fact.volunteer_at == part_id]
    return " ".join([UNASKED.usual, *replies]) if replies else ""


def _worded(plain: str, entry: Question | Scenario, interview: Interview, planned: PlannedQuestion) -> str:
    """The opening as this interview has it: the planned parallel case, the company's own, the rewording, or the plain one."""
    if 0 < planned.parallel <= len(entry.parallel):
        return entry.parallel[planned.parallel - 1]
    if interview.company in entry.lenses:
        return entry.lenses[interview.company]
    if 0 < planned.wording <= len(entry.rewordings):
        return entry.rewordings[planned.wording - 1]
    return plain


def _other_words(spoken: str, question: Question, planned: PlannedQuestion) -> tuple[str, ...]:
    """The same case as was opened with, in other words; none of a parallel case, which has one wording."""
    if 0 < planned.parallel <= len(question.parallel):
        return ()
    return tuple(each for each in (question.ask, *question.rewordings) if each != spoken)


def _of_question(question: Question, interview: Interview, planned: PlannedQuestion) -> Subject:
    ask = _worded(question.ask, question, interview, planned)
    return Subject(
        question_id=question.id,
        topics=tuple(question.topics),
        round=question.round,
        difficulty=0 if rules_of(question.round).keeps_order else question.difficulty,
        seconds=planned.seconds,
        parts=(Part("", ask, tuple(question.criteria), planned.seconds, 1),),
        misconceptions=tuple(question.misconceptions),
        clarifications=tuple(question.clarifications),
        otherwise=_other_words(ask, question, planned),
    )


def _of_chain(chain: Chain, interview: Interview, planned: PlannedQuestion) -> Subject:
    parts = []
    for rung in chain.rungs:
        if rung.roles and interview.role not in rung.roles:
            continue
        if rung.seniority and interview.seniority not in rung.seniority:
            continue
        drawn = drawn_numbers(interview.seed, chain.id, rung.id, rung.draw)
        otherwise = _filled(rung.ask_otherwise or "", planned.claim, drawn)
        ask = _filled(rung.ask, planned.claim, drawn) or otherwise
        if ask:
            parts.append(
                Part(
                    rung.id,
                    ask,
                    tuple(_spoken(criterion, planned.claim, drawn) for criterion in rung.criteria),
                    rung.seconds,
                    rung.priority,
                    otherwise=otherwise,
                    after=tuple(rung.after),
                    rung=rung,
                )
            )
    return Subject(
        question_id=chain.id,
        topics=tuple(chain.topics),
        round="project-deep-dive",
        seconds=planned.seconds,
        parts=tuple(parts),
        misconceptions=tuple(
            each.model_copy(update={"challenge": _filled(each.challenge, planned.claim, {}) or each.challenge})
            for each in chain.misconceptions
        ),
        clarifications=(),
        claim=planned.claim,
        task=f'Your resume says "{planned.claim.text.strip().rstrip(".")}".' if planned.claim else "",
        leave_after=chain.leave.after_rungs_with_nothing_shown if chain.leave else 2,
        leave_says=chain.leave.says if chain.leave else "",
        leave_to=chain.leave.to if chain.leave else "",
        slots=tuple(chain.slots),
        checks=tuple(chain.checks),
    )


def _of_scenario(scenario: Scenario, interview: Interview, planned: PlannedQuestion) -> Subject:
    """The opening, then the stages in their order, the curveball after the stage that it follows."""

    def opened_by(part_id: str) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in scenario.criteria if scenario.part_of(criterion.id) == part_id)

    opening = _worded(scenario.opening, scenario, interview, planned)
    parts = [Part("", opening, opened_by(""), scenario.seconds.first_answer, 1)]
    for stage in scenario.stages:
        parts.append(Part(stage.id, stage.ask, opened_by(stage.id), stage.seconds, stage.priority))
        if scenario.curveball is not None and scenario.curveball.at == stage.id:
            unspent_s = scenario.seconds.whole - scenario.seconds.first_answer - sum(s.seconds for s in scenario.stages)
            seconds = min(max(unspent_s, CURVEBALL_S[0]), CURVEBALL_S[1])
            parts.append(Part(CURVEBALL, scenario.curveball.says, opened_by(CURVEBALL), seconds, 2))
    return Subject(
        question_id=scenario.id,
        topics=tuple(scenario.topics),
        round=scenario.round,
        difficulty=scenario.difficulty,
        seconds=planned.seconds,
        parts=_owed(parts, planned.seconds),
        misconceptions=tuple(scenario.misconceptions),
        clarifications=tuple(scenario.clarifications),
        task=opening,
        leave_after=STAGE_LEFT_AFTER,
        staged=True,
        facts=tuple(scenario.facts),
        derived=tuple(scenario.derived),
    )


def _of_analytics(exercise: Analytics, interview: Interview, planned: PlannedQuestion) -> Subject:
    """The questions in their order, the first one after the opening, and the table of the interview's seed."""
    table = table_for(exercise.id, exercise.table, exercise.parameters, interview.seed)
    first, *rest = exercise.questions
    parts = [Part(first.id, f"{exercise.opening} {first.ask}", tuple(first.criteria), first.seconds, 1)]
    parts += [Part(each.id, each.ask, tuple(each.criteria), each.seconds, 1) for each in rest]
    return Subject(
        question_id=exercise.id,
        topics=tuple(exercise.topics),
        round=exercise.round,
        difficulty=exercise.difficulty,
        seconds=planned.seconds,
        parts=_owed(parts, planned.seconds),
        misconceptions=tuple(exercise.misconceptions),
        clarifications=(),
        task=exercise.opening,
        leave_after=STAGE_LEFT_AFTER,
        staged=True,
        table=Exhibit(exercise.title, table.columns, table.rows),
    )


def _owed(parts: Sequence[Part], budget_s: int) -> tuple[Part, ...]:
    """The parts, those of priority 1 with their share of the budget: all of it where there is enough for all of them."""
    wanted_s = sum(part.seconds for part in parts if part.priority == 1)
    share = min(1.0, budget_s / max(1, wanted_s))
    return tuple(replace(part, owed_s=int(part.seconds * share)) if part.priority == 1 else part for part in parts)


def _of_problem(problem: Problem, planned: PlannedQuestion) -> Subject:
    """The problem, then its follow-up once the tests are settled.

    The problem's hints stand before those of the criterion that the tests decide.
    """
    tested = tuple(each.id for each in problem.criteria if each.evidence == "tests")
    criteria = tuple(
        each.model_copy(update={"hints": (*problem.hints, *each.hints)}) if each.id in tested else each
        for each in problem.criteria
    )
    parts = [Part("", problem.ask, criteria, planned.seconds, 1)]
    if problem.follow_up is not None:
        change = problem.follow_up
        parts.append(Part(FOLLOW_UP, change.ask, tuple(change.criteria), FOLLOW_UP_S, 2, after=tested))
    return Subject(
        question_id=problem.id,
        topics=tuple(problem.topics),
        round=problem.round,
        difficulty=problem.difficulty,
        seconds=planned.seconds,
        parts=tuple(parts),
        misconceptions=tuple(problem.misconceptions),
        clarifications=tuple(problem.clarifications),
        task=problem.ask,
        staged=True,
        editor=problem.language,
    )


def talked_through(subject: Subject, why_not: str) -> Subject:
    """The subject of a problem whose code cannot be run now: what is asked says so."""
    first = subject.parts[0]
    return replace(
        subject,
        without_tests=why_not,
        parts=(replace(first, ask=f"{first.ask} {TALK_THROUGH.usual}"), *subject.parts[1:]),
    )


def _spoken(criterion: Criterion, claim: Claim | None, drawn: Mapping[str, float]) -> Criterion:
    """The criterion with its probe, hints and press as they are said in this interview."""

    def said(words: str) -> str:
        return _filled(words, claim, drawn) or words

    press = criterion.press
    return criterion.model_copy(
        update={
            "probe": said(criterion.probe),
            "hints": tuple(hint.model_copy(update={"says": said(hint.says)}) for hint in criterion.hints),
            "press": press.model_copy(update={"says": said(press.says)}) if press is not None else None,
        }
    )


def _filled(words: str, claim: Claim | None, drawn: Mapping[str, float]) -> str:
    """The words with the claim and the drawn numbers in place of their names; "" where a name is not known."""
    known = {name: _plain(value) for name, value in drawn.items()}
    if claim is not None:
        known["claim"] = claim.text.strip().rstrip(".")
    if template_names(words) - set(known):
        return ""
    for name, value in known.items():
        words = words.replace("{" + name + "}", value)
    return words


def template_names(words: str) -> frozenset[str]:
    """Names in single braces: `{rank}`."""
    names: set[str] = set()
    rest = words
    while "{" in rest and "}" in rest:
        _, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        names.add(name)
    return frozenset(names)


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def kind_of(criterion: Criterion, interview: Interview, heard: frozenset[str] = HEARD_NOTHING) -> CriterionKind:
    """What the criterion is worth for this role and seniority."""
    return CriterionKind(criterion.kind_for(interview.seniority, interview.role, heard))
