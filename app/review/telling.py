"""What a report says, as blocks of words. Every number carries the places that it stands on. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.candidate.job_description import LineKind
from app.domain.interview import Interview
from app.domain.passage import Passage
from app.domain.score import ASSESSED, CriterionScore, CriterionState, Reached
from app.material.corpus import plain
from app.review.by_persons import PersonsMark
from app.review.delivery import Tally
from app.review.document import (
    Block,
    Conversation,
    Grid,
    Heading,
    Item,
    Items,
    Letter,
    Level,
    Line,
    Look,
    Paragraph,
    Prose,
    Scale,
    Words,
)
from app.review.places import Refs, merged
from app.review.repair import LACKS, PieceKind, Repair
from app.review.report import PROMPTS, QuestionReport, Report, Timing

STATE = {
    CriterionState.SHOWN: "shown",
    CriterionState.PARTLY: "partly shown",
    CriterionState.MISSED: "missed",
    CriterionState.CONTRADICTED: "said wrongly",
    CriterionState.NOT_ASSESSED: "not assessed",
    CriterionState.UNSCORED: "unscored",
}
_LOOK = {PieceKind.SAID: Look.PLAIN, PieceKind.ADDED: Look.ADDED, PieceKind.REMOVED: Look.REMOVED}


def tell(made: Report) -> tuple[Block, ...]:
    """The whole report in its order, the transcript last."""
    return (
        *_head(made),
        *_overview(made),
        *_next_steps(made),
        *_confidence(made),
        *(block for question in made.questions for block in _question(made, question)),
        *_job_description(made),
        *_never_asked(made),
        *_delivery(made),
        *_reading(made),
        *_afterwards(made),
        *((Heading(2, "Transcript", "transcript"), Conversation(made.turns)) if made.turns else ()),
    )


def heading_of(interview: Interview) -> str:
    """When, how long, how and with whom."""
    when = interview.opened_at or interview.created_at
    ended = f", ended: {interview.close_reason}" if interview.close_reason else ""
    return f"{when:%Y-%m-%d %H:%M} UTC, {interview.minutes} minutes, {interview.mode} mode, company: {interview.company}{ended}"


def _said(*parts: str | Words) -> Line:
    return tuple(Words(part) if isinstance(part, str) else part for part in parts)


def _number(value: float, refs: Refs) -> Words:
    return Words(f"{value:g}", refs=refs)


def _head(made: Report) -> Iterator[Block]:
    yield Heading(1, f"Report: {made.interview.role}, {made.interview.seniority}")
    yield Paragraph(_said(Words(heading_of(made.interview), Look.QUIET)))
    if made.pending:
        yield Paragraph(
            _said(
                Words(f"{made.pending} of {len(made.questions)} judgements are still being made.", Look.STRONG),
                " Read this again in a moment.",
            )
        )
    if made.failed:
        yield Paragraph(_said(f"{made.failed} questions could not be judged; see there. They count for nothing."))
    if not any(question.score for question in made.questions) and not made.pending and not made.failed:
        yield Paragraph(_said("Nothing was judged: no question was answered."))


def _overview(made: Report) -> Iterator[Block]:
    bar = made.bar
    yield Heading(2, "Overview", "overview")
    reached = _said(
        " ", _number(bar.reached, bar.refs), " of ", _number(bar.questions, bar.refs), " questions are at level "
    )
    yield Paragraph(_said(bar.says, *reached, _number(bar.level, bar.refs), " or above."))
    yield Paragraph(_said(Words(made.by_persons.says, Look.QUIET, made.by_persons.refs)))
    if made.questions:
        yield Scale("Levels by question, 0 to 4", tuple(_level_of(made, each) for each in made.questions))
    if made.rounds:
        yield Grid(
            ("round", "level", "possible", "assessed", "time"),
            tuple(
                (
                    _said(_name(each.round)),
                    _said(_number(each.level, each.refs) if each.level is not None else "too little to say"),
                    _between(each.spread, each.refs),
                    _share(each.coverage.assessed, each.coverage.total, "criteria", each.refs),
                    _time(each.time),
                )
                for each in made.rounds
            ),
        )
        if not made.interview.drill:
            yield Paragraph(
                _said(
                    Words(
                        "The level of a question counts its musts: 3 is all of them. The level of a round is the share of all "
                        "that could be assessed there, in quarters, so the two differ.",
                        Look.QUIET,
                    )
                )
            )
    if made.competencies:
        yield Grid(
            ("skill", "level", "90 % interval", "assessed"),
            tuple(
                (
                    _said(_name(each.value.skill)),
                    _said(
                        _number(each.value.level, each.refs) if each.value.level is not None else "too little to say"
                    ),
                    _said(Words(f"{each.value.low:g} to {each.value.high:g}", refs=each.refs))
                    if each.value.low is not None and each.value.high is not None
                    else _said("needs 6 criteria in 3 questions"),
                    _said(
                        *_share(each.value.assessed, each.value.total, "criteria", each.refs),
                        ", ",
                        _number(each.value.questions, each.refs),
                        " question" if each.value.questions == 1 else " questions",
                    ),
                )
                for each in made.competencies
            ),
        )
    if bar.deciding:
        yield Heading(3, "What keeps questions below it")
        yield Items(
            tuple(
                Item(
                    _said(
                        Words(STATE[each.state], Look.STRONG, each.refs),
                        f" ({each.kind}): {each.says} ",
                        Words(each.question_id, Look.CODE, to=_anchor(each.question_id)),
                    )
                )
                for each in bar.deciding
            )
        )


def _level_of(made: Report, question: QuestionReport) -> Level:
    score, places = question.score, made.places
    level = low = high = None
    refs = question.asked_at
    if question.failed:
        note = _said("could not be judged")
    elif score is None:
        note = _said("pending")
    else:
        assessed = [one for one in score.criteria if one.state in ASSESSED]
        refs = merged(*(places.criterion(score.question_id, one) for one in assessed)) or refs
        note = _share(score.coverage.assessed, score.coverage.total, "criteria", refs)
        if score.unscored_reason:
            note = _said(f"unscored: {score.unscored_reason}")
        elif score.level is None:
            note = _said(*note, ": a drill has no level" if score.drill else ": not enough asked for a level")
        else:
            level = float(score.level)
            low, high = (float(score.spread.low), float(score.spread.high)) if score.spread else (level, level)
            if low != high:
                note = _said(*note, "; ", Words(f"{low:g} to {high:g}", refs=refs), ": some marks are in doubt")
    return Level(question.question_id, level, low, high, note, refs, made.bar.level)


def _next_steps(made: Report) -> Iterator[Block]:
    if not made.next_steps:
        return
    yield Heading(2, "Three things to do next" if len(made.next_steps) == 3 else "What to do next", "next")
    yield Items(
        tuple(
            Item(
                _said(
                    f"{step.do} (",
                    Words(step.question_id, Look.CODE, step.refs),
                    ", read ",
                    _reads(step.passage_id, step.passage),
                    ")",
                )
            )
            for step in made.next_steps
        ),
        numbered=True,
    )


def _confidence(made: Report) -> Iterator[Block]:
    held = made.confidence
    if not held.rated:
        return
    yield Heading(2, "How sure you were", "confidence")
    line = _said(
        "Of ",
        _number(held.rated, held.refs),
        " questions that you rated, ",
        _number(held.reached, held.refs),
        " held everything that they owed (level 3)",
    )
    if held.mean_percent is not None:
        line = _said(*line, "; on average you said ", _number(held.mean_percent, held.refs), " %")
    if held.brier is not None:
        line = _said(*line, "; Brier score ", _number(held.brier, held.refs), " (0 is perfect)")
    yield Paragraph(_said(*line, f". {held.says}"))
    yield Grid(
        ("you said", "questions", "held everything"),
        tuple(
            (
                _said(f"{band.low} to {band.high} %"),
                _said(_number(band.rated, band.refs)),
                _said(_number(band.reached, band.refs)),
            )
            for band in held.bands
        ),
    )


def _question(made: Report, question: QuestionReport) -> Iterator[Block]:
    yield Heading(2, question.question_id, _anchor(question.question_id))
    yield Paragraph(_said("Asked: ", Words(question.asked, Look.QUOTE, question.asked_at)))
    if question.claim:
        yield Paragraph(_said("It stood on your resume: ", Words(question.claim, Look.QUOTE)))
    if question.failed:
        yield Paragraph(_said(f"Not judged: {question.failed}"))
        return
    score = question.score
    if score is None:
        yield Paragraph(_said("Being judged."))
        return
    level = _level_of(made, question)
    line = _said(
        Words("Level ", Look.STRONG),
        *(_said(_number(level.level, level.refs), " of 4, ") if level.level is not None else _said("none: ")),
        *level.note,
        "; ",
        *_time(question.time),
    )
    if question.confidence.percent is not None:
        line = _said(*line, "; you were ", _number(question.confidence.percent, question.confidence.refs), " % sure")
    yield Paragraph(_said(*line, "."))
    yield Items(tuple(_criterion(made, question, one) for one in score.criteria))
    gone = [each for each in question.by_persons if each.machine_now is None]
    if gone:
        yield Paragraph(_said("Judged by persons, and no criterion of the question any more:"))
        yield Items(tuple(Item((Words(f"{each.override.says} "), *_by_person(each))) for each in gone))
    if question.repaired is not None:
        yield from _repaired(question.repaired)
    yield Heading(3, "A reference answer")
    if question.reference.text:
        yield Prose(question.reference.text)
    else:
        yield Paragraph(_said(f"Not shown: {question.reference.withheld}."))
    versions = score.versions
    judges = versions.scorer
    if versions.model:
        judges += f" and {versions.model} (prompt {versions.prompt_id} v{versions.prompt_version})"
    about = f"Rubric v{versions.rubric_version} {versions.rubric_hash[:12]}; judged by {judges}; rules {versions.code}."
    yield Paragraph(_said(Words(about, Look.QUIET)))


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
            _said(
                Words(" ".join(evidence.quote.split()), Look.QUOTE, made.places.of_evidence((evidence,))),
                f" (turn {seqs.get(evidence.turn_id, '?')}, held against ",
                _reads(one.passage_id, question.passages.get(one.criterion_id) if one.state in LACKS else None),
                ")",
            )
        )
    unclear = one.state in {CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}
    by_tests = not one.judges and one.state in {CriterionState.SHOWN, CriterionState.MISSED}
    if one.reason and (unclear or by_tests or "judged alone" in one.reason):
        below.append(_said(one.reason))
    if one.state in LACKS:
        below.append(
            _said(
                f"Next time: {one.next_time} (read ",
                _reads(one.passage_id, question.passages.get(one.criterion_id)),
                ")",
            )
        )
    below += [_by_person(each) for each in question.by_persons if each.override.criterion_id == one.criterion_id]
    return Item(_said(Words(STATE[one.state], Look.STRONG, refs), f"{how} ({one.kind}): {says}{dispute}"), tuple(below))


def _by_person(mark: PersonsMark) -> Line:
    of = mark.override
    then = "" if of.machine_state is mark.machine_now else f", when the machine said {STATE[of.machine_state]}"
    agreed = "" if mark.otherwise else ", as the machine does"
    line = _said(f"Judged by {mark.who}: ", Words(STATE[of.state], Look.STRONG, mark.refs), f"{agreed}{then}. {of.why}")
    return (
        _said(*line, " On the words ", Words(" ".join(of.quote.split()), Look.QUOTE, mark.refs)) if of.quote else line
    )


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
        _said(Words(f"{checked}{tests} The added words are examples: put your own facts in their place.", Look.QUIET))
    )


def _job_description(made: Report) -> Iterator[Block]:
    job = made.job_description
    if job is None:
        return
    yield Heading(2, "The job description", "job-description")
    yield Paragraph(
        _said(
            _number(job.tested, job.refs),
            " of ",
            _number(job.testable, job.refs),
            " lines that an interview can test were tested, as far as words and their likeness tell.",
        )
    )
    rows = []
    for line in job.lines:
        if line.kind is LineKind.ABOUT:
            continue
        tested: Line = _said("no question tests this") if line.kind is LineKind.FORMAL else _said("not tested")
        if line.tested_by:
            parts: list[str | Words] = []
            for by in line.tested_by:
                parts += ["; " if parts else "", Words(by.question_id, Look.CODE, to=_anchor(by.question_id)), ": "]
                how = by.term or (f"alike at {by.likeness:g}" if by.likeness is not None else "planned for it")
                parts.append(Words(how, refs=by.refs))
            tested = _said(*parts)
        rows.append((_said(line.text), tested))
    yield Grid(("line", "tested by"), tuple(rows))


def _never_asked(made: Report) -> Iterator[Block]:
    never = made.never_asked
    if not (never.questions or never.criteria):
        return
    yield Heading(2, "Never asked", "never-asked")
    if never.rounds:
        yield Paragraph(_said(f"No question was asked in: {', '.join(_name(each) for each in never.rounds)}."))
    if never.questions:
        line: list[str | Words] = ["There was no time for: "]
        for number, each in enumerate(never.questions):
            line += [", " if number else "", Words(each.question_id, Look.CODE)]
        yield Paragraph(_said(*line, "."))
    if never.criteria:
        yield Paragraph(_said("Of what was asked, nothing came to speak of:"))
        yield Items(
            tuple(
                Item(
                    _said(
                        f"{one.says} ({one.kind}, ", Words(one.question_id, Look.CODE, to=_anchor(one.question_id)), ")"
                    )
                )
                for one in never.criteria
            )
        )


def _delivery(made: Report) -> Iterator[Block]:
    spoken = made.delivery
    yield Heading(2, "How it was said", "delivery")
    yield Paragraph(
        _said(
            "Counted in your ",
            _number(spoken.answers.value, spoken.answers.refs),
            " answers: ",
            _number(spoken.words.value, spoken.words.refs),
            " words, ",
            _number(spoken.words_an_answer.value, spoken.words_an_answer.refs),
            " an answer, ",
            _number(spoken.longest_answer.value, spoken.longest_answer.refs),
            " in the longest. None of it enters a level.",
        )
    )
    tallies = [("fillers", spoken.fillers), ("hedges", spoken.hedges), ("words that give structure", spoken.structure)]
    if spoken.jargon is not None:
        tallies.append(("terms of the field, to somebody from outside of it", spoken.jargon))
    yield Grid(("what", "times", "in 100 words", "which"), tuple(_tally(name, each) for name, each in tallies))


def _tally(name: str, tally: Tally) -> tuple[Line, ...]:
    which: list[str | Words] = []
    for each in tally.found:
        which += [", " if which else "", f"{each.words} ", _number(each.count, each.refs)]
    return (
        _said(name),
        _said(_number(tally.count, tally.refs)),
        _said(_number(tally.in_100_words, tally.refs)),
        _said(*which) if which else _said("-"),
    )


def _reading(made: Report) -> Iterator[Block]:
    """The passages that explain what was missed, each once."""
    wanted: dict[str, Passage] = {}
    for question in made.questions:
        for one in question.score.criteria if question.score else ():
            if one.state in LACKS and one.criterion_id in question.passages:
                wanted.setdefault(one.passage_id, question.passages[one.criterion_id])
    for step in made.next_steps:
        if step.passage is not None:
            wanted.setdefault(step.passage_id, step.passage)
    if wanted:
        yield Heading(2, "What explains it", "reading")
    for passage_id, passage in wanted.items():
        yield Heading(3, passage.heading, _passage_anchor(passage_id))
        yield Paragraph(_said(passage.text))


def _afterwards(made: Report) -> Iterator[Block]:
    yield Heading(2, "Your reflection", "reflection")
    for name, prompt in PROMPTS.items():
        yield Paragraph(_said(Words(prompt, Look.STRONG)))
        written = str(getattr(made.reflection, name))
        yield Letter(written or "........................................")
    if made.thank_you.text:
        yield Heading(2, "A note of thanks" if made.thank_you.edited else "A note of thanks, drafted", "thank-you")
        yield Letter(made.thank_you.text)


def _reads(passage_id: str, passage: Passage | None) -> Words:
    return Words(passage_id, Look.CODE, to=_passage_anchor(passage_id) if passage is not None else "")


def _anchor(question_id: str) -> str:
    return f"question-{question_id.replace('/', '-')}"


def _passage_anchor(passage_id: str) -> str:
    return f"passage-{passage_id.replace('#', '-')}"


def _name(slug: str) -> str:
    return slug.upper() if len(slug) <= 3 else plain(slug).capitalize()


def _between(spread: tuple[float, float] | None, refs: Refs) -> Line:
    if spread is None or spread[0] == spread[1]:
        return _said("")
    return _said(_number(spread[0], refs), " to ", _number(spread[1], refs))


def _share(part: int, whole: int, of: str, refs: Refs) -> Line:
    return _said(Words(f"{part} of {whole}", refs=refs), f" {of}")


def _time(time: Timing) -> Line:
    planned = f" of {_minutes(time.budget_seconds)}" if time.budget_seconds else ""
    return _said(Words(_minutes(time.seconds), refs=time.refs), planned)


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d} min"


def anchors(blocks: Sequence[Block]) -> frozenset[str]:
    """Names of all headings that can be led to."""
    return frozenset(block.anchor for block in blocks if isinstance(block, Heading) and block.anchor)
