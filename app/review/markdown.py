"""The transcript as Markdown that a person reads. What the candidate wrote is text here, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.interview import Interview
from app.domain.transcript import Speaker, Turn
from app.exercises.tables import Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LINE_START = re.compile(r"(?m)^(\s*)(\d*)([-+=.)])(?=\s|$|=|-)")
_INDENT = re.compile(r"(?m)^[ \t]+")
_BARE_LINK = re.compile(r"(?i)(?<=[a-z])(:)(?=//)|(?<=www)(\.)")


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
