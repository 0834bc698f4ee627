"""Keeps keys and credentials out of texts that a person or a log may see."""

from __future__ import annotations

import re

_SHAPES = (
    (re.compile(r"(?<=://)[^/\s@]+@"), "[hidden]@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 [hidden]"),
    (re.compile(r"(?i)\b((?:api[_-]?)?key|token|password|secret|signature)=[^&\s]+"), r"\1=[hidden]"),
    (re.compile(r"\b(?:sk|pk|rk|gsk|hf|xai)[-_][\w*-]{3,}"), "[hidden]"),
)
_LONGEST = 300


def redact(text: str, *secrets: str) -> str:
    """The text on one line, at most 300 characters, without the given secrets and without what looks like one."""
    for secret in secrets:
        if len(secret) > 3:
            text = text.replace(secret, "[hidden]")
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
