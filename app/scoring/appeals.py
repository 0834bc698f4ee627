"""Appeals: words that the candidate marked are judged again against one criterion. Pure but for the judges.

The words come from an interested party, and the whole answer was read once already: what they are cut out of is judged with
them, so that no quotation can lose its "not", and they need a higher probability than an answer does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.appeal import Appeal, MarkedWords
from app.domain.errors import AppealInvalid, CriterionChanged, CriterionUnknown
from app.domain.interview import Interview
from app.domain.score import (
    VOLUNTEERED_AT,
    CriterionScore,
    CriterionState,
    Evidence,
    JudgeOpinion,
    Score,
    VerdictState,
    Versions,
)
from app.domain.sentences import sentences, words
from app.domain.transcript import Mark, Span, SpanKind, Speaker, Turn
from app.material.corpus import Rubric, RubricCriterion
from app.material.entries import Criterion
from app.scoring.assess import CODE_VERSION, SHOWN_AT, how_reached, opened_parts
from app.scoring.authored import examples_alone
from app.scoring.criterion_model import NAME, CompactScorer
from app.scoring.evidence import ground, is_echo
from app.scoring.free_model import ReadAlone
from app.scoring.levels import coverage_of, level_of, spread_of
from app.scoring.model_judge import ModelJudge
from app.scoring.order import answered_at
from app.scoring.stretches import recites

UPHELD_AT = SHOWN_AT
"""Probability of `shown` from which the compact scorer upholds an appeal; docs/decisions/0014 says why."""
MIN_WORDS = 2
WORDS_AROUND = 15
"""On each side of the marked words: as far as their sentence goes, and no farther in speech without full stops."""

BY_TESTS = "tests of the code decide this criterion, and no words"
ECHO = "the words give back what the interviewer had just said"
RECITED = "the words recite the rubric"
TOO_LATE = "said only after what it had to come before"
TAKEN_BACK = "the words were taken back later in the answer"
DENIED = "the words say the contrary"
NOT_SHOWN = "the words do not show the criterion"
SHOWN = "the words show the criterion"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the judges made of the marked words."""

    upheld: bool
    reason: str
    judges: tuple[JudgeOpinion, ...]
    versions: Versions


def marked_words(turns: Sequence[Turn], question_id: str, turn_id: str, start: int, end: int) -> MarkedWords:
    """The words at `start:end` of the turn, without white space around them and grown to whole words.

    Raises:
        AppealInvalid: the turn is not there, not the candidate's or of another question; the place is outside of it; the
            words are not all part of an answer, or are fewer than `MIN_WORDS`.
    """
    turn = next((each for each in turns if each.id == turn_id), None)
    if turn is None or turn.speaker is not Speaker.CANDIDATE:
        raise AppealInvalid(f"turn '{turn_id}' is none of yours in this interview")
    if turn.question_id != question_id:
        raise AppealInvalid(f"turn '{turn_id}' does not belong to '{question_id}'")
    text = turn.text
    if not 0 <= start < end <= len(text):
        raise AppealInvalid(f"{start} to {end} is no place in a turn of {len(text)} characters")
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    quote = text[start:end]
    if turn.answer_text()[start:end] != quote:
        raise AppealInvalid("they were not heard as an answer, or not all of them")
    if len(words(quote)) < MIN_WORDS:
        raise AppealInvalid(f"they are fewer than {MIN_WORDS} words")
    return MarkedWords(turn.id, start, end, quote)


def heard_span(turn: Turn, marked: MarkedWords) -> tuple[int, int]:
    """The place that is judged: the marked words with the rest of their sentences, at most `WORDS_AROUND` words a side."""
    answer = turn.answer_text()
    touched = [each for each in sentences(answer) if each.start < marked.end and each.end > marked.start]
    start = min((each.start for each in touched), default=marked.start)
    end = max((each.end for each in touched), default=marked.end)
    before = [found.start() for found in re.finditer(r"\S+", answer[start : marked.start])]
    after = [found.end() for found in re.finditer(r"\S+", answer[marked.end : end])]
    if len(before) > WORDS_AROUND:
        start += before[-WORDS_AROUND]
    if len(after) > WORDS_AROUND:
        end = marked.end + after[WORDS_AROUND - 1]
    return min(start, marked.start), max(end, marked.end)


def as_if_only(
    turns: Sequence[Turn], question_id: str, marked: MarkedWords, *, and_after: bool = False
) -> tuple[Turn, ...]:
    """The talk with the marked words as the only answer on the question; everything else stands as it was said.

    With `and_after`, what the candidate said on the question from then on is an answer too. Offsets still hold: what is left
    out of the turn is no answer any more, and its characters stay.
    """
    kept = []
    past = False
    for turn in turns:
        if turn.id == marked.turn_id:
            start, end = heard_span(turn, marked)
            kept.append(replace(turn, spans=_answers_within(turn, start, len(turn.text) if and_after else end)))
            past = True
        elif turn.speaker is Speaker.INTERVIEWER or turn.question_id != question_id or (and_after and past):
            kept.append(turn)
    return tuple(kept)


def _answers_within(turn: Turn, start: int, end: int) -> tuple[Span, ...]:
    spans = turn.spans or (Span(SpanKind.ANSWER, 0, len(turn.text)),)
    cut = [replace(span, start=max(span.start, start), end=min(span.end, end)) for span in spans]
    return tuple(span for span in cut if span.kind is SpanKind.ANSWER and span.start < span.end)


def criterion_in(score: Score, criterion_id: str) -> CriterionScore:
    """The criterion of a score.

    Raises:
        CriterionUnknown: there is none of that id.
    """
    for criterion in score.criteria:
        if criterion.criterion_id == criterion_id:
            return criterion
    raise CriterionUnknown(score.question_id, criterion_id)


def entry_for(rubric: Rubric, criterion: CriterionScore) -> RubricCriterion:
    """The criterion in the present rubric.

    Raises:
        CriterionChanged: it is gone, or reads otherwise than when the question was scored.
    """
    for entry in rubric.criteria:
        if entry.criterion.id == criterion.criterion_id and entry.criterion.says == criterion.says:
            return entry
    raise CriterionChanged(rubric.id, criterion.criterion_id)


def refused(turns: Sequence[Turn], rubric: Rubric, criterion: CriterionScore, marked: MarkedWords) -> str:
    """Why the words need no judge: tests decide, an echo, the rubric's own sentence, or taken back. "" where they need one."""
    if entry_for(rubric, criterion).criterion.evidence == "tests":
        return BY_TESTS
    place, turn = next((index, each) for index, each in enumerate(turns) if each.id == marked.turn_id)
    start, end = heard_span(turn, marked)
    whole = turn.text[start:end]
    if is_echo(marked.quote, turns[:place]) or is_echo(whole, turns[:place]):
        return ECHO
    statements = [entry.criterion.says for entry in rubric.criteria]
    if recites(marked.quote, statements) or recites(whole, statements):
        return RECITED
    if criterion.state is CriterionState.CONTRADICTED:
        order = {each.id: each.seq for each in turns}
        later = [one for one in criterion.evidence if (order.get(one.turn_id, 0), one.start) >= (turn.seq, end)]
        if later:
            return TAKEN_BACK
    return ""


async def hear(
    interview: Interview,
    turns: Sequence[Turn],
    rubric: Rubric,
    criterion: CriterionScore,
    marked: MarkedWords,
    *,
    compact: CompactScorer,
    alone: ReadAlone,
    judge: ModelJudge | None,
) -> Hearing:
    """Judges the marked words against the criterion: by the compact scorer, and by a judge model where it decides scores.

    Who overlooked a point overlooks it again. So where the compact scorer sees nothing, and no judge model decides, a second
    reader has a say: the scorer for bare statements, which holds the criterion and its examples against the words alone.

    A judge model that fails leaves the other readers' word, and the reason says so.

    Raises:
        CriterionChanged: the rubric no longer has the criterion as it was scored.
    """
    entry = entry_for(rubric, criterion)
    why = refused(turns, rubric, criterion, marked)
    if why:
        return Hearing(False, why, (), _versions(rubric))
    found = await _judged(interview, turns, rubric, criterion, marked, compact=compact, alone=alone, judge=judge)
    if not found.upheld:
        return found
    if entry.criterion.evidence == "order" and await _too_late(interview, turns, rubric, entry, marked, compact):
        return replace(found, upheld=False, reason=TOO_LATE)
    # The last word wins: what was said from then on may take the marked words back.
    onwards = as_if_only(turns, rubric.id, marked, and_after=True)
    mark = _of(await compact.mark(interview, rubric.id, onwards), criterion.criterion_id)
    return replace(found, upheld=False, reason=TAKEN_BACK) if mark.p_contradicted >= SHOWN_AT else found


async def _too_late(
    interview: Interview,
    turns: Sequence[Turn],
    rubric: Rubric,
    entry: RubricCriterion,
    marked: MarkedWords,
    compact: CompactScorer,
) -> bool:
    """Whether one of the criteria that had to come later stands in an earlier answer, or what asks for it was answered."""
    place = next(index for index, turn in enumerate(turns) if turn.id == marked.turn_id)
    before = turns[:place]
    parts = {each.part_id for each in rubric.criteria if each.criterion.id in entry.criterion.before and each.part_id}
    if answered_at(before, rubric.id, parts - {entry.part_id}):
        return True
    marks = await compact.mark(interview, rubric.id, before)
    said = {mark.criterion_id for mark in marks if max(mark.p_shown, mark.p_contradicted) >= SHOWN_AT}
    return bool(said.intersection(entry.criterion.before))


def _versions(rubric: Rubric) -> Versions:
    return Versions(rubric.id, rubric.version, rubric.hash, NAME, CODE_VERSION)


def _of(marks: Sequence[Mark], criterion_id: str) -> Mark:
    return next(each for each in marks if each.criterion_id == criterion_id)


async def _judged(
    interview: Interview,
    turns: Sequence[Turn],
    rubric: Rubric,
    criterion: CriterionScore,
    marked: MarkedWords,
    *,
    compact: CompactScorer,
    alone: ReadAlone,
    judge: ModelJudge | None,
) -> Hearing:
    """What the judges say of the marked words by themselves."""
    entry = entry_for(rubric, criterion)
    versions = _versions(rubric)
    only = as_if_only(turns, rubric.id, marked)
    at = UPHELD_AT if entry.part_id in opened_parts(turns, rubric.id) else max(UPHELD_AT, VOLUNTEERED_AT)
    # A few words by themselves lie near to many questions. That they answer this one is told by what they were said in.
    talk = await compact.mark(interview, rubric.id, turns)
    heard = any(max(each.p_shown, each.p_contradicted) > 0.0 for each in talk)
    marks = await compact.mark(interview, rubric.id, only, wherever_it_lies=heard)
    mark = _of(marks, criterion.criterion_id)
    opinion = _opinion(mark, only, at)
    remark = ""
    if judge is not None and entry.criterion.evidence == "words":
        asked = next((turn.text for turn in turns if turn.question_id == rubric.id), "")
        judged = await judge.judge(rubric.id, asked, [entry.criterion], only)
        model = judged.opinions.get(criterion.criterion_id)
        if model is not None:
            prompt = judged.prompt
            versions = replace(
                versions,
                prompt_id=prompt.id,
                prompt_version=prompt.version,
                prompt_hash=prompt.hash,
                model=judged.model,
            )
            return _decided(model, (opinion, model), versions, "")
        remark = f"{judged.failure}; judged without it"
    # Numbers are told by code, and the second reader compares wordings.
    if opinion.state is not VerdictState.ABSENT or not heard or entry.criterion.evidence == "number":
        return _decided(opinion, (opinion,), versions, remark)
    second = await _second(entry.criterion, only, at, alone)
    return _decided(second, (opinion, second), versions, remark)


async def _second(criterion: Criterion, only: Sequence[Turn], at: float, alone: ReadAlone) -> JudgeOpinion:
    """The second reader's word; there must be an answer in these turns."""
    answer = "\n".join(turn.answer_text().strip() for turn in only if turn.speaker is Speaker.CANDIDATE)
    (reading,) = await alone([(criterion.says, examples_alone(criterion))], answer.strip())
    # A denial heard by it alone is no reason to tell somebody that they said the contrary.
    shown = reading.p >= at and reading.p_contradicted < SHOWN_AT
    quote = reading.evidence if shown else ""
    state = VerdictState.SHOWN if shown else VerdictState.ABSENT
    grounded = bool(quote) and ground(quote, only) is not None
    return JudgeOpinion("alone", state, round(reading.p, 3), quote, grounded=grounded)


def _opinion(mark: Mark, only: Sequence[Turn], at: float) -> JudgeOpinion:
    state = VerdictState.ABSENT
    if mark.p_contradicted >= SHOWN_AT and mark.p_contradicted > mark.p_shown:
        state = VerdictState.CONTRADICTED
    elif mark.p_shown >= at and mark.p_contradicted < SHOWN_AT:
        state = VerdictState.SHOWN
    quote = mark.quote if state is not VerdictState.ABSENT else ""
    return JudgeOpinion("compact", state, mark.p_shown, quote, grounded=bool(quote) and ground(quote, only) is not None)


def _decided(decides: JudgeOpinion, opinions: tuple[JudgeOpinion, ...], versions: Versions, remark: str) -> Hearing:
    upheld = decides.state is VerdictState.SHOWN and decides.grounded
    reason = SHOWN if upheld else DENIED if decides.state is VerdictState.CONTRADICTED else NOT_SHOWN
    return Hearing(upheld, "; ".join(each for each in (reason, remark) if each), opinions, versions)


def credited(score: Score, appeal: Appeal, turns: Sequence[Turn]) -> Score:
    """The score with the appeal's criterion shown on the marked words; level, coverage and spread follow.

    The criterion is in dispute where the judges of the appeal differ among themselves.

    Its versions stay those of the judging it stands on: what decided the appeal is in the appeal.

    Raises:
        CriterionUnknown: the score has no such criterion.
    """
    asked_in = criterion_in(score, appeal.criterion_id).asked_in
    evidence = Evidence(appeal.quote, appeal.turn_id, appeal.start, appeal.end)
    reached, hints = how_reached(turns, score.question_id, appeal.criterion_id, evidence, asked_in)
    criteria = tuple(
        replace(
            criterion,
            state=CriterionState.SHOWN,
            evidence=(evidence,),
            reached=reached,
            hints=hints,
            reason=f"credited on appeal: {appeal.reason}",
            judges=appeal.judges,
            disagreement=len({(one.state, one.grounded) for one in appeal.judges}) > 1,
            appeal_id=appeal.id,
        )
        if criterion.criterion_id == appeal.criterion_id
        else criterion
        for criterion in score.criteria
    )
    return replace(
        score,
        criteria=criteria,
        level=None if score.drill else level_of(criteria),
        coverage=coverage_of(criteria),
        spread=None if score.drill else spread_of(criteria),
        created_at=appeal.created_at,
    )


def carried_over(score: Score, appeals: Sequence[Appeal], turns: Sequence[Turn]) -> Score:
    """A fresh score with the credit that appeals have won: what was granted is not taken away by scoring again.

    Not where the criterion is gone or reads otherwise, nor where nothing could be scored. The score keeps its own time.
    """
    if score.unscored_reason:
        return score
    carried = score
    for appeal in appeals:
        here = next((one for one in carried.criteria if one.criterion_id == appeal.criterion_id), None)
        same = here is not None and here.says == appeal.says and appeal.question_id == score.question_id
        if appeal.upheld and same and here is not None and here.state is not CriterionState.SHOWN:
            carried = credited(carried, appeal, turns)
    return replace(carried, created_at=score.created_at)
