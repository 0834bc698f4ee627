"""Domain values as the wire shows them. What would give an open criterion away is left out until the interview is closed."""

from __future__ import annotations

from collections.abc import Sequence

from app.api.code_schemas import CodingProblemOut, HiddenTestOut, ShownTestOut, TestsOut, VisibleTestOut
from app.api.interview_schemas import InterviewOut, JobLineOut, PlanOut
from app.api.resume_schemas import ClaimOut, MentionOut, ProjectOut, ResumeOut
from app.api.score_schemas import CoverageOut, CriterionOut, EvidenceOut, OpinionOut, ScoreOut, SpreadOut, VersionsOut
from app.api.turn_schemas import (
    CompletedEvent,
    DeltaEvent,
    FailedEvent,
    GenerationOut,
    MoveOut,
    SpanOut,
    StartedEvent,
    TableOut,
    TurnOut,
)
from app.candidate.job_description import LineKind, lines_of
from app.domain.code import CandidateView, CodeOutcome
from app.domain.interview import Interview, InterviewState
from app.domain.resume import Resume
from app.domain.score import CriterionScore, Score
from app.domain.transcript import Exhibit, Move, Speaker, Turn
from app.interviewing.editor import LIBRARIES, RUNS_A_QUESTION, SUBMISSIONS_A_QUESTION, OpenProblem
from app.interviewing.intake import MAX_CODE_CHARACTERS
from app.interviewing.live import Completed, Delta, Event, Failed, Started


def turn(value: Turn, *, revealed: bool) -> TurnOut:
    """A turn; `revealed` shows the move's reason, its criterion and the passages it stands on."""
    kinds = list(dict.fromkeys(str(span.kind) for span in value.spans))
    kind = "+".join(kinds) if value.speaker is Speaker.CANDIDATE else str(value.move.kind) if value.move else ""
    return TurnOut(
        id=value.id,
        seq=value.seq,
        speaker=value.speaker,
        text=value.text,
        kind=kind,
        question_id=value.question_id,
        spans=[SpanOut.model_validate(span) for span in value.spans],
        move=_move(value.move, revealed) if value.move else None,
        table=_table(value.move.table) if value.move and value.move.table else None,
        passages=list(value.passages) if revealed else [],
        generation=GenerationOut.model_validate(value.generation) if value.generation else None,
        code=value.code,
        tests=outcome(value.outcome) if value.outcome else None,
        created_at=value.created_at,
    )


def _table(shown: Exhibit) -> TableOut:
    return TableOut(title=shown.title, columns=list(shown.columns), rows=[list(row) for row in shown.rows])


def _move(move: Move, revealed: bool) -> MoveOut:
    return MoveOut(
        kind=move.kind,
        round=move.round,
        reason=move.reason if revealed else None,
        criterion_id=(move.criterion_id or None) if revealed else None,
        hint=move.hint,
        claim=ClaimOut.model_validate(move.claim) if move.claim else None,
        editor=move.editor,
        without_tests=move.without_tests,
    )


def outcome(value: CodeOutcome) -> TestsOut:
    """What became of code as its candidate may see it, also when the interview is over: hidden tests stay hidden."""
    if value.view is None:
        return TestsOut(not_run=value.not_run, reason=value.reason)
    return tests(value.view.for_candidate())


def tests(view: CandidateView) -> TestsOut:
    """The candidate's view of a run."""
    return TestsOut(
        broken=view.broken,
        tests=[
            ShownTestOut(
                call=test.call,
                expected=test.expected,
                because=test.because,
                outcome=test.outcome.kind,
                given=test.outcome.given,
                says=test.outcome.says,
                line=test.outcome.line,
            )
            for test in view.tests
        ],
        hidden=[HiddenTestOut.model_validate(test) for test in view.hidden],
        hidden_passed=view.hidden_passed,
        stdout=view.stdout,
        stderr=view.stderr,
        limits=list(view.limits),
    )


def coding_problem(value: OpenProblem) -> CodingProblemOut:
    """What an editor shows: nothing of the hidden tests but their number."""
    problem = value.problem
    return CodingProblemOut(
        question_id=problem.id,
        title=problem.title,
        statement=problem.statement,
        language=problem.language,
        function=problem.function,
        starter=problem.starter,
        libraries=list(LIBRARIES) if problem.language == "python" else [],
        tables={name: dict(columns) for name, columns in problem.tests.tables.items()},
        visible=[
            VisibleTestOut(
                args=list(test.args),
                keywords=dict(test.kwargs),
                rows={name: [list(row) for row in rows] for name, rows in test.rows.items()},
                expect=test.expect,
                raises=test.raises,
                because=test.because or "",
            )
            for test in problem.tests.visible
        ],
        hidden=len(problem.tests.hidden),
        max_characters=MAX_CODE_CHARACTERS,
        runs_left=value.runs_left,
        runs_allowed=RUNS_A_QUESTION,
        submissions_tested=SUBMISSIONS_A_QUESTION,
        why_not=value.why_not,
    )


def interview(value: Interview, turns: Sequence[Turn] = ()) -> InterviewOut:
    """An interview, with turns where they are given."""
    shown = InterviewOut.model_validate(
        {name: getattr(value, name) for name in InterviewOut.model_fields if name not in {"turns", "plan"}}
        | {"plan": plan(value)}
    )
    return shown.model_copy(update={"turns": [turn(each, revealed=revealed(value)) for each in turns]})


def plan(value: Interview) -> PlanOut:
    """What is intended, and which lines of the job description it tests."""
    tested: dict[tuple[int, int], list[str]] = {
        (line.start, line.end): [] for line in lines_of(value.job_description) if line.kind is LineKind.TESTABLE
    }
    for question in value.plan.questions:
        for place in question.tests:
            tested.setdefault((place.start, place.end), []).append(question.question_id)
    lines = [
        JobLineOut(text=value.job_description[start:end], start=start, end=end, questions=by)
        for (start, end), by in sorted(tested.items())
    ]
    return PlanOut.model_validate(value.plan).model_copy(update={"job_lines": lines})


def revealed(value: Interview) -> bool:
    """Whether reasons and criteria may be read: after the interview."""
    return value.state is InterviewState.CLOSED


def resume(value: Resume) -> ResumeOut:
    """A resume as it was read."""
    return ResumeOut(
        id=value.id,
        file_name=value.file_name,
        media_type=value.media_type,
        text=value.text,
        projects=[
            ProjectOut(
                name=project.name,
                start=project.start,
                end=project.end,
                techniques=list(dict.fromkeys(mention.text for mention in project.techniques)),
                claims=[ClaimOut.model_validate(claim) for claim in project.claims],
            )
            for project in value.projects
        ],
        roles=[MentionOut.model_validate(mention) for mention in value.roles],
        skills=list(dict.fromkeys(mention.text for mention in value.skills)),
        warnings=list(value.warnings),
        created_at=value.created_at,
    )


def score(value: Score) -> ScoreOut:
    """A score with its evidence."""
    return ScoreOut(
        question_id=value.question_id,
        round=value.round,
        criteria=[criterion(each) for each in value.criteria],
        level=value.level,
        coverage=CoverageOut.model_validate(value.coverage),
        spread=SpreadOut.model_validate(value.spread) if value.spread else None,
        versions=VersionsOut.model_validate(value.versions),
        created_at=value.created_at,
        unscored_reason=value.unscored_reason,
        drill=value.drill,
    )


def criterion(value: CriterionScore) -> CriterionOut:
    """The judgement of one criterion."""
    return CriterionOut(
        id=value.criterion_id,
        says=value.says,
        kind=value.kind,
        skill=value.skill,
        state=value.state,
        evidence=[EvidenceOut.model_validate(evidence) for evidence in value.evidence],
        passage_id=value.passage_id,
        reached=value.reached,
        hints=value.hints,
        reason=value.reason,
        judges=[OpinionOut.model_validate(opinion) for opinion in value.judges],
        disagreement=value.disagreement,
        in_doubt=value.in_doubt,
        asked_in=list(value.asked_in),
        next_time=value.next_time,
        appeal_id=value.appeal_id,
    )


WireEvent = StartedEvent | DeltaEvent | CompletedEvent | FailedEvent


def event(value: Event, problem: dict[str, object]) -> WireEvent:
    """An event of a reply; `problem` is the document of a failure."""
    match value:
        case Started():
            return StartedEvent(interview_id=value.interview_id, seq=value.seq)
        case Delta():
            return DeltaEvent(seq=value.seq, part=value.part, text=value.text)
        case Completed():
            closed = value.interview_state is InterviewState.CLOSED
            return CompletedEvent(
                turn=turn(value.turn, revealed=closed),
                interview_state=value.interview_state,
                tests=outcome(value.outcome) if value.outcome else None,
            )
        case Failed():
            return FailedEvent(seq=value.seq, problem=problem)
