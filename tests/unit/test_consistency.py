"""Contradictions and callbacks, on written cases: a false accusation is worse than a miss, so precision comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import Claim
from app.domain.resume import Mention, Project, Resume
from app.domain.sentences import words
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.interviewing.consistency import clash, denials
from app.interviewing.recall import recall
from app.interviewing.said_before import clip, own_work
from tests.support.builders import a_resume, a_turn

TEXT = (
    "Event platform, 2021 - 2023\n"
    "Built a Kafka pipeline that moves 4,000,000 events into Spark.\n"
    "Churn model, Mar 2019 - Dec 2019\n"
    "Trained an XGBoost model on 40,000 customers and served it with FastAPI.\n"
    "Support assistant, 2023 - present\n"
    "Fine-tuned Llama 2 with LoRA on 8,000 tickets.\n"
    "Read about RLHF and evaluated DSPy with the team.\n"
    "Migrated jobs from Airflow to Dagster.\n"
)


def written() -> Resume:
    def claim(words_: str, project: str) -> Claim:
        start = TEXT.index(words_)
        end = TEXT.index("\n", start)
        return Claim(TEXT[start:end], start, end, project)

    def project(name: str, *claims: str) -> Project:
        start = TEXT.index(name)
        made = tuple(claim(each, name) for each in claims)
        return Project(name, start, made[-1].end, (Mention("x", 0, 1),), made)

    return a_resume(
        text=TEXT,
        projects=(
            project("Event platform", "Built a Kafka"),
            project("Churn model", "Trained an XGBoost"),
            project("Support assistant", "Fine-tuned Llama", "Read about RLHF", "Migrated jobs"),
        ),
    )


RESUME = written()
KAFKA, XGBOOST, LLAMA = (project.claims[0] for project in RESUME.projects)


def said(seq: int, text: str, question_id: str = "fundamentals/data-leakage", kind: SpanKind = SpanKind.ANSWER) -> Turn:
    return a_turn(id=f"t{seq}", seq=seq, text=text, question_id=question_id, spans=(Span(kind, 0, len(text)),))


def found(now: str, *before: str, claim: Claim | None = None, resume: Resume | None = RESUME) -> str:
    """Key of what clashes, "" for nothing."""
    turns = [said(2 * number, text) for number, text in enumerate((*before, now), 1)]
    got = clash(turns, resume, claim)
    return got.key if got is not None else ""


CLASHES: list[tuple[str, tuple[str, ...], Claim | None, str]] = [
    ("I never used Kafka.", (), None, "denied:kafka"),
    ("I've never worked with Kafka, only queues.", (), None, "denied:kafka"),
    ("Honestly, I have never touched Spark.", (), None, "denied:spark"),
    ("I have no experience with XGBoost.", (), None, "denied:xgboost"),
    ("I've no hands-on experience with LoRA at all.", (), None, "denied:lora"),
    ("I haven't used FastAPI.", (), None, "denied:fastapi"),
    ("To be honest I have not worked with Kafka, so I'd be guessing.", (), KAFKA, "denied:kafka"),
    ("Hm. I never actually used XGBoost!", (), XGBOOST, "denied:xgboost"),
    ("I've never used PyTorch.", ("I trained the ranker with PyTorch.",), None, "denied:pytorch"),
    ("I have never used BERT.", ("First I fine-tuned BERT on tickets.", "It helped."), None, "denied:bert"),
    ("Then I trained it with PyTorch on two cards.", ("I have never used PyTorch.",), None, "denied:pytorch"),
    ("I deployed it with Docker.", ("I've never worked with Docker.",), None, "denied:docker"),
    ("We had about 4,000 customers.", (), XGBOOST, "count:customer"),
    ("It was 400 thousand customers.", (), XGBOOST, "count:customer"),
    ("There were 80k tickets.", (), LLAMA, "count:ticket"),
    ("We had 900 tickets in all.", (), LLAMA, "count:ticket"),
    ("I built it in 2016.", (), XGBOOST, "year:2016"),
    ("We shipped it in 2015, before anyone else.", (), KAFKA, "year:2015"),
]
FINE: list[tuple[str, tuple[str, ...], Claim | None]] = [
    ("I never used Kafka in production before that.", (), None),
    ("I had never used Kafka before this project.", (), KAFKA),
    ("I never used Kafka myself, a colleague did that part.", (), KAFKA),
    ("I never used Kafka for batch jobs.", (), KAFKA),
    ("If I had never used Spark, I'd start with one machine.", (), None),
    ('People who say "I never used Kafka" learn it in a week.', (), None),
    ("You would think I never used Spark.", (), None),
    ("I never used Kafka Streams.", (), KAFKA),
    ("I never used RLHF.", (), None),
    ("I have never used DSPy.", (), None),
    ("I've never used Airflow.", (), None),
    ("I never used Flink.", (), None),
    ("I never used LoRA with rank 64.", (), LLAMA),
    ("We never used Spark.", (), KAFKA),
    ("I haven't used Spark since then.", (), KAFKA),
    ("I didn't use Kafka there.", (), XGBOOST),
    ("I never used Kafka directly, only through a library.", (), KAFKA),
    ("I don't know Kafka's internals.", (), KAFKA),
    ("I've never used XGBoost at that scale.", (), XGBOOST),
    ("My teammate said he had never used Kafka.", (), KAFKA),
    ("I've never used PyTorch.", ("The team used PyTorch.",), None),
    ("I've never used PyTorch.", ("I'd have used PyTorch.",), None),
    ("I've never used PyTorch.", ("I did not use PyTorch.",), None),
    ("I've never used PyTorch.", ("You could use PyTorch here.",), None),
    ("Sorry, actually I trained it with PyTorch.", ("I have never used PyTorch.",), None),
    ("We used PyTorch.", ("I have never used PyTorch.",), None),
    ("We had about 40k customers.", (), XGBOOST),
    ("Roughly 42,000 customers.", (), XGBOOST),
    ("40 000 customers, give or take.", (), XGBOOST),
    ("We tested on 4,000 customers.", (), XGBOOST),
    ("4,000 of the customers had left.", (), XGBOOST),
    ("A first pilot had 500 customers.", (), XGBOOST),
    ("500 customers a day came in.", (), XGBOOST),
    ("We split off 8,000 customers for validation.", (), XGBOOST),
    ("It served 12 teams.", (), XGBOOST),
    ("Each of 300 customers was called.", (), XGBOOST),
    ("We kept 2,000 tickets for the test.", (), LLAMA),
    ("2,000 tickets were duplicates.", (), LLAMA),
    ("I labelled 300 tickets by hand.", (), LLAMA),
    ("Now it's 100,000 tickets.", (), LLAMA),
    ("8k tickets.", (), LLAMA),
    ("We had 400 customers.", (), LLAMA),
    ("4,000 customers.", (), None),
    ("I built it in 2019.", (), XGBOOST),
    ("I finished it in 2020.", (), XGBOOST),
    ("I started it in 2018.", (), XGBOOST),
    ("I built it in 2025.", (), LLAMA),
    ("The paper came out in 2014.", (), XGBOOST),
    ("I did my degree in 2012.", (), XGBOOST),
    ("I built another one in 2016.", (), XGBOOST),
    ("I don't know.", (), KAFKA),
]


@pytest.mark.parametrize(("now", "before", "claim", "key"), CLASHES, ids=range(len(CLASHES)))
def test_what_cannot_both_be_so_is_noticed(now: str, before: tuple[str, ...], claim: Claim | None, key: str) -> None:
    assert found(now, *before, claim=claim) == f"clash:{key}"


@pytest.mark.parametrize(("now", "before", "claim"), FINE, ids=range(len(FINE)))
def test_nobody_is_accused_of_what_goes_together(now: str, before: tuple[str, ...], claim: Claim | None) -> None:
    assert found(now, *before, claim=claim) == ""


def test_there_are_enough_cases_and_most_are_of_innocents() -> None:
    assert len(CLASHES) + len(FINE) >= 60
    assert len(FINE) > 2 * len(CLASHES)


@pytest.mark.parametrize(("now", "before", "claim", "key"), CLASHES, ids=range(len(CLASHES)))
def test_the_question_about_it_is_short_kind_and_one(
    now: str, before: tuple[str, ...], claim: Claim | None, key: str
) -> None:
    turns = [said(2 * number, text) for number, text in enumerate((*before, now), 1)]
    got = clash(turns, RESUME, claim)
    assert got is not None
    assert len(words(got.spoken)) <= 35
    assert got.spoken.count("?") == 1
    assert got.from_resume == (not before)
    assert clash(turns, RESUME, claim, {got.key}) is None, key


def test_no_more_than_two_are_asked_about() -> None:
    turns = [said(1, "I never used Kafka. I have never touched Spark. I have no experience with XGBoost.")]
    first = clash(turns, RESUME, None)
    assert first is not None
    second = clash(turns, RESUME, None, {first.key})
    assert second is not None
    assert second.key != first.key
    assert clash(turns, RESUME, None, {first.key, second.key}) is None


def test_words_of_a_resume_are_said_without_markup_and_without_a_second_question() -> None:
    evil = TEXT.replace("Built a Kafka pipeline", "{rank} **Kafka** <script>? `x`")
    start = evil.index("{rank}")
    claim = Claim(evil[start : evil.index("\n", start)], start, evil.index("\n", start), "Event platform")
    resume = a_resume(text=evil, projects=(replace(RESUME.projects[0], claims=(claim,)),))
    got = clash([said(1, "I never used Kafka.")], resume, None)
    assert got is not None
    assert not set(got.before) & set("{}<>*`?")
    assert got.spoken.count("?") == 1


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200), st.integers(1, 12))
def test_a_clip_is_short_and_plain_whatever_the_text(text: str, one: int, other: int, most: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    made = clip(text, start, end, most)
    assert len(made.split()) <= most
    assert not set(made) & set('<>{}[]#*`|\\?"“”\n')


@given(
    st.lists(st.sampled_from([each[0] for each in FINE] + ["\n", "(", "Kafka", "2015", "4,000 customers"]), max_size=8)
)
def test_any_text_is_looked_at_without_a_fault(parts: list[str]) -> None:
    got = clash([said(1, " ".join(parts) or "x")], RESUME, XGBOOST)
    assert got is None or len(words(got.spoken)) <= 35


# --- own work, and callbacks ------------------------------------------------------------------------------------------


def test_own_work_is_what_was_plainly_done() -> None:
    assert [term.name for term in own_work("I fine-tuned BERT and trained it with PyTorch.")] == ["BERT", "PyTorch"]
    for text in ("I would use BERT.", "I never used BERT.", "BERT is large.", "Did I use BERT?", "We didn't try BERT."):
        assert own_work(text) == ()
    assert [term.name for term in denials("I've never used BERT.")] == ["BERT"]


ASK = "When would you choose fine-tuning over a longer prompt, and what does it cost you?"


def test_an_earlier_claim_is_taken_up_where_the_next_question_names_it() -> None:
    turns = [said(2, "I tried fine-tuning on eight thousand tickets.", "chains/lora"), said(4, "It overfits.", "x/y")]
    got = recall(turns, ASK, (), leaving="x/y")
    assert got is not None
    assert not got.just_now
    assert "fine-tuning" in got.spoken
    assert "?" not in got.spoken
    assert len(words(got.spoken)) <= 20
    assert recall(turns, ASK, {got.key}, leaving="x/y") is None
    assert recall(turns, "How do you scale features?", (), leaving="x/y") is None
    assert recall(turns, ASK, {"recall:a", "recall:b"}, leaving="x/y") is None
    now = recall(turns, ASK, (), leaving="chains/lora")
    assert now is not None
    assert now.just_now


def test_what_was_asked_for_or_denied_is_not_recalled() -> None:
    turns = [said(2, "Would fine-tuning be allowed?", kind=SpanKind.CLARIFY), said(4, "I never tried fine-tuning.")]
    spoken = replace(turns[0], id="i", seq=5, speaker=Speaker.INTERVIEWER, text="I used fine-tuning.", spans=())
    assert recall([*turns, spoken], ASK, (), leaving="x/y") is None
