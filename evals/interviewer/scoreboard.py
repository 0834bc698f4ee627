"""Findings over many talks as figures, and figures as Markdown: by model, by round, by candidate, against the bars."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.material.corpus import Corpus
from evals.interviewer.detectors import (
    Finding,
    Tie,
    answers_by_place,
    found_in,
    self_answered,
    ties,
    too_long,
    two_questions,
)
from evals.interviewer.grid import LADDER
from evals.interviewer.ground import Ground, plainly
from evals.interviewer.likeness import words
from evals.interviewer.record import AIMED, FOLLOW_UPS, Line, Sitting
from evals.interviewer.sitting import VIVA, WEAKEST
from evals.interviewer.version import hold_to_one
from evals.shares import share

LEAST_TOLD_WORDS = 3
"""Of a fact that a written follow-up tells; "Ten" stands in many a sentence."""
UNSCORED = frozenset({"candidate-questions"})


@dataclass(frozen=True)
class Read:
    """A talk with what was found in it."""

    sitting: Sitting
    findings: list[Finding]
    ties: list[Tie]

    def count(self, sin: str) -> int:
        """Turns with that finding."""
        return sum(each.sin == sin for each in self.findings)

    @property
    def turns(self) -> int:
        """Of the interviewer."""
        return sum(1 for _ in self.sitting.spoken)

    def moves(self, kinds: Iterable[str]) -> int:
        """The interviewer's turns of some kinds."""
        wanted = frozenset(kinds)
        return sum(line.move in wanted for _, line in self.sitting.spoken)


def read_all(sittings: Sequence[Sitting], ground: Ground) -> list[Read]:
    """All talks read; answers of the others are what a follow-up is swapped with."""
    others = answers_by_place([each for each in sittings if each.director == VIVA])
    return [Read(each, found_in(each, ground), ties(each, ground, others)) for each in sittings]


def settled_a_minute(sitting: Sitting) -> tuple[int, float]:
    """Musts that were earned, or probed and then answered; and minutes."""
    settled = 0
    for question, musts in sitting.musts.items():
        earned = sitting.earned(question, len(sitting.lines))
        probed = {
            line.criterion_id
            for at, line in sitting.spoken
            if line.move == "probe" and line.question_id == question and at + 1 < len(sitting.lines)
        }
        settled += sum(must in earned or must in probed for must in musts)
    return settled, sitting.lines[-1].at_s / 60 if sitting.lines else 0.0


def figures_of(reads: Sequence[Read]) -> dict[str, Any]:
    """Figures over some talks."""
    sins = Counter(finding.sin for each in reads for finding in each.findings)
    turns = sum(each.turns for each in reads)
    follow_ups = sum(each.moves(FOLLOW_UPS) for each in reads)
    probes = sum(each.moves({"probe"}) for each in reads)
    aimed = sum(each.moves(AIMED) for each in reads)
    hung = [tie for each in reads for tie in each.ties]
    swaps = [tie for tie in hung if tie.swappable is not None]
    first_hints = {
        (each.sitting.key, at)
        for each in reads
        for at, line in each.sitting.spoken
        if line.move == "hint" and line.hint == 1
    }
    leaks = {(each.sitting.key, finding.at) for each in reads for finding in each.findings if finding.sin == "leak"}
    return {
        "interviews": len(reads),
        "turns": turns,
        "follow_ups": follow_ups,
        "probes": probes,
        "ran_to_the_end": rate(sum(bool(each.sitting.closed) for each in reads), len(reads)),
        "aimed": rate(aimed - sins["off-aim"], aimed),
        "takes_up": rate(sum(tie.takes_up for tie in hung), len(hung)),
        "swappable": rate(sum(bool(tie.swappable) for tie in swaps), len(swaps)),
        "asks_of_it": rate(sum(tie.asks_of_it for tie in hung), len(hung)),
        "asks_anybody": rate(sum(bool(tie.asks_anybody) for tie in swaps), len(swaps)),
        "asked_earned": rate(sins["asked-earned"], probes),
        "leaks": rate(sins["leak"], turns),
        "leaks_in_first_hints": len(leaks & first_hints),
        "model_heard": rate(
            sum(
                line.move in FOLLOW_UPS and line.source.startswith("model")
                for each in reads
                for _, line in each.sitting.spoken
            ),
            follow_ups,
        ),
        "sins": dict(sorted(sins.items(), key=lambda pair: -pair[1])),
    }


def rate(part: float, whole: float) -> float | None:
    """A share to four digits; None of nothing."""
    return share(part, whole, digits=4)


def ladder(reads: Sequence[Read]) -> dict[str, Any]:
    """Strong, middling and weak in order, by round and role: means of their questions' levels."""
    levels: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for each in reads:
        if each.sitting.who not in LADDER or len(each.sitting.rounds) != 1 or each.sitting.rounds[0] in UNSCORED:
            continue
        found = [level for level in each.sitting.levels.values() if level is not None]
        if found:
            levels[each.sitting.rounds[0], each.sitting.role][each.sitting.who] = sum(found) / len(found)
    whole = {pair: found for pair, found in levels.items() if len(found) == len(LADDER)}
    in_order = {
        pair
        for pair, one in whole.items()
        if one["strong"] >= one["middling"] >= one["weak"] and one["strong"] > one["weak"]
    }
    strictly = {pair for pair, one in whole.items() if one["strong"] > one["middling"] > one["weak"]}
    return {
        "pairs": len(whole),
        "in_order": rate(len(in_order), len(whole)),
        "strictly": rate(len(strictly), len(whole)),
        "out_of_order": {
            f"{pair[0]} x {pair[1]}": [round(one[who], 2) for who in LADDER]
            for pair, one in sorted(whole.items())
            if pair not in in_order
        },
    }


def rivalry(reads: Sequence[Read]) -> dict[str, Any]:
    """Musts settled per minute by either director, on the sittings that both have held."""
    by_director: dict[str, dict[tuple[str, ...], Sitting]] = {VIVA: {}, WEAKEST: {}}
    for each in reads:
        one = each.sitting
        by_director[one.director][one.who, one.role, *one.rounds, str(one.seed)] = one
    both = by_director[VIVA].keys() & by_director[WEAKEST].keys()
    found: dict[str, Any] = {"sittings": len(both)}
    for director, held in by_director.items():
        pairs = [settled_a_minute(held[key]) for key in both]
        minutes = sum(spent for _, spent in pairs)
        found[director] = {
            "musts_settled": sum(count for count, _ in pairs),
            "minutes": round(minutes, 1),
            "per_minute": round(sum(count for count, _ in pairs) / minutes, 3) if minutes else None,
        }
    return found


def measured(sittings: Sequence[Sitting], corpus: Corpus) -> dict[str, Any]:
    """All figures by model.

    Raises:
        OtherVersion: The talks were not all made by one version.
    """
    hold_to_one(each.made_by for each in sittings)
    ground = Ground(corpus)
    found: dict[str, Any] = {}
    for model in sorted({each.model for each in sittings}):
        reads = read_all([each for each in sittings if each.model == model], ground)
        own = [each for each in reads if each.sitting.director == VIVA]
        by_round: dict[str, list[Read]] = defaultdict(list)
        by_who: dict[str, list[Read]] = defaultdict(list)
        for each in own:
            by_round["+".join(each.sitting.rounds) or "all rounds"].append(each)
            by_who[each.sitting.who].append(each)
        found[model] = {
            "all": figures_of(own),
            "ladder": ladder(own),
            "directors": rivalry(reads),
            "by_round": {name: figures_of(some) for name, some in sorted(by_round.items())},
            "by_candidate": {name: figures_of(some) for name, some in sorted(by_who.items())},
        }
    return found


ZERO = (
    "repeat",
    "two-questions",
    "two-in-one",
    "two-questions-opening",
    "two-in-one-opening",
    "self-answered",
    "invented-fact",
    "constraint-volunteered",
    "constraint-inconsistent",
    "constraint-withheld",
    "too-long",
    "hint-unasked",
    "praise-unearned",
    "stock-phrase",
    "overrun",
    "ended-abruptly",
    "never-ended",
    "time-unused",
    "must-left",
    "probed-twice",
    "asked-just-said",
    "answer-unheard",
)


def markdown(figures: dict[str, Any]) -> str:
    """The scoreboard."""
    models = list(figures)
    lines = [f"| | bar | {' | '.join(models)} |", f"| --- | --- |{' --- |' * len(models)}"]

    def row(name: str, bar: str, values: Iterable[object]) -> None:
        lines.append(f"| {name} | {bar} | {' | '.join(_plain(value) for value in values)} |")

    every = [figures[model]["all"] for model in models]
    row("interviews; turns of the interviewer", "", (f"{one['interviews']}; {one['turns']}" for one in every))
    row("run to their end", "1", (one["ran_to_the_end"] for one in every))
    row("probes, challenges and presses aimed at what is open or was claimed", "0.95", (one["aimed"] for one in every))
    row("follow-ups that take up a content phrase of the last answer", "0.80", (one["takes_up"] for one in every))
    row("follow-ups that would do after another's answer", "0.10", (one["swappable"] for one in every))
    row(
        "the same two, with what stands in quotation marks left out",
        "",
        (f"{_plain(one['asks_of_it'])}; {_plain(one['asks_anybody'])}" for one in every),
    )
    row("probes whose criterion was earned already", "0.03", (one["asked_earned"] for one in every))
    row(
        "leaks, of all turns; in first hints",
        "0.005; 0",
        (f"{one['leaks']}; {one['leaks_in_first_hints']}" for one in every),
    )
    row("follow-ups with a model's bridge", "", (one["model_heard"] for one in every))
    orders = [figures[model]["ladder"] for model in models]
    row(
        "strong, middling, weak in order; strictly; of round x role pairs",
        "0.95",
        (f"{one['in_order']}; {one['strictly']}; {one['pairs']}" for one in orders),
    )
    rivals = [figures[model]["directors"] for model in models]
    row(
        "musts settled a minute; by a weakest-first director; sittings",
        "more",
        (f"{one[VIVA]['per_minute']}; {one[WEAKEST]['per_minute']}; {one['sittings']}" for one in rivals),
    )
    for sin in ZERO:
        row(sin, "0", (one["sins"].get(sin, 0) for one in every))
    for model in models:
        lines += ["", f"By round, {model}:", ""]
        lines += _table(figures[model]["by_round"])
        lines += ["", f"By candidate, {model}:", ""]
        lines += _table(figures[model]["by_candidate"])
    return "\n".join(lines)


def _table(parts: dict[str, dict[str, Any]]) -> list[str]:
    lines = [
        "| | interviews | turns | aimed | takes up | swappable | earned already | leaks | other findings |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, one in parts.items():
        others = {sin: count for sin, count in one["sins"].items() if sin not in {"leak", "off-aim", "asked-earned"}}
        told = ", ".join(f"{sin} {count}" for sin, count in others.items()) or "none"
        values = (
            one[each] for each in ("interviews", "turns", "aimed", "takes_up", "swappable", "asked_earned", "leaks")
        )
        lines.append(f"| {name} | {' | '.join(_plain(value) for value in values)} | {told} |")
    return lines


def _plain(value: object) -> str:
    if value is None:
        return "none"
    return f"{share(value, 1.0):.3f}" if isinstance(value, float) else str(value)


def written_sins(corpus: Corpus) -> list[str]:
    """Written openings and follow-ups that are a sin as they stand, a line each: what the corpus has to change, and no code can."""
    ground = Ground(corpus)
    found = []
    for entry in corpus.asked():
        rubric = corpus.rubric(entry.id)
        texts = [("probe", each.criterion.id, each.criterion.probe) for each in rubric.criteria]
        texts += [
            ("press", each.criterion.id, each.criterion.press.says) for each in rubric.criteria if each.criterion.press
        ]
        texts += [("challenge", each.id, each.challenge) for each in rubric.misconceptions]
        texts += [("opening", of, text) for of, text in ground.openings(entry.id)]
        found += [
            f"{entry.id} {of} {move}: constraint-volunteered: {fact.reply}"
            for move, of, text in texts
            if move != "opening"
            for fact in ground.facts(entry.id).values()
            if len(words(fact.reply)) >= LEAST_TOLD_WORDS
            and not fact.volunteer_at
            and plainly(fact.reply) in plainly(text)
        ]
        for move, of, text in texts:
            alone = Line("interviewer", text, 0.0, entry.id, move=move)
            sitting = Sitting("", "", (), 0, "", "", "", 0, "", lines=(alone,))
            for detector in (
                (two_questions, self_answered) if move == "opening" else (two_questions, too_long, self_answered)
            ):
                found += [f"{entry.id} {of} {move}: {each.sin}: {text}" for each in detector(sitting, ground)]
    return found


def read_aloud(sitting: Sitting, corpus: Corpus, sin: str = "") -> str:
    """A talk with what was found in it, to be read; only around findings of one kind where it is named, "" without any."""
    findings = [each for each in found_in(sitting, Ground(corpus)) if not sin or each.sin == sin]
    if sin and not findings:
        return ""
    near = {place for each in findings for place in range(each.at - 2, each.at + 1)} if sin else set(range(10_000))
    lines = [f"===== {sitting.key}: {sitting.closed or 'NOT OVER'} {sitting.failure} {dict(sitting.levels)}"]
    for at, line in enumerate(sitting.lines):
        if at not in near:
            continue
        if line.by == "interviewer":
            lines.append(f"[{at} {line.at_s:.0f} s] V {line.text}")
            lines.append(f"        ({line.move}; {line.reason}; {line.source})")
        else:
            earned = [criterion for each in line.said for criterion in each.earns]
            lines.append(f"[{at} {line.at_s:.0f} s] C {line.text}{' <code>' if line.code else ''}")
            lines.append(f"        ({', '.join(line.heard)}; earns {', '.join(earned) or 'nothing'})")
        lines += [f"    !!! {each.sin}: {each.why}" for each in findings if each.at == at]
    return "\n".join(lines) + "\n"
