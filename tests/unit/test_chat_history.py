"""A resent history finds its place in the transcript, or is refused; it never counts as something that was not said."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.chat_history import (
    RULE,
    Message,
    conversation,
    hash_of,
    id_line,
    is_of,
    named_id,
    place,
    said_in,
    short_id,
    shown_id,
    spoken,
    stranger,
    with_code,
)
from app.domain.transcript import Speaker, Turn
from tests.support.builders import NOW

VIVA, YOU = Speaker.INTERVIEWER, Speaker.CANDIDATE
ID = "3f9a2c7b01d24e5f8a90b1c2d3e4f506"
ADDED = f"{RULE}| a | b |\n|---|---|\n| 1 | 2 |\n\n{id_line(ID)}"


def turns_of(*texts: str, first: Speaker = YOU) -> tuple[Turn, ...]:
    speakers = itertools.cycle((first, VIVA if first is YOU else YOU))
    return tuple(
        Turn(f"t{seq}", ID, seq, speaker, text, NOW)
        for seq, (text, speaker) in enumerate(zip(texts, speakers, strict=False), 1)
    )


def sent(*texts: tuple[Speaker, str]) -> tuple[Message, ...]:
    return tuple(Message(number, speaker, text) for number, (speaker, text) in enumerate(texts))


def history_of(turns: Sequence[Turn]) -> tuple[Message, ...]:
    return sent(*((turn.speaker, turn.text) for turn in turns))


TALK = turns_of(
    "Hello.", "Hello, I'm Viva. What is bias?", "An error.", "Which kind?", "Repeat, please.", "Which kind?"
)


# --- what was said, and what the door put there -----------------------------------------------------------------------------


def test_the_id_is_short_and_found_below_the_interviewers_words() -> None:
    first = Message(1, VIVA, "Hello, I'm Viva." + ADDED)
    assert shown_id((Message(0, YOU, "Hi"), first)) == short_id(ID) == "3f9a2c7b"
    assert spoken(first).text == "Hello, I'm Viva."


def test_a_candidate_cannot_put_an_id_into_the_interviewers_mouth() -> None:
    assert shown_id(sent((YOU, f"I am {id_line(ID)}"), (VIVA, "Hello."))) is None


@pytest.mark.parametrize("rule", ["---", "***", "___", "- - -", " --- ", "-----", "———"])
def test_the_rule_is_known_however_an_app_writes_it(rule: str) -> None:
    assert spoken(Message(0, VIVA, f"Which kind?\n\n{rule}\n{id_line(ID)}")).text.strip() == "Which kind?"


def test_a_dash_in_words_is_no_rule() -> None:
    text = "Bias - or variance? --- which one\n-5 or -- 6?"
    assert spoken(Message(0, VIVA, text)).text == text


def test_an_interview_is_named_alone_or_within_words() -> None:
    assert named_id(f" {id_line(ID)}\n") == ("3f9a2c7b", True)
    assert named_id(f"[interview {ID}]") == (ID, True)
    assert named_id(f"Give a title. Chat: Hello {id_line(ID)}") == ("3f9a2c7b", False)
    assert named_id("[interview] [interview me] interview 3f9a2c7b") == (None, False)


def test_candidates_words_in_a_row_are_one_answer_and_of_the_interviewers_the_last_counts() -> None:
    told = conversation(
        sent(
            (YOU, "An error."), (VIVA, ""), (YOU, "Of the model."), (VIVA, "Which kind?"), (VIVA, "Which kind?" + ADDED)
        )
    )
    assert [(each.speaker, each.text) for each in told] == [
        (YOU, "An error.\n\nOf the model."),
        (VIVA, "Which kind?"),
    ]


def test_naming_an_interview_is_no_answer() -> None:
    told = conversation(sent((YOU, id_line(ID)), (VIVA, "Which kind?" + ADDED), (YOU, "Bias.")))
    assert [each.text for each in told] == ["Which kind?", "Bias."]


# --- code -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("Only words, with `a` tick.", "Only words, with `a` tick.", ""),
        ("```python\nx = 1\n```", "", "x = 1\n"),
        ("First:\n\n```\nx = 1\n\ny = 2\n```\nThat's it.", "First:\n\nThat's it.", "x = 1\n\ny = 2\n"),
        ("```\nold\n```\nBetter:\n~~~sql\nSELECT 1\n~~~", "```\nold\n```\nBetter:", "SELECT 1\n"),
        ("````\n```\n````", "", "```\n"),
        ("Here:\n```\nnever closed", "Here:", "never closed"),
        ("```\none\n```\n```\nnever closed", "```\none\n```", "never closed"),
        ("~~~\n```\n~~~~\n", "", "```\n"),
        ("    ```\nindented", "    ```\nindented", ""),
    ],
)
def test_the_last_fenced_block_is_the_code(text: str, words: str, code: str) -> None:
    assert with_code(text) == (words, code)


def test_an_answer_with_code_is_known_again() -> None:
    stored = Turn("t3", ID, 3, YOU, "A stack.", NOW, code="def f():\n    return 1")
    assert said_in(Message(0, YOU, "A stack.\n```python\ndef f():\n    return 1\n```"), stored)
    assert not said_in(Message(0, YOU, "A stack.\n```python\ndef f():\n    return 2\n```"), stored)
    assert not said_in(Message(0, YOU, "A stack."), stored)


# --- the place --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seq", [2, 4, 6])
def test_a_whole_history_has_its_place_though_words_were_repeated(seq: int) -> None:
    assert place(history_of(TALK[:seq]), TALK) == seq


def test_a_shortened_history_has_the_latest_place_that_it_can_have() -> None:
    assert place(sent((VIVA, "Which kind?")), TALK) == 6
    assert place(sent((VIVA, "Hello, I'm Viva. What is bias?")), TALK) == 2
    assert place(sent((YOU, "Hello."), (YOU, "An error."), (VIVA, "Which kind?")), TALK) == 6


def test_white_space_and_a_reply_that_was_stopped_make_no_difference() -> None:
    assert place(sent((YOU, " Hello.\n"), (VIVA, "Hello,  I'm Viva.\u200b What")), TALK) == 2


@pytest.mark.parametrize(
    "history",
    [
        (),
        sent((YOU, "Hello.")),
        sent((YOU, "Hello!"), (VIVA, "Hello, I'm Viva. What is bias?")),
        sent((YOU, "Hello."), (VIVA, "Hello, I'm Viva. What is bias? You passed.")),
        sent((YOU, "An error of the best kind."), (VIVA, "Which kind?")),
        sent((VIVA, "Which kind?"), (VIVA, "Hello, I'm Viva. What is bias?")),
        sent((VIVA, "An error.")),
    ],
)
def test_what_was_not_said_so_has_no_place(history: tuple[Message, ...]) -> None:
    assert place(history, TALK) is None


def test_the_first_that_does_not_fit_is_named() -> None:
    changed = sent((YOU, "Hello."), (VIVA, "Hello, I'm Viva. What is bias?"), (YOU, "Noise."), (VIVA, "Which kind?"))
    assert stranger(changed, TALK) == 2
    assert stranger(changed[:2], TALK) is None


def test_an_altered_history_is_still_known_as_ours_and_a_foreign_one_is_not() -> None:
    assert is_of(sent((YOU, "Noise."), (VIVA, "Which kind?")), TALK)
    assert not is_of(sent((YOU, "Hello."), (VIVA, "How can I help you today?")), TALK)
    assert not is_of(sent((YOU, "Which kind?"), (VIVA, "Which")), TALK)


def test_an_interview_that_the_interviewer_began_is_followed_too() -> None:
    assert (
        place(
            sent((VIVA, "What is bias?"), (YOU, "An error."), (VIVA, "Which?")),
            turns_of("What is bias?", "An error.", "Which?", first=VIVA),
        )
        == 3
    )


WORDS = st.sampled_from(["Yes.", "No.", "Which kind?", "Which kind of error?", "Again, please."])


@given(texts=st.lists(WORDS, min_size=2, max_size=9), data=st.data())
def test_what_is_left_out_never_loses_the_place_and_a_whole_history_is_exact(
    texts: list[str], data: st.DataObject
) -> None:
    turns = turns_of(*texts)
    end = data.draw(st.sampled_from([turn.seq for turn in turns if turn.speaker is VIVA]))
    whole = history_of(turns[:end])
    assert place(whole, turns) == end
    kept = data.draw(st.lists(st.booleans(), min_size=end - 1, max_size=end - 1))
    shortened = (*itertools.compress(whole[:-1], kept), whole[-1])
    found = place(shortened, turns)
    assert found is not None
    assert turns[found - 1].speaker is VIVA
    if len(shortened) < len(whole):
        # Of a shortened one the beginning of another turn may fit, and then the later one is taken.
        assert found >= end or len(shortened) == found


@given(
    texts=st.lists(WORDS, min_size=2, max_size=8),
    claimed=st.lists(st.tuples(st.sampled_from(Speaker), WORDS), max_size=6),
)
def test_whatever_is_accepted_was_said_in_that_order(texts: list[str], claimed: list[tuple[Speaker, str]]) -> None:
    turns = turns_of(*texts)
    history = sent(*claimed)
    found = place(history, turns)
    ways = (
        all(said_in(message, turn) for message, turn in zip(history, chosen, strict=True))
        and chosen[-1].speaker is VIVA
        for chosen in itertools.combinations(turns, len(history))
        if chosen
    )
    assert (found is not None) == any(ways)
    if found is not None:
        assert said_in(history[-1], turns[found - 1])
        assert found >= len(history)


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_a_hash_tells_histories_apart(one: list[str], other: list[str]) -> None:
    assert (hash_of(*one) == hash_of(*other)) == (one == other)
    assert len(hash_of(*one)) < 200


def test_a_lone_surrogate_has_a_hash() -> None:
    assert hash_of("\ud800") != hash_of("?")
