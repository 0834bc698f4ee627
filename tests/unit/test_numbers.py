from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbers import commitment, matches, numbers
from app.domain.numerals import numerals
from app.domain.units import Dimension, unit_after, unit_before, unit_named


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about 65,536", 65536),
        ("sixty-five thousand", 65000),
        ("it's 0.37", 0.37),
        ("37 %", 0.37),
        ("thirty-seven percent", 0.37),
        ("1.2 million", 1.2e6),
        ("4.2M", 4.2e6),
        ("7B parameters", 7e9),
        ("two hundred and fifty-six times", 256),
        ("a 1e-3 rate", 0.001),
        ("minus... -4", -4),
        ("0,37", 0.37),
        ("1.234.567,8", 1234567.8),
        ("1 234 567", 1234567),
        ("sixteen thirty", 1630),
        ("three thousand one twenty", 3120),
        ("seventy-two hundred five", 7205),
        ("two oh five", 205),
        ("nought point nought seven", 0.07),
        ("fifteen point twenty-five", 15.25),
        ("two and a half thousand", 2500),
        ("half a million", 5e5),
        ("three quarters of a million", 7.5e5),
        ("two dozen", 24),
        ("sixteen and two thirds", 50 / 3),
        ("every eighth", 0.125),
        ("1 1/4", 1.25),
        ("2½", 2.5),
        ("fourfold", 4),
        ("10⁻³", 0.001),
        ("10⁴", 1e4),
        ("15 lakh", 1.5e6),
        ("nil", 0),
        ("42 point 2", 42.2),
        ("0·083", 0.083),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert numbers(text)[-1].value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4",
        "a ResNet-50 on CIFAR-10",
        "S3 and fp32 and VGG16",
        "in step 2, as in section 3.2",
        "on 12 March",
        "since 2019",
        "in the 1990s",
        "the 21st",
        "each one of them",
        "a few hundred, or thousands",
        "half precision",
        "at 3 o'clock",
        "a seven-figure sum",
        "the third one",
    ],
)
def test_names_dates_and_labels_are_no_numbers(text: str) -> None:
    assert numbers(text) == ()


MEANT = [
    ("30 of the 80, so 37.5 percent", 0.375, ""),
    ("three over eight", 0.375, ""),
    ("3/8", 0.375, ""),
    ("one in eight", 0.125, ""),
    ("5 per thousand", 0.005, ""),
    ("50 basis points", 0.005, ""),
    ("40 points", 0.4, ""),
    ("2^16", 65536, ""),
    ("two to the sixteen", 65536, ""),
    ("ten to the minus three", 0.001, ""),
    ("128 times 128", 16384, ""),
    ("28 squared", 784, ""),
    ("7% of 600", 42, "customers"),
    ("14, no 15, no wait, 14", 14, ""),
    ("16? No. 4.", 4, ""),
    ("It doubles to 64.", 64, ""),
    ("62 in percent", 0.62, ""),
    ("75, as a percentage", 0.75, ""),
    ("I got 0.75 but my colleague would say 0.8.", 0.75, ""),
    ("3·4", 12, ""),
    ("fifty-fifty", 0.5, ""),
    ("50/50", 0.5, ""),
    ("six less one", 5, ""),
    ("I first thought 30, it's 37.", 37, "years"),
    ("not 37 but 42", 42, "years"),
    ("It's 37, not 42.", 37, "years"),
    ("In step 2 I divide, and get 37.", 37, "years"),
    ("At 95 % confidence that's 4.2 points.", 4.2, "percentage points"),
    ("0.042", 4.2, "percentage points"),
    ("4.2", 4.2, "percentage points"),
    ("a quarter of a second", 250, "ms"),
    ("250", 250, "ms"),
    ("a minute and a half", 90, "s"),
    ("one week and one day", 8, "days"),
    ("4 GiB", 2**32, "bytes"),
    ("14 gigs", 14, "gigabytes"),
    ("15.03 GiB", 16.14, "gigabytes"),
    ("€48k", 48000, "EUR"),
    ("three cents", 0.03, "EUR"),
    ("twelve euros fifty", 12.5, "EUR"),
    ("105.000 €", 105000, "EUR"),
    ("down 3 points", -3, "percentage points"),
    ("a loss of 1,500 euros", -1500, "EUR"),
    ("negative point two", -0.2, ""),
    ("between 36.8 and 37.2", 37, "years"),
    ("0.37 or so", 0.37, ""),
    ("0.37 or 37 percent", 0.37, ""),
    ("385, plus or minus a handful", 385, "customers"),
    ("0.55, because 11 of the 20 hold up", 0.55, ""),
    ("2,500 customers leave, that's 5 %", 2500, "customers"),
    ("3/8ths", 0.375, ""),
    ("0.66 recurring", 2 / 3, ""),
    ("24ish", 24, ""),
    ("1h 30m", 5400, "s"),
    ("37.5 in a hundred", 0.375, ""),
    ("4 of them, out of 12", 4, ""),
    ("zero comma seven five", 0.75, ""),
    ("75, in percent", 0.75, ""),
    ("$0.75$", 0.75, ""),
    ("Not 60, 75 percent.", 0.75, ""),
    ("125 s, so a little over two minutes", 125, "s"),
    ("0.75, averaged over 10 folds", 0.75, ""),
    ("0.75 on the test set of 400 rows", 0.75, ""),
    ("0.75 with k = 5", 0.75, ""),
    ("6400 at 80 percent power and alpha 0.05", 6400, ""),
    ("0.75, and I can explain in 2 sentences why", 0.75, ""),
    ("It's 40 % here, but with 10 rows I wouldn't trust it.", 0.4, ""),
    ("The p-value is 0.03, below 0.05.", 0.03, ""),
    ("0.03 < 0.05", 0.03, ""),
    ("z = 2.17 and p = 0.03", 0.03, ""),
    ("The mean is 42 and sigma 7.", 7, ""),
    ("I'd say 3, in second place.", 3, ""),
    ("The right one is 0.75. The naive answer is 0.5.", 0.75, ""),
]


@pytest.mark.parametrize(("text", "target", "unit"), MEANT)
def test_what_is_meant_is_found(text: str, target: float, unit: str) -> None:
    found = matches(text, target, 0.01, unit=unit)
    assert found is not None
    assert 0 <= found.start < found.end <= len(text)


NOT_MEANT = [
    ("37", 0.37, ""),
    ("0.37 percent", 0.37, ""),
    ("37 ms", 37, "s"),
    ("4 GB", 2**32, "bytes"),
    ("8 gigabits", 8e9, "bytes"),
    ("$12", 12, "EUR"),
    ("12 cents", 12, "EUR"),
    ("175 billion tokens", 175e9, "parameters"),
    ("5 %", 5, "customers"),
    ("In step 2 I divide, and get 37.", 2, "years"),
    ("At 95 % confidence that's 4.2 points.", 0.95, ""),
    ("I first thought 30, it's 37.", 30, "years"),
    ("not 37 but 42", 37, "years"),
    ("It's 37, not 42.", 42, "years"),
    ("I don't think it's 37.", 37, "years"),
    ("37 is wrong.", 37, "years"),
    ("37? No.", 37, "years"),
    ("It's more than 37.", 37, "years"),
    ("somewhere between 30 and 50", 40, "years"),
    ("40, plus or minus 20", 40, "years"),
    ("30 or 40", 40, "years"),
    ("Five days, or seven, or nine.", 7, "days"),
    ("There are 60 negatives and 15 of them get flagged, so a quarter.", 60, ""),
    ("up 3 points", -3, "percentage points"),
    ("minus 3", 3, ""),
    ("10 rows a second", 10, "s"),
    ("36, no sorry, I forgot the new ones: 42.", 36, "customers"),
    ("It's 36. Hmm, no, 42.", 36, "customers"),
    ("It's 36. It's 42.", 36, "customers"),
    ("It's 36. Scratch that.", 36, "customers"),
    ("It isn't 36, 42 or 50.", 50, "customers"),
    ("I can rule out 36.", 36, "customers"),
    ("Anything except 36.", 36, "customers"),
    ("It can't possibly be 36.", 36, "customers"),
    ("The tempting answer is 36.", 36, "customers"),
    ("12 rows, so 36 over 3 batches.", 36, ""),
]


@pytest.mark.parametrize(("text", "target", "unit"), NOT_MEANT)
def test_what_is_not_meant_is_not_found(text: str, target: float, unit: str) -> None:
    assert matches(text, target, 0.01, unit=unit) is None


def test_a_percentage_meets_its_points_and_its_share_where_the_unit_is_not_known() -> None:
    assert matches("about 37 %", 37, 0.02) is not None
    assert matches("about 37 %", 0.37, 0.02) is not None
    assert matches("about 40 %", 37, 0.02) is None
    assert matches("about 0.37 %", 0.37, 0.02) is None


def test_the_last_matching_number_is_given_with_its_place() -> None:
    found = matches("14, no 15, no wait, 14", 14, 0.0)
    assert found is not None
    assert found.start == len("14, no 15, no wait, ")


def test_a_tolerance_of_a_target_of_zero_is_a_distance() -> None:
    assert matches("F1 is zero", 0, 0.01) is not None
    assert matches("0.02", 0, 0.01) is None


def test_what_follows_from_a_number_takes_nothing_back_where_it_may_stand_anywhere() -> None:
    text = "About a hundred gigabytes, so it fits on a machine with 128."
    assert matches(text, 100, 0.05) is None
    assert matches(text, 100, 0.05, anywhere=True) is not None
    assert matches("A hundred, no, 128 gigabytes.", 100, 0.05, anywhere=True) is None
    assert matches("It's 100 or 128 gigabytes.", 100, 0.05, anywhere=True) is None
    assert matches("It isn't 100 gigabytes, it's 128.", 100, 0.05, anywhere=True) is None


def test_numbers_of_the_question_and_of_its_other_parts_take_nothing_back() -> None:
    text = "Precision's sixty percent, recall's 75."
    assert matches(text, 60, 0.02) is None
    assert matches(text, 60, 0.02, others=(75, 0.75)) is not None
    assert matches("43.5 years; I counted 12 of them", 43.5, 0.02, unit="years", given=(12,)) is not None
    assert matches("43.5 years, no, 41", 43.5, 0.02, unit="years", given=(41,)) is None
    assert matches("43.5 years, or 41", 43.5, 0.02, unit="years", given=(41,)) is None
    assert matches("the cheapest is at 0.4", 0.4, 0.0, unit="", given=(0.2, 0.4, 0.6)) is not None


def test_a_direction_counts_where_it_is_part_of_the_target() -> None:
    assert matches("The error came down by 1.2 points.", 1.2, 0.02, unit="percentage points") is not None
    assert matches("B is down by 1.2 points.", 1.2, 0.02, unit="percentage points", signed=True) is None
    assert matches("B is down by 1.2 points.", -1.2, 0.02, unit="percentage points") is not None
    assert matches("1.2 points lower", -1.2, 0.02, unit="percentage points") is not None


def test_a_later_answer_takes_a_number_back_only_in_words() -> None:
    kept = commitment(["So 13.2 years.", "Eleven, it's a sample."], 13.2, 0.02, unit="years")
    assert kept is not None
    assert kept.answer == 0
    assert commitment(["So 13.2 years.", "Sorry, that's wrong, it's 14."], 13.2, 0.02, unit="years") is None
    found = commitment(["I'd say 14.", "Oh, wait: 13.2."], 13.2, 0.02, unit="years")
    assert found is not None
    assert found.answer == 1


@pytest.mark.parametrize(
    ("name", "dimension", "worth"),
    [("ms", Dimension.TIME, 1e-3), ("MiB", Dimension.DATA, 2**20), ("percentage points", Dimension.SHARE, 0.01)],
)
def test_units_are_known_by_name(name: str, dimension: Dimension, worth: float) -> None:
    unit = unit_named(name)
    assert unit is not None
    assert (unit.dimension, unit.worth) == (dimension, worth)
    assert unit_named("loaves") is unit_named("") is unit_named(None) is None


def test_units_stand_after_their_numeral_or_currencies_before_it() -> None:
    after = unit_after("3 kilo bytes of it", 1)
    assert after is not None
    assert (after.name, after.start, after.end) == ("kilo bytes", 2, 12)
    before = unit_before("EUR 199", 4)
    assert before is not None
    assert before.unit.dimension is Dimension.EURO
    assert unit_after("3 so", 1) is None
    assert unit_after("8 - s", 1) is None


@pytest.mark.parametrize("text", ["It is 1 1/0 of them.", "0 0/0", "12 3/00 and 1/0"])
def test_a_fraction_of_nothing_is_no_mixed_number(text: str) -> None:
    assert all(value == int(value) for each in numerals(text) for value in each.values)
    assert [each.values for each in numerals("2 1/4 and 7 3/05")] == [(2.25,), (7.6,)]


@given(st.text(max_size=200))
def test_any_text_is_read_without_fail(text: str) -> None:
    for number in numbers(text):
        assert 0 <= number.start < number.end <= len(text)
        assert math.isfinite(number.value)
    found = matches(text, 1.0, 0.01, unit="ms", given=(2.0,), others=(3.0,), anywhere=True)
    assert found is None or 0 <= found.start < found.end <= len(text)


PIECES = st.sampled_from(
    "one two twenty hundred thousand million half third a an and of point minus not or so 3 0.5 1/2 12 % percent ms GB to the over "
    "times in out between plus no wait , . ; ? - ^ ( ) = € dozen squared per second because than , because 1e308 10".split()
)


@given(st.lists(PIECES, max_size=40))
def test_any_row_of_number_words_is_read_without_fail(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for number in numbers(text):
        assert 0 <= number.start < number.end <= len(text)
    for unit in (None, "", "ms", "percent", "EUR", "loaves"):
        found = matches(text, 0.5, 0.01, unit=unit)
        assert found is None or 0 <= found.start < found.end <= len(text)


@given(st.integers(0, 10**9))
def test_written_integers_come_back(value: int) -> None:
    assert numbers(f"so {value:,} of them")[0].value == value


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelled(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f"-{_ONES[value % 10]}" if value % 10 else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            link = " and " if rest and rest < 100 else " "
            return f"{spelled(value // size)} {name}" + (link + spelled(rest) if rest else "")
    raise AssertionError(value)


@given(st.integers(2, 10**10))
def test_spelled_integers_come_back(value: int) -> None:
    (number,) = numbers(f"so {spelled(value)} of them")
    assert number.value == value


def test_a_long_row_of_numbers_is_read_in_good_time() -> None:
    # Each numeral looks a bounded way back: a hostile text costs in proportion to its length.
    text = "so 3 or 4 of the 5 because minus seven percent " * 2000
    assert matches(text, 7.0, 0.01) is None


def test_what_was_believed_first_a_bound_and_the_parts_of_a_sum_are_not_meant() -> None:
    changed = "First I thought 0.3. But you divide by the positives, so it's 0.6."
    assert matches(changed, 0.3, 0.02, unit="") is None
    assert matches(changed, 0.6, 0.02, unit="") is not None
    assert matches("North of 18.", 18, 0.02, unit="") is None
    total = "275 in total: 250 weights and 25 biases."
    assert matches(total, 275, 0.0, unit="") is not None
    assert matches(total, 25, 0.0, unit="") is None
