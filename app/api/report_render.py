"""Reports as the wire shows them: values of `review` with their places beside every number."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.api import render
from app.api import report_schemas as out
from app.api.score_schemas import OpinionOut
from app.domain.passage import Passage
from app.domain.score import ASSESSED, Coverage, CriterionScore, Score
from app.review.by_persons import PersonsMark
from app.review.confidence import Ledger
from app.review.desk import Feedback, MadeReport
from app.review.places import Places, Refs, merged
from app.review.repair import Repair
from app.review.report import PROMPTS, CompetencyReport, QuestionReport, Reflection, RoundReport


def refs(places: Refs) -> list[out.RefOut]:
    """Places."""
    return [out.RefOut.model_validate(each) for each in places]


def passage(value: Passage | None) -> out.ReadPassageOut | None:
    """A passage with its address."""
    if value is None:
        return None
    note, _, part = value.id.partition("#")
    return out.ReadPassageOut(id=value.id, title=value.heading, text=value.text, href=f"/v1/passages/{note}/{part}")


def report(made: MadeReport) -> out.ReportOut:
    """The whole report."""
    value = made.report
    return out.ReportOut(
        interview=render.interview(value.interview),
        complete=value.complete,
        pending=value.pending,
        failed=value.failed,
        questions=[question(one, value.places, made.repair_pending) for one in value.questions],
        rounds=[_round(one) for one in value.rounds],
        competencies=[_competency(one) for one in value.competencies],
        bar=out.BarOut.model_validate(value.bar),
        by_persons=out.PersonsMarksOut(
            levels_rest_on="machine",
            judged=value.by_persons.judged,
            otherwise=value.by_persons.otherwise,
            says=value.by_persons.says,
            refs=refs(value.by_persons.refs),
        ),
        confidence=ledger(value.confidence),
        job_description=out.TestedLinesOut.model_validate(value.job_description) if value.job_description else None,
        never_asked=out.NeverAskedOut.model_validate(value.never_asked),
        delivery=out.DeliveryOut.model_validate(value.delivery),
        next_steps=[
            out.NextStepOut(
                question_id=step.question_id,
                criterion_id=step.criterion_id,
                says=step.says,
                do=step.do,
                passage_id=step.passage_id,
                passage=passage(step.passage),
                refs=refs(step.refs),
            )
            for step in value.next_steps
        ],
        reflection=reflection(value.reflection),
        thank_you=out.ThankYouOut.model_validate(value.thank_you),
    )


def feedback(value: Feedback) -> out.FeedbackOut:
    """One question right after its answer."""
    return out.FeedbackOut(
        question=question(
            value.question, Places(value.turns), {value.question.question_id} if value.repair_pending else ()
        ),
        provisional=value.provisional,
        still_open=value.still_open,
    )


def question(value: QuestionReport, places: Places, repair_pending: Collection[str] = ()) -> out.QuestionReportOut:
    """One question."""
    return out.QuestionReportOut(
        question_id=value.question_id,
        round=value.round,
        asked=value.asked,
        asked_at=refs(value.asked_at)[0] if value.asked_at else None,
        claim=value.claim,
        answered=value.answered,
        failed=value.failed,
        score=_score(value, value.score, places) if value.score else None,
        time=out.TimeOut.model_validate(value.time),
        repaired=out.RepairOut.model_validate(value.repaired) if value.repaired else None,
        repair_pending=value.question_id in repair_pending,
        reference_answer=value.reference.text,
        reference_withheld=value.reference.withheld,
        confidence=out.SaidSureOut.model_validate(value.confidence),
        by_persons=[_by_person(one) for one in value.by_persons],
    )


def ledger(value: Ledger) -> out.LedgerOut:
    """Confidence against shown knowledge."""
    return out.LedgerOut.model_validate(value)


def reflection(value: Reflection) -> out.ReflectionOut:
    """What the candidate makes of it, with what is asked."""
    return out.ReflectionOut(
        went_well=value.went_well,
        was_hard=value.was_hard,
        will_do=value.will_do,
        written_at=value.written_at,
        prompts=out.ReflectionPromptsOut.model_validate(dict(PROMPTS)),
    )


def _score(asked: QuestionReport, value: Score, places: Places) -> out.ReportScoreOut:
    assessed = [one for one in value.criteria if one.state in ASSESSED]
    stands_on = _of_criteria(value.question_id, assessed or value.criteria, places) or asked.asked_at
    plain = render.score(value)
    return out.ReportScoreOut(
        **plain.model_dump(exclude={"criteria", "coverage", "spread"}),
        criteria=[_criterion(asked, one, places) for one in value.criteria],
        coverage=out.ReportCoverageOut(**plain.coverage.model_dump(), refs=refs(stands_on)),
        spread=out.ReportSpreadOut(**plain.spread.model_dump(), refs=refs(stands_on)) if plain.spread else None,
        refs=refs(stands_on),
    )


def _of_criteria(question_id: str, criteria: Iterable[CriterionScore], places: Places) -> Refs:
    return merged(*(places.criterion(question_id, one) for one in criteria))


def _criterion(asked: QuestionReport, value: CriterionScore, places: Places) -> out.ReportCriterionOut:
    question_id = asked.question_id
    plain = render.criterion(value)
    stands_on = places.criterion(question_id, value)
    read = places.answers(question_id) or asked.asked_at
    return out.ReportCriterionOut(
        **plain.model_dump(exclude={"judges"}),
        judges=[
            out.ReportOpinionOut(
                **OpinionOut.model_validate(one).model_dump(),
                refs=refs(places.of_quote(one.quote, question_id) or read),
            )
            for one in value.judges
        ],
        passage=passage(asked.passages.get(value.criterion_id)),
        added=_added(asked.repaired, value.criterion_id),
        refs=refs(stands_on),
    )


def _added(repaired: Repair | None, criterion_id: str) -> out.AddedOut | None:
    for each in repaired.additions if repaired is not None else ():
        if each.criterion_id == criterion_id:
            return out.AddedOut.model_validate(each)
    return None


def _by_person(value: PersonsMark) -> out.PersonsMarkOut:
    of = value.override
    return out.PersonsMarkOut(
        id=of.id,
        criterion_id=of.criterion_id,
        says=of.says,
        state=of.state,
        why=of.why,
        role=of.role,
        by=of.by,
        quote=of.quote or None,
        machine_state=of.machine_state,
        machine_now=value.machine_now,
        created_at=of.created_at,
        refs=refs(value.refs),
    )


def _round(value: RoundReport) -> out.RoundReportOut:
    def coverage(of: Coverage) -> out.ReportCoverageOut:
        return out.ReportCoverageOut(assessed=of.assessed, total=of.total, refs=refs(value.refs))

    return out.RoundReportOut(
        round=value.round,
        questions=list(value.questions),
        level=value.level,
        spread=(
            out.LevelSpreadOut(low=value.spread[0], high=value.spread[1], refs=refs(value.refs))
            if value.spread
            else None
        ),
        coverage=coverage(value.coverage),
        time=out.TimeOut.model_validate(value.time),
        refs=refs(value.refs),
    )


def _competency(value: CompetencyReport) -> out.CompetencyReportOut:
    of = value.value
    return out.CompetencyReportOut(
        skill=of.skill,
        level=of.level,
        low=of.low,
        high=of.high,
        assessed=of.assessed,
        total=of.total,
        questions=of.questions,
        refs=refs(value.refs),
    )
