"""What a run of suites observed, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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

    @property
    def name(self) -> str:
        """Suite and case: the same in every run."""
        return f"{self.suite}/{self.case}"

    @property
    def passed(self) -> bool:
        """Whether every turn ran and nothing was wrong."""
        return not self.error and all(not turn.failures for turn in self.turns)

    @property
    def failures(self) -> list[str]:
        """Everything that was wrong, by turn."""
        found = [f"turn {i}: {f}" for i, turn in enumerate(self.turns, 1) for f in turn.failures]
        return [*found, self.error] if self.error else found


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
        return sum(case.passed for case in self.cases)

    def attempts(self) -> dict[str, list[CaseResult]]:
        """The results of each conversation, in the order in which they were first met."""
        found: dict[str, list[CaseResult]] = {}
        for case in self.cases:
            found.setdefault(case.name, []).append(case)
        return found

    @property
    def flips(self) -> list[str]:
        """Conversations that passed in some attempts and failed in others."""
        return [name for name, tries in self.attempts().items() if len({one.passed for one in tries}) > 1]
