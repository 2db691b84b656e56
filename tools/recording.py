"""How a condition came out, with its account: the trace, what is missing, what failed.

The steps of a trace and the findings of conditions are values that are built once and shared: a comparison
has a step for each value of its fact, a group one for each truth, and what the findings inside it come to is
worked out when that combination is first met. `unrolled.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.types import Citation
from tools.conditions import AllOf, AnyOf, Condition, Unpublished, children, walk
from tools.kleene import FALSE, TRUE, TRUTHS, UNKNOWN, combination
from tools.types import FactValue, TraceStep

KEPT_MAX = 4096
"""So many combinations a group keeps; then it starts anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What came of a condition, whatever the numbers. Equal ones are one object (`Findings`)."""

    truth: int
    missing: tuple[str, ...] = ()
    """Facts that an unknown condition hangs on."""
    failed: tuple[str, ...] = ()
    """Conditions that made a false one false, in plain Chinese."""
    near: bool = False
    """Whether a false condition was on its way: something before its failing part held."""


class Findings:
    """Every finding there is, once, so that what they come to can be looked up by identity."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, tuple[str, ...], tuple[str, ...], bool], Finding] = {}

    def __call__(
        self,
        truth: int,
        missing: tuple[str, ...] = (),
        failed: tuple[str, ...] = (),
        *,
        near: bool = False,
    ) -> Finding:
        """The finding that says this."""
        key = (truth, missing, failed, near)
        return self._made.setdefault(key, Finding(*key))


Key = FactValue | tuple[FactValue | None, ...] | None
"""The values of one fact, or of several."""

Told = tuple[Finding, TraceStep]
"""How a condition came out, and its own step of the trace."""


class Values(dict[FactValue | None, Told]):
    """What a comparison makes of each value of its fact; one that is not the fact's is as good as untold."""

    def __init__(
        self, ends: Sequence[Finding], untold: Told, tell: Callable[[FactValue], Told | None]
    ) -> None:
        super().__init__({None: untold})
        self.ends = ends
        """The findings of false, unknown and true."""
        self._tell = tell

    def __missing__(self, value: FactValue) -> Told:
        told = self._tell(value)
        if told is None:
            return self[None]
        self[value] = told
        return told


class Joined(dict[tuple[Finding, ...], Told]):
    """What the findings inside a group come to, up to the one that settles it."""

    def __init__(self, condition: Condition, steps: Sequence[TraceStep], findings: Findings) -> None:
        super().__init__()
        self._say, self._steps, self._findings = condition.say, steps, findings
        self._combine = combination(condition)
        self._every = isinstance(condition, AllOf)
        inner = children(condition)
        # The words of an alternative inside an `all` say well enough what failed.
        self._telling = tuple(self._every and isinstance(child, AnyOf) for child in inner)
        # In an `all`, a condition that was not published leaves no answer that could make it a yes.
        self._watched = self._every and any(
            isinstance(part, Unpublished) for child in inner for part, _ in walk(child)
        )

    def __missing__(self, met: tuple[Finding, ...]) -> Told:
        if len(self) >= KEPT_MAX:
            self.clear()
        finding = self._join(met)
        told = self[met] = finding, self._steps[finding.truth]
        return told

    def _join(self, met: Sequence[Finding]) -> Finding:
        truth = self._truth(met)
        if truth == UNKNOWN:
            return self._findings(truth, missing=self._missing(met))
        if truth == TRUE:
            return self._findings(truth)
        named = self._named(met)
        failed = tuple(say for one in met for say in one.failed) if self._every else (named or (self._say,))
        return self._findings(truth, failed=failed, near=bool(named))

    def _truth(self, met: Sequence[Finding]) -> int:
        if len(met) < len(self._telling):
            return met[-1].truth
        return self._combine([one.truth for one in met])

    def _missing(self, met: Sequence[Finding]) -> tuple[str, ...]:
        if self._watched and not all(one.missing for one in met if one.truth == UNKNOWN):
            return ()  # it hangs on nothing that could be asked
        return tuple(name for one in met for name in one.missing)

    def _named(self, met: Sequence[Finding]) -> tuple[str, ...]:
        """Of the failing conditions those to name rather than the group: they failed on the way to a yes."""
        named: list[str] = []
        held = False
        for one, telling in zip(met, self._telling, strict=False):
            if one.truth == TRUE:
                held = True
            elif one.truth == FALSE and ((held and self._every) or telling or one.near):
                named += one.failed
        return tuple(named)


def steps_of(say: str, citation: Citation, depth: int) -> tuple[TraceStep, TraceStep, TraceStep]:
    """The steps of a group, one for each truth."""
    low, middle, high = (TraceStep(say, truth, (), (), citation, depth) for truth in TRUTHS)
    return low, middle, high
