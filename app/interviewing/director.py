"""What happens next. Pure: a conversation in, a move with its reason and its complete words out.

The model never decides. It may only be asked, by `bridge`, for a sentence that leads to the words decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.domain.interview import Claim, Interview, PlannedQuestion, PlannedRound
from app.domain.score import CriterionKind
from app.domain.sentences import words as words_in
from app.domain.transcript import FactTold, Move, MoveKind, SpanKind, Speaker, Telling
from app.interviewing import beside, fact_sheet, phrases, reasons
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.code_moves import code_step
from app.interviewing.conditions import holds, was_anothers
from app.interviewing.consistency import Clash
from app.interviewing.own_questions import announces, wants_no_more_questions
from app.interviewing.recall import Recall, recall
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.slot_checks import Due, due
from app.interviewing.slots import filled
from app.interviewing.state import ANSWERED, Conversation, Point, belongs
from app.interviewing.subject import Part, Subject
from app.material.tasks import CURVEBALL

WEIGHT = {CriterionKind.MUST: 3.0, CriterionKind.SHOULD: 2.0, CriterionKind.BONUS: 1.0}
HINT_COST = "I'll note that a hint was given: the point still counts, the top level is for unaided answers."
HINT_COST_SHORT = "I'll note that a hint was given."
LONG_ANSWER_WORDS = 150
"""From which an answer that showed nothing new is brought back to one thing."""
LEAST_TO_RECONCILE_S = 45
"""Left for the question: two things that do not go together are asked about where there is time to answer."""
_NO_ASIDES = (SpanKind.INSTRUCTION, SpanKind.HINT, SpanKind.OTHER_LANGUAGE)
"""Beside which nobody is taken to ask for leave."""
ADDRESSED = "words addressed to the grader: nothing moves"
FOLLOW_UPS = frozenset({MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS})
"""Kept within `MAX_SPOKEN_WORDS`."""
SURE_AT = 0.6
"""Below it a must that nobody asked for is asked for once, before its question is left.

**Measured** on 340 talks of scripted candidates: of such musts believed at 0.5 to 0.6, 24 of 40 had not been shown, of all above 40 of 434.
"""
LEAST_TO_MAKE_SURE_S = 60.0
LEAST_FOR_A_RESERVE_S = 120.0
RESERVE_SHARE = 0.4
"""Of a question's budget, from which it is worth beginning in what is left of a round."""
CLOSING = "That's all from me. Thank you for your time; your report is being put together now."
OUT_OF_TIME = "I have to stop us here, the time is up. Thank you; your report is being put together now."


@dataclass(frozen=True, slots=True)
class Replies:
    """What code found for the candidate's question before the director is asked; empty where nothing was found."""

    clarification: str = ""
    """The corpus's reply to a question about the question."""
    facts: tuple[FactTold, ...] = ()
    """What was asked for of a scenario's fact sheet."""
    company: str = ""
    """The company's answer in the candidate's own round, or its answers."""
    rest: str = ""
    """What is said of other questions in the same turn."""
    does_not_know: str = phrases.UNKNOWN.usual


@dataclass(frozen=True, slots=True)
class Script:
    """Words that depend on persona and plan, bound once per interview."""

    introduction: str
    subjects: Mapping[str, Subject]
    """Every planned question's subject by id."""


Choose = Callable[[Sequence[Point], Mapping[str, float], int], Point]
"""Of open criteria the one to ask for: they, how near each lies to the last words, and fruitless answers in a row."""


def worth_most(candidates: Sequence[Point], near: Mapping[str, float], fruitless: int) -> Point:
    """The one worth most: its kind, how open it is, how near it lies to the last words; the first of equals."""
    # After a fruitless probe the nearest point is the likeliest to fail again: take the farthest of the best kind.
    sign = -1.0 if fruitless >= 2 else 1.0
    return max(
        candidates, key=lambda point: WEIGHT[point.kind] * (1.0 - point.p_shown) + sign * 0.8 * near.get(point.id, 0.0)
    )


def next_move(
    state: Conversation, script: Script, replies: Replies | None = None, *, choose: Choose = worth_most
) -> Move:
    """The one move that follows. Every reachable state has one; an interview past its time gets `CLOSE`."""
    replies = replies or Replies()
    move = _decide(state, script, replies, choose)
    said = [turn.text for turn in state.turns if turn.speaker is Speaker.INTERVIEWER]
    own = [(replies.does_not_know, phrases.UNKNOWN), *((words, None) for words in _leaving_words(state))]
    return replace(move, spoken=phrases.fresh(move.spoken, said, own=own))


def _leaving_words(state: Conversation) -> tuple[str, ...]:
    return (state.subject.leave_says,) if state.subject is not None and state.subject.leave_says else ()


def _decide(state: Conversation, script: Script, replies: Replies, choose: Choose) -> Move:
    if state.subject is None:
        return _opening(state, script)
    here = _Here(state, script, choose)
    if here.out_of_time:
        return here.move(MoveKind.CLOSE, f"out of time: {_clock(here.left_s)} left of the interview", OUT_OF_TIME)
    if rules_of(here.round).answers_questions:
        return _candidate_questions(here, replies)
    return _about_code(here) or _about_the_turn(here, replies) or _about_the_answer(here)


# --- beginning ------------------------------------------------------------------------------------------------------


def _opening(state: Conversation, script: Script) -> Move:
    first_round = next((planned for planned in state.interview.plan.rounds if planned.questions), None)
    if first_round is None:
        return Move(MoveKind.CLOSE, "the plan has no question", CLOSING)
    first = first_round.questions[0]
    subject = script.subjects[first.question_id]
    part = subject.parts[0]
    words = f"{script.introduction} {_announced(state, first_round.round)} {part.ask}"
    return Move(
        MoveKind.OPEN,
        "the interview begins",
        words,
        round=first_round.round,
        question_id=first.question_id,
        part_id=part.id,
        claim=subject.claim,
        table=subject.table,
        facts=fact_sheet.volunteered(subject, part.id, ()),
    )


def _announced(state: Conversation, round_slug: str) -> str:
    rules = rules_of(round_slug)
    return f"{rules.on_a_resume if state.interview.resume_id else ''} {rules.announcement}".strip()


# --- what the turn was, apart from an answer --------------------------------------------------------------------------


def _about_the_turn(here: _Here, replies: Replies) -> Move | None:
    """A move for a turn that asks for something, or that is no answer at all; None where the answer decides."""
    state = here.state
    if not state.spans:
        return here.again(MoveKind.REDIRECT, "the turn was empty", phrases.NO_WORDS.usual)
    if state.heard(SpanKind.END):
        return here.confirm_end()
    answered = any(span.kind in ANSWERED for span in state.spans)
    if here.own_story and not any(map(state.heard, _NO_ASIDES)) and state.last and beside.asks_leave(state.last):
        return here.say(MoveKind.CLARIFY, "asked whether they may choose what to tell", phrases.LEAVE_GIVEN.usual)
    if replies.facts:
        return _tell(here, replies)
    if here.question_over and not answered and not state.heard(SpanKind.HINT):
        return _onwards(here, "the time for this question is used, and no answer came")
    if state.heard(SpanKind.CLARIFY) and not _asks_beside_an_answer(here, replies):
        return _follow_both(here, replies) or _clarify(here, replies)
    if state.heard(SpanKind.HINT):
        return _hint(here)
    if state.heard(SpanKind.REPEAT):
        return here.again(MoveKind.REPEAT, "asked to hear it again", phrases.ONCE_MORE.usual)
    if answered:
        return None
    if state.heard(SpanKind.THINK):
        return here.say(MoveKind.WAIT, "asked for time", phrases.NO_HURRY.usual)
    if state.heard(SpanKind.OTHER_LANGUAGE):
        return here.again(MoveKind.REDIRECT, "another language: not scored", phrases.ENGLISH.usual)
    note = phrases.NOTHING_MOVES.usual
    return here.again(MoveKind.REDIRECT, "words addressed to the grader: nothing moves, nothing scores", note)


def _clarify(here: _Here, replies: Replies) -> Move:
    """The reply to a question about the question; to one question after the other, with what still waits for an answer."""
    found = replies.clarification
    reason = (
        "asked about the question; the corpus has a reply"
        if found
        else "asked about the question; nothing is given away"
    )
    words = found or _unanswered(here)
    if here.told_again:
        return here.again(MoveKind.CLARIFY, f"{reason}, and the question waits", words)
    return here.say(MoveKind.CLARIFY, reason, words)


def _unanswered(here: _Here) -> str:
    """What is said to a question that the corpus has no reply to, as it fits what was asked about."""
    asked = here.state.words_of(SpanKind.CLARIFY)
    if beside.asks_how_it_goes(asked):
        return phrases.IN_THE_REPORT.usual
    if beside.is_of_the_post(asked) and here.own_story:
        return (phrases.ASK_LATER if here.own_questions_follow else phrases.NOT_MINE).usual
    if here.own_story:
        return phrases.AS_IT_WAS.usual
    if here.subject.editor:
        return phrases.ON_THE_SCREEN.usual
    return phrases.ASSUME.usual


def _follow_both(here: _Here, replies: Replies) -> Move | None:
    """The reply to a question at the end of an answer, and what follows from the answer, in one breath; None where there is no room."""
    last = here.state.last
    if last is None or not beside.told_first(last) or here.subject.facts:
        return None
    note = replies.clarification or _unanswered(here)
    note = phrases.ASSUME_SHORTLY.usual if note == phrases.ASSUME.usual else note
    following = _about_the_answer(here)
    if len(words_in(f"{note} {following.spoken}")) > MAX_SPOKEN_WORDS:
        return None
    reason = f"asked about the question beside an answer; {following.reason}"
    return replace(following, reason=reason, spoken=f"{note} {following.spoken}", bridge=False)


def _tell(here: _Here, replies: Replies) -> Move:
    """The facts that were asked for, and no more; then the floor is the candidate's, or the next part's if its time has come.

    Who asks for what they know already is told again, and an answer around it is followed up in the same breath.
    """
    names = ", ".join(each.id for each in replies.facts)
    reason = f"asked for {names}"
    told = fact_sheet.words_of(here.subject, replies.facts)
    words = " ".join(filter(None, (told, replies.clarification, replies.rest)))
    known = all(each.id in here.facts_told for each in replies.facts)
    if known and (here.state.heard(SpanKind.ANSWER) or here.question_over):
        following = _about_the_answer(here)
        fits = following.kind not in FOLLOW_UPS or len(words_in(f"{words} {following.spoken}")) <= MAX_SPOKEN_WORDS
        return replace(
            following,
            reason=f"{reason} again; {following.reason}",
            spoken=f"{words} {following.spoken}" if fits else following.spoken,
            facts=(*replies.facts, *following.facts) if fits else following.facts,
            bridge=following.bridge and not fits,
        )
    part = here.next_part() if here.part_over and not here.question_over else None
    if part is None and known and here.told_again:
        return replace(
            here.again(MoveKind.CLARIFY, f"{reason} again, and the question waits", words), facts=replies.facts
        )
    if part is None:
        return replace(here.say(MoveKind.CLARIFY, f"{reason}; the fact sheet has it", words), facts=replies.facts)
    return here.open_part(part, f"{reason}; next part {part.id} is owed its time", before=words, facts=replies.facts)


def _asks_beside_an_answer(here: _Here, replies: Replies) -> bool:
    """Whether a question is the candidate's own, thinking aloud: nothing to reply, and an answer around it.

    So it is in the midst of a design; elsewhere where the question before it was answered just now, or where they answer it
    themselves. Who only asks for a sign that they were understood gets it by what is asked next.
    """
    last = here.state.last
    if last is None or not here.state.heard(SpanKind.ANSWER):
        return False
    if beside.told_first(last) and beside.seeks_assent(here.state.words_of(SpanKind.CLARIFY)):
        return True
    own = bool(here.subject.facts) or here.told_again or beside.answered_by_oneself(last)
    return own and not replies.clarification


def _hint(here: _Here) -> Move:
    point = here.focus()
    if point is None:
        return _onwards(here, "asked for a hint where nothing is open")
    if point.hints >= len(point.criterion.hints):
        given = f"all hints for {point.id} are given"
        other = None if here.question_over else here.best_open(besides=point.id)
        if other is None:
            return _onwards(here, given)
        return _probe(here, other, before=f"{given}; ", note=phrases.NO_HINT_LEFT.usual)
    hint = point.criterion.hints[point.hints]
    cost = "" if _hinted_before(here.state) else _cost_beside(hint.says)
    return here.move(
        MoveKind.HINT,
        f"asked for a hint: rung {point.hints + 1} of {len(point.criterion.hints)} for {point.id}, noted beside its score",
        f"{cost} {hint.says}".strip(),
        criterion_id=point.id,
        hint=point.hints + 1,
    )


def _cost_beside(hint: str) -> str:
    """What a first hint costs, in as many words as there is room for."""
    return HINT_COST if len(words_in(hint)) + len(words_in(HINT_COST)) <= MAX_SPOKEN_WORDS else HINT_COST_SHORT


def _hinted_before(state: Conversation) -> bool:
    return any(turn.move is not None and turn.move.kind is MoveKind.HINT for turn in state.turns)


# --- what became of code -----------------------------------------------------------------------------------------------


def _about_code(here: _Here) -> Move | None:
    """A move for a turn with code, or for one that should have had some; None where its words decide."""
    step = code_step(here.state.turns, here.subject)
    if step is None:
        return None
    if step.goes_on or here.question_over:
        following = _about_the_answer(here)
        note = step.spoken if step.goes_on else ""
        if following.kind in FOLLOW_UPS and len(words_in(f"{note} {following.spoken}")) > MAX_SPOKEN_WORDS:
            note = ""
        return replace(
            following,
            reason=f"{step.reason}; {following.reason}",
            spoken=f"{note} {following.spoken}".strip(),
            bridge=False,
        )
    tested = next((each.id for each in here.subject.criteria if each.evidence == "tests"), "")
    return here.move(MoveKind.TESTS, step.reason, step.spoken, criterion_id=tested if step.about_tests else "")


# --- what the answer was ----------------------------------------------------------------------------------------------


def _about_the_answer(here: _Here) -> Move:
    state, subject = here.state, here.subject
    if state.last is not None and state.heard(SpanKind.DONT_KNOW) and beside.wants_on(state.last.text):
        return _onwards(here, "asked to go on", kindly=True)
    if state.heard(SpanKind.DONT_KNOW) and not here.question_over:
        helped = fact_sheet.helped(subject, state.turns, here.facts_told)
        if helped:
            names = ", ".join(each.id for each in helped)
            words = fact_sheet.words_of(subject, helped)
            return replace(here.say(MoveKind.CLARIFY, f"could not estimate {names}", words), facts=helped)
    if here.question_over:
        return _onwards(
            here, f"the time for this question is used: {_clock(state.time.question_s)} of {_clock(subject.seconds)}"
        )
    if state.clash is not None and not subject.drill and here.seconds_for_question >= LEAST_TO_RECONCILE_S:
        return _reconcile(here, state.clash)
    another = _anothers_work(here)
    if another is not None:
        return another
    for misconception in subject.misconceptions:
        if misconception.id in state.seen_misconceptions and misconception.id not in state.challenged:
            return here.move(
                MoveKind.CHALLENGE,
                f"heard the misconception {misconception.id}",
                misconception.challenge,
                misconception_id=misconception.id,
                criterion_id=misconception.spoils or "",
                bridge=True,
            )
    check = here.check_due
    if check is not None and check.is_sum:
        return _check(here, check)
    if state.fruitless >= subject.leave_after and here.probes_made >= 1:
        return _leave(here)
    if here.part_over:
        return _onwards(here, f"what is left of {_clock(subject.seconds)} is owed to what comes next")
    pressed = _press(here)
    if pressed is not None:
        return pressed
    point = here.best_open()
    if point is not None:
        return _probe(here, point)
    doubtful = here.doubtful()
    if doubtful is not None:
        return _probe(here, doubtful, before="believed shown, and not surely; ")
    if check is not None:
        return _check(here, check)
    return _onwards(here, "nothing is open here")


def _anothers_work(here: _Here) -> Move | None:
    """To a part that can be asked of somebody who did not do the work; None where the answer says nothing of the kind."""
    part = here.state.part
    way = part.rung.if_not_mine if part is not None and part.rung is not None else None
    if way is None or way.to in here.state.opened_parts or not was_anothers(here.state.words_of(SpanKind.ANSWER)):
        return None
    target = next((each for each in here.subject.parts if each.id == way.to), None)
    if target is None or not here.words_of(target):
        return None
    return here.open_part(target, "the work was another's: what lies between is not asked", before=way.says)


def _reconcile(here: _Here, clash: Clash) -> Move:
    where = "the resume" if clash.from_resume else "an earlier answer"
    move = here.move(MoveKind.RECONCILE, f"“{clash.now}” does not go with {where}: “{clash.before}”", clash.spoken)
    return replace(move, takes_up=clash.key, claim=clash.claim or move.claim)


def _check(here: _Here, check: Due) -> Move:
    return replace(here.move(MoveKind.CHECK, check.reason, check.spoken), takes_up=check.key)


def _probe(here: _Here, point: Point, before: str = "", note: str = "") -> Move:
    """The probe for a point; `before` begins its reason, and `note` its words where there is room for it."""
    near = (here.state.nearness or {}).get(point.id)
    standing = [str(point.kind), reasons.open_as(point.p_shown), reasons.near_as(near), reasons.left_as(here.left_s)]
    reason = f"{before}probed {point.id}: {', '.join(filter(None, standing))}"
    words = point.criterion.probe
    declined = here.state.last is not None and beside.declines(here.state.last)
    note = note or (phrases.RESPECTED.usual if declined else "")
    noted = f"{note} {words}"
    if note and len(words_in(noted)) <= MAX_SPOKEN_WORDS:
        return here.move(MoveKind.PROBE, reason, noted, criterion_id=point.id)
    offered = f"{phrases.HINT_THERE} {words}"
    stuck = here.state.heard(SpanKind.DONT_KNOW) and not here.state.heard(SpanKind.ANSWER)
    if stuck and phrases.HINT_THERE not in here.before and len(words_in(offered)) <= MAX_SPOKEN_WORDS:
        return here.move(MoveKind.PROBE, f"{reason}; a hint is offered", offered, criterion_id=point.id)
    back = f"{phrases.BACK.usual} {words}"
    if _rambled(here.state) and len(words_in(back)) <= MAX_SPOKEN_WORDS:
        reason, words = f"{reason}; a long answer showed nothing new, so back to one thing", back
    return here.move(MoveKind.PROBE, reason, words, criterion_id=point.id, bridge=True)


def _rambled(state: Conversation) -> bool:
    """Whether the last answer was long and showed nothing that had not been shown before."""
    return state.fruitless >= 1 and len(words_in(state.words_of(SpanKind.ANSWER))) >= LONG_ANSWER_WORDS


def _press(here: _Here) -> Move | None:
    for point in here.points_here:
        press = point.criterion.press
        if press is None or not point.shown or point.id in here.state.pressed or here.state.pressed:
            continue
        if here.seconds_for_question < 60:
            return None
        return here.move(
            MoveKind.PRESS,
            f"press on {point.id}: right, and worth defending",
            press.says,
            criterion_id=point.id,
            bridge=True,
        )
    return None


def _leave(here: _Here) -> Move:
    """After fruitless answers: to a part that can be answered, or kindly away."""
    subject = here.subject
    reason = f"{here.state.fruitless} answers in a row showed nothing new"
    if subject.leave_to and subject.leave_to not in here.state.opened_parts:
        target = next((part for part in subject.parts if part.id == subject.leave_to), None)
        if target is not None and here.words_of(target):
            return here.open_part(target, reason, before=subject.leave_says)
    return _onwards(here, reason, skip_parts=not subject.staged, kindly=True)


def _onwards(here: _Here, reason: str, *, skip_parts: bool = False, kindly: bool = False) -> Move:
    """The next part, the next question, the next round, or the end: the first that there is."""
    if not skip_parts and not here.question_over:
        part = here.next_part()
        if part is not None:
            before = phrases.KINDLY_ON.usual if kindly else ""
            step = "part" if here.subject.staged else "rung"
            return here.open_part(part, f"{reason}; next {step} {part.id}", before=before)
    following = here.next_question()
    if following is None:
        return here.move(MoveKind.CLOSE, f"{reason}; the plan is done", CLOSING)
    planned, question, chosen = following
    reason = f"{reason}; {chosen}" if chosen else reason
    subject = here.script.subjects[question.question_id]
    part = subject.parts[0]
    if planned.round != here.round:
        kind, before = MoveKind.CHANGE_ROUND, _announced(here.state, planned.round)
    else:
        kind = MoveKind.MOVE_ON
        before = _leaving(here).usual if kindly else phrases.SOMETHING_ELSE.usual
    found = here.recalled_by(question)
    if found is not None:
        # Words said just now lead on by themselves: something that they lead to is nothing else.
        leads_on = found.just_now and kind is MoveKind.MOVE_ON and not kindly
        before = found.spoken if leads_on else f"{before} {found.spoken}"
        reason = f"{reason}; takes up “{found.quote}”"
    return Move(
        kind,
        f"{reason}; next {question.question_id}",
        f"{before} {part.ask}".strip(),
        takes_up=found.key if found is not None else "",
        round=planned.round,
        question_id=question.question_id,
        part_id=part.id,
        claim=subject.claim,
        table=subject.table,
        facts=fact_sheet.volunteered(subject, part.id, ()),
    )


def _leaving(here: _Here) -> phrases.Stock:
    """How a question is left that led nowhere: whoever told something of it is thanked, and not comforted."""
    told = not here.state.heard(SpanKind.DONT_KNOW) and len(words_in(here.state.words_of(SpanKind.ANSWER)))
    return phrases.THANKS if told and told >= beside.LEAST_TOLD else phrases.LEFT_THERE


# --- the candidate's questions ------------------------------------------------------------------------------------------


def _candidate_questions(here: _Here, replies: Replies) -> Move:
    state = here.state
    last = state.last
    text = last.text if last is not None else ""
    if state.spans and all(span.kind is SpanKind.INSTRUCTION for span in state.spans):
        return here.say(MoveKind.REDIRECT, ADDRESSED, f"{phrases.GRADER_ASIDE.usual} {phrases.ASK_ME.usual}")
    if wants_no_more_questions(text) and not state.heard(SpanKind.ASK):
        # Before the end: "No, that's all from me" ends the questions, and may sound like more.
        return _onwards(here, "the candidate has no more questions")
    if state.heard(SpanKind.END):
        return here.confirm_end()
    if state.heard(SpanKind.OTHER_LANGUAGE) or not state.spans:
        return here.say(MoveKind.REDIRECT, "nothing that can be answered", phrases.ONLY_ENGLISH.usual)
    if state.heard(SpanKind.INSTRUCTION):
        return here.say(MoveKind.REDIRECT, ADDRESSED, f"{phrases.GRADER_ASIDE.usual} {phrases.ASK_ME.usual}")
    if state.heard(SpanKind.ASK):
        words = replies.company or replies.does_not_know
        reason = "answered from the company's material" if replies.company else "the company's material does not say"
        spoken = " ".join(filter(None, (words, replies.rest, phrases.ANYTHING_ELSE.usual)))
        return here.say(MoveKind.REPLY, reason, spoken)
    if state.heard(SpanKind.THINK):
        return here.say(MoveKind.WAIT, "asked for time", phrases.NO_HURRY.usual)
    if any(state.heard(kind) for kind in (SpanKind.REPEAT, SpanKind.HINT, SpanKind.CLARIFY)):
        return here.again(MoveKind.REPEAT, "asked to hear it again, or for help with it", "")
    if announces(text):
        return here.say(MoveKind.REDIRECT, "a question is announced", phrases.ASK_ME.usual)
    if here.asked_here >= 2:
        return _onwards(here, "no question came")
    return here.say(MoveKind.REDIRECT, "no question yet", phrases.ASK_ME.usual)


# --- shared -----------------------------------------------------------------------------------------------------------------


class _Here:
    """What follows from a conversation and its script by looking only."""

    def __init__(self, state: Conversation, script: Script, choose: Choose) -> None:
        assert state.subject is not None
        self._choose = choose
        self.state = state
        self.script = script
        self.subject: Subject = state.subject
        self.interview: Interview = state.interview
        self.planned: PlannedRound = next(
            planned
            for planned in self.interview.plan.rounds
            if any(question.question_id == self.subject.question_id for question in planned.askable)
        )
        self.round = self.planned.round

    @property
    def own_story(self) -> bool:
        """Whether the round is about the candidate's own life and work."""
        return rules_of(self.round).own_story

    @property
    def own_questions_follow(self) -> bool:
        """Whether a round of the candidate's questions is still to come."""
        rounds = self.interview.plan.rounds
        later = rounds[rounds.index(self.planned) + 1 :]
        return any(rules_of(planned.round).answers_questions for planned in later)

    @property
    def left_s(self) -> float:
        """Seconds left of the whole interview; negative when over."""
        return self.interview.minutes * 60 - self.state.time.interview_s

    @property
    def out_of_time(self) -> bool:
        return self.left_s <= 0

    @property
    def seconds_for_question(self) -> float:
        """Seconds left for this question: the least of its own, its round's and the interview's budget."""
        left_in_round = self.planned.minutes * 60 - self.state.time.round_s
        own = self.subject.seconds - self.state.time.question_s
        return min(own if self.remaining else max(own, left_in_round), left_in_round, self.left_s)

    @property
    def question_over(self) -> bool:
        return self.seconds_for_question <= 0

    @property
    def part_over(self) -> bool:
        """Whether what is left of the question's time is owed to parts that have to be reached yet."""
        owed_s = sum(part.owed_s for part in self._later_parts())
        return owed_s > 0 and self.seconds_for_question <= owed_s

    @property
    def probes_made(self) -> int:
        """Follow-ups of the interviewer on this subject; where its parts stand by themselves, on this part."""
        return len(self._probes) if not self.subject.staged else len(self._probes_of_part)

    @property
    def _probes(self) -> list[Move]:
        return [
            turn.move
            for turn in self.state.turns
            if turn.move is not None
            and turn.question_id == self.subject.question_id
            and turn.move.kind in {MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS}
        ]

    @property
    def _probes_of_part(self) -> list[Move]:
        here = self.state.part.id if self.state.part else ""
        return [move for move in self._probes if move.part_id == here]

    @property
    def may_follow_up(self) -> bool:
        """Whether the round allows one more follow-up here; a drill asks for all that it is about, where the round asks at all."""
        rules = rules_of(self.round)
        if self.subject.drill:
            return rules.probes_a_question > 0
        if self.subject.staged and len(self._probes_of_part) >= rules.probes_a_part:
            return False
        return len(self._probes) < rules.probes_a_question

    @property
    def asked_here(self) -> int:
        """The interviewer's turns on this question."""
        return sum(
            1 for turn in self.state.turns if turn.move is not None and turn.question_id == self.subject.question_id
        )

    @property
    def points_here(self) -> tuple[Point, ...]:
        """Criteria of the parts that are open."""
        return tuple(point for point in self.state.points if point.part_id in self.state.opened_parts)

    def closed_ids(self) -> frozenset[str]:
        return frozenset(point.id for point in self.state.points if point.closed)

    def may_probe(self, point: Point) -> bool:
        """Open, its predecessors closed, and of a kind that this round still digs for."""
        order = [CriterionKind.MUST, CriterionKind.SHOULD, CriterionKind.BONUS]
        deepest = order.index(CriterionKind(rules_of(self.round).deepest_kind))
        if self.subject.drill:
            deepest = order.index(CriterionKind.BONUS)
        elif point.kind is CriterionKind.BONUS and not self._strong:
            return False
        if point.criterion.evidence == "tests" and not self.subject.without_tests:
            return False  # Code shows it, and no words.
        return (
            not point.closed and order.index(point.kind) <= deepest and set(point.criterion.after) <= self.closed_ids()
        )

    @property
    def _strong(self) -> bool:
        """Every must of the opened parts is shown: worth going deeper."""
        musts = [point for point in self.points_here if point.kind is CriterionKind.MUST]
        return bool(musts) and all(point.shown for point in musts)

    def best_open(self, besides: str = "") -> Point | None:
        """The open criterion to ask for; None where there is none, or where enough was asked."""
        candidates = [point for point in self.points_here if point.id != besides and self.may_probe(point)]
        if self.subject.staged and self.next_part() is not None:
            # What an earlier part left open waits: one stage at a time, and the rest if there is time in the end.
            candidates = [point for point in candidates if self.state.part and point.part_id == self.state.part.id]
        if not candidates or not self.may_follow_up:
            return None
        return self._choose(candidates, self.state.nearness or {}, self.state.fruitless)

    def doubtful(self) -> Point | None:
        """A must that is only just believed, was never asked for, and is worth the minute that is left; None if there is none."""
        if not self.may_follow_up or self.seconds_for_question < LEAST_TO_MAKE_SURE_S:
            return None
        part = self.state.part.id if self.state.part else ""
        found = [
            point
            for point in self.points_here
            if point.kind is CriterionKind.MUST
            and point.criterion.evidence == "words"
            and point.shown
            and point.p_shown < SURE_AT
            and not point.probes
            and point.id not in self.state.pressed
            and (not self.subject.staged or point.part_id == part)
        ]
        return min(found, key=lambda point: point.p_shown, default=None)

    def focus(self) -> Point | None:
        """The criterion that a hint is for: the one just probed while it is open, else the best open one."""
        turn = self.state.last_move
        wanted = turn.move.criterion_id if turn is not None and turn.move is not None else ""
        for point in self.points_here:
            if point.id == wanted and not point.shown:
                return point
        open_points = [
            point
            for point in self.points_here
            if not point.shown and not point.too_late and set(point.criterion.after) <= self.closed_ids()
        ]
        here = self.state.part.id if self.state.part else ""
        open_points = [point for point in open_points if point.part_id == here] or open_points
        return max(open_points, key=lambda point: WEIGHT[point.kind], default=None)

    def next_part(self) -> Part | None:
        """The next part that may be asked now; low priorities are dropped first when time is short."""
        rest = self._later_parts()
        for priority in (3, 2, 1):
            if sum(part.seconds for part in rest) <= self.seconds_for_question:
                break
            if any(part.priority < priority for part in rest):
                rest = [part for part in rest if part.priority < priority]
        return rest[0] if rest else None

    def _later_parts(self) -> list[Part]:
        """Those after the last one that was opened, as far as they may be."""
        parts = self.subject.parts
        opened = self.state.opened_parts
        last_index = max((index for index, part in enumerate(parts) if part.id in opened), default=-1)
        return [part for part in parts[last_index + 1 :] if self._may_open(part)]

    def _may_open(self, part: Part) -> bool:
        said = {point.id for point in self.state.points if point.volunteered}
        if part.id != CURVEBALL and part.criteria and all(criterion.id in said for criterion in part.criteria):
            return False
        if not set(part.after) <= self.closed_ids():
            return False
        return bool(self.words_of(part))

    def words_of(self, part: Part) -> str:
        """The part's words as things stand: its other ones where its condition fails; "" where it is then left out."""
        if part.rung is None or self._holds(part):
            return part.ask
        return part.otherwise

    def _holds(self, part: Part) -> bool:
        if part.rung is None or part.rung.when is None:
            return True
        claim = self.subject.claim.text if self.subject.claim else ""
        heard = self.state.answers if part.rung.if_not_mine is not None else f"{claim}\n{self.state.answers}"
        return holds(part.rung.when, heard=heard, role=self.interview.role, slots=self._slots)

    @cached_property
    def _slots(self) -> dict[str, object]:
        """What the candidate has told of their project."""
        return {slot: said.value for slot, said in filled(self.subject, self.state.turns).items()}

    def next_question(self) -> tuple[PlannedRound, PlannedQuestion, str] | None:
        """The next question of this round while its time lasts, else of a later one, shortened rounds included; and why it is next."""
        rounds = self.interview.plan.rounds
        if self.remaining and self.planned.minutes * 60 - self.state.time.round_s > 45:
            return self.planned, *self._fitting(self.remaining)
        spare = self._spare()
        if spare:
            question, why = self._fitting(spare)
            return self.planned, question, "; ".join(filter(None, (why, "the round has time left: one of its reserve")))
        for planned in rounds[rounds.index(self.planned) + 1 :]:
            if planned.questions:
                return planned, planned.questions[0], ""
        return None

    @property
    def remaining(self) -> tuple[PlannedQuestion, ...]:
        """Questions of this round that were not asked yet, in the order of the plan."""
        return tuple(question for question in self.planned.questions if question.question_id not in self._asked)

    @property
    def _asked(self) -> frozenset[str]:
        return frozenset(turn.question_id for turn in self.state.turns if turn.move is not None)

    def _spare(self) -> tuple[PlannedQuestion, ...]:
        """Questions of the round's reserve for which it has time: at least two minutes, and a good part of what they take."""
        if self.remaining or rules_of(self.round).answers_questions:
            return ()
        left_s = min(self.planned.minutes * 60 - self.state.time.round_s, self.left_s)
        return tuple(
            question
            for question in self.planned.reserve
            if question.question_id not in self._asked
            and left_s >= max(LEAST_FOR_A_RESERVE_S, question.seconds * RESERVE_SHARE)
        )

    def recalled_by(self, question: PlannedQuestion) -> Recall | None:
        """What the candidate said of their own work that the question names; None for a chain, which has its own claim."""
        subject = self.script.subjects[question.question_id]
        if subject.claim is not None or rules_of(subject.round).answers_questions:
            return None
        here = self.subject.question_id
        return recall(self.state.turns, subject.parts[0].ask, self.state.taken_up, leaving=here)

    def _fitting(self, remaining: Sequence[PlannedQuestion]) -> tuple[PlannedQuestion, str]:
        """Of what remains, what a claim just made leads to; else the hardest where all was shown, the easiest where little was."""
        if rules_of(self.round).keeps_order or any(self.script.subjects[each.question_id].drill for each in remaining):
            return remaining[0], ""
        for question in remaining:
            found = self.recalled_by(question)
            if found is not None and found.just_now:
                return question, f"a claim just made leads there ({found.name})"
        levels = {each.question_id: self.script.subjects[each.question_id].difficulty for each in remaining}
        musts = [point for point in self.points_here if point.kind is CriterionKind.MUST]
        if min(levels.values()) in {0, max(levels.values())} or not musts or not self._was_answered:
            return remaining[0], ""
        shown = sum(1 for point in musts if point.shown)
        seen = f"{shown} of {len(musts)} musts shown"
        if shown == len(musts) and not any(point.hints for point in musts):
            return max(
                remaining, key=lambda each: levels[each.question_id]
            ), f"{seen} unaided: the harder of what is left"
        if 3 * shown <= len(musts):
            return min(remaining, key=lambda each: levels[each.question_id]), f"{seen}: the easier of what is left"
        return remaining[0], ""

    @property
    def _was_answered(self) -> bool:
        return any(
            span.kind in ANSWERED
            for turn in self.state.turns
            if belongs(turn, self.subject.question_id)
            for span in turn.spans
        )

    @property
    def check_due(self) -> Due | None:
        """The check that the last answer has made due, where there is time for it."""
        in_time = self.seconds_for_question >= LEAST_TO_RECONCILE_S and self.state.heard(SpanKind.ANSWER)
        return due(self.subject, self.state.turns, self.state.taken_up) if in_time else None

    @property
    def facts_told(self) -> dict[str, Telling]:
        """What the candidate knows of the fact sheet."""
        return fact_sheet.told(self.state.turns, self.subject.question_id)

    @cached_property
    def before(self) -> str:
        """Everything that the interviewer has said so far."""
        return "\n".join(turn.text for turn in self.state.turns if turn.move is not None)

    @property
    def told_again(self) -> bool:
        """Whether the interviewer's last move was a reply to a question already."""
        last = self.state.last_move
        return last is not None and last.move is not None and last.move.kind is MoveKind.CLARIFY

    def confirm_end(self) -> Move:
        """Says how an interview is ended, and asks again."""
        note = phrases.HOW_TO_END.usual
        return self.again(MoveKind.CONFIRM_END, "asked to stop; only the close call ends an interview", note)

    def open_part(self, part: Part, reason: str, before: str = "", facts: tuple[FactTold, ...] = ()) -> Move:
        """Asks a part; what its stage volunteers and nobody asked for is told first. `before` tells `facts`."""
        known = {*self.facts_told, *(each.id for each in facts)}
        more = fact_sheet.volunteered(self.subject, part.id, known)
        words = self.words_of(part)
        said = fact_sheet.words_of(self.subject, fact_sheet.beyond(self.subject, more, words))
        told = f"{phrases.UNASKED.usual} {said}" if said else ""
        words = " ".join(filter(None, (before, told, words)))
        move = self.move(MoveKind.ASK, reason, words, bridge=not before and not told)
        return replace(move, part_id=part.id, facts=(*facts, *more))

    def move(
        self,
        kind: MoveKind,
        reason: str,
        spoken: str,
        *,
        criterion_id: str = "",
        hint: int = 0,
        misconception_id: str = "",
        bridge: bool = False,
    ) -> Move:
        part_id = self.state.part.id if self.state.part else ""
        if criterion_id:
            part_id = next((point.part_id for point in self.state.points if point.id == criterion_id), part_id)
        claim: Claim | None = self.subject.claim
        return Move(
            kind,
            reason,
            spoken,
            round=self.round,
            question_id=self.subject.question_id,
            part_id=part_id,
            criterion_id=criterion_id,
            hint=hint,
            misconception_id=misconception_id,
            claim=claim,
            bridge=bridge,
        )

    def say(self, kind: MoveKind, reason: str, spoken: str) -> Move:
        """A move that keeps the question open as it is, without asking it again."""
        turn = self.state.last_move
        wanted = turn.move.criterion_id if turn is not None and turn.move is not None else ""
        return self.move(kind, reason, spoken, criterion_id=wanted)

    def again(self, kind: MoveKind, reason: str, note: str) -> Move:
        """A move that says `note` and then the last question once more."""
        return self.say(kind, reason, f"{note} {self.last_question()}".strip())

    def last_question(self) -> str:
        """The words that are still waiting for an answer."""
        for turn in reversed(self.state.turns):
            if turn.move is not None and turn.question_id == self.subject.question_id and turn.move.kind in _QUESTIONS:
                if turn.move.kind in _WHOLE:
                    return turn.move.spoken
                # Not `words_of`: what was said since may have changed which of its two wordings would be chosen now.
                part = self.subject.part(turn.move.part_id)
                asked = (words for words in (part.ask, part.otherwise) if words and turn.move.spoken.endswith(words))
                return next(asked, turn.move.spoken)
        return self.subject.parts[0].ask


_WHOLE = frozenset(
    {MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS, MoveKind.TESTS, MoveKind.RECONCILE, MoveKind.CHECK}
)
"""Moves whose words are all the question."""
_QUESTIONS = _WHOLE | {MoveKind.OPEN, MoveKind.ASK, MoveKind.MOVE_ON, MoveKind.CHANGE_ROUND}


def _clock(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
