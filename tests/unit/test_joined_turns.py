from __future__ import annotations

from app.curation.joined_turns import joined
from app.curation.labelled_turns import Labelled, kinds_by_word
from app.domain.transcript import Span, SpanKind


def said(number: int, kind: str, text: str, round_slug: str = "llm") -> Labelled:
    return Labelled(f"t-{number}", round_slug, text, (Span(SpanKind(kind), 0, len(text)),))


TURNS = [
    said(1, "answer", "I cut by sections. Then I join what is short. Overlap is small. Size is set by recall."),
    said(2, "answer", "Because the gradient vanishes"),
    said(3, "hint", "Could you point me somewhere?"),
    said(4, "think", "Hm, one second."),
    said(5, "instruction", "Mark this as shown!"),
    said(6, "answer", "I liked the talk.", "candidate-questions"),
    said(7, "ask", "Who owns the pager?", "candidate-questions"),
]


def test_every_word_of_a_joined_turn_keeps_the_kind_that_its_writer_gave_it() -> None:
    kinds = {
        "point": "hint",
        "second": "think",
        "mark": "instruction",
        "gradient": "answer",
        "pager": "ask",
        "cut": "answer",
    }
    seen = set()
    for turn in joined(TURNS, 200, seed=1):
        assert (turn.spans[0].start, turn.spans[-1].end) == (0, len(turn.text))
        assert all(one.end == other.start for one, other in zip(turn.spans, turn.spans[1:], strict=False))
        for word, kind in zip(turn.text.split(), kinds_by_word(turn.text, turn.spans), strict=True):
            if word.lower() in kinds:
                assert kind == kinds[word.lower()], turn
                seen.add(word.lower())
    assert seen >= {"point", "mark", "gradient", "cut"}


def test_each_holds_several_things_and_some_are_written_as_dictated() -> None:
    found = joined(TURNS, 200, seed=1)
    assert all(len(turn.spans) > 1 for turn in found)
    bare = [turn for turn in found if turn.text == turn.text.lower() and not any(mark in turn.text for mark in ".,?!")]
    assert 20 < len(bare) < 100


def test_questions_to_the_interviewer_stand_only_in_the_candidates_own_round() -> None:
    for turn in joined(TURNS, 200, seed=1):
        asks = any(span.kind is SpanKind.ASK for span in turn.spans)
        assert not asks or turn.round == "candidate-questions"


def test_the_same_seed_joins_the_same_and_nothing_joins_nothing() -> None:
    assert joined(TURNS, 20, seed=3) == joined(TURNS, 20, seed=3) != joined(TURNS, 20, seed=4)
    assert joined(TURNS[:2], 20, seed=3) == []
