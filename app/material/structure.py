"""Whether entries hold together: every id points somewhere, every sum comes out, nothing waits for itself.

A fault here would break an interview or a score, so `load` refuses the corpus. What is badly written is for `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from app.domain.errors import Fault
from app.material import expressions
from app.material.corpus import Asked, Corpus, parts_of
from app.material.entries import Chain, Condition, Criterion, PlayTurn, Question, Rung, Value
from app.material.expressions import ExpressionInvalid
from app.material.tasks import Analytics, Problem, Scenario

KIND = {
    "Question": "question",
    "Chain": "chain",
    "Scenario": "scenario",
    "Problem": "problem",
    "Analytics": "analytics",
}
_TEMPLATE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def faults(corpus: Corpus) -> tuple[Fault, ...]:
    """Everything that does not hold together, in the order of the files."""
    passages = {f"{note.id}#{passage.id}" for note in corpus.notes.values() for passage in note.passages}
    return tuple(fault for entry in corpus.asked() for fault in _of_entry(corpus, entry, passages))


def file_of(corpus: Corpus, entry: Asked) -> str:
    """Path of an entry's file."""
    return corpus.source(KIND[type(entry).__name__], entry.id)


def place_of(entry: Asked, criterion_id: str) -> str:
    """Key path of a criterion."""
    part = next((each.part_id for each in parts_of(entry) if each.criterion.id == criterion_id), "")
    match entry:
        case Chain():
            return f"rungs[{part}].criteria[{criterion_id}]"
        case Analytics():
            return f"questions[{part}].criteria[{criterion_id}]"
        case Problem() if part:
            return f"follow_up.criteria[{criterion_id}]"
        case _:
            return f"criteria[{criterion_id}]"


def _of_entry(corpus: Corpus, entry: Asked, passages: Collection[str]) -> Iterator[Fault]:
    file = file_of(corpus, entry)
    criteria = [each.criterion for each in parts_of(entry)]
    known = {criterion.id for criterion in criteria}
    folder = entry.id.partition("/")[0]
    if isinstance(entry, Question) and folder != entry.round:
        yield Fault(file, "round", f"the round is '{entry.round}' and the folder '{folder}'", "Make them the same")
    yield from repeated(file, "criteria", (criterion.id for criterion in criteria))
    yield from repeated(file, "misconceptions", (each.id for each in entry.misconceptions))
    for criterion in criteria:
        key = place_of(entry, criterion.id)
        yield from dangling(file, f"{key}.after", criterion.after, known, "criterion")
        yield from dangling(file, f"{key}.before", criterion.before, known, "criterion")
        yield from _cited(file, key, criterion.cites, passages, corpus.unread)
        if criterion.evidence == "order" and not criterion.before:
            yield Fault(file, f"{key}.before", "evidence: order needs to say what must not come earlier", "Add before")
        if criterion.evidence == "number" and criterion.value is None and not isinstance(entry, Analytics):
            yield Fault(file, f"{key}.value", "evidence: number needs a value", "Add value: {is: ..., tolerance: ...}")
        yield from _sums(file, key, entry, criterion)
    for misconception in entry.misconceptions:
        key = f"misconceptions[{misconception.id}]"
        yield from _cited(file, key, misconception.cites, passages, corpus.unread)
        if misconception.spoils is not None:
            yield from dangling(file, f"{key}.spoils", (misconception.spoils,), known, "criterion")
    yield from _circles(file, entry)
    if isinstance(entry, Chain):
        yield from _of_chain(file, entry, known)
    if isinstance(entry, Scenario):
        yield from _of_scenario(file, entry, known)
    if isinstance(entry, Analytics):
        yield from repeated(file, "questions", (question.id for question in entry.questions))
        for question in entry.questions:
            wanting = [each for each in question.criteria if each.evidence == "number" and each.value is None]
            if question.computed_by is None and wanting:
                says = f"nothing computes the number of '{wanting[0].id}'"
                yield Fault(
                    file,
                    f"questions[{question.id}].computed_by",
                    says,
                    "Name a computation, or give the criterion a value",
                )


def _cited(file: str, key: str, cites: str, passages: Collection[str], unread: Collection[str]) -> Iterator[Fault]:
    if cites.partition("#")[0] not in unread:
        yield from dangling(file, f"{key}.cites", (cites,), passages, "passage")


def dangling(
    file: str, key: str, wanted: Iterable[str], known: Collection[str], what: str, *, severity: str = "error"
) -> Iterator[Fault]:
    """Faults for names that are not `known`; `what` says what a name stands for."""
    for name in wanted:
        if name not in known:
            near = next(iter(get_close_matches(name, list(known), n=1, cutoff=0.8)), "")
            do = "Write it, or name one that exists"
            yield Fault(
                file,
                key,
                f"there is no {what} '{name}'",
                f"Did you mean '{near}'? {do}" if near else do,
                severity,
            )


def repeated(file: str, key: str, ids: Iterable[str]) -> Iterator[Fault]:
    """Faults for ids that stand twice."""
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            yield Fault(
                file, f"{key}[{each}].id", f"the id '{each}' stands twice in this entry", "Give one of them another"
            )
        seen.add(each)


# --- sums -------------------------------------------------------------------------------------------------------------


def _sums(file: str, key: str, entry: Asked, criterion: Criterion) -> Iterator[Fault]:
    draw: Mapping[str, tuple[float, ...]] = {}
    if isinstance(entry, Chain):
        draw = next(rung.draw for rung in entry.rungs if criterion in rung.criteria)
    if criterion.value is not None:
        yield from _sum(file, f"{key}.value", criterion.value, draw)
    if criterion.drill is not None and criterion.drill.value is not None:
        yield from _sum(file, f"{key}.drill.value", criterion.drill.value, {})


def _sum(file: str, key: str, value: Value, draw: Mapping[str, tuple[float, ...]]) -> Iterator[Fault]:
    for expression in (value.is_, *value.also):
        try:
            for drawn in expressions.combinations(draw):
                expressions.evaluate(expression, drawn)
        except ExpressionInvalid as error:
            names = f"; drawn are {', '.join(draw)}" if draw else ""
            yield Fault(file, key, str(error) + names, "Write numbers, drawn names and arithmetic only")


# --- order ------------------------------------------------------------------------------------------------------------


def _circles(file: str, entry: Asked) -> Iterator[Fault]:
    """A criterion that waits, over others or over its rung, for itself would never be asked."""
    waits = {each.criterion.id: set(each.criterion.after) for each in parts_of(entry)}
    if isinstance(entry, Chain):
        for rung in entry.rungs:
            for criterion in rung.criteria:
                waits[criterion.id] |= set(rung.after)
    done: set[str] = set()

    def walk(here: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if here in path:
            return (*path[path.index(here) :], here)
        if here in done:
            return ()
        for following in sorted(waits.get(here, ())):
            circle = walk(following, (*path, here))
            if circle:
                return circle
        done.add(here)
        return ()

    for criterion_id in waits:
        circle = walk(criterion_id, ())
        if circle:
            yield Fault(
                file, f"{place_of(entry, circle[0])}.after", f"a circle: {' after '.join(circle)}", "Remove one link"
            )
            return


# --- chains -----------------------------------------------------------------------------------------------------------


def _of_chain(file: str, chain: Chain, criteria: Collection[str]) -> Iterator[Fault]:
    rungs = [rung.id for rung in chain.rungs]
    slots = {slot.id for slot in chain.slots}
    yield from repeated(file, "rungs", rungs)
    yield from repeated(file, "slots", (slot.id for slot in chain.slots))
    yield from repeated(file, "checks", (check.id for check in chain.checks))
    if chain.leave is not None:
        yield from dangling(file, "leave.to", (chain.leave.to,), rungs, "rung")
    for check in chain.checks:
        key = f"checks[{check.id}]"
        yield from dangling(file, f"{key}.needs", check.needs, slots, "slot")
        yield from dangling(file, f"{key}.ask", _TEMPLATE.findall(check.ask), check.needs, "needed slot")
        if isinstance(check.when, Condition):
            yield from _condition(file, f"{key}.when", check.when, slots)
            continue
        try:
            names = expressions.names_in(expressions.comparison(check.when))
        except ExpressionInvalid as error:
            yield Fault(file, f"{key}.when", str(error), "Name a condition, or compare slots")
            continue
        yield from dangling(file, f"{key}.when", sorted(names), check.needs, "needed slot")
        for slot in chain.slots:
            if slot.id in names and slot.kind != "number":
                yield Fault(file, f"{key}.when", f"the slot '{slot.id}' is no number", "Make it kind: number")
    for rung in chain.rungs:
        yield from _of_rung(file, rung, rungs, slots, criteria)
    yield from _of_plays(file, chain, rungs, slots)


def _of_rung(
    file: str, rung: Rung, rungs: Collection[str], slots: Collection[str], criteria: Collection[str]
) -> Iterator[Fault]:
    key = f"rungs[{rung.id}]"
    yield from dangling(file, f"{key}.fills", rung.fills, slots, "slot")
    yield from dangling(file, f"{key}.after", rung.after, criteria, "criterion")
    if rung.when is not None:
        yield from _condition(file, f"{key}.when", rung.when, slots)
    if rung.if_not_mine is not None:
        yield from dangling(file, f"{key}.if_not_mine.to", (rung.if_not_mine.to,), rungs, "rung")
    names = {"claim", *slots, *rung.draw}
    yield from dangling(file, f"{key}.ask", _TEMPLATE.findall(rung.ask), names, "slot or drawn number")
    for criterion in rung.criteria:
        for text in (criterion.probe, *(hint.says for hint in criterion.hints)):
            here = f"{key}.criteria[{criterion.id}]"
            yield from dangling(file, here, _TEMPLATE.findall(text), names, "slot or drawn number")
    # `ask_otherwise` is for when nothing is known, so it may lean on nothing but what is always there.
    if rung.ask_otherwise:
        sure = {"claim", *rung.draw}
        yield from dangling(file, f"{key}.ask_otherwise", _TEMPLATE.findall(rung.ask_otherwise), sure, "drawn number")


def _condition(file: str, key: str, condition: Condition, slots: Collection[str]) -> Iterator[Fault]:
    for inner in condition.any:
        yield from _condition(file, key, inner, slots)
    yield from dangling(file, key, [name for name in (condition.slot, condition.empty) if name], slots, "slot")


def _of_plays(file: str, chain: Chain, rungs: Collection[str], slots: Collection[str]) -> Iterator[Fault]:
    criteria = {criterion.id: criterion for criterion in chain.criteria}
    yield from repeated(file, "plays", (play.id for play in chain.plays))
    for play in chain.plays:
        for number, turn in enumerate(play.turns, 1):
            key = f"plays[{play.id}].turns[{number}]"
            yield from dangling(file, f"{key}.rung", (turn.rung,), rungs, "rung")
            yield from dangling(file, f"{key}.slots", turn.slots, slots, "slot")
            yield from dangling(file, f"{key}.marks", turn.marks, criteria, "criterion")
            for name, state in turn.marks.items():
                if state == "partly" and name in criteria and criteria[name].partly_when is None:
                    yield Fault(
                        file,
                        f"{key}.marks",
                        f"'{name}' has no partly_when",
                        "Mark it shown or absent, or define partly_when",
                    )
            yield from _next(file, key, turn, chain, criteria, rungs)


def _next(
    file: str, key: str, turn: PlayTurn, chain: Chain, criteria: Mapping[str, Criterion], rungs: Collection[str]
) -> Iterator[Fault]:
    hints = [turn.after_hint] if turn.after_hint else []
    if isinstance(turn.next, str):
        yield from dangling(file, f"{key}.next", (turn.next,), rungs, "rung")
    else:
        wanted = [name for name in (turn.next.probe, turn.next.press) if name]
        yield from dangling(file, f"{key}.next", wanted, criteria, "criterion")
        if turn.next.challenge:
            named = [each.id for each in chain.misconceptions]
            yield from dangling(file, f"{key}.next", (turn.next.challenge,), named, "misconception")
        if turn.next.check:
            yield from dangling(file, f"{key}.next", (turn.next.check,), [each.id for each in chain.checks], "check")
        hints += [turn.next.hint] if turn.next.hint else []
    ladder = [f"{name}/{rung}" for name, one in criteria.items() for rung in range(1, len(one.hints) + 1)]
    yield from dangling(file, key, hints, ladder, "hint")


# --- scenarios --------------------------------------------------------------------------------------------------------


def _of_scenario(file: str, scenario: Scenario, criteria: Collection[str]) -> Iterator[Fault]:
    stages = [stage.id for stage in scenario.stages]
    yield from repeated(file, "stages", stages)
    yield from repeated(file, "facts", (*(fact.id for fact in scenario.facts), *(each.id for each in scenario.derived)))
    opened = [name for stage in scenario.stages for name in stage.criteria]
    opened += scenario.curveball.criteria if scenario.curveball is not None else ()
    yield from repeated(file, "stages", opened)
    yield from dangling(file, "stages", opened, criteria, "criterion")
    if scenario.curveball is not None:
        yield from dangling(file, "curveball.at", (scenario.curveball.at,), stages, "stage")
    values: dict[str, float] = {}
    for fact in scenario.facts:
        if fact.value is not None:
            values[fact.id] = float(fact.value)
        if fact.credits is not None:
            yield from dangling(file, f"facts[{fact.id}].credits", (fact.credits,), criteria, "criterion")
        if fact.volunteer_at is not None:
            yield from dangling(file, f"facts[{fact.id}].volunteer_at", (fact.volunteer_at,), stages, "stage")
    for derived in scenario.derived:
        key = f"derived[{derived.id}]"
        if derived.criterion is not None:
            yield from dangling(file, f"{key}.criterion", (derived.criterion,), criteria, "criterion")
        try:
            values[derived.id] = expressions.evaluate(derived.formula, values)
        except ExpressionInvalid as error:
            yield Fault(
                file, f"{key}.formula", str(error), "Use facts with a value, figures derived above, and arithmetic"
            )
