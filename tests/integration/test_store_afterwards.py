"""How sure candidates were, and what they write afterwards, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.afterwards import Afterwards, Confidence, Rated
from app.persistence.unit_of_work import Store
from tests.support.builders import NOW, OWNER, QUESTION, a_score, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio
LATER = NOW + timedelta(minutes=1)


async def held(store: Store) -> None:
    async with store.write() as work:
        await work.interviews.add(an_interview())
        await work.scores.add("interview-1", a_score())
        await work.commit()


async def test_a_confidence_can_be_changed_until_the_marks_are_shown(store: Store) -> None:
    await held(store)
    async with store.write() as work:
        assert await work.confidences.say("interview-1", QUESTION, percent=40, now=NOW)
        assert await work.confidences.say("interview-1", QUESTION, percent=70, now=LATER)
        assert await work.confidences.rated(OWNER) == ()
        await work.confidences.show("interview-1", [QUESTION, "q/never-rated"], now=LATER)
        await work.confidences.show("interview-1", [QUESTION], now=LATER + timedelta(days=1))
        assert not await work.confidences.say("interview-1", QUESTION, percent=10, now=LATER)
        assert not await work.confidences.say("interview-1", "q/never-rated", percent=10, now=LATER)
        await work.commit()
    async with store.read() as work:
        assert await work.confidences.list("interview-1") == (
            Confidence("interview-1", QUESTION, 70, LATER, LATER),
            Confidence("interview-1", "q/never-rated", None, None, LATER),
        )
        assert await work.confidences.rated(OWNER) == (Rated("interview-1", QUESTION, 70, 2),)
        assert await work.confidences.rated("somebody") == ()


async def test_what_has_no_level_is_not_in_the_ledger(store: Store) -> None:
    async with store.write() as work:
        await work.interviews.add(an_interview())
        await work.scores.add("interview-1", replace(a_score(), level=None))
        await work.confidences.say("interview-1", QUESTION, percent=40, now=NOW)
        await work.confidences.show("interview-1", [QUESTION], now=LATER)
        assert await work.confidences.rated(OWNER) == ()


async def test_a_reflection_and_a_note_do_not_touch_each_other(store: Store) -> None:
    await held(store)
    async with store.write() as work:
        assert await work.afterwards.get("interview-1") == Afterwards("interview-1")
        await work.afterwards.reflect("interview-1", went_well="a", was_hard="b", will_do="c", now=NOW)
        await work.afterwards.thank("interview-1", text="Thanks.", now=LATER)
        whole = Afterwards("interview-1", "a", "b", "c", NOW, "Thanks.", LATER)
        assert await work.afterwards.get("interview-1") == whole
        await work.afterwards.thank("interview-1", text="", now=LATER)
        assert await work.afterwards.get("interview-1") == replace(whole, thank_you="", thanked_at=None)


async def test_all_of_it_goes_with_its_interview(store: Store) -> None:
    await held(store)
    async with store.write() as work:
        await work.confidences.say("interview-1", QUESTION, percent=40, now=NOW)
        await work.afterwards.reflect("interview-1", went_well="a", was_hard="b", will_do="c", now=NOW)
        await work.interviews.delete("interview-1", candidate_id=OWNER)
        assert await work.confidences.list("interview-1") == ()
        assert await work.afterwards.get("interview-1") == Afterwards("interview-1")
