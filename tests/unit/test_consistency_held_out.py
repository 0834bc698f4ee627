"""Contradictions on cases that were written before anybody looked at what the rules say of them; the rules were not fitted to them."""

from __future__ import annotations

from app.domain.interview import Claim
from app.domain.resume import Mention, Project, Resume
from app.domain.transcript import Span, SpanKind
from app.interviewing.consistency import Clash, clash
from tests.support.builders import a_resume, a_turn

TEXT = (
    "Search relevance at a shop | 06/2020 to 08/2022\n"
    "- Built semantic search with BERT embeddings and Elasticsearch over 2 million products\n"
    "- Deployed models on Kubernetes with 15 services\n"
    "Radiology images (2017-2018)\n"
    "- Trained a ResNet on 12,000 scans from 4 hospitals\n"
    "- Used TensorFlow and Docker\n"
    "Pricing, since 2022\n"
    "- Reinforcement learning for prices in 30 cities with Ray\n"
    "- Set up A/B tests in Python and SQL for 25 markets\n"
)


def written() -> Resume:
    heads: list[tuple[str, int, list[Claim]]] = []
    at = 0
    for line in TEXT.splitlines(keepends=True):
        start, at = at, at + len(line)
        if line.startswith("- "):
            name, _, claims = heads[-1]
            claims.append(Claim(TEXT[start + 2 : at - 1], start + 2, at - 1, name))
        else:
            heads.append((line.strip(), start, []))
    projects = [
        Project(name, start, claims[-1].end, (Mention("x", 0, 1),), tuple(claims)) for name, start, claims in heads
    ]
    return a_resume(text=TEXT, projects=tuple(projects))


R = written()
(S, K), (X, T), (P, A) = ((*project.claims,) for project in R.projects)
Case = tuple[str, tuple[str, ...], Claim | None]
"""What is said, what was said before, and the claim that the question stands on."""
YES: list[Case] = [
    ("I've never used Elasticsearch.", (), None),
    ("Truth is, I have never worked with Kubernetes.", (), K),
    ("I have no experience with TensorFlow, sorry.", (), T),
    ("I haven't used Docker.", (), None),
    ("I've never really used Ray.", (), P),
    ("I have no practical experience with reinforcement learning.", (), P),
    ("Never mind BERT, I have never used BERT.", (), S),
    ("I have never trained a ResNet.", (), X),
    ("It was 200 million products.", (), S),
    ("We had some 50 services.", (), K),
    ("There were 1,200 scans.", (), X),
    ("It ran in 300 cities.", (), P),
    ("About 12 hospitals sent us data.", (), X),
    ("I built that in 2013.", (), X),
    ("We started it in 2015.", (), S),
    ("We launched it in 2018, as the first.", (), P),
    ("I have never worked with Spark.", ("I ran the features with Spark every night.",), None),
    ("I used PyTorch for all of it.", ("I have never used PyTorch.",), None),
]
NO: list[Case] = [
    ("I never used Elasticsearch for vectors.", (), S),
    ("I had never worked with Kubernetes when I joined.", (), K),
    ("I have never used TensorFlow Lite.", (), T),
    ("I never used TensorFlow 1.", (), T),
    ("We have never used Docker swarm.", (), T),
    ("I never used BERT as a cross-encoder.", (), S),
    ("I've never used Ray Tune.", (), P),
    ("I have never used SQL window functions.", (), A),
    ("I've never used Docker, except in that project.", (), T),
    ("I have never used Kubernetes without help.", (), K),
    ("I never used anything but Python.", (), A),
    ("I'd never used SQL until 2022.", (), A),
    ("My manager never used SQL.", (), A),
    ("I have never done reinforcement learning on robots.", (), P),
    ("I've never used Spark.", (), None),
    ("I have never used Flink.", ("I worked with Spark a lot.",), None),
    ("About 2 million products.", (), S),
    ("2.3 million products, by the end.", (), S),
    ("We indexed 200,000 products first.", (), S),
    ("10 services were mine.", (), K),
    ("We had three hospitals at the start.", (), X),
    ("It was 9,000 scans after cleaning.", (), X),
    ("Only 600 scans showed the illness.", (), X),
    ("We labelled 3,000 scans twice.", (), X),
    ("12k scans.", (), X),
    ("Two radiologists read 500 scans.", (), X),
    ("It began in 5 cities.", (), P),
    ("We compared 60 cities outside of the test.", (), P),
    ("25 markets and 30 cities.", (), A),
    ("100 products per query came back.", (), S),
    ("I tested it on 800 queries.", (), S),
    ("I built it in 2021.", (), S),
    ("We shipped it in 2022.", (), S),
    ("We started it in 2016.", (), X),
    ("I wrote that in 2019.", (), X),
    ("I read the ResNet paper in 2015.", (), X),
    ("I did my first project in 2012.", (), P),
    ("I worked on it in 2024.", (), P),
    ("I used PyTorch later, at home.", ("I have never used PyTorch at work.",), None),
    ("I don't remember the number of products.", (), S),
    ("The catalogue grew from 2 million to 5 million products.", (), S),
    ("We had 40 million products in the whole group, and my shop was one of them.", (), S),
]


def found(case: Case) -> Clash | None:
    now, before, claim = case
    turns = [
        a_turn(id=f"t{number}", seq=2 * number, text=text, spans=(Span(SpanKind.ANSWER, 0, len(text)),))
        for number, text in enumerate((*before, now), 1)
    ]
    return clash(turns, R, claim)


def test_none_of_the_innocent_is_accused() -> None:
    assert len(NO) >= 40
    assert [case[0] for case in NO if found(case) is not None] == []


def test_three_quarters_of_what_cannot_both_be_so_are_noticed() -> None:
    missed = [case[0] for case in YES if found(case) is None]
    assert len(missed) <= len(YES) // 4, missed
