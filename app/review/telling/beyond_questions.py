"""What a report says after its questions: the job description, what was never asked, delivery, what to read, reflection."""

from __future__ import annotations

from collections.abc import Iterator

from app.candidate.job_description import LineKind
from app.domain.passage import Passage
from app.domain.titles import title
from app.review.delivery import Tally
from app.review.document import Block, Grid, Heading, Item, Items, Letter, Line, Look, Paragraph, Words
from app.review.repair import LACKS
from app.review.report import PROMPTS, Report
from app.review.telling.wording import anchor, figure, passage_anchor, said


def job_description(made: Report) -> Iterator[Block]:
    """Which of its lines were tested, and by what."""
    job = made.job_description
    if job is None:
        return
    yield Heading(2, "The job description", "job-description")
    yield Paragraph(
        said(
            figure(job.tested, job.refs),
            " of ",
            figure(job.testable, job.refs),
            " lines that an interview can test were tested, as far as words and their likeness tell.",
        )
    )
    rows = []
    for line in job.lines:
        if line.kind is LineKind.ABOUT:
            continue
        tested: Line = said("no question tests this") if line.kind is LineKind.FORMAL else said("not tested")
        if line.tested_by:
            parts: list[str | Words] = []
            for by in line.tested_by:
                parts += ["; " if parts else "", Words(title(by.question_id), to=anchor(by.question_id)), ": "]
                how = by.term or (f"alike at {by.likeness:g}" if by.likeness is not None else "planned for it")
                parts.append(Words(how, refs=by.refs))
            tested = said(*parts)
        rows.append((said(line.text), tested))
    yield Grid(("line", "tested by"), tuple(rows))


def never_asked(made: Report) -> Iterator[Block]:
    """What there was no time for, and what nothing came to speak of."""
    never = made.never_asked
    if not (never.questions or never.criteria):
        return
    yield Heading(2, "Never asked", "never-asked")
    if never.rounds:
        yield Paragraph(said(f"No question was asked in: {', '.join(title(each) for each in never.rounds)}."))
    if never.questions:
        line: list[str | Words] = ["There was no time for: "]
        for number, each in enumerate(never.questions):
            line += [", " if number else "", title(each.question_id)]
        yield Paragraph(said(*line, "."))
    if never.criteria:
        yield Paragraph(said("Of what was asked, nothing came to speak of:"))
        yield Items(
            tuple(
                Item(said(f"{one.says} ({one.kind}, ", Words(title(one.question_id), to=anchor(one.question_id)), ")"))
                for one in never.criteria
            )
        )


def delivery(made: Report) -> Iterator[Block]:
    """How much was said, and with which fillers, hedges and terms."""
    spoken = made.delivery
    yield Heading(2, "How it was said", "delivery")
    yield Paragraph(
        said(
            "Counted in your ",
            figure(spoken.answers.value, spoken.answers.refs),
            " answers: ",
            figure(spoken.words.value, spoken.words.refs),
            " words, ",
            figure(spoken.words_an_answer.value, spoken.words_an_answer.refs),
            " an answer, ",
            figure(spoken.longest_answer.value, spoken.longest_answer.refs),
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
        which += [", " if which else "", f"{each.words} ", figure(each.count, each.refs)]
    return (
        said(name),
        said(figure(tally.count, tally.refs)),
        said(figure(tally.in_100_words, tally.refs)),
        said(*which) if which else said("-"),
    )


def reading(made: Report) -> Iterator[Block]:
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
        yield Heading(3, passage.heading, passage_anchor(passage_id))
        yield Paragraph(said(passage.text))


def afterwards(made: Report) -> Iterator[Block]:
    """The candidate's reflection, and a note of thanks."""
    yield Heading(2, "Your reflection", "reflection")
    for name, prompt in PROMPTS.items():
        yield Paragraph(said(Words(prompt, Look.STRONG)))
        written = str(getattr(made.reflection, name))
        yield Letter(written or "........................................")
    if made.thank_you.text:
        yield Heading(2, "A note of thanks" if made.thank_you.edited else "A note of thanks, drafted", "thank-you")
        yield Letter(made.thank_you.text)
