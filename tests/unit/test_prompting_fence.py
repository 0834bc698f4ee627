from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.prompting.fence import CLOSING, TAG, fence, neutralize

PIECES = (
    *("<", "</", ">", "/", " ", "\n", "\t", "\u200b", "\u00ad", "＜", "‹", "«", "<|", "|>", "im_end", "</s>"),
    *(TAG, TAG.upper(), "un", "trusted", "Unt\u200brusted", "unſ", CLOSING, f'<{TAG} source="answer">', "{{ x }}"),
)
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


@given(hostile | st.text())
@example(CLOSING)
@example(f"<{CLOSING}")
@example(f"</{TAG}{CLOSING}>")
@example("</untruSTed >")
def test_no_text_can_produce_the_closing_tag(text: str) -> None:
    fenced = fence(text, "answer")
    assert fenced.endswith(f"\n{CLOSING}")
    assert fenced.casefold().count(CLOSING) == 1
    assert fenced.casefold().count(f"<{TAG}") == 1
    assert fenced.startswith(f'<{TAG} source="answer">\n')


@given(hostile, hostile)
def test_fences_side_by_side_stay_apart(one: str, other: str) -> None:
    both = fence(one) + "\n" + fence(other)
    assert both.casefold().count(CLOSING) == 2


@given(hostile | st.text())
def test_neutralizing_is_idempotent_and_keeps_offsets(text: str) -> None:
    once = neutralize(text)
    assert neutralize(once) == once
    assert len(once) == len(text)
    assert "<|" not in once


@given(st.text().filter(lambda text: "<" not in text and "＜" not in text))
def test_text_without_brackets_is_untouched(text: str) -> None:
    if not set("﹤〈⟨《") & set(text):
        assert neutralize(text) == text


@pytest.mark.parametrize(
    "ordinary",
    [
        "a < b and c > d",
        "List<int> x = y << 3;",
        ">>> print('x')",
        "<b>bold</b>",
        "I do not trust untrusted input",
        "1 <2",
    ],
)
def test_ordinary_words_and_code_stay_as_they_are(ordinary: str) -> None:
    assert ordinary in fence(ordinary)


@pytest.mark.parametrize("label", ["", "Answer", 'x"y', "x>y", "a" * 41])
def test_a_label_is_a_few_plain_letters(label: str) -> None:
    with pytest.raises(ValueError, match="label"):
        fence("x", label)


@pytest.mark.parametrize("piece", ["<", "< ", "</", "<untruste", "<\u200b", "＜/"])
def test_long_texts_take_no_time(piece: str) -> None:
    began_at = time.process_time()
    neutralize(piece * (200_000 // len(piece)))
    assert time.process_time() - began_at < 2
