"""The sins of an interviewer, each found by code that the interviewer does not use. Pure: a talk in, findings out.

Each detector is held to planted sins and to clean exchanges in the tests. A finding says where and why, for a person to read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.interviewer.ground import Ground, plainly, sentences, unquoted
from evals.interviewer.likeness import alike, roots, words
from evals.interviewer.record import AIMED, FOLLOW_UPS, QUESTIONS, Line, Sitting

MOST_WORDS = 35
TELLS_AT = 0.55
"""Weighted share of what would tell a criterion, from which words tell it."""
TELLS_ROOTS = 3
SAME_AT = 0.9
SAME_SENTENCE_WORDS = 4
"""From which two people who say the same sentence have given the same answer there."""
QUOTES_AT = 0.72
"""Likeness of a sentence to one that earns the criterion, from which it is that sentence."""
TAKEN_UP = 4.0
"""What the shared roots must be worth together. The interviewer's own rule for what it quotes has the same line over the same weights."""
LEFT_S = 60.0
USED_AT_LEAST = 2 / 3
NOT_AN_ANSWER = frozenset({"repeat", "clarify", "hint", "end", "instruction", "noise", "ask", "beside"})

_PRAISE = re.compile(
    r"(?:^|[.!]\s+|,\s*)(?:(?:very|really|that's|that is|this is|what|you're|you are|yes,?|a|an|absolutely|quite)\s+)*"
    r"(?:great|excellent|perfect|(?<!what )exactly(?! *\?)|correct|brilliant|wonderful|fantastic|impressive|superb|spot on|well done|"
    r"good (?:answer|point|job|work|thinking|one)|nicely (?:done|put)|right(?=[.!,]))",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"^(?:and |then |so |now |please )*(?:tell|explain|give|take|walk|describe|show|name|say|suppose|imagine|pick|choose|go|"
    r"think|look|compare|start|begin|draw|write|put|let|be|assume|convince|talk|lay|leave|ask|help|send|work|point|stay|"
    r"defend|argue|sketch|list|try|use|design|lead|consider|stop|find|set|make|keep|come|call|don't|do)\b",
    re.IGNORECASE,
)
_TWO = re.compile(
    r"\b(?:what|how|why|when|where|which|who|is|are|do|does|did|can|would|will)\b[^?,;]*[,;]?\s+(?:and|or)\s+(?:also\s+|then\s+)?"
    r"(?:(?:in|on|by|for|with|from|to|at|under|against|of)\s+)?(?:what|how|when|where|which|who)\b(?=(?:\W+\w+){2})",
    re.IGNORECASE,
)
_ASKING = re.compile(r"\bI(?:['’]d| would)(?: \w+){0,2} (?:ask|want to know|like to know)\b", re.IGNORECASE)
"""Asks without a question mark."""
_SAYING = roots(
    "you said put heard noted brought mention word words moment back start starting stay take up about call "
    "name named spoke caught pick picking follow lead leads leave away aside question asked met set story point wait mind"
)
"""What an interviewer says around somebody's words: no statement about them."""
TOLD_AT = 0.6
"""Share of a fact's roots from which a stage's own words tell it, where they have its figures too."""
_FIGURES = roots(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half third quarter"
)
_FRAME = re.compile(r"^[^\"“…:]{3,60}?(?=[\"“:])")


@dataclass(frozen=True, slots=True)
class Finding:
    """A sin, and where."""

    sin: str
    at: int
    """Place of the line in the talk."""
    why: str


Detector = Callable[[Sitting, Ground], Iterator[Finding]]


def asks(line: Line | None) -> bool:
    """Whether the candidate asked something in that turn."""
    return line is not None and any(
        each.what in {"clarify", "ask"} or "?" in each.text or _ASKING.search(each.text) for each in line.said
    )


# --- what is given away ---------------------------------------------------------------------------------------------


def leak(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """The interviewer's words tell what a criterion asks for that was not earned yet, here or in a question to come."""
    order = list(dict.fromkeys(line.question_id for line in sitting.lines if line.question_id))
    for at, line in sitting.spoken:
        if line.question_id not in order:
            continue
        ahead = order[order.index(line.question_id) :]
        heard = roots(" ".join(each.text for each in sitting.lines[:at] if each.by == "candidate"))
        told = _beyond_facts(line, ground)
        for question in ahead:
            known = heard | roots(ground.opening(question))
            earned = sitting.earned(question, at)
            for criterion_id, criterion in ground.criteria(question).items():
                if criterion_id in earned or criterion.evidence == "tests":
                    continue
                why = _tells(told, criterion_id, known, ground, question)
                if why:
                    yield Finding("leak", at, why)


def _tells(text: str, criterion_id: str, known: frozenset[str], ground: Ground, question: str) -> str:
    """Why a text tells a criterion; "" where it does not."""
    criterion = ground.criteria(question)[criterion_id]
    telling = ground.telling(criterion)
    for sentence in sentences(text):
        for earns in telling.texts:
            if len(words(earns)) >= 4 and alike(sentence, earns) >= QUOTES_AT and not roots(earns) <= known:
                return f"{criterion_id}: '{sentence}' is '{earns}'"
    if telling.number is not None and telling.number not in (0.0, 1.0):
        said = {root for root in roots(text) if root[0].isdigit()}
        if f"{telling.number:g}" in said and f"{telling.number:g}" not in known:
            return f"{criterion_id}: the number {telling.number:g}"
    new = {each: share for each, share in telling.roots.items() if each not in known}
    weight = {each: share * ground.rarity.of(each) for each, share in new.items() if share >= 0.5}
    found = [each for each in weight if each in roots(text)]
    total = sum(weight.values())
    if len(found) >= TELLS_ROOTS and total and sum(weight[each] for each in found) / total >= TELLS_AT:
        return f"{criterion_id}: {', '.join(sorted(found))}"
    return ""


def _beyond_facts(line: Line, ground: Ground) -> str:
    """The words without the facts that were told in them: those are the candidate's to have."""
    text = line.text
    for fact in ground.facts(line.question_id).values():
        text = text.replace(fact.reply, " ")
        if fact.if_unknown:
            text = text.replace(fact.if_unknown, " ")
    return text


def hint_unasked(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A hint to somebody who asked for none; also one that comes as something else."""
    for at, line in sitting.spoken:
        before = sitting.answer_before(at)
        asked = before is not None and any(each.what == "hint" for each in before.said)
        if asked:
            continue
        if line.move == "hint":
            yield Finding("hint-unasked", at, line.criterion_id)
            continue
        for criterion_id, criterion in ground.criteria(line.question_id).items():
            for hint in criterion.hints:
                if line.move not in QUESTIONS and any(
                    alike(each, hint.says) >= SAME_AT for each in sentences(line.text)
                ):
                    yield Finding("hint-unasked", at, f"{criterion_id}: '{hint.says}'")


# --- what was asked before -----------------------------------------------------------------------------------------


def repeat(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """A question that was put before, though the candidate answered and asked for nothing."""
    for at, line in sitting.spoken:
        before = sitting.answer_before(at)
        if before is None or asks(before) or any(each.what in NOT_AN_ANSWER for each in before.said):
            continue
        mine = _asking(line.text)
        for earlier_at, earlier in sitting.spoken:
            if earlier_at >= at:
                break
            if mine and alike(mine, _asking(earlier.text)) >= SAME_AT:
                yield Finding("repeat", at, f"as in {earlier_at}: '{mine}'")
                break


def _asking(text: str) -> str:
    """The last two sentences: what is asked for."""
    return " ".join(sentences(text)[-2:])


def asked_earned(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """A probe for a criterion that earlier words had earned; `just-said` where the very last ones did."""
    for at, line in sitting.spoken:
        if line.move != "probe":
            continue
        when = sitting.earned(line.question_id, at).get(line.criterion_id)
        if when is not None:
            yield Finding("asked-earned", at, f"{line.criterion_id} was earned in {when}")
            if when == at - 1:
                yield Finding("asked-just-said", at, line.criterion_id)


def asked_twice(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """A criterion probed twice in other words."""
    seen: set[tuple[str, str]] = set()
    for at, line in sitting.spoken:
        if line.move == "probe":
            key = line.question_id, line.criterion_id
            if key in seen:
                yield Finding("probed-twice", at, line.criterion_id)
            seen.add(key)


# --- how it is asked -----------------------------------------------------------------------------------------------


def two_questions(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """More than one question at once, as two sentences or `two-in-one`; told apart where a task is laid out.

    "And why?" after a question is a part of it.
    """
    for at, line in sitting.spoken:
        if line.move in {"reply", "clarify"}:
            continue
        asked = [each for each in sentences(unquoted(line.text)) if each.rstrip("\"'”’)").endswith("?")]
        where = "-opening" if line.move in QUESTIONS else ""
        if len(asked) > 1:
            yield Finding(f"two-questions{where}", at, " | ".join(asked))
        elif asked and _TWO.search(asked[0]):
            yield Finding(f"two-in-one{where}", at, asked[0])


def self_answered(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A question with its answer behind it in the same breath."""
    for at, line in sitting.spoken:
        found = sentences(unquoted(line.text))
        for place, sentence in enumerate(found[:-1]):
            following = found[place + 1]
            if not sentence.endswith("?") or following.endswith("?") or _IMPERATIVE.match(following):
                continue
            criteria = ground.criteria(line.question_id).values()
            answers = re.match(r"(?:it|that|this|because|yes|no|the answer|since|so)\b", following, re.IGNORECASE)
            tells = any(
                ground.rarity.share(roots(each.says), roots(following)) >= TELLS_AT and len(roots(following)) >= 3
                for each in criteria
            )
            if answers or tells:
                yield Finding("self-answered", at, f"{sentence} {following}")


def too_long(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """A follow-up of more than 35 words."""
    for at, line in sitting.spoken:
        if line.move in FOLLOW_UPS and len(words(line.text)) > MOST_WORDS:
            yield Finding("too-long", at, f"{len(words(line.text))} words")


def stock_phrase(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A sentence of the interviewer's own, or the words before what it says back, said twice in one interview.

    A question that is said again on purpose is none, nor is a fact.
    """
    seen: Counter[str] = Counter()
    questions: set[str] = set()
    for at, line in sitting.spoken:
        facts = {plainly(text) for fact in ground.facts(line.question_id).values() for text in sentences(fact.reply)}
        mine = {plainly(each) for each in sentences(line.text)}
        mine |= {plainly(match.group()) for each in sentences(line.text) if (match := _FRAME.match(each))}
        asks_anew = line.move in QUESTIONS | FOLLOW_UPS
        for each in sorted(mine):
            if len(each.split()) < 2 or each in facts or (not asks_anew and each in questions):
                continue
            seen[each] += 1
            if seen[each] > 1:
                yield Finding("stock-phrase", at, each)
        if asks_anew:
            questions |= mine


def praise(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """Praise where nothing was earned."""
    for at, line in sitting.spoken:
        before = sitting.answer_before(at)
        if before is None or any(each.earns for each in before.said) or before.code:
            continue
        match = _PRAISE.search(unquoted(line.text))
        if match:
            yield Finding("praise-unearned", at, match.group().strip())


# --- what it stands on ---------------------------------------------------------------------------------------------


def off_aim(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A follow-up on nothing that is open, and on nothing that was claimed.

    A challenge is aimed where the misconception was held, or something wrong was said about the criterion that it spoils.
    """
    for at, line in sitting.spoken:
        if line.move not in AIMED:
            continue
        earned = sitting.earned(line.question_id, at)
        known = ground.criteria(line.question_id)
        wrong = {
            criterion
            for other in sitting.lines[:at]
            if other.by == "candidate" and other.question_id == line.question_id
            for each in other.said
            for criterion in each.wrong
        }
        match line.move:
            case "probe":
                if line.criterion_id not in known:
                    yield Finding("off-aim", at, f"no criterion '{line.criterion_id}' here")
                elif line.criterion_id in earned:
                    yield Finding("off-aim", at, f"{line.criterion_id} is not open")
            case "challenge":
                if not wrong & {line.misconception_id, ground.spoils(line.question_id, line.misconception_id)}:
                    yield Finding("off-aim", at, f"nobody held {line.misconception_id}")
            case "press":
                if line.criterion_id not in earned:
                    yield Finding("off-aim", at, f"{line.criterion_id} was never shown")


def invented(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """A statement about the candidate that neither their resume nor their words hold."""
    resume = plainly(sitting.resume)
    for at, line in sitting.spoken:
        if line.claim and plainly(line.claim) not in resume:
            yield Finding("invented-fact", at, f"no such claim: '{line.claim}'")
        if re.search(r"\byour (?:resume|cv)\b", line.text, re.IGNORECASE) and not sitting.resume:
            yield Finding("invented-fact", at, "there is no resume")
        for quoted in re.findall(r"\byour (?:resume|cv) (?:says|has|mentions)[^\"“]*[\"“]([^\"”]+)[\"”]", line.text):
            if plainly(quoted) not in resume:
                yield Finding("invented-fact", at, f"not in the resume: '{quoted}'")
        bridge = line.text[: -len(line.written)].strip() if line.written and line.text.endswith(line.written) else ""
        said = " ".join(each.text for each in sitting.lines[:at] if each.by == "candidate")
        new = roots(bridge) - roots(said) - roots(sitting.resume) - _SAYING
        if new and re.search(r"\byou(?:r|['’]\w+)?\b|“", bridge, re.IGNORECASE):
            yield Finding("invented-fact", at, f"never said: {', '.join(sorted(new))}")


def volunteered(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A fact that is held back, told to somebody who did not ask and before its stage."""
    for at, line in sitting.spoken:
        facts = ground.facts(line.question_id)
        before = sitting.answer_before(at)
        asked = asks(before)
        stuck = before is not None and any(each.what == "dont-know" for each in before.said)
        own = plainly(" ".join(each.text for each in sitting.lines[:at] if each.by == "candidate"))
        for fact in facts.values():
            if plainly(fact.reply) not in plainly(line.text) or plainly(fact.reply) in own:
                continue
            if asked or fact.volunteer_at == line.part_id or (stuck and fact.if_unknown):
                continue
            yield Finding("constraint-volunteered", at, f"{fact.id}: '{fact.reply}'")


def _told_otherwise(reply: str, text: str) -> bool:
    """Whether a stage's own words tell a fact: nearly all that it is made of is in them, and every figure."""
    wanted, told = roots(reply), roots(text)
    figures = {each for each in wanted if each[0].isdigit() or each in _FIGURES}
    return figures <= told and len(wanted & told) >= TOLD_AT * len(wanted)


def inconsistent(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A fact told otherwise than the sheet has it, or otherwise than before; and one that was asked for and kept back."""
    for at, line in sitting.spoken:
        facts = ground.facts(line.question_id)
        for fact_id, how in line.facts:
            fact = facts.get(fact_id)
            if fact is None:
                yield Finding("constraint-inconsistent", at, f"no fact '{fact_id}'")
                continue
            wanted = (fact.if_unknown or fact.reply) if how == "helped" else fact.reply
            by_the_stage = how == "volunteered" and _told_otherwise(wanted, line.text)
            if plainly(wanted) not in plainly(line.text) and not by_the_stage:
                yield Finding("constraint-inconsistent", at, f"{fact_id} is '{wanted}'")
        before = sitting.answer_before(at)
        for said in before.said if before is not None else ():
            if said.what != "clarify":
                continue
            fact = next((each for each in facts.values() if plainly(said.text) in map(plainly, each.asked_as)), None)
            if fact is not None and plainly(fact.reply) not in plainly(line.text):
                helped = fact.if_unknown and plainly(fact.if_unknown) in plainly(line.text)
                if not helped:
                    yield Finding("constraint-withheld", at, f"{fact.id} was asked for: '{said.text}'")


# --- its course ----------------------------------------------------------------------------------------------------


def abrupt(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """An end without a word of goodbye, on a question of the candidate's, or none at all."""
    last = len(sitting.lines) - 1
    if not sitting.closed:
        yield Finding("never-ended", last, sitting.failure or "still open")
        return
    if sitting.closed == "by-candidate":
        return
    line = sitting.lines[last]
    if line.by != "interviewer" or line.move != "close" or not re.search(r"\bthank", line.text, re.IGNORECASE):
        yield Finding("ended-abruptly", last, line.text)
    before = sitting.answer_before(last)
    if before is not None and any(each.what in {"clarify", "ask"} for each in before.said):
        yield Finding("ended-abruptly", last, f"on a question: '{before.text}'")


def unused(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """An interview that says goodbye by itself with more than a third of its minutes unused."""
    last = len(sitting.lines) - 1
    if sitting.closed == "finished" and last >= 0 and sitting.lines[last].at_s < sitting.minutes * 60 * USED_AT_LEAST:
        yield Finding("time-unused", last, f"{sitting.lines[last].at_s / 60:.1f} of {sitting.minutes} minutes")


def overrun(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """Another question though the interview's time, or the round's, was used up."""
    spent: defaultdict[str, float] = defaultdict(float)
    for at, line in enumerate(sitting.lines):
        if line.by == "candidate" and at:
            asked = sitting.lines[at - 1]
            spent[asked.round] += round(line.at_s - asked.at_s, 3)
            continue
        if line.move in {"close", "confirm-end"}:
            continue
        if line.at_s > sitting.minutes * 60:
            yield Finding("overrun", at, f"{line.at_s:.0f} s of {sitting.minutes * 60} s are gone")
        budget = sitting.round_budgets.get(line.round)
        if budget is not None and line.move in FOLLOW_UPS | {"ask"} and spent[line.round] > budget:
            yield Finding("overrun", at, f"{line.round}: {spent[line.round]:.0f} s of {budget:.0f} s are gone")


def must_left(sitting: Sitting, ground: Ground) -> Iterator[Finding]:
    """A question left with time for it and a must that nobody asked for, though the candidate was not stuck."""
    for at, line in sitting.spoken:
        before = sitting.answer_before(at)
        if line.move not in {"move-on", "change-round", "close"} or before is None:
            continue
        question = before.question_id
        answers = [each for each in sitting.lines[:at] if each.by == "candidate" and each.question_id == question]
        if len(answers) >= 2 and not any(said.earns for each in answers[-2:] for said in each.said):
            continue
        used = sum(
            each.at_s - sitting.lines[place - 1].at_s
            for place, each in enumerate(sitting.lines[:at])
            if each.by == "candidate" and each.question_id == question
        )
        left = min(sitting.budgets.get(question, 0.0) - used, sitting.minutes * 60 - line.at_s)
        opened = {each.part_id for _, each in sitting.spoken if each.question_id == question}
        asked = {each.criterion_id for _, each in sitting.spoken if each.question_id == question}
        earned = sitting.earned(question, at)
        part_of = {each.criterion.id: each.part_id for each in ground.corpus.rubric(question).criteria}
        for must in sitting.musts.get(question, ()):
            shown_to_it = line.marks.get(must, 0.0) >= 0.5
            if left > LEFT_S and part_of.get(must) in opened and must not in earned and must not in asked:
                what = "believed shown" if shown_to_it else "open"
                yield Finding("must-left", at, f"{must} of {question}, {what}, with {left:.0f} s left")


def unheard(sitting: Sitting, _ground: Ground) -> Iterator[Finding]:
    """An answer that was not heard as one: it is never judged."""
    for at, line in enumerate(sitting.lines):
        answered = line.by == "candidate" and any(each.earns and each.what == "answer" for each in line.said)
        if answered and not line.code and not asks(line) and "answer" not in line.heard:
            yield Finding("answer-unheard", at, f"{line.heard}: '{line.text}'")


DETECTORS: tuple[Detector, ...] = (
    leak,
    hint_unasked,
    repeat,
    asked_earned,
    asked_twice,
    two_questions,
    self_answered,
    too_long,
    stock_phrase,
    praise,
    off_aim,
    invented,
    volunteered,
    inconsistent,
    abrupt,
    unused,
    overrun,
    must_left,
    unheard,
)


def found_in(sitting: Sitting, ground: Ground) -> list[Finding]:
    """Every finding of a talk, in order; two of one kind in one turn count once."""
    findings: dict[tuple[str, int], Finding] = {}
    for detector in DETECTORS:
        for each in detector(sitting, ground):
            findings.setdefault((each.sin, each.at), each)
    return sorted(findings.values(), key=lambda each: (each.at, each.sin))


# --- how near it stays to what was said ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tie:
    """How a follow-up hangs together with the answer before it."""

    at: int
    takes_up: bool
    swappable: bool | None
    """None where nobody else answered the same."""
    asks_of_it: bool
    """Whether it is taken up by what stands outside of quotation marks, too: by what is asked, and not only by what is repeated."""
    asks_anybody: bool | None
    """Whether what stands outside of quotation marks would do after another's answer."""


def ties(sitting: Sitting, ground: Ground, others: Mapping[tuple[str, str], Sequence[tuple[str, str]]]) -> list[Tie]:
    """For each follow-up on an answer with something in it: is it taken up, and would it do after another's answer?

    Args:
        sitting: The talk.
        ground: The corpus.
        others: Answers (who, text) by question and part. One that holds a sentence of this answer word for word, as scripted
            candidates do who speak the same example with an insult or an order before it, is no different answer.
    """
    found = []
    for at, line in sitting.spoken:
        before = sitting.answer_before(at)
        if line.move not in FOLLOW_UPS or before is None or before.question_id != line.question_id:
            continue
        given = roots(ground.opening(line.question_id))
        mine = roots(before.text) - given
        if len(mine) < 3:
            continue
        rivals = [
            text
            for who, text in others.get((before.question_id, before.part_id), ())
            if who != sitting.who and len(roots(text) - given) >= 3 and not _says_the_same(before, text)
        ]
        theirs = roots(rivals[at % len(rivals)]) - given if rivals else None
        whole, beyond = (_hangs(roots(text) - given, mine, theirs, ground) for text in (line.text, unquoted(line.text)))
        found.append(Tie(at, *whole, *beyond))
    return found


def _hangs(
    asked: frozenset[str], mine: frozenset[str], theirs: frozenset[str] | None, ground: Ground
) -> tuple[bool, bool | None]:
    """Whether words take an answer up, and whether they share no more with it than with another's."""
    shared = ground.rarity.weight(mine & asked)
    return shared >= TAKEN_UP, None if theirs is None else shared <= ground.rarity.weight(asked & theirs)


def _says_the_same(line: Line, text: str) -> bool:
    """Whether another's text is this answer, or holds one of the sentences that are the answer in it."""
    if alike(text, line.text) >= SAME_AT:
        return True
    mine = [
        each
        for said in line.said
        if said.what == "answer"
        for each in sentences(said.text)
        if len(words(each)) >= SAME_SENTENCE_WORDS
    ]
    theirs = sentences(text)
    return any(alike(one, other) >= SAME_AT for one in mine for other in theirs)


def answers_by_place(sittings: Sequence[Sitting]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Answers (who, text) by question and part, over all talks."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for sitting in sittings:
        for line in sitting.lines:
            if line.by == "candidate" and any(each.what == "answer" for each in line.said):
                found.setdefault((line.question_id, line.part_id), []).append((sitting.who, line.text))
    return found
