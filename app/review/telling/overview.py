"""What a report says first: how it went, what to do next, how sure one was."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.interview import Interview
from app.domain.titles import title
from app.review.document import Block, Grid, Heading, Item, Items, Look, Paragraph, Scale, Words
from app.review.report import Report
from app.review.telling.questions import level_of
from app.review.telling.wording import STATE, anchor, between, figure, reads, said, share, time_of

_ENDED = {"finished": "held to its end", "out-of-time": "ended by the clock", "by-candidate": "ended by the candidate"}


def head(made: Report) -> Iterator[Block]:
    """Whose report it is, and what of it is still missing."""
    yield Heading(1, f"Report: {title(made.interview.role)}, {made.interview.seniority}")
    yield Paragraph(said(Words(heading_of(made.interview), Look.QUIET)))
    if made.pending:
        yield Paragraph(
            said(
                Words(f"{made.pending} of {len(made.questions)} judgements are still being made.", Look.STRONG),
                " Read this again in a moment.",
            )
        )
    if made.failed:
        yield Paragraph(said(f"{made.failed} questions could not be judged; see there. They count for nothing."))
    if not any(question.score for question in made.questions) and not made.pending and not made.failed:
        yield Paragraph(said("Nothing was judged: no question was answered."))


def heading_of(interview: Interview) -> str:
    """When, how long, how and with whom."""
    when = interview.opened_at or interview.created_at
    ended = f", {_ENDED[interview.close_reason]}" if interview.close_reason else ""
    company = "" if interview.company in {"", "neutral"} else f", company: {interview.company}"
    return f"{when:%Y-%m-%d %H:%M} UTC, {interview.minutes} minutes, {interview.mode} mode{company}{ended}"


def overview(made: Report) -> Iterator[Block]:
    """The bar, the levels by question, round and skill, and what keeps questions below the bar."""
    bar = made.bar
    yield Heading(2, "Overview", "overview")
    reached = said(
        " ", figure(bar.reached, bar.refs), " of ", figure(bar.questions, bar.refs), " questions are at level "
    )
    yield Paragraph(said(bar.says, *reached, figure(bar.level, bar.refs), " or above."))
    yield Paragraph(said(Words(made.by_persons.says, Look.QUIET, made.by_persons.refs)))
    if made.questions:
        yield Scale("Levels by question, 0 to 4", tuple(level_of(made, each) for each in made.questions))
    if made.rounds:
        yield Grid(
            ("round", "level", "possible", "assessed", "time"),
            tuple(
                (
                    said(title(each.round)),
                    said(figure(each.level, each.refs) if each.level is not None else "too little to say"),
                    between(each.spread, each.refs),
                    share(each.coverage.assessed, each.coverage.total, "criteria", each.refs),
                    time_of(each.time),
                )
                for each in made.rounds
            ),
        )
        if not made.interview.drill:
            yield Paragraph(
                said(
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
                    said(title(each.value.skill)),
                    said(figure(each.value.level, each.refs) if each.value.level is not None else "too little to say"),
                    said(Words(f"{each.value.low:g} to {each.value.high:g}", refs=each.refs))
                    if each.value.low is not None and each.value.high is not None
                    else said("needs 6 criteria in 3 questions"),
                    said(
                        *share(each.value.assessed, each.value.total, "criteria", each.refs),
                        ", ",
                        figure(each.value.questions, each.refs),
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
                    said(
                        Words(STATE[each.state], Look.STRONG, each.refs),
                        f" ({each.kind}): {each.says} ",
                        Words(title(each.question_id), to=anchor(each.question_id)),
                    )
                )
                for each in bar.deciding
            )
        )


def next_steps(made: Report) -> Iterator[Block]:
    """What to do next, and what to read for it."""
    if not made.next_steps:
        return
    yield Heading(2, "Three things to do next" if len(made.next_steps) == 3 else "What to do next", "next")
    yield Items(
        tuple(
            Item(
                said(
                    f"{step.do} (",
                    Words(title(step.question_id), refs=step.refs),
                    ", read ",
                    reads(step.passage_id, step.passage),
                    ")",
                )
            )
            for step in made.next_steps
        ),
        numbered=True,
    )


def confidence(made: Report) -> Iterator[Block]:
    """How sure the candidate was, beside what was reached."""
    held = made.confidence
    if not held.rated:
        return
    yield Heading(2, "How sure you were", "confidence")
    line = said(
        "Of ",
        figure(held.rated, held.refs),
        " questions that you rated, ",
        figure(held.reached, held.refs),
        " held everything that they owed (level 3)",
    )
    if held.mean_percent is not None:
        line = said(*line, "; on average you said ", figure(held.mean_percent, held.refs), " %")
    if held.brier is not None:
        line = said(*line, "; Brier score ", figure(held.brier, held.refs), " (0 is perfect)")
    yield Paragraph(said(*line, f". {held.says}"))
    yield Grid(
        ("you said", "questions", "held everything"),
        tuple(
            (
                said(f"{band.low} to {band.high} %"),
                said(figure(band.rated, band.refs)),
                said(figure(band.reached, band.refs)),
            )
            for band in held.bands
        ),
    )
