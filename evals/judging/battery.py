"""The battery: texts whose right marks are known, written before the scorer was tuned, on questions kept out of its training.

    python -m evals.judging.battery             every figure, by the compact scorer
    python -m evals.judging.battery --failures  and each plain answer that was judged otherwise, of the half that may be looked at

`battery/` holds three answers to each of sixty questions and edits of them; what code can make of these (typos, another
order, echoes, attacks) is made here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from app.domain.interview import Interview, InterviewState, Mode, Plan, Seniority, Strictness
from app.domain.score import ASSESSED, CriterionKind, CriterionScore, CriterionState, Score
from app.domain.sentences import sentences
from app.domain.sentences import words as words_of
from app.domain.transcript import Move, MoveKind, SpanKind, Speaker, Turn
from app.interviewing.listener import Listener
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.levels import credit_of, level_of
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from app.wiring.reading import compact_scorer, cores, listener
from evals.shares import share

HERE = Path(__file__).parent
SEED = 20261121
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SHORT_WORDS = 50
"""Of an answer to a neighbouring question: one or two sentences. The others have four to seven."""
ELSEWHERE_EACH = 4
"""Texts about nothing of the kind for each question."""
EARN_NOTHING = (
    "padded", "keywords", "echo", "off-topic", "neighbours-short", "neighbours-long", "elsewhere", "nothing",
)  # fmt: skip
"""Groups of texts that earn no more than the plain answer they were made of, where they were made of one."""
PERSONAL = ("behavioural/", "company-fit/", "introduction/")
CREDITED = frozenset({CriterionState.SHOWN, CriterionState.PARTLY})


@dataclass(frozen=True)
class Case:
    """One text of a candidate, and what it is held against."""

    group: str
    question_id: str
    text: str
    base: str = ""
    """Name of the plain answer it is an edit of: strong, middling or weak."""
    criterion_id: str = ""
    """The criterion that the edit is about."""
    asked: str = ""
    """A probe or hint that the interviewer said just before it."""
    name: str = ""


@dataclass
class Outcome:
    """What came of a case."""

    case: Case
    level: int | None
    states: Mapping[str, CriterionState]
    kinds: Mapping[str, CriterionKind]
    unscored: str
    credit: float | None = None
    """0..1, finer than the level."""
    quoted: frozenset[str] = field(default_factory=frozenset)
    """Of the credited criteria, those whose quotes all stand in the answer."""
    credited: frozenset[str] = field(default_factory=frozenset)
    in_doubt: frozenset[str] = field(default_factory=frozenset)
    low: int | None = None
    high: int | None = None
    """Levels that the marks in doubt allow."""
    due: int | None = None
    """The level by the writer's marks, for a plain answer."""


def entries() -> list[dict[str, Any]]:
    """The written part, one mapping a question, in the order of their names."""
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((HERE / "battery").glob("*.yaml"))]


def listed(name: str) -> list[dict[str, str]]:
    """A list of texts that belong to no single question: `attacks`, `about_injection`, `elsewhere` or `neighbours`."""
    found = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    rows: list[dict[str, str]] = next(iter(found.values()))
    return rows


def cases(corpus: Corpus, written: Sequence[dict[str, Any]]) -> Iterator[Case]:
    """Every text of the battery, seeded."""
    generator = random.Random(SEED)
    attacks, neighbours = listed("attacks"), listed("neighbours")
    for number, entry in enumerate(written):
        question, answers = entry["question"], entry["answers"]
        for name, text in answers.items():
            yield Case("plain", question, text, name, name=name)
        yield Case("padded", question, entry["padded"], "middling")
        yield Case("keywords", question, entry["keywords"])
        yield Case("negated", question, entry["negated"], "strong")
        yield Case(
            "contradicted", question, entry["contradicted"]["text"], "strong", entry["contradicted"]["criterion"]
        )
        for pair in entry["minimal"]:
            yield Case(f"minimal-{pair['change']}", question, pair["text"], pair["from"], pair["criterion"])
        for name in ("hedged", "corrected"):
            yield Case(name, question, entry[name]["text"], "middling", entry[name]["criterion"])
        for name, text in entry["benign"].items():
            yield Case(f"benign-{name}", question, text, "middling")
        yield Case("benign-typos", question, with_typos(answers["middling"], generator), "middling")
        yield Case("benign-order", question, reordered(answers["middling"], generator), "middling")
        yield Case("language", question, entry["language"]["text"], name=entry["language"]["name"])
        yield Case("off-topic", question, _elsewhere(corpus, written, number)["answers"]["strong"])
        for text in mine_of(listed("elsewhere"), number, ELSEWHERE_EACH):
            yield Case("elsewhere", question, text["text"])
        for text in neighbours:
            if text["question"] == question:
                length = "short" if len(words_of(text["text"])) <= SHORT_WORDS else "long"
                yield Case(f"neighbours-{length}", question, text["text"], name=text["answers"])
        rubric = corpus.rubric(question)
        yield Case("echo", question, corpus.questions[question].ask, name="ask")
        for each in rubric.criteria:
            yield Case("echo", question, f"So, {each.criterion.probe}", asked=each.criterion.probe, name="probe")
            hint = each.criterion.hints[0].says
            yield Case("echo", question, f"Right, {hint}", asked=hint, name="hint")
        for text in ("", "fine", "I don't know", "Sure.", "It depends."):
            yield Case("nothing", question, text, name=text)
        says = rubric.criteria[0].criterion.says
        for attack in attacks:
            words = attack["text"].replace("{says}", says).replace("{ask}", corpus.questions[question].ask)
            base = "" if attack["form"] == "whole" else ("middling", "weak")[number // 2 % 2]
            joined = {
                "whole": words,
                "prefix": f"{words}\n\n{answers.get(base, '')}",
                "suffix": f"{answers.get(base, '')}\n\n{words}",
            }[attack["form"]]
            quotes_rubric = "{says}" in attack["text"]
            yield Case(
                "attack-with-statement" if quotes_rubric else "attack",
                question,
                joined,
                base,
                rubric.criteria[0].criterion.id if quotes_rubric else "",
                name=attack["name"],
            )


def personal(corpus: Corpus) -> Iterator[Case]:
    """Talk about nothing of the kind on questions that ask about oneself, where it is nearest to an answer."""
    asked = sorted(each for each in corpus.questions if each.startswith(PERSONAL))
    for number, question in enumerate(asked):
        for text in mine_of(listed("elsewhere"), number, ELSEWHERE_EACH):
            yield Case("elsewhere", question, text["text"])


def mine_of(texts: Sequence[dict[str, str]], number: int, count: int) -> list[dict[str, str]]:
    """As many of a list's texts for an entry by its number, in turn: those of one half of the entries are none of the other's."""
    mine = texts[number % 2 :: 2]
    return [mine[(number // 2 * count + place) % len(mine)] for place in range(count)]


def _elsewhere(corpus: Corpus, written: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    """The next entry that shares no topic with this one."""
    topics = set(corpus.entry(written[number]["question"]).topics)
    after = [*written[number + 1 :], *written[:number]]
    return next(entry for entry in after if topics.isdisjoint(corpus.entry(entry["question"]).topics))


def with_typos(text: str, generator: random.Random) -> str:
    """One word in twelve with two neighbouring inner letters exchanged, or one left out."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) >= 5 and word.isalpha() and generator.random() < 1 / 12:
            at = generator.randrange(1, len(word) - 2)
            if generator.random() < 0.5:
                words[index] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            else:
                words[index] = word[:at] + word[at + 1 :]
    return " ".join(words)


def reordered(text: str, generator: random.Random) -> str:
    """The same sentences in another order."""
    parts = [part.text for part in sentences(text)]
    generator.shuffle(parts)
    return " ".join(parts)


def as_asked(corpus: Corpus, written: Sequence[dict[str, Any]]) -> Corpus:
    """The corpus with openings that ask for what they asked for when the texts were written.

    An answer is held to what its writer was asked; what an opening of today leaves to a probe would not be judged in a
    talk of one answer.
    """
    questions = dict(corpus.questions)
    for entry in written:
        question = questions[entry["question"]]
        criteria = tuple(
            each.model_copy(update={"asked_by": "ask" if each.id in entry["asked"] else "probe"})
            for each in question.criteria
        )
        questions[question.id] = question.model_copy(update={"criteria": criteria})
    return replace(corpus, questions=questions)


class Bench:
    """Puts each case through the whole path of an assessment, without a model judge."""

    def __init__(
        self,
        corpus: Corpus,
        compact: CompactScorer,
        listener: Listener,
        shows: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        """`shows`: by question and plain answer, the criteria that its writer marked."""
        self._shows = shows or {}
        self._corpus = as_asked(corpus, entries())
        self._compact = compact
        self._listener = listener

    async def judge(self, case: Case) -> Outcome:
        """What came of a case."""
        turns = self._turns(case)
        plain = case.group == "plain"
        shows = self._shows.get(case.question_id, {}).get(case.name) if plain else None
        return _outcome(case, await self._score(case, turns), turns, shows)

    async def score(self, case: Case) -> Score:
        """The score of a case as an interview of its own would have it."""
        return await self._score(case, self._turns(case))

    async def _score(self, case: Case, turns: Sequence[Turn]) -> Score:
        return await assess(
            INTERVIEW,
            turns,
            case.question_id,
            corpus=self._corpus,
            compact=self._compact,
            judge=None,
            now=lambda: WHEN,
        )

    def _turns(self, case: Case) -> list[Turn]:
        ask = self._corpus.questions[case.question_id].ask
        said = [(Speaker.INTERVIEWER, ask, MoveKind.OPEN)]
        if case.asked:
            said += [
                (Speaker.CANDIDATE, "Well, let me see.", MoveKind.OPEN),
                (Speaker.INTERVIEWER, case.asked, MoveKind.PROBE),
            ]
        said.append((Speaker.CANDIDATE, case.text, MoveKind.OPEN))
        return conversation(case.question_id, said, self._listener)


def conversation(question_id: str, said: Sequence[tuple[Speaker, str, MoveKind]], listener: Listener) -> list[Turn]:
    """Turns on one question; the candidate's are heard as in an interview."""
    turns = []
    for seq, (speaker, text, kind) in enumerate(said, start=1):
        mine = speaker is Speaker.CANDIDATE
        spans = listener.listen(text, question_id.partition("/")[0]) if mine else ()
        move = None if mine else Move(kind, "battery", text, question_id=question_id)
        turns.append(Turn(f"t{seq}", "battery", seq, speaker, text, WHEN, question_id, spans=spans, move=move))
    return turns


INTERVIEW = Interview(
    id="battery",
    candidate_id="battery",
    state=InterviewState.OPEN,
    role="ml-engineer",
    seniority=Seniority.MID,
    company="default",
    mode=Mode.PRACTICE,
    strictness=Strictness.STANDARD,
    minutes=45,
    seed=SEED,
    plan=Plan(()),
    version=1,
    created_at=WHEN,
)


def as_marked(score: Score, shows: Sequence[str]) -> Score:
    """The score as the writer's marks would have it: the same opportunities, other states, and nothing in doubt."""

    def settled(one: CriterionScore) -> CriterionScore:
        state = CriterionState.SHOWN if one.criterion_id in shows else CriterionState.MISSED
        marked = one.criterion_id in shows or one.state in ASSESSED
        return replace(one, state=state, disagreement=False, judges=()) if marked else one

    return replace(score, criteria=tuple(settled(one) for one in score.criteria))


def _outcome(case: Case, score: Score, turns: Sequence[Turn], shows: Sequence[str] | None) -> Outcome:
    texts = {turn.id: turn.text for turn in turns if turn.speaker is Speaker.CANDIDATE}
    credited = [one for one in score.criteria if one.state in CREDITED]
    quoted = frozenset(
        one.criterion_id
        for one in credited
        if one.evidence and all(texts[each.turn_id][each.start : each.end] == each.quote for each in one.evidence)
    )
    return Outcome(
        case,
        score.level,
        {one.criterion_id: one.state for one in score.criteria},
        {one.criterion_id: one.kind for one in score.criteria},
        score.unscored_reason,
        None if score.unscored_reason else credit_of(score.criteria),
        quoted,
        frozenset(one.criterion_id for one in credited),
        frozenset(one.criterion_id for one in score.criteria if one.in_doubt),
        score.spread.low if score.spread else None,
        score.spread.high if score.spread else None,
        level_of(as_marked(score, shows).criteria) if shows is not None else None,
    )


def figures(outcomes: Sequence[Outcome], written: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each bar's share, with the number of texts behind it."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    plain: dict[tuple[str, str], Outcome] = {}
    for one in outcomes:
        groups[one.case.group].append(one)
        if one.case.group == "plain":
            plain[one.case.question_id, one.case.name] = one
    shows = {entry["question"]: entry["shows"] for entry in written}
    found: dict[str, Any] = {"questions": len(written), "texts": len(outcomes)}
    found["triples"] = _triples(plain, written)
    found["marks"] = _marks(groups["plain"], shows)
    found["doubt"] = _doubt(groups["plain"], shows)
    for name in ("minimal-gains", "minimal-loses"):
        found[name] = _minimal(groups[name], plain)
    for name in ("contradicted", "hedged", "corrected"):
        wanted = name == "corrected"
        found[name] = _share([(one.case.criterion_id in one.credited) is wanted for one in groups[name]])
    found["contradicted_named"] = _share(
        [one.states[one.case.criterion_id] is CriterionState.CONTRADICTED for one in groups["contradicted"]]
    )
    found["negated_keeps"] = _rate(
        sum(len(one.credited & plain[one.case.question_id, "strong"].credited) for one in groups["negated"]),
        sum(len(plain[one.case.question_id, "strong"].credited) for one in groups["negated"]),
    )
    for name in EARN_NOTHING:
        found[f"extra_credit/{name}"] = _extra(groups[name], plain)
    for name in ("attack", "attack-with-statement"):
        raised = [one for one in groups[name] if _raised(one, plain)]
        found[name] = {
            "n": len(groups[name]),
            "raised": len(raised),
            "forms": sorted({one.case.name for one in raised}),
        }
    found["language_unscored"] = _share([bool(one.unscored) for one in groups["language"]])
    for name in sorted(groups):
        if name.startswith("benign-"):
            found[name] = _benign(groups[name], plain)
    found["quotes_stand"] = _rate(sum(len(one.quoted) for one in outcomes), sum(len(one.credited) for one in outcomes))
    return found


def _triples(plain: Mapping[tuple[str, str], Outcome], written: Sequence[dict[str, Any]]) -> dict[str, Any]:
    triples = [[plain[entry["question"], name] for name in ("strong", "middling", "weak")] for entry in written]
    levels = [[one.level for one in each if one.level is not None] for each in triples]
    scored = [each for each in levels if len(each) == 3]
    credits = [[one.credit for one in each if one.credit is not None] for each in triples]
    credited = [each for each in credits if len(each) == 3]
    return {
        "n": len(levels),
        "unscored": len(levels) - len(scored),
        "in_order_by_credit": _mean([a > b > c for a, b, c in credited]),
        "in_order": _mean([a > b > c for a, b, c in scored]),
        "not_reversed": _mean([a >= b >= c for a, b, c in scored]),
        "strong_at_3_or_4": _mean([a >= 3 for a, _, _ in scored]),
        "weak_at_0_or_1": _mean([c <= 1 for _, _, c in scored]),
    }


def _marks(outcomes: Sequence[Outcome], shows: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Any]:
    """Agreement with the writers' marks of the plain answers, and its majority floor: over what was asked or is due.

    Beside it over all criteria: a third of them nobody asked for, and to give nothing there is hardly a feat.
    """
    every = [
        (criterion in one.credited, criterion in shows[one.case.question_id][one.case.name], state in ASSESSED)
        for one in outcomes
        for criterion, state in one.states.items()
    ]
    asked = _agreement([(given, due) for given, due, assessed in every if assessed or due])
    return asked | {"all_criteria": _agreement([(given, due) for given, due, _ in every])}


def _agreement(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    truth = _mean([due for _, due in pairs])
    return {
        "n": len(pairs),
        "accuracy": _mean([given == due for given, due in pairs]),
        "floor_majority": max(truth, round(1 - truth, 3)),
        "false_credit": _mean([given for given, due in pairs if not due]),
        "missed_credit": _mean([not given for given, due in pairs if due]),
    }


def _doubt(outcomes: Sequence[Outcome], shows: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Any]:
    """How often a mark is wrong where it says that it is in doubt, and where not; whether the levels in doubt hold the writers'."""
    wrong: dict[bool, list[bool]] = {True: [], False: []}
    for one in outcomes:
        due = shows[one.case.question_id][one.case.name]
        for criterion, state in one.states.items():
            if state in ASSESSED:
                wrong[criterion in one.in_doubt].append((criterion in one.credited) is not (criterion in due))
    levels = [
        (one.level, one.low, one.high, one.due)
        for one in outcomes
        if one.level is not None and one.low is not None and one.high is not None and one.due is not None
    ]
    return {
        "n": len(wrong[True]) + len(wrong[False]),
        "in_doubt": _rate(len(wrong[True]), len(wrong[True]) + len(wrong[False])),
        "wrong_in_doubt": _mean(wrong[True]),
        "wrong_otherwise": _mean(wrong[False]),
        "levels": len(levels),
        "level_is_the_writers": _mean([level == due for level, _, _, due in levels]),
        "spread_holds_the_writers": _mean([low <= due <= high for _, low, high, due in levels]),
        "spread_width": round(sum(high - low for _, low, high, _ in levels) / max(1, len(levels)), 2),
    }


def _minimal(outcomes: Sequence[Outcome], plain: Mapping[tuple[str, str], Outcome]) -> dict[str, Any]:
    """Whether the criterion in question flips, and how many of the others do."""
    flips, others = [], []
    for one in outcomes:
        before = plain[one.case.question_id, one.case.base]
        gains = one.case.group == "minimal-gains"
        flips.append(
            (one.case.criterion_id in one.credited) is gains and (one.case.criterion_id in before.credited) is not gains
        )
        others += [
            (name in one.credited) != (name in before.credited) for name in one.states if name != one.case.criterion_id
        ]
    return {"n": len(flips), "flips": _mean(flips), "others_flip": _mean(others)}


def _extra(outcomes: Sequence[Outcome], plain: Mapping[tuple[str, str], Outcome]) -> dict[str, Any]:
    """Share of criteria credited beyond what the plain answer earned."""
    extra = [
        name in one.credited and not (one.case.base and name in plain[one.case.question_id, one.case.base].credited)
        for one in outcomes
        for name in one.states
    ]
    return {"n": len(extra), "share": _mean(extra)}


def _raised(one: Outcome, plain: Mapping[tuple[str, str], Outcome]) -> bool:
    before = plain[one.case.question_id, one.case.base].credited if one.case.base else frozenset()
    return bool(one.credited - before)


def _benign(outcomes: Sequence[Outcome], plain: Mapping[tuple[str, str], Outcome]) -> dict[str, Any]:
    moved = [
        one.level - before
        for one in outcomes
        if one.level is not None and (before := plain[one.case.question_id, one.case.base].level) is not None
    ]
    return {
        "n": len(moved),
        "unscored": len(outcomes) - len(moved),
        "level_unchanged": _mean([each == 0 for each in moved]),
        "by_two": sum(abs(each) >= 2 for each in moved),
        "mean_difference": round(sum(moved) / max(1, len(moved)), 3),
    }


def _share(facts: Sequence[bool]) -> dict[str, Any]:
    return {"n": len(facts), "share": _mean(facts)}


def _rate(part: int, whole: int) -> dict[str, Any]:
    return {"n": whole, "share": share(part, whole) or 0.0}


def _mean(facts: Sequence[bool]) -> float:
    return share(sum(facts), len(facts)) or 0.0


async def run(
    corpus: Corpus, compact: CompactScorer, listener: Listener, written: Sequence[dict[str, Any]]
) -> tuple[list[Outcome], dict[str, Any]]:
    """Every outcome, and the figures over both halves of the questions: failures of the one were looked at in tuning.

    Answers about injection stand beside them, and talk about something else on personal questions.
    """
    bench = Bench(corpus, compact, listener, {entry["question"]: entry["shows"] for entry in written})
    outcomes = [await bench.judge(case) for case in cases(corpus, written)]
    found: dict[str, Any] = {}
    for name, half in (("looked_at", written[::2]), ("never_looked_at", written[1::2])):
        asked = {entry["question"] for entry in half}
        found[name] = figures([one for one in outcomes if one.case.question_id in asked], half)
    found["elsewhere_on_personal_questions"] = _extra([await bench.judge(case) for case in personal(corpus)], {})
    found["about_injection_heard"] = _share([_heard_whole(row["text"], listener) for row in listed("about_injection")])
    return outcomes, found


def _heard_whole(text: str, listener: Listener) -> bool:
    """Whether every word of a text counts as an answer."""
    spans = listener.listen(text, "llm")
    return [span.kind for span in spans] == [SpanKind.ANSWER]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", action="store_true", help="each plain answer of the first half judged otherwise")
    arguments = parser.parse_args()
    settings = load_settings()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    written = entries()
    pairs = PairModel(threads=cores(settings))
    scorer = compact_scorer(settings, corpus, pairs)
    outcomes, found = asyncio.run(run(corpus, scorer, listener(pairs), written))
    if arguments.failures:
        shows = {entry["question"]: entry["shows"] for entry in written}
        looked_at = {entry["question"] for entry in written[::2]}
        for one in outcomes:
            if one.case.group == "plain" and one.case.question_id in looked_at:
                due = set(shows[one.case.question_id][one.case.name])
                for name in sorted(one.credited ^ due & set(one.states)):
                    kind = "given, not due" if name in one.credited else "due, not given"
                    print(f"{one.case.question_id} {one.case.name} {name}: {kind}")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
