from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForeignRubricInvalid
from app.scoring.foreign_rubric import BEARS_AT, MAX_BYTES, ForeignLevel, chosen, read_rubric, statements

DIMENSION = {
    "id": "depth",
    "name": "Depth",
    "levels": [{"level": 1, "text": "Names it."}, {"level": 3, "text": "Explains it. Gives a case."}],
}


def test_yaml_and_json_are_read() -> None:
    as_json = json.dumps({"dimensions": [DIMENSION], "source": "theirs"}).encode()
    as_yaml = (
        b"dimensions:\n- id: depth\n  name: Depth\n  levels:\n"
        b"  - {level: 1, text: Names it.}\n  - {level: 3, text: Explains it. Gives a case.}\n"
    )
    assert read_rubric(as_json) == read_rubric(as_yaml)
    assert [each.level for each in read_rubric(as_yaml).dimensions[0].levels] == [1, 3]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", ""),
        (b"a: [", ""),
        (b"[" * 100_000, ""),
        (b"x" * (MAX_BYTES + 1), ""),
        (b"", ""),
        (b"dimensions: []", "dimensions"),
        (
            json.dumps({"dimensions": [{**DIMENSION, "levels": DIMENSION["levels"][:1]}]}).encode(),
            "dimensions.0.levels",
        ),
        (json.dumps({"dimensions": [{**DIMENSION, "levels": [*DIMENSION["levels"]] * 2}]}).encode(), "dimensions.0"),
        (json.dumps({"dimensions": [DIMENSION, DIMENSION]}).encode(), ""),
        (json.dumps({"dimensions": [{**DIMENSION, "name": " "}]}).encode(), "dimensions.0.name"),
        (b"dimensions: !!python/object/apply:os.system [ls]", ""),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(ForeignRubricInvalid) as refused:
        read_rubric(data)
    assert refused.value.place == place


def test_aliases_that_would_grow_without_end_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)), "dimensions: *a39"]
    with pytest.raises(ForeignRubricInvalid):
        read_rubric("\n".join(lines).encode())


def test_each_sentence_of_a_level_is_a_statement() -> None:
    assert statements(ForeignLevel(level=1, text="Explains it. Gives a case.")) == ("Explains it.", "Gives a case.")
    assert statements(ForeignLevel(level=1, text="Объясняет.")) == ("Объясняет.",)


def test_nothing_that_bears_on_it_gives_no_level() -> None:
    assert chosen([(1, BEARS_AT - 0.01), (2, 0.0)]) is None
    assert chosen([(1, BEARS_AT), (2, 0.0)]) is not None


def test_the_expected_level_under_normalised_odds_is_rounded_to_a_given_one() -> None:
    found = chosen([(1, 0.5), (2, 0.5), (5, 0.75)])
    assert found is not None
    # Odds 1, 1 and 3: (1 + 2 + 15) / 5.
    assert found.expected == 3.6
    assert found.level == 5
    assert found.likeliest == 5
    assert found.runner_up in {1, 2}


def test_the_lower_of_two_equally_near_levels_is_taken() -> None:
    found = chosen([(1, 0.5), (2, 0.5)])
    assert found is not None
    assert (found.expected, found.level, found.runner_up) == (1.5, 1, 2)


def test_one_certainty_does_not_decide_by_its_odds_alone() -> None:
    found = chosen([(1, 1.0), (2, 1.0)])
    assert found is not None
    assert found.expected == 1.5


LEVELS = st.dictionaries(st.integers(-20, 20), st.floats(0, 1), min_size=2, max_size=10)


@given(LEVELS)
def test_a_level_is_a_given_one_between_the_ends_and_order_does_not_matter(levels: dict[int, float]) -> None:
    rows = list(levels.items())
    found = chosen(rows)
    assert found == chosen(rows[::-1])
    if found is not None:
        assert {found.level, found.likeliest, found.runner_up} <= set(levels)
        assert found.runner_up != found.level
        assert min(levels) <= found.expected <= max(levels)


@given(LEVELS)
def test_more_for_the_highest_level_never_lowers_it(levels: dict[int, float]) -> None:
    before = chosen(list(levels.items()))
    after = chosen(list({**levels, max(levels): 1.0}.items()))
    assert after is not None
    assert before is None or after.level >= before.level
