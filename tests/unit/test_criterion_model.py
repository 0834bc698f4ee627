from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sentences import words
from app.domain.transcript import Move, MoveKind, Span, SpanKind, Speaker, Turn
from app.material.entries import Criterion
from app.retrieval.embedder import Vectors
from app.scoring.authored import examples_of
from app.scoring.criterion_model import CompactScorer
from app.scoring.features import (
    DENIALS_READ,
    EXAMPLES_READ,
    FEATURES_AT_ONCE,
    LIKE,
    LIKE_ANY,
    Apart,
    Held,
    Known,
    given_back,
    held_of,
    known_of,
    likeness_of,
    statements_of,
    values_of,
)
from app.scoring.joined import joined_weights, probabilities
from app.scoring.looks import Look, settled
from app.scoring.pair_model import Probabilities, Told
from app.scoring.stretches import STRETCH_WORDS, Unit, plainly, recites, stretches_of, units_of
from tests.support.builders import NOW, an_interview
from tests.support.embedders import HashingEmbedder, hashed
from tests.support.material import a_criterion, small_corpus

QUESTION = "fundamentals/leakage"


def an_answer(text: str, seq: int = 1) -> Turn:
    spans = (Span(SpanKind.ANSWER, 0, len(text)),)
    return Turn(f"t{seq}", "i1", seq, Speaker.CANDIDATE, text, NOW, QUESTION, spans=spans)


def asked(text: str, seq: int) -> Turn:
    move = Move(MoveKind.PROBE, "x", text, question_id=QUESTION)
    return Turn(f"t{seq}", "i1", seq, Speaker.INTERVIEWER, text, NOW, QUESTION, move=move)


class Pointing:
    """Stands for the pair model: `seen` shows every statement and `never` denies it, and it points to that word."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.statements: list[str] = []
        self.sentences: list[tuple[str, list[str]]] = []

    async def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        self.texts.append(text)
        self.statements += statements
        each = [(text.index(word), word) for word in dict.fromkeys(text.split())]
        offsets = tuple((place, place + len(word)) for place, word in each)
        plain = [word.strip(".,").lower() for _, word in each]
        shown, denied = "seen" in plain, "never" in plain
        p = np.array([0.02, 0.96, 0.02] if shown else [0.02, 0.02, 0.96] if denied else [0.96, 0.02, 0.02])
        points = np.array([float(word in {"seen", "never"}) + 1e-3 for word in plain])
        shares = (points / points.sum()).astype(np.float32)
        told = Told(p.astype(np.float32), shares, offsets)
        return [told for _ in statements]

    async def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        self.sentences.append((sentence, list(statements)))
        told = await Pointing().hold(statements, sentence)
        return np.stack([each.p for each in told])


@pytest.fixture
def scorer(tmp_path_factory: pytest.TempPathFactory) -> tuple[CompactScorer, Pointing]:
    model = Pointing()
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    return CompactScorer(corpus, model.hold, hashed, hold_sentence=model.hold_sentence), model


def mark(scorer: CompactScorer, *turns: Turn) -> tuple[float, float, str]:
    (one, *_) = asyncio.run(scorer.mark(an_interview(), QUESTION, turns))
    return one.p_shown, one.p_contradicted, one.quote


def test_the_quote_is_the_sentence_that_is_pointed_to(scorer: tuple[CompactScorer, Pointing]) -> None:
    shown, denied, quote = mark(scorer[0], an_answer("It was a long day. Um, the rows were seen before. I went home."))
    assert shown > 0.5 > denied
    assert quote == "Um, the rows were seen before."


def test_the_last_word_counts(scorer: tuple[CompactScorer, Pointing]) -> None:
    first = an_answer("The rows were seen before.")
    second = an_answer("No, the rows were never there.", seq=3)
    shown, denied, quote = mark(scorer[0], first, asked("Sure?", 2), second)
    assert denied > 0.5 > shown
    assert quote == second.text
    shown, denied, _ = mark(scorer[0], an_answer(second.text), asked("Sure?", 2), an_answer(first.text, seq=3))
    assert shown > 0.5 > denied
    shown, _, quote = mark(scorer[0], first, asked("Sure?", 2), an_answer("I like trees.", seq=3))
    assert shown > 0.5
    assert quote == first.text


def test_an_answer_is_read_once_however_often_it_is_marked(scorer: tuple[CompactScorer, Pointing]) -> None:
    turns = [an_answer("The rows were seen before.")]
    mark(scorer[0], *turns)
    turns += [asked("And?", 2), an_answer("Nothing more.", seq=3)]
    mark(scorer[0], *turns)
    assert scorer[1].texts == ["The rows were seen before.", "Nothing more."]


def test_echoes_and_recitals_are_not_read(scorer: tuple[CompactScorer, Pointing]) -> None:
    says = a_criterion()["says"]
    probe = "Where could those rows have been seen before?"
    assert mark(scorer[0], asked(probe, 1), an_answer(probe, seq=2)) == (0.0, 0.0, "")
    assert mark(scorer[0], an_answer(f"The answer is this. {says} Well."))[2] != says
    assert not any(says in text for text in scorer[1].texts)
    assert mark(scorer[0]) == (0.0, 0.0, "")


@given(st.lists(st.integers(1, 90), min_size=1, max_size=14))
def test_stretches_hold_every_sentence_once_and_in_order(sizes: list[int]) -> None:
    parts = [" ".join([f"word{place}"] * size) + "." for place, size in enumerate(sizes)]
    units = units_of([an_answer(" ".join(parts))], QUESTION)
    made = stretches_of(units)
    assert [unit.text for stretch in made for unit in stretch.units] == parts
    for stretch in made:
        assert len(words(stretch.text)) <= STRETCH_WORDS
        assert [stretch.text[start:end] for start, end in stretch.places] == [
            plainly(one.text) for one in stretch.units
        ]


def test_stretches_end_with_their_answer() -> None:
    units = units_of([an_answer("One is here."), asked("And?", 2), an_answer("Two is there.", seq=3)], QUESTION)
    assert [stretch.text for stretch in stretches_of(units)] == ["One is here.", "Two is there."]


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("Those rows could have been before, where.", True),
        ("Think about the order of the steps.", True),
        ("The test rows were in training.", False),
        ("A giraffe eats leaves.", False),
    ],
)
def test_a_probe_or_hint_given_back_is_no_answer(
    tmp_path_factory: pytest.TempPathFactory, said: str, back: bool
) -> None:
    model = HashingEmbedder()
    model.load()
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    parts = [examples_of(corpus.rubric(QUESTION).criteria[0].criterion)]
    (known,) = known_of(parts, model.encode_passages([text for part in parts[0] for text in part]))
    assert given_back(model.encode_passages([said])[0], known) is back


def test_what_is_given_back_earns_nothing_however_well_it_reads(scorer: tuple[CompactScorer, Pointing]) -> None:
    restated = "Think about the order of the steps seen."
    assert mark(scorer[0], an_answer(restated)) == (0.0, 0.0, "")
    assert mark(scorer[0], an_answer("The rows of the test were seen before."))[0] > 0.5


@given(st.integers(1, 6), st.integers(0, 4), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_likenesses_are_within_their_ranges_and_do_not_hang_on_the_order(
    said: int, shown: int, against: int, denies: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)

    def rows(count: int) -> Vectors:
        found = generator.normal(size=(count, 8)).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True) if count else found

    known = Known(rows(shown), rows(against), rows(denies), rows(1), rows(2))
    mine = rows(said)
    others = [Known(rows(count), rows(0), rows(0), rows(1), rows(0)) for count in (2, 0)]
    values = likeness_of(mine, [known, *others], 0)
    assert set(values) == set(FEATURES_AT_ONCE) - {"shown", "denied", "shared_words"} | {"settled_rival"}
    assert max(likeness_of(mine, [known, *others], 0, at)["settled_rival"] for at in range(said)) == pytest.approx(
        values["for_rival"], abs=1e-6
    )
    assert all(-2.0001 <= value <= 2.0001 for value in values.values())
    assert values["for_two"] <= values["for"] + 1e-6
    assert 0.0 <= values["unlike"] <= LIKE + 1.0001
    assert values["unlike_all"] <= values["unlike"] + LIKE_ANY - LIKE + 1e-6
    turned = likeness_of(mine[::-1], [known], 0)
    assert turned["for"] == pytest.approx(values["for"], abs=1e-5)
    assert turned["states"] == pytest.approx(values["states"], abs=1e-5)


SHARES = (0.02, 0.1, 0.3, 0.45, 0.6, 0.75, 0.9, 0.97)


@given(st.lists(st.sampled_from([pair for pair in itertools.product(SHARES, SHARES) if sum(pair) < 1.0]), max_size=6))
def test_of_answers_that_do_the_same_the_surest_is_quoted_and_the_last_that_turns_decides(
    told: list[tuple[float, float]],
) -> None:
    criterion = Criterion.model_validate(a_criterion())
    looks, units = [], []
    for seq, (shown, denied) in enumerate(told, start=1):
        turn = an_answer(f"Words of answer {seq}.", seq=seq)
        unit = Unit(turn.text, turn, 0, len(turn.text))
        units.append(unit)
        neither = 1.0 - shown - denied
        odds = {"shown": math.log(shown / neither), "denied": math.log(denied / neither)}
        looks.append(Look(criterion, odds, unit, unit, given_back=False))
    fitted = {
        "shown": {"shown": 1.0, "bias": 0.0},
        "contradicted": {"denied": 1.0, "bias": 0.0},
        "relevant": {"bias": 9.0},
    }
    found = settled(criterion.id, looks, fitted)
    decisive = [
        (max(pair), pair[0] >= pair[1], unit) for pair, unit in zip(told, units, strict=True) if max(pair) >= 0.5
    ]
    if not decisive:
        assert found.p_shown == pytest.approx(max((shown for shown, _ in told), default=0.0), abs=1e-3)
        return
    last = decisive[-1][1]
    run = list(itertools.takewhile(lambda each: each[1] == last, reversed(decisive)))
    assert (found.p_shown >= found.p_contradicted) == last
    assert max(found.p_shown, found.p_contradicted) == pytest.approx(max(value for value, *_ in run), abs=1e-3)
    assert found.quote in {unit.text for value, _, unit in run if value == max(value for value, *_ in run)}


@given(st.integers(1, 4), st.integers(0, 2**16))
def test_what_two_criteria_share_tells_neither_from_the_other(count: int, seed: int) -> None:
    generator = np.random.default_rng(seed)

    def some(rows: int) -> Vectors:
        made = generator.normal(size=(rows, 6))
        unit: Vectors = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
        return unit

    known, other = (Known(some(3), some(1), some(2), some(1), some(2)) for _ in range(2))
    mine = some(count)
    twins = likeness_of(mine, [known, known], 0)
    for name in ("rival_margin", "denies_rival", "states_rival", "own_rival", "for_rival"):
        assert twins[name] == pytest.approx(0.0, abs=1e-6), name
    this, that = (likeness_of(mine, [known, other], at) for at in (0, 1))
    if count == 1:
        assert this["own_rival"] == pytest.approx(-that["own_rival"], abs=1e-6)
        assert this["for_rival"] == pytest.approx(-that["for_rival"], abs=1e-6)
        assert this["denies_states"] == pytest.approx(this["denies"] - this["states"], abs=1e-6)
    alone = likeness_of(mine, [known], 0)
    for name in ("denies_rival", "states_rival", "own_rival", "for_rival"):
        assert alone[name] == 0.0, name


def test_nothing_said_is_no_mark() -> None:
    looks: list[Look] = []
    assert settled("c1", looks, joined_weights()).p_shown == 0.0


def test_an_answer_is_compared_with_every_way_of_saying_it_and_the_network_with_the_first_of_them() -> None:
    more = ["The exam was in the exercise book.", "Four hundred rows stood in both tables."]
    denials = ["All rows are new.", "No row was seen.", "It can't have been there.", "Nothing leaks here."]
    criterion = Criterion.model_validate(a_criterion(also_shown_by=more, denied_by=denials))
    shown, _, denied, _, _ = examples_of(criterion)
    assert set(shown) >= {*criterion.shown_by, *more}
    assert denied == tuple(denials)
    read = statements_of([criterion])
    assert read == [criterion.says, *criterion.shown_by[:EXAMPLES_READ], *denials[:DENIALS_READ]]
    assert Criterion.model_validate(a_criterion(denied_by="No.")).denied_by == ("No.",)


def test_a_close_reading_holds_examples_too_and_one_at_once_the_criterion_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    criteria = [entry.criterion for entry in corpus.rubric(QUESTION).criteria]
    turn = an_answer("The rows were seen before.")
    for closely in (True, False):
        model = Pointing()
        reader = CompactScorer(corpus, model.hold, hashed, closely=closely, hold_sentence=model.hold_sentence)
        marked = mark(reader, turn)
        assert marked[0] > 0.5
        assert model.statements == statements_of(criteria, closely=closely)
        wordings = [
            [each.says, *each.shown_by[:EXAMPLES_READ], *each.denied_by[:DENIALS_READ]] if closely else [each.says]
            for each in criteria
        ]
        assert model.statements == [text for each in wordings for text in each]
        assert model.texts == [turn.text], "one sentence is read once"
        assert model.sentences == ([(turn.text, [each.says for each in criteria])] if closely else [])


def test_a_close_reading_reads_neighbouring_sentences_and_the_one_that_shows_by_themselves(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    model = Pointing()
    scorer = CompactScorer(corpus, model.hold, hashed, hold_sentence=model.hold_sentence)
    parts = ("It was a long day.", "The rows were seen before.", "I went home.")
    shown, _, quote = mark(scorer, an_answer(" ".join(parts)))
    assert quote == parts[1]
    assert shown > 0.5
    assert model.texts == [" ".join(parts), " ".join(parts[:2]), " ".join(parts[1:])]
    says = [entry.criterion.says for entry in corpus.rubric(QUESTION).criteria]
    assert model.sentences == [(part, says) for part in parts]
    mark(scorer, an_answer(" ".join(parts)))
    assert len(model.texts) == 3, "and once"
    scorer.forget()
    mark(scorer, an_answer(" ".join(parts)))
    assert len(model.texts) == 6
    at_once = Pointing()
    mark(CompactScorer(corpus, at_once.hold, hashed, closely=False), an_answer(" ".join(parts)))
    assert at_once.texts == [" ".join(parts)]


def test_a_claim_that_is_lost_among_others_speaks_where_it_is_read_apart() -> None:
    criterion = Criterion.model_validate(a_criterion())
    likeness = dict.fromkeys((*FEATURES_AT_ONCE, "settled_rival"), 0.3)

    def told(shown: float, denied: float = 0.02) -> Told:
        p = np.array([1.0 - shown - denied, shown, denied], dtype=np.float32)
        return Told(p, np.ones(1, dtype=np.float32), ())

    def of(
        state: str = "shown",
        *,
        pairs: tuple[float, ...] = (0.4, 0.4),
        denials: tuple[float, ...] = (0.02, 0.02),
        sentence: tuple[float, float] = (0.4, 0.02),
        denies: float = 0.02,
    ) -> float:
        held = Held(told(0.4), (told(0.4),) * 3, tuple(map(told, denials)))
        apart = Apart(tuple(map(told, pairs)), told(*sentence).p, told(0.02, denies).p)
        shown, denied = probabilities(
            {**likeness, **values_of(criterion, frozenset(), held, {}, apart)}, joined_weights()
        )
        return shown if state == "shown" else denied

    assert of(pairs=(0.1, 0.9)) > of(pairs=(0.4, 0.1))
    assert of(pairs=(0.1, 0.9)) == of(pairs=(0.9, 0.1))
    assert of("contradicted", denials=(0.02, 0.9)) > of("contradicted")
    assert of(sentence=(0.9, 0.02)) > of()
    assert of("contradicted", sentence=(0.02, 0.9)) > of("contradicted")
    assert of("contradicted", denies=0.9) > of("contradicted")


def test_what_is_told_of_wordings_is_given_back_to_its_criterion(tmp_path_factory: pytest.TempPathFactory) -> None:
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    one = corpus.rubric(QUESTION).criteria[0].criterion
    other = one.model_copy(update={"says": "Something else.", "shown_by": one.shown_by[:1]})
    criteria = [one, other, one]
    statements = statements_of(criteria)
    told = [
        Told(np.full(3, place, dtype=np.float32), np.ones(1, dtype=np.float32), ()) for place in range(len(statements))
    ]
    held = held_of(criteria, told)
    assert [statements[int(each.says.p[0])] for each in held] == [one.says, other.says, one.says]
    assert [[statements[int(each.p[0])] for each in one_held.examples] for one_held in held] == [
        list(each.shown_by[:EXAMPLES_READ]) for each in criteria
    ]


def test_examples_speak_for_a_criterion_and_what_denies_them_against_it() -> None:
    criterion = Criterion.model_validate(a_criterion())
    likeness = dict.fromkeys((*FEATURES_AT_ONCE, "settled_rival"), 0.3)

    def told(shown: float, denied: float) -> Told:
        p = np.array([1.0 - shown - denied, shown, denied], dtype=np.float32)
        return Told(p, np.ones(1, dtype=np.float32), ())

    def of(shown: float, denied: float) -> dict[str, float]:
        held = Held(told(0.5, 0.02), (told(shown, denied),) * 3, (told(0.02, 0.02),))
        apart = Apart.of_one_sentence(held, told(0.5, 0.02).p)
        return {**likeness, **values_of(criterion, frozenset(), held, {}, apart)}

    fitted = joined_weights()
    assert probabilities(of(0.9, 0.02), fitted)[0] > probabilities(of(0.1, 0.02), fitted)[0]
    assert probabilities(of(0.02, 0.9), fitted)[1] > probabilities(of(0.02, 0.02), fitted)[1]


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Um, you know, the loss, like, goes down, uh, slowly.", "the loss, goes down, slowly."),
        ("I like the mean error; you knowingly err.", "I like the mean error; you knowingly err."),
        ("Hmm.", "Hmm."),
        ("um", "um"),
    ],
)
def test_noises_between_words_are_not_judged(said: str, plain: str) -> None:
    assert plainly(said) == plain


def test_a_statement_of_the_rubric_word_for_word_is_recited_and_a_short_or_changed_one_is_not() -> None:
    says = "Scaling is fitted on the training rows alone, before any split."
    assert recites('The rubric wants "scaling is fitted on the training rows alone, before any split".', [says])
    assert not recites("I fit the scaling on the training rows alone, before any split.", [says])
    assert not recites("Dropout thins the net.", ["Dropout thins the net."])
