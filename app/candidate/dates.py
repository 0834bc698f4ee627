"""Dates at the ends of lines, in the manners of several languages. Pure; every pattern is applied to a bounded piece of a line."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|spring|summer|fall|autumn|winter|q[1-4]|"
    # German, Dutch and Scandinavian; French; Spanish; Italian; Portuguese.
    r"januari?|februari?|m\u00e4r(?:z|s)?|maart|mai|maj|mei|juni|juli|augusti?|augustus|oktober|okt|dezember|dez|desember|"
    r"janv(?:ier)?|f\u00e9vr(?:ier)?|mars|avr(?:il)?|juin|juil(?:let)?|ao\u00fbt|septembre|octobre|novembre|d\u00e9c(?:embre)?|"
    r"enero|ene|febrero|marzo|abril|abr|mayo|junio|julio|agosto|ago|septiembre|octubre|noviembre|diciembre|dic|"
    r"gennaio|genn|febbraio|aprile|maggio|magg|giugno|giu|luglio|lug|settembre|sett|ottobre|ott|dicembre|"
    r"janeiro|fevereiro|fev|mar\u00e7o|maio|junho|julho|setembro|outubro|novembro|dezembro)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY_AND_MONTH = rf"(?:\d\d?\.?[ ]{{1,2}})?{_MONTH}(?:[.,]?[ ]{{1,2}}(?:de[ ])?|[./])"
_DATE = (
    rf"(?:(?:{_DAY_AND_MONTH})?(?:{_YEAR}(?:[-/.]\d\d?(?:[-/.]\d\d?)?)?|['\u2019]\d\d)|"
    rf"(?:\d\d?[/.-]){{1,2}}{_YEAR}|{_MONTH}[ ]{{1,2}}['\u2019]?\d\d|"
    rf"{_YEAR}[ ]?\u5e74(?:[ ]?\d\d?[ ]?\u6708)?)"
)
_OPEN_END = (
    r"(?:present|now|current|today|ongoing|date|(?:bis[ ])?heute|laufend|pr\u00e9sent|aujourd['\u2019]hui|actualidad|presente|"
    r"actual|oggi|hoje|atual|heden|\u81f3\u4eca|\u73b0\u5728|\u73fe\u5728)"
)
_TO = r"[ ]{0,2}(?:-|\u2013|\u2014|\u2192|~|\uff5e|to|until|till|bis|\u00e0|au|a|al|tot)[ ]{0,2}"
_WHEN = (
    rf"(?:(?:since|seit|depuis|desde|dal)[ ]{{1,2}}{_DATE}|{_DATE}(?:{_TO}(?:{_DATE}|{_OPEN_END}|{_MONTH}|\d\d(?!\d))|[ ]?[\u2013\u2014])?|"
    rf"{_MONTH}{_TO}{_DATE})"
)
_DATED_END = re.compile(rf"(?:^|(?<=[\s(\[|,;:\u2013\u2014-]))[(\[]?{_WHEN}[)\].,]*$", re.IGNORECASE)
_DATED_START = re.compile(rf"[(\[]?{_WHEN}[)\]]?(?=$|[\s,|:;\u2013\u2014-])", re.IGNORECASE)
_PERIOD = re.compile(r"\d\W*(?:-|\u2013|\u2014|\u2192|~|\uff5e|to|until|till|bis|\u00e0|au|a|al|tot)\s*", re.IGNORECASE)
_DURATION = re.compile(
    r"(?<!\d)\d{1,2}\+?[ ](?:years?|yrs?|months?|mos?)(?:[ ]\d{1,2}[ ](?:months?|mos?))?\)?$", re.IGNORECASE
)
"""`(2 years 3 months)`, as exports of profiles write after a date."""
_JOINTS = " \t,;|:/\u00b7\u2022\u2013\u2014-([@"


def trailing_date(line: str) -> int | None:
    """Where the date at the end of a line begins; None where the line does not end in one. 0: there is nothing else."""
    line = line.rstrip()
    duration = _DURATION.search(line, max(0, len(line) - 30))
    if duration:
        line = line[: duration.start()].rstrip(" (|,\u00b7")
    begin = max(0, len(line) - 60)
    match = _DATED_END.search(line, begin)
    return match.start() if match else None


def without_dates(line: str) -> tuple[int, int]:
    """The stretch of `line` left when dates at its ends, and what joined them, are taken away. May be empty."""
    start, end = 0, len(line.rstrip())
    for _ in range(2):
        at = trailing_date(line[start:end])
        if at is None:
            break
        end = start + at
        while end > start and line[end - 1] in _JOINTS:
            end -= 1
    match = _DATED_START.match(line, start, min(end, start + 60))
    if match:
        start = match.end()
        while start < end and line[start] in _JOINTS + ")]":
            start += 1
    return start, max(start, end)


def opening_date(line: str) -> int:
    """Where the date ends that a line begins with; 0 where it begins with none."""
    match = _DATED_START.match(line, 0, 60)
    return match.end() if match else 0


def opens_with_date(line: str) -> bool:
    """Whether a date stands before the rest of a line: a period, or a date that is set apart by more than a space."""
    end = opening_date(line)
    return 0 < end < len(line) and (bool(_PERIOD.search(line[:end])) or line.startswith("  ", end))
