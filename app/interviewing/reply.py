"""Writes the interviewer's reply to a stored turn: listens, lets the director decide, asks a model for a bridge or quotes.

No database here. What it returns is stored by `conduct`.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from app.domain.interview import Interview, PlannedQuestion
from app.domain.resume import Resume
from app.domain.sentences import content_stems, sentences, words
from app.domain.transcript import Generation, Mark, Move, MoveKind, SpanKind, Speaker, Turn, Usage
from app.interviewing.bridge import MAX_SPOKEN_WORDS, SHORTEST_BRIDGE_WORDS, Refusal, excerpt, refusal
from app.interviewing.briefing import Block, Window, compose
from app.interviewing.consistency import clash
from app.interviewing.director.choosing import Choose, worth_most
from app.interviewing.director.next_move import next_move
from app.interviewing.director.script import Replies, Script
from app.interviewing.ear import Ear, Heard, has
from app.interviewing.fact_sheet import asked_for, requests, told
from app.interviewing.own_questions import questions
from app.interviewing.phrases.about_the_turn import NOT_GIVEN
from app.interviewing.phrases.candidate_questions import REST_LATER, REST_UNKNOWN
from app.interviewing.phrases.follow_ups import BACK
from app.interviewing.quoting import brought_back, said_back
from app.interviewing.rarity import Rarity, rarity_in
from app.interviewing.reasons import NEAR_AT
from app.interviewing.rounds.catalog import rules_of
from app.interviewing.state import ANSWERED, asks_in_doubt, converse, current_question, taken_up
from app.interviewing.subject import Subject, subject_for, talked_through
from app.llm.model import (
    ChatModel,
    Completion,
    Delta,
    Message,
    ModelError,
    ModelTimeout,
    ModelTruncated,
    PromptRef,
    Request,
    Role,
    Sampling,
)
from app.material.corpus import Corpus
from app.material.overlays import Company
from app.prompting.fence import fence
from app.prompting.library import Library

SAY_BACK = "interviewer/say-back"
MOST_REPLIES = 2
"""To the questions of one turn: each takes a quarter of a minute to say."""
DRILL_INTRODUCTION = "Welcome back. This is a short drill: I'm only after points that stayed open before."
YOUR_TURN = "At the end it's your turn to ask."
"""Said at the beginning where the plan has a round for it."""
_GOES_ON = frozenset({MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.PRESS})
"""Moves whose words may be about the last answer; they are where what they ask for lies near to it."""
_WHOLE = re.compile(r"[A-Za-z)\d][A-Za-z)][.!]\s*$|\d[.!]\s+$")
"""The end of a sentence. After a digit the point may be a decimal one: only white space after it tells."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How long to wait for a model, and how much of the transcript it sees."""

    bridge_deadline_s: float = 3.5
    """After it the written words are spoken alone."""
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply ready to be stored."""

    move: Move
    text: str
    marks: tuple[Mark, ...]
    generation: Generation
    passages: tuple[str, ...]


Say = Callable[[str], None]
"""Gets each released piece of text, in order; their concatenation is the reply's text."""


class ReplyWriter:
    """One for the process; has no state of any interview."""

    def __init__(
        self,
        corpus: Corpus,
        ear: Ear,
        model: ChatModel | None,
        prompts: Library,
        manner: Manner,
        now: Callable[[], datetime],
        why_not: Callable[[str], str] = lambda _: "",
        choose: Choose = worth_most,
    ) -> None:
        """Takes besides what `main` wires how the director chooses among open criteria.

        `why_not` says of a question's id why its code cannot be run now; "" where it can, or where it has none.
        """
        self._corpus = corpus
        self._ear = ear
        self._model = model
        self._prompts = prompts
        self._manner = manner
        self._now = now
        self._why_not = why_not
        self._choose = choose
        self._stems: dict[str, frozenset[str]] = {}

    def opening(self, interview: Interview, callback: str = "") -> Reply:
        """The interviewer's first words: never a model's, so that nobody waits for them. The introduction ends with `callback`."""
        state = converse(interview, (), self._now(), subject_of=self._subject_of(interview))
        script = self._script(interview)
        script = replace(script, introduction=f"{script.introduction} {callback}".strip())
        move = self._with_editor(interview, next_move(state, script))
        return Reply(move, move.spoken, (), Generation("written", "not-asked"), self._passages(move))

    async def reply(
        self, interview: Interview, turns: Sequence[Turn], say: Say, *, resume: Resume | None = None
    ) -> Reply:
        """The reply to the last of `turns`, a candidate's; its sentences go to `say` as they are released.

        `resume` is what the answers are held against; None where there is none.
        """
        began = time.monotonic()
        move, heard = await self._decide(interview, turns, resume)
        bridge, generation = "", Generation("written", "not-asked")
        if move.bridge:
            about = self._about(turns[-1].question_id)
            if self._model is not None:
                bridge, generation = await self._bridge(self._model, move, turns, about, began)
            bridge = bridge or self._by_code(move, turns, about, heard.nearness or {})
        pieces = ([bridge + " "] if bridge else []) + _by_sentence(move.spoken)
        for index, piece in enumerate(pieces):
            if index == 0:
                generation = replace(generation, first_sentence_ms=int((time.monotonic() - began) * 1000))
            say(piece)
        passages = tuple(dict.fromkeys((*self._passages(move), *heard.passages)))
        return Reply(move, "".join(pieces), heard.marks, generation, passages)

    async def warm(self) -> None:
        """Counts the corpus's words, and lets the model read what every bridge begins with."""
        await asyncio.to_thread(lambda: self._rarity)
        if self._model is not None:
            await self._model.warm([Message(block.role, block.content) for block in self._rules()])

    # --- deciding -----------------------------------------------------------------------------------------------------

    async def _decide(self, interview: Interview, turns: Sequence[Turn], resume: Resume | None) -> tuple[Move, Heard]:
        subject_of = self._subject_of(interview)
        here = current_question(interview, turns)
        heard, replies = Heard(), Replies()
        last = turns[-1]
        answered = any(span.kind in ANSWERED for span in last.spans)
        if here is not None:
            round_slug, planned = here
            subject = subject_of(planned)
            if answered or last.outcome is not None or any(has(turn, SpanKind.ANSWER) for turn in turns):
                heard = await self._ear.hear(interview, subject, turns)
            replies = await self._replies(interview, subject, round_slug, turns)
        now, clashing = self._now(), clash(turns, resume, here[1].claim if here else None, taken_up(turns))

        def decided() -> Move:
            state = converse(
                interview,
                turns,
                now,
                subject_of=subject_of,
                marks=heard.marks,
                seen_misconceptions=heard.misconceptions,
                nearness=heard.nearness,
                clash=clashing,
            )
            return next_move(state, self._script(interview), replies, choose=self._choose)

        move = decided()
        if here is not None and answered and asks_in_doubt(move, heard.marks):
            heard = await self._ear.look_again(interview, subject_of(here[1]), turns, heard)
            move = decided()
        kept = heard if answered or last.outcome is not None else Heard()
        return self._with_editor(interview, move), kept

    async def _replies(self, interview: Interview, subject: Subject, round_slug: str, turns: Sequence[Turn]) -> Replies:
        last = turns[-1]
        if rules_of(round_slug).answers_questions and has(last, SpanKind.ASK):
            company = self._corpus.companies.get(interview.company)
            if company is None:
                return Replies()
            return await self._of_company(company, questions(last))
        if subject.facts:
            known = told(turns, subject.question_id)
            # One who speaks of asking for what they know already is not asking.
            asked = await self._ear.asked(subject, requests(last))
            wanted = {request.start for request in requests(last) if request.plain}
            facts = [each for each in asked.facts if each.start in wanted or each.id not in known]
            new = [each for each in facts if each.id not in known]
            # What is known already is hardly asked for beside something new: the question was another one, without an answer.
            unheard = asked.unheard or bool(new and len(new) < len(facts))
            telling = asked_for(known, new or facts)
            return Replies(
                clarification=asked.clarification, facts=telling, rest=NOT_GIVEN.usual if telling and unheard else ""
            )
        if has(last, SpanKind.CLARIFY):
            found = await self._ear.choose_reply(
                _words(last, SpanKind.CLARIFY), [(each.reply, each.asked_as) for each in subject.clarifications]
            )
            return Replies(clarification=found)
        return Replies()

    async def _of_company(self, company: Company, asked: Sequence[str]) -> Replies:
        """What the company says to each question of a turn, at most `MOST_REPLIES` of it, and what of the turn that leaves."""
        options = [(fact.reply, fact.asked_as) for fact in company.knows]
        found = await self._ear.choose_replies(asked, options)
        if not any(found) and len(asked) > 1:
            # Several sentences may be one question that none of them asks alone.
            found = await self._ear.choose_replies([" ".join(asked)], options)
        replies = list(dict.fromkeys(filter(None, found)))
        rest = ""
        if replies and not all(found):
            rest = REST_UNKNOWN.usual
        elif len(replies) > MOST_REPLIES:
            rest = REST_LATER.usual
        return Replies(company=" ".join(replies[:MOST_REPLIES]), rest=rest, does_not_know=company.does_not_know)

    def _subject_of(self, interview: Interview) -> Callable[[PlannedQuestion], Subject]:
        def subject_of(planned: PlannedQuestion) -> Subject:
            subject = subject_for(self._corpus, interview, planned)
            why_not = self._why_not(subject.question_id) if subject.editor else ""
            return talked_through(subject, why_not) if why_not else subject

        return subject_of

    def _with_editor(self, interview: Interview, move: Move) -> Move:
        """The move with what a client needs to know of the editor, and a report of whether code could be run."""
        planned = interview.plan.question(move.question_id)
        if planned is None or move.question_id not in self._corpus.problems:
            return move
        subject = self._subject_of(interview)(planned)
        return replace(move, editor=subject.editor, without_tests=subject.without_tests)

    def _script(self, interview: Interview) -> Script:
        company = self._corpus.companies.get(interview.company) or self._corpus.companies["neutral"]
        introduction = DRILL_INTRODUCTION if interview.drill else company.persona.introduction
        begun = [planned.round for planned in interview.plan.rounds if planned.questions]
        if any(rules_of(slug).answers_questions for slug in begun[1:]):
            introduction = f"{introduction} {YOUR_TURN}"
        return Script(introduction=introduction, subjects=_Subjects(self._subject_of(interview), interview))

    def _passages(self, move: Move) -> tuple[str, ...]:
        if not move.question_id:
            return ()
        rubric = self._corpus.rubric(move.question_id)
        wanted = [entry for entry in rubric.criteria if entry.criterion.id == move.criterion_id]
        if not wanted:
            wanted = [
                entry
                for entry in rubric.criteria
                if entry.part_id == move.part_id and entry.criterion.asked_by == "ask"
            ]
        return tuple(dict.fromkeys(entry.criterion.cites for entry in wanted))

    # --- bridging -----------------------------------------------------------------------------------------------------

    def _about(self, question_id: str) -> frozenset[str]:
        """Stems of all words that belong to a question's subject: what is said with none of them leads away from it."""
        if question_id not in self._stems:
            entries = self._corpus.rubric(question_id).criteria
            texts = (
                text
                for each in entries
                for text in (
                    each.criterion.says,
                    each.criterion.probe,
                    *each.criterion.shown_by,
                    *each.criterion.accepts,
                )
            )
            topics = " ".join(self._corpus.entry(question_id).topics).replace("-", " ")
            self._stems[question_id] = frozenset(stem for text in (topics, *texts) for stem in content_stems(text))
        return self._stems[question_id]

    def _by_code(self, move: Move, turns: Sequence[Turn], about: frozenset[str], nearness: Mapping[str, float]) -> str:
        """The sentence that quotes the answer, or leads back from it."""
        before, rarity, own = _spoken(turns), self._rarity.of, rules_of(move.round).own_story
        led_back = any(way in move.spoken for way in BACK.ways)
        return said_back(
            turns[-1],
            about=about,
            rarity=rarity,
            written=move.spoken,
            before=before,
            shown=_shown(turns),
            own_story=own,
            leads_on=move.kind in _GOES_ON and nearness.get(move.criterion_id, 0.0) >= NEAR_AT,
        ) or (
            ""
            if own or led_back
            else brought_back(turns[-1], about=about, rarity=rarity, written=move.spoken, before=before)
        )

    @cached_property
    def _rarity(self) -> Rarity:
        return rarity_in(self._corpus)

    def _rules(self) -> list[Block]:
        rendered = self._prompts.get(SAY_BACK).render(said="-")
        return [Block(message.role, message.content) for message in rendered[:-1]]

    async def _bridge(
        self, model: ChatModel, move: Move, turns: Sequence[Turn], about: frozenset[str], began: float
    ) -> tuple[str, Generation]:
        said = excerpt(turns[-1], about)
        if not said:
            return "", Generation("written", "not-asked")
        if len(words(move.spoken)) > MAX_SPOKEN_WORDS - SHORTEST_BRIDGE_WORDS:
            return "", Generation("written", str(Refusal.TOO_LONG))
        prompt = self._prompts.get(SAY_BACK)
        rendered = prompt.render(said=said)
        last = [Block(rendered[-1].role, rendered[-1].content)]
        blocks = compose(self._rules(), turns[:-1], last, self._manner.window, fence)
        request = Request(
            role=Role.INTERVIEWER,
            messages=tuple(Message(block.role, block.content) for block in blocks),
            sampling=Sampling(
                temperature=prompt.about.sampling.temperature,
                max_output_tokens=prompt.about.sampling.max_output_tokens,
                stop=("\n",),
            ),
            prompt=PromptRef(prompt.ref.id, prompt.ref.version, prompt.ref.hash),
            deadline_s=max(0.05, self._manner.bridge_deadline_s - (time.monotonic() - began)),
        )
        base = Generation(
            "written",
            prompt_id=prompt.ref.id,
            prompt_version=prompt.ref.version,
            prompt_hash=prompt.ref.hash,
            model_asked=model.name,
            temperature=prompt.about.sampling.temperature,
        )
        try:
            async with asyncio.timeout(request.deadline_s):
                sentence, answered, usage = await _first_sentence(model, request)
        except (TimeoutError, ModelTimeout):
            return "", replace(base, why_written="late")
        except ModelError as error:
            return "", replace(base, why_written=f"failed: {type(error).__name__}")
        base = replace(base, model_answered=answered, usage=usage)
        why = refusal(sentence, said=said, written=move.spoken, before=_spoken(turns))
        if why is not None:
            return "", replace(base, why_written=str(why))
        return sentence, replace(base, source="model")


async def _first_sentence(model: ChatModel, request: Request) -> tuple[str, str, Usage]:
    """The first whole sentence of the model's stream, the model that answered, and what was spent if it said so."""
    text, answered, usage = "", "", Usage()
    async with aclosing(model.stream(request)) as stream:
        async for piece in stream:
            if isinstance(piece, Delta):
                text += piece.text
                if _WHOLE.search(text):
                    break
            elif isinstance(piece, Completion):
                answered, usage = piece.model, piece.usage
                if piece.finish_reason == "length":
                    raise ModelTruncated(request.sampling.max_output_tokens)
    first = sentences(text.strip())
    return (first[0].text if first else ""), answered or model.name, usage


def _by_sentence(text: str) -> list[str]:
    """Pieces that concatenate to `text`, a sentence each with the white space after it."""
    found = sentences(text)
    starts = [sentence.start for sentence in found[1:]]
    bounds = [0, *starts, len(text)]
    return [text[begin:end] for begin, end in itertools.pairwise(bounds) if end > begin]


def _spoken(turns: Sequence[Turn]) -> str:
    return "\n".join(turn.text for turn in turns if turn.speaker is Speaker.INTERVIEWER)


def _shown(turns: Sequence[Turn]) -> str:
    """Words of the tables that lie before the candidate."""
    tables = [turn.move.table for turn in turns if turn.move is not None and turn.move.table is not None]
    return " ".join(str(cell) for each in tables for row in (each.columns, *each.rows) for cell in row)


def _words(turn: Turn, kind: SpanKind) -> str:
    return " ".join(turn.text[span.start : span.end] for span in turn.spans if span.kind is kind)


class _Subjects(Mapping[str, Subject]):
    """Subjects of an interview's planned questions, made when looked up."""

    def __init__(self, subject_of: Callable[[PlannedQuestion], Subject], interview: Interview) -> None:
        self._subject_of = subject_of
        self._planned = {question.question_id: question for question in interview.plan.askable}

    def __getitem__(self, question_id: str) -> Subject:
        return self._subject_of(self._planned[question_id])

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._planned)

    def __len__(self) -> int:
        return len(self._planned)
