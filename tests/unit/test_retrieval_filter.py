from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passage import Passage
from app.retrieval.chroma_index import similarity, where_of
from app.retrieval.index import Filter

PASSAGE = Passage(
    id="q#reference",
    source="questions/q.md",
    kind="question",
    text="words",
    topics=("lora", "quantization"),
    question_id="deep-learning/q",
    round="deep-learning",
    roles=("ml-engineer",),
)
CONCEPT = Passage(id="n#p", source="concepts/n.md", kind="concept", text="words", topics=("lora",))


@pytest.mark.parametrize(
    ("where", "admitted"),
    [
        (Filter(), True),
        (Filter(question_id="deep-learning/q"), True),
        (Filter(question_id="deep-learning/other"), False),
        (Filter(topics=("cnn", "lora")), True),
        (Filter(topics=("cnn",)), False),
        (Filter(round="deep-learning"), True),
        (Filter(round="coding"), False),
        (Filter(role="ml-engineer"), True),
        (Filter(role="data-scientist"), False),
        (Filter(kinds=("concept", "question")), True),
        (Filter(kinds=("concept",)), False),
        (Filter(round="deep-learning", kinds=("concept",)), False),
    ],
)
def test_what_a_filter_admits(where: Filter, admitted: bool) -> None:
    assert where.admits(PASSAGE) is admitted


@pytest.mark.parametrize("where", [Filter(round="coding"), Filter(role="data-scientist")])
def test_what_belongs_to_no_round_and_no_role_fits_all(where: Filter) -> None:
    assert where.admits(CONCEPT)


@given(
    st.builds(
        Filter,
        question_id=st.sampled_from(["", "q"]),
        topics=st.sampled_from([(), ("a",)]),
        round=st.sampled_from(["", "r"]),
        role=st.sampled_from(["", "m"]),
        kinds=st.sampled_from([(), ("concept",)]),
    )
)
def test_a_secret_is_admitted_by_nothing_that_does_not_ask_for_it(where: Filter) -> None:
    secret = Passage(
        id="s",
        source="",
        kind="concept",
        text="s",
        topics=("a",),
        question_id="q",
        round="r",
        roles=("m",),
        secret=True,
    )
    assert not where.admits(secret)


def test_chroma_is_told_of_secrets_unless_they_are_asked_for() -> None:
    assert where_of(Filter()) == {"secret": False}
    assert where_of(Filter(include_secret=True)) is None
    assert where_of(Filter(round="coding", topics=("a", "b"))) == {
        "$and": [
            {"secret": False},
            {"$or": [{"topics": {"$contains": "a"}}, {"topics": {"$contains": "b"}}]},
            {"round": {"$in": ["", "coding"]}},
        ]
    }


@pytest.mark.parametrize(
    ("distance", "expected"), [(0.0, 1.0), (1.0, 0.0), (2.0, -1.0), (-1e-7, 1.0), (2.0000002, -1.0)]
)
def test_similarity_of_a_cosine_distance(distance: float, expected: float) -> None:
    assert similarity(distance) == expected


@pytest.mark.parametrize("distance", [-0.5, 3.9, math.nan, math.inf])
def test_what_is_no_cosine_distance_is_refused(distance: float) -> None:
    with pytest.raises(ValueError, match="not a cosine distance"):
        similarity(distance)
