"""What a run of suites observed, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["passed", "failed", "pending", "skipped"]
STATES: tuple[State, ...] = ("passed", "failed", "pending", "skipped")


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one turn showed to the outside, as the client collected it."""

    route: str
    severity: str
    category: str | None
    intents: tuple[str, ...]
    tools: tuple[str, ...]
    facts: dict[str, Any]
    verdicts: dict[str, str]
    citations: tuple[dict[str, Any], ...]
    reply: str
    """All sentences shown, joined by newlines."""
    card: str
    """All text of the card, empty if none was shown."""
    ticket: dict[str, Any] | None
    asked: str | None
    wire: str
    """Everything the server sent for this turn, as text: personal values are looked for here."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TurnResult:
    """One turn, what was seen, and what was wrong with it."""

    say: str
    observation: Observation | None
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One conversation. An error or a timeout is a failure, never a skip (R-70)."""

    suite: str
    case: str
    about: str
    turns: tuple[TurnResult, ...]
    error: str = ""
    seconds: float = 0.0
    requirements: tuple[str, ...] = ()
    """Numbers of requirements that it proves."""
    digest: str = ""
    """Of the case as it was written: another digest is another test."""
    attempt: int = 1
    """From 1, where a run says each conversation several times."""
    pending: str = ""
    """Why it is known not to hold yet; empty for most."""
    skipped: str = ""
    """Why it could not be run on this target; empty for nearly all."""

    @property
    def name(self) -> str:
        """Suite and case: the same in every run."""
        return f"{self.suite}/{self.case}"

    @property
    def holds(self) -> bool:
        """Whether every turn ran and nothing was wrong."""
        return bool(self.turns) and not self.error and all(not turn.failures for turn in self.turns)

    @property
    def state(self) -> State:
        """What becomes of it in a run. A pending case must not hold, so that its mark is taken off in time.

        An error is a failure even then (R-70).
        """
        if self.skipped:
            return "skipped"
        if self.pending and not self.error:
            return "failed" if self.holds else "pending"
        return "passed" if self.holds else "failed"

    @property
    def passed(self) -> bool:
        """Whether it counts as passed."""
        return self.state == "passed"

    @property
    def failed(self) -> bool:
        """Whether it fails the run."""
        return self.state == "failed"

    @property
    def failures(self) -> list[str]:
        """Everything that was wrong, by turn."""
        found = [f"turn {i}: {f}" for i, turn in enumerate(self.turns, 1) for f in turn.failures]
        if self.error:
            found.append(self.error)
        if self.pending and self.holds:
            found.append(f"holds although it is marked pending ({self.pending}): take the mark off")
        return found


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run over all suites."""

    target: str
    cases: tuple[CaseResult, ...]
    seconds: float
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        """How many conversations passed whole."""
        return self.count("passed")

    @property
    def failed(self) -> int:
        """How many fail the run."""
        return self.count("failed")

    def count(self, state: State) -> int:
        """How many conversations are in this state."""
        return sum(case.state == state for case in self.cases)

    def attempts(self) -> dict[str, list[CaseResult]]:
        """The results of each conversation, in the order in which they were first met."""
        found: dict[str, list[CaseResult]] = {}
        for case in self.cases:
            found.setdefault(case.name, []).append(case)
        return found

    @property
    def flips(self) -> list[str]:
        """Conversations that passed in some attempts and failed in others."""
        return [name for name, tries in self.attempts().items() if len({one.holds for one in tries}) > 1]
