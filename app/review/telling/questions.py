"""What a report says of one question: its level, each criterion with its words, the answer repaired, a reference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from app.domain.score import ASSESSED, CriterionScore, CriterionState, Reached, Score
from app.domain.titles import title
from app.review.by_persons import PersonsMark
from app.review.document import Block, Heading, Item, Items, Level, Line, Look, Paragraph, Prose, Words
from app.review.places import merged
from app.review.repair import LACKS, PieceKind, Repair
from app.review.report import QuestionReport, Report
from app.review.telling.wording import STATE, anchor, figure, reads, said, share, time_of

_ALONE = re.compile(r"(?:^|; )([^;]*; the compact scorer judged alone)$")
"""The end of a criterion's reason where one judge spoke and two were due."""
_FAILED = re.compile(r"the judge model failed: (\w+)")
_FAILURES = {
    "ModelTimeout": "the judge model was too slow",
    "ModelUnavailable": "the judge model could not be reached",
    "ModelRateLimited": "the judge model's provider let no more requests through",
}
"""Faults of a judge model in plain words; for the others it is enough that it failed."""
_LOOK = {PieceKind.SAID: Look.PLAIN, PieceKind.ADDED: Look.ADDED, PieceKind.REMOVED: Look.REMOVED}


def on_question(made: Report, question: QuestionReport) -> Iterator[Block]:
    """All that is said of one question."""
    yield Heading(2, title(question.question_id), anchor(question.question_id))
    yield Paragraph(said("Asked: ", Words(question.asked, Look.QUOTE, question.asked_at)))
    if question.claim:
        yield Paragraph(said("It stood on your resume: ", Words(question.claim, Look.QUOTE)))
    if question.failed:
        yield Paragraph(said(f"Not judged: {question.failed}"))
        return
    score = question.score
    if score is None:
        yield Paragraph(said("Being judged."))
        return
    level = level_of(made, question)
    line = said(
        Words("Level ", Look.STRONG),
        *(said(figure(level.level, level.refs), " of 4, ") if level.level is not None else said("none: ")),
        *level.note,
        "; ",
        *time_of(question.time),
    )
    if question.confidence.percent is not None:
        line = said(*line, "; you were ", figure(question.confidence.percent, question.confidence.refs), " % sure")
    yield Paragraph(said(*line, "."))
    yield Items(tuple(_criterion(made, question, one) for one in score.criteria))
    yield from _alone(score)
    gone = [each for each in question.by_persons if each.machine_now is None]
    if gone:
        yield Paragraph(said("Judged by persons, and no criterion of the question any more:"))
        yield Items(tuple(Item((Words(f"{each.override.says} "), *_by_person(each))) for each in gone))
    if question.repaired is not None:
        yield from _repaired(question.repaired)
    yield Heading(3, "A reference answer")
    if question.reference.text:
        yield Prose(question.reference.text)
    else:
        yield Paragraph(said(f"Not shown: {question.reference.withheld}."))
    versions = score.versions
    judges = versions.scorer
    if versions.model:
        judges += f" and {versions.model} (prompt {versions.prompt_id} v{versions.prompt_version})"
    about = f"Rubric v{versions.rubric_version} {versions.rubric_hash[:12]}; judged by {judges}; rules {versions.code}."
    yield Paragraph(said(Words(about, Look.QUIET)))


def level_of(made: Report, question: QuestionReport) -> Level:
    """A question's level with what it may have been, or why there is none."""
    score, places = question.score, made.places
    level = low = high = None
    refs = question.asked_at
    if question.failed:
        note = said("could not be judged")
    elif score is None:
        note = said("pending")
    else:
        assessed = [one for one in score.criteria if one.state in ASSESSED]
        refs = merged(*(places.criterion(score.question_id, one) for one in assessed)) or refs
        note = share(score.coverage.assessed, score.coverage.total, "criteria", refs)
        if score.unscored_reason:
            note = said(f"unscored: {score.unscored_reason}")
        elif score.level is None:
            note = said(*note, ": a drill has no level" if score.drill else ": not enough asked for a level")
        else:
            level = float(score.level)
            low, high = (float(score.spread.low), float(score.spread.high)) if score.spread else (level, level)
            if low != high:
                note = said(*note, "; ", Words(f"{low:g} to {high:g}", refs=refs), ": some marks are in doubt")
    return Level(
        title(question.question_id), anchor(question.question_id), level, low, high, note, refs, made.bar.level
    )


def _alone(score: Score) -> Iterator[Block]:
    """Where one judge spoke and two were due: told once for all criteria that share the reason."""
    why = Counter(found[1] for one in score.criteria if (found := _ALONE.search(one.reason)))
    for says, times in why.items():
        of = "All of it" if times == len(score.criteria) else f"{times} of {len(score.criteria)} criteria"
        told = _FAILED.sub(lambda it: _FAILURES.get(it[1], "the judge model failed"), says)
        yield Paragraph(said(Words(f"{of}: {told}.", Look.QUIET)))


def _criterion(made: Report, question: QuestionReport, one: CriterionScore) -> Item:
    refs = made.places.criterion(question.question_id, one)
    seqs = {turn.id: turn.seq for turn in made.turns}
    how = ""
    if one.reached is not None:
        how = {
            Reached.VOLUNTEERED: ", unprompted",
            Reached.PROBED: ", when asked for it",
            Reached.HINTED: f", after {one.hints} hint(s)",
        }[one.reached]
    if one.appeal_id:
        how += ", credited on appeal"
    dispute = "; the two judges disagree" if one.disagreement else "; a close call" if one.close_call else ""
    says = one.says.rstrip(".") if dispute else one.says
    below: list[Line] = []
    for evidence in one.evidence:
        below.append(
            said(
                Words(" ".join(evidence.quote.split()), Look.QUOTE, made.places.of_evidence((evidence,))),
                f" (turn {seqs.get(evidence.turn_id, '?')}, held against ",
                reads(one.passage_id, question.passages.get(one.criterion_id) if one.state in LACKS else None),
                ")",
            )
        )
    unclear = one.state in {CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}
    by_tests = not one.judges and one.state in {CriterionState.SHOWN, CriterionState.MISSED}
    reason = _ALONE.sub("", one.reason)
    if reason and (unclear or by_tests):
        below.append(said(reason))
    if one.state in LACKS:
        below.append(
            said(
                f"Next time: {one.next_time} (read ",
                reads(one.passage_id, question.passages.get(one.criterion_id)),
                ")",
            )
        )
    below += [_by_person(each) for each in question.by_persons if each.override.criterion_id == one.criterion_id]
    return Item(said(Words(STATE[one.state], Look.STRONG, refs), f"{how} ({one.kind}): {says}{dispute}"), tuple(below))


def _by_person(mark: PersonsMark) -> Line:
    of = mark.override
    then = "" if of.machine_state is mark.machine_now else f", when the machine said {STATE[of.machine_state]}"
    agreed = "" if mark.otherwise else ", as the machine does"
    line = said(f"Judged by {mark.who}: ", Words(STATE[of.state], Look.STRONG, mark.refs), f"{agreed}{then}. {of.why}")
    return said(*line, " On the words ", Words(" ".join(of.quote.split()), Look.QUOTE, mark.refs)) if of.quote else line


def _repaired(repair: Repair) -> Iterator[Block]:
    yield Heading(3, "Your answer, repaired")
    for answer in repair.answers:
        yield Paragraph(
            tuple(
                Words(piece.text, _LOOK[piece.kind])
                for piece in answer.pieces
                if piece.text.strip() or piece.text == " "
            )
        )
    if repair.exact:
        checked = f"Scored again by {repair.checked_by}, this earns exactly what was missed."
    else:
        short = f" It still lacks: {', '.join(repair.fails_to_earn)}." if repair.fails_to_earn else ""
        moved = f" It also changes: {', '.join(repair.also_changes)}." if repair.also_changes else ""
        checked = f"Scored again by {repair.checked_by}.{short}{moved}"
    tests = f" Tests of code decide {', '.join(repair.not_repaired)}, and no words." if repair.not_repaired else ""
    yield Paragraph(
        said(Words(f"{checked}{tests} The added words are examples: put your own facts in their place.", Look.QUIET))
    )
