"""Projects named on the line that tells of them: `Churn model: predicts ...`, numbered, or a paragraph each. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from app.candidate.dates import trailing_date
from app.candidate.labels import DETAILS, NAMED, TECH, told_from
from app.candidate.layout import Line
from app.candidate.telling import states

NAME_ENDS = re.compile(r":\s|\s[\u2013\u2014|-]\s|\s{2,}|\.\s")
_DATED_NAME_ENDS = re.compile(r"[.:]\s")
_SET_APART = " (,\u2013\u2014-|"
_MOST_WORDS = 6
_MOST_DATED_WORDS = 12
_LEAST_TOLD = 3
_ASPECTS = frozenset(
    """aim approach architecture award background challenge context data dataset deployment details evaluation features finding
    focus goal highlights idea impact input key length main metric model modelling motivation note objective outcome
    output performance problem process publication purpose question result role scope size solution status
    summary target task team test time topic training validation work""".split()
)
"""What a line is about that goes on with a project: `Results: ...`."""
_OF_SENTENCES = frozenset(
    "i we it he she they is are was were be has have had my our this that these which see please not more".split()
)


def inline_openers(lines: Sequence[Line], *, projects: bool) -> frozenset[int]:
    """Where the lines start that open an entry and tell of it too. Empty where the entries have titles of their own."""
    dated = {line.start for line in lines if not line.is_item and not line.level and dated_name_ends(line.text)}
    first = lines[0]
    if not projects or first.is_item or first.level:
        return frozenset(dated)
    if first.numbered:
        return frozenset(line.start for line in lines if line.numbered and not line.is_item and not line.level)
    spaced = any(line.after_blank for line in lines[1:])
    named = [
        line
        for line, following in zip_longest(lines, lines[1:])
        if (line is first or line.after_blank or not spaced) and name_ends(line, alone=_is_alone(following))
    ]
    if first not in named:
        return frozenset(dated)
    cut = NAME_ENDS.search(first.text)
    if len(named) == 1 and cut and cut.group()[0] == ".":
        return frozenset(dated)
    return frozenset(dated | {line.start for line in named})


def names_the_next(line: Line, body: Sequence[Line], before: Line) -> bool:
    """Whether among projects with titles of their own one is named on its line: `Movie Recommender: filtering with ALS`.

    Its name is in capitals, and what stood before it has been told of without labels.
    """
    if name_ends(body[0]) if body else not name_ends(before):
        return False
    words = line.text[: name_ends(line)].split()
    return len(words) > 1 and all(word[0].isupper() or word[0].isdigit() for word in words)


def name_ends(line: Line, *, alone: bool = False) -> int:
    """Where the name ends that a line begins with and goes on to tell of; 0 where it begins with none.

    A date at its end makes a line a title of its own, unless it stands `alone`.
    """
    text = line.text
    if line.is_item or line.level or DETAILS.match(text) or TECH.match(text) or NAMED.match(text) or told_from(text):
        return 0
    cut = NAME_ENDS.search(text, 1, 120)
    if not cut or (trailing_date(text) is not None and not (alone and cut.group()[0] == ":")):
        return 0
    name, rest = text[: cut.start()], text[cut.end() :].split("  ", maxsplit=1)[0].split(maxsplit=40)
    words = name.lower().split()
    if not 0 < len(words) <= _MOST_WORDS or states(text) or states(f"{name} a b") or words[-1].rstrip("s") in _ASPECTS:
        return 0
    if len(rest) < _LEAST_TOLD or sum(word[0].islower() or word[0].isdigit() for word in rest) * 2 < len(rest):
        return 0
    if cut.group()[0] == "." and (_OF_SENTENCES & set(words) or not rest[0][0].isupper()):
        return 0
    return cut.start() if name[0].isupper() or name[0].isdigit() or len(words) <= 2 else 0


def _is_alone(following: Line | None) -> bool:
    return following is None or following.after_blank or bool(name_ends(following) or dated_name_ends(following.text))


def dated_name_ends(text: str) -> int:
    """Where the name and the date end that a line begins with before it goes on; 0 where it does not.

    `Analyst at Ghost Ltd (2018 - 2020). Reports on churn.`
    """
    for cut in _DATED_NAME_ENDS.finditer(text, 1, 140):
        name = text[: cut.start()]
        at = trailing_date(name)
        if not at:
            continue
        apart = name[at] == "(" or name[:at].rstrip(" ")[-1:] in _SET_APART or name[:at].endswith("  ")
        told = len(text[cut.end() :].split(maxsplit=_LEAST_TOLD)) >= _LEAST_TOLD
        short = len(name.split()) <= _MOST_DATED_WORDS
        return cut.start() if apart and told and short and not states(text) else 0
    return 0
