"""What the detectors hold a talk against: the corpus as they see it. Nothing of the interviewer's own rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.domain.errors import QuestionUnknown
from app.material.corpus import Corpus
from app.material.entries import Chain, Criterion, Question
from app.material.tasks import Analytics, Fact, Problem, Scenario
from evals.interviewer.likeness import Rarity, roots

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+[\"'”’)]*|$)")


@dataclass(frozen=True)
class Telling:
    """What would tell a criterion: the roots that its statement and the sentences that show it share."""

    roots: Mapping[str, float]
    """Each with the share of these texts that have it."""
    texts: tuple[str, ...]
    number: float | None
    """The constant that is asked for."""


class Ground:
    """The corpus for the detectors."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @cached_property
    def rarity(self) -> Rarity:
        """From every text of every criterion."""
        texts = [
            text
            for entry in self.corpus.asked()
            for each in self.corpus.rubric(entry.id).criteria
            for text in (each.criterion.says, each.criterion.probe, *each.criterion.shown_by)
        ]
        return Rarity(texts)

    def criteria(self, question_id: str) -> dict[str, Criterion]:
        """Of a question, by id; none for one that is not in the corpus."""
        try:
            return {each.criterion.id: each.criterion for each in self.corpus.rubric(question_id).criteria}
        except QuestionUnknown:
            return {}

    def spoils(self, question_id: str, misconception_id: str) -> str:
        """The criterion that a misconception of a question contradicts; "" where it is none of its, or contradicts none."""
        try:
            held = self.corpus.rubric(question_id).misconceptions
        except QuestionUnknown:
            return ""
        return next((each.spoils or "" for each in held if each.id == misconception_id), "")

    def telling(self, criterion: Criterion) -> Telling:
        """What would tell a criterion."""
        texts = (criterion.says, *criterion.shown_by)
        found: dict[str, float] = {}
        for each in set().union(*(roots(text) for text in texts)):
            found[each] = sum(each in roots(text) for text in texts) / len(texts)
        number = criterion.value.is_ if criterion.value is not None else None
        return Telling(found, texts, float(number) if isinstance(number, int | float) else None)

    def opening(self, question_id: str) -> str:
        """Everything that a question says of itself when it is asked, its stages and rungs included."""
        entry = self.corpus.entry(question_id)
        said = " ".join(text for _, text in self.openings(question_id))
        match entry:
            case Problem():
                return f"{entry.title} {said} {entry.statement}"
            case Analytics():
                return f"{entry.title} {said}"
            case _:
                return said

    def openings(self, question_id: str) -> list[tuple[str, str]]:
        """Each text that asks the question or a part of it first, after the name of its key or of the part."""
        entry = self.corpus.entry(question_id)
        match entry:
            case Question():
                return [("ask", entry.ask), *(("rewordings", each) for each in entry.rewordings)]
            case Scenario():
                return [
                    ("opening", entry.opening),
                    *(("rewordings", each) for each in entry.rewordings),
                    *((stage.id, stage.ask) for stage in entry.stages),
                ]
            case Chain():
                return [(rung.id, text) for rung in entry.rungs for text in (rung.ask, rung.ask_otherwise) if text]
            case Problem():
                return [("ask", entry.ask), *((("follow-up", entry.follow_up.ask),) if entry.follow_up else ())]
            case Analytics():
                return [("opening", entry.opening), *((each.id, each.ask) for each in entry.questions)]

    def facts(self, question_id: str) -> dict[str, Fact]:
        """The fact sheet; none where there is none."""
        scenario = self.corpus.scenarios.get(question_id)
        return {each.id: each for each in scenario.facts} if scenario is not None else {}


def sentences(text: str) -> list[str]:
    """Sentences, roughly: enough to count questions."""
    text = re.sub(r"(\d)\.(\d)", r"\1·\2", text)
    text = re.sub(r"\b(e\.g|i\.e|vs|etc)\.", lambda m: m.group().replace(".", "·"), text)
    return [each.strip() for each in _SENTENCE.findall(text) if each.strip()]


def unquoted(text: str) -> str:
    """The text without what stands between quotation marks."""
    return re.sub(r"[\"“][^\"”]*[\"”]", "…", text)


def plainly(text: str) -> str:
    """Letters and digits with one blank between, so that only words are compared."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
