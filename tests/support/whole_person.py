"""Somebody of whom every table holds something, with a word in it that nobody else says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.code import CodeOutcome, Kind, Outcome, ReviewerView, ShownTest
from app.domain.interview import CloseReason, InterviewState
from app.domain.loop import LoopStage
from app.domain.remarks import Annotation, LabellerRole, Override
from app.domain.score import CriterionState
from app.domain.share import Share
from app.domain.transcript import Span, SpanKind
from app.persistence.records import Candidate, Reply
from app.persistence.repositories.practice import Fresh
from app.persistence.unit_of_work import Store
from app.review.practice import item_of
from tests.support.builders import (
    NOW,
    QUESTION,
    a_claim,
    a_loop,
    a_move,
    a_resume,
    a_review,
    a_score,
    a_study_plan,
    a_turn,
    an_appeal,
    an_assessment,
    an_interview,
    an_interviewers_turn,
)

MARKER = "q7zmarkerz7q"
TAIL = b"markerz7q"
"""An index may keep the beginning of a word elsewhere."""
HIDDEN = "hidden-argument"


async def a_whole_person(store: Store, name: str, *, word: str = MARKER, turns: int = 6) -> None:
    """Stores a person `name`, who says `word` in every text: a closed interview of so many turns and an open one."""
    said = f"I said {word}, and {word} again."
    claim = a_claim(text=f"Built {word}", start=0, end=6 + len(word))
    mine = {"candidate_id": name, "job_description": said}
    closed = an_interview(
        id=f"{name}-closed",
        state=InterviewState.CLOSED,
        closed_at=NOW + timedelta(hours=1),
        close_reason=CloseReason.FINISHED,
        resume_id=f"{name}-resume",
        title=said,
        **mine,
    )
    opened = an_interview(id=f"{name}-open", created_at=NOW + timedelta(days=1), **mine)
    moment = NOW + timedelta(seconds=1)
    async with store.write() as work:
        await work.candidates.add(Candidate(name, NOW, f"label {word}"))
        await work.keys.create(name, key_id=f"{name}-key", now=NOW)
        resume = a_resume(
            id=f"{name}-resume", candidate_id=name, text=f"Built {word}", file_name=f"{word}.txt", name=said
        )
        project = replace(resume.projects[0], name=said, claims=(claim,))
        await work.resumes.add(replace(resume, projects=(project,), warnings=(said,)))
        await work.interviews.add(closed)
        await work.interviews.add(opened)
        for seq in range(1, turns + 1):
            place = {"interview_id": closed.id, "seq": seq, "created_at": NOW + timedelta(minutes=seq)}
            if seq % 2:
                move = a_move(spoken=said, reason=said, claim=claim)
                turn = an_interviewers_turn(id=f"{closed.id}-{seq}", text=f"{said} {seq}?", move=move, **place)
            else:
                text = f"{said} {word}{seq}"
                spans = (Span(SpanKind.ANSWER, 0, len(text)),)
                turn = a_turn(
                    id=f"{closed.id}-{seq}",
                    text=text,
                    spans=spans,
                    idempotency_key=f"{word}-{seq}",
                    code=f"# {said}",
                    outcome=_outcome(said),
                    **place,
                )
            await work.turns.append(turn, body_hash=f"{word}-{seq}")
        for seq, (speaker, text) in enumerate((("i", said), ("c", said)), start=1):
            build = an_interviewers_turn if speaker == "i" else a_turn
            await work.turns.append(
                build(
                    id=f"{opened.id}-{seq}",
                    interview_id=opened.id,
                    seq=seq,
                    text=text,
                    created_at=NOW + timedelta(days=1, minutes=seq),
                )
            )
        number = await work.code_runs.begin(closed.id, f"coding/{word}", now=NOW, lease_s=60, at_most=20)
        await work.code_runs.finish(closed.id, f"coding/{word}", number)
        await work.replies.add(Reply(opened.id, 2, NOW, error=said))
        await work.assessments.add(an_assessment(id=f"{name}-assessment", interview_id=closed.id))
        await work.assessments.claim("worker", now=NOW, lease_s=60)
        shown, missed = a_score().criteria
        evidence = replace(shown.evidence[0], quote=said[:4], turn_id=f"{closed.id}-2", end=4)
        shown = replace(
            shown, evidence=(evidence,), asked_in=(f"{closed.id}-1",), appeal_id=f"{name}-appeal", reason=said
        )
        score = a_score(criteria=(shown, replace(missed, state=CriterionState.MISSED)))
        await work.scores.add(closed.id, replace(score, level=1))
        await work.scores.add(closed.id, replace(score, created_at=moment), assessment_id=f"{name}-assessment")
        appeal = an_appeal(
            id=f"{name}-appeal", interview_id=closed.id, turn_id=f"{closed.id}-2", quote=said[:9], reason=said
        )
        await work.appeals.add(appeal)
        await work.annotations.add(
            Annotation(f"{name}-note", closed.id, f"{closed.id}-2", 0, 4, False, said, NOW, moment)
        )
        await work.overrides.add(an_override(name, closed.id, said))
        share = Share(f"{name}-share", closed.id, said, True, True, (QUESTION,), NOW)
        await work.shares.add(share, token_hash=f"hash-{name}")
        await work.confidences.say(closed.id, QUESTION, percent=70, now=NOW)
        await work.afterwards.reflect(closed.id, went_well=said, was_hard=said, will_do=said, now=NOW)
        await work.afterwards.thank(closed.id, text=said, now=NOW)
        review = a_review(interview_id=closed.id, candidate_id=name, says=said)
        await work.practice.take_in(Fresh(closed.id, 1), [review])
        await work.practice.keep(name, {(QUESTION, "c1"): item_of([review])})
        await work.practice.keep_plan(name, a_study_plan())
        await work.loops.add(a_loop(id=f"{name}-loop", candidate_id=name, stages=(LoopStage(closed.id, said),)))
        await work.commit()


def _outcome(said: str) -> CodeOutcome:
    test = ShownTest(call=said, expected="1", because=said, outcome=Outcome(Kind.PASSED, given=said))
    hidden = ShownTest(
        call=HIDDEN, expected=HIDDEN, because="It is there.", outcome=Outcome(Kind.FAILED, HIDDEN, HIDDEN, 3)
    )
    return CodeOutcome(ReviewerView("", (test,), (hidden,), said, "", (), hidden_stdout=HIDDEN))


def an_override(name: str, interview_id: str, said: str) -> Override:
    return Override(
        id=f"{name}-override",
        interview_id=interview_id,
        question_id=QUESTION,
        criterion_id="c2",
        says="Names a remedy.",
        state=CriterionState.SHOWN,
        why=said,
        role=LabellerRole.CANDIDATE,
        by=said,
        turn_id=f"{interview_id}-2",
        start=0,
        end=4,
        quote=said[:4],
        machine_state=CriterionState.MISSED,
        created_at=NOW,
    )
