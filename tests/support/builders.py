"""Values for tests, whole and plausible; each test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.appeal import Appeal, AppealOutcome
from app.domain.interview import (
    Claim,
    Interview,
    InterviewState,
    Mode,
    Plan,
    PlannedQuestion,
    PlannedRound,
    Seniority,
    Strictness,
)
from app.domain.loop import Loop, LoopStage
from app.domain.practice import Review, StudyDay, StudyPlan, StudyWish, Task, TaskKind
from app.domain.resume import Mention, Project, Resume
from app.domain.score import (
    Assessment,
    AssessmentState,
    Coverage,
    CriterionKind,
    CriterionScore,
    CriterionState,
    Evidence,
    JudgeOpinion,
    LevelSpread,
    Reached,
    Score,
    VerdictState,
    Versions,
)
from app.domain.transcript import Generation, Mark, Move, MoveKind, Span, SpanKind, Speaker, Turn, Usage

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
OWNER = "owner"
QUESTION = "fundamentals/detect-overfitting"

_RESUME = "Spam filter: fine-tuned BERT with LoRA on 40,000 mails."


def a_claim(**changes: Any) -> Claim:
    """A claim of `a_resume`, with its place there."""
    start = _RESUME.index("fine-tuned")
    claim = Claim(_RESUME[start:-1], start, len(_RESUME) - 1, project="Spam filter", techniques=("BERT", "LoRA"))
    return replace(claim, **changes)


def a_resume(**changes: Any) -> Resume:
    """A resume of one project with one claim."""
    lora = _RESUME.index("LoRA")
    mention = Mention("LoRA", lora, lora + 4)
    project = Project("Spam filter", 0, len(_RESUME), techniques=(mention,), claims=(a_claim(),))
    resume = Resume(
        id="resume-1",
        candidate_id=OWNER,
        file_name="resume.txt",
        media_type="text/plain",
        text=_RESUME,
        projects=(project,),
        roles=(),
        skills=(mention,),
        warnings=("No dates were found.",),
        created_at=NOW,
        name="A. Person",
    )
    return replace(resume, **changes)


def a_plan() -> Plan:
    """A round of fundamentals, and one on a project of the resume."""
    return Plan(
        (
            PlannedRound("fundamentals", 12.5, (PlannedQuestion(QUESTION, seconds=300, wording=1),)),
            PlannedRound("project-deep-dive", 10, (PlannedQuestion("chains/lora", seconds=420, claim=a_claim()),)),
        )
    )


def an_interview(**changes: Any) -> Interview:
    """An open practice interview of `OWNER`."""
    interview = Interview(
        id="interview-1",
        candidate_id=OWNER,
        state=InterviewState.OPEN,
        role="ml-engineer",
        seniority=Seniority.MID,
        company="",
        mode=Mode.PRACTICE,
        strictness=Strictness.STANDARD,
        minutes=45,
        seed=7,
        plan=a_plan(),
        version=1,
        created_at=NOW,
        opened_at=NOW,
    )
    return replace(interview, **changes)


def a_move(**changes: Any) -> Move:
    """A probe for an open criterion."""
    move = Move(
        kind=MoveKind.PROBE,
        reason="probe c3: must, open, nearest to the last words",
        spoken="What would you look at first?",
        round="fundamentals",
        question_id=QUESTION,
        criterion_id="c3",
        bridge=True,
    )
    return replace(move, **changes)


def a_turn(**changes: Any) -> Turn:
    """The first turn of `an_interview`, the candidate's, an answer from end to end."""
    text: str = changes.get("text", "I compare the loss on training and on validation data.")
    turn = Turn(
        id="turn-1",
        interview_id="interview-1",
        seq=1,
        speaker=Speaker.CANDIDATE,
        text=text,
        created_at=NOW,
        question_id=QUESTION,
        spans=(Span(SpanKind.ANSWER, 0, len(text)),),
    )
    return replace(turn, **changes)


def an_interviewers_turn(**changes: Any) -> Turn:
    """The second turn, the interviewer's, with everything that such a turn can carry."""
    turn = Turn(
        id="turn-2",
        interview_id="interview-1",
        seq=2,
        speaker=Speaker.INTERVIEWER,
        text="You compare the two losses. What would you look at first?",
        created_at=NOW,
        question_id=QUESTION,
        marks=(Mark("c1", p_shown=0.93, p_contradicted=0.01, quote="I compare the loss"),),
        move=a_move(claim=a_claim()),
        passages=("generalization/overfitting#curves",),
        generation=Generation(
            source="model",
            prompt_id="interviewer/bridge",
            prompt_version=1,
            prompt_hash="ab" * 32,
            model_asked="embedded",
            model_answered="qwen2.5-coder-1.5b",
            temperature=0.3,
            usage=Usage(input_tokens=700, output_tokens=21, cached_tokens=640),
            first_sentence_ms=900,
        ),
    )
    return replace(turn, **changes)


def an_assessment(**changes: Any) -> Assessment:
    """Judging work that waits."""
    assessment = Assessment(
        id="assessment-1",
        interview_id="interview-1",
        question_id=QUESTION,
        state=AssessmentState.PENDING,
        attempts=0,
        created_at=NOW,
    )
    return replace(assessment, **changes)


def a_score(**changes: Any) -> Score:
    """One criterion shown on the candidate's own words, one never asked for."""
    shown = CriterionScore(
        criterion_id="c1",
        says="Compares training and validation loss.",
        kind=CriterionKind.MUST,
        skill="generalization",
        state=CriterionState.SHOWN,
        passage_id="generalization/overfitting#curves",
        evidence=(Evidence("I compare the loss", "turn-1", 0, 18),),
        reached=Reached.VOLUNTEERED,
        judges=(JudgeOpinion("compact", VerdictState.SHOWN, p=0.93, quote="I compare the loss", grounded=True),),
        asked_in=("turn-0",),
    )
    unasked = CriterionScore(
        criterion_id="c2",
        says="Names a remedy.",
        kind=CriterionKind.BONUS,
        skill="generalization",
        state=CriterionState.NOT_ASSESSED,
        passage_id="generalization/overfitting#remedies",
        reason="never asked for",
    )
    score = Score(
        question_id=QUESTION,
        round="fundamentals",
        criteria=(shown, unasked),
        level=2,
        coverage=Coverage(assessed=1, total=2),
        spread=LevelSpread(low=1, high=3),
        versions=Versions("fundamentals/detect-overfitting", 1, "cd" * 32, scorer="compact-1", code="levels-1"),
        created_at=NOW,
    )
    return replace(score, **changes)


def an_appeal(**changes: Any) -> Appeal:
    """An appeal of `an_interview` that was upheld on words of `a_turn`."""
    appeal = Appeal(
        id="appeal-1",
        interview_id="interview-1",
        question_id=QUESTION,
        criterion_id="c2",
        says="Names a remedy.",
        turn_id="turn-1",
        start=0,
        end=9,
        quote="I compare",
        outcome=AppealOutcome.UPHELD,
        reason="the words show the criterion",
        judges=(JudgeOpinion("compact", VerdictState.SHOWN, p=0.81, quote="I compare", grounded=True),),
        state_before=CriterionState.NOT_ASSESSED,
        level_before=2,
        level_after=3,
        versions=a_score().versions,
        created_at=NOW,
    )
    return replace(appeal, **changes)


def a_review(**changes: Any) -> Review:
    """A must that was asked for and missed in `an_interview`."""
    review = Review(
        interview_id="interview-1",
        candidate_id=OWNER,
        question_id=QUESTION,
        criterion_id="c1",
        at=NOW,
        round="fundamentals",
        says="Compares training and validation loss.",
        kind=CriterionKind.MUST,
        skill="technical",
        state=CriterionState.MISSED,
        reached=None,
        surface="question",
        drill=False,
    )
    return replace(review, **changes)


def a_study_plan(**changes: Any) -> StudyPlan:
    """A plan of one day with one drill."""
    task = Task(TaskKind.DRILL, 3, QUESTION, "c1")
    plan = StudyPlan(
        wish=StudyWish((NOW + timedelta(days=7)).date(), 30, "ml-engineer", Seniority.MID),
        made_at=NOW,
        days=(StudyDay(NOW.date(), (task,)),),
    )
    return replace(plan, **changes)


def a_loop(**changes: Any) -> Loop:
    """A loop of which `an_interview` is the only one."""
    loop = Loop("loop-1", OWNER, "linkedin", "ml-engineer", Seniority.MID, NOW, (LoopStage("interview-1", "Coding"),))
    return replace(loop, **changes)
