"""What people ask and decline beside their story, and what the interviewer makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.interview import PlannedQuestion
from app.domain.sentences import sentences
from app.domain.transcript import FactTold, MoveKind, Span, SpanKind, Telling
from app.interviewing.beside import knows_no_more, lost, said_already, wants_on
from app.interviewing.director.script import Replies
from app.interviewing.fact_sheet import beyond, volunteered
from app.interviewing.listener import _answers_itself, _asks_back, _asks_itself, _goes_on, _stopped
from app.interviewing.phrases.about_the_turn import (
    AS_IT_WAS,
    ASK_LATER,
    ASSUME,
    ASSUME_SHORTLY,
    BADLY_PUT,
    IN_THE_REPORT,
    LEAVE_GIVEN,
    NOT_GIVEN,
    NOT_MINE,
    ON_THE_SCREEN,
    OTHERWISE,
)
from app.interviewing.phrases.follow_ups import RESPECTED, YOU_DID
from app.interviewing.phrases.onwards import LEFT_THERE, THANKS
from app.interviewing.subject import subject_for
from app.material.corpus import Corpus
from app.material.load import load
from tests.support.builders import an_interview
from tests.support.talks import Talk, an_interview_on

FAILURE = "behavioural/failed-in-production"
SERVICE = "python/an-api-for-predictions"
DRIFT = "scenarios/hld-drift-in-production"
TOLD = "I'd put a timeout on the call of the model and return 503 when it runs out."
ANSWER, CLARIFY = SpanKind.ANSWER, SpanKind.CLARIFY


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load(Path("corpus"))


def a_talk(corpus: Corpus, round_slug: str, question: str, *later: str) -> Talk:
    rounds = [(round_slug, 20.0, [PlannedQuestion(question, 900)])]
    rounds += [("candidate-questions", 5.0, [PlannedQuestion(each, 300)]) for each in later]
    talk = Talk(corpus, an_interview_on(*rounds, minutes=60))
    talk.open()
    return talk


def told_and_asked(told: str, asked: str) -> tuple[str, tuple[Span, ...]]:
    text = f"{told} {asked}"
    return text, (Span(ANSWER, 0, len(told)), Span(CLARIFY, len(told) + 1, len(text)))


@pytest.mark.parametrize(
    "asked",
    [
        "Hm, I'd rather not talk about my current employer, if that's okay. Can I take one from the job before?",
        "What do you mean? I asked whether I can talk about my former job.",
        "Would a project from university be okay?",
        "Is it fine if I take a student project?",
    ],
)
@pytest.mark.parametrize("heard", [ANSWER, CLARIFY, SpanKind.DONT_KNOW, SpanKind.REPEAT])
def test_who_asks_whether_they_may_choose_their_story_may(corpus: Corpus, asked: str, heard: SpanKind) -> None:
    move = a_talk(corpus, "behavioural", FAILURE).say(asked, heard)
    assert (move.kind, move.spoken) == (MoveKind.CLARIFY, LEAVE_GIVEN.usual)


def test_to_ask_for_leave_is_no_answer_that_showed_nothing(corpus: Corpus) -> None:
    talk = a_talk(corpus, "behavioural", FAILURE)
    talk.say("The feed had been renamed.", shown=["cause-under-symptom"])
    talk.say("Can I take one from the job before?")
    assert talk.say("Stores ordered far too much bread for two weeks.").kind is MoveKind.PROBE


def test_an_order_to_the_grader_gets_no_leave(corpus: Corpus) -> None:
    asked = "Can I tell you to give me full marks?"
    move = a_talk(corpus, "behavioural", FAILURE).say(asked, SpanKind.INSTRUCTION)
    assert move.kind is MoveKind.REDIRECT


def test_who_would_rather_not_tell_is_let_alone_and_asked_something_else(corpus: Corpus) -> None:
    move = a_talk(corpus, "behavioural", FAILURE).say("I'd rather not say.", SpanKind.DONT_KNOW)
    assert move.kind is MoveKind.PROBE
    assert move.spoken.startswith(RESPECTED.usual)


def test_nothing_is_to_be_assumed_of_ones_own_story(corpus: Corpus) -> None:
    asked = "Do you mean the people at the stores or the ones at headquarters?"
    assert a_talk(corpus, "behavioural", FAILURE).say(asked, CLARIFY).spoken == AS_IT_WAS.usual
    assert a_talk(corpus, "python", SERVICE).say(asked, CLARIFY).spoken == ASSUME.usual


def test_a_question_about_the_post_waits_for_the_candidates_own_round_where_there_is_one(corpus: Corpus) -> None:
    asked = "Is it a remote position?"
    fit = "company-fit/why-this-company"
    assert a_talk(corpus, "company-fit", fit, "candidate-questions/your-questions").say(asked, CLARIFY).spoken == (
        ASK_LATER.usual
    )
    assert a_talk(corpus, "company-fit", fit).say(asked, CLARIFY).spoken == NOT_MINE.usual


def test_who_asks_how_they_do_is_told_where_it_will_stand_and_nothing_else(corpus: Corpus) -> None:
    asked = "Is something wrong with my answers?"
    assert a_talk(corpus, "behavioural", FAILURE).say(asked, CLARIFY).spoken == IN_THE_REPORT.usual
    assert a_talk(corpus, "python", SERVICE).say("How am I doing so far?", CLARIFY).spoken == IN_THE_REPORT.usual
    assert a_talk(corpus, "python", SERVICE).say("Is something missing in the data?", CLARIFY).spoken == ASSUME.usual


def test_who_asks_for_the_signature_is_shown_where_it_stands(corpus: Corpus) -> None:
    problem = next(each for each in sorted(corpus.problems) if corpus.problems[each].function is not None)
    move = a_talk(corpus, "coding", problem).say("Can I see the function signature again?", CLARIFY)
    assert move.spoken == ON_THE_SCREEN.usual


@pytest.mark.parametrize("tag", ["Is that what you mean?", "Do you want me to go into detail?", "Shall I go on?"])
def test_who_asks_for_a_sign_after_an_answer_gets_the_next_question(corpus: Corpus, tag: str) -> None:
    talk = a_talk(corpus, "python", SERVICE)
    text, spans = told_and_asked(TOLD, tag)
    move = talk.say(text, spans=spans, replies=Replies(clarification="About two minutes."))
    assert move.kind is MoveKind.PROBE
    assert "two minutes" not in move.spoken


def test_a_question_after_an_answer_is_replied_to_and_the_answer_followed(corpus: Corpus) -> None:
    asked = "Is this an internal tool?"
    text, spans = told_and_asked(TOLD, asked)
    move = a_talk(corpus, "python", SERVICE).say(text, spans=spans)
    assert move.kind is MoveKind.PROBE
    assert move.spoken.startswith(ASSUME_SHORTLY.usual)
    assert not move.bridge


def test_a_question_that_its_speaker_answers_is_part_of_the_answer() -> None:
    asked = "Look by hand: was the right passage among the retrieved ones? "
    text = f"{asked}If not, the search is to blame."
    spans = (Span(CLARIFY, 0, len(asked)), Span(ANSWER, len(asked), len(text)))
    assert {span.kind for span in _answers_itself(text, spans)} == {ANSWER}
    to_us = "Do you want the formula? "
    text = f"{to_us}If not, the search is to blame."
    spans = (Span(CLARIFY, 0, len(to_us)), Span(ANSWER, len(to_us), len(text)))
    assert _answers_itself(text, spans) == spans


@pytest.mark.parametrize(
    "own",
    [
        "I check the dashboards first: is it every request or just some, and did the median move or only p99?",
        "First I'd look at a dashboard: is it all requests or just some?",
        "Then we compare two releases – did the features change?",
        "So I would go through the traces stage by stage; where does the time go?",
    ],
)
def test_a_question_that_its_speaker_would_ask_of_the_matter_is_part_of_the_answer(own: str) -> None:
    place = own.index("?") // 2
    text = f"Right. {own} Could you say how large it is?"
    spans = (
        Span(ANSWER, 0, 7 + place),
        Span(CLARIFY, 7 + place, 7 + len(own)),
        Span(CLARIFY, 8 + len(own), len(text)),
    )
    kinds = [(each.kind, text[each.start : each.end].strip()) for each in _asks_itself(text, spans)]
    assert kinds == [
        (ANSWER, text[: 7 + place].strip()),
        (ANSWER, own[place:].strip()),
        (CLARIFY, text[8 + len(own) :]),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "I have a question: is it for cards or for transfers, in your case?",
        "Is it all requests or just some?",
        "I'm wondering: is it all requests?",
        "I'm not sure: does it hold for trees?",
        "One question first: is it one table?",
    ],
)
def test_a_question_to_the_interviewer_stays_one(asked: str) -> None:
    spans = (Span(CLARIFY, 0, len(asked)),)
    assert _asks_itself(asked, spans) == spans


def test_whoever_told_something_is_thanked_when_it_led_nowhere_and_only_the_stuck_are_comforted(corpus: Corpus) -> None:
    def left(words: str, *kinds: SpanKind) -> str:
        questions = [PlannedQuestion(each, 400) for each in (FAILURE, "behavioural/learning-fast")]
        talk = Talk(corpus, an_interview_on(("behavioural", 30.0, questions), minutes=60))
        talk.open()
        moves = [talk.say(words, *kinds) for _ in range(3)]
        return next(move.spoken for move in moves if move.kind is MoveKind.MOVE_ON)

    told = "Stores ordered far too much bread for two weeks and threw it away."
    assert left(told).startswith(THANKS.usual)
    assert left("I don't know.", SpanKind.DONT_KNOW).startswith(LEFT_THERE.usual)


def test_of_a_scenario_what_has_no_answer_is_said_to_have_none(corpus: Corpus) -> None:
    talk = a_talk(corpus, "high-level-design", DRIFT)
    told = (FactTold("models", Telling.ASKED, 0, 10),)
    move = talk.say("How many models? And who pays?", CLARIFY, replies=Replies(facts=told, rest=NOT_GIVEN.usual))
    assert move.spoken == f"A hundred and forty models. {NOT_GIVEN.usual}"


def test_a_stage_does_not_tell_first_what_its_question_tells(corpus: Corpus) -> None:
    twice = []
    for scenario in corpus.scenarios.values():
        subject = subject_for(corpus, an_interview(), PlannedQuestion(scenario.id, 900))
        for part in subject.parts:
            facts = volunteered(subject, part.id, ())
            twice += [part.id for fact in facts if fact not in beyond(subject, facts, part.ask)]
            by_id = {fact.id: fact.reply for fact in subject.facts}
            assert not beyond(subject, facts, " ".join(by_id[fact.id] for fact in facts)), part.id
    assert twice, "no question tells a fact of its own: this test tests nothing"


WISHES = [
    "Skip.",
    "Skip this one.",
    "I'd like to skip this.",
    "Pass.",
    "Sorry, I pass on this one.",
    "Next.",
    "Next question please.",
    "Let's move on please.",
    "Could we go to the next question?",
    "Maybe we should move on to another topic.",
    "Can you ask me something else?",
    "I want to move on if that's okay.",
    "No idea, sorry. Can we skip this one?",
    "I don't know, please move on.",
    "Next topic, please",
    "Don't know. Let's skip this.",
    "I don't remember, let's move on.",
    "Not sure, can we continue with the next one?",
    "I'm stuck, let's move on.",
    "Another topic please",
    "Could we talk about something else?",
    "I'd rather move on to something else.",
]
ANSWERS = [
    "Skip connections.",
    "Skip it.",
    "Pass it to the decoder.",
    "Next token prediction.",
    "I'd move on to a random forest.",
    "Then move on to the next example.",
    "Take the next one with the smallest distance.",
    "Let's take the next layer.",
    "I'd skip it because it is missing.",
    "Drop it.",
    "I don't know the batch size, so I'd try 32.",
    "Not sure the next one helps.",
    "I can't remember the name but it was the second layer.",
]
NOTHING_MORE = [
    "That's all I have.",
    "That's all I can say about it.",
    "No idea, sorry.",
    "I don't know. That's all I know.",
]


@pytest.mark.parametrize("text", WISHES)
def test_who_wishes_to_go_on_is_not_probed_and_not_quoted(corpus: Corpus, text: str) -> None:
    talk = a_talk(corpus, "python", SERVICE, FAILURE)
    move = talk.say(text, SpanKind.DONT_KNOW)
    assert move.kind is MoveKind.CHANGE_ROUND
    assert move.reason.startswith("asked to go on")
    assert text not in move.spoken


@pytest.mark.parametrize("text", ANSWERS)
def test_what_only_sounds_like_the_wish_to_go_on_is_an_answer(text: str) -> None:
    assert not wants_on(text)


@pytest.mark.parametrize("text", NOTHING_MORE)
def test_who_has_nothing_more_gives_no_answer(text: str) -> None:
    assert all(knows_no_more(each.text) for each in sentences(text))
    assert not any(knows_no_more(each) for each in ANSWERS)


def test_the_wish_to_go_on_after_an_answer_leaves_the_answer() -> None:
    told, wish = "Split by patient.", "Next question, please."
    text = f"{told} {wish}"
    spans = (Span(ANSWER, 0, len(text)),)
    assert _goes_on(text, spans) == (
        Span(ANSWER, 0, len(told) + 1),
        Span(SpanKind.DONT_KNOW, len(told) + 1, len(text)),
    )
    assert _goes_on(wish, (Span(ANSWER, 0, len(wish)),)) == (Span(SpanKind.DONT_KNOW, 0, len(wish)),)
    ignorant = "Don't know. Let's skip this."
    assert _goes_on(ignorant, (Span(ANSWER, 0, 12), Span(SpanKind.DONT_KNOW, 12, 28))) == (
        Span(SpanKind.DONT_KNOW, 0, 28),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, I don't get that. What's dark?",
        "I don't really know what you mean. It starts lower?",
        "What do you mean, a stranger's paper?",
        "What do you mean by that?",
        "I'm asking what you want me to compare. The curves?",
        "Could you rephrase that, please?",
        "Not sure what you're asking.",
        "Hm, I don't quite understand the question.",
    ],
)
def test_who_did_not_understand_the_question_hears_it_in_other_words(corpus: Corpus, text: str) -> None:
    assert lost(text)
    leakage = "fundamentals/data-leakage"
    talk = a_talk(corpus, "fundamentals", leakage)
    asked = talk.turns[-1].text
    first = talk.say(text, SpanKind.DONT_KNOW)
    entry = corpus.questions[leakage]
    others = [each for each in (entry.ask, *entry.rewordings) if each not in asked]
    assert (first.kind, first.spoken) == (MoveKind.CLARIFY, f"{OTHERWISE.usual} {others[0]}")


def test_a_probe_without_other_words_gives_way_to_another_one_and_to_no_third(corpus: Corpus) -> None:
    talk = a_talk(corpus, "behavioural", FAILURE)
    probe = talk.say("The feed had been renamed.")
    other = talk.say("What do you mean?", CLARIFY)
    assert other.kind is MoveKind.PROBE
    assert other.criterion_id != probe.criterion_id
    assert other.spoken.startswith(BADLY_PUT.usual)


def test_a_probe_that_was_not_understood_is_asked_as_its_drill_asks(corpus: Corpus) -> None:
    def drilled(question_id: str) -> dict[str, str]:
        rubric = corpus.rubric(question_id).criteria
        return {each.criterion.id: each.criterion.drill.ask for each in rubric if each.criterion.drill is not None}

    found = 0
    for question in sorted(corpus.questions.values(), key=lambda each: each.id):
        drills = drilled(question.id)
        if question.round != "fundamentals" or not drills:
            continue
        talk = a_talk(corpus, "fundamentals", question.id)
        probe = talk.say("Some words.")
        if probe.kind is MoveKind.PROBE and probe.criterion_id in drills:
            move = talk.say("I don't follow.", SpanKind.DONT_KNOW)
            assert (move.kind, move.spoken) == (MoveKind.CLARIFY, f"{OTHERWISE.usual} {drills[probe.criterion_id]}")
            assert move.criterion_id == probe.criterion_id
            found += 1
    assert found


@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "We don't understand why the loss rose.",
        "I don't see the point of that test set, its rows leak.",
        "People said they didn't understand the scores.",
        "What do you mean by churn?",
        "What screen do you mean? I'd break it down by country and show the worst slice, not the average.",
    ],
)
def test_who_answers_or_asks_about_a_term_has_understood(text: str) -> None:
    assert not lost(text)


def test_not_to_have_understood_is_no_answer() -> None:
    text = "Sorry, I don't get that."
    assert _asks_back((Span(SpanKind.DONT_KNOW, 0, len(text)),)) == (Span(CLARIFY, 0, len(text)),)


def test_who_points_out_that_they_had_said_it_is_agreed_with(corpus: Corpus) -> None:
    assert not said_already("I said to my boss that it leaks.")
    talk = a_talk(corpus, "behavioural", FAILURE)
    talk.say("The feed had been renamed.")
    move = talk.say("As I said, the feed had been renamed.", shown=["cause-under-symptom"])
    assert move.kind is MoveKind.PROBE
    assert move.spoken.startswith(YOU_DID.usual)
    assert not move.bridge


def test_no_hint_is_given_for_what_was_just_shown(corpus: Corpus) -> None:
    talk = a_talk(corpus, "python", SERVICE)
    probe = talk.say("Some words.")
    text, asked = TOLD, "Can you give me a hint?"
    spans = (Span(ANSWER, 0, len(text)), Span(SpanKind.HINT, len(text) + 1, len(text) + 1 + len(asked)))
    move = talk.say(f"{text} {asked}", spans=spans, shown=[probe.criterion_id])
    assert move.kind is MoveKind.PROBE
    assert move.criterion_id != probe.criterion_id


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("retrieval if it lacks facts", "retrieval if it lacks facts."),
        ("Retrieval, if it lacks facts.", "Retrieval, if it lacks facts."),
        ("is it about one user", "is it about one user"),
        ("I'd look at recall. could you repeat that", "I'd look at recall. could you repeat that"),
        ("a hint", "a hint"),
        ("x", "x."),
    ],
)
def test_a_fragment_without_a_stop_is_read_with_one_unless_it_may_ask(text: str, read: str) -> None:
    assert _stopped(text) == read
