"""Two things that one person said or wrote and that do not go together: noticed to be asked about, never held against anybody. Pure.

Conservative: a false accusation is worse than a miss. Three kinds are looked for, each in plain words only: a technique
denied that the resume or an earlier answer claims (or the other way round), another count of the same thing, and a year
outside of the project's. Anything that qualifies a sentence (where, when, who else, how much of it) makes it pass.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.candidate.vocabulary import Term, terms
from app.domain.interview import Claim
from app.domain.quoted import ANSWER_HAD, RESUME_HAS
from app.domain.resume import Resume
from app.domain.sentences import stem
from app.domain.transcript import Turn
from app.interviewing.said_before import Statement, clip, own_work, statements

KEY = "clash:"
MOST_CLASHES = 2
"""Asked about in one interview."""
QUOTED_WORDS = 8
LEAST_RATIO = 1.6
"""Between two counts of one thing, from which they do not go together: people round, and remember roughly."""
_DENIAL = re.compile(
    r"\bI(?:(?:'ve|’ve| have)? (?:never|not ever)(?: actually| really| once)? (?:used|worked with|touched|tried|written|built with|"
    r"trained|deployed|implemented|done)|(?: have not| haven['’]t)(?: ever| actually| really)? "
    r"(?:used|worked with|touched|tried)|"
    r"(?:'ve|’ve| have)(?: got)? (?:no|zero)(?: hands-on| practical| real)? experience (?:with|in|of))\s+(?:any |the |a )?",
    re.IGNORECASE,
)
_PLAIN_END = re.compile(
    r"^(?:\s+(?:at all|either|yet|in my life|anywhere|so far|myself ever))?\s*(?:[.!;,:]|$|but\b|only\b|so\b)",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\b(?:if|would|could|until|before|then|when|while|back|time|said|says|told|asked|colleague|teammate|someone|somebody|people|"
    r"you|pretend|suppose|imagine|production|scale|alone|directly|professionally|scratch|because|there|project|first|again|"
    r"at work|for this|for that|in this|in that|on this|on that)\b|[\"“”?]",
    re.IGNORECASE,
)
_WEAK_LINE = re.compile(
    r"\b(?:no|not|without|never|learning|basic|basics|familiar|familiarity|evaluated|considered|instead of|replac\w+|migrat\w+|"
    r"rather than|versus|vs|teams?|colleagues?|with support|assisted|supported|"
    r"contributed|course|coursework|interest\w*|exposure|reading)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\w.,$€£/-])(\d{1,3}(?:[,. ]\d{3})+|\d+(?:\.\d+)?)\s*(k|thousand|m|mn|million|bn|billion)?\+?\s+"
    r"((?:[a-z-]{3,}\s+){0,2}?)([a-z-]{3,}s|people)\b",
    re.IGNORECASE,
)
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_NOT_COUNTED = frozenset(
    "hours minutes seconds days weeks months years times points percent ways steps things others layers epochs euros dollars "
    "bits bytes gigabytes stages kinds parts words cents degrees folds versions runs cases this is was has less".split()
)
_PARTIAL = re.compile(
    r"\b(?:test|tests|tested|validation|validate|held|holdout|train|training|samples?|sampled|"
    r"subset|first|second|third|last|per|each|every|a day|"
    r"daily|day|week|month|year|hour|later|after|before|initially|pilot|another|other|others|more|additional|extra|"
    r"new|batch|of them|of those|"
    r"of these|of which|left|remaining|at first|at the start|in the end|grew|started|began|would|could|if|rare|positive|labelled|labeled|"
    r"hand|out of|than|between|up to|at least|at most|from|into|to start|random|half|fraud|bad|wrong|both|one of|some of|most of|"
    r"checked|read|annotated|removed|dropped|kept|duplicates?|errors?|failed|paying|active|today|now|then|not|never|no)\b|n['’]t\b|[\"“”?]|\d\s*%",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:actually|sorry|i mean|correction|wait|rather|misspoke|i meant|to be precise|no,)", re.IGNORECASE
)
_IN_YEAR = re.compile(
    r"\b(?:I|we) (?:built|did|started|began|finished|shipped|launched|wrote|made|ran|worked on) (?:it|that|this|the project|all of it|"
    r"this project|that project)\b[^.;?!,]{0,20}?\bin ((?:19|20)\d{2})\b(?!s)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b((?:19|20)\d{2})\b")
_RUNNING = re.compile(r"\b(?:present|now|today|current|ongoing|since)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two statements that do not go together."""

    key: str
    """So that it is asked about once: `clash:denied:kafka`."""
    now: str
    before: str
    from_resume: bool
    claim: Claim | None = None
    """Of the resume, where it stands in one."""

    @property
    def spoken(self) -> str:
        """The question about it: at most 35 words, and no charge."""
        before = (RESUME_HAS if self.from_resume else ANSWER_HAD).format(self.before)
        return f"Help me fit two things together: {before}, and I just heard “{self.now}”. How do they go together?"


def clash(
    turns: Sequence[Turn], resume: Resume | None, claim: Claim | None, taken: Collection[str] = ()
) -> Clash | None:
    """What in the last turn does not go with the resume or with earlier answers; None where nothing is certain.

    Args:
        turns: The conversation; the last turn is the candidate's.
        resume: As it was read; None where there is none.
        claim: The claim that the question stands on.
        taken: Keys of what was taken up already.
    """
    if not turns or sum(key.startswith(KEY) for key in taken) >= MOST_CLASHES:
        return None
    new, before = tuple(statements(turns[-1:])), turns[:-1]
    found = itertools.chain(
        _denied(new, before, resume), _claimed(new, before), _counted(new, claim), _dated(new, resume, claim)
    )
    return next((each for each in found if each.key not in taken), None)


# --- techniques ---------------------------------------------------------------------------------------------------------


def denials(text: str) -> tuple[Term, ...]:
    """Techniques and tools that a sentence plainly denies ever having used; () where anything qualifies it."""
    match = _DENIAL.search(text)
    if match is None or _QUALIFIED.search(text):
        return ()
    for term in terms(text):
        if term.start == match.end() and _PLAIN_END.match(text[term.end :]):
            return (term,)
    return ()


def _denied(new: Sequence[Statement], turns: Sequence[Turn], resume: Resume | None) -> Iterator[Clash]:
    for statement in new:
        for term in denials(statement.text):
            key = f"{KEY}denied:{term.name.lower()}"
            now = clip(statement.text, term.start, term.end, QUOTED_WORDS)
            for claim, named in _lines_with(resume, term.name):
                yield Clash(key, now, clip(claim.text, named.start, named.end, QUOTED_WORDS), True, claim)
            for earlier in reversed(tuple(statements(turns))):
                for used in own_work(earlier.text):
                    if used.name == term.name and re.search(r"\bI\b", earlier.text[: used.start]):
                        yield Clash(key, now, clip(earlier.text, used.start, used.end, QUOTED_WORDS), False)


def _claimed(new: Sequence[Statement], turns: Sequence[Turn]) -> Iterator[Clash]:
    for statement in new:
        if _CORRECTION.search(statement.text):
            continue
        for used in own_work(statement.text):
            if not re.search(r"\bI\b", statement.text[: used.start]):
                continue
            for earlier in reversed(tuple(statements(turns))):
                for term in denials(earlier.text):
                    if term.name == used.name:
                        now = clip(statement.text, used.start, used.end, QUOTED_WORDS)
                        before = clip(earlier.text, term.start, term.end, QUOTED_WORDS)
                        yield Clash(f"{KEY}denied:{term.name.lower()}", now, before, False)


def _lines_with(resume: Resume | None, name: str) -> Iterator[tuple[Claim, Term]]:
    """Claims that plainly say their writer used it."""
    for project in resume.projects if resume is not None else ():
        for claim in project.claims:
            if not _WEAK_LINE.search(claim.text):
                yield from ((claim, term) for term in terms(claim.text) if term.name == name)


# --- counts and years -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Count:
    value: float
    noun: str
    start: int
    end: int


def _counts(text: str) -> Iterator[_Count]:
    for match in _COUNT.finditer(text):
        noun = match.group(4).lower()
        if noun not in _NOT_COUNTED:
            digits = re.sub(r"[ ,]|\.(?=\d{3}(?:\D|$))", "", match.group(1))
            value = float(digits) * _SCALE.get((match.group(2) or "").lower(), 1.0)
            if value > 1 and not 1900 <= value <= 2100:
                yield _Count(value, stem(noun), match.start(), match.end())


def _counted(new: Sequence[Statement], claim: Claim | None) -> Iterator[Clash]:
    if claim is None or _PARTIAL.search(claim.text):
        return
    written = list(_counts(claim.text))
    for statement in new:
        if _PARTIAL.search(statement.text):
            continue
        spoken = list(_counts(statement.text))
        for now in spoken:
            same = [each for each in written if each.noun == now.noun]
            unique = len(same) == 1 and sum(each.noun == now.noun for each in spoken) == 1
            if unique and max(now.value, same[0].value) / min(now.value, same[0].value) >= LEAST_RATIO:
                yield Clash(
                    f"{KEY}count:{now.noun}",
                    clip(statement.text, now.start, now.end, QUOTED_WORDS),
                    clip(claim.text, same[0].start, same[0].end, QUOTED_WORDS),
                    True,
                    claim,
                )


def _dated(new: Sequence[Statement], resume: Resume | None, claim: Claim | None) -> Iterator[Clash]:
    project = next(
        (each for each in resume.projects if claim is not None and claim in each.claims)
        if resume is not None
        else iter(()),
        None,
    )
    if project is None or resume is None or claim is None:
        return
    head = resume.text[project.start : min((each.start for each in project.claims), default=project.end)]
    years = [int(each) for each in _YEAR.findall(head)]
    if not years or len(years) > 2:
        return
    last = 9999 if _RUNNING.search(head) else max(years)
    for statement in new:
        match = _IN_YEAR.search(statement.text)
        if match is None or _CORRECTION.search(statement.text):
            continue
        year = int(match.group(1))
        if year < min(years) - 1 or year > last + 1:
            shown = _YEAR.search(head)
            assert shown is not None
            yield Clash(
                f"{KEY}year:{year}",
                clip(statement.text, match.start(1), match.end(1), QUOTED_WORDS),
                clip(head.replace("\n", " "), shown.start(), shown.end(), QUOTED_WORDS),
                True,
                claim,
            )
