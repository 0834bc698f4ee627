"""The one way in which untrusted text enters a prompt. Pure.

A fence is a pair of tags around the text, with every such tag inside it made harmless. It tells a model where foreign
words begin and end; it cannot make the model obey. So rules stand before the fence *and* the task after it, and no
words decide anything (see `docs/architecture.md`).
"""

from __future__ import annotations

import re

TAG = "untrusted"
CLOSING = f"</{TAG}>"

_INVISIBLE = "[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*"
_BRACKETS = "<＜﹤‹〈⟨《«"
_WORD = _INVISIBLE.join(TAG)
# A bracket, anything that is neither a word nor another bracket, and the tag's name: also `< / Untrusted`.
_OWN_TAG = re.compile(rf"[<＜﹤〈⟨《](?=[^\w{_BRACKETS}]*{_WORD})", re.IGNORECASE)
# Control tokens of chat templates: some servers read them wherever they stand, and a new turn would begin there.
_CONTROL = re.compile(r"<(?=[|｜]|/?s>|(?:start|end)_of_turn)")
_LABEL = re.compile(r"[a-z][a-z0-9 _-]{0,39}")


def neutralize(text: str) -> str:
    """The text without anything that could be read as a fence's tag or a template's control token.

    Only the bracket is exchanged, for one that looks alike; other words keep their letters and their offsets.
    Idempotent.
    """
    return _CONTROL.sub("‹", _OWN_TAG.sub("‹", text))


def fence(text: str, label: str = "text") -> str:
    """The text between tags; `label` says in a few plain words what it is, and is the template's own, never a value."""
    if not _LABEL.fullmatch(label):
        raise ValueError(f"a fence's label is a few small letters, not {label!r}")
    return f'<{TAG} source="{label}">\n{neutralize(text)}\n{CLOSING}'
