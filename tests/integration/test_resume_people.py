"""The fictional resumes of `evals/resumes` that may be looked at, from file to projects; those held out are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.resume import Project
from evals.resumes.__main__ import Figures, matched, measured, same
from evals.resumes.build import files
from evals.resumes.people import HELD_OUT, Person, Work, people, person_of

EVERYONE = people()
SEEN = [person for person in EVERYONE if not person.held_out]


@pytest.mark.parametrize(("of", "count"), [("first", 12), ("second", 8)])
def test_four_of_each_set_are_held_out(of: str, count: int) -> None:
    assert len(people(of)) == count
    assert sum(person.held_out for person in people(of)) == HELD_OUT


def test_those_that_may_be_looked_at_come_in_every_layout() -> None:
    assert {layout for person in SEEN for layout in (*person.pdf, *person.docx)} == {
        "one-column",
        "two-column",
        "dates-left",
        "styled",
        "plain",
        "table",
    }


def test_projects_and_techniques_are_read_and_none_invented() -> None:
    total = Figures()
    for person in SEEN:
        for file in files(person):
            total.add(measured(file, lambda words: None))
    assert total.projects >= 0.95 * total.projects_due > 0
    assert total.techniques >= 0.90 * total.techniques_due > 0
    assert (total.invented_projects, total.invented_techniques, total.invented_claims) == (0, 0, 0)


def test_a_truth_that_the_resume_does_not_say_is_refused() -> None:
    found = {
        "name": "A B",
        "contact": [],
        "layouts": {"pdf": [], "docx": []},
        "sections": [
            {"heading": "Work", "entries": [{"title": "T", "head": ["T"], "body": ["- x"], "techniques": ["LoRA"]}]}
        ],
    }
    with pytest.raises(ValueError, match="LoRA"):
        person_of("a", found, of="first", held_out=False)


def project(name: str) -> Project:
    return Project(name=name, start=0, end=1, techniques=(), claims=())


def test_a_name_with_other_words_in_it_is_another_project() -> None:
    work = Work("Ghost Ranker", "", ("Ghost Ranker >> 2022",), ("- Ranked",), (), (), ())
    assert matched([work], [project("Ghost Ranker")]) == {0: 0}
    assert matched([work], [project("Ghost Ranker and more")]) == {}
    assert matched([work, work], [project("Ghost Ranker")]) == {0: 0}


@pytest.mark.parametrize(
    ("due", "mention", "is_same"),
    [
        ("LoRA", "lora", True),
        ("embedding", "embeddings", True),
        ("Hugging Face", "Hugging Face Transformers", True),
        ("fine-tuned", "fine-tuning", True),
        ("linear SVM", "linear", False),
        ("LoRA", "QLoRA", False),
    ],
)
def test_when_a_mention_is_the_technique(due: str, mention: str, is_same: bool) -> None:
    assert same(due, mention) is is_same


def test_what_is_not_in_the_words_of_a_project_is_counted_as_invented() -> None:
    """Files of one person held against the truth of another who has the same titles and other words."""
    person = next(person for person in SEEN if person.pdf == ("one-column",))

    def emptied(one: Work) -> Work:
        return replace(one, body=("- nothing of the sort",), techniques=(), inside=tuple(map(emptied, one.inside)))

    parts = tuple(replace(part, work=tuple(map(emptied, part.work))) for part in person.parts)
    other: Person = replace(person, parts=parts)
    file = next(iter(files(person)))
    figures = measured(replace(file, person=other), lambda words: None)
    assert figures.invented_techniques > 5
    assert figures.invented_claims > 3
