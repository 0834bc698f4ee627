"""Says a few of the candidate's own words back in quotation marks, where no model does or may. Pure.

A stretch of the last answer word for word: it can neither give an open criterion away nor invent, praise or correct.
What is said back is what this person said and nobody else has said yet: the rarest words that neither the question nor the
interviewer has used, and a figure before words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from app.domain.sentences import content_stems, sentences, words
from app.domain.transcript import SpanKind, Turn
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.phrases.said_once import unheard
from app.interviewing.phrases.saying_back import (
    AGAIN_PLAINLY,
    AGAIN_SAID,
    ASIDE,
    ASIDE_PLAINLY,
    BRING_BACK,
    ECHOED,
    NAMED,
    NAMED_PLAINLY,
    NOTED,
    SAID_BACK,
    SAID_BACK_PLAINLY,
)
from app.interviewing.stretches import Stretch, clauses, is_private, is_rude, names

MOST_QUOTED_WORDS = 9
LEAST_WORDS = 3
LEAST_STEMS = 2
"""Of a clause; a figure alone will do as well."""
ABOUT_SHARE = 0.25
"""Of a sentence's stems, those of the question's subject: a sentence with fewer leads away from it.

**Measured** on the battery's answers, in whose words the rubric has no part: half of 868 sentences have as many, of small talk a tenth.
"""
AWAY_SHARE = 0.08
"""Below it an answer is about something else: of 180 answers of the battery one in a hundred has so few."""
LEAST_STEMS_AWAY = 6
TELLING = 4.0
"""What the stems of a stretch must be worth together to tell this answer from another's: two words with content, or a rare one."""
MOST_WORTH = 12.0
SEAM_WORTH = 3.0
"""Of an end where a clause ends: what is cut out of one reads as cut out."""
GRANTED_SHARE = 0.4
"""Of the worth of what is only granted before a "but"."""
_FIGURE = re.compile(r"\d")
_ADMITS = re.compile(
    r"\b(?:I|we)(?:['’](?:ve|m|re)| have| had| am| are| really| just| also)* (?:never|not|\w+n['’]t)\b|\bno idea\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^”]*)”")

Rarity = Callable[[str], float]
"""What a stem is worth: much where few texts of the corpus have it."""


def said_back(
    turn: Turn,
    *,
    about: frozenset[str],
    rarity: Rarity,
    written: str,
    before: str,
    shown: str = "",
    own_story: bool = False,
    leads_on: bool = True,
) -> str:
    """One short sentence with words of the answer in quotation marks; "" where none are worth it, or there is no room.

    Args:
        turn: The candidate's last one.
        about: Stems of the words that belong to the question's subject.
        rarity: What a stem is worth.
        written: The words that follow.
        before: Everything the interviewer has said so far.
        shown: What else lies before both, as a table's words.
        leads_on: Whether what follows is about these words; it is only noted that they were said where it may not be.
        own_story: Whether the question is about the candidate, whose words no rubric can foresee: nothing leads away then.
    """
    answer = _without_admissions(turn)
    room = MAX_SPOKEN_WORDS - len(words(written))
    known = content_stems(f"{before}\n{written}\n{shown}")

    def to_the_point(stretch: Stretch) -> bool:
        return _share(stretch.sentence, about) >= ABOUT_SHARE or bool(_FIGURE.search(stretch.sentence))

    def worth(stretch: Stretch) -> float:
        return _worth(stretch, about, rarity, known, before)

    def anyway(stretch: Stretch) -> float:
        return _worth(stretch, about, rarity, frozenset(), before)

    said = list(clauses(answer, MOST_QUOTED_WORDS, freely=True))
    to_the_point_said = list(filter(to_the_point, said))
    ways = SAID_BACK if leads_on else NOTED
    frames = (*_first_unheard(ways, before), SAID_BACK_PLAINLY, ECHOED)
    found = _best(to_the_point_said, frames, room, worth)
    if not found and (own_story or not _is_away(answer, about)):
        # Who speaks to the point in words of their own is quoted too, but never an aside where there is better.
        found = _best(clauses(answer, MOST_QUOTED_WORDS, freely=False), frames, room, worth)
    named = [each for each in names(answer) if to_the_point(each) or content_stems(each.text) & about]
    if not found:
        found = _best(named, (*_first_unheard(NAMED, before), NAMED_PLAINLY), room, worth)
    if not found:
        found = _best(to_the_point_said, frames, room, anyway)
    again = (each for each in named if _was_quoted(each, before))
    return found or _best(again, _again(before), room, lambda each: _worth(each, about, rarity, frozenset(), ""))


def brought_back(turn: Turn, *, about: frozenset[str], rarity: Rarity, written: str, before: str) -> str:
    """Words that lead back from an answer about something else altogether; "" for any other.

    What it was about is named, but for insults and for private matters: these are passed over.
    """
    text = turn.answer_text()
    if not _is_away(text, about):
        return ""
    room = MAX_SPOKEN_WORDS - len(words(written))
    known = content_stems(f"{before}\n{written}")
    if not is_rude(text) and not is_private(text):

        def worth(stretch: Stretch) -> float:
            return _worth(stretch, frozenset(), rarity, known, before)

        frames = (*_first_unheard(ASIDE, before), ASIDE_PLAINLY)
        named = (
            _best(names(text), frames, room, worth)
            or _best(clauses(text, LEAST_WORDS + 2, freely=False), frames, room, worth)
            or _best(
                (each for each in names(text) if _was_quoted(each, before)),
                _again(before),
                room,
                lambda each: _worth(each, frozenset(), rarity, frozenset(), ""),
            )
        )
        if named:
            return named
    words_ = unheard(BRING_BACK, before)
    return words_ if len(words(words_)) <= room else ""


def _without_admissions(turn: Turn) -> str:
    """The answer; beside "I don't know" without what else its speaker says they don't or didn't: nobody wants to hear that again."""
    answer = turn.answer_text()
    if not any(span.kind is SpanKind.DONT_KNOW for span in turn.spans):
        return answer
    return "\n".join(each.text for each in sentences(answer) if not _ADMITS.search(each.text))


def _is_away(text: str, about: frozenset[str]) -> bool:
    """Whether an answer is about something else; a short one in other words is not."""
    return len(content_stems(text)) >= LEAST_STEMS_AWAY and _share(text, about) < AWAY_SHARE


def _again(before: str) -> tuple[str, ...]:
    return *_first_unheard(AGAIN_SAID, before), AGAIN_PLAINLY


def _was_quoted(name: Stretch, before: str) -> bool:
    """Whether the interviewer has said the name back; to have asked about it is another matter."""
    wanted = re.compile(rf"(?<!\w){re.escape(name.text)}(?!\w)", re.IGNORECASE)
    return any(wanted.search(quoted) for quoted in _QUOTED.findall(before))


def _share(text: str, about: frozenset[str]) -> float:
    stems = content_stems(text)
    return len(stems & about) / len(stems) if stems else 0.0


def _first_unheard(wordings: Sequence[str], before: str) -> tuple[str, ...]:
    """The first wording whose own words were not heard yet; () where all were."""
    return next(((each,) for each in wordings if not _was_heard(each, before)), ())


def _was_heard(wording: str, before: str) -> bool:
    start, end = wording.split("{}")
    return (start in before) if len(start) > 1 else (end in before)


def _best(stretches: Iterable[Stretch], wordings: Sequence[str], room: int, worth: Callable[[Stretch], float]) -> str:
    """The stretch worth most in the first of the wordings that leaves room for it; "" where none is worth saying."""
    ranked = sorted(((worth(each), each) for each in stretches), key=lambda pair: -pair[0])
    for value, stretch in ranked:
        if value <= 0:
            break
        for wording in wordings:
            spoken = wording.format(stretch.text)
            if len(words(spoken)) <= room:
                return spoken
    return ""


def _worth(stretch: Stretch, about: frozenset[str], rarity: Rarity, known: frozenset[str], before: str) -> float:
    """0 where it is not worth saying back."""
    stems = content_stems(stretch.text)
    new = stems - known
    figures = [each for each in new if _FIGURE.search(each)]
    telling = sum(max(TELLING, rarity(each)) if each in figures else rarity(each) for each in new)
    if stretch.text.lower() in before.lower() or telling < TELLING:
        return 0.0
    if not stretch.is_name and not figures and (len(stems) < LEAST_STEMS or len(words(stretch.text)) < LEAST_WORDS):
        return 0.0
    worth = (
        min(MOST_WORTH, telling) * (0.5 + _share(stretch.sentence, about))
        + len(stems & about)
        + 3.0 * bool(figures)
        + SEAM_WORTH * (stretch.seams - stretch.breaks)
        - 0.3 * len(words(stretch.text))
    )
    return worth * GRANTED_SHARE if stretch.granted else worth
