"""Role, level, company, minutes, job description and resume to a plan of rounds and questions. Pure: the same seed gives the same plan."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import PlanImpossible
from app.domain.interview import Interview, JobPlace, Plan, PlannedQuestion, PlannedRound, Seniority
from app.domain.resume import Resume
from app.interviewing.chain_planning import ChainWish, plan_chains
from app.interviewing.job_lines import JobLines, job_lines
from app.interviewing.round_minutes import is_greedy, share_minutes
from app.interviewing.rounds.catalog import rules_of
from app.material.corpus import Corpus
from app.material.entries import Chain, Question
from app.material.tasks import Analytics, Problem, Scenario

Askable = Question | Scenario | Problem | Analytics
"""What a round that follows no chains picks from."""

INTRODUCTION = "introduction"
"""Its questions keep their order: the candidate's own story comes first."""
FITTING_DIFFICULTY = {Seniority.JUNIOR: 1, Seniority.MID: 2, Seniority.SENIOR: 3, Seniority.STAFF: 3}
"""Of the coding problem that is asked first, where there is time for it."""
SPEAKING_SHARE = 0.85
"""Part of a round's minutes that questions may fill; the rest goes to openings and goodbyes."""
CHOSEN = "You put it into the plan."
RESERVED = "A reserve: it is asked only where the round has time left."
MOST_RESERVES = 6
"""Of a round; of designs, cases, problems and tables two. People take minutes for a question, so that most are never reached."""
MOST_LONG_RESERVES = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person who sets up an interview asked for."""

    role: str
    seniority: Seniority
    company: str
    minutes: int
    seed: int
    rounds: tuple[str, ...] = ()
    """Slugs in order; empty for what role and company suggest."""
    job_description: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Questions that this person has met, by id."""

    heard: frozenset[str] = frozenset()
    """In other interviews: asked again only when nothing else fits."""
    excluded: frozenset[str] = frozenset()
    """Never asked here: another interview of the same loop has them."""


def make_plan(
    corpus: Corpus,
    wish: Wish,
    resume: Resume | None,
    *,
    asked_before: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Plan:
    """A plan in which every round has at least one question and no two questions are enemies.

    `asked_before` are ids that this person has heard: used only when nothing else fits. `excluded` are not used at all.

    Raises:
        RoundUnknown: a wished round has no material.
        PlanImpossible: nothing in the corpus fits role and seniority.
    """
    known = Known(frozenset(asked_before), frozenset(excluded))
    job = job_lines(corpus, wish.job_description)
    heard = Counter(each.round for each in askable(corpus) if each.id in known.heard)
    without: list[str] = []
    while True:
        shared = share_minutes(
            corpus, wish.role, wish.company, wish.minutes, chosen=wish.rounds, without=without, heard=heard
        )
        rounds, empty = _rounds(
            corpus, wish, resume, known, job, [(each.round, each.minutes) for each in shared.rounds]
        )
        if not empty:
            break
        # The minutes of a round for which nothing fits go to the others.
        without += empty
    if not rounds:
        raise PlanImpossible(role=wish.role, seniority=str(wish.seniority))
    notes = [
        f"{rules_of(slug).title} is left out: there is nothing for it that fits and that you have not heard."
        for slug in without
    ]
    return Plan(tuple(rounds), (*shared.notes, *notes))


def explained(corpus: Corpus, interview: Interview, question_id: str) -> tuple[str, tuple[JobPlace, ...]]:
    """Why a question stands in a plan that its candidate has edited, and the lines of the job description that it tests."""
    entry = corpus.entry(question_id)
    round_slug = corpus.rubric(question_id).round
    tests = job_lines(corpus, interview.job_description).tested_by(entry.topics, round_slug, question_id)
    return _with_lines(CHOSEN, tests), tests


def _rounds(
    corpus: Corpus,
    wish: Wish,
    resume: Resume | None,
    known: Known,
    job: JobLines,
    shared: Sequence[tuple[str, float]],
) -> tuple[list[PlannedRound], list[str]]:
    """Rounds with their questions, and the slugs of those that nothing was found for."""
    generator = random.Random(wish.seed)  # noqa: S311 - a plan, not a secret
    rounds: list[PlannedRound] = []
    empty: list[str] = []
    picker = _Picker(corpus, wish, known, job, generator)
    for slug, minutes in shared:
        budget_s = minutes * 60 * SPEAKING_SHARE
        if rules_of(slug).follows_chains:
            chains = ChainWish(wish.role, wish.seniority, budget_s, known.heard, known.excluded, job)
            questions = plan_chains(corpus, chains, resume)
            picker.took(questions)
        else:
            questions = picker.pick(slug, budget_s)
        heard_all = all(question.question_id in known.heard for question in questions)
        if questions and heard_all and not wish.rounds and is_greedy(slug):
            questions = ()  # Few entries fill such a round: it gives way before one of them is asked again.
        if questions:
            rounds.append(PlannedRound(slug, minutes, questions))
        else:
            empty.append(slug)
    if not empty:  # Only then is this the plan that is kept.
        rounds = [_with_reserve(corpus, wish, resume, picker, planned) for planned in rounds]
    return rounds, empty


def _with_reserve(
    corpus: Corpus, wish: Wish, resume: Resume | None, picker: _Picker, planned: PlannedRound
) -> PlannedRound:
    """The round with questions that it may draw on where it has time left, none of them ever asked before."""
    rules = rules_of(planned.round)
    if rules.answers_questions:
        return planned
    if not rules.follows_chains:
        return replace(planned, reserve=picker.reserve(planned.round, planned.minutes * 60))
    known = picker.known_to_all
    room_s = MOST_RESERVES * planned.minutes * 60
    chains = ChainWish(wish.role, wish.seniority, room_s, known.heard, known.excluded, picker.job)
    taken = {each.claim for each in planned.questions}
    found = [
        replace(each, why=RESERVED, seconds=int(min(each.seconds, planned.minutes * 60)))
        for each in plan_chains(corpus, chains, resume)
        if each.question_id not in known.heard and each.claim not in taken
    ]
    picker.took(found)
    return replace(planned, reserve=tuple(found[:MOST_RESERVES]))


def askable(corpus: Corpus) -> Iterator[Askable]:
    """Everything but chains that an interview can ask."""
    return (entry for entry in corpus.asked() if not isinstance(entry, Chain))


def are_enemies(corpus: Corpus, question_id: str, others: Sequence[str]) -> bool:
    """Whether an entry gives one of the others away, or is given away by one."""
    entry = corpus.entry(question_id)
    return not isinstance(entry, Chain) and _hostile(corpus, entry, others)


def can_be_asked(corpus: Corpus, question_id: str) -> bool:
    """Whether a plan may name this entry."""
    return any(entry.id == question_id for entry in corpus.asked())


class _Picker:
    """Picks the questions of one plan, round after round."""

    def __init__(self, corpus: Corpus, wish: Wish, known: Known, job: JobLines, generator: random.Random) -> None:
        self._corpus = corpus
        self._wish = wish
        self._known = known
        self._job = job
        self._generator = generator
        self._chosen: list[str] = []
        self._tested: set[JobPlace] = set()
        self._of_role = {stage.round for stage in corpus.roles[wish.role].rounds}

    def took(self, questions: Sequence[PlannedQuestion]) -> None:
        """Notes what was planned elsewhere."""
        self._chosen += [each.question_id for each in questions]
        self._tested |= {place for each in questions for place in each.tests}

    @property
    def job(self) -> JobLines:
        """Lines of the job description."""
        return self._job

    @property
    def known_to_all(self) -> Known:
        """What may not be reserved: everything heard, excluded or planned."""
        return Known(self._known.heard, self._known.excluded | frozenset(self._chosen))

    def reserve(self, slug: str, room_s: float) -> tuple[PlannedQuestion, ...]:
        """Questions for a round of so many seconds, unheard and no enemies of anything in the plan."""
        most = MOST_LONG_RESERVES if is_greedy(slug) else MOST_RESERVES
        found: list[PlannedQuestion] = []
        for question in self._fitting(slug):
            unfit = question.id in self._known.heard or question.id in self._chosen
            if unfit or _hostile(self._corpus, question, self._chosen):
                continue
            seconds = int(min(question.seconds.whole, room_s))
            found.append(PlannedQuestion(question.id, seconds, why=RESERVED, tests=self._tests(question)))
            self._chosen.append(question.id)
            if len(found) == most:
                break
        return tuple(found)

    def pick(self, slug: str, budget_s: float) -> tuple[PlannedQuestion, ...]:
        """Questions that fill a round's time, in the order in which they are asked."""
        fitting = self._fitting(slug)
        place = {question.id: number for number, question in enumerate(fitting)}
        wanted = _Wanted.of(self._corpus, self._wish, (*self._known.heard, *self._known.excluded, *self._chosen))
        picked: list[PlannedQuestion] = []
        topics: set[str] = set()
        left_s = budget_s

        def worth(question: Askable) -> tuple[int, ...]:
            """Less is better: unheard, of a fresh topic, on lines of the job and skills not tested yet, on what is emphasised.

            A problem: unheard, one that the time holds, of a fresh topic, as hard as the seniority asks. Then as shuffled.
            """
            heard, known_topic = question.id in self._known.heard, bool(topics & set(question.topics[:1]))
            lines = -min(2, len(set(self._tests(question)) - self._tested))
            if slug == INTRODUCTION:
                return (heard, place[question.id])
            if isinstance(question, Problem):
                too_long = question.seconds.first_answer > left_s
                off = abs(question.difficulty - FITTING_DIFFICULTY[self._wish.seniority])
                return (heard, too_long, known_topic, off, lines, place[question.id])
            needs: list[int] = [not wanted.untested(question), -wanted.emphasis(question)]
            if slug not in self._of_role:
                needs.reverse()  # A round that the company adds is about the company first.
            return (heard, known_topic, lines, *needs, place[question.id])

        while True:
            taken = [*self._chosen, *(one.question_id for one in picked)]
            eligible = [
                question
                for question in fitting
                if question.id not in taken
                and (not picked or question.seconds.whole <= left_s)
                # Time to spare is no reason to ask again what was asked in another interview.
                and not (picked and question.id in self._known.heard and picked[0].question_id not in self._known.heard)
                and not _hostile(self._corpus, question, taken)
            ]
            if not eligible:
                self._chosen += [one.question_id for one in picked]
                return tuple(picked)
            question = min(eligible, key=worth)
            wording = self._generator.randrange(
                1 + (len(question.rewordings) if isinstance(question, Question | Scenario) else 0)
            )
            seconds = int(min(question.seconds.whole, max(budget_s, 60)))
            tests = self._tests(question)
            why = self._why(question, slug, wanted, tests)
            picked.append(PlannedQuestion(question.id, seconds, wording, why=why, tests=tests))
            topics |= set(question.topics[:1])
            wanted.test(question)
            self._tested |= set(tests)
            left_s -= question.seconds.whole

    def _fitting(self, slug: str) -> list[Askable]:
        fitting = [
            question
            for question in askable(self._corpus)
            if question.round == slug
            and self._wish.role in question.roles
            and self._wish.seniority in question.seniority
            and question.id not in self._known.excluded
        ]
        fitting.sort(key=lambda question: question.id)
        if slug != INTRODUCTION:
            self._generator.shuffle(fitting)
        return fitting

    def _tests(self, question: Askable) -> tuple[JobPlace, ...]:
        return self._job.tested_by(question.topics, question.round, question.id)

    def _why(self, question: Askable, slug: str, wanted: _Wanted, tests: tuple[JobPlace, ...]) -> str:
        if question.id in self._known.heard:
            return "You have heard it before: nothing else that fits was left."
        if slug == INTRODUCTION:
            return "Your own story comes first."
        skill = wanted.untested_skill(question)
        company = self._corpus.companies.get(self._wish.company)
        if isinstance(question, Problem):
            because = f"A problem whose difficulty ({question.difficulty} of 5) suits the seniority and the time."
        elif skill:
            because = f"It tests a skill of the role that nothing has tested yet: {skill}."
        elif company is not None and set(company.emphases) & set(question.topics):
            because = f"It is on something that matters at {company.name}."
        elif wanted.emphasis(question):
            because = "It is on something that matters in this role."
        elif slug not in self._of_role:
            because = "It fits a round that this company holds." if company is not None else "It fits the round."
        else:
            because = "It is on a topic that this plan does not have yet."
        return _with_lines(because, tests)


def _with_lines(because: str, tests: Sequence[JobPlace]) -> str:
    if not tests:
        return because
    return f"{because} It tests {'a line' if len(tests) == 1 else f'{len(tests)} lines'} of the job description."


class _Wanted:
    """What a person of this role should be asked about next: skills that nothing tested yet, then emphases."""

    def __init__(self, skills: list[tuple[str, frozenset[str]]], emphases: frozenset[str]) -> None:
        self._skills = skills
        self._emphases = emphases

    @classmethod
    def of(cls, corpus: Corpus, wish: Wish, heard: Collection[str]) -> _Wanted:
        role = corpus.roles[wish.role]
        company = corpus.companies.get(wish.company)
        emphases = frozenset(role.emphases) | (frozenset(company.emphases) if company is not None else frozenset())
        known = {each.id: each for each in corpus.asked()} if heard else {}
        tested = {topic for each in heard if each in known for topic in known[each].topics}
        untested = [(each.name, frozenset(each.topics)) for each in role.skills if not tested & set(each.topics)]
        return cls(untested, emphases)

    def untested(self, question: Askable) -> bool:
        return bool(self.untested_skill(question))

    def untested_skill(self, question: Askable) -> str:
        """Name of a skill that the question would be the first to test; "" where there is none."""
        return next((name for name, topics in self._skills if topics & set(question.topics)), "")

    def emphasis(self, question: Askable) -> int:
        return min(2, len(self._emphases & set(question.topics)))

    def test(self, question: Askable) -> None:
        self._skills = [(name, topics) for name, topics in self._skills if not topics & set(question.topics)]


def _hostile(corpus: Corpus, question: Askable, taken: Sequence[str]) -> bool:
    """Whether it answers, or is answered by, one already chosen."""
    if set(question.enemies) & set(taken):
        return True
    others = (corpus.entry(other) for other in taken)
    return any(question.id in other.enemies for other in others if not isinstance(other, Chain))
