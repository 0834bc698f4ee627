"""How the interviewer speaks, by code: nothing said twice, nothing praised unearned, short, one question at a time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import PlannedQuestion
from app.domain.sentences import words
from app.domain.transcript import Move, MoveKind, SpanKind
from app.interviewing import reasons
from app.interviewing.bridge import MAX_SPOKEN_WORDS
from app.interviewing.director.hint import HINT_COST, HINT_COST_SHORT
from app.interviewing.phrases.about_the_turn import HOW_TO_END, NO_HURRY
from app.interviewing.phrases.candidate_questions import UNKNOWN
from app.interviewing.phrases.onwards import SOMETHING_ELSE
from app.interviewing.phrases.said_once import ALL, fresh
from app.interviewing.phrases.stock import Stock
from app.interviewing.rounds.catalog import ROUNDS
from app.material.corpus import Corpus
from app.material.load import load
from tests.support.talks import Talk, an_interview_on

PRAISE = re.compile(
    r"^(?:great|excellent|perfect|nice|well done|exactly|correct|awesome|brilliant|good)\b\s*[,.!:]"
    r"|\b(?:good|great|nice|excellent|strong) (?:job|answer|point|work|thinking|catch)\b|\bwell done\b|\bimpressive\b",
    re.IGNORECASE,
)
"""Of what somebody said; "a perfect system" is none."""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


@pytest.mark.parametrize("stock", ALL, ids=lambda stock: stock.ways[0])
def test_a_stock_phrase_is_said_in_each_way_once_and_then_left_out_or_the_oldest_again(stock: Stock) -> None:
    said: list[str] = []
    for _ in stock.ways:
        said.append(fresh(f"{stock.ways[0]} What is it?", said))
    assert said == [f"{way} What is it?" for way in stock.ways]
    assert fresh(f"{stock.ways[0]} What is it?", said) == (
        f"{stock.ways[0]} What is it?" if stock.needed else "What is it?"
    )


def test_no_way_of_saying_one_thing_stands_in_another() -> None:
    ways = [way for stock in ALL for way in stock.ways]
    assert len(ways) == len(set(ways))
    assert not [(one, other) for one in ways for other in ways if one != other and one in other]


def test_a_companys_own_words_for_not_knowing_are_not_repeated() -> None:
    own = [("Nobody told me.", UNKNOWN)]
    first = fresh("Nobody told me.", [], own=own)
    assert first == "Nobody told me."
    assert fresh("Nobody told me.", [first], own=own) == UNKNOWN.ways[0]


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=4))
def test_other_words_are_left_as_they_are(spoken: str, said: list[str]) -> None:
    assert fresh(f"x{spoken}x", said) == f"x{spoken}x".replace("  ", " ").strip()


def test_the_interviewers_own_words_praise_nothing_and_ask_at_most_one_thing() -> None:
    own = [way for stock in ALL for way in stock.ways]
    own += [rules.announcement for rules in ROUNDS.values()] + [HINT_COST, HINT_COST_SHORT]
    for each in own:
        assert not PRAISE.search(each), each
        assert each.count("?") <= 1
        assert len(words(each)) <= MAX_SPOKEN_WORDS


def test_every_written_follow_up_is_short_one_question_and_without_praise(corpus: Corpus) -> None:
    written = []
    for entry in corpus.asked():
        rubric = corpus.rubric(entry.id)
        written += [(entry.id, each.challenge) for each in rubric.misconceptions]
        for point in rubric.criteria:
            criterion = point.criterion
            written += [(entry.id, criterion.probe), *((entry.id, hint.says) for hint in criterion.hints)]
            written += [(entry.id, criterion.press.says)] if criterion.press else []
    assert len(written) > 5000
    assert [each for each in written if len(words(each[1])) > MAX_SPOKEN_WORDS] == []
    assert [each for each in written if len(re.findall(r"\?(?:\s|$)", each[1])) > 1] == []
    assert [each for each in written if PRAISE.search(each[1])] == []


def test_moving_on_sounds_different_each_time(corpus: Corpus) -> None:
    ids = [each.id for each in corpus.questions.values() if each.round == "fundamentals"][:6]
    talk = Talk(
        corpus, an_interview_on(("fundamentals", 120, [PlannedQuestion(each, 400) for each in ids]), minutes=120)
    )
    talk.open()
    moves: list[Move] = []
    while len(moves) < 5:
        move = talk.say("Something.", after_s=401)
        moves += [move] if move.kind is MoveKind.MOVE_ON else []
    assert len({move.spoken.split(move.spoken.split(". ")[-1])[0] for move in moves}) == 5
    assert [way for way in SOMETHING_ELSE.ways if sum(way in move.spoken for move in moves) > 1] == []


def test_asking_for_time_is_met_each_time_in_other_words(corpus: Corpus) -> None:
    question = next(each.id for each in corpus.questions.values() if each.round == "fundamentals")
    talk = Talk(corpus, an_interview_on(("fundamentals", 60, [PlannedQuestion(question, 3000)]), minutes=60))
    talk.open()
    assert [talk.say("One moment.", SpanKind.THINK).spoken for _ in NO_HURRY.ways] == list(NO_HURRY.ways)
    stops = [talk.say("Stop.", SpanKind.END).spoken for _ in HOW_TO_END.ways]
    assert all(way in spoken for way, spoken in zip(HOW_TO_END.ways, stops, strict=True))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(20, "under a minute left"), (61, "one minute left"), (130, "two minutes left"), (1500, "25 minutes left")],
)
def test_the_time_left_is_said_in_words(seconds: float, said: str) -> None:
    assert reasons.left_as(seconds) == said


def test_a_reason_can_be_read(corpus: Corpus) -> None:
    question = next(each for each in corpus.questions.values() if each.round == "fundamentals")
    talk = Talk(corpus, an_interview_on(("fundamentals", 2.5, [PlannedQuestion(question.id, 150)]), minutes=3))
    talk.open()
    near = {each.id: 0.0 for each in question.criteria} | {question.criteria[0].id: 0.6}
    move = talk.say("Something.", nearness=near, after_s=50)
    assert move.reason == f"probed {question.criteria[0].id}: must, open, near the last words, two minutes left"
