"""Answers x criteria -> a score: puts the two judges together, grounds every quote, and lets code say what is missed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.interview import Interview
from app.domain.score import (
    VOLUNTEERED_AT,
    CriterionKind,
    CriterionScore,
    CriterionState,
    Evidence,
    JudgeOpinion,
    Reached,
    Score,
    VerdictState,
    Versions,
)
from app.domain.transcript import Mark, MoveKind, SpanKind, Speaker, Turn
from app.material.corpus import Corpus, RubricCriterion
from app.material.entries import Criterion
from app.scoring.by_tests import state_by_tests
from app.scoring.criterion_model import NAME, CompactScorer
from app.scoring.evidence import ground
from app.scoring.levels import coverage_of, level_of, spread_of
from app.scoring.model_judge import Judged, ModelJudge
from app.scoring.order import asked_for
from app.scoring.slow_voice import SlowVoice, Voiced, joined, slow_weights
from app.scoring.stretches import Unit, units_of

CODE_VERSION = "assess-7"
PARTLY_UNREAD = "most of what was said on it was in another language than English"
SHOWN_AT = 0.5
REACH = (0.03, 0.97)
"""Between these the slow voice is heard."""
_OPENING = frozenset({MoveKind.OPEN, MoveKind.ASK, MoveKind.MOVE_ON, MoveKind.CHANGE_ROUND})


@dataclass(frozen=True, slots=True)
class Models:
    """What models beside the compact scorer said of one question."""

    judged: Judged | None = None
    slow: Mapping[str, float | None] = field(default_factory=dict)
    """Log odds by criterion id; None where the call failed."""
    slow_failure: str = ""
    why_alone: str = ""
    """Why nobody but the compact scorer was asked, where somebody should have been."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A score, and on which criteria a model was asked and not heard."""

    score: Score
    unheard: Mapping[str, str]
    """Why, by criterion id."""


async def assess(
    interview: Interview,
    turns: Sequence[Turn],
    question_id: str,
    *,
    corpus: Corpus,
    compact: CompactScorer,
    judge: ModelJudge | None,
    voice: SlowVoice | None = None,
    why_alone: str = "",
    now: Callable[[], datetime],
) -> Score:
    """The score of one question, see `assessed`."""
    found = await assessed(
        interview,
        turns,
        question_id,
        corpus=corpus,
        compact=compact,
        judge=judge,
        voice=voice,
        why_alone=why_alone,
        now=now,
    )
    return found.score


async def assessed(
    interview: Interview,
    turns: Sequence[Turn],
    question_id: str,
    *,
    corpus: Corpus,
    compact: CompactScorer,
    judge: ModelJudge | None,
    voice: SlowVoice | None = None,
    why_alone: str = "",
    now: Callable[[], datetime],
) -> Assessed:
    """The score of one question. A model that fails leaves the compact scorer's word, and the score says so.

    Of `judge` and `voice` one is given at most: the one decides by itself, the other's odds are joined with the compact scorer's.
    A drill's score has the criteria in focus alone, and no level: it was never asked for the rest.
    """
    rubric = corpus.rubric(question_id)
    planned = interview.plan.question(question_id)
    focus = planned.focus if planned is not None else ()
    asked_about = [entry for entry in rubric.criteria if not focus or entry.criterion.id in focus]
    marks = {mark.criterion_id: mark for mark in await compact.mark(interview, question_id, turns)}
    opened = opened_parts(turns, question_id)
    entries = [entry for entry in asked_about if entry.part_id in opened]
    unscored = unscored_reason(turns, question_id)
    judged: Judged | None = None
    asked_facts = asked_for(corpus.entry(question_id), turns)
    credited = {each for each, evidence in asked_facts.items() if evidence.quote == marks[each].quote}
    if judge is not None and not unscored and entries:
        wanted = [
            entry for entry in entries if entry.criterion.evidence == "words" and entry.criterion.id not in credited
        ]
        if wanted:
            asked = next((turn.text for turn in turns if turn.question_id == question_id), "")
            judged = await judge.judge(question_id, asked, [entry.criterion for entry in wanted], turns)
    voiced: Voiced | None = None
    slow: dict[str, float | None] = {}
    if voice is not None and not unscored:
        held = [
            entry.criterion
            for entry in entries
            if entry.criterion.id not in credited and within_reach(entry.criterion, marks[entry.criterion.id])
        ]
        beside = await compact.asides(question_id, units_of(turns, question_id)) if held else ()
        text = said_on(turns, question_id, without=beside)
        if held and text:
            asked = next((turn.text for turn in turns if turn.question_id == question_id), "")
            voiced = await voice.hold(asked, [criterion.says for criterion in held], text)
            slow = dict(zip((criterion.id for criterion in held), voiced.log_odds, strict=True))
    problem = corpus.problems.get(question_id)
    function = problem.function if problem is not None else None
    models = Models(judged, slow, voiced.failure if voiced else "", why_alone)

    def score_of(entry: RubricCriterion) -> CriterionScore:
        if entry.criterion.evidence == "tests":
            return _by_tests(interview, turns, question_id, entry, function)
        if entry.criterion.id in credited and not unscored:
            return _asked_for(interview, turns, question_id, entry, asked_facts[entry.criterion.id])
        return _criterion(interview, turns, question_id, entry, marks[entry.criterion.id], models, unscored)

    criteria = tuple(score_of(entry) for entry in asked_about)
    spoke = judged if judged is not None and judged.opinions else None
    heard = spoke or (voiced if any(each is not None for each in slow.values()) else None)
    unheard = {each: voiced.failure for each, odds in slow.items() if odds is None} if voiced else {}
    if judged is not None:
        unheard = {each: judged.failure for each in judged.asked if each not in judged.opinions}
    score = Score(
        question_id=question_id,
        round=rubric.round,
        criteria=criteria,
        level=None if unscored or focus else level_of(criteria),
        coverage=coverage_of(criteria),
        spread=None if unscored or focus else spread_of(criteria),
        versions=Versions(
            rubric_id=rubric.id,
            rubric_version=rubric.version,
            rubric_hash=rubric.hash,
            scorer=NAME,
            code=CODE_VERSION,
            prompt_id=heard.prompt.id if heard else "",
            prompt_version=heard.prompt.version if heard else 0,
            prompt_hash=heard.prompt.hash if heard else "",
            model=heard.model if heard else "",
        ),
        created_at=now(),
        unscored_reason=unscored,
        drill=bool(focus),
    )
    return Assessed(score, unheard)


def said_on(turns: Sequence[Turn], question_id: str, *, without: Collection[Unit] = ()) -> str:
    """The candidate's answers on a question, a line each, `without` some of their sentences."""
    answers = {
        turn.id: turn.answer_text()
        for turn in turns
        if turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id
    }
    for unit in without:
        text = answers[unit.turn.id]
        answers[unit.turn.id] = text[: unit.start] + " " * (unit.end - unit.start) + text[unit.end :]
    said = (" ".join(text.split()) for text in answers.values())
    return "\n".join(text for text in said if text)


def within_reach(criterion: Criterion, mark: Mark) -> bool:
    """Whether a slow voice may still change the compact scorer's mind: a call costs a second."""
    return criterion.evidence == "words" and bool(mark.quote) and REACH[0] <= mark.p_shown <= REACH[1]


def opened_parts(turns: Sequence[Turn], question_id: str) -> frozenset[str]:
    """Parts of the question that were asked aloud."""
    return frozenset(
        turn.part_id for turn in turns if turn.question_id == question_id and turn.move and turn.move.kind in _OPENING
    )


def unscored_reason(turns: Sequence[Turn], question_id: str) -> str:
    """Why a question cannot be judged at all: only words in another language; "" where it can."""
    spans = [
        span.kind
        for turn in turns
        if turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id
        for span in turn.spans
    ]
    if spans and all(kind is SpanKind.OTHER_LANGUAGE for kind in spans):
        return "answered in another language than English"
    return ""


def mostly_unread(turns: Sequence[Turn], question_id: str) -> bool:
    """Whether more words on the question were in another language than were an answer: what is not there may have been said."""
    count = {SpanKind.OTHER_LANGUAGE: 0, SpanKind.ANSWER: 0}
    for turn in turns:
        if turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id:
            for span in turn.spans:
                if span.kind in count:
                    count[span.kind] += len(turn.text[span.start : span.end].split())
    return count[SpanKind.OTHER_LANGUAGE] > count[SpanKind.ANSWER]


def opportunities(turns: Sequence[Turn], question_id: str, entry: RubricCriterion) -> tuple[str, ...]:
    """Ids of the interviewer's turns that asked for the criterion and were answered by the candidate with an answer or a "don't know".

    The opening of its part counts where the opening demands it; a probe and a challenge of it always do.
    """
    found = []
    for index, turn in enumerate(turns):
        move = turn.move
        if move is None or turn.question_id != question_id:
            continue
        opens = move.kind in _OPENING and turn.part_id == entry.part_id and entry.criterion.asked_by == "ask"
        asks = move.criterion_id == entry.criterion.id and move.kind in {MoveKind.PROBE, MoveKind.CHALLENGE}
        coded = entry.criterion.evidence == "tests"
        if (opens or asks or (coded and move.kind is MoveKind.TESTS)) and _answered(turns[index + 1 :], coded=coded):
            found.append(turn.id)
    return tuple(found)


def _answered(after: Sequence[Turn], *, coded: bool = False) -> bool:
    """Whether an answer, or code where that is one, came before the interviewer turned to something else.

    Hints and clarifications do not count as that.
    """
    waiting = frozenset(
        {MoveKind.HINT, MoveKind.CLARIFY, MoveKind.REPEAT, MoveKind.WAIT, MoveKind.REDIRECT, MoveKind.CONFIRM_END}
    )
    for turn in after:
        if turn.speaker is Speaker.CANDIDATE:
            if any(span.kind in {SpanKind.ANSWER, SpanKind.DONT_KNOW} for span in turn.spans) or (coded and turn.code):
                return True
        elif turn.move is None or turn.move.kind not in waiting:
            return False
    return False


def _asked_for(
    interview: Interview, turns: Sequence[Turn], question_id: str, entry: RubricCriterion, question: Evidence
) -> CriterionScore:
    """Shown by asking for a fact: the interviewer's move says which, so nobody has to judge it."""
    criterion = entry.criterion
    asked_in = opportunities(turns, question_id, entry)
    # An opening asks for a design and not to be asked.
    reached, hints = how_reached(turns, question_id, criterion.id, question, ())
    return CriterionScore(
        criterion_id=criterion.id,
        says=criterion.says,
        kind=CriterionKind(criterion.kind_for(interview.seniority, interview.role, frozenset())),
        skill=criterion.skill,
        state=CriterionState.SHOWN,
        passage_id=criterion.cites,
        evidence=(question,),
        reached=reached,
        hints=hints,
        reason="asked for what the scenario holds back",
        judges=(JudgeOpinion("fact-sheet", VerdictState.SHOWN, 1.0, question.quote, "", grounded=True),),
        asked_in=asked_in,
        next_time=criterion.next_time,
    )


def _criterion(
    interview: Interview,
    turns: Sequence[Turn],
    question_id: str,
    entry: RubricCriterion,
    mark: Mark,
    models: Models,
    unscored: str,
) -> CriterionScore:
    criterion = entry.criterion
    kind = CriterionKind(criterion.kind_for(interview.seniority, interview.role, frozenset()))
    own = [turn for turn in turns if turn.question_id == question_id or turn.speaker is Speaker.INTERVIEWER]
    opened = entry.part_id in opened_parts(turns, question_id)
    judged = models.judged
    at = SHOWN_AT if opened else VOLUNTEERED_AT
    compact = _compact_opinion(mark, own, at)
    model = judged.opinions.get(criterion.id) if judged else None
    slow = models.slow.get(criterion.id)
    both = _joined_opinion(mark, slow, own, at) if slow is not None else None
    asked_in = opportunities(turns, question_id, entry)
    other = both or model
    opinions = (compact, other) if other is not None else (compact,)
    disagreement = other is not None and (other.grounded != compact.grounded or other.state is not compact.state)
    chosen = other or compact
    base = CriterionScore(
        criterion_id=criterion.id,
        says=criterion.says,
        kind=kind,
        skill=criterion.skill,
        state=CriterionState.NOT_ASSESSED,
        passage_id=criterion.cites,
        judges=opinions,
        disagreement=disagreement,
        asked_in=asked_in,
        next_time=criterion.next_time,
    )
    if unscored:
        return _with(base, state=CriterionState.UNSCORED, reason=unscored, judges=(), disagreement=False)
    # Asked for and not given: whoever reads the score must know that one judge spoke where two were due.
    alone = ""
    if judged is not None and model is None and criterion.id in judged.asked:
        alone = f"{judged.failure}; the compact scorer judged alone"
    if criterion.id in models.slow and slow is None:
        alone = f"{models.slow_failure}; the compact scorer judged alone"
    alone = alone or models.why_alone
    evidence = ground(chosen.quote, own) if chosen.state is not VerdictState.ABSENT else None
    if chosen.state is not VerdictState.ABSENT and evidence is None:
        return _with(base, reason=_joined("not assessed: the quote was not found in the candidate's words", alone))
    if evidence is None:
        if asked_in and mostly_unread(turns, question_id):
            return _with(base, state=CriterionState.UNSCORED, reason=PARTLY_UNREAD, judges=(), disagreement=False)
        if asked_in:
            reason = _joined("asked, and not in the answer", alone)
            return _with(base, state=CriterionState.MISSED, reason=reason)
        return _with(base, reason=_joined("never asked for", alone))
    reached, hints = how_reached(turns, question_id, criterion.id, evidence, asked_in)
    return _with(
        base, state=CriterionState(str(chosen.state)), evidence=(evidence,), reached=reached, hints=hints, reason=alone
    )


def _by_tests(
    interview: Interview, turns: Sequence[Turn], question_id: str, entry: RubricCriterion, function: str | None
) -> CriterionScore:
    """A criterion that tests decide: no judge has a say, whatever language was spoken beside the code."""
    criterion = entry.criterion
    asked_in = opportunities(turns, question_id, entry)
    found = state_by_tests(turns, question_id, function, asked=bool(asked_in))
    reached, hints = None, 0
    if found.evidence is not None:
        reached, hints = how_reached(turns, question_id, criterion.id, found.evidence, asked_in)
    return CriterionScore(
        criterion_id=criterion.id,
        says=criterion.says,
        kind=CriterionKind(criterion.kind_for(interview.seniority, interview.role, frozenset())),
        skill=criterion.skill,
        state=found.state,
        passage_id=criterion.cites,
        evidence=(found.evidence,) if found.evidence is not None else (),
        reached=reached,
        hints=hints,
        reason=found.reason,
        asked_in=asked_in,
        next_time=criterion.next_time,
    )


def _joined(*reasons: str) -> str:
    return "; ".join(reason for reason in reasons if reason)


def _with(score: CriterionScore, **changes: object) -> CriterionScore:
    return replace(score, **changes)  # type: ignore[arg-type]


def _compact_opinion(mark: Mark, own: Sequence[Turn], at: float) -> JudgeOpinion:
    """The mark as an opinion. `partly` is left to the model judge: a probability near one half is doubt, not half a truth."""
    state = VerdictState.ABSENT
    if mark.p_contradicted >= at and mark.p_contradicted > mark.p_shown:
        state = VerdictState.CONTRADICTED
    elif mark.p_shown >= at:
        state = VerdictState.SHOWN
    quote = mark.quote if state is not VerdictState.ABSENT else ""
    grounded = bool(quote) and ground(quote, own) is not None
    return JudgeOpinion("compact", state, mark.p_shown, quote, "", grounded=grounded)


def _joined_opinion(mark: Mark, slow: float, own: Sequence[Turn], at: float) -> JudgeOpinion:
    """The mark with the slow voice's log odds joined to it; the words remain the compact scorer's."""
    p = round(joined(mark.p_shown, slow, slow_weights()["interview"]), 3)
    return replace(_compact_opinion(replace(mark, p_shown=p), own, at), judge="joined")


def how_reached(
    turns: Sequence[Turn], question_id: str, criterion_id: str, evidence: Evidence, asked_in: Sequence[str]
) -> tuple[Reached, int]:
    """How the credited words came about: by themselves, when asked for, by the opening or by a probe, or after n hints.

    `asked_in`: ids of the turns that asked for the criterion (`opportunities`).
    """
    seq = next(turn.seq for turn in turns if turn.id == evidence.turn_id)
    before = [
        turn.move
        for turn in turns
        if turn.seq < seq and turn.move and turn.question_id == question_id and turn.move.criterion_id == criterion_id
    ]
    hints = max((move.hint for move in before if move.kind is MoveKind.HINT), default=0)
    if hints:
        return Reached.HINTED, hints
    asked = any(turn.id in asked_in for turn in turns if turn.seq < seq)
    if asked or any(move.kind in {MoveKind.PROBE, MoveKind.CHALLENGE} for move in before):
        return Reached.PROBED, 0
    return Reached.VOLUNTEERED, 0
