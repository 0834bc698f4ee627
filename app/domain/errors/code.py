"""Coding rounds and the sandbox."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class SandboxNotInstalled(VivaError):
    """The packages that candidates' Python runs in are not there, or in other versions."""

    packages: tuple[str, ...]

    def __str__(self) -> str:
        """Says how to get them."""
        return f"Python cannot be run here without {' and '.join(self.packages)}. Install Viva's packages anew."


@dataclass
class SandboxNotPrepared(VivaError):
    """The Python that candidates' code runs in has not been compiled on this machine yet."""

    preparing: bool
    """Whether that is under way."""

    def __str__(self) -> str:
        """Says whether to wait or what to run."""
        if self.preparing:
            return "The Python that your code runs in is being compiled, about two minutes once. Try again then."
        return "The Python that code runs in is not compiled yet. Run 'viva sandbox --prepare', about two minutes once."


@dataclass
class SandboxBroken(VivaError):
    """The sandbox did not start, so that nothing was run."""

    reason: str

    def __str__(self) -> str:
        """Says why and what to try."""
        return (
            f"The sandbox could not start, and the code was not run: {self.reason}. Try again; if it stays, delete the "
            "folder 'sandbox' in the data folder and run 'viva sandbox --prepare'."
        )


@dataclass
class CodeTooLong(VivaError):
    """A candidate's program is longer than is run."""

    limit_characters: int
    characters: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The code has {self.characters:,} characters; the limit is {self.limit_characters:,}. Shorten it."


@dataclass
class NotACodingQuestion(VivaError):
    """Code was to be run while the question is one for words."""

    interview_id: str

    def __str__(self) -> str:
        """Says what to do."""
        return "The question that is open now is not answered with code. Answer it in words; the plan says what comes."


@dataclass
class CodeEmpty(VivaError):
    """There is no code to run."""

    def __str__(self) -> str:
        """Says what to send."""
        return "There is no code to run. Send the whole program or query; the starter is a beginning."


@dataclass
class CodeRunPending(VivaError):
    """Code of this interview is running already."""

    interview_id: str

    def __str__(self) -> str:
        """Says to wait."""
        return "Your code is running already. Wait for its result: one run at a time."


@dataclass
class CodeRunsSpent(VivaError):
    """The visible tests were run as often as they are for one question."""

    limit_runs: int

    def __str__(self) -> str:
        """Says what can still be done."""
        return f"The tests have been run {self.limit_runs} times for this question, which is all. Send your code as your answer."


@dataclass
class ProblemUnknown(VivaError):
    """There is no coding problem of this name."""

    problem: str

    def __str__(self) -> str:
        """Says which."""
        return f"There is no coding problem '{self.problem}'. The problems are the folders of corpus/problems."
