"""An interview that was held, for pages that come after one: short, with a hint, with a miss."""

from __future__ import annotations

import time
from typing import Any

from tests.support.serving import Talker

SAID = (
    "Um, I would watch the share of blocked orders each hour, and a <b>person</b> is called when money is lost. "
    "I guess that is basically it."
)
JOB = "You will evaluate ranking models with A/B tests.\nFive years of experience.\nDeep knowledge of overfitting and data leakage."


def hold(viva: Talker, *, answers: int = 4, wait: bool = True, **wish: Any) -> str:
    """Id of a closed practice interview; judged, unless one does not wait."""
    asked = {"rounds": ["fundamentals", "behavioural"], "minutes": 15, "job_description": JOB, **wish}
    interview_id = str(viva.begin(**asked)["id"])
    for number in range(answers):
        said = viva.say(interview_id, "Could I have a hint?" if number == 1 else SAID)
        if said["interview_state"] == "closed":
            break
    else:
        viva.call("POST", f"/v1/interviews/{interview_id}/close")
    ends = time.monotonic() + 60
    while wait and viva.call("GET", f"/v1/interviews/{interview_id}/report/status")["pending"]:
        assert time.monotonic() < ends
        time.sleep(0.05)
    return interview_id
