"""Judges a conversation that was held elsewhere, by the corpus's rubrics where it knows the question, or by a foreign rubric.

It stores nothing: `hold` gives what can be stored. What the corpus does not ask is not assessed, and the judgement says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from app.domain.errors import RoleUnknown
from app.domain.interview import Interview, InterviewState, Mode, Plan, Seniority, Strictness
from app.domain.score import CriterionKind, CriterionScore, CriterionState, Score
from app.domain.sentences import sentences, words
from app.domain.transcript import Move, MoveKind, Span, SpanKind, Speaker, Turn
from app.material.corpus import Corpus
from app.scoring.assess import assess
from app.scoring.criterion_model import NAME, CompactScorer
from app.scoring.elsewhere import Conversation, Exchange, Said, exchanges
from app.scoring.evidence import is_echo
from app.scoring.foreign_rubric import ForeignDimension, ForeignRubric, chosen, statements
from app.scoring.free_model import Examples, ReadAlone, Reading
from app.scoring.levels import competency
from app.scoring.matching import Encode, Match, Recogniser, Vectors
from app.scoring.model_judge import ModelJudge

Listen = Callable[[str, str], Awaitable[tuple[Span, ...]]]
"""(text, round) -> spans of a candidate's turn, by what they are."""

SEED = 0
SKILLS = ("technical", "problem-solving")
HEARD_SENTENCES = 8
"""Of all answers, those nearest to a dimension that its levels are held against, each with its neighbours."""
_BATCH = 256
_NAME = "elsewhere"


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class TurnJudged(_Out):
    """A turn as it was read; offsets elsewhere point into its text."""

    index: int = Field(description="From 0.")
    speaker: Speaker
    text: str


class QuoteJudged(_Out):
    """The candidate's own words: `turns[turn].text[start:end]`."""

    quote: str
    turn: int
    start: int
    end: int


class CriterionJudged(_Out):
    """A criterion of the matched question."""

    id: str
    says: str
    kind: CriterionKind
    skill: str
    state: CriterionState
    evidence: list[QuoteJudged]
    reason: str


class QuestionJudged(_Out):
    """A question of the corpus that was asked, with all exchanges on it; or an exchange that matches none."""

    asked: str
    turns: list[int] = Field(description="Indices of the turns on it, both speakers'.")
    question_id: str | None = Field(description="Null where it is not assessed.")
    why_not: str = Field(description="Why no question was matched; empty where one was.")
    similarity: float = Field(ge=-1, le=1, description="Of the words that asked it to the nearest question.")
    level: int | None = Field(description="0..4; null where it is not assessed, or too little was asked.")
    assessed: int = Field(description="Criteria that could be assessed.")
    total: int
    criteria: list[CriterionJudged]
    unscored_reason: str = ""


class SkillJudged(_Out):
    """A skill over all matched questions."""

    skill: str
    level: float | None = Field(description="0..4; null below six assessed criteria in three questions.")
    low: float | None
    high: float | None
    assessed: int
    total: int
    questions: int


class LikelihoodJudged(_Out):
    """How far the candidate's words bear out a level's text."""

    level: int
    likelihood: float = Field(ge=0, le=1)


class DimensionJudged(_Out):
    """A dimension of a foreign rubric."""

    id: str
    name: str
    level: int | None = Field(description="One of the given levels; null where nothing that was said bears on it.")
    expected: float | None
    runner_up: int | None
    low: int | None
    high: int | None
    evidence: QuoteJudged | None = Field(description="The words that decided.")
    likelihoods: list[LikelihoodJudged]
    reason: str


class TranscriptJudgement(_Out):
    """What became of a conversation from elsewhere. Nothing of it is stored."""

    role: str
    seniority: Seniority
    turns: list[TurnJudged]
    questions: list[QuestionJudged]
    competencies: list[SkillJudged]
    dimensions: list[DimensionJudged] = Field(description="Empty without a rubric.")
    left_out: list[str] = Field(description="What was passed over while reading.")
    scorer: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    """The exchanges on one question; without turns and score where it matches none."""

    mine: tuple[tuple[Exchange, Match], ...]
    turns: tuple[Turn, ...]
    score: Score | None


@dataclass(frozen=True, slots=True)
class HeldQuestion:
    """What became of a question."""

    seqs: tuple[int, ...]
    """Of the turns on it."""
    question_id: str | None
    why_not: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation from elsewhere as if it had been held here."""

    turns: tuple[Turn, ...]
    scores: tuple[Score, ...]
    questions: tuple[HeldQuestion, ...]


Progress = Callable[[int, int], None]
"""Told how much of the work is done, and of how much."""


class _Steps:
    """Counts what is done of a judgement: each exchange is recognised and then judged, and each dimension held against."""

    def __init__(self, progress: Progress | None = None, *, dimensions: int = 0) -> None:
        self._progress = progress
        self._done, self._whole = 0, dimensions

    def begin(self, *, exchanges: int) -> None:
        self._whole += 2 * exchanges
        self.did(0)

    def did(self, steps: int) -> None:
        self._done += steps
        if self._progress is not None:
            self._progress(self._done, self._whole)


def require_role(corpus: Corpus, role: str) -> None:
    """Raises `RoleUnknown`, which names those there are, for a role that the corpus does not describe."""
    if role not in corpus.roles:
        raise RoleUnknown(role, tuple(sorted(corpus.roles)))


class TranscriptJudge:
    """Judges conversations. One that is busy may be asked again at once; it keeps nothing but the corpus's vectors."""

    def __init__(
        self,
        corpus: Corpus,
        *,
        encode: Encode,
        compact: CompactScorer,
        alone: ReadAlone,
        listen: Listen,
        now: Callable[[], datetime],
        judge: ModelJudge | None = None,
    ) -> None:
        self._corpus = corpus
        self._encode = encode
        self._compact = compact
        self._alone = alone
        self._listen = listen
        self._now = now
        self._judge = judge
        self._recogniser = Recogniser(corpus, encode)

    async def judge(
        self,
        conversation: Conversation,
        *,
        role: str = "ml-engineer",
        seniority: Seniority = Seniority.MID,
        rubric: ForeignRubric | None = None,
        progress: Progress | None = None,
    ) -> TranscriptJudgement:
        """The judgement of a whole conversation.

        Raises:
            RoleUnknown: the corpus does not describe the role.
        """
        require_role(self._corpus, role)
        steps = _Steps(progress, dimensions=len(rubric.dimensions) if rubric is not None else 0)
        groups = await self._groups(conversation, self._interview(role, seniority), steps)
        questions = [
            _unmatched(*group.mine[0]) if group.score is None else _matched(group.mine, group.score) for group in groups
        ]
        scores = [group.score for group in groups if group.score is not None]
        dimensions = []
        if rubric is not None:
            said = await self._said(conversation.turns)
            for each in rubric.dimensions:
                dimensions.append(await self._dimension(each, *said))
                steps.did(1)
        return TranscriptJudgement(
            role=role,
            seniority=seniority,
            turns=[TurnJudged.model_validate(turn) for turn in conversation.turns],
            questions=questions,
            competencies=[SkillJudged.model_validate(competency(each, scores, seed=SEED)) for each in SKILLS],
            dimensions=dimensions,
            left_out=list(conversation.left_out),
            scorer=NAME,
        )

    async def hold(self, conversation: Conversation, interview: Interview, *, new_id: Callable[[], str]) -> Held:
        """The same as turns and scores of an interview of our own, which can be stored with it.

        A turn on a question that the corpus does not ask has none; the move that asked it says why it is not assessed.
        """
        groups = await self._groups(conversation, interview, _Steps())
        ids = {f"t{said.index}": new_id() for said in conversation.turns}
        turns = {turn.id: turn for group in groups for turn in group.turns}
        for group in groups:
            for exchange, match in group.mine if group.score is None else ():
                for said in (*exchange.asked, *exchange.answer):
                    move = None
                    if said.speaker is Speaker.INTERVIEWER:
                        move = Move(MoveKind.ASK, f"not assessed: {match.why_not}", said.text)
                    turns[f"t{said.index}"] = await self._turn(said, "", move=move)
        began = interview.opened_at or interview.created_at
        return Held(
            turns=tuple(
                replace(turns[name], id=own, interview_id=interview.id, created_at=began) for name, own in ids.items()
            ),
            scores=tuple(_with_ids(group.score, ids) for group in groups if group.score is not None),
            questions=tuple(
                HeldQuestion(
                    seqs=tuple(
                        said.index + 1 for exchange, _ in group.mine for said in (*exchange.asked, *exchange.answer)
                    ),
                    question_id=group.mine[0][1].question_id,
                    why_not=group.mine[0][1].why_not if group.score is None else "",
                    level=group.score.level if group.score is not None else None,
                )
                for group in groups
            ),
        )

    async def _groups(self, conversation: Conversation, interview: Interview, steps: _Steps) -> list[_Group]:
        """Exchanges on one question together, each with its score where the corpus asks it."""
        cut = exchanges(conversation.turns)
        steps.begin(exchanges=len(cut))
        answers = ["\n".join(turn.text for turn in each.answer) for each in cut]
        matches = await self._recogniser.recognise([each.question for each in cut], answers)
        steps.did(len(cut))
        groups = []
        for mine in grouped(cut, matches):
            question_id = mine[0][1].question_id
            if question_id is None:
                groups.append(_Group(mine, (), None))
                steps.did(len(mine))
                continue
            turns = await self._turns(question_id, mine)
            score = await assess(
                interview,
                turns,
                question_id,
                corpus=self._corpus,
                compact=self._compact,
                judge=self._judge,
                now=self._now,
            )
            groups.append(_Group(mine, tuple(turns), score))
            steps.did(len(mine))
        return groups

    def _interview(self, role: str, seniority: Seniority) -> Interview:
        return Interview(
            id=_NAME,
            candidate_id=_NAME,
            state=InterviewState.CLOSED,
            role=role,
            seniority=seniority,
            company="neutral",
            mode=Mode.PRACTICE,
            strictness=Strictness.STANDARD,
            minutes=60,
            seed=SEED,
            plan=Plan(()),
            version=1,
            created_at=self._now(),
        )

    async def _turns(self, question_id: str, mine: Sequence[tuple[Exchange, Match]]) -> list[Turn]:
        """The exchanges on a question as an interview of our own would have stored them."""
        round_slug = self._corpus.rubric(question_id).round
        turns = []
        for exchange, match in mine:
            for place, said in enumerate((*exchange.asked, *exchange.answer)):
                move = None
                if said.speaker is Speaker.INTERVIEWER:
                    # A second turn before the answer leaves the question open.
                    kind = MoveKind.REPEAT if place else MoveKind.PROBE if match.follow_up else MoveKind.ASK
                    move = Move(kind, "asked elsewhere", said.text, round=round_slug, question_id=question_id)
                turns.append(await self._turn(said, round_slug, question_id, move))
        return turns

    async def _turn(self, said: Said, round_slug: str, question_id: str = "", move: Move | None = None) -> Turn:
        mine = said.speaker is Speaker.CANDIDATE
        spans = await self._listen(said.text, round_slug) if mine else ()
        when = self._now()
        return Turn(
            f"t{said.index}", _NAME, said.index + 1, said.speaker, said.text, when, question_id, spans=spans, move=move
        )

    async def _said(self, said: Sequence[Said]) -> tuple[list[_Sentence], Vectors]:
        """Sentences of the candidate's own that are answers, and their vectors (n, d)."""
        turns = [await self._turn(each, "") for each in said]
        found = [
            _Sentence(part.text, at, part.start, part.end)
            for at, turn in enumerate(turns)
            if turn.speaker is Speaker.CANDIDATE and any(span.kind is SpanKind.ANSWER for span in turn.spans)
            for part in sentences(turn.answer_text())
            if words(part.text) and not is_echo(part.text, turns[max(0, at - 4) : at])
        ]
        return found, await self._rows([each.text for each in found])

    async def _rows(self, texts: Sequence[str]) -> Vectors:
        made = [await self._encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(made) if made else np.empty((0, 1), dtype=np.float32)

    async def _dimension(
        self,
        dimension: ForeignDimension,
        said: Sequence[_Sentence],
        vectors: Vectors,
    ) -> DimensionJudged:
        levels = sorted(dimension.levels, key=lambda each: each.level)
        texts = [(level.level, text) for level in levels for text in statements(level)]
        if not said:
            return _dimension(dimension, [(level.level, 0.0) for level in levels], {}, said)
        about = [dimension.name, *([dimension.description] if words(dimension.description) else [])]
        asked = await self._rows([*about, *(text for _, text in texts)])
        near = (vectors @ asked.T).max(axis=1)
        best = np.argsort(-near, kind="stable")[:HEARD_SENTENCES]
        heard = sorted({at for one in best for at in range(int(one) - 1, int(one) + 2) if 0 <= at < len(said)})
        # A line ends a sentence, so that each comes back as it was.
        readings = await self._alone(
            [(text, Examples()) for _, text in texts], "\n".join(said[at].text for at in heard)
        )
        by_level: dict[int, list[Reading]] = defaultdict(list)
        for (level, _), reading in zip(texts, readings, strict=True):
            by_level[level].append(reading)
        likelihoods = [(level, sum(each.p for each in mine) / len(mine)) for level, mine in by_level.items()]
        quotes = {level: max(mine, key=lambda each: each.p).evidence for level, mine in by_level.items()}
        return _dimension(dimension, likelihoods, quotes, [said[at] for at in heard])


def grouped(cut: Sequence[Exchange], matches: Sequence[Match]) -> list[tuple[tuple[Exchange, Match], ...]]:
    """Exchanges on one question together, in the order in which the questions came up; one that matches none alone."""
    found: dict[object, list[tuple[Exchange, Match]]] = {}
    for at, (exchange, match) in enumerate(zip(cut, matches, strict=True)):
        found.setdefault(at if match.question_id is None else match.question_id, []).append((exchange, match))
    return [tuple(each) for each in found.values()]


def _with_ids(score: Score, ids: Mapping[str, str]) -> Score:
    """The score with the ids that its turns are stored under."""
    return replace(
        score,
        criteria=tuple(
            replace(
                criterion,
                evidence=tuple(replace(each, turn_id=ids[each.turn_id]) for each in criterion.evidence),
                asked_in=tuple(ids[each] for each in criterion.asked_in),
            )
            for criterion in score.criteria
        ),
    )


def _unmatched(exchange: Exchange, match: Match) -> QuestionJudged:
    return QuestionJudged(
        asked=exchange.question,
        turns=[turn.index for turn in (*exchange.asked, *exchange.answer)],
        question_id=None,
        why_not=f"not assessed: {match.why_not}",
        similarity=match.similarity,
        level=None,
        assessed=0,
        total=0,
        criteria=[],
    )


def _matched(mine: Sequence[tuple[Exchange, Match]], score: Score) -> QuestionJudged:
    first, match = mine[0]
    return QuestionJudged(
        asked=first.question,
        turns=[turn.index for exchange, _ in mine for turn in (*exchange.asked, *exchange.answer)],
        question_id=score.question_id,
        why_not="",
        similarity=match.similarity,
        level=score.level,
        assessed=score.coverage.assessed,
        total=score.coverage.total,
        criteria=[_criterion(each) for each in score.criteria],
        unscored_reason=score.unscored_reason,
    )


def _criterion(score: CriterionScore) -> CriterionJudged:
    return CriterionJudged(
        id=score.criterion_id,
        says=score.says,
        kind=score.kind,
        skill=score.skill,
        state=score.state,
        evidence=[
            QuoteJudged(quote=each.quote, turn=int(each.turn_id.removeprefix("t")), start=each.start, end=each.end)
            for each in score.evidence
        ],
        reason=score.reason,
    )


def _dimension(
    dimension: ForeignDimension,
    likelihoods: Sequence[tuple[int, float]],
    quotes: Mapping[int, str],
    heard: Sequence[_Sentence],
) -> DimensionJudged:
    found = chosen(likelihoods)
    quote = quotes.get(found.likeliest, "") if found else ""
    place = next((each for each in heard if each.text == quote), None)
    evidence = QuoteJudged(quote=place.text, turn=place.turn, start=place.start, end=place.end) if place else None
    if found is not None and evidence is None:
        # Without words of the candidate there is no credit, here as elsewhere.
        found = None
    return DimensionJudged(
        id=dimension.id,
        name=dimension.name,
        level=found.level if found else None,
        expected=found.expected if found else None,
        runner_up=found.runner_up if found else None,
        low=min(found.level, found.runner_up) if found else None,
        high=max(found.level, found.runner_up) if found else None,
        evidence=evidence if found else None,
        likelihoods=[LikelihoodJudged(level=level, likelihood=round(p, 3)) for level, p in likelihoods],
        reason="" if found else "not assessed: nothing that the candidate said bears on it",
    )
