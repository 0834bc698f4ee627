"""An appeal in the whole application, on a small corpus: the routes, the court and the scorer are wired together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.domain.score import CriterionState
from app.persistence.unit_of_work import open_store
from tests.support.material import write_corpus
from tests.support.serving import Talker, serving

QUESTION = "fundamentals/leakage"
SAID = "Let me think. The rows of the test were seen by the model in training already, through a bad join."


async def as_an_older_scorer_would_have_it(viva: Talker, interview_id: str) -> None:
    """The current score misses what was said."""
    store = open_store(viva.settings.database_url)
    async with store.write() as work:
        (score,) = await work.scores.list_current(interview_id)
        (criterion,) = score.criteria
        missed = replace(criterion, state=CriterionState.MISSED, evidence=(), reached=None, asked_in=("t",))
        versions = replace(score.versions, scorer="compact-0")
        older = replace(score, criteria=(missed,), level=0, versions=versions, created_at=datetime.now(UTC))
        await work.scores.add(interview_id, older)
        await work.commit()
    await store.close()


def test_an_appeal_goes_all_the_way(tmp_path: Path) -> None:
    with serving(tmp_path / "viva", corpus=write_corpus(tmp_path / "corpus")) as viva:
        interview = viva.begin(rounds=["fundamentals"], minutes=10)
        assert interview["turns"][0]["question_id"] == QUESTION
        turn = viva.say(interview["id"], SAID)["turn"]
        viva.call("POST", f"/v1/interviews/{interview['id']}/close")
        viva.report(interview["id"])
        asyncio.run(as_an_older_scorer_would_have_it(viva, interview["id"]))
        words = "The rows of the test were seen by the model in training already"
        wish = {
            "question_id": QUESTION,
            "criterion_id": "names-the-cause",
            "turn_id": turn["id"],
            "start": SAID.index(words),
            "end": SAID.index(words) + len(words),
        }
        place = f"/v1/interviews/{interview['id']}"
        appeal = viva.call("POST", f"{place}/appeals", json=wish)
        # What the scorer makes of it is measured elsewhere; here it has to have read the words.
        assert [each["judge"] for each in appeal["judges"]] == ["compact"]
        assert appeal["judges"][0]["p"] > 0
        history = viva.call("GET", f"{place}/questions/{QUESTION}/scores")["scores"]
        assert len(history) == (3 if appeal["outcome"] == "upheld" else 2)
        assert [each["what"] for each in history[1]["difference"]["versions"]] == ["scorer"]
        assert viva.call("GET", f"{place}/appeals")["appeals"] == [appeal]
        viva.call("DELETE", place, 204)
        viva.call("GET", f"{place}/appeals", 404)
