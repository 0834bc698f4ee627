"""Which question of the corpus an interviewer elsewhere asked, if any. Pure over vectors.

What was said, whole and by sentences, is compared with every wording of every question; words that few questions share count
on top, of the whole turn or of the sentences in it that ask. A question is taken where it is near enough and clearly nearer than
the second; where two are about as near, the answer decides if it belongs to one of them. `python -m evals.elsewhere` measures it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.domain.sentences import content_stems, sentences, words
from app.material.corpus import Corpus, plain
from app.material.entries import Question

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]
"""Texts to unit rows (n, d) float32."""

NEAR_AT = 0.64
"""Of likeness and weighted shared words together; this and the next are chosen on the half `look` of the transcripts."""
CLEAR_BY = 0.065
"""By which the nearest question leads the second."""
MOST_RIVALS = 6
"""Questions about as near as the nearest, between which an answer may decide."""
DECIDES_BY = 0.05
"""By which an answer's likeness to what one of them wants leads that to the others."""
DECIDES_AT = 0.25
"""Likeness from which it may: "Sure." belongs to nothing."""
WORDS_WEIGH = 0.15
TELLS_AT = 8.0
"""Information, in nats, from which a sentence by itself is compared: "How would you do that?" is asked about everything."""
FOLLOWS_AT = 0.53
"""Likeness to the question before or to a sentence of its answer from which an unmatched turn is a follow-up."""
LEANS_AT = 0.2
"""The same for a turn whose words go on from what was said or refer to it."""
_GOES_ON = re.compile(
    r"^\W*(?:(?:okay|ok|right|sure|i see|interesting)\W+)?(?:and|so|but|then|why|how so|what if|what about|which of|"
    r"(?:could|can) you (?:say|expand|elaborate)|say more|tell me more|go on|for example|such as)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?\W*$|^(?:(?:so|and|okay|ok|now|then|alright|please)\W+)?(?:tell|explain|describe|walk|give|derive|show|prove|compare|name|imagine|"
    r"suppose|pick|say|talk|define|write|sketch|design|take|let's say|how|what|why|when|which|who|where|(?:can|could|would|do|have) you)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:that|those|this|these|it|them|there|then|the (?:two|first|second|latter))\b", re.IGNORECASE)
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Surface:
    """A wording of a question, or a sentence of one."""

    question_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for an interviewer's turn."""

    question_id: str | None
    similarity: float
    """Cosine, -1..1, of the nearest wording of the nearest question; 0 where there was nothing to compare."""
    nearest_id: str = ""
    """The nearest question, taken or not."""
    margin: float = 0.0
    why_not: str = ""
    """Why none was taken; "" where one was."""
    rivals: tuple[str, ...] = ()
    """Where two or more were about as near: all of them, nearest first."""
    follow_up: bool = False
    """It matches nothing itself, and belongs to the question before; `similarity` is that to what was said there."""


def wordings(question: Question) -> tuple[str, ...]:
    """Every way in which the corpus asks a question."""
    return (question.ask, *question.rewordings, *question.parallel, *question.lenses.values())


def compared(corpus: Corpus) -> tuple[str, ...]:
    """Every text that turns are compared with, for those who make vectors beforehand."""
    return tuple(dict.fromkeys(each.text for each in Questions(corpus).surfaces))


class Questions:
    """The questions of a corpus, as they can be recognised."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._ids = tuple(sorted(corpus.questions))
        self._stems = {each: _stems_of(corpus.questions[each]) for each in self._ids}
        known = Counter(stem for stems in self._stems.values() for stem in stems)
        self._rarity = {stem: math.log((len(self._ids) + 1) / (count + 0.5)) for stem, count in known.items()}
        self._unknown = math.log((len(self._ids) + 1) / 0.5)
        self.surfaces = tuple(
            Surface(each, text)
            for each in self._ids
            for wording in wordings(corpus.questions[each])
            for text in self.parts(wording)
        )
        at = {each: index for index, each in enumerate(self._ids)}
        self._owner = np.array([at[each.question_id] for each in self.surfaces], dtype=np.intp)

    def parts(self, text: str) -> list[str]:
        """The text, and those of its sentences that tell something by themselves."""
        single = [part.text for part in sentences(text)]
        return [text, *(each for each in single if self._information(each) >= TELLS_AT)] if len(single) > 1 else [text]

    def match(self, asked: str, vectors: Vectors, known: Vectors) -> Match:
        """The question of a turn, by the rows of `parts(asked)` and the rows of `surfaces`."""
        if not self._ids or not words(asked):
            return Match(None, 0.0, why_not="no question was asked")
        likeness = (known @ vectors.T).max(axis=1)
        best = np.full(len(self._ids), -1.0, dtype=np.float64)
        np.maximum.at(best, self._owner, likeness)
        total = best + WORDS_WEIGH * np.maximum(self._shared(asked), self._shared(asking(asked)))
        order = np.argsort(-total, kind="stable")
        first = int(order[0])
        margin = float(total[first] - total[order[1]]) if len(order) > 1 else 1.0
        similarity = round(float(np.clip(best[first], -1.0, 1.0)), 3)
        why_not = ""
        rivals: tuple[str, ...] = ()
        if total[first] < NEAR_AT:
            why_not = "no question of the corpus is near to it"
        elif margin < CLEAR_BY:
            why_not = "two questions of the corpus are about as near"
            rivals = tuple(self._ids[at] for at in order[:MOST_RIVALS] if total[first] - total[at] < CLEAR_BY)
        taken = None if why_not else self._ids[first]
        return Match(taken, similarity, self._ids[first], round(margin, 3), why_not, rivals)

    def wants(self, question_id: str) -> list[str]:
        """What an answer to a question may say: its criteria, and its reference answer by sentences."""
        question = self._corpus.questions[question_id]
        return [
            *(criterion.says for criterion in question.criteria),
            *(part.text for part in sentences(question.reference_answer)),
        ]

    def _information(self, text: str) -> float:
        return sum(self._rarity.get(stem, self._unknown) for stem in content_stems(text))

    def _shared(self, asked: str) -> npt.NDArray[np.float64]:
        """For each question the share, 0..1, of the turn's information that stands anywhere in the question's text."""
        stems = content_stems(asked)
        whole = self._information(asked) or 1.0
        known = [(stem, self._rarity[stem]) for stem in stems if stem in self._rarity]
        return (
            np.array([sum(rarity for stem, rarity in known if stem in self._stems[each]) for each in self._ids]) / whole
        )


class Recogniser:
    """Recognises turns; the corpus's side is encoded once, with the first of them."""

    def __init__(self, corpus: Corpus, encode: Encode) -> None:
        self._questions = Questions(corpus)
        self._encode = encode
        self._known: Vectors | None = None

    async def recognise(self, asked: Sequence[str], answers: Sequence[str]) -> list[Match]:
        """One match for each interviewer's turn; `answers` are what was said to each, "" for nothing.

        A turn that matches nothing itself belongs to the question before it where it follows it up.
        """
        if self._known is None:
            self._known = await self._rows([each.text for each in self._questions.surfaces])
        cut = [self._questions.parts(text) if words(text) else [] for text in asked]
        vectors = await self._rows([part for parts in cut for part in parts])
        found: list[Match] = []
        open_id: str | None = None
        opening = ""
        place = 0
        before = ""
        for text, parts, answer in zip(asked, cut, answers, strict=True):
            rows = vectors[place : place + len(parts)]
            place += len(parts)
            match = await self._decided(self._questions.match(text, rows, self._known), answer)
            said, before = before, answer
            if open_id is not None and parts and match.question_id != open_id:
                near = await self._nearness(rows[0], opening, said)
                if follows(text, near, match):
                    found.append(Match(open_id, round(near, 3), match.nearest_id, match.margin, follow_up=True))
                    continue
            found.append(match)
            open_id, opening = match.question_id, text
        return found

    async def _decided(self, match: Match, answer: str) -> Match:
        """The same, or the rival to which the answer clearly belongs."""
        said = [part.text for part in sentences(answer) if words(part.text)]
        if not match.rivals or not said:
            return match
        rows = await self._rows(said)
        likeness = []
        for rival in match.rivals:
            wanted = await self._rows(self._questions.wants(rival))
            likeness.append(float((wanted @ rows.T).max(axis=0).mean()) if len(wanted) else -1.0)
        order = np.argsort(-np.array(likeness), kind="stable")
        first, second = int(order[0]), int(order[1])
        if likeness[first] < DECIDES_AT or likeness[first] - likeness[second] < DECIDES_BY:
            return match
        return replace(match, question_id=match.rivals[first], nearest_id=match.rivals[first], why_not="")

    async def _nearness(self, row: Vectors, opening: str, answer: str) -> float:
        others = [each for each in (opening, *(part.text for part in sentences(answer))) if words(each)]
        return float((await self._rows(others[:_BATCH]) @ row).max()) if others else -1.0

    async def _rows(self, texts: Sequence[str]) -> Vectors:
        """In batches, so that someone who is being interviewed meanwhile need not wait for all of them."""
        made = [await self._encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(made) if made else np.empty((0, 1), dtype=np.float32)


def asking(text: str) -> str:
    """The sentences that ask, without small talk around them; the whole where all or none do."""
    single = [part.text for part in sentences(text)]
    asks = [each for each in single if _ASKS.search(each.strip())]
    return " ".join(asks) if asks and len(asks) < len(single) else text


def follows(text: str, near: float, match: Match) -> bool:
    """Whether a turn follows up what was said before it; `near` is its likeness to that, -1..1.

    One that goes on in so many words ("And why ...?") does where it is near at all, unless it matches a question of its own
    that is nearer. Any other does only where it is nearer to what was said than to any question of the corpus.
    """
    nearer = near >= match.similarity
    if _GOES_ON.match(text):
        return near >= LEANS_AT and (nearer or match.question_id is None)
    return match.question_id is None and nearer and near >= (LEANS_AT if _REFERS.search(text) else FOLLOWS_AT)


def _stems_of(question: Question) -> frozenset[str]:
    says = (criterion.says for criterion in question.criteria)
    names = (plain(name) for name in (question.id, *question.topics))
    return content_stems("\n".join((*wordings(question), *says, *names, question.reference_answer)))
