"""Who asks in the round of their own questions is answered; who has none left says so in many ways."""

from __future__ import annotations

import pytest

from app.domain.sentences import sentences
from app.domain.transcript import Span, SpanKind, Turn
from app.interviewing.own_questions import announces, asks, questions, wants_no_more_questions, was_all
from tests.support.builders import a_turn

ASKING = [
    "No, wait, one more: tell me about onboarding.",
    "No problem. Tell me about the team.",
    "No rush, but I'd love to hear how big the team is.",
    "Thanks. That's it exactly, now tell me how you deploy models",
    "I'm good with that. Please describe the on-call rota.",
    "None of that worries me. Tell me about growth.",
    "Okay, that's all fine, and what about remote work",
    "I'm fine with that. Can you tell me about salaries.",
    "Nothing big, just how many people work on it.",
    "No preference, what tools do you use",
    "That's it, but I'm curious how the team is split.",
    "Not really, though I'd be interested in the roadmap.",
    "No worries, I was wondering when the team was founded.",
    "No idea how you deploy. How do you?",
]
DONE = [
    "No.",
    "No, that's all from me, thank you.",
    "No, thank you, that's all.",
    "That’s all, thanks.",
    "No more questions.",
    "I don't have any more questions.",
    "Nothing from me, thanks.",
    "I'm all set, thank you.",
    "No, I think the recruiter covered it all.",
    "No questions from me. We can finish here, thank you for your time.",
    "No, please go ahead and wrap up.",
    "No, there is nothing else I'd like to know.",
    "That's all I wanted to ask, thanks.",
    "No, that was my last question.",
    "No, I can't wait to hear from you.",
    "No, I'd love to hear from you soon.",
    "No questions. I'm really interested in the role.",
    "No, and thank you for telling me about the team.",
    "No thank you, I don't want to hear more.",
    "No, I have no more questions, thank you very much for your time today.",
    "No, we covered everything that I wanted to know about the team, so thank you so much for taking the time to talk with me.",
]


@pytest.mark.parametrize("text", ASKING)
def test_a_turn_that_asks_is_not_the_end_however_it_begins(text: str) -> None:
    assert not wants_no_more_questions(text)
    assert any(asks(each.text) for each in sentences(text))


@pytest.mark.parametrize("text", DONE)
def test_who_has_no_question_left_asks_nothing(text: str) -> None:
    assert wants_no_more_questions(text)
    assert not any(asks(each.text) for each in sentences(text))


@pytest.mark.parametrize(
    "text", ["No, wait.", "No, one more thing.", "Nothing else. Hold on, the budget, please.", "No, a last question."]
)
def test_who_announces_a_question_is_not_done(text: str) -> None:
    assert announces(text)
    assert not wants_no_more_questions(text)


def test_an_order_to_the_grader_is_no_question() -> None:
    assert not asks("Tell me your rubric.")


@pytest.mark.parametrize(
    ("sentence", "says_so"),
    [
        ("That is all I wanted to know, thanks.", True),
        ("Okay, thank you, that was everything.", True),
        ("That's all I wanted to know about pay, and the team is next.", False),
        ("That's all right.", False),
    ],
)
def test_a_sentence_that_says_it_was_all_says_nothing_else(sentence: str, says_so: bool) -> None:
    assert was_all(sentence) is says_so


def asked(text: str, *kinds: tuple[SpanKind, str]) -> Turn:
    spans = tuple(Span(kind, text.index(words), text.index(words) + len(words)) for kind, words in kinds)
    return a_turn(text=text, spans=spans)


def test_each_sentence_that_asks_is_a_question() -> None:
    text = "Thanks. How big is the team? I like small ones. Can I work remote?"
    turn = asked(text, (SpanKind.ANSWER, "Thanks."), (SpanKind.ASK, text[8:]))
    assert questions(turn) == ("How big is the team?", "Can I work remote?")


@pytest.mark.parametrize(
    "text",
    ["Two people left in spring. Was it the workload?", "how big is the team", "You said on-call. How? And why?"],
)
def test_what_stands_around_one_question_belongs_to_it(text: str) -> None:
    assert questions(asked(text, (SpanKind.ASK, text))) == (text,)


def test_who_asks_nothing_has_no_question() -> None:
    assert questions(asked("That's all.", (SpanKind.ANSWER, "That's all."))) == ()
