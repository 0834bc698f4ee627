"""Transcript and report as Markdown that a person reads. What the candidate wrote is text here, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.interview import Interview
from app.domain.score import CriterionScore, CriterionState, Score
from app.domain.transcript import Speaker, Turn
from app.exercises.tables import Table
from app.review.report import QuestionReport, Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LINE_START = re.compile(r"(?m)^(\s*)(\d*)([-+=.)])(?=\s|$|=|-)")
_INDENT = re.compile(r"(?m)^[ \t]+")
_BARE_LINK = re.compile(r"(?i)(?<=[a-z])(:)(?=//)|(?<=www)(\.)")
_STATE = {
    CriterionState.SHOWN: "shown",
    CriterionState.PARTLY: "partly shown",
    CriterionState.MISSED: "missed",
    CriterionState.CONTRADICTED: "said wrongly",
    CriterionState.NOT_ASSESSED: "not assessed",
    CriterionState.UNSCORED: "unscored",
}


def plain(text: str) -> str:
    """Untrusted text with every character escaped that Markdown or HTML would act on."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("&", "&amp;")
    escaped = _SPECIAL.sub(r"\\\1", unified).replace("\\<", "&lt;").replace("\\>", "&gt;")
    escaped = _BARE_LINK.sub(lambda found: "\\" + found.group(), escaped)
    escaped = _LINE_START.sub(r"\1\2\\\3", escaped)
    # Four blanks at the start of a line would make it code.
    return _INDENT.sub(lambda found: "&nbsp;" * len(found.group().expandtabs(4)), escaped)


def transcript(interview: Interview, turns: Sequence[Turn], *, revealed: bool) -> str:
    """The conversation with the claim each question stands on and, once `revealed`, each move's reason."""
    lines = [f"# Interview: {plain(interview.role)}, {interview.seniority}", "", _heading(interview), ""]
    round_slug = ""
    for turn in turns:
        if turn.move is not None and turn.move.round and turn.move.round != round_slug:
            round_slug = turn.move.round
            lines += [f"## {round_slug.replace('-', ' ').capitalize()}", ""]
        who = "Viva" if turn.speaker is Speaker.INTERVIEWER else "You"
        lines.append(f"**{turn.seq}. {who}:** {plain(turn.text)}")
        if turn.move is not None and turn.move.table is not None:
            shown = turn.move.table
            lines += ["", f"*{plain(shown.title)}*", "", Table(shown.columns, shown.rows).markdown()]
        if turn.code:
            lines += ["", *_code(turn.code), *_tests(turn)]
        notes = _notes(turn, revealed=revealed)
        if notes:
            lines += ["", f"<sub>{notes}</sub>"]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _code(code: str) -> list[str]:
    """Code in a fence that it cannot close: longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *code.split("\n"), fence, ""]


def _tests(turn: Turn) -> list[str]:
    """What became of it in a line, as the candidate may know it."""
    if turn.outcome is None:
        return []
    if turn.outcome.view is None:
        return [f"Not run: {plain(turn.outcome.reason)}"]
    view = turn.outcome.view
    if view.broken:
        return [f"It does not load: {plain(view.broken)}"]
    return [
        f"Tests: {view.passed} of {len(view.tests)} visible and {view.hidden_passed} of {len(view.hidden)} hidden ones pass."
    ]


def _heading(interview: Interview) -> str:
    when = interview.opened_at or interview.created_at
    ended = f", ended: {interview.close_reason}" if interview.close_reason else ""
    return f"{when:%Y-%m-%d %H:%M} UTC, {interview.minutes} minutes, {interview.mode} mode, company: {plain(interview.company)}{ended}"


def _notes(turn: Turn, *, revealed: bool) -> str:
    if turn.move is None:
        kinds = dict.fromkeys(str(span.kind) for span in turn.spans if str(span.kind) != "answer")
        return f"heard as: {', '.join(kinds)}" if kinds else ""
    notes = f"{turn.move.kind}: {plain(turn.move.reason)}" if revealed else str(turn.move.kind)
    if turn.move.claim is not None:
        notes += f"; stands on your resume: “{plain(turn.move.claim.text)}”"
    return notes


def report(made: Report, turns: Sequence[Turn]) -> str:
    """The whole report. Each credit has its quote, the turn it stands in and the passage it was held against."""
    seq_of = {turn.id: turn.seq for turn in turns}
    interview = made.interview
    lines = [f"# Report: {plain(interview.role)}, {interview.seniority}", "", _heading(interview), ""]
    if made.pending:
        lines += [
            f"**{made.pending} of {len(made.questions)} judgements are still being made.** Read this again in a moment.",
            "",
        ]
    if made.failed:
        lines += [f"{made.failed} questions could not be judged; see there. They count for nothing.", ""]
    if not any(question.score for question in made.questions) and not made.pending and not made.failed:
        lines += ["Nothing was judged: no question was answered.", ""]
    lines += _overview(made)
    if made.next_steps:
        lines += ["## Three things to do next" if len(made.next_steps) == 3 else "## What to do next", ""]
        lines += [f"1. {step.do} (*{plain(step.question_id)}*, read `{step.passage_id}`)" for step in made.next_steps]
        lines.append("")
    for question in made.questions:
        lines += _question(question, seq_of)
    if made.never_asked:
        lines += [
            "## Never asked",
            "",
            "There was no time for: " + ", ".join(f"`{each}`" for each in made.never_asked) + ".",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _overview(made: Report) -> list[str]:
    lines = ["## Overview", "", made.bar, "", "| question | level | possible | assessed |", "|---|---|---|---|"]
    for question in made.questions:
        score = question.score
        level, possible, assessed = "pending", "", ""
        if question.failed:
            level = "could not be judged"
        elif score is not None:
            level = "not enough asked" if score.level is None else f"{score.level} of 4"
            level = "drill: no level" if score.drill else level
            level = f"unscored: {score.unscored_reason}" if score.unscored_reason else level
            possible = _range(score)
            assessed = f"{score.coverage.assessed} of {score.coverage.total} criteria"
        lines.append(f"| `{question.question_id}` | {level} | {possible} | {assessed} |")
    lines += ["", "| skill | level | 80 % interval | assessed |", "|---|---|---|---|"]
    for each in made.competencies:
        if each.level is None:
            value, interval = "too little to say", "needs 6 criteria in 3 questions"
        else:
            value, interval = f"{each.level:.1f} of 4", f"{each.low:.1f} to {each.high:.1f}"
        lines.append(
            f"| {each.skill} | {value} | {interval} | {each.assessed} of {each.total} criteria, {each.questions} questions |"
        )
    spoken = made.delivery
    lines += [
        "",
        f"Counted in your {spoken.answers} answers: {spoken.words} words, {spoken.words_an_answer:g} an answer; in 100 words "
        f"{spoken.fillers_in_100_words:g} fillers, {spoken.hedges_in_100_words:g} hedges, "
        f"{spoken.structure_words_in_100_words:g} words that give structure. None of it enters a level.",
        "",
    ]
    return lines


def _range(score: Score) -> str:
    if score.spread is None or score.spread.low == score.spread.high:
        return ""
    return f"{score.spread.low} to {score.spread.high}: the judges disagree"


def _question(question: QuestionReport, seq_of: dict[str, int]) -> list[str]:
    lines = [f"## {question.question_id}", "", f"Asked: {plain(question.asked)}", ""]
    if question.claim:
        lines += [f"It stood on your resume: “{plain(question.claim)}”", ""]
    if question.failed:
        return [*lines, f"Not judged: {plain(question.failed)}", ""]
    if question.score is None:
        return [*lines, "Being judged.", ""]
    for criterion in question.score.criteria:
        lines += _criterion(criterion, seq_of)
    versions = question.score.versions
    judges = versions.scorer + (
        f" and {versions.model} (prompt {versions.prompt_id} v{versions.prompt_version})" if versions.model else ""
    )
    lines += [
        "",
        f"<sub>Rubric v{versions.rubric_version} {versions.rubric_hash[:12]}; judged by {plain(judges)}; rules {versions.code}.</sub>",
        "",
    ]
    return lines


def _criterion(criterion: CriterionScore, seq_of: dict[str, int]) -> list[str]:
    how = ""
    if criterion.reached is not None:
        how = {
            "volunteered": ", unprompted",
            "probed": ", when probed",
            "hinted": f", after {criterion.hints} hint(s)",
        }[str(criterion.reached)]
    if criterion.appeal_id:
        how += ", credited on appeal"
    dispute = "; the two judges disagree" if criterion.disagreement else ""
    lines = [f"- **{_STATE[criterion.state]}**{how} ({criterion.kind}): {criterion.says}{dispute}"]
    for evidence in criterion.evidence:
        quote = " ".join(evidence.quote.split())
        lines.append(
            f"  - “{plain(quote)}” (turn {seq_of.get(evidence.turn_id, '?')}, held against `{criterion.passage_id}`)"
        )
    unclear = criterion.state in {CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}
    by_tests = not criterion.judges and criterion.state in {CriterionState.SHOWN, CriterionState.MISSED}
    if criterion.reason and (unclear or by_tests or "judged alone" in criterion.reason):
        lines.append(f"  - {plain(criterion.reason)}")
    if criterion.state in {CriterionState.MISSED, CriterionState.CONTRADICTED, CriterionState.PARTLY}:
        lines.append(f"  - Next time: {criterion.next_time} (read `{criterion.passage_id}`)")
    return lines
