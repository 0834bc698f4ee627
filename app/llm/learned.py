"""What a model turns out to need only when it is asked: parameters it refuses, and room to think. Pure.

OpenAI's models that think before they answer refuse a temperature, and what they think counts towards the limit of tokens.
No list of names says which these are: it would be out of date with the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.llm.faults import refused_parameter

THINKING_TOKENS = 8_192
"""Added to the limit of a model that thinks. A choice: within the usual deadlines hardly more is written."""
_SPARED = frozenset({"temperature", "seed", "stop", "max_tokens"})
"""A call is worth making without them; `max_tokens` has a newer name."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of a model's needs."""

    without: frozenset[str] = frozenset()
    """Parameters that it refuses."""
    thinks: bool = False
    """Whether it writes before its answer what nobody reads."""

    def limit(self, max_output_tokens: int) -> int:
        """Tokens to allow for an answer of so many."""
        return max_output_tokens + (THINKING_TOKENS if self.thinks else 0)

    def after(self, error: BaseException) -> Learned:
        """With what the error tells; the same where it tells nothing new."""
        name = refused_parameter(error)
        if name not in _SPARED or name in self.without:
            return self
        return Learned(self.without | {name}, self.thinks or name == "temperature")

    def cut_off(self, thought_tokens: int) -> Learned:
        """With what an answer tells that was cut off at the limit."""
        return replace(self, thinks=True) if thought_tokens else self

    def and_(self, other: Learned) -> Learned:
        """What either knows."""
        return Learned(self.without | other.without, self.thinks or other.thinks)


class AskAgain(Exception):
    """Something was learned by a call that failed: the same request may be answered now. Stays within an adapter."""
