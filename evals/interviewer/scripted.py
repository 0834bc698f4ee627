"""A model without a model: says back as a small one does, and fails as a small one fails, each by the words it is shown."""

from __future__ import annotations

import hashlib

from app.llm.model import ModelTimeout, Request
from app.llm.scripted import FunctionModel, Reply

WORDS = 9


def scripted() -> FunctionModel:
    """Of ten requests six are answered as wished, two with a word of its own, one with praise, one not in time."""
    return FunctionModel(stream=_say_back, name="scripted")


def _say_back(request: Request) -> Reply:
    shown = request.messages[-1].content.split("\n")
    said = max(shown, key=len)
    first = said.split(".")[0].split()[:WORDS]
    words = " ".join(first).strip(",;:?!") or "that"
    words = words if words[1:2].isupper() or words.startswith(("I'", "I ")) else words[0].lower() + words[1:]
    match hashlib.sha256(said.encode()).digest()[0] % 10:
        case 0:
            return ModelTimeout(request.deadline_s)
        case 1:
            return f"Great, you said {words}."
        case 2 | 3:
            return f"You said {words}, which prevents overfitting altogether."
        case _:
            return f"You said {words}."
