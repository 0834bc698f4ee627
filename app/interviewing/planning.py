"""Role, level, company, minutes and resume to a plan of rounds and questions. Pure: the same seed gives the same plan."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.domain.errors import PlanImpossible, RoundUnknown
from app.domain.interview import Claim, Plan, PlannedQuestion, PlannedRound, Seniority
from app.domain.resume import Resume
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.rounds.rules import SHORTEST_ROUND_MIN
from app.material.corpus import DEEP_DIVE, Corpus
from app.material.entries import Chain, Question
from app.material.tasks import Analytics, Problem, Scenario

Askable = Question | Scenario | Problem | Analytics
"""What a round that follows no chains picks from."""

INTRODUCTION = "introduction"
"""Its questions keep their order: the candidate's own story comes first."""
LEAST_FOR_A_CHAIN_S = 240
FIRST_CHAIN_SHARE = 0.6
FREE_SHARE = 0.2
"""Part of the minutes that no round needs for itself: otherwise only one of designs, cases and tables stays in a plan."""
FITTING_DIFFICULTY = {Seniority.JUNIOR: 1, Seniority.MID: 2, Seniority.SENIOR: 3, Seniority.STAFF: 3}
"""Of the coding problem that is asked first, where there is time for it."""
SPEAKING_SHARE = 0.85
"""Part of a round's minutes that questions may fill; the rest goes to openings and goodbyes."""


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


def make_plan(corpus: Corpus, wish: Wish, resume: Resume | None, *, asked_before: Collection[str] = ()) -> Plan:
    """A plan in which every round has at least one question and no two questions are enemies.

    `asked_before` are ids that this person has heard: used only when nothing else fits.

    Raises:
        RoundUnknown: a wished round has no material.
        PlanImpossible: nothing in the corpus fits role and seniority.
    """
    without: set[str] = set()
    while True:
        rounds, empty = _rounds(corpus, wish, resume, frozenset(asked_before), without)
        if not empty:
            break
        # The minutes of a round for which nothing fits go to the others.
        without |= empty
    if not rounds:
        raise PlanImpossible(role=wish.role, seniority=str(wish.seniority))
    return Plan(tuple(rounds))


def _rounds(
    corpus: Corpus, wish: Wish, resume: Resume | None, asked_before: frozenset[str], without: Collection[str]
) -> tuple[list[PlannedRound], set[str]]:
    """Rounds with their questions, and the slugs of those that nothing was found for."""
    generator = random.Random(wish.seed)  # noqa: S311 - a plan, not a secret
    chosen: list[str] = []
    rounds: list[PlannedRound] = []
    empty: set[str] = set()
    for slug, minutes in _minutes(corpus, wish, without):
        budget_s = minutes * 60 * SPEAKING_SHARE
        if rules_of(slug).follows_chains:
            questions = _chains(corpus, wish, resume, budget_s, asked_before)
        else:
            questions = _questions(corpus, wish, slug, budget_s, generator, chosen, asked_before)
        heard_all = all(question.question_id in asked_before for question in questions)
        if questions and heard_all and not wish.rounds and _is_greedy(slug):
            questions = ()  # Few entries fill such a round: it gives way before one of them is asked again.
        chosen.extend(question.question_id for question in questions)
        if questions:
            rounds.append(PlannedRound(slug, minutes, questions))
        else:
            empty.add(slug)
    return rounds, empty


def askable(corpus: Corpus) -> Iterator[Askable]:
    """Everything but chains that an interview can ask."""
    return (entry for entry in corpus.asked() if not isinstance(entry, Chain))


def can_be_asked(corpus: Corpus, question_id: str) -> bool:
    """Whether a plan may name this entry."""
    return any(entry.id == question_id for entry in corpus.asked())


def rounds_with_material(corpus: Corpus) -> frozenset[str]:
    """Slugs of the rounds that can be chosen."""
    return frozenset(each.round for each in askable(corpus)) | {DEEP_DIVE}


def _minutes(corpus: Corpus, wish: Wish, without: Collection[str]) -> list[tuple[str, float]]:
    """Rounds with minutes that add up to the wished total."""
    default = _default_rounds(corpus, wish)
    known = rounds_with_material(corpus)
    if wish.rounds:
        for slug in wish.rounds:
            if slug not in known:
                raise RoundUnknown(round=slug, known=tuple(sorted(known)))
        shares = dict(default)
        default = [(slug, shares.get(slug, 10.0)) for slug in dict.fromkeys(wish.rounds)]
    default = [(slug, minutes) for slug, minutes in default if slug in known and slug not in without]
    if not wish.rounds:
        _drop_what_is_too_short(default, wish.minutes)
    return _shared(default, wish.minutes)


def _drop_what_is_too_short(rounds: list[tuple[str, float]], minutes: float) -> None:
    """A short interview has fewer rounds rather than rounds too short for one question; those that need most go first."""
    while greedy := [pair for pair in rounds if _is_greedy(pair[0])]:
        free_min = minutes - sum(_least(slug) for slug, _ in rounds)
        if free_min >= (FREE_SHARE * minutes if len(greedy) > 1 else 0.0) or len(rounds) == 1:
            break
        rounds.remove(max(greedy, key=lambda pair: (_least(pair[0]) / pair[1], rounds.index(pair))))
    while len(rounds) > 1 and sum(_least(slug) for slug, _ in rounds) > minutes:
        rounds.remove(min(rounds, key=lambda pair: pair[1]))


def _least(slug: str) -> float:
    return rules_of(slug).least_minutes


def _is_greedy(slug: str) -> bool:
    """Whether one entry of the round takes more time than any other round needs: a design, a case, a problem, a table."""
    return _least(slug) > SHORTEST_ROUND_MIN


def _shared(rounds: Sequence[tuple[str, float]], minutes: float) -> list[tuple[str, float]]:
    """The minutes shared out as wished, but to no round less than it needs, as far as they reach."""
    held: dict[str, float] = {}
    while True:
        open_ = [(slug, wished) for slug, wished in rounds if slug not in held]
        rest = max(0.0, minutes - sum(held.values()))
        total = sum(wished for _, wished in open_) or 1.0
        short = [slug for slug, wished in open_ if wished * rest / total < _least(slug)]
        if not short or len(short) == len(open_) or sum(_least(slug) for slug, _ in rounds) > minutes:
            shares = held | {slug: wished * rest / total for slug, wished in open_}
            return [(slug, round(shares[slug], 2)) for slug, _ in rounds]
        held |= {slug: _least(slug) for slug in short}


def _default_rounds(corpus: Corpus, wish: Wish) -> list[tuple[str, float]]:
    """The role's rounds with the minutes that the company gives them, and the company's own where it has them.

    A company says how it interviews, and not what a role must know: no round of the role is lost.
    """
    minutes = {stage.round: float(stage.minutes) for stage in corpus.roles[wish.role].rounds}
    order = list(minutes)
    company = corpus.companies.get(wish.company)
    after = 0
    for stage in company.stages if company is not None else ():
        if stage.round not in minutes:
            order.insert(after, stage.round)
        minutes[stage.round] = float(stage.minutes)
        after = order.index(stage.round) + 1
    return [(each, minutes[each]) for each in order]


def _questions(
    corpus: Corpus,
    wish: Wish,
    slug: str,
    budget_s: float,
    generator: random.Random,
    chosen: Sequence[str],
    asked_before: frozenset[str],
) -> tuple[PlannedQuestion, ...]:
    fitting = [
        question
        for question in askable(corpus)
        if question.round == slug and wish.role in question.roles and wish.seniority in question.seniority
    ]
    fitting.sort(key=lambda question: question.id)
    if slug != INTRODUCTION:
        generator.shuffle(fitting)
    place = {question.id: number for number, question in enumerate(fitting)}
    wanted = _Wanted.of(corpus, wish, (*asked_before, *chosen))
    of_role = {stage.round for stage in corpus.roles[wish.role].rounds}
    picked: list[PlannedQuestion] = []
    topics: set[str] = set()
    left_s = budget_s

    def worth(question: Askable) -> tuple[int, ...]:
        """Less is better: unheard, of a fresh topic, on a skill not tested yet, on what is emphasised; then as shuffled.

        A problem: unheard, one that the time holds, of a fresh topic, as hard as the seniority asks; then as shuffled.
        """
        heard, known_topic = question.id in asked_before, bool(topics & set(question.topics[:1]))
        if slug == INTRODUCTION:
            return (heard, place[question.id])
        if isinstance(question, Problem):
            too_long = question.seconds.first_answer > left_s
            off = abs(question.difficulty - FITTING_DIFFICULTY[wish.seniority])
            return (heard, too_long, known_topic, off, place[question.id])
        needs: list[int] = [not wanted.untested(question), -wanted.emphasis(question)]
        if slug not in of_role:
            needs.reverse()  # A round that the company adds is about the company first.
        return (heard, known_topic, *needs, place[question.id])

    while True:
        taken = [*chosen, *(one.question_id for one in picked)]
        eligible = [
            question
            for question in fitting
            if question.id not in taken
            and (not picked or question.seconds.whole <= left_s)
            # Time to spare is no reason to ask again what was asked in another interview.
            and not (picked and question.id in asked_before and picked[0].question_id not in asked_before)
            and not _hostile(corpus, question, taken)
        ]
        if not eligible:
            return tuple(picked)
        question = min(eligible, key=worth)
        wording = generator.randrange(
            1 + (len(question.rewordings) if isinstance(question, Question | Scenario) else 0)
        )
        picked.append(PlannedQuestion(question.id, int(min(question.seconds.whole, max(budget_s, 60))), wording))
        topics |= set(question.topics[:1])
        wanted.test(question)
        left_s -= question.seconds.whole


class _Wanted:
    """What a person of this role should be asked about next: skills that nothing tested yet, then emphases."""

    def __init__(self, skills: list[frozenset[str]], emphases: frozenset[str]) -> None:
        self._skills = skills
        self._emphases = emphases

    @classmethod
    def of(cls, corpus: Corpus, wish: Wish, heard: Collection[str]) -> _Wanted:
        role = corpus.roles[wish.role]
        company = corpus.companies.get(wish.company)
        emphases = frozenset(role.emphases) | (frozenset(company.emphases) if company is not None else frozenset())
        known = {each.id: each for each in corpus.asked()} if heard else {}
        tested = {topic for each in heard if each in known for topic in known[each].topics}
        return cls([frozenset(skill.topics) for skill in role.skills if not tested & set(skill.topics)], emphases)

    def untested(self, question: Askable) -> bool:
        return any(skill & set(question.topics) for skill in self._skills)

    def emphasis(self, question: Askable) -> int:
        return min(2, len(self._emphases & set(question.topics)))

    def test(self, question: Askable) -> None:
        self._skills = [skill for skill in self._skills if not skill & set(question.topics)]


def _hostile(corpus: Corpus, question: Askable, taken: Sequence[str]) -> bool:
    """Whether it answers, or is answered by, one already chosen."""
    if set(question.enemies) & set(taken):
        return True
    others = (corpus.entry(other) for other in taken)
    return any(question.id in other.enemies for other in others if not isinstance(other, Chain))


def _chains(
    corpus: Corpus, wish: Wish, resume: Resume | None, budget_s: float, asked_before: frozenset[str]
) -> tuple[PlannedQuestion, ...]:
    """Chains on claims of the resume, from different projects where there are some; the general chain where none matches."""
    general = [
        chain
        for chain in corpus.chains.values()
        if chain.any_project and wish.role in chain.roles and wish.seniority in chain.seniority
    ]
    general.sort(key=lambda chain: (chain.id in asked_before, chain.id))
    pairs = _claims_with_chains(corpus, wish, resume) if resume else []
    pairs.sort(key=lambda pair: pair[1].id in asked_before)
    picked: list[PlannedQuestion] = []
    projects: set[str] = set()
    left_s = budget_s
    for fresh_project in (True, False):
        for claim, chain in pairs:
            if any(one.question_id == chain.id for one in picked) or (fresh_project and claim.project in projects):
                continue
            if picked and left_s < LEAST_FOR_A_CHAIN_S:
                break
            # Two projects taken apart tell more than one to its last bolt: the first leaves room for a second.
            room_s = left_s if picked or left_s < 2 * LEAST_FOR_A_CHAIN_S else left_s * FIRST_CHAIN_SHARE
            seconds = int(min(chain.seconds.whole, max(room_s, 120)))
            picked.append(PlannedQuestion(chain.id, seconds, claim=claim))
            projects.add(claim.project)
            left_s -= seconds
    # Chains that fit any project: one where no technique was recognised, more while there is time and they are fresh.
    for chain in general:
        if picked and (left_s < LEAST_FOR_A_CHAIN_S or chain.id in asked_before):
            break
        other = _best_other_claim(resume, projects, [one.claim for one in picked])
        if picked and other is None and resume is not None:
            break
        seconds = int(min(chain.seconds.whole, max(left_s, 120)))
        picked.append(PlannedQuestion(chain.id, seconds, claim=other))
        left_s -= seconds
        if resume is not None:
            break
    return tuple(picked)


def _claims_with_chains(corpus: Corpus, wish: Wish, resume: Resume) -> list[tuple[Claim, Chain]]:
    """Claims whose words open a chain, the most telling first: those with figures and with several techniques."""
    pairs: list[tuple[float, int, Claim, Chain]] = []
    for order, claim in enumerate(claim for project in resume.projects for claim in project.claims):
        for chain in corpus.chains.values():
            fits = wish.role in chain.roles and wish.seniority in chain.seniority and not chain.any_project
            if fits and corpus.chain_matches(chain, claim.text):
                figures = any(character.isdigit() for character in claim.text)
                # A chain on one technique fits better the more of the claim is about it.
                score = (
                    (2.0 if figures else 0.0)
                    + min(len(claim.techniques), 3) * 0.5
                    + (1.0 if len(claim.text) > 60 else 0.0)
                )
                pairs.append((score, order, claim, chain))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[3].id))
    return [(claim, chain) for _, _, claim, chain in pairs]


def _best_other_claim(
    resume: Resume | None, projects: Collection[str], taken: Collection[Claim | None]
) -> Claim | None:
    """The most telling claim that nothing was planned on yet, of another project where there is one."""
    if resume is None:
        return None
    others = [claim for project in resume.projects if project.name not in projects for claim in project.claims]
    others = others or [claim for project in resume.projects for claim in project.claims if claim not in taken]
    return max(others, key=lambda claim: (any(c.isdigit() for c in claim.text), len(claim.techniques)), default=None)
