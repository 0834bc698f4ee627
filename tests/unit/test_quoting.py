from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sentences import content_stems, words
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.interviewing.bridge import MAX_SPOKEN_WORDS, excerpt
from app.interviewing.phrases.saying_back import ASIDE, BRING_BACK, SAID_BACK
from app.interviewing.quoting import brought_back, said_back
from app.interviewing.rarity import MOST, UNKNOWN, Rarity, rarity_in
from app.interviewing.stretches import clauses
from app.material.load import load

CORPUS = Path("corpus")
PROBE = "Walk me through the order of your steps."
SUBJECT = "split customer table training validation curve dropout scaler test rows fraud week 0.9"
ABOUT = content_stems(SUBJECT)
RARITY = Rarity({"training": 2.0, "rows": 2.0, "test": 2.0}).of


def turn(text: str, kind: SpanKind = SpanKind.ANSWER) -> Turn:
    spans = (Span(kind, 0, len(text)),)
    return Turn("t2", "i", 2, Speaker.CANDIDATE, text, datetime(2026, 1, 1, tzinfo=UTC), spans=spans)


def quote(text: str, before: str = "", written: str = PROBE, kind: SpanKind = SpanKind.ANSWER, shown: str = "") -> str:
    return said_back(turn(text, kind), about=ABOUT, rarity=RARITY, written=written, before=before, shown=shown)


def back(text: str, before: str = "", written: str = PROBE) -> str:
    return brought_back(turn(text), about=ABOUT, rarity=RARITY, written=written, before=before)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "We split by customer, because their tickets look alike.",
            "their tickets look alike",
        ),
        (
            "Well, the test rows were in training before anyone noticed.",
            "the test rows were in training before anyone noticed",
        ),
        ("My flat was cold. The scaler saw the test rows that week.", "The scaler saw the test rows"),
        ("That comes to 0.37.", "That comes to 0.37"),
        ("The test rows leaked to warn us.", "The test rows leaked to warn us"),
    ],
)
def test_a_whole_stretch_of_the_answer_is_quoted(text: str, quoted: str) -> None:
    assert quote(text) == f"You said “{quoted}”."


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Customers who split the table are the loyal, heavier fraud cases.", "split the table are"),
        ("Customers who split the table are the loyal, heavier fraud cases.", "the loyal”"),
        ("On training rows the scaler saw 12 customers of the fraud table each week.", "training rows the scaler"),
        ("Because fraud customers who never split the table differ from the rest.", "Because fraud customers”"),
        ("At row 256 the training curve is typically far above the table.", "256 the training"),
    ],
)
def test_no_quotation_runs_from_the_middle_of_one_clause_into_another(text: str, never: str) -> None:
    said = quote(text, written="And then?")
    assert "“" in said
    assert never not in said


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("If there's one row that does nearly everything in training, I get suspicious.", "does nearly everything"),
        ("Split first, then fit the scaler, the dropout, the curve, on the training rows.", "the dropout”"),
        ("The test rows in train and test, or the customer with several rows.", "“test, or"),
        ("The training curve was so long it took four seconds.", "“long it"),
        ("Rule for the rows is 16 times p(1-p) over delta squared.", "p(1-p”"),
        ("The test rows can't be seen in training every week, well they can, but it's rare.", "can't be seen"),
        ("The scaler saw 12 test rows. No wait, that was the training table.", "12 test rows"),
        ("I'd look at the fraud rows, and whether the training curve moves.", "“whether"),
        ("For the fraud rows I'd give the chance that it works in training every week.", "the chance”"),
        ("Randomise the training by customer and week.", "by customer”"),
        ("Tables that carry the same training rows leak.", "“carry"),
        ("If the table has, like a copy of the scaler, the curve wouldn't move.", "the scaler, the"),
        ("A switchback, because customers and drivers affect the table.", "“drivers"),
    ],
)
def test_no_quotation_leaves_half_a_thought_or_one_that_was_taken_back(text: str, never: str) -> None:
    assert never not in quote(text, written="And then?")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "You divide by 0.8, so the training sum of 0.9 stays the same and you do nothing at test time.",
            "stays the same”",
        ),
        ("Boosting would, there each training table needs the one before.", "needs the one before”"),
        ("In a test the rows are off, and the fraud rows get scaled up.", "get scaled up”"),
        ("Honestly the scaler saw the test rows.", "“the scaler saw"),
        ("Then the scaler saw the test rows.", "“the scaler saw"),
        ("Say 150 customers of the table.", "“150 customers"),
    ],
)
def test_a_quotation_keeps_the_last_word_of_a_thought_and_leaves_out_what_begins_it(text: str, quoted: str) -> None:
    assert quoted in quote(text)


def test_the_point_is_quoted_and_not_what_was_granted_before_it() -> None:
    assert "made up rows" in quote("The training curve fell nicely, but the scaler made up rows.")


def test_nobody_hears_again_what_they_admitted_beside_not_knowing() -> None:
    text = "I don't know. We didn't compare it with the training table."
    both = (Span(SpanKind.DONT_KNOW, 0, 13), Span(SpanKind.ANSWER, 14, len(text)))
    admitted = replace(turn(text), spans=both)
    assert said_back(admitted, about=ABOUT, rarity=RARITY, written=PROBE, before="") == ""
    assert "“We didn't compare it" in quote(text[14:])


def test_a_claim_is_quoted_without_the_word_that_gives_it_as_a_ground_and_never_without_its_condition() -> None:
    assert "“fraud rows" in quote("Because fraud rows outnumber the customers there.", written="And then?")
    assert "“fraud rows" not in quote("If fraud rows outnumber the customers there.", written="And then?")


@pytest.mark.parametrize(
    "text",
    [
        "The dough rests in the fridge for a whole night, and the oven is hot.",
        "Is the validation curve of the training rows the point of this?",
        "What a pointless test of training rows.",
        "I've forgotten more about this than you'll ever know.",
        "I don't know.",
        "Yes.",
    ],
)
def test_nothing_is_quoted_that_leads_away_is_rude_or_private_speaks_to_us_or_says_nothing(text: str) -> None:
    said = quote(text)
    assert said == ""


def test_what_nobody_else_said_is_quoted_before_what_the_question_says() -> None:
    text = "We looked at the training rows again. The scaler saw everything on Tuesday."
    asked = "What became of the training rows?"
    assert "scaler" in quote(text, before=asked)
    assert "0.37" in quote("The share comes to 0.37 of the training rows.", before=asked, shown="rows 12 0.9")
    both = "There are 12 customers in the table. The scaler saw 7 customers of the table."
    assert "7" in quote(both, before=asked, shown="rows 12 0.9")


def test_the_last_words_of_a_thought_are_not_cut_from_what_they_belong_to() -> None:
    said = quote("Recall is the share of the fraud rows that were found in a week.", written=" ".join(["word"] * 24))
    assert not said.endswith("share”.")


def test_what_lies_between_two_things_is_quoted_with_both() -> None:
    said = "The trees could handle the gap between weekday and promotion by themselves, and the line needed both."
    found = [each.text for each in clauses(said, 9, freely=True)]
    assert found
    assert not [each for each in found if "between" in each and "promotion" not in each]
    assert "the gap between rows" in " ".join(
        each.text for each in clauses("I saw the gap between rows.", 9, freely=True)
    )


def test_at_least_so_many_are_not_so_many() -> None:
    assert "at least 80,000" in quote("The rows are censored, at least 80,000.")


def test_what_is_done_by_hand_is_not_said_back_as_a_hand() -> None:
    said = quote("Before that the planners had moved every price by hand from last year's week.")
    assert said
    assert "by hand" in said or "hand" not in said
    assert all(
        not stretch.text.startswith("hand")
        for stretch in clauses("It was done by hand from last year's week.", 9, freely=True)
    )


def test_a_place_that_was_named_before_is_not_said_back() -> None:
    """Alone, "there my numbers set prices" begins in the midst of things; what there is, begins with it."""
    said = [each.text for each in clauses("It went to the shops, and there my numbers set prices.", 9, freely=True)]
    assert "my numbers set prices" in said
    assert "there my numbers set prices" not in said
    assert "there are two ways" in [each.text for each in clauses("Well, there are two ways.", 9, freely=True)]


def test_who_only_names_things_hears_one_of_them_by_name_and_another_the_next_time() -> None:
    text = "It's all about dropout, scaler, validation curve."
    written = " ".join(["word"] * 29)
    first = quote(text, written=written)
    second = quote(text, before=first, written=written)
    third = quote(text, before=f"{first} {second}", written=written)
    assert len({each.split("“")[1].split("”")[0] for each in (first, second, third)}) == 3
    again = quote(text, before="dropout scaler validation curve You said “dropout, scaler, validation curve”.")
    assert "validation curve" in again


def test_nobody_comes_back_to_a_name_that_was_not_said_back_before() -> None:
    text = "It's all about dropout."
    written = " ".join(["word"] * 29)
    asked = "Does dropout help the training here?"
    assert quote(text, before=asked, written=written) == ""
    assert quote(text, before=f"{asked} You named “dropout”.", written=written) == "You come back to “dropout”."
    away = "The kitchen was cold and nobody had baked the sourdough in that kitchen for a whole year."
    named = "The sourdough in the kitchen was cold for a whole year, and nobody had baked it."
    written = " ".join(["word"] * 26)
    assert back(away, before=named, written=written) == BRING_BACK[0]
    assert "“sourdough”" in back(away, before=f"{named} I'd leave “sourdough” there.", written=written)


def test_rarity_is_counted_over_the_corpus() -> None:
    rarity = rarity_in(load(CORPUS))
    assert rarity.of("sourdough") == UNKNOWN
    assert all(0 < rarity.of(stem) <= MOST for stem in rarity.worth)
    counted = sorted(rarity.worth, key=rarity.of)
    assert rarity.of(counted[0]) < rarity.of(counted[-1])


AWAY = "The best way to bake sourdough is to let the dough rest in a cold fridge for a whole night."


def test_who_speaks_of_something_else_hears_of_what_and_is_brought_back() -> None:
    before, heard = "", []
    for _ in range(len(ASIDE)):
        heard.append(back(AWAY, before))
        before += f"\n{heard[-1]}"
    assert all(heard)
    quoted = [each[each.index("“") + 1 : each.index("”")] for each in heard]
    assert all(each in AWAY for each in quoted)
    assert len(set(heard)) == len(heard)
    on_topic = "The scaler saw the test rows of that week before the split of the customer table."
    assert back(on_topic) == back("I don't know.") == ""
    assert back(AWAY, written=" ".join(["word"] * 34)) == ""


@pytest.mark.parametrize(
    "aside",
    [
        "My father is in hospital since Sunday and nobody knows how long that will go on.",
        "This is nonsense made by an idiot who never opened a book or wrote a program.",
    ],
)
def test_private_matters_and_insults_are_never_named(aside: str) -> None:
    assert back(aside) == BRING_BACK[0]


def test_an_answer_in_words_of_its_own_is_quoted_where_it_is_to_the_point_at_all() -> None:
    text = "My colleague noticed strange duplicates in both spreadsheets, customer by customer."
    assert "“" in quote(text)


def test_only_what_counts_as_an_answer_is_quoted() -> None:
    assert quote("Mark the validation curve of the training rows as shown.", kind=SpanKind.INSTRUCTION) == ""


def test_a_negation_is_not_lost() -> None:
    assert "“" not in (
        found := quote("I never put the test rows of a customer into the training table of that week.")
    ) or ("never" in found)


def test_the_frame_changes_and_nothing_is_quoted_twice() -> None:
    before = ""
    heard = set()
    for week in range(len(SAID_BACK) + 2):
        said = quote(f"The validation curve of week {week} fell.", before)
        assert f"week {week}" in said
        heard.add((said.split("“")[0], said.split("”")[1]))
        before += f"\n{said}"
    assert len(heard) == len(SAID_BACK) + 1
    assert "of week 1 fell" not in quote("The validation curve of week 1 fell.", before)


def test_what_is_left_of_35_words_bounds_the_quotation() -> None:
    for length in range(20, 40):
        written = " ".join(["word"] * length) + "?"
        said = quote("We split the table by customer and kept the test rows apart.", written=written)
        assert not said or len(words(said)) + length <= MAX_SPOKEN_WORDS
    assert quote("We split the table by customer.", written=" ".join(["word"] * 34)) == ""


@given(st.text(alphabet=st.sampled_from("abcsplit customer,.;—?!'“”\"<>table rows 0.9\n"), max_size=200))
def test_a_quotation_stands_in_the_answer_word_for_word(text: str) -> None:
    said = quote(text)
    if said:
        quoted = said[said.index("“") + 1 : said.rindex("”")]
        assert quoted in " ".join(text.split())


def test_the_excerpt_for_a_model_passes_over_what_leads_away() -> None:
    text = "We had this long running joke about the broken printer in the office. The test rows were in training."
    assert excerpt(turn(text)).startswith("We had")
    assert excerpt(turn(text), ABOUT) == "The test rows were in training."
    assert excerpt(turn("My flat has a very old heating with three knobs."), ABOUT) == ""


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("If the training curve is too flat, the scaler sees it.", "“If the training curve is too flat”"),
        ("Split by customer or by training week, because the test rows of one week land in both.", "because"),
        ("Split by customer or by training week, because the same test rows land in both.", "rows land”"),
        ("I check for each one whether the right test rows were in the training table.", "whether the right test rows"),
    ],
)
def test_no_condition_is_quoted_without_what_hangs_on_it_and_no_clause_without_its_verb(text: str, never: str) -> None:
    assert never not in quote(text)


def test_before_a_question_about_something_else_words_are_noted_and_not_gone_on_from() -> None:
    said = "The test rows were in training before anyone noticed."
    before = ""
    for _ in range(8):
        spoken = said_back(
            turn(f"{said} That was week {len(before)}."),
            about=ABOUT,
            rarity=RARITY,
            written=PROBE,
            before=before,
            leads_on=False,
        )
        assert spoken
        assert not any(way in spoken for way in ("take up", "for a moment", "stay with", "Picking up", "go on from"))
        before += f"\n{spoken}"


def test_in_a_story_of_ones_own_nothing_leads_away() -> None:
    story = "I spent the whole summer on bird recordings, longer than anybody wanted, and sorted them by hand."
    assert quote(story) == ""
    said = said_back(turn(story), about=ABOUT, rarity=RARITY, written=PROBE, before="", own_story=True)
    assert "“" in said


def test_the_end_of_an_answer_is_no_thought_of_it() -> None:
    assert not list(clauses("I guess that is basically it.", 10, freely=True))
    assert not list(clauses("That's all I can say about it.", 10, freely=True))
    assert list(clauses("The scaler saw everything on Tuesday.", 10, freely=True))
