"""The model judge: reads an answer with the rubric and its passages, more than once where the model can afford it.

Its output is a verdict and no score: code checks each quote and decides. The judge model is pinned; there is no other one
to fall back to, because another model would be another rubric.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.score import JudgeOpinion, VerdictState
from app.domain.transcript import Speaker, Turn
from app.llm.model import ChatModel, Message, ModelError, PromptRef, Request, Role, Sampling
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.prompting.library import Library
from app.scoring.evidence import ground
from app.scoring.verdict import Verdict

PROMPT = "judge/criteria"


@dataclass(frozen=True, slots=True)
class JudgeManner:
    """How a judge model is used."""

    samples: int = 1
    """Calls that differ in seed and in the order of the criteria."""
    deadline_s: float = 20.0
    """For one call."""
    with_passages: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """A statement as the model is asked about it."""

    id: str
    says: str
    partly_when: str = ""
    passage: str = ""
    """What the field says on it; empty where nothing is cited."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Opinions by criterion id, and where they come from."""

    opinions: dict[str, JudgeOpinion]
    model: str
    prompt: PromptRef
    failure: str = ""
    """Why criteria are missing from `opinions`; empty where none is."""
    asked: frozenset[str] = frozenset()
    """Ids of the criteria that the model was asked about."""


class ModelJudge:
    """Asks a model for verdicts and keeps of them what can be checked."""

    def __init__(self, model: ChatModel, prompts: Library, corpus: Corpus | None, manner: JudgeManner) -> None:
        """`corpus` has the passages that criteria cite; None for statements that cite none."""
        self._model = model
        self._prompts = prompts
        self._corpus = corpus
        self.manner = manner

    async def judge(self, question_id: str, asked: str, criteria: Sequence[Criterion], turns: Sequence[Turn]) -> Judged:
        """Opinions on the criteria from the candidate's answers on one question; never raises a `ModelError`.

        A criterion without a usable verdict has no opinion: it is not guessed.
        """
        wanted = [Wanted(each.id, each.says, each.partly_when or "", self._passage(each)) for each in criteria]
        own = [turn for turn in turns if turn.question_id == question_id or turn.speaker is Speaker.INTERVIEWER]
        return await self.hold(asked, wanted, _answers(turns, question_id), own)

    async def hold(
        self, asked: str, criteria: Sequence[Wanted], answers: Sequence[Mapping[str, str]], own: Sequence[Turn]
    ) -> Judged:
        """The same for statements from anywhere.

        Args:
            asked: The question; may be empty.
            criteria: At least one.
            answers: `speaker` and `text` of each turn that the model reads.
            own: Turns in which a quote must stand.
        """
        prompt = self._prompts.get(PROMPT)
        ref = PromptRef(prompt.ref.id, prompt.ref.version, prompt.ref.hash)
        samples: list[Verdict] = []
        answered, failure = "", ""
        for number in range(self.manner.samples):
            turned = [*criteria[number % len(criteria) :], *criteria[: number % len(criteria)]]
            rendered = prompt.render(
                question=asked,
                criteria=[
                    {
                        "id": each.id,
                        "says": each.says,
                        "partly_when": each.partly_when,
                        "passage": each.passage,
                    }
                    for each in turned
                ],
                answers=list(answers),
            )
            request = Request(
                role=Role.JUDGE,
                messages=tuple(Message(message.role, message.content) for message in rendered),
                sampling=Sampling(
                    temperature=prompt.about.sampling.temperature if self.manner.samples > 1 else 0.0,
                    max_output_tokens=min(prompt.about.sampling.max_output_tokens, 60 + 90 * len(criteria)),
                    seed=number,
                ),
                prompt=ref,
                deadline_s=self.manner.deadline_s,
                low_priority=True,
            )
            try:
                filled = await self._model.fill(request, Verdict)
            except ModelError as error:
                failure = f"the judge model failed: {type(error).__name__}"
                continue
            samples.append(filled.value)
            answered = filled.model
        known = {criterion.id: criterion for criterion in criteria}
        opinions = {
            criterion_id: opinion
            for criterion_id in known
            if (opinion := _opinion(known[criterion_id], samples, own)) is not None
        }
        if samples and len(opinions) < len(known):
            failure = failure or "the judge model left criteria out"
        missing = len(opinions) < len(known)
        return Judged(opinions, answered or self._model.name, ref, failure if missing else "", asked=frozenset(known))

    def _passage(self, criterion: Criterion) -> str:
        if self._corpus is None or not self.manner.with_passages:
            return ""
        return self._corpus.passage(criterion.cites).text


def _answers(turns: Sequence[Turn], question_id: str) -> list[dict[str, str]]:
    """The talk on the question: what was asked and what was answered; words that are no answer are left out."""
    said = []
    for turn in turns:
        if turn.question_id != question_id:
            continue
        text = turn.answer_text().strip() if turn.speaker is Speaker.CANDIDATE else turn.text
        if text:
            said.append({"speaker": str(turn.speaker), "text": text})
    return said


def _opinion(criterion: Wanted, samples: Sequence[Verdict], own: Sequence[Turn]) -> JudgeOpinion | None:
    """The majority of the grounded verdicts; None where no sample spoke of the criterion."""
    states: list[VerdictState] = []
    kept: dict[VerdictState, tuple[str, str]] = {}
    ungrounded: list[VerdictState] = []
    for verdict in samples:
        spoken = next((each for each in reversed(verdict.criteria) if each.criterion_id == criterion.id), None)
        if spoken is None:
            continue
        state = VerdictState(spoken.state)
        if state is VerdictState.PARTLY and not criterion.partly_when:
            state = VerdictState.ABSENT
        if state is not VerdictState.ABSENT and ground(spoken.evidence, own) is None:
            ungrounded.append(state)
            kept.setdefault(state, (spoken.evidence, spoken.reason))
            continue
        states.append(state)
        kept.setdefault(state, (spoken.evidence, spoken.reason))
    if not states and not ungrounded:
        return None
    # Samples that saw something and could not quote it are votes as well: they must not turn into "absent".
    if len(ungrounded) >= max(Counter(states).values(), default=0):
        state = Counter(ungrounded).most_common(1)[0][0]
        return JudgeOpinion("model", state, None, *kept[state], grounded=False)
    state = Counter(states).most_common(1)[0][0]
    quote, reason = kept[state]
    shown = sum(1 for each in states if each is VerdictState.SHOWN)
    return JudgeOpinion(
        "model",
        state,
        round(shown / len(states), 3),
        quote if state is not VerdictState.ABSENT else "",
        reason,
        grounded=state is not VerdictState.ABSENT,
    )
