"""Whole interviews at random: whatever a candidate says, the director has a move, keeps its promises and comes to an end."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.interview import Interview, Mode, Seniority
from app.domain.resume import Resume
from app.domain.score import CriterionKind
from app.domain.sentences import words
from app.domain.transcript import FactTold, Move, MoveKind, SpanKind, Telling
from app.interviewing import fact_sheet
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.consistency import MOST_CLASHES
from app.interviewing.director.next_question import LEAST_FOR_A_RESERVE_S
from app.interviewing.director.open_criteria import SURE_AT
from app.interviewing.director.script import Replies
from app.interviewing.own_questions import wants_no_more_questions
from app.interviewing.phrases.said_once import ALL
from app.interviewing.planning import Wish, make_plan
from app.interviewing.recall import MOST_RECALLS
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.slot_checks import MOST_CHECKS
from app.interviewing.state import ANSWERED, Conversation
from app.interviewing.subject import template_names
from app.material.corpus import Corpus
from app.material.load import load
from app.material.tasks import CURVEBALL
from tests.support.builders import an_interview
from tests.support.talks import Talk, a_resume_on

LEAVING = {MoveKind.CLOSE, MoveKind.MOVE_ON, MoveKind.CHANGE_ROUND}
DEEP_DIVE = {
    *LEAVING,
    MoveKind.OPEN,
    MoveKind.ASK,
    MoveKind.PROBE,
    MoveKind.HINT,
    MoveKind.CHALLENGE,
    MoveKind.PRESS,
    MoveKind.CHECK,
}
FOLLOW_UPS = {MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS, MoveKind.RECONCILE, MoveKind.CHECK}
IDLE = sorted(set(SpanKind) - ANSWERED - {SpanKind.HINT})
"""Kinds that answer nothing; a hint is apart, since its ladder ends."""
WORDS = [
    "I did it alone.",
    "We built it, the team and us.",
    "I have never used LoRA. I trained a CNN with PyTorch.",
    "I tried fine-tuning a Transformer. I have never used PyTorch.",
    "No, that's all.",
    "No more questions.",
    "What about QLoRA?",
    "{claim} {rank}",
    "   ",
    "",
]


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    return load(Path("corpus"))


RESUMES = {
    (): None,
    ("LoRA",): a_resume_on("LoRA"),
    ("quantization", "CNN"): a_resume_on("quantization", "CNN"),
    ("spreadsheets", "LoRA", "transfer learning"): a_resume_on("spreadsheets", "LoRA", "transfer learning"),
    ("spreadsheets",): a_resume_on("spreadsheets"),
}


ROUNDS: list[tuple[str, ...]] = [
    (),
    ("high-level-design",),
    ("analytical", "case-study"),
    ("staged-scenario", "low-level-design"),
    ("analytical",),
    ("coding",),
    ("coding", "case-study"),
]
"""Empty for what role and company suggest."""


class Interviews(RuleBasedStateMachine):
    """Plays one interview; each rule is one turn of the candidate with the interviewer's move after it."""

    talk: Talk

    @initialize(
        role=st.sampled_from(sorted(corpus().roles)),
        seniority=st.sampled_from(Seniority),
        company=st.sampled_from(["", *sorted(corpus().companies)]),
        mode=st.sampled_from(Mode),
        minutes=st.integers(5, 90),
        seed=st.integers(0, 2**31),
        resume=st.sampled_from(sorted(RESUMES)).map(lambda key: RESUMES[key]),
        rounds=st.sampled_from(ROUNDS),
    )
    def begin(
        self,
        role: str,
        seniority: Seniority,
        company: str,
        mode: Mode,
        minutes: int,
        seed: int,
        resume: Resume | None,
        rounds: tuple[str, ...],
    ) -> None:
        plan = make_plan(corpus(), Wish(role, seniority, company, minutes, seed, rounds), resume)
        interview: Interview = an_interview(
            role=role, seniority=seniority, company=company, mode=mode, minutes=minutes, seed=seed, plan=plan
        )
        self.talk = Talk(corpus(), interview, resume=resume)
        self.moves: list[Move] = [self.talk.open()]
        self.order = [question.question_id for question in plan.askable]
        self.rounds = [planned.round for planned in plan.rounds]

    @property
    def over(self) -> bool:
        return self.moves[-1].kind is MoveKind.CLOSE

    @precondition(lambda self: not self.over)
    @rule(
        text=st.sampled_from(WORDS) | st.text(max_size=20),
        kinds=st.lists(st.sampled_from(SpanKind), min_size=1, max_size=3),
        after_s=st.sampled_from([0.0, 1.0, 15.0, 40.0, 90.0, 240.0, 900.0]),
        shown=st.integers(0, 4),
        luck=st.randoms(use_true_random=False),
        found=st.sampled_from(["", "The corpus's reply."]),
    )
    def say_anything(
        self, text: str, kinds: list[SpanKind], after_s: float, shown: int, luck: Random, found: str
    ) -> None:
        self._say(text, kinds, after_s, shown, luck, found)

    @precondition(lambda self: not self.over)
    @rule(
        text=st.sampled_from(WORDS[:6]),
        after_s=st.sampled_from([5.0, 15.0, 40.0]),
        shown=st.integers(0, 3),
        luck=st.randoms(use_true_random=False),
    )
    def answer(self, text: str, after_s: float, shown: int, luck: Random) -> None:
        self._say(text, [SpanKind.ANSWER], after_s, shown, luck, "")

    @precondition(lambda self: not self.over)
    @rule(kind=st.sampled_from(IDLE), text=st.sampled_from(WORDS[:8]), after_s=st.sampled_from([0.0, 5.0]))
    def say_nothing_to_the_point(self, kind: SpanKind, text: str, after_s: float) -> None:
        before = self.talk.state()
        move = self._say(text, [kind], after_s, 0, None, "")
        left_s = before.interview.minutes * 60 - self.talk.state().time.interview_s
        finished = rules_of(self.moves[-2].round).answers_questions and wants_no_more_questions(text)
        if left_s > 0 and not finished and move.kind in LEAVING:
            # The clock moves on, and never the words.
            assert move.reason.startswith("the time for this question is used")
        elif left_s > 0 and not finished:
            assert move.question_id == self.moves[-2].question_id

    @precondition(lambda self: not self.over)
    @rule(after_s=st.sampled_from([0.0, 5.0]))
    def ask_for_a_hint(self, after_s: float) -> None:
        state = self._state()
        closed = {point.id for point in state.points if point.closed}
        waiting = self.moves[-1].criterion_id
        fit = [
            point
            for point in state.points
            if point.part_id in state.opened_parts
            and not point.shown
            and point.hints < len(point.criterion.hints)
            and (set(point.criterion.after) <= closed or point.id == waiting)
        ]
        move = self._say("A hint?", [SpanKind.HINT], after_s, 0, None, "")
        if waiting in {point.id for point in fit} and self.talk.state().time.interview_s < state.interview.minutes * 60:
            assert move.kind is MoveKind.HINT or rules_of(move.round).answers_questions
            assert move.criterion_id == waiting

    @precondition(lambda self: not self.over and bool(self._state().subject.facts))
    @rule(
        luck=st.randoms(use_true_random=False),
        kinds=st.sampled_from([[SpanKind.CLARIFY], [SpanKind.ANSWER, SpanKind.CLARIFY], [SpanKind.ANSWER]]),
        after_s=st.sampled_from([0.0, 15.0, 120.0, 600.0]),
    )
    def ask_for_facts(self, luck: Random, kinds: list[SpanKind], after_s: float) -> None:
        before = self._state()
        assert before.subject is not None
        facts = luck.sample(before.subject.facts, luck.randint(1, min(3, len(before.subject.facts))))
        known = fact_sheet.told(self.talk.turns, before.subject.question_id)
        wanted = fact_sheet.asked_for(known, [FactTold(fact.id, Telling.ASKED, 0, 4) for fact in facts])
        move = self._say("What is it?", kinds, after_s, 0, None, "", facts=wanted)
        if move.kind is MoveKind.CLOSE:
            return
        if all(each.id in known for each in wanted) and " again; " in move.reason:
            return  # Told before: what goes with the question is followed up.
        assert move.kind in {MoveKind.CLARIFY, MoveKind.ASK}
        assert move.question_id == before.subject.question_id
        for fact, each in zip(facts, wanted, strict=True):
            assert ((fact.if_unknown or "") if each.how is Telling.HELPED else fact.reply) in move.spoken

    @precondition(lambda self: self.over)
    @rule()
    def stay_over(self) -> None:
        """Nothing more is said: `Talk` refuses a turn after the close."""

    def _state(self) -> Conversation:
        return self.talk.state()

    def _say(
        self,
        text: str,
        kinds: list[SpanKind],
        after_s: float,
        shown: int,
        luck: Random | None,
        found: str,
        facts: tuple[FactTold, ...] = (),
    ) -> Move:
        before = self.talk.state()
        subject = before.subject
        assert subject is not None
        known = [criterion.id for criterion in subject.criteria]
        heard = [misconception.id for misconception in subject.misconceptions]
        nearness = None
        if luck is not None:
            luck.shuffle(known)
            heard = heard[: luck.randrange(2)]
            nearness = {criterion: luck.uniform(-1, 1) for criterion in known}
        move = self.talk.say(
            text,
            *kinds,
            shown=known[:shown] if ANSWERED & set(kinds) else [],
            misconceptions=heard if ANSWERED & set(kinds) else [],
            nearness=nearness,
            after_s=after_s,
            replies=Replies(clarification=found, company=found, facts=facts),
        )
        self.moves.append(move)
        self._check(move, before)
        return move

    def _check(self, move: Move, before: Conversation) -> None:
        # The state that the move was made in: the candidate's turn is in, the interviewer's is not.
        made_in = Talk(
            self.talk.corpus,
            self.talk.interview,
            self.talk.now,
            self.talk.turns[:-1],
            self.talk.marks,
            self.talk.subjects,
        ).state()
        left_s = made_in.interview.minutes * 60 - made_in.time.interview_s
        assert (left_s > 0) or move.kind is MoveKind.CLOSE
        if move.kind is MoveKind.PROBE:
            point = next(point for point in made_in.points if point.id == move.criterion_id)
            closed = {each.id for each in made_in.points if each.closed}
            only_just = point.kind is CriterionKind.MUST and point.p_shown < SURE_AT and not point.probes
            assert not point.closed or only_just
            assert set(point.criterion.after) <= closed
            assert point.part_id in made_in.opened_parts
            assert move.part_id == point.part_id
        if move.kind is MoveKind.HINT:
            point = next(point for point in made_in.points if point.id == move.criterion_id)
            assert move.hint == point.hints + 1 <= len(point.criterion.hints)
            assert not point.shown
        if move.facts:
            self._check_facts(move, made_in)
        if move.kind in LEAVING and left_s > 0:
            self._check_leaving(made_in)
        if move.kind is MoveKind.CHALLENGE:
            assert move.misconception_id not in before.challenged

    def _check_leaving(self, made_in: Conversation) -> None:
        """No question is left with a must that could still be asked for, while it has time and answers bring something."""
        subject = made_in.subject
        assert subject is not None
        planned = next(
            each
            for each in self.talk.interview.plan.rounds
            if subject.question_id in {question.question_id for question in each.askable}
        )
        rules = rules_of(planned.round)
        asked = [
            turn.move
            for turn in made_in.turns
            if turn.move is not None
            and turn.question_id == subject.question_id
            and turn.move.kind in FOLLOW_UPS - {MoveKind.RECONCILE, MoveKind.CHECK}
        ]
        in_time = made_in.time.question_s < subject.seconds and made_in.time.round_s < planned.minutes * 60
        spent = len(asked) >= rules.probes_a_question or any(
            count >= rules.probes_a_part for count in Counter(each.part_id for each in asked).values() if subject.staged
        )
        if not in_time or spent or rules.answers_questions or made_in.fruitless >= subject.leave_after:
            return
        closed = {point.id for point in made_in.points if point.closed}
        assert [
            point.id
            for point in made_in.points
            if point.kind is CriterionKind.MUST
            and point.part_id in made_in.opened_parts
            and not point.closed
            and point.hints < len(point.criterion.hints)  # A ladder that was climbed to its end has asked enough.
            and point.criterion.evidence != "tests"
            and set(point.criterion.after) <= closed
            # Who has heard every hint for it and asks for another is not asked for it again.
            and point.hints < len(point.criterion.hints)
        ] == []

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def no_stock_phrase_comes_twice_while_there_is_another(self) -> None:
        said = [move.spoken for move in self.moves]
        for stock in ALL:
            used = [way for words in said for way in stock.ways if way in words]
            assert len(used) == len(set(used)) or (stock.needed and set(used) == set(stock.ways))

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def a_follow_up_is_one_short_question_without_praise(self) -> None:
        move = self.moves[-1]
        if move.kind in FOLLOW_UPS | {MoveKind.HINT}:
            assert len(words(move.spoken)) <= MAX_SPOKEN_WORDS
            assert len(re.findall(r"\?(?:\s|$)", move.spoken)) <= 1

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def earlier_words_are_taken_up_once(self) -> None:
        keys = [move.takes_up for move in self.moves if move.takes_up]
        assert len(keys) == len(set(keys)) <= MOST_CLASHES + MOST_RECALLS + MOST_CHECKS
        assert all(move.takes_up for move in self.moves if move.kind in {MoveKind.RECONCILE, MoveKind.CHECK})
        assert sum(move.kind is MoveKind.CHECK for move in self.moves) <= MOST_CHECKS

    def _check_facts(self, move: Move, made_in: Conversation) -> None:
        """Nothing is told unasked but what the stage volunteers, and what somebody could not estimate."""
        subject = made_in.subject
        assert subject is not None
        known = fact_sheet.told(self.talk.turns[:-1], subject.question_id)
        by_id = {fact.id: fact for fact in subject.facts}
        for each in move.facts:
            if each.how is Telling.VOLUNTEERED:
                assert move.kind is MoveKind.ASK
                assert by_id[each.id].volunteer_at == move.part_id
                assert each.id not in known
            if each.how is Telling.HELPED:
                assert by_id[each.id].if_unknown
        told = {*known, *(each.id for each in move.facts)}
        assert not [fact.id for fact in subject.facts if fact.id not in told and fact.reply in move.spoken]

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def a_table_comes_with_its_opening_and_a_curveball_once(self) -> None:
        move = self.moves[-1]
        opens = move.kind in LEAVING | {MoveKind.OPEN} and move.kind is not MoveKind.CLOSE
        assert (move.table is not None) == (opens and move.question_id in corpus().analytics)
        curveballs = [
            each.question_id for each in self.moves if each.part_id == CURVEBALL and each.kind is MoveKind.ASK
        ]
        assert len(curveballs) == len(set(curveballs))

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def follow_ups_stay_within_the_rounds_bounds(self) -> None:
        probes: Counter[tuple[str, str]] = Counter()
        for move in self.moves:
            if move.kind is MoveKind.PROBE and move.question_id in {*corpus().scenarios, *corpus().analytics}:
                probes[move.question_id, move.part_id] += 1
                assert probes[move.question_id, move.part_id] <= rules_of(move.round).probes_a_part

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def every_move_is_whole(self) -> None:
        move = self.moves[-1]
        assert move.reason
        assert move.spoken.strip()
        assert not template_names(move.spoken) & {"claim", "rank", "size"}
        assert self.talk.turns[-1].move == move

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def nothing_is_asked_twice(self) -> None:
        probed = [(move.question_id, move.criterion_id) for move in self.moves if move.kind is MoveKind.PROBE]
        begun = [move.question_id for move in self.moves if move.kind in LEAVING | {MoveKind.OPEN}]
        begun = begun[:-1] if self.over else begun
        rungs = [(move.question_id, move.part_id) for move in self.moves if move.kind is MoveKind.ASK]
        pressed = [move.question_id for move in self.moves if move.kind is MoveKind.PRESS]
        for each in (probed, begun, rungs, pressed):
            assert len(each) == len(set(each))

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def it_only_goes_forward(self) -> None:
        rounds = [self.rounds.index(move.round) for move in self.moves]
        assert rounds == sorted(rounds)
        asked = [each for each, _ in itertools.groupby(move.question_id for move in self.moves)]
        assert len(asked) == len(set(asked))
        assert set(asked) <= set(self.order)
        assert sum(move.kind is MoveKind.CLOSE for move in self.moves) <= 1

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def a_deep_dive_stands_on_its_claim(self) -> None:
        move = self.moves[-1]
        claims = {question.question_id: question.claim for question in self.talk.interview.plan.askable}
        if move.kind in DEEP_DIVE:
            assert move.claim == claims[move.question_id]

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def a_reserve_waits_for_what_is_planned_and_for_time(self) -> None:
        move = self.moves[-1]
        planned = next(each for each in self.talk.interview.plan.rounds if each.round == move.round)
        reserve = {question.question_id for question in planned.reserve}
        if move.kind is not MoveKind.MOVE_ON or move.question_id not in reserve:
            return
        asked = {each.question_id for each in self.moves}
        assert {question.question_id for question in planned.questions} <= asked
        assert "reserve" in move.reason
        spent = self.talk.state().time
        left_s = min(planned.minutes * 60 - spent.round_s, self.talk.interview.minutes * 60 - spent.interview_s)
        assert left_s >= LEAST_FOR_A_RESERVE_S

    def teardown(self) -> None:
        """However it went so far: with answers that take time, it ends."""
        if not hasattr(self, "moves"):
            return
        for _ in range(self.talk.interview.minutes * 2 + 2):
            if self.over:
                break
            self._say("Well, I am not sure.", [SpanKind.ANSWER], 30.0, 1, None, "")
        assert self.over
        self.it_only_goes_forward()
        self.nothing_is_asked_twice()


TestInterviews = Interviews.TestCase
TestInterviews.settings = settings(
    max_examples=120, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
